//! Which bundled package a file belongs to.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::archive::Archive;
use crate::graph::package_name;

const FOLDER: &str = "node_modules/";

/// `name@version` of each bundled package, by its folder.
pub(super) struct Bundled {
    names: FxHashMap<String, String>,
}

impl Bundled {
    pub(super) fn new(archive: &Archive) -> Self {
        let mut names = FxHashMap::default();
        for entry in &archive.entries {
            let Some(folder) = entry.path.strip_suffix("/package.json") else {
                continue;
            };
            if folder_of(&entry.path) != Some(folder) {
                continue;
            }
            let bytes = archive.buffer.get(entry.range.clone()).unwrap_or(&[]);
            let json: Option<Value> = serde_json::from_slice(bytes).ok();
            let version = json
                .as_ref()
                .and_then(|json| json.get("version"))
                .and_then(Value::as_str)
                .unwrap_or("?");
            let name = package_name(after(folder));
            names.insert(folder.to_owned(), format!("{name}@{version}"));
        }
        Self { names }
    }

    /// The bundled package that holds a file; `None` for the package's own files.
    pub(super) fn owner(&self, path: &str) -> Option<String> {
        let folder = folder_of(path)?;
        let known = self.names.get(folder).cloned();
        Some(known.unwrap_or_else(|| format!("{}@?", package_name(after(folder)))))
    }
}

fn after(folder: &str) -> &str {
    folder
        .rfind(FOLDER)
        .and_then(|at| folder.get(at + FOLDER.len()..))
        .unwrap_or("")
}

/// The folder of the innermost bundled package around a path.
fn folder_of(path: &str) -> Option<&str> {
    let at = path.rfind(FOLDER)?;
    if at > 0 && path.as_bytes().get(at - 1) != Some(&b'/') {
        return None;
    }
    let rest = path.get(at + FOLDER.len()..)?;
    let name = package_name(rest);
    if name.is_empty() || name.len() == rest.len() {
        return None;
    }
    path.get(..at + FOLDER.len() + name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_package_owns_a_file() {
        let path = "node_modules/a/node_modules/@s/b/lib/x.js";
        assert_eq!(folder_of(path), Some("node_modules/a/node_modules/@s/b"));
        assert_eq!(folder_of("lib/x.js"), None);
        assert_eq!(folder_of("my_node_modules/a/x.js"), None);
    }
}
