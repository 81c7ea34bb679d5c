//! Follows a script the way a shell would: command after command, every branch.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::meaning::Meaning;
use super::programs::is_own;
use super::read::{Dialect, read};
use super::script::{Command, Node, Problem, Redirect, Script, Shared, Way};
use super::table;
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::{FileId, Origin, OriginSet, Reason, Span};
use crate::value::Place;

/// Commands of one text that are followed, with those of functions, loops and scripts it runs.
const MOST_STEPS: u32 = 20_000;
/// Bytes of arguments that cost one step more.
const BYTES_OF_STEP: usize = 1024;
/// Levels of commands in commands, over all texts that are followed at once.
const MOST_LEVELS: u32 = 64;
/// Words of a loop for which its body is followed.
const MOST_TURNS: usize = 8;
/// Longest text that is read.
const MOST_BYTES: usize = 4 << 20;

/// What a script may refer to.
pub(crate) trait World {
    /// The file of the package at a path that starts with `<package>`, as a runtime would find it.
    fn find(&mut self, path: &str) -> Option<FileId>;
    /// The path of a file inside the package.
    fn path(&self, file: FileId) -> String;
    /// The text of a file, if a shell can run it: by what it is, or since it is given to one.
    fn script_file(&self, file: FileId, to_shell: bool) -> Option<(String, Dialect)>;
    /// The text of a file that is not long.
    fn text(&self, file: FileId) -> Option<String>;
    /// A script of package.json, and where it stands.
    fn script(&self, name: &str) -> Option<(String, Place)>;
    /// The names of all scripts of package.json.
    fn scripts(&self) -> Vec<String>;
    /// Name, line and place of the scripts of another package.json, by the path of its folder;
    /// `None` if there is none.
    fn scripts_in(&mut self, folder: &str) -> Option<Vec<(String, String, Place)>>;
    /// The files that test runners take for tests by their names.
    fn tests(&self) -> Vec<FileId>;
    /// The file of a command of the package.
    fn command(&self, name: &str) -> Option<String>;
    /// What a package manager puts into the environment.
    fn variable(&self, name: &str) -> Option<String>;
    /// Takes so many steps of those that all texts of the package may take together.
    fn pay(&mut self, steps: u32) -> bool;
}

/// Where a text stands, and where it runs.
pub(crate) struct Setting {
    /// For whom it is.
    pub(crate) dialect: Dialect,
    /// The file that holds it.
    pub(crate) file: FileId,
    /// Where it stands there; `None` if the file is the text.
    pub(crate) whole: Option<Span>,
    /// The folder in which it runs.
    pub(crate) folder: String,
    /// The path of the script itself.
    pub(crate) own: Option<String>,
    /// Files that whoever runs it wrote before, and what they hold.
    pub(crate) made: Vec<(String, String)>,
}

/// What a text does.
pub(crate) fn understand(text: &str, setting: &Setting, world: &mut dyn World) -> Meaning {
    let mut shell = Shell::new(setting, world);
    let script = shell.read(text);
    shell.nodes(&script.nodes, &Value::default());
    shell.rest();
    shell.out
}

/// What a program does with its arguments, without a shell between.
pub(crate) fn understand_words(
    words: Vec<String>,
    setting: &Setting,
    world: &mut dyn World,
) -> Meaning {
    let mut shell = Shell::new(setting, world);
    let words = words.into_iter().map(Value::literal).collect();
    shell.program(words, &Value::default(), Span::default());
    shell.out
}

/// Where the text stands that is followed.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub(super) file: FileId,
    pub(super) whole: Option<Span>,
    pub(super) dialect: Dialect,
}

pub(super) struct Shell<'w> {
    pub(super) world: &'w mut dyn World,
    pub(super) out: Meaning,
    pub(super) here: Here,
    pub(super) variables: FxHashMap<String, Value>,
    pub(super) functions: FxHashMap<String, Shared>,
    /// Functions that were called, and aliases.
    pub(super) called: Vec<String>,
    /// Functions that are being followed.
    calling: Vec<String>,
    /// What was written to files.
    pub(super) files: FxHashMap<String, Value>,
    /// What was unpacked from an archive that was made or fetched.
    pub(super) unpacked: Value,
    /// The last connection that was opened as a file.
    connection: Option<Value>,
    /// Whether some file is a pipe: then what reads it may stand before what writes it.
    pub(super) has_fifo: bool,
    pub(super) cwd: String,
    /// `$0`, `$1`, ….
    pub(super) arguments: Vec<Value>,
    /// Whether arguments that are missing are empty, since the caller is known.
    pub(super) is_called: bool,
    /// Files and scripts that are being followed.
    pub(super) open: Vec<String>,
    steps: u32,
    levels: u32,
}

