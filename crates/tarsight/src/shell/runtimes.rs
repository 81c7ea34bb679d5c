//! Programs that run files: Node and its kin, other languages, the system.

use super::meaning::{Code, Lead};
use super::programs::{Call, joined};
use super::read::Dialect;
use super::run::{Here, Shell};
use super::table::Role;
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::{Origin, Reason, Span};

/// What runs a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A shell.
    Shell,
    /// Node or one of its kin.
    Node,
    /// Another language's runtime.
    Foreign,
    /// The system, by what it is.
    Itself,
}

impl Shell<'_> {
    pub(super) fn javascript(&mut self, call: &Call<'_>) -> Value {
        let command = joined(call.words).text;
        self.preloaded(call, &command);
        for name in call.of(Role::Script) {
            self.named_scripts(&name.text);
        }
        if let Some(code) = call.first(Role::Code) {
            self.code(&code, &command, call.span);
            let mut printed = Value::unknown(Origin::Unknown);
            for value in call.everything() {
                for taint in &value.taints {
                    printed.taint(taint.clone());
                }
            }
            return printed;
        }
        let mut words = call.from(Role::Run).to_vec();
        let has_verbs = matches!(call.name, "bun" | "deno" | "tsx");
        if has_verbs && let Some(verb) = words.first().map(|word| word.text.clone()) {
            match verb.as_str() {
                "run" | "test" | "watch" | "exec" | "task" | "compile" | "bundle" => {
                    words.remove(0);
                    words.retain(|word| !word.text.starts_with('-'));
                    let name = words
                        .first()
                        .map(|word| word.text.clone())
                        .unwrap_or_default();
                    if self.world.script(&name).is_some() {
                        self.named_scripts(&name);
                        return Value::default();
                    }
                }
                "x" => {
                    words.remove(0);
                    return self.fetched_words(&words, call);
                }
                "eval" | "repl" => {
                    if let Some(code) = words.get(1).cloned() {
                        self.code(&code, &command, call.span);
                    }
                    return Value::default();
                }
                "install" | "i" | "add" | "link" | "update" | "upgrade" | "pm" | "create" => {
                    return self.install(call);
                }
                _ => {}
            }
        }
        match words.first() {
            Some(path) if path.text != "-" => {
                let path = path.clone();
                self.file(&path, words, &command, By::Node, call.input, call.span)
            }
            _ if call.found.has("run") => Value::default(),
            _ if call.found.has("test") => self.tested(call),
            _ => {
                self.runs(call.input, &command, false, call.span);
                if call.input.is_known() && !call.input.text.trim().is_empty() {
                    let code = call.input.clone();
                    self.code(&code, &command, call.span);
                }
                Value::default()
            }
        }
    }

    /// Files that are loaded before the program, by options or `NODE_OPTIONS`.
    fn preloaded(&mut self, call: &Call<'_>, command: &str) {
        let mut paths = call.of(Role::Preload);
        if let Some(options) = self.variables.get("NODE_OPTIONS") {
            let mut words = options.text.split_whitespace();
            while let Some(word) = words.next() {
                let (name, value) = word
                    .split_once('=')
                    .map_or((word, None), |(n, v)| (n, Some(v)));
                if matches!(
                    name,
                    "-r" | "--require" | "--import" | "--loader" | "--experimental-loader"
                ) && let Some(path) = value.or_else(|| words.next())
                {
                    paths.push(Value::literal(path));
                }
            }
        }
        for path in paths {
            if let Some(code) = path.text.strip_prefix("data:") {
                // `--import data:text/javascript,…`.
                if let Some((_, code)) = code.split_once(',') {
                    let code = path.with_text(code);
                    self.code(&code, command, call.span);
                }
            } else if path.text.starts_with(['.', '/', '<', '~']) {
                self.file(
                    &path,
                    Vec::new(),
                    command,
                    By::Node,
                    &Value::default(),
                    call.span,
                );
            }
        }
    }

    /// Code for Node.
    fn code(&mut self, code: &Value, command: &str, span: Span) {
        self.runs(code, command, false, span);
        // JavaScript that started this may have known only a part of it.
        let gaps = ["<?>", "<param>"];
        let is_whole =
            !code.text.starts_with('<') && !gaps.iter().any(|gap| code.text.contains(gap));
        if code.is_known() && is_whole {
            let at = self.place(span);
            let text = code.text.clone();
            self.out.code.push(Code { text, at });
        }
    }

    pub(super) fn foreign(&mut self, call: &Call<'_>) -> Value {
        let command = joined(call.words).text;
        if let Some(code) = call.first(Role::Code) {
            self.runs(&code, &command, false, call.span);
            self.lines_of(&code.text, call.span);
            let detail = format!("{} is given code", call.name);
            self.unread(Reason::ForeignLanguage, detail, call.span);
            return Value::unknown(Origin::Unknown);
        }
        let words = call.from(Role::Run).to_vec();
        match words.first() {
            Some(path) if path.text != "-" => {
                let path = path.clone();
                self.file(&path, words, &command, By::Foreign, call.input, call.span)
            }
            _ => {
                self.runs(call.input, &command, false, call.span);
                if !call.input.text.trim().is_empty() && call.input.is_known() {
                    let text = call.input.text.clone();
                    self.lines_of(&text, call.span);
                    let detail = format!("{} is given code", call.name);
                    self.unread(Reason::ForeignLanguage, detail, call.span);
                }
                Value::default()
            }
        }
    }

    /// Runs a file: one that the script made or fetched, or one of the package.
    pub(super) fn file(
        &mut self,
        path: &Value,
        words: Vec<Value>,
        command: &str,
        by: By,
        input: &Value,
        span: Span,
    ) -> Value {
        // `mshta https://…`, `deno run https://…`.
        if path.text.starts_with("http://") || path.text.starts_with("https://") {
            self.act("network.http", AimKind::Url, path, span);
            let at = self.place(span);
            let answer = Value::from_source(TaintKind::Remote, path.target(), at);
            self.runs(&answer, command, true, span);
            return Value::default();
        }
        let full = self.absolute(path);
        if let Some(content) = self.files.get(&full.text).cloned() {
            self.runs(&content, command, true, span);
            if content.is_known() && !content.text.trim().is_empty() {
                return self.made(&full.text, &content, command, by, span);
            }
            return Value::default();
        }
        let Some(file) = self.world.find(&full.text) else {
            let unpacked = self.unpacked.clone();
            self.runs(&unpacked, command, true, span);
            self.missing(&full, span);
            return Value::default();
        };
        let lead = Lead {
            to: file,
            at: self.place(span),
            is_code: by == By::Node,
        };
        if !self.out.leads.contains(&lead) {
            self.out.leads.push(lead);
        }
        let Some((text, dialect)) = self.world.script_file(file, by == By::Shell) else {
            return Value::unknown(Origin::Unknown);
        };
        let own = format!("<package>/{}", self.world.path(file));
        let mut arguments = words;
        if let Some(first) = arguments.first_mut() {
            *first = Value::literal(own.clone());
        }
        let here = Here {
            file,
            // Recipes of a makefile are not where they were.
            whole: (dialect == Dialect::Value).then(Span::default),
            dialect,
        };
        let arguments = (!arguments.is_empty()).then_some(arguments);
        self.elsewhere(own, &text, here, arguments, input)
    }

    /// Runs what the script itself wrote to a file.
    fn made(&mut self, path: &str, content: &Value, command: &str, by: By, span: Span) -> Value {
        let end = path.rsplit('.').next().unwrap_or("");
        let first = content.text.lines().next().unwrap_or("");
        match end {
            _ if by == By::Node => self.code(content, command, span),
            "js" | "cjs" | "mjs" if by != By::Shell => self.code(content, command, span),
            "py" | "rb" | "pl" | "vbs" if by != By::Shell => {
                self.foreign_file(path, &content.text, span);
            }
            _ if first.starts_with("#!") && first.contains("node") => {
                self.code(content, command, span);
            }
            _ if by == By::Foreign => self.foreign_file(path, &content.text, span),
            "ps1" => {
                self.text(&content.text, Dialect::PowerShell, &Value::default(), span);
            }
            "bat" | "cmd" => {
                self.text(&content.text, Dialect::Batch, &Value::default(), span);
            }
            _ => {
                self.text(&content.text, Dialect::Posix, &Value::default(), span);
            }
        }
        Value::default()
    }

    fn foreign_file(&mut self, path: &str, text: &str, span: Span) {
        self.lines_of(text, span);
        let detail = format!("{path} is written and run");
        self.unread(Reason::ForeignLanguage, detail, span);
    }

    /// What code in another language hands to the shell, and whom it names.
    fn lines_of(&mut self, code: &str, span: Span) {
        for line in shell_lines(code) {
            self.text(&line, Dialect::Posix, &Value::default(), span);
        }
        self.lexical(code);
    }

    fn missing(&mut self, path: &Value, span: Span) {
        let is_own = path.text.starts_with("<package>/") && !path.text.contains("/node_modules/");
        if is_own && path.is_known() && !path.text.contains(['*', '%']) {
            let path = path.text.trim_start_matches("<package>/");
            let detail = format!("a command runs {path}, which is not in the package");
            self.unread(Reason::UnresolvedValue, detail, span);
        }
    }
}

