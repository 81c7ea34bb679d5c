//! Programs that run something: shells, runtimes, wrappers, package managers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::programs::{Call, joined};
use super::read::Dialect;
use super::run::Shell;
use super::runtimes::By;
use super::table::Role;
use super::value::{TaintKind, Value};
use super::word;
use crate::api::AimKind;
use crate::model::{Reason, Span};

/// Arguments of `parallel` that are told apart.
const MOST_ARGUMENTS: usize = 64;

impl Shell<'_> {
    pub(super) fn wrapped(&mut self, call: &Call<'_>) -> Value {
        if let Some(line) = call.first(Role::Line) {
            return self.any_line(&line, call);
        }
        let words = self.assigned(call.from(Role::Command)).to_vec();
        if words.is_empty() {
            return Value::default();
        }
        self.program(words, call.input, call.span)
    }

    /// The words after assignments, which are made.
    fn assigned<'v>(&mut self, words: &'v [Value]) -> &'v [Value] {
        let mut rest = words;
        while let Some((first, after)) = rest.split_first() {
            match first.text.split_once('=') {
                Some((name, value))
                    if !name.is_empty()
                        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
                {
                    self.variables
                        .insert(name.to_owned(), first.with_text(value));
                }
                _ if first.text == "--" => {}
                _ => break,
            }
            rest = after;
        }
        rest
    }

    /// `env`, `cross-env`, `printenv`.
    pub(super) fn environment(&mut self, call: &Call<'_>) -> Value {
        if let Some(line) = call.first(Role::Line) {
            return self.any_line(&line, call);
        }
        if call.name == "printenv"
            && let Some(name) = call.first(Role::Rest)
        {
            return self.lookup(&name.text, call.span);
        }
        let words = self.assigned(call.from(Role::Command)).to_vec();
        if !words.is_empty() {
            if call.name == "cross-env-shell" {
                let line = joined(&words);
                return self.any_line(&line, call);
            }
            return self.program(words, call.input, call.span);
        }
        if !call.name.starts_with("env") && call.name != "printenv" {
            return Value::default();
        }
        self.whole_environment(call.span)
    }

    pub(super) fn whole_environment(&mut self, span: Span) -> Value {
        let all = Value::literal("*");
        self.act("environment.read", AimKind::Variable, &all, span);
        Value::from_source(
            TaintKind::Environment,
            Some("*".to_owned()),
            self.place(span),
        )
    }

    /// A line that is run: what it holds, and what it says.
    pub(super) fn any_line(&mut self, line: &Value, call: &Call<'_>) -> Value {
        let command = joined(call.words).text;
        self.runs(line, &command, false, call.span);
        self.line(&line.text, call.input, call.span)
    }

    pub(super) fn lines(&mut self, call: &Call<'_>) -> Value {
        let mut printed = Value::default();
        for line in call.of(Role::Line) {
            // `npm:build` is short for `npm run build`.
            let value = match line.text.split_once(':') {
                Some(("npm" | "yarn" | "pnpm" | "bun", name))
                    if !name.contains(char::is_whitespace) =>
                {
                    let name = name.to_owned();
                    self.named_scripts(&name);
                    Value::default()
                }
                _ => self.any_line(&line, call),
            };
            printed.push(&value);
        }
        printed
    }

    pub(super) fn evaluated(&mut self, call: &Call<'_>) -> Value {
        let mut line = joined(call.words.get(1..).unwrap_or(&[]));
        // `… | iex`.
        if line.is_empty() {
            line = call.input.clone();
        }
        self.any_line(&line, call)
    }

    pub(super) fn shell(&mut self, call: &Call<'_>) -> Value {
        if let Some(line) = call.first(Role::Line) {
            let arguments = call.from(Role::Run).to_vec();
            let outer =
                (!arguments.is_empty()).then(|| std::mem::replace(&mut self.arguments, arguments));
            let command = joined(call.words).text;
            self.runs(&line, &command, false, call.span);
            let printed = self.text(&line.text, Dialect::Posix, call.input, call.span);
            if let Some(outer) = outer {
                self.arguments = outer;
            }
            return printed;
        }
        let words = call.from(Role::Run).to_vec();
        let command = joined(call.words).text;
        match words.first() {
            Some(path) if path.text != "-" && !call.found.has("s") => {
                let path = path.clone();
                self.file(&path, words, &command, By::Shell, call.input, call.span)
            }
            _ => {
                self.runs(call.input, &command, false, call.span);
                if !call.input.is_known() {
                    return Value::default();
                }
                let text = call.input.text.clone();
                self.text(&text, Dialect::Posix, &Value::default(), call.span)
            }
        }
    }

    /// `cmd /c …`.
    pub(super) fn windows_shell(&mut self, call: &Call<'_>) -> Value {
        let words = call.from(Role::Command).to_vec();
        match words.as_slice() {
            [] => {
                self.runs(call.input, "cmd", false, call.span);
                Value::default()
            }
            [line] => self.any_line(line, call),
            _ => self.program(words, call.input, call.span),
        }
    }

    /// `start "title" /b program …`, `Start-Process program …`.
    pub(super) fn started(&mut self, call: &Call<'_>) -> Value {
        let mut words = call.from(Role::Command);
        if call.name == "start"
            && words
                .first()
                .is_some_and(|word| word.text.is_empty() || word.text.contains(' '))
        {
            words = words.get(1..).unwrap_or(&[]);
        }
        let mut inner: Vec<Value> = Vec::new();
        for word in words {
            let is_own = call.name != "start" && word.text.starts_with('-');
            if word.text.starts_with('/') && inner.is_empty() || is_own {
                continue;
            }
            inner.push(word.clone());
        }
        self.program(inner, call.input, call.span)
    }

    pub(super) fn powershell(&mut self, call: &Call<'_>) -> Value {
        let command = joined(call.words).text;
        if let Some(encoded) = call.first(Role::Encoded) {
            let Some(text) = utf16(&encoded.text) else {
                self.unread(
                    Reason::UnresolvedValue,
                    "powershell -EncodedCommand",
                    call.span,
                );
                return Value::default();
            };
            // Encoded for the sake of its quotes, more often than not; what it says is read.
            let code = encoded.with_text(text);
            self.runs(&code, &command, false, call.span);
            return self.text(&code.text, Dialect::PowerShell, call.input, call.span);
        }
        if call.found.given.iter().any(|(role, ..)| *role == Role::Run) {
            let words = call.from(Role::Run).to_vec();
            let path = words.first().cloned().unwrap_or_default();
            return self.file(&path, words, &command, By::Itself, call.input, call.span);
        }
        let mut line = joined(call.from(Role::Line));
        if line.is_empty() || line.text == "-" {
            line = call.input.clone();
        }
        self.runs(&line, &command, false, call.span);
        self.text(&line.text, Dialect::PowerShell, call.input, call.span)
    }

    pub(super) fn sourced(&mut self, call: &Call<'_>) -> Value {
        let words = call.from(Role::Run).to_vec();
        let Some(path) = words.first().cloned() else {
            return Value::default();
        };
        let command = joined(call.words).text;
        self.file(&path, words, &command, By::Shell, call.input, call.span)
    }

    /// `xargs`: what it reads becomes arguments.
    pub(super) fn xargs(&mut self, call: &Call<'_>) -> Value {
        let mut words = call.from(Role::Command).to_vec();
        if words.is_empty() {
            return Value::default();
        }
        // `parallel COMMAND ::: ARGUMENTS`.
        if let Some(at) = words.iter().position(|word| word.text.starts_with(":::")) {
            let arguments = words.split_off(at);
            for argument in arguments.into_iter().skip(1).take(MOST_ARGUMENTS) {
                let mut one = words.clone();
                one.push(argument);
                self.program(one, &Value::default(), call.span);
            }
            return Value::default();
        }
        let replaced = words.iter().any(|word| word.text.contains("{}"));
        let first = call.input.text.split_whitespace().next().unwrap_or("<?>");
        let item = call.input.with_text(first);
        for word in words.iter_mut().filter(|word| word.text.contains("{}")) {
            let text = word.text.replace("{}", &item.text);
            let mut value = word.with_text(text);
            value.taints.extend(item.taints.iter().cloned());
            *word = value;
        }
        if !replaced && !call.input.is_empty() {
            words.push(item);
        }
        self.program(words, &Value::default(), call.span)
    }
}

/// The text of base64 over UTF-16, as PowerShell takes it.
fn utf16(encoded: &str) -> Option<String> {
    let clean: String = encoded.chars().filter(|c| !c.is_whitespace()).collect();
    if word::hole(&clean).is_some() {
        return None;
    }
    let clean = clean.trim_end_matches('=');
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::general_purpose::NO_PAD,
    );
    let bytes = engine
        .decode(clean)
        .or_else(|_| STANDARD.decode(encoded))
        .ok()?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from(pair[0]) | u16::from(pair[1]) << 8)
        .collect();
    Some(String::from_utf16_lossy(&units))
}
