//! What was not looked at, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Three ways of not knowing. Only the first one forces `medium`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageKind {
    /// Code that no stage has read.
    NotExamined,
    /// Read, but a value stayed unknown.
    NotResolved,
    /// Native or wasm: not JavaScript.
    Opaque,
}

/// Why something was not looked at.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The caller cancelled, or its deadline passed.
    Cancelled,
    /// The archive's bytes end before its entries do.
    ArchiveTruncated,
    /// An entry or the archive is over a limit.
    ArchiveLimit,
    /// The file is over the parse limit.
    FileTooLarge,
    /// Nested deeper than the deep lane takes.
    NestingTooDeep,
    /// The parser would re-read it too often.
    AmbiguousNesting,
    /// The parser refused it.
    SyntaxError,
    /// Not text in an encoding that is known.
    UndecodableText,
    /// JSON, YAML or TOML for another tool that could not be read.
    UnreadDocument,
    /// The budget of files or steps ran out.
    BudgetExhausted,
    /// A bug of ours, caught.
    InternalError,
    /// ELF, PE, Mach-O or an addon.
    NativeCode,
    /// WebAssembly.
    Wasm,
    /// A command or script in a language that is not read yet.
    ForeignLanguage,
    /// A call or import whose target stayed unknown.
    UnresolvedValue,
    /// A list in the report was cut at its limit.
    ReportLimit,
}

impl Reason {
    /// Every reason, for `rules` and `explain`.
    pub const ALL: [Self; 16] = [
        Self::Cancelled,
        Self::ArchiveTruncated,
        Self::ArchiveLimit,
        Self::FileTooLarge,
        Self::NestingTooDeep,
        Self::AmbiguousNesting,
        Self::SyntaxError,
        Self::UndecodableText,
        Self::UnreadDocument,
        Self::BudgetExhausted,
        Self::InternalError,
        Self::NativeCode,
        Self::Wasm,
        Self::ForeignLanguage,
        Self::UnresolvedValue,
        Self::ReportLimit,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::ArchiveTruncated => "archive-truncated",
            Self::ArchiveLimit => "archive-limit",
            Self::FileTooLarge => "file-too-large",
            Self::NestingTooDeep => "nesting-too-deep",
            Self::AmbiguousNesting => "ambiguous-nesting",
            Self::SyntaxError => "syntax-error",
            Self::UndecodableText => "undecodable-text",
            Self::UnreadDocument => "unread-document",
            Self::BudgetExhausted => "budget-exhausted",
            Self::InternalError => "internal-error",
            Self::NativeCode => "native-code",
            Self::Wasm => "wasm",
            Self::ForeignLanguage => "foreign-language",
            Self::UnresolvedValue => "unresolved-value",
            Self::ReportLimit => "report-limit",
        }
    }

    /// Which of the three ways of not knowing it is.
    #[must_use]
    pub fn kind(self) -> CoverageKind {
        match self {
            Self::NativeCode | Self::Wasm => CoverageKind::Opaque,
            Self::UnresolvedValue => CoverageKind::NotResolved,
            _ => CoverageKind::NotExamined,
        }
    }

    /// What it means and what the reader can do.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Cancelled => {
                "The caller cancelled the scan or its deadline passed; what had not been reached by then was not read. Scan again with more time."
            }
            Self::ArchiveTruncated => {
                "The archive's bytes end inside an entry. npm would refuse or cut it; what came before was read."
            }
            Self::ArchiveLimit => {
                "An entry, or the archive as a whole, is over one of the archive limits. Raise `unpacked-bytes`, `entries` or `entry-bytes` to read it."
            }
            Self::FileTooLarge => {
                "The file is over the `parse-bytes` limit, so only its text was searched. Raise the limit to have it parsed."
            }
            Self::NestingTooDeep => {
                "The code is nested deeper than the deep lane takes. Code that people or bundlers write does not come near; only its text was searched."
            }
            Self::AmbiguousNesting => {
                "The code is shaped so that a parser reads it again at every level. Code that people or bundlers write does not come near; only its text was searched."
            }
            Self::SyntaxError => {
                "A file has a JavaScript name but is no JavaScript that the parser accepts as module, script or JSX, or a command line, script or gyp file is none that a shell or gyp would take as a whole. Only what stands before the trouble, or its text, was searched."
            }
            Self::UndecodableText => {
                "The file is not text in an encoding that is known, so it was not read as code."
            }
            Self::UnreadDocument => {
                "A file that another tool takes commands from is no JSON, YAML or TOML that could be read, is too large, or is nested too deep. Only its addresses were searched for."
            }
            Self::BudgetExhausted => {
                "A limit on files, steps or layers ran out before this was read. Raise the limit that the detail names."
            }
            Self::InternalError => {
                "tarsight failed on this file; the failure was caught and the rest of the package was analysed. Please report it."
            }
            Self::NativeCode => {
                "Compiled code (ELF, PE, Mach-O or a Node addon). tarsight says who loads it, not what it does."
            }
            Self::Wasm => "WebAssembly. tarsight says who loads it, not what it does.",
            Self::ForeignLanguage => {
                "A command or a script in a language that is not read yet. tarsight says when it runs."
            }
            Self::UnresolvedValue => {
                "The code was read, but what is called, imported or run stayed unknown."
            }
            Self::ReportLimit => {
                "A list in the report was cut at its limit; the count beside it is whole."
            }
        }
    }
}

/// Something that was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unanalysed {
    /// Path inside the package; `None` for the archive as a whole.
    pub path: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The limit, the error or the site that makes it concrete.
    pub detail: String,
}

impl Unanalysed {
    /// For one file.
    pub fn file(path: impl Into<String>, reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            reason,
            detail: detail.into(),
        }
    }
}
