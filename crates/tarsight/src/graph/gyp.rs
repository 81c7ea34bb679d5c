//! Builds of native code: what the commands in gyp files do.

use super::paths::{folder, join};
use super::{Edge, ModuleGraph, Target};
use crate::facts::ImportKind;
use crate::gyp::{self, Build, Text, Trouble};
use crate::model::{FileId, Reach, Reason, Span};
use crate::parse::ir::FuncId;
use crate::shell::{Dialect, Meaning, Setting, Unread};
use crate::source::decode;
use crate::value::Place;

/// Gyp files of one package that are read.
const MOST_FILES: usize = 64;

/// A command of a build.
#[derive(Debug)]
pub(crate) struct BuildCommand {
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says.
    pub(crate) text: String,
    /// What it does, by its number among [`ModuleGraph::ran`].
    pub(crate) ran: usize,
    /// Whether what it prints becomes a part of the file.
    pub(crate) expands: bool,
    /// Whether the package has anything to compile.
    pub(crate) compiles: bool,
}

impl ModuleGraph<'_> {
    /// Reads the build file at the root, those that commands build, and what they take in.
    pub(crate) fn run_builds(&mut self) {
        let archive = self.resolver.archive();
        let led = self.ran.iter().flat_map(|ran| &ran.meaning.leads);
        let led = led
            .map(|lead| lead.to)
            .filter(|&file| archive.path(file).ends_with(".gyp"));
        let mut open: Vec<FileId> = archive.find("binding.gyp").into_iter().chain(led).collect();
        open.sort_unstable();
        open.dedup();
        open.truncate(MOST_FILES);
        if open.is_empty() {
            return;
        }
        let paths = archive.entries.iter().map(|entry| entry.path.as_str());
        let mut compiles = paths.into_iter().any(gyp::is_source);
        let mut next = 0;
        while let Some(&file) = open.get(next) {
            next += 1;
            let text = decode(archive.bytes(file)).text;
            let (value, trouble) = gyp::parse(&text);
            let build = gyp::commands(&value);
            compiles |= build.compiles;
            self.take_build(file, &build, trouble);
            for include in &build.includes {
                let path = include.strip_prefix("<package>/");
                let base = folder(archive.path(file));
                let path = path.map_or_else(|| join(base, include), |path| join("", path));
                if let Some(to) = path.and_then(|path| archive.find(&path)) {
                    if !open.contains(&to) && open.len() < MOST_FILES {
                        open.push(to);
                    }
                    self.leads(file, to);
                }
            }
        }
        for command in &mut self.builds {
            command.compiles = compiles;
        }
    }

    fn take_build(&mut self, file: FileId, build: &Build, trouble: Option<Trouble>) {
        let path = self.resolver.archive().path(file);
        let base = match folder(path) {
            "" => "<package>".to_owned(),
            folder => format!("<package>/{folder}"),
        };
        for command in &build.commands {
            let setting = Setting {
                dialect: Dialect::Value,
                file,
                whole: Some(command.span),
                folder: base.clone(),
                own: None,
                made: Vec::new(),
            };
            let (meaning, text) = match &command.text {
                Text::Line(line) => (self.understand(line, &setting), line.clone()),
                Text::Words(words) => (
                    self.understand_words(words.clone(), &setting),
                    words.join(" "),
                ),
                Text::Module(name) => {
                    let words = vec!["python".to_owned(), format!("{name}.py")];
                    (
                        self.understand_words(words, &setting),
                        format!("pymod_do_main {name}"),
                    )
                }
            };
            self.follow(&meaning, Reach::DORMANT);
            let ran = self.take_file(file, meaning);
            self.builds.push(BuildCommand {
                place: Place {
                    file,
                    span: command.span,
                },
                text,
                ran,
                expands: command.expands,
                compiles: false,
            });
        }
        if let Some(trouble) = trouble {
            let (reason, at) = match trouble {
                Trouble::Syntax(at) => (Reason::SyntaxError, at),
                Trouble::TooDeep => (Reason::NestingTooDeep, 0),
            };
            let unread = Unread {
                reason,
                detail: "gyp: no Python literal that is read".to_owned(),
                at: Place {
                    file,
                    span: Span::new(at, at),
                },
            };
            let meaning = Meaning {
                unread: vec![unread],
                ..Meaning::default()
            };
            self.take_file(file, meaning);
        }
    }

    /// The commands of builds.
    pub(crate) fn builds(&self) -> &[BuildCommand] {
        &self.builds
    }

    /// Whenever one file runs, another one does.
    pub(super) fn leads(&mut self, from: FileId, to: FileId) {
        if self.led.insert((from, to)) {
            self.add_edge(Edge {
                from,
                to: Target::File(to),
                kind: ImportKind::Run,
                on_load: true,
                function: FuncId::NONE,
                import: u32::MAX,
            });
        }
    }
}
