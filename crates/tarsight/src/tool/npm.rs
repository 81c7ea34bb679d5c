//! npm and pnpm: `.npmrc` key by key, files that are loaded while dependencies are chosen.

use super::{Act, Acts, Format, Input, Node, Span, parse};
use crate::api::AimKind;

/// What a key of `.npmrc` does.
#[derive(Clone, Copy)]
enum Does {
    /// Names a program that npm runs.
    Program,
    /// Options for Node that npm's scripts get.
    NodeOptions,
    /// A file that is loaded.
    Module,
    /// Where packages come from.
    Registry,
    /// Another file with settings.
    Config,
    /// Weakens a guard if it has this value.
    Weakens(&'static str),
}

/// Keys of `.npmrc` that change what runs or where things come from; npm 12's config list and
/// pnpm's settings. All others are looks, caches and numbers.
const KEYS: &[(&str, Does)] = &[
    ("git", Does::Program),
    ("script-shell", Does::Program),
    ("shell", Does::Program),
    ("editor", Does::Program),
    ("browser", Does::Program),
    ("viewer", Does::Program),
    ("node-gyp", Does::Program),
    ("python", Does::Program),
    ("node-options", Does::NodeOptions),
    ("init-module", Does::Module),
    ("init.module", Does::Module),
    ("onload-script", Does::Module),
    ("extension-file", Does::Module),
    ("pnpmfile", Does::Module),
    ("global-pnpmfile", Does::Module),
    ("registry", Does::Registry),
    ("replace-registry-host", Does::Weakens("always")),
    ("proxy", Does::Registry),
    ("https-proxy", Does::Registry),
    ("http-proxy", Does::Registry),
    ("disturl", Does::Registry),
    ("globalconfig", Does::Config),
    ("userconfig", Does::Config),
    ("prefix", Does::Config),
    ("cafile", Does::Config),
    ("strict-ssl", Does::Weakens("false")),
    ("ignore-scripts", Does::Weakens("false")),
    ("ignore-extension", Does::Weakens("false")),
    ("dangerously-allow-all-scripts", Does::Weakens("true")),
    ("dangerously-allow-all-builds", Does::Weakens("true")),
    ("unsafe-perm", Does::Weakens("true")),
    ("allow-git", Does::Weakens("all")),
    ("allow-remote", Does::Weakens("all")),
    ("audit-signatures", Does::Weakens("false")),
];

/// `.npmrc`: `key = value`, comments with `;` or `#`, `[]` after a key for lists.
pub(super) fn npmrc(input: &Input<'_>) -> Acts {
    let mut acts = Vec::new();
    for (key, value, span) in lines(input.text) {
        let name = key.trim_end_matches("[]");
        // `@scope:registry`, `//host/:_authToken`.
        let tail = name.rsplit(':').next().unwrap_or(name);
        let setting = format!("{name}={value}");
        if matches!(tail, "_authToken" | "_auth" | "_password") {
            let literal = !value.contains("${") && !value.is_empty();
            let what = if literal { "literal" } else { "variable" };
            let target = format!("{name} ({what})");
            acts.push(Act::fact("credential.shipped", target, name, span));
            continue;
        }
        if name == "allow-scripts" || name == "only-built-dependencies" {
            acts.push(Act::fact("tool.permission", setting, name, span));
            continue;
        }
        match KEYS
            .iter()
            .find(|(known, _)| *known == tail)
            .map(|row| row.1)
        {
            Some(Does::Program) => {
                let mut act = Act::load(value, name, span).of_kind(AimKind::Command);
                act.does = "process.spawn";
                acts.push(act);
            }
            Some(Does::NodeOptions) => acts.extend(node_options(value, name, span)),
            Some(Does::Module) => acts.push(Act::load(value, name, span)),
            Some(Does::Registry) => acts.push(Act::fact("tool.registry", setting, name, span)),
            Some(Does::Config) => acts.push(Act::fact("tool.setting", setting, name, span)),
            Some(Does::Weakens(bad)) if value == bad => {
                acts.push(Act::fact("tool.permission", setting, name, span));
            }
            Some(Does::Weakens(_)) | None => {}
        }
    }
    Ok(acts)
}

/// Files that options of Node load.
pub(super) fn node_options(value: &str, event: &str, span: Span) -> Vec<Act> {
    const LOAD: [&str; 6] = [
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "--env-file",
    ];
    let mut acts = vec![
        Act::fact(
            "environment.write",
            format!("NODE_OPTIONS={value}"),
            event,
            span,
        )
        .of_kind(AimKind::Variable),
    ];
    let mut words = value.split_whitespace();
    while let Some(word) = words.next() {
        let (option, path) = match word.split_once('=') {
            Some((option, path)) => (option, Some(path)),
            None => (word, None),
        };
        if LOAD.contains(&option)
            && let Some(path) = path.or_else(|| words.next())
        {
            acts.push(Act::load(path.trim_matches(['"', '\'']), event, span));
        }
    }
    acts
}

/// Key, value and place of each setting of an INI file.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str, Span)> {
    let mut at = 0u32;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let body = line.trim();
        if body.is_empty() || body.starts_with([';', '#', '[']) {
            return None;
        }
        let indent = line.len() - line.trim_start().len();
        let start = start + u32::try_from(indent).unwrap_or(0);
        let end = start + u32::try_from(body.len()).unwrap_or(0);
        let (key, value) = body.split_once('=').unwrap_or((body, "true"));
        let value = value.trim().trim_matches(['"', '\'']);
        Some((key.trim(), value, Span::new(start, end)))
    })
}

