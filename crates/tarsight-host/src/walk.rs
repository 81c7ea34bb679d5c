//! The files of an unpacked package.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;

/// The regular files below a folder, sorted by the name they have in a package.
///
/// An unpacked package has nothing that npm did not write, so all files are taken, whatever
/// their names; only the folder's own `.git` is the reader's. Links are not followed: npm
/// writes none. One file more than the limit is listed, so that the engine sees it.
pub(crate) fn walk(root: &Path, limit: u64) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let unreadable = |error| Error::unreadable(&folder, error);
        let mut children: Vec<fs::DirEntry> = fs::read_dir(&folder)
            .and_then(Iterator::collect)
            .map_err(unreadable)?;
        children.sort_by_key(fs::DirEntry::file_name);
        for child in children {
            let name = format!("{prefix}{}", child.file_name().to_string_lossy());
            let kind = child.file_type().map_err(unreadable)?;
            if kind.is_dir() && name != ".git" {
                folders.push((format!("{name}/"), child.path()));
            } else if kind.is_file() {
                files.push((name, child.path()));
            }
        }
        if files.len() as u64 > limit {
            break;
        }
    }
    files.sort();
    files.truncate(usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX));
    Ok(files)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A folder that goes away with the test.
    pub(crate) struct Folder(pub(crate) PathBuf);

    impl Folder {
        pub(crate) fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("tarsight-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("a folder for the test");
            Self(path)
        }

        pub(crate) fn file(&self, name: &str, text: &str) -> &Self {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, text).expect("a file");
            self
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn names(files: Vec<(String, PathBuf)>) -> Vec<String> {
        files.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_folder_is_all_its_files_but_its_own_git() {
        let folder = Folder::new("walk");
        folder
            .file("package.json", "{}")
            .file(".git/config", "x")
            .file("lib/.git/x.js", "x")
            .file("node_modules/a/index.js", "x")
            .file(".npmrc", "x");
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/hostname", folder.0.join("link")).expect("a link");
        let expected = [
            ".npmrc",
            "lib/.git/x.js",
            "node_modules/a/index.js",
            "package.json",
        ];
        assert_eq!(names(walk(&folder.0, 100).expect("readable")), expected);
        assert_eq!(walk(&folder.0, 1).expect("readable").len(), 2);
    }
}
