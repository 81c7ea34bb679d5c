//! What commands of the package may refer to: its files, scripts and commands.

use rustc_hash::FxHashMap;

use super::resolve::Resolver;
use crate::archive::Archive;
use crate::manifest::{MANIFEST, Manifest, place_in, script_place};
use crate::model::FileId;
use crate::shell::{Dialect, Setting, World};
use crate::source::{Kind, decode, kind_of};
use crate::value::Place;

/// Scripts of one nested package.json that are read.
const MOST_NESTED: usize = 64;
/// Files that one run of tests is taken to run.
const MOST_TESTS: usize = 200;

/// The scripts and names of package.json.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Name → line and place, in order.
    scripts: Vec<(String, String, Place)>,
    /// A package's own commands are on the path of its scripts.
    bin: FxHashMap<String, String>,
    variables: FxHashMap<String, String>,
}

impl Names {
    pub(super) fn new(archive: &Archive, manifest: &Manifest) -> Self {
        let scripts = manifest.scripts.iter().map(|(name, line)| {
            let (file, span) = script_place(archive, name);
            (name.clone(), line.clone(), Place { file, span })
        });
        let mut variables = FxHashMap::default();
        for key in [
            "name",
            "version",
            "main",
            "homepage",
            "description",
            "license",
        ] {
            if let Some(text) = manifest.raw.get(key).and_then(|value| value.as_str()) {
                variables.insert(format!("npm_package_{key}"), text.to_owned());
            }
        }
        for key in ["config", "scripts", "repository", "bin"] {
            let map = manifest.raw.get(key).and_then(|value| value.as_object());
            for (name, value) in map.into_iter().flatten() {
                if let Some(text) = value.as_str() {
                    variables.insert(format!("npm_package_{key}_{name}"), text.to_owned());
                }
            }
        }
        let folder = "<package>/package.json".to_owned();
        variables.insert("npm_package_json".to_owned(), folder);
        Self {
            scripts: scripts.collect(),
            bin: manifest.bin.iter().cloned().collect(),
            variables,
        }
    }
}

/// The package, as its commands see it.
pub(super) struct Inside<'w, 'a> {
    pub(super) resolver: &'w mut Resolver<'a>,
    pub(super) names: &'w Names,
}

impl World for Inside<'_, '_> {
    fn find(&mut self, path: &str) -> Option<FileId> {
        let rest = path.strip_prefix("<package>")?;
        let rest = rest.trim_start_matches('/');
        let rest = if rest.is_empty() { "." } else { rest };
        self.resolver.relative("", rest)
    }

    fn path(&self, file: FileId) -> String {
        self.resolver.archive().path(file).to_owned()
    }

    fn script_file(&self, file: FileId, to_shell: bool) -> Option<(String, Dialect)> {
        let archive = self.resolver.archive();
        script_of(archive, file, to_shell)
    }

    fn text(&self, file: FileId) -> Option<String> {
        const MOST_BYTES: usize = 1 << 16;
        let bytes = self.resolver.archive().bytes(file);
        let is_text = bytes.len() <= MOST_BYTES && !bytes.contains(&0);
        is_text.then(|| decode(bytes).text.into_owned())
    }

    fn script(&self, name: &str) -> Option<(String, Place)> {
        let found = self.names.scripts.iter().find(|(known, ..)| known == name);
        found.map(|(_, line, place)| (line.clone(), *place))
    }

    fn scripts(&self) -> Vec<String> {
        self.names
            .scripts
            .iter()
            .map(|(name, ..)| name.clone())
            .collect()
    }

    fn scripts_in(&mut self, folder: &str) -> Option<Vec<(String, String, Place)>> {
        let folder = folder.strip_prefix("<package>/")?;
        let archive = self.resolver.archive();
        let file = archive.find(&format!("{folder}/{MANIFEST}"))?;
        let bytes = archive.bytes(file);
        if !self.resolver.pay_for_commands(steps_of(bytes)) {
            return None;
        }
        let manifest: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        let scripts = manifest.get("scripts").and_then(|value| value.as_object());
        let lines = scripts.into_iter().flatten().take(MOST_NESTED);
        Some(
            lines
                .filter_map(|(name, line)| {
                    let span = place_in(bytes, "scripts", name);
                    Some((
                        name.clone(),
                        line.as_str()?.to_owned(),
                        Place { file, span },
                    ))
                })
                .collect(),
        )
    }

