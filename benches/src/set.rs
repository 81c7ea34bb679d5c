//! The packages that the benches run over.

use std::fs;
use std::path::PathBuf;

/// A tarball of the set.
#[derive(Clone, Debug)]
pub struct Package {
    /// The file's name without `.tgz`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The tarballs in `benches/packages`, or in the folder that `TARSIGHT_BENCH_SET` names.
///
/// # Errors
/// If there is none; the message says how to get them.
pub fn packages() -> Result<Vec<Package>, String> {
    let folder = std::env::var_os("TARSIGHT_BENCH_SET").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("packages"),
        PathBuf::from,
    );
    let mut packages = Vec::new();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if let Some(name) = name.strip_suffix(".tgz") {
            let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            packages.push(Package {
                name: name.to_owned(),
                bytes,
            });
        }
    }
    if packages.is_empty() {
        return Err(format!(
            "there is no package in {}; run benches/fetch.sh to fetch the set",
            folder.display()
        ));
    }
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}
