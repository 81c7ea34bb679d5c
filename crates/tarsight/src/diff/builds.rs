//! Builds of the same source in one package: CommonJS beside ESM beside a browser's bundle.

use std::collections::{BTreeMap, BTreeSet};

use super::normal::stem;
use crate::report::{File, Report, Site};

/// Folders that tell builds apart, not files.
const BUILD_FOLDERS: &[&str] = &[
    "_cjs",
    "_esm",
    "browser",
    "build",
    "bundle",
    "bundles",
    "cjs",
    "commonjs",
    "dist",
    "dist-cjs",
    "dist-es",
    "dist-esm",
    "dist-node",
    "dist-src",
    "dist-web",
    "es",
    "es5",
    "es6",
    "esm",
    "esm2015",
    "fesm2015",
    "iife",
    "legacy",
    "lib",
    "lib-cjs",
    "lib-esm",
    "lib-es",
    "min",
    "modern",
    "module",
    "modules",
    "node",
    "out",
    "output",
    "system",
    "umd",
    "web",
];

/// Which files are builds of the same, and which of them have changed.
pub(super) struct Builds<'r> {
    /// Name without what tells builds apart → files of the new version.
    twins: BTreeMap<String, Vec<&'r File>>,
    /// Path → digest in the old version.
    before: BTreeMap<&'r str, &'r str>,
    after: BTreeMap<&'r str, &'r str>,
}

impl<'r> Builds<'r> {
    pub(super) fn new(old: &'r Report, new: &'r Report) -> Self {
        let mut twins: BTreeMap<String, Vec<&File>> = BTreeMap::new();
        for file in new.files.iter().filter(|file| is_script(file)) {
            twins.entry(source_name(&file.path)).or_default().push(file);
        }
        fn digests(report: &Report) -> BTreeMap<&str, &str> {
            let files = report.files.iter();
            files
                .map(|f| (f.path.as_str(), f.sha256.as_str()))
                .collect()
        }
        Self {
            twins,
            before: digests(old),
            after: digests(new),
        }
    }

    /// Whether all sites stand in files that changed while a build beside each did not.
    pub(super) fn is_alone(&self, sites: &[&Site]) -> bool {
        self.all(sites, |path| {
            let twins = self.twins.get(&source_name(path));
            twins.into_iter().flatten().any(|twin| {
                twin.path != path && self.is_unchanged(&twin.path) && self.before.contains_key(path)
            })
        })
    }

    /// Whether all sites stand in built files whose source maps are the old ones.
    pub(super) fn left_its_map(&self, sites: &[&Site]) -> bool {
        self.all(sites, |path| self.is_unchanged(&format!("{path}.map")))
    }

    fn all(&self, sites: &[&Site], holds: impl Fn(&str) -> bool) -> bool {
        let paths: BTreeSet<&str> = sites.iter().map(|site| site.file.as_str()).collect();
        !paths.is_empty()
            && paths
                .into_iter()
                .all(|path| !self.is_unchanged(path) && holds(path))
    }

    fn is_unchanged(&self, path: &str) -> bool {
        let before = self.before.get(path);
        before.is_some() && before == self.after.get(path)
    }
}

fn is_script(file: &File) -> bool {
    matches!(
        file.kind.as_str(),
        "javascript" | "jsx" | "typescript" | "tsx"
    )
}

/// A path without the folders and extensions that tell builds apart.
fn source_name(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut out = String::new();
    for part in folder
        .split('/')
        .filter(|part| !BUILD_FOLDERS.contains(part))
    {
        out.push_str(part);
        out.push('/');
    }
    out.push_str(stem(name));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::tests::{report, with_files};

    #[test]
    fn builds_have_one_name() {
        for path in ["dist/cjs/a.cjs", "dist/esm/a.js", "lib/a.min.js", "a.mjs"] {
            assert_eq!(source_name(path).trim_start_matches('/'), "a", "{path}");
        }
        assert_ne!(source_name("dist/a/b.js"), source_name("dist/c/b.js"));
    }

    #[test]
    fn a_build_that_changes_alone_is_told() {
        let files = |cjs: &str, esm: &str| {
            with_files(report(), &[("dist/a.cjs", cjs), ("dist/a.mjs", esm)])
        };
        let site = Site {
            file: "dist/a.cjs".to_owned(),
            ..Site::default()
        };
        let is_alone = |old: &Report, new: &Report| Builds::new(old, new).is_alone(&[&site]);
        assert!(is_alone(&files("1", "1"), &files("2", "1")));
        assert!(!is_alone(&files("1", "1"), &files("2", "2")));
        assert!(!is_alone(&files("1", "1"), &files("1", "1")));
        assert!(!Builds::new(&files("1", "1"), &files("2", "1")).is_alone(&[]));
    }

    #[test]
    fn a_source_map_that_stayed_is_told() {
        let files = |js: &str, map: &str| with_files(report(), &[("a.js", js), ("a.js.map", map)]);
        let site = Site {
            file: "a.js".to_owned(),
            ..Site::default()
        };
        let left = |old: &Report, new: &Report| Builds::new(old, new).left_its_map(&[&site]);
        assert!(left(&files("1", "1"), &files("2", "1")));
        assert!(!left(&files("1", "1"), &files("2", "2")));
        assert!(!left(&report(), &files("2", "2")));
    }
}
