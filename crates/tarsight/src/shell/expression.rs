//! Expressions of PowerShell: strings, variables, calls of methods.

use super::powershell::{Reader, output, variable_name};
use super::script::{Change, Command, Node, Piece, What, Word};
use crate::model::Span;

/// Methods that ask servers.
const METHODS: [&str; 8] = [
    "downloadstring",
    "downloaddata",
    "openread",
    "downloadfile",
    "downloadfileasync",
    "uploadstring",
    "uploaddata",
    "uploadfile",
];

impl Reader<'_> {
    /// Atoms with `+` between them.
    pub(super) fn expression(&mut self) -> Word {
        let from = self.at;
        let mut pieces = Vec::new();
        loop {
            let before = self.at;
            pieces.extend(self.atom());
            self.blanks();
            // Other operators: what comes of them is not known.
            let rest = self.rest();
            if self.at > before && self.eat("+") {
                self.blanks();
                continue;
            }
            let is_operator = rest.starts_with('-')
                && rest
                    .get(1..2)
                    .is_some_and(|c| c.starts_with(|c: char| c.is_ascii_alphabetic()));
            if self.at > before && is_operator {
                self.at += 1;
                self.at += self.name().len();
                self.blanks();
                pieces.push(Piece {
                    what: What::Unknown,
                    quoted: true,
                });
                continue;
            }
            if self.at > before && (self.eat(",") || self.eat("*") || self.eat("=")) {
                self.blanks();
                continue;
            }
            break;
        }
        Word {
            pieces,
            span: self.span(from),
        }
    }

    pub(super) fn atom(&mut self) -> Vec<Piece> {
        let from = self.at;
        let mut pieces = match self.peek() {
            Some('\'') => self.single_quoted(),
            Some('"') => self.double_quoted(),
            Some('@') if self.rest().starts_with("@'") || self.rest().starts_with("@\"") => {
                self.here_string()
            }
            Some('@') if self.rest().starts_with("@{") || self.rest().starts_with("@(") => {
                self.at += 1;
                let nodes = if self.peek() == Some('{') {
                    self.block()
                } else {
                    self.brackets()
                };
                vec![output(nodes)]
            }
            Some('$') if self.rest().starts_with("$(") => {
                self.at += 1;
                vec![output(self.brackets())]
            }
            Some('$') => self.variable(),
            Some('(') => vec![output(self.brackets())],
            Some('[') => {
                let len = self.rest().find(']').map_or(1, |at| at + 1);
                self.at += len;
                return self.members(Vec::new(), from);
            }
            Some('{') => {
                let start = self.at;
                self.block();
                let inside = self
                    .text
                    .get(start + 1..self.at.saturating_sub(1))
                    .unwrap_or("");
                return Word::text(inside, self.span(start)).pieces;
            }
            Some(c) if c.is_alphanumeric() => {
                let name = self.name();
                self.at += name.len().max(1);
                Word::text(name, self.span(from)).pieces
            }
            _ => Vec::new(),
        };
        if self.at > from {
            pieces = self.members(pieces, from);
        }
        pieces
    }

    /// `.Method(…)`, `::Method(…)`, `[0]` behind an atom.
    fn members(&mut self, pieces: Vec<Piece>, from: usize) -> Vec<Piece> {
        let mut pieces = pieces;
        loop {
            if self.eat("::")
                || self.rest().starts_with('.') && !self.rest().starts_with("..") && self.eat(".")
            {
                let name = self.name().to_ascii_lowercase();
                self.at += name.len();
                if self.peek() != Some('(') {
                    if name.is_empty() {
                        return pieces;
                    }
                    continue;
                }
                let start = self.at;
                let arguments = self.arguments();
                pieces = method(&name, pieces, arguments, self.span(start.min(from)));
            } else if self.rest().starts_with('[') && !pieces.is_empty() {
                self.at += self.rest().find(']').map_or(1, |at| at + 1);
                pieces.push(Piece {
                    what: What::Unknown,
                    quoted: true,
                });
            } else {
                return pieces;
            }
        }
    }

    fn arguments(&mut self) -> Vec<Word> {
        let from = self.at;
        self.eat("(");
        let words = self.deeper(|reader| {
            let mut words = Vec::new();
            loop {
                while matches!(reader.peek(), Some(' ' | '\t' | '\r' | '\n' | ',')) {
                    reader.skip();
                }
                match reader.peek() {
                    None | Some(')') => return words,
                    Some(_) => {
                        let before = reader.at;
                        let pieces = reader.atom();
                        let mut word = Word {
                            pieces,
                            span: reader.span(before),
                        };
                        reader.blanks();
                        if reader.eat("+") {
                            let more = reader.expression();
                            word.pieces.extend(more.pieces);
                        }
                        if reader.at == before {
                            reader.skip();
                            continue;
                        }
                        words.push(word);
                    }
                }
            }
        });
        if !self.eat(")") {
            self.trouble("no ) for a (", from);
        }
        words
    }

    fn single_quoted(&mut self) -> Vec<Piece> {
        let from = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(len) = rest.find('\'') else {
                text.push_str(rest);
                self.at = self.text.len();
                self.trouble("a quote that nothing ends", from);
                break;
            };
            text.push_str(rest.get(..len).unwrap_or(""));
            self.at += len + 1;
            if !self.eat("'") {
                break;
            }
            text.push('\'');
        }
        Word::text(text, self.span(from)).pieces
    }

    fn double_quoted(&mut self) -> Vec<Piece> {
        let from = self.at;
        self.at += 1;
        let mut pieces = Vec::new();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    self.trouble("a quote that nothing ends", from);
                    break;
                }
                Some('"') => {
                    self.at += 1;
                    if !self.eat("\"") {
                        break;
                    }
                    text.push('"');
                }
                Some('`') => {
                    self.skip();
                    text.extend(self.peek());
                    self.skip();
                }
                Some('$') => {
                    pieces.extend(Word::text(std::mem::take(&mut text), Span::default()).pieces);
                    let before = self.at;
                    let found = if self.rest().starts_with("$(") {
                        self.at += 1;
                        vec![output(self.brackets())]
                    } else {
                        self.variable()
                    };
                    if self.at == before {
                        self.skip();
                    }
                    pieces.extend(found);
                }
                Some(c) => {
                    text.push(c);
                    self.skip();
                }
            }
        }
        pieces.extend(Word::text(text, self.span(from)).pieces);
        pieces
    }

    fn here_string(&mut self) -> Vec<Piece> {
        let from = self.at;
        let end = if self.rest().starts_with("@'") {
            "\n'@"
        } else {
            "\n\"@"
        };
        self.at += 2;
        let rest = self.rest();
        let len = rest.find(end);
        if len.is_none() {
            self.trouble("a quote that nothing ends", from);
        }
        let text = rest.get(..len.unwrap_or(rest.len())).unwrap_or("");
        self.at += len.map_or(rest.len(), |len| len + end.len());
        Word::text(text.trim_start_matches(['\r', '\n']), self.span(from)).pieces
    }

    fn variable(&mut self) -> Vec<Piece> {
        self.at += 1;
        let braced = self.eat("{");
        let rest = self.rest();
        let len = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')))
            .unwrap_or(rest.len());
        let name = rest.get(..len).unwrap_or("");
        self.at += len;
        if braced {
            self.at += self.rest().find('}').map_or(0, |at| at + 1);
        }
        let what = match variable_name(name) {
            name if name.is_empty() => What::Text("$".to_owned()),
            name => What::Variable(name, Change::None),
        };
        vec![Piece { what, quoted: true }]
    }
}

/// What calling a method gives: what it asks for, what it decodes, or what went into it.
fn method(name: &str, receiver: Vec<Piece>, arguments: Vec<Word>, span: Span) -> Vec<Piece> {
    let command = |name: String, words: Vec<Word>| {
        let mut all = vec![Word::text(name, span)];
        all.extend(words);
        Node::Command(Command {
            words: all,
            span,
            ..Command::default()
        })
    };
    if METHODS.contains(&name) {
        return vec![output(vec![command(format!(".{name}"), arguments)])];
    }
    match name {
        "frombase64string" => {
            let printed = command("write-output".to_owned(), arguments);
            let decoder = command("base64".to_owned(), vec![Word::text("-d", span)]);
            vec![output(vec![Node::Pipe(vec![printed, decoder])])]
        }
        "start" | "shellexecute" | "invokescript" | "create" if !arguments.is_empty() => {
            let name = if name == "invokescript" {
                "iex"
            } else {
                "start-process"
            };
            vec![output(vec![command(name.to_owned(), arguments)])]
        }
        _ => {
            let mut pieces = receiver;
            pieces.extend(arguments.into_iter().flat_map(|word| word.pieces));
            pieces
        }
    }
}
