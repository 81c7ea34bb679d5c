//! Files that other tools execute, or take commands from, when they meet them in a folder.
//!
//! [`doors`] finds them and reads what each makes its tool do: an [`Act`] is a line for a
//! shell, a file that is loaded, a setting that changes what else runs. Nothing here judges,
//! and nothing here knows where a command leads: the graph follows the lines to files.

mod agent;
mod continuous;
mod devcontainer;
mod editor;
mod git;
mod make;
mod npm;
mod prose;
mod python;
mod table;
mod yarn;

pub(crate) use table::files_of;

use crate::api::AimKind;
use crate::archive::Archive;
use crate::document::{self, Document, Format, Node};
use crate::manifest::Manifest;
use crate::model::{FileId, Reach, Span, SurfaceKind, Trigger};
use crate::source::decode;

/// Acts that are kept of one package. Real ones stay below 300.
const MOST_ACTS: usize = 4096;
/// Files that are read; a folder of hooks or of instructions can hold any number.
const MOST_FILES: usize = 1024;
/// Bytes of all of them that are read.
const MOST_BYTES: usize = 8 << 20;

/// Tools that act on a package's files only when somebody asks, or moves the files.
const WAIT: [&str; 10] = [
    "circleci",
    "git-hooks",
    "github-workflows",
    "gitlab-ci",
    "idea",
    "make",
    "patches",
    "pre-commit",
    "travis",
    "vscode-launch",
];

/// One file that a tool reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Door {
    /// The tool, as surfaces name it.
    pub(crate) tool: &'static str,
    /// The file.
    pub(crate) file: FileId,
    /// Whether nothing of it runs before somebody asks for it, or puts the file elsewhere.
    pub(crate) waits: bool,
    /// What it makes the tool do, in the order written.
    pub(crate) acts: Vec<Act>,
    /// Why it could not be read, or not as a whole.
    pub(crate) unread: Option<String>,
    /// How it comes to be there if the package does not bring it, but writes it.
    pub(crate) planted: Option<Planted>,
}

/// A file that code of the package writes where a tool finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Planted {
    /// Where it is written to.
    pub(crate) path: String,
    /// When.
    pub(crate) reach: Reach,
}

impl Door {
    /// The path that a reader knows it by.
    pub(crate) fn path<'a>(&'a self, archive: &'a Archive) -> &'a str {
        match &self.planted {
            Some(planted) => &planted.path,
            None => archive.path(self.file),
        }
    }

    /// When the tool gets to see it: what is written, as soon as it is.
    pub(crate) fn reach(&self, trigger: Trigger) -> Reach {
        match &self.planted {
            Some(planted) => planted.reach,
            None => Reach::of(SurfaceKind::Tool, trigger),
        }
    }
}

/// One thing that a file makes its tool do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// What, as a behaviour.
    pub(crate) does: &'static str,
    /// To what.
    pub(crate) target: String,
    /// How to read the target.
    pub(crate) kind: AimKind,
    /// What of the package it may lead to.
    pub(crate) leads: Leads,
    /// What makes the tool do it: `folderOpen`, `SessionStart`, `push`, a key.
    pub(crate) event: String,
    /// Whether it happens by itself where the tool meets the file.
    pub(crate) trigger: Trigger,
    /// Where it says so.
    pub(crate) span: Span,
    /// What is done so that nobody sees it.
    pub(crate) hidden: bool,
}

/// What of the package an act may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// Nothing.
    Nowhere,
    /// The files that the target names as a line for a shell.
    Line,
    /// The file that the target is.
    File,
}

impl Act {
    /// A line that a shell runs.
    fn line(line: impl Into<String>, event: &str, trigger: Trigger, span: Span) -> Self {
        Self {
            does: "process.exec",
            target: line.into(),
            kind: AimKind::Command,
            leads: Leads::Line,
            event: event.to_owned(),
            trigger,
            span,
            hidden: false,
        }
    }

    /// A file or module that the tool loads into itself.
    fn load(path: &str, event: &str, span: Span) -> Self {
        Self {
            does: "code.module-load",
            target: path.to_owned(),
            kind: AimKind::Module,
            leads: Leads::File,
            event: event.to_owned(),
            trigger: Trigger::Load,
            span,
            hidden: false,
        }
    }

    /// Anything that runs nothing of the package.
    fn fact(does: &'static str, target: impl Into<String>, event: &str, span: Span) -> Self {
        Self {
            does,
            target: target.into(),
            kind: AimKind::Other,
            leads: Leads::Nowhere,
            event: event.to_owned(),
            trigger: Trigger::Load,
            span,
            hidden: false,
        }
    }

    fn hidden(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    fn of_kind(self, kind: AimKind) -> Self {
        Self { kind, ..self }
    }
}

/// What is given to the reader of a file.
struct Input<'a> {
    path: &'a str,
    text: &'a str,
    manifest: &'a Manifest,
}

/// What a reader makes of a file: acts, or why there are none.
type Acts = Result<Vec<Act>, String>;

