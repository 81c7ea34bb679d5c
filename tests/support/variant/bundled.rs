//! Packages as a bundler writes them: for each entry one file, in which every module that it
//! loads is a function in a table.
//!
//! Only what `require` loads by a constant name goes in. Files with `import` or `export` stay as
//! they are, and so do modules in another folder that ask where they stand.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{is_javascript, text};
use crate::File;

type Tree<'a> = BTreeMap<&'a str, &'a [u8]>;

/// The package with a bundle in the place of each entry; modules that nobody names any more are
/// gone.
pub(super) fn files(files: &[File]) -> Vec<File> {
    let tree: Tree<'_> = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    let mut bundles: BTreeMap<&str, String> = BTreeMap::new();
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    for entry in entries(&tree) {
        let mut bundle = Bundle::new(&tree, entry);
        bundles.insert(entry, bundle.write());
        inside.extend(bundle.modules.iter().skip(1));
    }
    inside.retain(|path| !bundles.contains_key(path));
    let is_named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let others = tree.iter().filter(|(other, _)| !inside.contains(*other));
        let mut texts = others.map(|(other, bytes)| match bundles.get(other) {
            Some(bundle) => bundle.clone(),
            None => String::from_utf8_lossy(bytes).into_owned(),
        });
        texts.any(|text| text.contains(&format!("{stem}.")) || text.contains(&format!("/{stem}")))
    };
    let gone: BTreeSet<&str> = inside
        .iter()
        .copied()
        .filter(|path| !is_named(path))
        .collect();
    files
        .iter()
        .filter(|(path, _)| !gone.contains(path.as_str()))
        .map(|(path, bytes)| match bundles.get(path.as_str()) {
            Some(bundle) => (path.clone(), bundle.clone().into_bytes()),
            None => (path.clone(), bytes.clone()),
        })
        .collect()
}

/// Files that the manifest names, and those that no file of the package requires.
fn entries<'a>(tree: &Tree<'a>) -> Vec<&'a str> {
    let manifest = tree.get("package.json").copied().unwrap_or_default();
    let manifest = String::from_utf8_lossy(manifest);
    let modules = tree
        .keys()
        .copied()
        .filter(|path| is_javascript(path) && is_common(tree, path));
    let modules: Vec<&str> = modules.collect();
    let required: BTreeSet<&str> = modules
        .iter()
        .flat_map(|path| requires(tree, path).into_iter().map(|(_, to)| to))
        .collect();
    let is_entry = |path: &&str| {
        let stem = path.trim_end_matches(".js");
        manifest.contains(*path)
            || manifest.contains(&format!("\"{stem}\""))
            || manifest.contains(&format!("./{stem}\""))
            || !required.contains(path)
            || *path == "index.js"
    };
    modules.into_iter().filter(is_entry).collect()
}

/// Whether a file has no declarations of modules, and can be a function.
fn is_common(tree: &Tree<'_>, path: &str) -> bool {
    let Some(text) = tree.get(path).and_then(|bytes| text(bytes)) else {
        return false;
    };
    let declares = |line: &str| {
        line.starts_with("import ")
            || line.starts_with("import{")
            || line.starts_with("import \"")
            || line.starts_with("export ")
            || line.contains("await ") && !line.starts_with(' ') && !text.contains("async")
            || line.contains("import.meta")
    };
    !path.ends_with(".mjs") && !text.lines().any(declares)
}

