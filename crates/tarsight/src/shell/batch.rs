//! Reads batch files: the Windows command line, as commands.

use std::rc::Rc;

use super::script::{Change, Command, Node, Piece, Problem, Redirect, Script, Way, What, Word};
use crate::model::Span;

/// Commands inside `for /f ('…')` that are read.
const MOST_LEVELS: u32 = 4;

/// Reads a batch file.
pub(super) fn read(text: &str) -> Script {
    read_at(text, 0)
}

fn read_at(text: &str, level: u32) -> Script {
    let mut batch = Batch {
        text,
        at: 0,
        level,
        nodes: Vec::new(),
        pipe: Vec::new(),
        command: Command::default(),
        problem: None,
    };
    batch.all();
    Script {
        nodes: batch.nodes,
        problem: batch.problem,
    }
}

struct Batch<'t> {
    text: &'t str,
    at: usize,
    level: u32,
    nodes: Vec<Node>,
    /// What is left of the pipe.
    pipe: Vec<Node>,
    command: Command,
    problem: Option<Problem>,
}

impl<'t> Batch<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn span(&self, from: usize) -> Span {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(number(from), number(self.at))
    }

    fn all(&mut self) {
        let mut starts = true;
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => {
                    self.at += 1;
                    self.end();
                    starts = true;
                    continue;
                }
                ' ' | '\t' | '\r' | ',' | '@' if c != '@' || self.command.words.is_empty() => {
                    self.at += 1;
                }
                '^' if self.rest().starts_with("^\n") => self.at += 2,
                '^' if self.rest().starts_with("^\r\n") => self.at += 3,
                ':' if starts => self.line_end(),
                '&' | '(' | ')' => {
                    self.at += 1;
                    self.end();
                }
                '|' if self.rest().starts_with("||") => {
                    self.at += 2;
                    self.end();
                }
                '|' => {
                    self.at += 1;
                    self.push();
                }
                '<' | '>' => self.redirect(None),
                c if c.is_ascii_digit() && self.rest().get(1..2) == Some(">") => {
                    self.at += 1;
                    self.redirect(c.to_digit(10));
                }
                _ => self.take(),
            }
            starts = false;
        }
        self.end();
    }

    fn line_end(&mut self) {
        let len = memchr::memchr(b'\n', self.rest().as_bytes());
        self.at += len.unwrap_or(self.rest().len());
    }

    /// The command so far becomes a part of the pipe.
    fn push(&mut self) {
        let command = std::mem::take(&mut self.command);
        if !command.words.is_empty() || !command.redirects.is_empty() {
            self.pipe.push(Node::Command(command));
        }
    }

    fn end(&mut self) {
        self.push();
        match self.pipe.len() {
            0 | 1 => self.nodes.extend(self.pipe.pop()),
            _ => self.nodes.push(Node::Pipe(std::mem::take(&mut self.pipe))),
        }
    }

    fn redirect(&mut self, stream: Option<u32>) {
        let reads = self.rest().starts_with('<');
        self.at += 1;
        while self.rest().starts_with('>') {
            self.at += 1;
        }
        let same = self.rest().starts_with('&');
        self.at += usize::from(same);
        self.blanks();
        let target = self.word();
        let way = match (same, reads) {
            (true, _) => Way::Same,
            (false, true) => Way::Read,
            (false, false) => Way::Write,
        };
        self.command.redirects.push(Redirect {
            stream,
            way,
            target,
        });
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    /// One more word; or what a word of the language does to those behind it.
    fn take(&mut self) {
        let from = self.at;
        let word = self.word();
        if self.at == from {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            return;
        }
        if !self.command.words.is_empty() {
            self.command.words.push(word);
            self.command.span = Span::new(self.command.span.start, self.span(from).end);
            return;
        }
        let name = word.bare().unwrap_or("").to_ascii_lowercase();
        match name.as_str() {
            "rem" | "::" => self.line_end(),
            "if" => self.condition(),
            "for" => self.each(),
            "else" | "do" => {}
            "set" => self.set(word, from),
            _ => {
                self.command.span = self.span(from);
                self.command.words.push(word);
            }
        }
    }

    /// `set "A=b c"` and `set A=b c`: all of the line is the value.
    fn set(&mut self, word: Word, from: usize) {
        self.blanks();
        let start = self.at;
        let line = self
            .rest()
            .split(['\n', '&', '|', ')'])
            .next()
            .unwrap_or("");
        let quoted = line.trim_start().starts_with('"');
        if line.trim_start().starts_with('/') || !line.contains('=') {
            self.command.span = self.span(from);
            return self.command.words.push(word);
        }
        self.at += line.len();
        let line = if quoted {
            line.trim().trim_matches('"')
        } else {
            line.trim_end_matches('\r')
        };
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let value = Word {
            pieces: pieces(value, true),
            span: self.span(start),
        };
        let command = Command {
            assigns: vec![(name.trim().to_owned(), value)],
            span: self.span(from),
            ..Command::default()
        };
        self.nodes.push(Node::Command(command));
    }

    fn condition(&mut self) {
        loop {
            self.blanks();
            let word = self.word();
            match word.bare().unwrap_or("").to_ascii_lowercase().as_str() {
                "/i" | "not" => {}
                "exist" | "defined" | "errorlevel" | "cmdextversion" => {
                    self.blanks();
                    self.word();
                    return;
                }
                text => {
                    self.blanks();
                    if text.contains("==") && !text.ends_with("==") {
                        return;
                    }
                    // `a == b`, `a equ b`, `a==b` with quotes between.
                    let rest = self.rest();
                    let joins = rest.starts_with("==");
                    let compares = ["equ", "neq", "lss", "leq", "gtr", "geq"]
                        .iter()
                        .any(|word| {
                            rest.get(..4).is_some_and(|start| {
                                start.to_ascii_lowercase().starts_with(&format!("{word} "))
                            })
                        });
                    if joins {
                        self.at += 2;
                    } else if compares {
                        self.at += 4;
                    }
                    if joins || compares || text.ends_with("==") {
                        self.blanks();
                        self.word();
                    }
                    return;
                }
            }
        }
    }

    /// `for /f "…" %%i in ('command') do …`: the command runs too.
    fn each(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or("");
        let Some(open) = line.find('(') else {
            return self.line_end();
        };
        let close = line
            .get(open..)
            .and_then(|rest| rest.find(')'))
            .map_or(line.len(), |at| open + at);
        let inside = line.get(open + 1..close).unwrap_or("").trim();
        let runs = inside
            .strip_prefix(['\'', '`'])
            .and_then(|rest| rest.strip_suffix(['\'', '`']));
        let from = self.at;
        self.at += (close + 1).min(line.len());
        if let Some(command) = runs
            && self.level < MOST_LEVELS
        {
            let span = self.span(from);
            let mut script = read_at(command, self.level + 1);
            place(&mut script.nodes, span);
            self.nodes.append(&mut script.nodes);
        }
    }

    fn word(&mut self) -> Word {
        let from = self.at;
        let mut text = String::new();
        let mut all: Vec<Piece> = Vec::new();
        let mut in_quotes = false;
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    all.extend(pieces(&text, in_quotes));
                    text.clear();
                    in_quotes = !in_quotes;
                    if !in_quotes && all.is_empty() {
                        all.extend(Word::text("", Span::default()).pieces);
                    }
                }
                '\n' => break,
                ' ' | '\t' | '\r' | ',' | ';' | '&' | '|' | '<' | '>' | '(' | ')' if !in_quotes => {
                    break;
                }
                '^' if !in_quotes => {
                    self.at += 1;
                    match self.rest().chars().next() {
                        Some('\n') => {}
                        Some(next) => text.push(next),
                        None => break,
                    }
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                    continue;
                }
                c => text.push(c),
            }
            self.at += c.len_utf8();
        }
        if in_quotes {
            let span = self.span(from);
            self.problem
                .get_or_insert(Problem::Syntax("a quote that nothing ends", span));
        }
        all.extend(pieces(&text, in_quotes));
        Word {
            pieces: all,
            span: self.span(from),
        }
    }
}

