//! Packs a folder, always to the same bytes.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};

/// A path inside the package, with `/`, and the file's bytes.
pub type File = (String, Vec<u8>);

/// The label of a corpus case; it stands in the folder but is no part of the package.
const LABEL: &str = "case.json";

/// npm's own constant, so that packing today and tomorrow gives the same archive.
const MTIME: u64 = 499_162_500;

/// Every file under `path`, sorted, without the label of the case.
///
/// # Panics
/// If a file cannot be read or its name is no UTF-8.
#[must_use]
pub fn folder(path: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(dir) = open.pop() {
        let entries = fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        for entry in entries {
            let file = entry
                .unwrap_or_else(|e| panic!("{}: {e}", dir.display()))
                .path();
            if file.is_dir() {
                open.push(file);
                continue;
            }
            let bytes = fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            files.push((relative(path, &file), bytes));
        }
    }
    files.retain(|(name, _)| name != LABEL);
    files.sort();
    files
}

fn relative(base: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(base).unwrap_or(file);
    let parts: Vec<&str> = inside
        .iter()
        .map(|part| {
            part.to_str()
                .unwrap_or_else(|| panic!("{} is not UTF-8", file.display()))
        })
        .collect();
    parts.join("/")
}

/// A package of a manifest and one more file.
#[must_use]
pub fn package(manifest: &str, name: &str, bytes: &[u8]) -> Vec<File> {
    vec![
        ("package.json".to_owned(), manifest.as_bytes().to_vec()),
        (name.to_owned(), bytes.to_vec()),
    ]
}

/// The files as a tar archive, below `package/`.
///
/// # Panics
/// If a path is too long for a plain tar header.
#[must_use]
pub fn tar(files: &[File]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header
            .set_path(format!("package/{name}"))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(MTIME);
        header.set_cksum();
        builder
            .append(&header, bytes.as_slice())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    builder
        .into_inner()
        .unwrap_or_else(|e| panic!("writing to memory failed: {e}"))
}

/// The files as npm packs them: a gzipped tar archive below `package/`.
///
/// # Panics
/// If a path is too long for a plain tar header.
#[must_use]
pub fn tgz(files: &[File]) -> Vec<u8> {
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::new(6));
    gzip.write_all(&tar(files))
        .and_then(|()| gzip.finish())
        .unwrap_or_else(|e| panic!("writing to memory failed: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_twice_gives_equal_bytes() {
        let files = package("{}", "lib/a.js", b"1");
        assert_eq!(tgz(&files), tgz(&files));
    }

    #[test]
    fn names_are_sorted_and_the_label_is_left_out() {
        let files = folder(&crate::root().join("corpus/packages/npmrc-exfiltration"));
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "index.js",
                "lib/send.js",
                "package.json",
                "scripts/index.js"
            ]
        );
    }
}
