//! From a command to what its program does.

use super::does::Does;
use super::run::{Shell, base};
use super::runtimes::By;
use super::table::{Arguments, Program, Role};
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::{Origin, OriginSet, Span};

/// A command whose program is known.
pub(super) struct Call<'c> {
    pub(super) name: &'static str,
    pub(super) words: &'c [Value],
    pub(super) found: Arguments,
    pub(super) input: &'c Value,
    pub(super) span: Span,
}

impl Call<'_> {
    /// The arguments of a role.
    pub(super) fn of(&self, role: Role) -> Vec<Value> {
        let given = self.found.given.iter().filter(|(known, ..)| *known == role);
        given
            .filter_map(|&(_, at, from)| self.value(at, from))
            .collect()
    }

    /// The first argument of a role.
    pub(super) fn first(&self, role: Role) -> Option<Value> {
        self.of(role).into_iter().next()
    }

    fn value(&self, at: usize, from: usize) -> Option<Value> {
        let word = self.words.get(at)?;
        let text = word.text.get(from..)?;
        Some(if from == 0 {
            word.clone()
        } else {
            word.with_text(text)
        })
    }

    /// The words from the first argument of a role on.
    pub(super) fn from(&self, role: Role) -> &[Value] {
        let first = self.found.given.iter().find(|(known, ..)| *known == role);
        first
            .and_then(|&(_, at, _)| self.words.get(at..))
            .unwrap_or(&[])
    }

    /// The words behind the program's own arguments.
    pub(super) fn after(&self) -> &[Value] {
        self.found
            .end
            .and_then(|end| self.words.get(end..))
            .unwrap_or(&[])
    }

    /// Everything that goes into the command.
    pub(super) fn everything(&self) -> Vec<&Value> {
        self.words.iter().skip(1).chain([self.input]).collect()
    }
}

/// Words as one text.
pub(super) fn joined(words: &[Value]) -> Value {
    let mut whole = Value::default();
    for word in words {
        if !whole.text.is_empty() {
            whole.push_text(" ");
        }
        whole.push(word);
    }
    whole
}

