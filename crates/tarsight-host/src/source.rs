//! Packages from bytes, files and folders.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tarsight::{Diff, Engine, Entries, FactCache, Report, ScanOptions};

use crate::Error;
use crate::walk::walk;

/// Where a package is.
#[derive(Clone, Debug)]
pub enum Source<B = Vec<u8>> {
    /// Here: a tarball.
    Bytes(B),
    /// At a path: a tarball, or the folder of an unpacked package.
    Path(PathBuf),
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Side<B = Vec<u8>> {
    /// A package, or a report that was saved there.
    Source(Source<B>),
    /// A report that is there already.
    Report(Arc<Report>),
}

/// A package, as far as the file system knows it.
enum Input<'b> {
    Archive(Bytes<'b>),
    /// The text of a document that tarsight saved.
    Saved(Bytes<'b>),
    /// The files below a folder with the names they have in a package.
    Folder(Vec<(String, PathBuf)>),
}

enum Bytes<'b> {
    Given(&'b [u8]),
    Read(Vec<u8>),
}

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Given(bytes) => bytes,
            Self::Read(bytes) => bytes,
        }
    }
}

/// Scans a package. The report names the path unless the options do.
///
/// # Errors
/// If the source cannot be read or gives no report.
pub fn scan<B: AsRef<[u8]>>(
    engine: &Engine,
    source: &Source<B>,
    options: &ScanOptions,
) -> Result<Report, Error> {
    let input = open(engine, source, options)?;
    report(engine, input, &with_path(source, options))
}

/// Scans a package, or reads the report that was saved there.
///
/// # Errors
/// As for [`scan`].
pub fn scan_or_load<B: AsRef<[u8]>>(
    engine: &Engine,
    source: &Source<B>,
    options: &ScanOptions,
) -> Result<Report, Error> {
    let options = with_path(source, options);
    match open(engine, source, &options)? {
        Input::Saved(bytes) => {
            let mut report = Report::from_json(bytes.as_ref())?;
            // Where it is now; where the package was when it was scanned helps nobody.
            report.subject.path.clone_from(&options.path);
            Ok(report)
        }
        other => report(engine, other, &options),
    }
}

/// Compares two packages or reports. Files that both packages have are read once.
///
/// # Errors
/// As for [`scan`].
pub fn diff<B: AsRef<[u8]>>(
    engine: &Engine,
    old: &Side<B>,
    new: &Side<B>,
    options: &ScanOptions,
) -> Result<Diff, Error> {
    let mut options = options.clone();
    options.cache.get_or_insert_with(FactCache::new);
    let report = |side: &Side<B>| match side {
        Side::Source(source) => scan_or_load(engine, source, &options).map(Arc::new),
        Side::Report(report) => Ok(Arc::clone(report)),
    };
    let (old, new) = (report(old)?, report(new)?);
    Ok(tarsight::diff(&old, &new))
}

/// Lists a package as npm would extract it.
///
/// # Errors
/// As for [`scan`].
pub fn entries<B: AsRef<[u8]>>(engine: &Engine, source: &Source<B>) -> Result<Entries, Error> {
    let options = ScanOptions::default();
    let mut entries = match open(engine, source, &options)? {
        Input::Archive(bytes) | Input::Saved(bytes) => engine.entries(bytes.as_ref())?,
        Input::Folder(files) => {
            let most = engine.limits(&options).entry_bytes;
            with_files(files, most, |files| engine.entries_tree(files))?
        }
    };
    entries.subject.path = with_path(source, &options).path;
    Ok(entries)
}

/// Reads one byte more than a limit at most: the engine then sees that it is too much.
///
/// # Errors
/// Whatever the reader says.
pub fn read_limited(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn with_path<B>(source: &Source<B>, options: &ScanOptions) -> ScanOptions {
    let mut options = options.clone();
    if let Source::Path(path) = source {
        let name = || path.to_string_lossy().into_owned();
        options.path.get_or_insert_with(name);
    }
    options
}

fn report(engine: &Engine, input: Input<'_>, options: &ScanOptions) -> Result<Report, Error> {
    match input {
        Input::Archive(bytes) | Input::Saved(bytes) => {
            Ok(engine.scan_with(bytes.as_ref(), options)?)
        }
        Input::Folder(files) => {
            let most = engine.limits(options).entry_bytes;
            with_files(files, most, |files| engine.scan_tree_with(files, options))
        }
    }
}

fn open<'b, B: AsRef<[u8]>>(
    engine: &Engine,
    source: &'b Source<B>,
    options: &ScanOptions,
) -> Result<Input<'b>, Error> {
    let limits = engine.limits(options);
    let path = match source {
        Source::Bytes(bytes) => return Ok(recognised(Bytes::Given(bytes.as_ref()))),
        Source::Path(path) => path,
    };
    let unreadable = |error| Error::unreadable(path, error);
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return walk(path, limits.entries).map(Input::Folder);
    }
    let bytes = read_file(path, limits.compressed_bytes).map_err(unreadable)?;
    Ok(recognised(Bytes::Read(bytes)))
}