impl<'w> Shell<'w> {
    fn new(setting: &Setting, world: &'w mut dyn World) -> Self {
        let own = setting.own.clone().map(Value::literal);
        Self {
            world,
            out: Meaning::default(),
            here: Here {
                file: setting.file,
                whole: setting.whole,
                dialect: setting.dialect,
            },
            variables: FxHashMap::default(),
            functions: FxHashMap::default(),
            called: Vec::new(),
            calling: Vec::new(),
            files: setting
                .made
                .iter()
                .map(|(path, text)| (path.clone(), Value::literal(text.clone())))
                .collect(),
            unpacked: Value::default(),
            connection: None,
            has_fifo: false,
            cwd: setting.folder.clone(),
            arguments: own.into_iter().collect(),
            is_called: false,
            open: setting.own.iter().cloned().collect(),
            steps: MOST_STEPS,
            levels: 0,
        }
    }

    pub(super) fn read(&mut self, text: &str) -> Script {
        if text.len() > MOST_BYTES {
            let detail = format!("a script of {} bytes", text.len());
            self.unread(Reason::FileTooLarge, detail, Span::default());
            return Script::default();
        }
        let script = read(text, self.here.dialect);
        match script.problem {
            Some(Problem::Syntax(what, span)) => {
                self.unread(Reason::SyntaxError, format!("shell: {what}"), span);
            }
            Some(Problem::TooDeep(span)) => {
                self.unread(Reason::NestingTooDeep, "shell: too many levels", span);
            }
            None => {}
        }
        if script.problem.is_some() {
            self.lexical(text);
        }
        script
    }

    /// Addresses in a text that was not read as a whole.
    pub(super) fn lexical(&mut self, text: &str) {
        for (at, _) in text.match_indices("://").take(64) {
            let before = text.get(..at).unwrap_or("");
            let scheme = before.len()
                - before
                    .bytes()
                    .rev()
                    .take_while(u8::is_ascii_alphabetic)
                    .count();
            let rest = text.get(scheme..).unwrap_or("");
            let end = rest
                .find(|c: char| c.is_whitespace() || "\"'`|;&<>()".contains(c))
                .unwrap_or(rest.len());
            let url = Value::literal(rest.get(..end).unwrap_or(""));
            let id = if matches!(rest.get(..at - scheme), Some("http" | "https")) {
                "network.http"
            } else {
                "network.socket"
            };
            self.act(id, AimKind::Url, &url, Span::default());
        }
    }

    /// Functions that nothing called: somebody else may.
    fn rest(&mut self) {
        let mut names: Vec<String> = self.functions.keys().cloned().collect();
        names.sort_unstable();
        self.arguments.truncate(1);
        for name in names {
            if !self.called.contains(&name) {
                self.call(&name, None, &Value::default());
            }
        }
    }

    pub(super) fn charge(&mut self) -> bool {
        self.pay(1)
    }

    /// Counts the reading of a text, which commands may ask for again and again.
    pub(super) fn pay_for(&mut self, text: &str) -> bool {
        const BYTES: usize = 512;
        let steps = u32::try_from(text.len() / BYTES).unwrap_or(u32::MAX);
        steps == 0 || self.pay(steps)
    }

    fn pay(&mut self, steps: u32) -> bool {
        if self.steps == 0 {
            return false;
        }
        let is_paid = self.world.pay(steps);
        self.steps = match is_paid {
            true => self.steps.saturating_sub(steps),
            false => 0,
        };
        if self.steps == 0 {
            let detail = match is_paid {
                true => format!("shell: more than {MOST_STEPS} commands"),
                false => "shell: more commands than are followed in one package".to_owned(),
            };
            self.unread(Reason::BudgetExhausted, detail, Span::default());
        }
        self.steps > 0
    }

    /// Follows commands; what they print.
    pub(super) fn nodes(&mut self, nodes: &[Node], input: &Value) -> Value {
        let mut printed = Value::default();
        if self.levels >= MOST_LEVELS {
            self.unread(
                Reason::NestingTooDeep,
                "shell: too many levels",
                Span::default(),
            );
            return printed;
        }
        self.levels += 1;
        for node in nodes {
            if !self.charge() {
                break;
            }
            let value = self.node(node, input);
            printed.push(&value);
        }
        self.levels -= 1;
        printed
    }

