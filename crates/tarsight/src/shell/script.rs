//! Shell text as commands: one small form for sh, the Windows command line and PowerShell.

use crate::model::Span;

/// What a text says, as far as it can be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// Its commands, in order.
    pub(crate) nodes: Vec<Node>,
    /// The first thing that no shell would take, or that is over a limit. What stands around it
    /// was read all the same: a shell runs a file line by line until it stumbles.
    pub(crate) problem: Option<Problem>,
}

/// Why a text was not read as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A quote or bracket that nothing ends, or a word out of place.
    Syntax(&'static str, Span),
    /// More levels than are read.
    TooDeep(Span),
}

/// One step of a script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A simple command.
    Command(Command),
    /// What one prints is what the next reads.
    Pipe(Vec<Node>),
    /// Commands in brackets, or below `if`, `while`, `case`: every branch, in order.
    Group(Vec<Node>, Vec<Redirect>),
    /// `for NAME in WORDS`.
    Each(String, Vec<Word>, Vec<Node>, Vec<Redirect>),
    /// A function and its body.
    Function(String, Shared),
}

/// A program with its arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    /// Variables set before it; for good if there are no words.
    pub(crate) assigns: Vec<(String, Word)>,
    /// The program and its arguments.
    pub(crate) words: Vec<Word>,
    /// Where its streams go.
    pub(crate) redirects: Vec<Redirect>,
    /// All of it.
    pub(crate) span: Span,
}

/// `2>file`, `<<EOF`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Redirect {
    /// Which stream, if it says so.
    pub(crate) stream: Option<u32>,
    /// Which way.
    pub(crate) way: Way,
    /// The file, or the text itself.
    pub(crate) target: Word,
}

/// Which way a redirection goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From a file.
    Read,
    /// Into a file.
    Write,
    /// From a text in the script.
    Text,
    /// To where another stream goes.
    Same,
}

/// One word, not expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it is made of.
    pub(crate) pieces: Vec<Piece>,
    /// Where it stands.
    pub(crate) span: Span,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) what: What,
    /// Whether quotes keep it in one word.
    pub(crate) quoted: bool,
}

/// What a part of a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Text as it stands.
    Text(String),
    /// A variable.
    Variable(String, Change),
    /// What commands print: `$(…)`.
    Output(Shared),
    /// A file that holds what commands print: `<(…)`.
    File(Shared),
    /// Not known: arithmetic.
    Unknown,
}

/// Commands inside a word. Words are copied when they are expanded; these are not.
pub(crate) type Shared = std::rc::Rc<Vec<Node>>;

/// What `${NAME…}` does with the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing.
    None,
    /// `${NAME:-word}` and `:=`: the word if there is no value.
    Or(Box<Word>),
    /// `${NAME:+word}`: the word if there is one.
    Instead(Box<Word>),
    /// `${NAME:from:count}`; below zero, both count from the end.
    Slice(i64, Option<i64>),
    /// `${NAME/from/to}`, and `//` for every place.
    Replace {
        /// What is looked for.
        from: Box<Word>,
        /// What stands there then.
        to: Box<Word>,
        /// Whether everywhere.
        everywhere: bool,
    },
    /// `${NAME#start}` and `${NAME%end}`; twice for the longest.
    Trim {
        /// What is cut, in which `*` is any text.
        pattern: Box<Word>,
        /// Whether it stands at the end.
        at_end: bool,
        /// Whether as much as fits is cut.
        longest: bool,
    },
    /// `${NAME^^}` and `${NAME,,}`.
    Case {
        /// Whether to capitals.
        upper: bool,
    },
    /// `${!NAME}`: the variable that it names.
    Named,
    /// Anything else.
    Other,
}

impl Word {
    /// A word of one literal text.
    pub(crate) fn text(text: impl Into<String>, span: Span) -> Self {
        Self {
            pieces: vec![Piece {
                what: What::Text(text.into()),
                quoted: true,
            }],
            span,
        }
    }

    /// Whether an array may stand behind `NAME=` or `NAME+=`, of which this is the value.
    pub(crate) fn is_array(&self) -> bool {
        match self.pieces.as_slice() {
            [] => true,
            [piece] => {
                matches!(&piece.what, What::Variable(_, Change::Or(word)) if word.pieces.is_empty())
            }
            _ => false,
        }
    }

    /// The text of a word that is nothing but unquoted text.
    pub(crate) fn bare(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [
                Piece {
                    what: What::Text(text),
                    quoted: false,
                },
            ] => Some(text),
            _ => None,
        }
    }
}