/// Gives every command the same place.
fn place(nodes: &mut [Node], span: Span) {
    for node in nodes {
        match node {
            Node::Command(command) => command.span = span,
            Node::Pipe(nodes) => place(nodes, span),
            _ => {}
        }
    }
}

/// A text with its variables: `%NAME%`, `!NAME!`, `%1`, `%~dp0`, `%*`, `%%i`.
fn pieces(text: &str, quoted: bool) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let add = |found: &mut Vec<Piece>, plain: &mut String, what: What| {
        if !plain.is_empty() {
            let what = What::Text(std::mem::take(plain));
            found.push(Piece { what, quoted });
        }
        found.push(Piece { what, quoted: true });
    };
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        let variable = match c {
            '%' => variable(after, '%'),
            '!' => variable(after, '!').filter(|(what, _)| *what != What::Unknown),
            _ => None,
        };
        match variable {
            Some((what, len)) => {
                add(&mut found, &mut plain, what);
                rest = after.get(len..).unwrap_or("");
            }
            None => {
                plain.push(c);
                rest = after;
            }
        }
    }
    if !plain.is_empty() {
        found.push(Piece {
            what: What::Text(plain),
            quoted,
        });
    }
    found
}

/// The variable at the start of what follows its sign, and how long that is.
fn variable(after: &str, sign: char) -> Option<(What, usize)> {
    if sign == '%' {
        if after.starts_with("~dp0") {
            return Some((What::Output(Rc::new(vec![own_folder()])), 4));
        }
        if let Some(rest) = after.strip_prefix('%') {
            let len = rest
                .chars()
                .next()
                .filter(char::is_ascii_alphabetic)
                .map_or(0, char::len_utf8);
            return (len > 0).then_some((What::Unknown, 1 + len));
        }
        if after.starts_with(|c: char| c.is_ascii_digit() || c == '*') {
            let name = after.get(..1)?.to_owned();
            return Some((What::Variable(name, Change::None), 1));
        }
        if after.starts_with('~') {
            let len = after.find(|c: char| c.is_ascii_digit())? + 1;
            return (len < 8).then_some((What::Unknown, len));
        }
    }
    let len = after.find(sign)?;
    let (name, change) = windows_variable(after.get(..len)?)?;
    Some((What::Variable(name.to_owned(), change), len + 1))
}

