//! `oxc_resolver` over the archive: bare specifiers and `#imports`, per set of conditions.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{FileMetadata, FileSystem, ResolveError, ResolveOptions, ResolverGeneric};
use rustc_hash::FxHashMap;

use super::packages::Package;
use crate::archive::Archive;

/// Where the package seems to be; no path of the archive starts with a slash.
const ROOT: &str = "/package";

/// The sets of conditions that a package is resolved under.
const CONDITIONS: [&[&str]; 3] = [
    &["node", "require", "node-addons", "module-sync", "default"],
    &["node", "import", "node-addons", "module-sync", "default"],
    &["browser", "module", "import", "require", "default"],
];

/// Positions in [`CONDITIONS`].
pub(super) const REQUIRE: usize = 0;
pub(super) const IMPORT: usize = 1;
pub(super) const BROWSER: usize = 2;

/// A file system that holds the archive's paths, and of content only what [`Package`] keeps.
#[derive(Default)]
struct Files {
    /// Sorted.
    paths: Arc<[Box<str>]>,
    packages: FxHashMap<String, Vec<u8>>,
}

impl Files {
    fn inside(path: &Path) -> io::Result<String> {
        let path = path.to_str().ok_or(io::ErrorKind::NotFound)?;
        let path = if cfg!(windows) {
            path.replace('\\', "/")
        } else {
            path.to_owned()
        };
        let rest = path.strip_prefix(ROOT).ok_or(io::ErrorKind::NotFound)?;
        match rest.strip_prefix('/') {
            Some(inner) => Ok(inner.to_owned()),
            None if rest.is_empty() => Ok(String::new()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl FileSystem for Files {
    fn new() -> Self {
        Self::default()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = Self::inside(path)?;
        let json = self.packages.get(&path).ok_or(io::ErrorKind::NotFound)?;
        Ok(json.clone())
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read(path)?).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let mut path = Self::inside(path)?;
        if path.is_empty() {
            return Ok(FileMetadata::new(false, true, false));
        }
        let find = |path: &str| self.paths.binary_search_by(|known| (**known).cmp(path));
        if find(&path).is_ok() {
            return Ok(FileMetadata::new(true, false, false));
        }
        path.push('/');
        match find(&path) {
            Err(at)
                if self
                    .paths
                    .get(at)
                    .is_some_and(|next| next.starts_with(&path)) =>
            {
                Ok(FileMetadata::new(false, true, false))
            }
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, _path: &Path) -> Result<PathBuf, ResolveError> {
        Err(io::Error::from(io::ErrorKind::InvalidInput).into())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
}

/// Node's resolution of bare specifiers and `#imports`.
pub(super) struct Node([ResolverGeneric<Files>; 3]);

impl Node {
    pub(super) fn new(archive: &Archive, packages: &FxHashMap<String, Package>) -> Self {
        let paths = archive
            .entries
            .iter()
            .map(|entry| entry.path.as_str().into());
        let mut json = FxHashMap::default();
        #[expect(
            clippy::iter_over_hash_type,
            reason = "a map again, order is lost anyway"
        )]
        for (folder, package) in packages {
            let path = if folder.is_empty() {
                "package.json".to_owned()
            } else {
                format!("{folder}/package.json")
            };
            json.insert(path, package.to_json());
        }
        let files = Files {
            paths: paths.collect(),
            packages: json,
        };
        let first = ResolverGeneric::new_with_file_system(files, options(REQUIRE));
        let import = first.clone_with_options(options(IMPORT));
        let browser = first.clone_with_options(options(BROWSER));
        Self([first, import, browser])
    }

    /// The path inside the package that a specifier leads to, seen from a folder of it. The
    /// caller has bounded both.
    pub(super) fn resolve(&self, folder: &str, specifier: &str, set: usize) -> Option<String> {
        let resolver = self.0.get(set)?;
        let from = match folder {
            "" => ROOT.to_owned(),
            _ => format!("{ROOT}/{folder}"),
        };
        // A panic in there must cost this one edge, not the file.
        let found = catch_unwind(AssertUnwindSafe(|| resolver.resolve(from, specifier)));
        Files::inside(found.ok()?.ok()?.path()).ok()
    }
}

fn options(set: usize) -> ResolveOptions {
    let conditions = CONDITIONS.get(set).copied().unwrap_or(&[]);
    let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    ResolveOptions {
        condition_names: strings(conditions),
        extensions: strings(&[
            ".js", ".json", ".node", ".cjs", ".mjs", ".ts", ".tsx", ".jsx",
        ]),
        // There are none; and `NODE_PATH` must not be read.
        symlinks: false,
        node_path: false,
        ..ResolveOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::packages::read_all;
    use crate::graph::tests::archive;

    #[test]
    fn the_file_system_is_the_archive_and_nothing_else() {
        let files = Files {
            paths: ["lib-x.js", "lib/a.js"].map(Box::from).into(),
            packages: FxHashMap::default(),
        };
        let is_file = |path: &str| files.metadata(Path::new(path)).ok().map(|m| m.is_file());
        assert_eq!(is_file("/package"), Some(false));
        assert_eq!(is_file("/package/lib"), Some(false));
        assert_eq!(is_file("/package/lib/a.js"), Some(true));
        for outside in [
            "/",
            "/packages",
            "/etc",
            "/package/li",
            "package/lib",
            "/package/lib/a.js/x",
        ] {
            assert_eq!(is_file(outside), None, "{outside}");
        }
        assert!(
            files.read(Path::new("/package/lib/a.js")).is_err(),
            "content is not given"
        );
        assert!(files.read_link(Path::new("/package/lib")).is_err());
    }

    #[test]
    fn each_set_of_conditions_has_its_resolver() {
        let json =
            r#"{"name":"n","exports":{"browser":"./b.js","import":"./i.js","default":"./d.js"}}"#;
        let files = [
            ("b.js", ""),
            ("d.js", ""),
            ("i.js", ""),
            ("package.json", json),
        ];
        let archive = archive(&files);
        let node = Node::new(&archive, &read_all(&archive));
        let found = |set| node.resolve("", "n", set);
        assert_eq!(found(REQUIRE).as_deref(), Some("d.js"));
        assert_eq!(found(IMPORT).as_deref(), Some("i.js"));
        assert_eq!(found(BROWSER).as_deref(), Some("b.js"));
        assert_eq!(found(3), None);
    }
}
