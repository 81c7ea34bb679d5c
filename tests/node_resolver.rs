//! Import surfaces beside Node's own resolver, on real packages.
//!
//! `TARSIGHT_PACKAGES=FOLDER cargo test -p tarsight-tests --test node_resolver` takes the first
//! three hundred tarballs of that folder that have `main` or `exports`, unpacks them below the
//! target folder and asks Node where each specifier leads. Node resolves and loads nothing. What
//! came of it stands in `node_resolver.tsv`. Without the variable there is nothing to do.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use tarsight::Engine;

const PACKAGES: usize = 300;
/// Subpaths that are asked for of one surface with many files.
const SAMPLES: usize = 3;

/// What Node 20 and later ask for.
const REQUIRE: [&str; 5] = ["node", "require", "node-addons", "module-sync", "default"];
const IMPORT: [&str; 5] = ["node", "import", "node-addons", "module-sync", "default"];

/// Reads questions, writes where each specifier leads; null if nowhere.
const RESOLVER: &str = r#"
import { createRequire, isBuiltin } from "node:module";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
const file = (path) => { try { return statSync(path).isFile() ? path : null; } catch { return null; } };
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ from, specifier, kind }) => {
  try {
    // A package under the name of Node's own module is asked for with a slash.
    if (isBuiltin(specifier)) return file(createRequire(from).resolve(`${specifier}/`));
    return kind === "require"
      ? file(createRequire(from).resolve(specifier))
      : file(fileURLToPath(import.meta.resolve(specifier, pathToFileURL(from).href)));
  } catch { return null; }
});
process.stdout.write(JSON.stringify(answers));
"#;

struct Question {
    package: usize,
    specifier: String,
    kind: &'static str,
    /// Path inside the package.
    expected: Option<String>,
}

struct Package {
    name: String,
    label: String,
    folder: PathBuf,
}

#[test]
fn entries_are_what_node_resolves() {
    let Ok(folder) = std::env::var("TARSIGHT_PACKAGES") else {
        return;
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .collect();
    paths.sort();
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("node_resolver");
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    let engine = Engine::new();
    let mut packages = Vec::new();
    let mut questions = Vec::new();
    for path in paths {
        if packages.len() == PACKAGES {
            break;
        }
        let bytes = fs::read(&path).unwrap();
        let folder = root.join(packages.len().to_string());
        let Some((manifest, name)) = unpack(&bytes, &folder) else {
            continue;
        };
        let report: Value = serde_json::from_str(&engine.scan(&bytes).unwrap().to_json()).unwrap();
        ask(packages.len(), &name, &manifest, &report, &mut questions);
        let version = manifest["version"].as_str().unwrap_or("?");
        packages.push(Package {
            label: format!("{name}@{version}"),
            folder: folder.join("node_modules").join(&name),
            name,
        });
    }
    assert_eq!(packages.len(), PACKAGES, "too few packages in the folder");
    let answers = answers(&packages, &questions);
    let mut wrong = String::new();
    let mut rows = vec![(0, 0); packages.len()];
    for (question, answer) in questions.iter().zip(&answers) {
        let package = &packages[question.package];
        let found = answer.as_str().map(|path| {
            let inside = Path::new(path).strip_prefix(&package.folder);
            inside.map_or(path.to_owned(), |path| path.to_str().unwrap().to_owned())
        });
        rows[question.package].0 += 1;
        if found == question.expected {
            rows[question.package].1 += 1;
        } else {
            let (label, kind, specifier) = (&package.label, question.kind, &question.specifier);
            let expected = &question.expected;
            writeln!(
                wrong,
                "{label} {kind} {specifier}: {expected:?}, Node {found:?}"
            )
            .unwrap();
        }
    }
    let mut table = String::from("# package, specifiers asked, equal to Node's own resolver\n");
    for (package, (asked, equal)) in packages.iter().zip(rows) {
        writeln!(table, "{}\t{asked}\t{equal}", package.label).unwrap();
    }
    fs::write(root.join("node_resolver.tsv"), table).unwrap();
    let count = wrong.lines().count();
    assert!(
        wrong.is_empty(),
        "{count} of {} differ:\n{wrong}",
        questions.len()
    );
}

/// Writes the files that can matter; gives package.json and the name, if both are of use.
fn unpack(bytes: &[u8], folder: &Path) -> Option<(Value, String)> {
    let mut files = Vec::new();
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        let path = entry.path().ok()?.to_str()?.to_owned();
        let Some((_, inside)) = path.split_once('/') else {
            continue;
        };
        let is_plain = inside
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."));
        if entry.header().entry_type().is_file() && is_plain {
            let mut text = Vec::new();
            // Only package.json files are read by a resolver.
            if inside.ends_with("package.json") {
                std::io::copy(&mut entry, &mut text).ok()?;
            }
            files.push((inside.to_owned(), text));
        }
    }
    let (_, text) = files.iter().find(|(path, _)| path == "package.json")?;
    let manifest: Value = serde_json::from_slice(text).ok()?;
    let name = manifest["name"].as_str()?.to_owned();
    if manifest["main"].is_null() && manifest["exports"].is_null() {
        return None;
    }
    let base = folder.join("node_modules").join(&name);
    for (path, text) in files {
        let path = base.join(path);
        fs::create_dir_all(path.parent()?).ok()?;
        fs::write(path, text).ok()?;
    }
    Some((manifest, name))
}

