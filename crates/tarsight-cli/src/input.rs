//! Packages from files, folders and standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tarsight::report::ErrorReport;
use tarsight::{Engine, Entries, Error, Limits, Report, ScanOptions};

/// Why an input gives no document.
#[derive(Debug)]
pub(crate) enum InputError {
    /// The system does not let us read it.
    Unreadable(PathBuf, io::Error),
    /// The engine cannot make anything of it.
    Engine(Error),
}

impl InputError {
    /// The document that says so.
    pub(crate) fn report(&self, path: &str) -> ErrorReport {
        match self {
            Self::Unreadable(at, error) if error.kind() == io::ErrorKind::NotFound => {
                let message = format!("there is no file or folder {}", at.display());
                ErrorReport::new(Some(path), "not-found", &message)
            }
            Self::Unreadable(at, error) => {
                let message = format!("cannot read {}: {error}", at.display());
                ErrorReport::new(Some(path), "unreadable", &message)
            }
            Self::Engine(error) => ErrorReport::of(Some(path), error),
        }
    }
}

/// A package, as far as the file system knows it.
enum Input {
    Archive(Vec<u8>),
    /// The text of a document that tarsight saved.
    Saved(Vec<u8>),
    /// The folder, and the files below it with the names they have in a package.
    Folder(Vec<(String, PathBuf)>),
}

/// Scans what stands at a path; `-` is standard input.
pub(crate) fn scan(
    engine: &Engine,
    path: &Path,
    limits: &Limits,
    options: &ScanOptions,
) -> Result<Report, InputError> {
    report(engine, open(path, limits)?, limits, options)
}

fn report(
    engine: &Engine,
    input: Input,
    limits: &Limits,
    options: &ScanOptions,
) -> Result<Report, InputError> {
    match input {
        Input::Archive(bytes) | Input::Saved(bytes) => engine
            .scan_with(&bytes, options)
            .map_err(InputError::Engine),
        Input::Folder(files) => {
            with_files(files, limits, |files| engine.scan_tree_with(files, options))
        }
    }
}

/// Scans what stands at a path, or reads the report that was saved there.
pub(crate) fn scan_or_load(
    engine: &Engine,
    path: &Path,
    limits: &Limits,
    options: &ScanOptions,
) -> Result<Report, InputError> {
    match open(path, limits)? {
        Input::Saved(bytes) => {
            let mut report = Report::from_json(&bytes).map_err(InputError::Engine)?;
            // Where it is now; where the package was when it was scanned helps nobody.
            report.subject.path.clone_from(&options.path);
            Ok(report)
        }
        other => report(engine, other, limits, options),
    }
}

/// Lists what stands at a path; `-` is standard input.
pub(crate) fn entries(
    engine: &Engine,
    path: &Path,
    limits: &Limits,
) -> Result<Entries, InputError> {
    match open(path, limits)? {
        Input::Archive(bytes) | Input::Saved(bytes) => {
            engine.entries(&bytes).map_err(InputError::Engine)
        }
        Input::Folder(files) => with_files(files, limits, |files| engine.entries_tree(files)),
    }
}

fn open(path: &Path, limits: &Limits) -> Result<Input, InputError> {
    let unreadable = |error| InputError::Unreadable(path.to_owned(), error);
    if path.as_os_str() == "-" {
        let bytes = read(io::stdin().lock(), limits.compressed_bytes).map_err(unreadable)?;
        return Ok(recognised(bytes));
    }
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return walk(path, limits.entries).map(Input::Folder);
    }
    let file = File::open(path).map_err(unreadable)?;
    let bytes = read(file, limits.compressed_bytes).map_err(unreadable)?;
    Ok(recognised(bytes))
}

/// A document begins like a JSON object; no archive does.
fn recognised(bytes: Vec<u8>) -> Input {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match text.trim_ascii_start().first() {
        Some(b'{') => Input::Saved(bytes),
        _ => Input::Archive(bytes),
    }
}

/// Reads one byte more than a limit at most: the engine then sees that it is too much.
fn read(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Hands the files over one by one, so that a folder is never in memory twice.
fn with_files<T>(
    files: Vec<(String, PathBuf)>,
    limits: &Limits,
    work: impl FnOnce(&mut dyn Iterator<Item = (String, Vec<u8>)>) -> Result<T, Error>,
) -> Result<T, InputError> {
    let mut failed = None;
    let mut contents = files.into_iter().map_while(|(name, path)| {
        let bytes = File::open(&path).and_then(|file| read(file, limits.entry_bytes));
        match bytes {
            Ok(bytes) => Some((name, bytes)),
            Err(error) => {
                failed = Some(InputError::Unreadable(path, error));
                None
            }
        }
    });
    let outcome = work(&mut contents);
    match failed {
        Some(error) => Err(error),
        None => outcome.map_err(InputError::Engine),
    }
}

/// The regular files below a folder, sorted by the name they have in a package.
///
/// An unpacked package has nothing that npm did not write, so all files are taken, whatever
/// their names; only the folder's own `.git` is the reader's. Links are not followed: npm
/// writes none. One file more than the limit is listed, so that the engine sees it.
fn walk(root: &Path, limit: u64) -> Result<Vec<(String, PathBuf)>, InputError> {
    let mut files = Vec::new();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let unreadable = |error| InputError::Unreadable(folder.clone(), error);
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
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("tarsight-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("a folder for the test");
            Self(path)
        }

        fn file(&self, name: &str, text: &str) -> &Self {
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

    #[test]
    fn a_file_that_went_away_is_an_error_of_the_input() {
        let folder = Folder::new("gone");
        let files = vec![("a.js".to_owned(), folder.0.join("a.js"))];
        let outcome = with_files(files, &Limits::default(), |files| Ok(files.count()));
        let report = outcome.expect_err("nothing to read").report("x");
        assert_eq!(report.error.code, "not-found");
        assert_eq!(report.subject.path.as_deref(), Some("x"));
    }

    #[test]
    fn no_more_is_read_than_the_engine_takes() {
        assert_eq!(read(io::repeat(0), 10).expect("readable").len(), 11);
    }
}