    fn tests(&self) -> Vec<FileId> {
        let archive = self.resolver.archive();
        let files = (0..).zip(&archive.entries);
        files
            .filter(|(_, entry)| is_test(&entry.path))
            .map(|(at, _)| FileId(at))
            .take(MOST_TESTS)
            .collect()
    }

    fn command(&self, name: &str) -> Option<String> {
        self.names.bin.get(name).cloned()
    }

    fn pay(&mut self, steps: u32) -> bool {
        self.resolver.pay_for_commands(steps)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.names.variables.get(name).cloned()
    }
}

/// Steps that the reading of a file costs.
fn steps_of(bytes: &[u8]) -> u32 {
    const BYTES: usize = 512;
    u32::try_from(bytes.len() / BYTES).unwrap_or(u32::MAX)
}

/// Whether test runners take a file for a test by its name alone.
fn is_test(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, "js" | "cjs" | "mjs" | "ts" | "cts" | "mts" | "jsx" | "tsx")) =
        name.rsplit_once('.')
    else {
        return false;
    };
    let in_folder = folder
        .split('/')
        .any(|part| matches!(part, "test" | "tests" | "__tests__" | "spec"));
    let ends = [".test", "-test", "_test", ".spec", "-spec", "_spec"];
    let is_named =
        stem == "test" || stem.starts_with("test-") || ends.iter().any(|end| stem.ends_with(end));
    !path.contains("node_modules/") && !stem.ends_with(".d") && (in_folder || is_named)
}

/// The text of a file that a shell runs.
fn script_of(archive: &Archive, file: FileId, to_shell: bool) -> Option<(String, Dialect)> {
    let path = archive.path(file);
    let name = path.rsplit('/').next().unwrap_or(path);
    let bytes = archive.bytes(file);
    let text = || decode(bytes).text.into_owned();
    if matches!(name, "Makefile" | "makefile" | "GNUmakefile") || name.ends_with(".mk") {
        return Some((recipes(&text()), Dialect::Value));
    }
    let dialect = match kind_of(path, bytes) {
        Kind::Shell => Dialect::Posix,
        Kind::Batch => Dialect::Batch,
        Kind::PowerShell => Dialect::PowerShell,
        Kind::Text if to_shell => Dialect::Posix,
        _ => return None,
    };
    Some((text(), dialect))
}

/// The commands of a makefile's recipes. Its own variables are not followed.
fn recipes(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let Some(recipe) = line.strip_prefix('\t') else {
            continue;
        };
        let recipe = recipe.trim_start().trim_start_matches(['@', '-', '+']);
        let mut rest = recipe;
        while let Some((before, after)) = rest.split_once('$') {
            lines.push_str(before);
            let close = match after.chars().next() {
                Some('$') => {
                    lines.push('$');
                    rest = after.get(1..).unwrap_or("");
                    continue;
                }
                Some('(') => ')',
                Some('{') => '}',
                _ => {
                    lines.push_str("<?>");
                    let mut chars = after.chars();
                    chars.next();
                    rest = chars.as_str();
                    continue;
                }
            };
            lines.push_str("<?>");
            rest = after.split_once(close).map_or("", |(_, after)| after);
        }
        lines.push_str(rest);
        lines.push('\n');
    }
    lines
}

/// Where and how a script of package.json runs.
pub(super) fn of_script(place: (FileId, crate::model::Span)) -> Setting {
    Setting {
        dialect: Dialect::Either,
        file: place.0,
        whole: Some(place.1),
        folder: "<package>".to_owned(),
        own: None,
        made: Vec::new(),
    }
}

/// Where and how a file runs that is a script, if it is one.
pub(super) fn of_file(archive: &Archive, file: FileId) -> Option<(String, Setting)> {
    let (text, dialect) = script_of(archive, file, false)?;
    let setting = Setting {
        dialect,
        file,
        whole: None,
        folder: "<package>".to_owned(),
        own: Some(format!("<package>/{}", archive.path(file))),
        made: Vec::new(),
    };
    Some((text, setting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_names() {
        for path in [
            "test.js",
            "lib/a.test.ts",
            "test/a.mjs",
            "x/__tests__/b.jsx",
            "a_spec.cjs",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in [
            "a.js",
            "latest.js",
            "test/a.json",
            "test/a.d.ts",
            "node_modules/x/test.js",
        ] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn recipes_are_the_commands_of_a_makefile() {
        let text = "A = 1\nall: b\n\t@curl $(URL) | sh\n\t-echo $$HOME ${X} $@\n";
        assert_eq!(recipes(text), "curl <?> | sh\necho $HOME <?> <?>\n");
    }
}