fn ask(package: usize, name: &str, manifest: &Value, report: &Value, all: &mut Vec<Question>) {
    let mut surfaces: Vec<&Value> = report["surfaces"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|surface| surface["kind"] == "import")
        .collect();
    let has_exports = !manifest["exports"].is_null();
    if has_exports {
        drop_main(manifest.as_object().unwrap(), &mut surfaces);
    }
    let mut names: Vec<&str> = surfaces.iter().filter_map(|s| s["name"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for key in names {
        for (kind, conditions) in [("require", REQUIRE), ("import", IMPORT)] {
            let holds = |surface: &&&Value| {
                surface["name"] == key
                    && surface["conditions"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .all(|one| conditions.contains(&one.as_str().unwrap()))
            };
            let Some(surface) = surfaces.iter().find(holds) else {
                continue;
            };
            let entries: Vec<&str> = surface["entries"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry.as_str().unwrap())
                .collect();
            let mut question = |subpath: &str, expected: Option<&str>| {
                all.push(Question {
                    package,
                    specifier: format!("{name}{subpath}"),
                    kind,
                    expected: expected.map(str::to_owned),
                });
            };
            match key {
                "./*" if !has_exports => {
                    for entry in entries.iter().take(SAMPLES) {
                        question(&format!("/{entry}"), Some(entry));
                    }
                }
                _ if key.contains('*') => {
                    let target = target(manifest, key, conditions.as_slice());
                    let samples = entries.iter().take(SAMPLES);
                    for entry in samples {
                        if let Some(star) = target.as_deref().and_then(|t| star(t, entry)) {
                            let subpath = key.replacen('*', star, 1);
                            question(&subpath[1..], Some(entry));
                        }
                    }
                }
                // Folders are gone from Node.
                _ if key.ends_with('/') => {}
                _ => question(&key[1..], entries.first().copied()),
            }
        }
    }
}

/// Leaves out the surface of `main`, which Node does not look at beside `exports`.
fn drop_main(manifest: &Map<String, Value>, surfaces: &mut Vec<&Value>) {
    let place = |key: &str| manifest.keys().position(|known| known == key);
    let plain = |surface: &&Value| surface["name"] == "." && surface["conditions"].is_null();
    if place("main").is_none() {
        return;
    }
    let at = match place("main") < place("exports") {
        true => surfaces.iter().position(plain),
        false => surfaces.iter().rposition(plain),
    };
    if let Some(at) = at {
        surfaces.remove(at);
    }
}

/// The pattern that a key leads to under these conditions, by the algorithm of Node's manual.
fn target(manifest: &Value, key: &str, conditions: &[&str]) -> Option<String> {
    let mut value = &manifest["exports"][key];
    loop {
        match value {
            Value::String(target) => return Some(target.clone()),
            Value::Array(items) => value = items.first()?,
            Value::Object(map) => {
                let mut keys = map.iter();
                value = keys
                    .find(|(name, _)| conditions.contains(&name.as_str()))?
                    .1;
            }
            _ => return None,
        }
    }
}

/// What the star of a pattern stands for in a path.
fn star<'e>(target: &str, entry: &'e str) -> Option<&'e str> {
    let (before, after) = target.strip_prefix("./")?.split_once('*')?;
    entry.strip_prefix(before)?.strip_suffix(after)
}

fn answers(packages: &[Package], questions: &[Question]) -> Vec<Value> {
    let asked: Vec<Value> = questions
        .iter()
        .map(|question| {
            let package = &packages[question.package];
            let depth = package.name.split('/').count() + 1;
            let from = package
                .folder
                .ancestors()
                .nth(depth)
                .unwrap()
                .join("from.js");
            json!({ "from": from, "specifier": question.specifier, "kind": question.kind })
        })
        .collect();
    let mut child = Command::new("node")
        .args([
            "--experimental-import-meta-resolve",
            "--input-type=module",
            "-e",
            RESOLVER,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = serde_json::to_vec(&asked).unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&text).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