/// What stands before a line for the shell: in AppleScript, VBScript, Python, Perl, Ruby, PHP.
const HANDS_OVER: [&str; 7] = [
    "do shell script ",
    ".Run ",
    ".Run(",
    "os.system(",
    "os.popen(",
    "system(",
    "shell_exec(",
];
/// Lines of one text that are followed.
const MOST_LINES: usize = 16;

/// Constant lines that code in another language hands to the shell.
fn shell_lines(code: &str) -> Vec<String> {
    let mut starts: Vec<usize> = HANDS_OVER
        .iter()
        .flat_map(|mark| code.match_indices(mark).map(|(at, mark)| at + mark.len()))
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let lines = starts
        .into_iter()
        .filter_map(|start| quoted(code.get(start..)?));
    lines.take(MOST_LINES).collect()
}

/// The text in quotes with which some code begins; a quote in it is doubled or escaped.
fn quoted(code: &str) -> Option<String> {
    let mut chars = code.chars().peekable();
    let quote = chars.next().filter(|&c| matches!(c, '"' | '\''))?;
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c if c == quote && chars.peek() == Some(&quote) => text.extend(chars.next()),
            c if c == quote => return Some(text),
            c => text.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_hand_lines_to_the_shell() {
        let lines = |code: &str| shell_lines(code).join("; ");
        assert_eq!(
            lines("do shell script \"say \\\"a\\\"\" with x"),
            "say \"a\""
        );
        assert_eq!(lines("s.Run \"cmd \"\"b\"\"\", 0"), "cmd \"b\"");
        assert_eq!(lines("import os\nos.system('c')\nos.system(d)"), "c");
        assert_eq!(lines("system(\"open"), "");
    }
}
