//! What each fuzz target does with its bytes, so that a normal test can replay them.

use std::sync::LazyLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tarsight::{Engine, Limits, Report};

use crate::{File, model, package, tar};

/// What takes a fuzzer's bytes and panics if something is wrong.
pub type Target = fn(&[u8]);

/// The targets, by name; `fuzz/seeds` and `fuzz/regressions` have a folder for each.
pub const TARGETS: [(&str, Target); 8] = [
    ("archive", archive),
    ("differential", differential),
    ("gyp", gyp),
    ("manifest", manifest),
    ("parse", parse),
    ("scan", scan),
    ("shell", shell),
    ("tools", tools),
];

/// Tight limits: a fuzzer wants many small runs.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut limits = Limits::default();
    for (name, value) in [
        ("unpacked-bytes", 16 << 20),
        ("entries", 2_000),
        ("file-steps", 50_000),
        ("package-steps", 200_000),
    ] {
        limits.set(name, value).unwrap_or_else(|e| panic!("{e}"));
    }
    Engine::builder()
        .limits(limits)
        .jobs(1)
        .build()
        .unwrap_or_else(|e| panic!("{e}"))
});

/// The bytes as an archive: its entries are what npm would write below one folder.
pub fn archive(data: &[u8]) {
    let Ok(entries) = ENGINE.entries(data) else {
        return;
    };
    let entries = parsed(&entries.to_json());
    let list = entries["entries"].as_array().map_or(&[][..], Vec::as_slice);
    let paths: Vec<&str> = list.iter().filter_map(|e| e["path"].as_str()).collect();
    assert_eq!(paths.len(), list.len(), "an entry has no path");
    for path in &paths {
        let parts: Vec<&str> = path.split('/').collect();
        assert!(
            parts.iter().all(|part| !part.is_empty() && *part != ".."),
            "{path:?} leaves the package"
        );
    }
    assert!(paths.is_sorted(), "entries are not sorted");
}

/// The bytes as a plain tar, read by the engine and by a slow model of npm.
pub fn differential(data: &[u8]) {
    // Other formats are not the model's, and more entries are not the limits'.
    const OTHERS: [&[u8]; 6] = [
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"BZh",
        b"\xfd7zXZ\0",
        b"PK\x03\x04",
        b"7z\xbc\xaf\x27\x1c",
    ];
    if data.len() > 900_000 || OTHERS.iter().any(|magic| data.starts_with(magic)) {
        return;
    }
    let ours = ENGINE.entries(data);
    let refused = match &ours {
        Ok(entries) => entries
            .anomalies
            .iter()
            .any(|one| one.id == "archive.refused"),
        Err(_) => true,
    };
    let model = model::extract(data);
    assert_eq!(refused, model.is_none(), "one refuses it: {ours:?}");
    let (Ok(ours), Some(model)) = (ours, model) else {
        return;
    };
    let ours: Vec<(String, String)> = ours
        .entries
        .into_iter()
        .map(|entry| (entry.path, entry.sha256))
        .collect();
    let model: Vec<(String, String)> = model
        .into_iter()
        .map(|(path, bytes)| (path, sha256(&bytes)))
        .collect();
    assert_eq!(ours, model, "engine and model see other files");
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes as package.json beside a small file.
pub fn manifest(data: &[u8]) {
    tree(&[
        ("package.json".to_owned(), data.to_vec()),
        ("index.js".to_owned(), b"exports.a = 1;\n".to_vec()),
    ]);
}

/// The bytes as the only JavaScript file of a package; the first byte chooses its name.
pub fn parse(data: &[u8]) {
    let (first, text) = data.split_first().unwrap_or((&0, &[]));
    let name = [
        "index.js",
        "index.mjs",
        "index.cjs",
        "index.ts",
        "index.tsx",
    ][usize::from(first % 5)];
    let manifest = format!(r#"{{"name":"p","version":"1.0.0","main":"{name}"}}"#);
    tree(&package(&manifest, name, text));
}

/// The bytes as a command; the first byte chooses who runs it: a hook, a shell file, a batch file,
/// PowerShell, or code.
pub fn shell(data: &[u8]) {
    let (first, text) = data.split_first().unwrap_or((&0, &[]));
    let line = String::from_utf8_lossy(text);
    let file = |hook: &str, name: &str| package(&with_hook(hook), name, text);
    tree(&match first % 5 {
        0 => package(&with_hook(&line), "lib/a.js", b"exports.a = 1;\n"),
        1 => file("sh ./setup.sh", "setup.sh"),
        2 => file("setup.bat", "setup.bat"),
        3 => file("powershell -File setup.ps1", "setup.ps1"),
        _ => {
            let code = format!("require('child_process').exec({});\n", json!(line));
            package(&with_hook("node ."), "index.js", code.as_bytes())
        }
    });
}

fn with_hook(line: &str) -> String {
    let scripts = json!({ "install": line, "build": "node lib/a.js" });
    json!({ "name": "p", "version": "1.0.0", "scripts": scripts }).to_string()
}

/// The bytes as the build file of a native package, and as what another one takes in.
pub fn gyp(data: &[u8]) {
    let root: &[u8] = match data.len() % 2 {
        0 => data,
        _ => b"{'includes': ['a.gypi']}",
    };
    let mut files = package(r#"{"name":"p","version":"1.0.0"}"#, "binding.gyp", root);
    files.push(("a.gypi".to_owned(), data.to_vec()));
    files.push(("a.cc".to_owned(), b"int a;\n".to_vec()));
    tree(&files);
}

/// The bytes as a file that a tool reads; the first byte chooses which.
pub fn tools(data: &[u8]) {
    const FILES: [&str; 14] = [
        ".github/workflows/a.yml",
        ".vscode/tasks.json",
        ".claude/settings.json",
        ".codex/config.toml",
        ".devcontainer/devcontainer.json",
        ".npmrc",
        ".yarnrc.yml",
        "pnpm-workspace.yaml",
        "bunfig.toml",
        "CLAUDE.md",
        "Makefile",
        "a.pth",
        "patches/a.patch",
        ".husky/pre-commit",
    ];
    let (first, text) = data.split_first().unwrap_or((&0, &[]));
    let name = FILES[usize::from(*first) % FILES.len()];
    tree(&package(r#"{"name":"p","version":"1.0.0"}"#, name, text));
}

/// The bytes as a tarball; the second report must equal the first one.
pub fn scan(data: &[u8]) {
    let first = ENGINE.scan(data).map(|report| report.to_json());
    let second = ENGINE.scan(data).map(|report| report.to_json());
    assert_eq!(first, second, "two scans of the same bytes differ");
    if let Ok(text) = first {
        parsed(&text);
    }
}

fn tree(files: &[File]) {
    let archive = tar(files);
    let report = ENGINE
        .scan(&archive)
        .unwrap_or_else(|e| panic!("a sound archive gave no report: {e}"));
    let text = report.to_json();
    let again = Report::from_json(text.as_bytes()).map(|report| report.to_json());
    assert_eq!(
        again.ok(),
        Some(text),
        "a report that is read again differs"
    );
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("the output is no JSON: {e}"))
}