/// How the files of one row are read.
type Reader = fn(&Input<'_>) -> Acts;

/// The files of the package that tools read, by tool in the order of the table.
pub(crate) fn doors(archive: &Archive, manifest: &Manifest) -> Vec<Door> {
    let mut doors = Vec::new();
    let mut left = MOST_ACTS;
    let mut bytes_left = MOST_BYTES;
    for (tool, file, reader) in table::find(archive) {
        let mut door = Door {
            tool,
            file,
            waits: WAIT.contains(&tool),
            acts: Vec::new(),
            unread: None,
            planted: None,
        };
        if let Some(reader) = reader {
            let bytes = archive.bytes(file);
            let rest = bytes_left.checked_sub(bytes.len());
            match rest.filter(|_| doors.len() < MOST_FILES) {
                None => door.unread = Some("too many files of tools, or too large ones".to_owned()),
                Some(rest) => {
                    bytes_left = rest;
                    let text = decode(bytes);
                    let input = Input {
                        path: archive.path(file),
                        text: &text.text,
                        manifest,
                    };
                    match reader(&input) {
                        Ok(acts) => door.acts = acts,
                        Err(reason) => {
                            door.acts = lexical(&text.text);
                            door.unread = Some(reason);
                        }
                    }
                }
            }
        }
        if door.acts.len() > left {
            door.acts.truncate(left);
            door.unread = Some(format!(
                "more than {MOST_ACTS} commands and settings of tools"
            ));
        }
        left -= door.acts.len();
        doors.push(door);
    }
    doors
}

/// What tool reads a file that is written with a text to a path in whatever folder, and what it is
/// made to do. Where a tool takes such a file as code of its own there is none.
pub(crate) fn planted(path: &str, text: &str) -> Option<(&'static str, Vec<Act>)> {
    let (tool, reader) = table::reader(path)?;
    let manifest = Manifest::default();
    let input = Input {
        path,
        text,
        manifest: &manifest,
    };
    let mut acts = reader(&input).unwrap_or_else(|_| lexical(text));
    acts.truncate(MOST_ACTS);
    Some((tool, acts))
}

/// What a file names although it cannot be read: its addresses.
fn lexical(text: &str) -> Vec<Act> {
    const MOST: usize = 64;
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')' | '>' | ',' | ';');
    let mut acts = Vec::new();
    let mut seen = Vec::new();
    for (at, _) in text.match_indices("://").take(MOST) {
        let before = text.get(..at).unwrap_or("");
        let scheme = before
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .len();
        let rest = text.get(scheme..).unwrap_or("");
        let url = rest.split(ends).next().unwrap_or("");
        if scheme == at || seen.contains(&url) {
            continue;
        }
        seen.push(url);
        let start = u32::try_from(scheme).unwrap_or(u32::MAX);
        let end = start.saturating_add(u32::try_from(url.len()).unwrap_or(0));
        let act = Act::fact("network.http", url, "unread", Span::new(start, end));
        acts.push(Act {
            trigger: Trigger::Call,
            ..act.of_kind(AimKind::Url)
        });
    }
    acts
}

/// Reads a document; the error names the form.
fn parse(format: Format, text: &str) -> Result<Document, String> {
    let name = match format {
        Format::Json => "JSON",
        Format::Yaml => "YAML",
        Format::Toml => "TOML",
    };
    document::read(format, text).map_err(|e| format!("no {name} that is read here: {e}"))
}

/// A program and its arguments as one line; arguments with spaces are quoted.
fn command_line(program: &str, args: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut line = program.to_owned();
    for arg in args {
        let arg = arg.as_ref();
        line.push(' ');
        if arg.is_empty() || arg.contains([' ', '\t', '"', ';', '&', '|', '(', '<', '>', '$']) {
            line.push('\'');
            line.push_str(&arg.replace('\'', "'\\''"));
            line.push('\'');
        } else {
            line.push_str(arg);
        }
    }
    line
}

/// `command` and `args` of a node as one line.
fn with_args(node: Node<'_>) -> Option<(String, Span)> {
    let command = node.get("command")?;
    let args = node.get("args").map(Node::each).unwrap_or_default();
    match command.text() {
        Some(program) => {
            let args = args.iter().filter_map(|arg| arg.text());
            Some((command_line(program, args), command.span()))
        }
        None => {
            let mut words = command.items().filter_map(Node::text);
            let program = words.next()?;
            Some((command_line(program, words), command.span()))
        }
    }
}

#[cfg(test)]
pub(in crate::tool) mod tests {
    use super::*;
    use crate::api;
    use crate::manifest;
    use crate::manifest::tests::package;

    /// Tool, event, behaviour, target, and `hidden` of each act.
    pub(in crate::tool) fn acts(files: &[(&str, &str)]) -> Vec<String> {
        let archive = package("{}", files);
        let manifest = manifest::read(&archive);
        let mut lines = Vec::new();
        for door in doors(&archive, &manifest) {
            for act in door.acts {
                assert!(api::behaviour(act.does).is_some(), "{}", act.does);
                let when = match act.trigger {
                    Trigger::Load => "",
                    Trigger::Call => " (call)",
                };
                let hidden = if act.hidden { " hidden" } else { "" };
                let (tool, event, does, target) = (door.tool, act.event, act.does, act.target);
                lines.push(format!("{tool} {event}{when}{hidden}: {does} {target}"));
            }
            if let Some(reason) = door.unread {
                lines.push(format!("{} unread: {reason}", door.tool));
            }
        }
        lines
    }

    #[test]
    fn arguments_are_quoted_where_a_shell_needs_it() {
        let line = command_line("node", ["-e", "a(); b('c')", ""].iter());
        assert_eq!(line, "node -e 'a(); b('\\''c'\\'')' ''");
    }

    #[test]
    fn too_many_acts_are_cut_and_told() {
        let line = "a:\n\techo\n".repeat(MOST_ACTS + 1);
        let found = acts(&[("Makefile", &line)]);
        assert_eq!(found.len(), MOST_ACTS + 1);
        assert!(
            found
                .last()
                .is_some_and(|last| last.contains("unread: more than"))
        );
    }
}
