//! Writing and reading documents.

use std::io;

use serde::Serialize;

use super::{Entries, ErrorReport, REPORT_SCHEMA, Report};
use crate::Error;

/// Writes one document over several lines, with a line end after it.
pub(crate) fn pretty<T: Serialize>(document: &T, mut out: impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")
}

/// Writes one document as one line, with its line end.
pub(crate) fn compact<T: Serialize>(document: &T, mut out: impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, document)?;
    out.write_all(b"\n")
}

/// A document as text; empty only if serialisation fails, which owned plain data does not.
pub(crate) fn text<T: Serialize>(document: &T) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

macro_rules! documents {
    ($($document:ident),+) => {
        $(impl $document {
            /// Writes the document as JSON over several lines, with a line end after it.
            ///
            /// # Errors
            /// Whatever the writer says.
            pub fn write_json(&self, out: impl std::io::Write) -> std::io::Result<()> {
                $crate::report::json::pretty(self, out)
            }

            /// Writes the document as one line of JSON, with its line end.
            ///
            /// # Errors
            /// Whatever the writer says.
            pub fn write_json_compact(&self, out: impl std::io::Write) -> std::io::Result<()> {
                $crate::report::json::compact(self, out)
            }

            /// The document as JSON over several lines, without a line end after it.
            #[must_use]
            pub fn to_json(&self) -> String {
                $crate::report::json::text(self)
            }
        })+
    };
}

pub(crate) use documents;

documents!(Report, Entries, ErrorReport);

impl Report {
    /// Reads a saved report. Keys that this engine does not know are ignored.
    ///
    /// # Errors
    /// [`Error::NotAReport`] if the bytes are no `tarsight.report/1`.
    ///
    /// ```
    /// use tarsight::Report;
    /// let report = Report::default();
    /// assert_eq!(Report::from_json(report.to_json().as_bytes())?, report);
    /// # Ok::<(), tarsight::Error>(())
    /// ```
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        let report: Self = serde_json::from_slice(bytes).map_err(|error| Error::NotAReport {
            detail: error.to_string(),
        })?;
        if report.schema == REPORT_SCHEMA {
            Ok(report)
        } else {
            Err(Error::NotAReport {
                detail: format!("its schema is not {REPORT_SCHEMA}"),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{SAMPLE, sample};

    #[test]
    fn a_report_is_written_as_it_was_read() {
        assert_eq!(sample().to_json(), SAMPLE.trim_end());
        let mut out = Vec::new();
        sample().write_json(&mut out).expect("a vector takes all");
        assert_eq!(out, SAMPLE.as_bytes());
    }

    #[test]
    fn a_compact_document_is_one_line() {
        let mut out = Vec::new();
        sample()
            .write_json_compact(&mut out)
            .expect("a vector takes all");
        let line = out.strip_suffix(b"\n").expect("it ends its line");
        assert!(!line.contains(&b'\n'));
        assert_eq!(Report::from_json(line), Ok(sample()));
    }

    #[test]
    fn unknown_keys_are_ignored_and_other_documents_refused() {
        let newer = SAMPLE.replacen("\"engine\":", "\"later\": [1], \"engine\":", 1);
        assert_eq!(Report::from_json(newer.as_bytes()), Ok(sample()));
        let other = SAMPLE.replacen("tarsight.report/1", "tarsight.report/2", 1);
        let error = Report::from_json(other.as_bytes()).expect_err("another number");
        assert_eq!(error.code(), "not-a-report");
        assert!(Report::from_json(b"{}").is_err());
    }

    #[test]
    fn an_unknown_trigger_or_surface_is_no_silence() {
        let other = SAMPLE.replacen("\"install\": \"load\"", "\"install\": \"later\"", 1);
        assert!(Report::from_json(other.as_bytes()).is_err());
    }
}