/// What stands between two `%`: a name, a part of its value as `NAME:~0,3`, or its value with
/// other text in places, as `NAME:from=to`.
pub(super) fn windows_variable(whole: &str) -> Option<(&str, Change)> {
    let (name, change) = match whole.split_once(':') {
        Some((name, change)) => (name, Some(change)),
        None => (whole, None),
    };
    let is_name = !name.is_empty()
        && !name.starts_with(['(', ')'])
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_()-.".contains(c));
    if !is_name {
        return None;
    }
    let Some(change) = change else {
        return Some((name, Change::None));
    };
    let number = |text: &str| text.trim().parse().ok();
    let change = if let Some(part) = change.strip_prefix('~') {
        match part.split_once(',') {
            None => number(part).map(|from| Change::Slice(from, None)),
            Some((from, count)) => number(from)
                .zip(number(count))
                .map(|(from, count)| Change::Slice(from, Some(count))),
        }
    } else {
        let word = |text: &str| Box::new(Word::text(text, Span::default()));
        change.split_once('=').map(|(from, to)| Change::Replace {
            from: word(from),
            to: word(to),
            everywhere: true,
        })
    };
    Some((name, change.unwrap_or(Change::Other)))
}

/// `dirname "$0"/`.
fn own_folder() -> Node {
    let zero = Word {
        pieces: vec![Piece {
            what: What::Variable("0".to_owned(), Change::None),
            quoted: true,
        }],
        span: Span::default(),
    };
    let words = |name: &str, arg: Word| Command {
        words: vec![Word::text(name, Span::default()), arg],
        ..Command::default()
    };
    let inner = Piece {
        what: What::Output(Rc::new(vec![Node::Command(words("dirname", zero))])),
        quoted: true,
    };
    let mut folder = Word {
        pieces: vec![inner],
        span: Span::default(),
    };
    folder
        .pieces
        .extend(Word::text("/", Span::default()).pieces);
    Node::Command(words("echo", folder))
}