impl Shell<'_> {
    /// A program that the tables know.
    pub(super) fn known(
        &mut self,
        program: &'static Program,
        words: &[Value],
        input: &Value,
        span: Span,
    ) -> Value {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let found = program.arguments(&texts);
        let call = Call {
            name: program.name,
            words,
            found,
            input,
            span,
        };
        if !is_inner(program.does) {
            self.executes(words, span);
        }
        match program.does {
            Does::Nothing => self.nothing(&call),
            Does::Tool => self.tool(&call),
            Does::Configured => self.configured(&call),
            Does::Wrap => self.wrapped(&call),
            Does::Fetched => self.fetched(&call),
            Does::Lines => self.lines(&call),
            Does::Eval => self.evaluated(&call),
            Does::Shell => self.shell(&call),
            Does::Cmd => self.windows_shell(&call),
            Does::Start => self.started(&call),
            Does::PowerShell => self.powershell(&call),
            Does::JavaScript => self.javascript(&call),
            Does::Foreign => self.foreign(&call),
            Does::Manager => self.manager(&call),
            Does::Scripts => self.scripts(&call),
            Does::Make => self.make(&call),
            Does::Source => self.sourced(&call),
            Does::Fetch => self.fetch(&call, false),
            Does::FetchFile => self.fetch(&call, true),
            Does::Connect => self.connect(&call),
            Does::RemoteCopy => self.remote_copy(&call),
            Does::Dns => self.dns(&call),
            Does::Filter => self.filter(&call),
            Does::Echo => self.echo(&call),
            Does::Copy => self.copy(&call),
            Does::Tee => self.tee(&call),
            Does::Files(ids) | Does::Windows(ids) => self.on_files(&call, ids),
            Does::Archive => self.archive(&call),
            Does::Find => self.find(&call),
            Does::Xargs => self.xargs(&call),
            Does::Acts(id) => self.acts(&call, id),
            Does::Prints(_, "clipboard.read") if takes_input(&call) => {
                self.acts(&call, "clipboard.write")
            }
            Does::Prints(kind, id) => self.prints(&call, kind, id),
            Does::Environment => self.environment(&call),
            Does::Cd => self.cd(&call),
            Does::Set => self.set(&call),
            Does::Read => self.read_variables(&call),
            Does::Kill => self.kill(&call),
            Does::Schedule => self.schedule(&call),
            Does::Install => self.install(&call),
            Does::Vault => self.vault(&call),
            Does::Load => self.load(&call),
        }
    }

    fn acts(&mut self, call: &Call<'_>, id: &'static str) -> Value {
        self.act_of(id, AimKind::Other, call.name, call.span);
        Value::default()
    }

    /// A program that no table knows: a file or a command of the package, or anything.
    pub(super) fn unknown(&mut self, words: Vec<Value>, input: &Value, span: Span) -> Value {
        let Some(first) = words.first().cloned() else {
            return Value::default();
        };
        if first.text.is_empty() && first.taints.is_empty() {
            return Value::default();
        }
        self.executes(&words, span);
        let command = joined(&words).text;
        // A command that was printed by another one.
        self.runs(&first, &command, false, span);
        // Windows looks for a program in its folder too.
        let is_made = [".exe", ".com", ".bat", ".cmd"]
            .iter()
            .any(|end| first.text.ends_with(end))
            && self.files.contains_key(&self.absolute(&first).text);
        let is_path = first.text.contains(['/', '\\']) || is_made;
        if is_path && !first.text.contains("://") {
            let path = first.clone();
            return self.file(&path, words, &command, By::Itself, input, span);
        }
        if !is_path && let Some(path) = self.world.command(&base(&first.text)) {
            let path = Value::literal(format!("<package>/{path}"));
            return self.file(&path, words, &command, By::Itself, input, span);
        }
        let mut printed = Value::unknown(Origin::Unknown);
        for value in words.iter().skip(1).chain([input]) {
            for taint in &value.taints {
                printed.taint(taint.clone());
            }
        }
        printed
    }

    /// Facts about the machine.
    pub(super) fn prints(&mut self, call: &Call<'_>, kind: TaintKind, id: &'static str) -> Value {
        let asks = |letters: [&str; 2]| letters.iter().any(|letter| call.found.has(letter));
        if call.name == "uname" && !asks(["a", "n"]) {
            return Value::literal("<platform>");
        }
        let what = Value::literal(joined(call.words).text);
        let place = self.place(call.span);
        if id == "fs.read" {
            let history = Value::literal("~/.bash_history");
            self.act(id, AimKind::Path, &history, call.span);
            return Value::from_source(kind, Some(history.text), place);
        }
        self.act(id, AimKind::Other, &what, call.span);
        Value::from_source(kind, Some(what.text), place)
    }

    pub(super) fn act_of(&mut self, id: &'static str, kind: AimKind, text: &str, span: Span) {
        let target = (!text.is_empty()).then(|| text.to_owned());
        self.act_on(id, kind, target, OriginSet::of(Origin::Literal), span);
    }
}

/// What a shell does itself, or what only runs something else: that is said of what it runs.
fn is_inner(does: Does) -> bool {
    matches!(
        does,
        Does::Nothing
            | Does::Wrap
            | Does::Lines
            | Does::Eval
            | Does::Cd
            | Does::Set
            | Does::Read
            | Does::Echo
            | Does::Source
            | Does::Environment
            | Does::Start
    )
}

/// `xclip -i`, `xsel --input`: the same program writes.
fn takes_input(call: &Call<'_>) -> bool {
    ["i", "in", "input"].iter().any(|flag| call.found.has(flag))
}

/// Whether a path names a program of the package: not one on the search path, nor one of the
/// system's.
pub(super) fn is_own(path: &str) -> bool {
    let path = path.replace('\\', "/");
    path.contains('/')
        && ![
            "/bin/",
            "/usr/",
            "/sbin/",
            "/opt/",
            "/System/",
            "C:/Windows/",
            "<env:",
        ]
        .iter()
        .any(|start| path.starts_with(start))
        && !path.contains("node_modules/.bin/")
        && !path.to_ascii_lowercase().contains("/system32/")
}
