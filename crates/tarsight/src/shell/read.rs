//! Reads the grammar of sh, in the way of a shell that never gives up.
//!
//! A parser that accepts or refuses a whole text would be of little use: a shell runs a file line
//! by line until it stumbles, and what stands before has run. So what is out of place is noted
//! and passed over. Every byte is looked at a bounded number of times, and levels are counted.

use super::script::{Change, Command, Node, Piece, Problem, Script, What, Word};
use crate::model::Span;

/// Levels of brackets, substitutions and compound commands that are read.
pub(super) const MOST_LEVELS: u32 = 32;

/// For whom a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// sh or one of its kin.
    Posix,
    /// The shell of whatever system a package manager runs on: sh or the command line of Windows.
    Either,
    /// The same, from a value: `<?>`, `<env:NAME>` and the like stand for what is not known.
    Value,
    /// The command line of Windows.
    Batch,
    /// PowerShell.
    PowerShell,
}

/// Reads a text.
pub(crate) fn read(text: &str, dialect: Dialect) -> Script {
    match dialect {
        Dialect::Batch => super::batch::read(text),
        Dialect::PowerShell => super::powershell::read(text),
        _ => {
            let mut reader = Reader::new(text, dialect, None, 0);
            let nodes = reader.script();
            Script {
                nodes,
                problem: reader.problem,
            }
        }
    }
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) dialect: Dialect,
    /// Where all of this text stands, if it is not the text itself that spans refer to.
    whole: Option<Span>,
    pub(super) levels: u32,
    pub(super) problem: Option<Problem>,
    /// Where the line ends in which here-documents were announced, and where they end.
    pub(super) here: Option<(usize, usize)>,
}