/// A document begins like a JSON object; no archive does.
fn recognised(bytes: Bytes<'_>) -> Input<'_> {
    let text = bytes.as_ref();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match text.trim_ascii_start().first() {
        Some(b'{') => Input::Saved(bytes),
        _ => Input::Archive(bytes),
    }
}

/// Hands the files over one by one, so that a folder is never in memory twice.
fn with_files<T>(
    files: Vec<(String, PathBuf)>,
    most: u64,
    work: impl FnOnce(&mut dyn Iterator<Item = (String, Vec<u8>)>) -> Result<T, tarsight::Error>,
) -> Result<T, Error> {
    let mut failed = None;
    let mut contents = files
        .into_iter()
        .map_while(|(name, path)| match read_file(&path, most) {
            Ok(bytes) => Some((name, bytes)),
            Err(error) => {
                failed = Some(Error::unreadable(&path, error));
                None
            }
        });
    let outcome = work(&mut contents);
    match failed {
        Some(error) => Err(error),
        None => Ok(outcome?),
    }
}

/// In one piece of memory, as long as the file is as long as it says.
fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let says = file.metadata()?.len().min(most);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(says).unwrap_or(0).saturating_add(1))?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::tests::Folder;

    #[test]
    fn a_file_that_went_away_is_an_error_of_the_input() {
        let folder = Folder::new("gone");
        let files = vec![("a.js".to_owned(), folder.0.join("a.js"))];
        let outcome = with_files(files, 10, |files| Ok(files.count()));
        let report = outcome.expect_err("nothing to read").report("x");
        assert_eq!(report.error.code, "not-found");
        assert_eq!(report.subject.path.as_deref(), Some("x"));
    }

    #[test]
    fn no_more_is_read_than_the_engine_takes() {
        let bytes = read_limited(io::repeat(0), 10).expect("readable");
        assert_eq!(bytes.len(), 11);
    }

    #[test]
    fn a_folder_is_scanned_compared_and_listed_with_its_path() {
        let folder = Folder::new("source");
        folder
            .file("package.json", r#"{"name":"a","version":"1.0.0"}"#)
            .file("index.js", "fetch('https://a.example/');");
        let engine = Engine::new();
        let source: Source = Source::Path(folder.0.clone());
        let report = scan(&engine, &source, &ScanOptions::default()).expect("a package");
        assert!(report.behaviours.iter().any(|one| one.id == "network.http"));
        let name = folder.0.to_string_lossy();
        assert_eq!(report.subject.path.as_deref(), Some(&*name));
        let entries = entries(&engine, &source).expect("a package");
        assert_eq!(entries.entries.len(), 2);
        assert_eq!(entries.subject.path.as_deref(), Some(&*name));
    }

    #[test]
    fn packages_saved_reports_and_reports_are_compared() {
        let folder = Folder::new("sides");
        folder.file("package.json", r#"{"name":"a","version":"1.0.0"}"#);
        folder.file("index.js", "fetch('https://a.example/');");
        let engine = Engine::new();
        let options = ScanOptions::default();
        let source: Source = Source::Path(folder.0.clone());
        let report = scan(&engine, &source, &options).expect("a package");
        let saved = Side::Source(Source::Bytes(report.to_json().into_bytes()));
        let sides = [Side::Source(source), saved, Side::Report(Arc::new(report))];
        for old in &sides {
            for new in &sides {
                let diff = diff(&engine, old, new, &options).expect("two sides");
                assert!(diff.is_empty(), "{diff:?}");
            }
        }
        let nothing = Side::Report(Arc::new(Report::default()));
        let diff = diff(&engine, &nothing, &sides[0], &options).expect("two sides");
        assert!(!diff.gained.is_empty());
    }

    #[test]
    fn the_limits_of_the_call_hold_for_what_is_read() {
        let folder = Folder::new("limits");
        folder.file("a.tgz", "0123456789");
        let source: Source = Source::Path(folder.0.join("a.tgz"));
        let mut limits = tarsight::Limits::default();
        limits.compressed_bytes = 4;
        let mut options = ScanOptions::default();
        options.limits = Some(limits);
        let error = scan(&Engine::new(), &source, &options).expect_err("too long");
        assert_eq!(error.code(), "over-limit");
    }
}