/// The files of the package that a file requires by constant names, with the texts of the calls.
fn requires<'a>(tree: &Tree<'a>, path: &str) -> Vec<(String, &'a str)> {
    let call = Regex::new(r#"\brequire\(\s*['"](\.{1,2}(?:/[^'"]*)?)['"]\s*\)"#)
        .unwrap_or_else(|e| panic!("{e}"));
    let text = tree.get(path).and_then(|bytes| text(bytes)).unwrap_or("");
    call.captures_iter(text)
        .filter_map(|found| Some((found[0].to_owned(), resolved(tree, path, &found[1])?)))
        .collect()
}

/// The file that a relative name leads to, as Node finds it; folders by their index alone.
fn resolved<'a>(tree: &Tree<'a>, from: &str, name: &str) -> Option<&'a str> {
    let mut parts: Vec<&str> = folder(from)
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in name.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let base = parts.join("/");
    let slash = if base.is_empty() { "" } else { "/" };
    let choices = [
        base.clone(),
        format!("{base}.js"),
        format!("{base}.json"),
        format!("{base}{slash}index.js"),
    ];
    choices
        .iter()
        .find_map(|choice| tree.get_key_value(choice.as_str()).map(|(path, _)| *path))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// How one file of the package names another.
fn relative(from: &str, to: &str) -> String {
    let up = from.matches('/').count();
    match up {
        0 => format!("./{to}"),
        _ => format!("{}{to}", "../".repeat(up)),
    }
}

/// One bundle: its modules in the order of their numbers.
struct Bundle<'t, 'a> {
    tree: &'t Tree<'a>,
    modules: Vec<&'a str>,
}

impl<'t, 'a> Bundle<'t, 'a> {
    fn new(tree: &'t Tree<'a>, entry: &'a str) -> Self {
        Self {
            tree,
            modules: vec![entry],
        }
    }

    /// Whether a module may become a part.
    fn takes(&self, path: &str) -> bool {
        let text = self.tree.get(path).and_then(|bytes| text(bytes));
        let text = text.unwrap_or("");
        if path.ends_with(".json") {
            let is_json = || serde_json::from_str::<serde_json::Value>(text).is_ok();
            return path != "package.json" && is_json();
        }
        let asks = ["__dirname", "__filename", "require."];
        let stays = folder(path) == folder(self.modules[0]);
        is_javascript(path)
            && is_common(self.tree, path)
            && (stays || !asks.iter().any(|word| text.contains(word)))
    }

    /// The text of the bundle.
    fn write(&mut self) -> String {
        let mut table = String::new();
        let mut at = 0;
        while let Some(&path) = self.modules.get(at) {
            let bytes = self.tree.get(path).copied().unwrap_or_default();
            let mut body = String::from_utf8_lossy(bytes).into_owned();
            if path.ends_with(".json") {
                body = format!("module.exports = {body};");
            }
            for (call, to) in requires(self.tree, path) {
                let now = match self.takes(to) {
                    true => format!("load({})", self.number(to)),
                    false => format!("require('{}')", relative(self.modules[0], to)),
                };
                body = body.replace(&call, &now);
            }
            let body = body.strip_prefix("#!").map_or(body.as_str(), |rest| {
                rest.split_once('\n').map_or("", |(_, rest)| rest)
            });
            table.push_str(&format!(
                "  {at}: function (module, exports, load) {{\n{body}\n  }},\n"
            ));
            at += 1;
        }
        let first = self.tree.get(self.modules[0]).and_then(|bytes| text(bytes));
        let first = first.and_then(|text| text.lines().next()).unwrap_or("");
        let shebang = match first.starts_with("#!") {
            true => format!("{first}\n"),
            false => String::new(),
        };
        format!(
            "{shebang}(() => {{\n  var modules = {{\n{table}  }};\n  var cache = {{}};\n  function load(id) {{\n    var known = cache[id];\n    if (known !== undefined) return known.exports;\n    var made = (cache[id] = {{ exports: {{}} }});\n    modules[id].call(made.exports, made, made.exports, load);\n    return made.exports;\n  }}\n  module.exports = load(0);\n}})();\n"
        )
    }

    fn number(&mut self, path: &'a str) -> usize {
        let known = self.modules.iter().position(|one| *one == path);
        known.unwrap_or_else(|| {
            self.modules.push(path);
            self.modules.len() - 1
        })
    }
}
