//! Reads PowerShell, as commands. Expressions become commands that print them.

use std::rc::Rc;

use super::script::{Change, Command, Node, Piece, Problem, Redirect, Script, Way, What, Word};
use crate::model::Span;

/// Levels of brackets that are read.
const MOST_LEVELS: u32 = 24;

/// Words before a block, whatever stands between.
const KEYWORDS: [&str; 16] = [
    "if", "elseif", "else", "while", "for", "foreach", "do", "until", "try", "catch", "finally",
    "switch", "begin", "process", "end", "trap",
];

/// Reads a script.
pub(super) fn read(text: &str) -> Script {
    let mut reader = Reader {
        text,
        at: 0,
        level: 0,
        problem: None,
    };
    let mut nodes = Vec::new();
    while !reader.rest().is_empty() {
        nodes.extend(reader.list());
        // A bracket that nothing opened.
        reader.skip();
    }
    Script {
        nodes,
        problem: reader.problem,
    }
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    level: u32,
    problem: Option<Problem>,
}

impl<'t> Reader<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    pub(super) fn span(&self, from: usize) -> Span {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(number(from), number(self.at))
    }

    pub(super) fn trouble(&mut self, what: &'static str, from: usize) {
        let span = self.span(from);
        self.problem.get_or_insert(Problem::Syntax(what, span));
    }

    pub(super) fn deeper<R: Default>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        if self.level >= MOST_LEVELS {
            let span = self.span(self.at);
            self.problem.get_or_insert(Problem::TooDeep(span));
            self.at = self.text.len();
            return R::default();
        }
        self.level += 1;
        let result = work(self);
        self.level -= 1;
        result
    }

    pub(super) fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let len = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            self.at += len;
            if self.eat("`\n") || self.eat("`\r\n") {
                continue;
            }
            if self.rest().starts_with("<#") {
                self.at += self
                    .rest()
                    .find("#>")
                    .map_or(self.rest().len(), |at| at + 2);
                continue;
            }
            if self.rest().starts_with('#') {
                let len = memchr::memchr(b'\n', self.rest().as_bytes());
                self.at += len.unwrap_or(self.rest().len());
                continue;
            }
            return;
        }
    }

    /// Statements up to a closing bracket, which is left there.
    fn list(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some(')' | '}') => return nodes,
                Some('\n' | ';' | '|' | '&' | ',') => self.skip(),
                Some(_) => {
                    let before = self.at;
                    nodes.extend(self.pipeline());
                    if self.at == before {
                        self.skip();
                    }
                }
            }
        }
    }

    fn pipeline(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        loop {
            nodes.extend(self.element());
            self.blanks();
            if !self.rest().starts_with('|') || self.rest().starts_with("||") {
                break;
            }
            self.at += 1;
            while matches!(self.peek(), Some('\n' | ' ' | '\t' | '\r')) {
                self.skip();
            }
        }
        match nodes.len() {
            0 | 1 => nodes.pop(),
            _ => Some(Node::Pipe(nodes)),
        }
    }

    fn element(&mut self) -> Option<Node> {
        self.blanks();
        let from = self.at;
        match self.peek()? {
            '{' => return Some(Node::Group(self.block(), Vec::new())),
            '$' => {
                if let Some(name) = self.assigned() {
                    let value = self.value(from);
                    return Some(Node::Command(Command {
                        assigns: vec![(name, value)],
                        span: self.span(from),
                        ..Command::default()
                    }));
                }
                return Some(self.printed(from));
            }
            '(' | '[' | '"' | '\'' | '@' => return Some(self.printed(from)),
            '.' if self.rest().starts_with(". ") => {}
            _ => {}
        }
        let word = self.name();
        let lower = word.to_ascii_lowercase();
        if KEYWORDS.contains(&lower.as_str()) {
            return Some(self.keyword(word.len()));
        }
        if lower == "function" || lower == "filter" {
            self.at += word.len();
            self.blanks();
            let name = self.name().to_owned();
            self.at += name.len();
            self.blanks();
            let start = self.at;
            if self.peek() == Some('(') {
                self.brackets();
                self.blanks();
            }
            let parameters = self.text.get(start..self.at).unwrap_or("");
            let mut body = vec![bound(parameters)];
            body.extend(self.block());
            return Some(Node::Function(name, Rc::new(body)));
        }
        self.command()
    }

    /// The word that starts here.
    pub(super) fn name(&self) -> &'t str {
        let rest = self.rest();
        let len = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
            .unwrap_or(rest.len());
        rest.get(..len).unwrap_or("")
    }

    /// `if (…) {…}`: what is asked, then what is done.
    fn keyword(&mut self, len: usize) -> Node {
        self.at += len;
        let mut nodes = Vec::new();
        loop {
            while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
                self.skip();
            }
            match self.peek() {
                Some('(') => nodes.extend(self.brackets()),
                Some('[') => {
                    self.at += self.rest().find(']').map_or(1, |at| at + 1);
                }
                Some('{') => {
                    nodes.extend(self.block());
                    return Node::Group(nodes, Vec::new());
                }
                _ => return Node::Group(nodes, Vec::new()),
            }
        }
    }

    pub(super) fn block(&mut self) -> Vec<Node> {
        let from = self.at;
        if !self.eat("{") {
            return Vec::new();
        }
        let nodes = self.deeper(Self::list);
        if !self.eat("}") {
            self.trouble("no } for a {", from);
        }
        nodes
    }

    pub(super) fn brackets(&mut self) -> Vec<Node> {
        let from = self.at;
        if !self.eat("(") {
            return Vec::new();
        }
        let nodes = self.deeper(Self::list);
        if !self.eat(")") {
            self.trouble("no ) for a (", from);
        }
        nodes
    }

    /// The name in `$name =`, which is passed then.
    fn assigned(&mut self) -> Option<String> {
        let rest = self.rest().strip_prefix('$')?;
        let len = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')))?;
        let after = rest.get(len..)?;
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        let after = after.get(blanks..)?;
        let operator = ["=", "+="]
            .into_iter()
            .find(|operator| after.starts_with(operator))?;
        if len == 0 || after.starts_with("==") {
            return None;
        }
        self.at += 1 + len + blanks + operator.len();
        Some(variable_name(rest.get(..len)?))
    }

    /// What is assigned: an expression, or what commands print.
    fn value(&mut self, from: usize) -> Word {
        self.blanks();
        let node = self.pipeline();
        let pieces = node.map(|node| output(vec![node]));
        Word {
            pieces: pieces.into_iter().collect(),
            span: self.span(from),
        }
    }

    /// An expression, as a command that prints it.
    fn printed(&mut self, from: usize) -> Node {
        let mut word = self.expression();
        word.span = self.span(from);
        Node::Command(Command {
            words: vec![Word::text("write-output", word.span), word],
            span: self.span(from),
            ..Command::default()
        })
    }

    /// A command with its arguments.
    fn command(&mut self) -> Option<Node> {
        let from = self.at;
        let mut command = Command::default();
        loop {
            self.blanks();
            match self.peek() {
                None | Some('\n' | ';' | '|' | ')' | '}') => break,
                Some('&') => self.skip(),
                Some('>') => self.redirect(&mut command, None),
                Some(c @ ('1' | '2' | '*')) if self.rest().get(1..2) == Some(">") => {
                    self.skip();
                    self.redirect(&mut command, c.to_digit(10));
                }
                Some(_) => {
                    let before = self.at;
                    let word = self.argument();
                    if self.at == before {
                        self.skip();
                        continue;
                    }
                    command.words.push(word);
                }
            }
        }
        command.span = self.span(from);
        (!command.words.is_empty()).then_some(Node::Command(command))
    }

    fn redirect(&mut self, command: &mut Command, stream: Option<u32>) {
        while self.eat(">") {}
        let same = self.eat("&");
        self.blanks();
        let target = self.argument();
        command.redirects.push(Redirect {
            stream,
            way: if same { Way::Same } else { Way::Write },
            target,
        });
    }

    /// A bare word, a string or an expression in brackets, or several that touch.
    fn argument(&mut self) -> Word {
        let from = self.at;
        let mut pieces = Vec::new();
        let mut text = String::new();
        let flush = |pieces: &mut Vec<Piece>, text: &mut String| {
            if !text.is_empty() {
                let what = What::Text(std::mem::take(text));
                pieces.push(Piece {
                    what,
                    quoted: false,
                });
            }
        };
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | ')' | '}' | '>' => break,
                ',' => {
                    self.skip();
                    break;
                }
                '`' => {
                    self.skip();
                    text.extend(self.peek());
                    self.skip();
                }
                '"' | '\'' | '$' | '(' | '{' | '@' => {
                    flush(&mut pieces, &mut text);
                    let before = self.at;
                    pieces.extend(self.atom());
                    if self.at == before {
                        self.skip();
                    }
                }
                c => {
                    text.push(c);
                    self.skip();
                }
            }
        }
        flush(&mut pieces, &mut text);
        Word {
            pieces,
            span: self.span(from),
        }
    }
}

/// Parameters get what stands in their place.
fn bound(parameters: &str) -> Node {
    let names = parameters.split('$').skip(1).enumerate();
    let assigns = names.map(|(at, text)| {
        let len = text
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(text.len());
        let what = What::Variable((at + 1).to_string(), Change::None);
        let value = Word {
            pieces: vec![Piece { what, quoted: true }],
            span: Span::default(),
        };
        (variable_name(text.get(..len).unwrap_or("")), value)
    });
    Node::Command(Command {
        assigns: assigns.collect(),
        ..Command::default()
    })
}

/// `env:NAME` is a variable of the environment; names have no letter case.
pub(super) fn variable_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.strip_prefix("env:") {
        Some(_) => name.get(4..).unwrap_or("").to_owned(),
        None if lower == "home" || lower == "pwd" => lower.to_ascii_uppercase(),
        None => lower.rsplit(':').next().unwrap_or("").to_owned(),
    }
}

pub(super) fn output(nodes: Vec<Node>) -> Piece {
    Piece {
        what: What::Output(Rc::new(nodes)),
        quoted: true,
    }
}