/// Words that end a list inside a compound command.
pub(super) type Ends = &'static [&'static str];

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, dialect: Dialect, whole: Option<Span>, levels: u32) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            whole,
            levels,
            problem: None,
            here: None,
        }
    }

    /// All commands of the text.
    pub(super) fn script(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            nodes.extend(self.list(&[], false));
            if self.peek().is_none() {
                return nodes;
            }
            // A bracket that nothing opened.
            self.trouble("a bracket out of place", self.at);
            self.skip();
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Passes over one character.
    pub(super) fn skip(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    pub(super) fn span(&self, from: usize) -> Span {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.whole
            .unwrap_or_else(|| Span::new(number(from), number(self.at)))
    }

    pub(super) fn trouble(&mut self, what: &'static str, from: usize) {
        let span = self.span(from);
        self.problem.get_or_insert(Problem::Syntax(what, span));
    }

    /// One level down; gives up on the rest of the text if that is too deep.
    pub(super) fn deeper<R: Default>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        if self.levels >= MOST_LEVELS {
            let span = self.span(self.at);
            self.problem.get_or_insert(Problem::TooDeep(span));
            self.at = self.text.len();
            return R::default();
        }
        self.levels += 1;
        let result = work(self);
        self.levels -= 1;
        result
    }

    /// The commands before a closing bracket.
    pub(super) fn inside(&mut self) -> Vec<Node> {
        self.list(&[], false)
    }

    /// Commands up to one of the words in `ends`, which is left there, or to a closing bracket.
    pub(super) fn list(&mut self, ends: Ends, in_case: bool) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b')') => return nodes,
                Some(b';') if in_case && self.rest().starts_with(";;") => return nodes,
                Some(b'\n') => self.newline(),
                Some(b';' | b'&' | b'|') => self.at += 1,
                Some(b'#') => self.comment(),
                Some(_) => {
                    let word = self.reserved();
                    if ends.contains(&word) {
                        return nodes;
                    }
                    let before = self.at;
                    nodes.extend(self.pipeline(ends));
                    if self.at == before {
                        self.skip();
                    }
                }
            }
        }
    }

    pub(super) fn pipeline(&mut self, ends: Ends) -> Option<Node> {
        let mut nodes = Vec::new();
        loop {
            nodes.extend(self.command());
            self.blanks();
            if !self.rest().starts_with('|') || self.rest().starts_with("||") {
                break;
            }
            self.at += 1;
            self.eat("&");
            self.blanks();
            while self.peek() == Some(b'\n') {
                self.newline();
                self.blanks();
            }
            let word = self.reserved();
            if !word.is_empty() && ends.contains(&word) {
                break;
            }
        }
        match nodes.len() {
            0 | 1 => nodes.pop(),
            _ => Some(Node::Pipe(nodes)),
        }
    }

    /// The bare word that starts here, if it may be a reserved one.
    pub(super) fn reserved(&self) -> &'t str {
        let rest = self.rest();
        if let Some(brace) = rest
            .get(..1)
            .filter(|first| matches!(*first, "{" | "}" | "!"))
        {
            let after = rest.as_bytes().get(1);
            let ends = after.is_none_or(|b| {
                b.is_ascii_whitespace() || matches!(b, b';' | b'&' | b'|' | b')' | b'<' | b'>')
            });
            return if ends { brace } else { "" };
        }
        let len = rest
            .bytes()
            .take(10)
            .take_while(|b| b.is_ascii_alphabetic() || *b == b'[')
            .count();
        let ends = rest.as_bytes().get(len).is_none_or(|b| {
            b.is_ascii_whitespace()
                || matches!(b, b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' | b'#')
        });
        if ends {
            rest.get(..len).unwrap_or("")
        } else {
            ""
        }
    }

    pub(super) fn command(&mut self) -> Option<Node> {
        self.blanks();
        while self.reserved() == "!" {
            self.at += 1;
            self.blanks();
        }
        if self.peek() == Some(b'(') {
            return self.bracket();
        }
        let node = match self.reserved() {
            "{" => self.compound("{", &[], &["}"]),
            "if" => self.compound("if", &["then", "elif", "else"], &["fi"]),
            "while" | "until" => {
                let word = self.reserved();
                self.compound(word, &["do"], &["done"])
            }
            "for" | "select" => self.each(),
            "case" => self.case(),
            "function" => {
                self.at += "function".len();
                self.blanks();
                let name = self.word().bare().unwrap_or("").to_owned();
                self.blanks();
                if self.eat("(") {
                    self.blanks();
                    self.eat(")");
                }
                return self.function(name);
            }
            "[[" => {
                self.condition();
                return None;
            }
            "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "in" | "}" => {
                let from = self.at;
                self.at += self.reserved().len();
                self.trouble("a word out of place", from);
                return None;
            }
            _ => return self.simple(),
        };
        Some(node)
    }

    fn simple(&mut self) -> Option<Node> {
        let from = self.at;
        let mut command = Command::default();
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b';' | b'&' | b'|' | b')')
                    if !self.rest().starts_with("&>") =>
                {
                    break;
                }
                Some(b'(') => {
                    if let [word] = command.words.as_slice()
                        && let Some(name) = word.bare().map(str::to_owned)
                        && self.empty_brackets()
                    {
                        return self.function(name);
                    }
                    self.trouble("a bracket out of place", self.at);
                    break;
                }
                Some(b'#') if command.words.is_empty() || self.after_blank() => self.comment(),
                _ if self.is_redirect() => command.redirects.extend(self.redirect()),
                _ => {
                    let before = self.at;
                    let word = self.word();
                    if self.at == before {
                        self.skip();
                    }
                    self.take(&mut command, word);
                }
            }
        }
        command.span = self.span(from);
        let is_empty =
            command.words.is_empty() && command.assigns.is_empty() && command.redirects.is_empty();
        (!is_empty).then_some(Node::Command(command))
    }

    /// An assignment, or one more word.
    fn take(&mut self, command: &mut Command, word: Word) {
        if !command.words.is_empty() {
            return command.words.push(word);
        }
        match super::word::assignment(word) {
            Ok((name, value)) if value.is_array() && self.peek() == Some(b'(') => {
                self.array(command, &name, &value);
            }
            Ok(assign) => command.assigns.push(assign),
            Err(word) => command.words.push(word),
        }
    }

    /// `NAME=(a b)`: a variable for each item, one for all of them, and the name for the first.
    fn array(&mut self, command: &mut Command, name: &str, before: &Word) {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b')') => break,
                Some(b'\n') => self.newline(),
                Some(b'#') => self.comment(),
                Some(b';' | b'&' | b'|' | b'(' | b'<' | b'>') => self.skip(),
                _ => items.push(self.word()),
            }
        }
        self.eat(")");
        let span = before.span;
        let adds = !before.pieces.is_empty();
        let mut pieces = Vec::new();
        if adds {
            let all = What::Variable(format!("{name}[@]"), Change::Or(Box::default()));
            pieces.push(Piece {
                what: all,
                quoted: true,
            });
        }
        for item in &items {
            if !pieces.is_empty() {
                pieces.extend(Word::text(" ", span).pieces);
            }
            pieces.extend(item.pieces.iter().cloned());
        }
        let mut set = |name: String, word: Word| command.assigns.push((name, word));
        set(format!("{name}[@]"), Word { pieces, span });
        if adds {
            return;
        }
        if let Some(first) = items.first() {
            set(name.to_owned(), first.clone());
        }
        for (at, item) in items.into_iter().enumerate() {
            set(format!("{name}[{at}]"), item);
        }
    }

    fn empty_brackets(&mut self) -> bool {
        let inside = self.rest().get(1..).unwrap_or("");
        let blanks = inside.len() - inside.trim_start_matches([' ', '\t']).len();
        let found = inside
            .get(blanks..)
            .is_some_and(|rest| rest.starts_with(')'));
        if found {
            self.at += blanks + 2;
        }
        found
    }

    fn after_blank(&self) -> bool {
        let before = self
            .at
            .checked_sub(1)
            .and_then(|at| self.text.as_bytes().get(at));
        before.is_none_or(u8::is_ascii_whitespace)
    }

    /// Spaces, tabs and escaped line ends.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.rest().starts_with("\\\n") => self.at += 2,
                Some(b'\\') if self.rest().starts_with("\\\r\n") => self.at += 3,
                _ => return,
            }
        }
    }

    /// Blanks, line ends, comments and, if asked for, semicolons.
    pub(super) fn separators(&mut self, semicolons: bool) {
        loop {
            self.blanks();
            match self.peek() {
                Some(b'\n') => self.newline(),
                Some(b';') if semicolons => self.at += 1,
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    pub(super) fn comment(&mut self) {
        let len = memchr::memchr(b'\n', self.rest().as_bytes());
        self.at += len.unwrap_or(self.rest().len());
    }

    /// Passes a line end, and the here-documents that the line announced.
    pub(super) fn newline(&mut self) {
        match self.here.take() {
            Some((line_end, end)) if line_end <= self.at => self.at = end.max(self.at + 1),
            here => {
                self.here = here;
                self.at += 1;
            }
        }
    }
}