    fn node(&mut self, node: &Node, input: &Value) -> Value {
        match node {
            Node::Command(command) => self.command(command, input),
            Node::Pipe(nodes) => {
                let printed = self.pipe(nodes, input);
                if !std::mem::take(&mut self.has_fifo) {
                    return printed;
                }
                // What the last of them wrote is what the first of them reads.
                self.pipe(nodes, input)
            }
            Node::Group(nodes, redirects) => {
                let input = self.input(redirects, input);
                let printed = self.nodes(nodes, &input);
                self.outputs(redirects, printed)
            }
            Node::Each(name, words, body, redirects) => {
                let input = self.input(redirects, input);
                let items: Vec<Value> = words.iter().flat_map(|word| self.fields(word)).collect();
                let mut printed = Value::default();
                for item in items.iter().take(MOST_TURNS) {
                    self.variables.insert(name.clone(), item.clone());
                    let value = self.nodes(body, &input);
                    printed.push(&value);
                }
                if items.is_empty() {
                    printed = self.nodes(body, &input);
                }
                if items.len() > MOST_TURNS {
                    let detail = format!("shell: a loop over {} words", items.len());
                    self.unread(Reason::UnresolvedValue, detail, Span::default());
                }
                self.outputs(redirects, printed)
            }
            Node::Function(name, body) => {
                self.functions.insert(name.clone(), Rc::clone(body));
                Value::default()
            }
        }
    }

    fn pipe(&mut self, nodes: &[Node], input: &Value) -> Value {
        let mut value = input.clone();
        for node in nodes {
            if !self.charge() {
                return Value::default();
            }
            value = self.node(node, &value);
        }
        value
    }

    fn command(&mut self, command: &Command, input: &Value) -> Value {
        let lasting = command.words.is_empty();
        let mut before = Vec::new();
        for (name, word) in &command.assigns {
            let mut value = self.single(word);
            // `PATH=x:$PATH` would grow and grow.
            if name == "PATH" {
                value = Value::unknown(Origin::Environment);
            }
            let bytes = value.text.len();
            self.pay(u32::try_from(bytes / BYTES_OF_STEP).unwrap_or(u32::MAX));
            let old = self.variables.insert(name.clone(), value);
            before.push((name.clone(), old));
        }
        let mut words: Vec<Value> = Vec::new();
        for word in &command.words {
            words.extend(self.fields(word));
        }
        // Long texts are copied: they cost more.
        let bytes: usize = words.iter().map(|word| word.text.len()).sum();
        self.pay(u32::try_from(bytes / BYTES_OF_STEP).unwrap_or(u32::MAX));
        let input = self.input(&command.redirects, input);
        let printed = if words.is_empty() {
            Value::default()
        } else {
            self.program(words, &input, command.span)
        };
        let printed = self.outputs(&command.redirects, printed);
        if !lasting {
            for (name, old) in before {
                match old {
                    Some(old) => self.variables.insert(name, old),
                    None => self.variables.remove(&name),
                };
            }
        }
        printed
    }

    /// What a command reads, after its redirections.
    fn input(&mut self, redirects: &[Redirect], input: &Value) -> Value {
        let mut input = input.clone();
        for redirect in redirects {
            match redirect.way {
                Way::Text => input = self.single(&redirect.target),
                Way::Read => {
                    let path = self.single(&redirect.target);
                    input = match self.device(&path, &[], redirect.target.span) {
                        Some(answer) => answer,
                        None => self.content(&path, redirect.target.span),
                    };
                }
                // `>& /dev/tcp/HOST/PORT 0>&1`: it reads what it writes to.
                Way::Write => {
                    let path = self.single(&redirect.target);
                    if path.text.starts_with("/dev/tcp/") {
                        self.device(&path, &[], redirect.target.span);
                    }
                }
                Way::Same => {
                    if redirect.stream == Some(0)
                        && let Some(answer) = &self.connection
                    {
                        input = answer.clone();
                    }
                }
            }
        }
        input
    }

    /// Writes what a command printed where its redirections say; what is left for the next.
    fn outputs(&mut self, redirects: &[Redirect], printed: Value) -> Value {
        if redirects.is_empty() {
            return printed;
        }
        let mut prints = true;
        for redirect in redirects
            .iter()
            .filter(|redirect| redirect.way == Way::Write)
        {
            let path = self.single(&redirect.target);
            let is_print = redirect.stream.is_none_or(|stream| stream == 1);
            let span = redirect.target.span;
            let name = path.text.to_ascii_lowercase();
            let nowhere = matches!(name.as_str(), "/dev/null" | "nul" | "$null" | "nul:");
            let is_stream = name.starts_with("/dev/std") || name.starts_with("/dev/tty");
            if is_print && !is_stream {
                prints = false;
            }
            self.out.silent |= nowhere && is_print;
            if nowhere || is_stream || path.text.is_empty() {
                continue;
            }
            let nothing = Value::default();
            let content = if is_print { &printed } else { &nothing };
            if self.device(&path, &[content], span).is_none() {
                self.writes(&path, content, span);
            }
        }
        if prints { printed } else { Value::default() }
    }

