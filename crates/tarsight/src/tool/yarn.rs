//! Yarn and Bun: the program that replaces Yarn, plugins, preloaded files.

use super::{Act, Acts, Format, Input, Node, Span, parse};

/// `.yarnrc.yml`.
pub(super) fn berry(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    if let Some(node) = root.get("yarnPath")
        && let Some(path) = node.text()
    {
        acts.push(Act::load(path, "yarnPath", node.span()));
    }
    for plugin in root.get("plugins").map(Node::each).unwrap_or_default() {
        let path = plugin.text().or_else(|| plugin.text_at("path"));
        acts.extend(path.map(|path| Act::load(path, "plugins", plugin.span())));
    }
    for (key, bad) in [
        ("enableScripts", "true"),
        ("enableStrictSsl", "false"),
        ("enableHardenedMode", "false"),
        ("checksumBehavior", "ignore"),
    ] {
        if let Some(node) = root.get(key).filter(|node| node.text() == Some(bad)) {
            acts.push(Act::fact(
                "tool.permission",
                format!("{key}={bad}"),
                key,
                node.span(),
            ));
        }
    }
    for key in [
        "npmRegistryServer",
        "npmPublishRegistry",
        "httpProxy",
        "httpsProxy",
    ] {
        if let Some(node) = root.get(key) {
            let target = format!("{key}={}", node.text().unwrap_or(""));
            acts.push(Act::fact("tool.registry", target, key, node.span()));
        }
    }
    for node in document.nodes() {
        for key in ["npmAuthToken", "npmAuthIdent"] {
            if let Some(token) = node.get(key).and_then(Node::text) {
                let what = if token.contains("${") {
                    "variable"
                } else {
                    "literal"
                };
                let span = node.get(key).map(Node::span).unwrap_or_default();
                acts.push(Act::fact(
                    "credential.shipped",
                    format!("{key} ({what})"),
                    key,
                    span,
                ));
            }
        }
    }
    Ok(acts)
}

/// `.yarnrc` of Yarn 1: `key value` per line, values may be quoted.
pub(super) fn classic(input: &Input<'_>) -> Acts {
    let mut acts = Vec::new();
    let mut at = 0u32;
    for line in input.text.split_inclusive('\n') {
        let len = u32::try_from(line.len()).unwrap_or(u32::MAX);
        let span = Span::new(at, at.saturating_add(len));
        at = span.end;
        let Some((key, value)) = line.trim().split_once(char::is_whitespace) else {
            continue;
        };
        let key = key.trim_matches('"');
        let value = value.trim().trim_matches('"');
        match key {
            "yarn-path" => acts.push(Act::load(value, key, span)),
            "registry" | "proxy" | "https-proxy" => {
                acts.push(Act::fact(
                    "tool.registry",
                    format!("{key}={value}"),
                    key,
                    span,
                ));
            }
            "strict-ssl" | "ignore-scripts" | "--install.ignore-scripts" if value == "false" => {
                acts.push(Act::fact(
                    "tool.permission",
                    format!("{key}=false"),
                    key,
                    span,
                ));
            }
            "script-shell" => {
                let mut act = Act::load(value, key, span);
                act.does = "process.spawn";
                acts.push(act);
            }
            _ => {}
        }
    }
    Ok(acts)
}

/// `bunfig.toml`: files that Bun loads before anything else, where packages come from.
pub(super) fn bun(input: &Input<'_>) -> Acts {
    let document = parse(Format::Toml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    for path in [&["preload"][..], &["test", "preload"]] {
        for node in root.at(path).map(Node::each).unwrap_or_default() {
            acts.extend(
                node.text()
                    .map(|file| Act::load(file, "preload", node.span())),
            );
        }
    }
    if let Some(node) = root.at(&["install", "registry"]) {
        let url = node.text().or_else(|| node.text_at("url")).unwrap_or("");
        acts.push(Act::fact(
            "tool.registry",
            format!("install.registry={url}"),
            "install.registry",
            node.span(),
        ));
    }
    if let Some(node) = root.at(&["install", "security", "scanner"])
        && let Some(path) = node.text()
    {
        acts.push(Act::load(path, "install.security.scanner", node.span()));
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn yarn_is_replaced_and_extended() {
        let berry = "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn.cjs\nplugins:\n  - path: .yarn/plugins/a.cjs\n    spec: \"a\"\nenableScripts: true\nnpmScopes:\n  s:\n    npmAuthToken: abc\n";
        assert_eq!(
            acts(&[
                (".yarnrc.yml", berry),
                (".yarnrc", "yarn-path \"./y.js\"\nlastUpdateCheck 1\n")
            ]),
            [
                "yarn yarnPath: code.module-load .yarn/releases/yarn.cjs",
                "yarn plugins: code.module-load .yarn/plugins/a.cjs",
                "yarn enableScripts: tool.permission enableScripts=true",
                "yarn npmAuthToken: credential.shipped npmAuthToken (literal)",
                "yarn yarn-path: code.module-load ./y.js",
            ]
        );
    }

    #[test]
    fn bun_preloads() {
        let toml = "preload = [\"./a.ts\"]\n[test]\npreload = \"./b.ts\"\n[install]\nregistry = \"https://registry.example\"\n";
        assert_eq!(
            acts(&[("bunfig.toml", toml)]),
            [
                "bunfig preload: code.module-load ./a.ts",
                "bunfig preload: code.module-load ./b.ts",
                "bunfig install.registry: tool.registry install.registry=https://registry.example",
            ]
        );
    }
}
