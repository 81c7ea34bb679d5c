//! Where results and notes go.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tarsight::report::clean_text;

/// Where results go: standard output, or a file that appears when it is whole.
pub(crate) struct Output {
    writer: Box<dyn Write>,
    /// The file under its name of today, and the name it gets.
    rename: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Standard output, or the file at `path`.
    ///
    /// A regular file is written beside its name and renamed at the end; pipes, devices and
    /// links are written as they are.
    pub(crate) fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else {
            return Ok(Self {
                writer: Box::new(BufWriter::new(io::stdout())),
                rename: None,
            });
        };
        let told = |error: io::Error| {
            let message = format!("cannot write {}: {error}", path.display());
            io::Error::new(error.kind(), message)
        };
        let special = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
        let (file, rename) = if special {
            (File::options().write(true).truncate(true).open(path), None)
        } else {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{}.part", std::process::id()));
            let part = PathBuf::from(name);
            (File::create_new(&part), Some((part, path.to_owned())))
        };
        Ok(Self {
            writer: Box::new(BufWriter::new(file.map_err(told)?)),
            rename,
        })
    }

    /// Writes a result so that a reader sees it now.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)?;
        self.writer.flush()
    }

    /// Gives the file its name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        // An open file cannot be renamed everywhere.
        self.writer = Box::new(io::sink());
        match self.rename.take() {
            Some((part, path)) => fs::rename(&part, path).inspect_err(|_| {
                let _ = fs::remove_file(&part);
            }),
            None => Ok(()),
        }
    }
}

impl Drop for Output {
    /// A file that was not finished leaves nothing behind.
    fn drop(&mut self) {
        if let Some((part, _)) = &self.rename {
            let _ = fs::remove_file(part);
        }
    }
}

/// Writes one whole result.
pub(crate) fn write_all(path: Option<&Path>, bytes: &[u8]) -> io::Result<()> {
    let mut output = Output::open(path)?;
    output.write(bytes)?;
    output.finish()
}

/// Tells the user something that is no result. Nobody may be listening, which is fine.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "tarsight: {}", clean_text(text, 2_000));
}

/// Whether the reader of the results has gone away.
pub(crate) fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = std::env::temp_dir().join(format!("tarsight-output-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the test");
        let path = folder.join("report.json");
        let mut output = Output::open(Some(&path)).expect("writable");
        output.write(b"half").expect("writable");
        assert!(!path.exists());
        drop(output);
        assert_eq!(fs::read_dir(&folder).expect("readable").count(), 0);
        write_all(Some(&path), b"whole").expect("writable");
        assert_eq!(fs::read(&path).expect("readable"), b"whole");
        assert_eq!(fs::read_dir(&folder).expect("readable").count(), 1);
        fs::remove_dir_all(&folder).expect("removable");
    }

    #[test]
    fn a_device_is_written_as_it_is() {
        if Path::new("/dev/null").exists() {
            write_all(Some(Path::new("/dev/null")), b"x").expect("writable");
            assert!(!fs::metadata("/dev/null").expect("still there").is_file());
        }
    }

    #[test]
    fn an_unwritable_file_is_named() {
        let error = write_all(Some(Path::new("/no/such/folder/x")), b"x").expect_err("no folder");
        assert!(error.to_string().contains("/no/such/folder/x"), "{error}");
    }
}
