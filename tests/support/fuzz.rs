//! What each fuzz target does with its bytes, so that a normal test can replay them.

use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tarsight::{Engine, Limits};

use crate::{File, model, package, tar};

/// What takes a fuzzer's bytes and panics if something is wrong.
pub type Target = fn(&[u8]);

/// The targets, by name; `fuzz/seeds` and `fuzz/regressions` have a folder for each.
pub const TARGETS: [(&str, Target); 5] = [
    ("archive", archive),
    ("differential", differential),
    ("manifest", manifest),
    ("parse", parse),
    ("scan", scan),
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
    let entries = json(&entries.to_json());
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

/// The bytes as a tarball; the second report must equal the first one.
pub fn scan(data: &[u8]) {
    let first = ENGINE.scan(data).map(|report| report.to_json());
    let second = ENGINE.scan(data).map(|report| report.to_json());
    assert_eq!(first, second, "two scans of the same bytes differ");
    if let Ok(text) = first {
        json(&text);
    }
}

fn tree(files: &[File]) {
    let archive = tar(files);
    let report = ENGINE
        .scan(&archive)
        .unwrap_or_else(|e| panic!("a sound archive gave no report: {e}"));
    json(&report.to_json());
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("the output is no JSON: {e}"))
}
