//! The commands that the package puts on the path.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::archive::Archive;

/// Name and file of each command, by npm's rules: names without folders, files inside the
/// package.
pub(super) fn read(manifest: &Map<String, Value>, archive: &Archive) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut add = |name: &str, target: &str| {
        let name = inside(name);
        let name = name.rsplit('/').next().unwrap_or("");
        let target = inside(target);
        if name.is_empty() || target.is_empty() {
            return;
        }
        let at = *places.entry(name.to_owned()).or_insert(out.len());
        match out.get_mut(at) {
            Some(slot) => slot.1 = target,
            None => out.push((name.to_owned(), target)),
        }
    };
    match manifest.get("bin") {
        Some(Value::String(target)) if !target.is_empty() => {
            let name = manifest.get("name").and_then(Value::as_str);
            add(name.unwrap_or(""), target);
        }
        Some(Value::Array(targets)) => {
            for target in targets.iter().filter_map(Value::as_str) {
                add(target, target);
            }
        }
        Some(Value::Object(map)) => {
            for (name, target) in map {
                if let Some(target) = target.as_str() {
                    add(name, target);
                }
            }
        }
        _ => {
            if let Some(folder) = folder(manifest) {
                let prefix = if folder.is_empty() {
                    folder
                } else {
                    folder + "/"
                };
                for entry in &archive.entries {
                    let below = entry.path.strip_prefix(prefix.as_str());
                    if below.is_some_and(|rest| !rest.starts_with('.')) {
                        add(&entry.path, &entry.path);
                    }
                }
            }
        }
    }
    out
}

/// `directories.bin`, whose files are all commands unless `bin` says otherwise.
pub(super) fn folder(manifest: &Map<String, Value>) -> Option<String> {
    manifest
        .get("directories")?
        .get("bin")?
        .as_str()
        .filter(|folder| !folder.is_empty())
        .map(inside)
}

/// A path as seen from the package's folder, which `..` cannot leave.
pub(super) fn inside(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\', ':']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use crate::manifest::read;
    use crate::manifest::tests::package;

    fn bins(manifest: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
        read(&package(manifest, files)).bin
    }

    fn pair(name: &str, target: &str) -> (String, String) {
        (name.to_owned(), target.to_owned())
    }

    #[test]
    fn forms() {
        assert_eq!(
            bins(r#"{"name":"@s/tool","bin":"./cli.js"}"#, &[]),
            [pair("tool", "cli.js")]
        );
        assert_eq!(bins(r#"{"bin":"cli.js"}"#, &[]), []);
        assert_eq!(
            bins(r#"{"bin":{"b":"b.js","../../a":"../../a.js","n":1}}"#, &[]),
            [pair("b", "b.js"), pair("a", "a.js")]
        );
        assert_eq!(bins(r#"{"bin":["x/y.js"]}"#, &[]), [pair("y.js", "x/y.js")]);
    }

    #[test]
    fn a_folder_of_commands() {
        let files = [
            ("bin/a", ""),
            ("bin/.b", ""),
            ("bin/sub/c.js", ""),
            ("x", ""),
        ];
        assert_eq!(
            bins(r#"{"directories":{"bin":"./bin"}}"#, &files),
            [pair("a", "bin/a"), pair("c.js", "bin/sub/c.js")]
        );
        assert_eq!(
            bins(
                r#"{"name":"n","directories":{"bin":"bin"},"bin":"x"}"#,
                &files
            ),
            [pair("n", "x")]
        );
    }
}