    /// `/dev/tcp/HOST/PORT`: a connection. What it answers.
    fn device(&mut self, path: &Value, payload: &[&Value], span: Span) -> Option<Value> {
        let rest = path
            .text
            .strip_prefix("/dev/tcp/")
            .or(path.text.strip_prefix("/dev/udp/"))?;
        let to = path.with_text(rest.replacen('/', ":", 1));
        self.act("network.socket", AimKind::Host, &to, span);
        self.sends("network.socket", &to, payload, span);
        let answer = Value::from_source(TaintKind::Remote, to.target(), self.place(span));
        self.connection = Some(answer.clone());
        Some(answer)
    }

    /// Runs a program with its arguments; what it prints.
    pub(super) fn program(&mut self, words: Vec<Value>, input: &Value, span: Span) -> Value {
        let Some(first) = words.first() else {
            return Value::default();
        };
        let name = base(&first.text);
        if self.functions.contains_key(&first.text) {
            let name = first.text.clone();
            return self.call(&name, Some(words), input);
        }
        if self.levels >= MOST_LEVELS || !self.charge() {
            return Value::default();
        }
        self.levels += 1;
        let printed = match table::program(&name) {
            Some(program) if !is_own(&first.text) => self.known(program, &words, input, span),
            _ => self.unknown(words, input, span),
        };
        self.levels -= 1;
        printed
    }

    fn call(&mut self, name: &str, words: Option<Vec<Value>>, input: &Value) -> Value {
        let Some(body) = self.functions.get(name).map(Rc::clone) else {
            return Value::default();
        };
        // A function that calls itself does nothing that it has not done.
        if self.calling.iter().any(|known| known == name) {
            return Value::default();
        }
        self.calling.push(name.to_owned());
        let is_called = words.is_some();
        let mut arguments = self.arguments.clone();
        if let Some(words) = words {
            arguments = words;
            if let (Some(own), Some(first)) = (self.arguments.first(), arguments.first_mut()) {
                *first = own.clone();
            }
        }
        if !self.called.iter().any(|known| known == name) {
            self.called.push(name.to_owned());
        }
        let outer = std::mem::replace(&mut self.arguments, arguments);
        let was_called = std::mem::replace(&mut self.is_called, is_called);
        let printed = self.nodes(&body, input);
        self.arguments = outer;
        self.is_called = was_called;
        self.calling.pop();
        printed
    }

    /// Follows a text that a command runs; what it prints.
    pub(super) fn line(&mut self, text: &str, input: &Value, span: Span) -> Value {
        let dialect = self.here.dialect;
        self.text(text, dialect, input, span)
    }

    /// The same, in another language; its commands stand where the text stands.
    pub(super) fn text(
        &mut self,
        text: &str,
        dialect: Dialect,
        input: &Value,
        span: Span,
    ) -> Value {
        if !self.pay_for(text) {
            return Value::default();
        }
        let whole = self.here.whole.or(Some(span));
        let outer = self.here;
        self.here = Here {
            whole,
            dialect,
            ..outer
        };
        let script = self.read(text);
        let printed = self.nodes(&script.nodes, input);
        self.here = outer;
        printed
    }

    /// Follows a script that stands somewhere else, once at a time.
    pub(super) fn elsewhere(
        &mut self,
        key: String,
        text: &str,
        here: Here,
        arguments: Option<Vec<Value>>,
        input: &Value,
    ) -> Value {
        if self.open.contains(&key) || !self.pay_for(text) {
            return Value::default();
        }
        self.open.push(key);
        let outer = std::mem::replace(&mut self.here, here);
        let is_called = arguments.is_some();
        let arguments = arguments.unwrap_or_else(|| self.arguments.clone());
        let was = std::mem::replace(&mut self.arguments, arguments);
        let was_called = self.is_called;
        self.is_called |= is_called;
        let folder = self.cwd.clone();
        let script = self.read(text);
        let printed = self.nodes(&script.nodes, input);
        self.cwd = folder;
        self.is_called = was_called;
        self.arguments = was;
        self.here = outer;
        self.open.pop();
        printed
    }

    /// The command as one reads it.
    pub(super) fn executes(&mut self, words: &[Value], span: Span) {
        let mut whole = Value::default();
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                whole.push_text(" ");
            }
            whole.push(word);
        }
        let origin = if whole.origin == OriginSet::EMPTY {
            OriginSet::of(Origin::Literal)
        } else {
            whole.origin
        };
        self.act_on(
            "process.exec",
            AimKind::Command,
            whole.target(),
            origin,
            span,
        );
    }
}

/// The name of a program without folder and extension, in lower case.
pub(super) fn base(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.trim_start_matches('@').to_ascii_lowercase();
    let end = [".exe", ".cmd", ".bat"]
        .iter()
        .find_map(|end| name.strip_suffix(end).filter(|rest| !rest.is_empty()));
    end.unwrap_or(&name).to_owned()
}