/// `.pnpmfile.cjs`, `.npm-extension.mjs`: code that runs while dependencies are chosen.
pub(super) fn loaded(input: &Input<'_>) -> Acts {
    let span = Span::new(0, 0);
    let name = input.path.rsplit('/').next().unwrap_or(input.path);
    let path = format!("./{name}");
    Ok(vec![Act::load(&path, "resolve", span)])
}

/// A patch that npm or pnpm lays over a dependency on install.
pub(super) fn patch(input: &Input<'_>) -> Acts {
    let raw = &input.manifest.raw;
    let patched = [
        raw.get("patchedDependencies"),
        raw.pointer("/pnpm/patchedDependencies"),
    ];
    let mut entries = patched
        .into_iter()
        .flatten()
        .filter_map(|map| map.as_object())
        .flatten();
    let named = entries.find(|(_, path)| {
        let path = path.as_str().or_else(|| path.get("path")?.as_str());
        path.is_some_and(|path| path.trim_start_matches("./") == input.path)
    });
    let Some((dependency, _)) = named else {
        return Ok(Vec::new());
    };
    let span = Span::new(0, 0);
    let act = Act::fact(
        "tool.patch",
        dependency.as_str(),
        "patchedDependencies",
        span,
    );
    Ok(vec![act.of_kind(AimKind::Module)])
}

/// `pnpm-workspace.yaml`.
pub(super) fn workspace(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    for (name, span, allowed) in root.get("allowBuilds").into_iter().flat_map(Node::entries) {
        if allowed.text() == Some("true") {
            let target = format!("allowBuilds={name}");
            acts.push(Act::fact("tool.permission", target, "allowBuilds", span));
        }
    }
    for key in ["dangerouslyAllowAllBuilds"] {
        if let Some(node) = root.get(key).filter(|node| node.text() == Some("true")) {
            acts.push(Act::fact(
                "tool.permission",
                format!("{key}=true"),
                key,
                node.span(),
            ));
        }
    }
    for key in ["pnpmfile", "globalPnpmfile"] {
        for node in root.get(key).map(Node::each).unwrap_or_default() {
            acts.extend(node.text().map(|path| Act::load(path, key, node.span())));
        }
    }
    for (name, span, path) in root
        .get("patchedDependencies")
        .into_iter()
        .flat_map(Node::entries)
    {
        let target = format!("{name}: {}", path.text().unwrap_or(""));
        acts.push(Act::fact("tool.patch", target, "patchedDependencies", span));
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn npmrc_by_key() {
        let npmrc = "; settings\nsave-exact=true\n git = ./bin/git\nnode-options=--max-old-space-size=4096 --require ./x.js\n\
            @s:registry=https://registry.example/\n//registry.example/:_authToken=npm_abc\n//registry.example/:_authToken=${TOKEN}\nstrict-ssl=true\nignore-scripts=false\n";
        assert_eq!(
            acts(&[(".npmrc", npmrc)]),
            [
                "npmrc git: process.spawn ./bin/git",
                "npmrc node-options: environment.write NODE_OPTIONS=--max-old-space-size=4096 --require ./x.js",
                "npmrc node-options: code.module-load ./x.js",
                "npmrc @s:registry: tool.registry @s:registry=https://registry.example/",
                "npmrc //registry.example/:_authToken: credential.shipped //registry.example/:_authToken (literal)",
                "npmrc //registry.example/:_authToken: credential.shipped //registry.example/:_authToken (variable)",
                "npmrc ignore-scripts: tool.permission ignore-scripts=false",
            ]
        );
    }

    #[test]
    fn what_pnpm_loads_and_allows() {
        let yaml = "packages: [a]\nallowBuilds:\n  esbuild: true\n  core-js: false\npnpmfile: ./hooks.cjs\n";
        assert_eq!(
            acts(&[("pnpm-workspace.yaml", yaml), (".pnpmfile.cjs", "")]),
            [
                "pnpmfile resolve: code.module-load ./.pnpmfile.cjs",
                "pnpm-workspace allowBuilds: tool.permission allowBuilds=esbuild",
                "pnpm-workspace pnpmfile: code.module-load ./hooks.cjs",
            ]
        );
    }
}
