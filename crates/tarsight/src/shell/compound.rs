//! Compound commands of sh: brackets, conditions, loops, functions.

use std::rc::Rc;

use super::read::{Ends, Reader};
use super::script::{Command, Node, Word};

impl Reader<'_> {
    /// `[[ … ]]`: nothing runs but substitutions, and these are rare there.
    pub(super) fn condition(&mut self) {
        let from = self.at;
        while self.peek().is_some() {
            if self.rest().starts_with("]]") {
                self.at += 2;
                return;
            }
            match self.peek() {
                Some(b'"' | b'\'' | b'`' | b'$') => {
                    let before = self.at;
                    self.word();
                    if self.at == before {
                        self.skip();
                    }
                }
                Some(b'\n') => self.newline(),
                _ => self.skip(),
            }
        }
        self.trouble("no ]] for a [[", from);
    }

    pub(super) fn bracket(&mut self) -> Option<Node> {
        if self.rest().starts_with("((")
            && let Some(len) = arithmetic(self.rest())
        {
            self.at += len;
            return None;
        }
        let from = self.at;
        self.at += 1;
        let nodes = self.deeper(|reader| reader.list(&[], false));
        if !self.eat(")") {
            self.trouble("no ) for a (", from);
        }
        Some(Node::Group(nodes, self.redirects()))
    }

    /// A compound command: its lists, whatever stands between them.
    pub(super) fn compound(&mut self, open: &str, between: Ends, end: Ends) -> Node {
        let from = self.at;
        self.at += open.len();
        let ends: Ends = match (between.first(), end.first()) {
            (Some(&"then"), _) => &["then", "elif", "else", "fi"],
            (Some(_), _) => &["do", "done"],
            _ => &["}"],
        };
        let mut nodes = Vec::new();
        loop {
            nodes.extend(self.deeper(|reader| reader.list(ends, false)));
            let word = self.reserved();
            if word.is_empty() || !ends.contains(&word) {
                self.trouble("a compound command without its end", from);
                break;
            }
            self.at += word.len();
            if end.contains(&word) {
                break;
            }
        }
        Node::Group(nodes, self.redirects())
    }

    pub(super) fn each(&mut self) -> Node {
        self.at += self.reserved().len();
        self.blanks();
        if self.rest().starts_with("((") {
            let line = self.rest().split('\n').next().unwrap_or("");
            self.at += line.find("))").map_or(2, |len| len + 2);
            return self.loop_body(String::new(), Vec::new());
        }
        let name = self.word().bare().unwrap_or("").to_owned();
        self.separators(false);
        let mut words = Vec::new();
        if self.reserved() == "in" {
            self.at += 2;
            self.blanks();
            while !matches!(
                self.peek(),
                None | Some(b'\n' | b';' | b'&' | b'|' | b')' | b'(')
            ) {
                let before = self.at;
                words.push(self.word());
                if self.at == before {
                    self.skip();
                }
                self.blanks();
            }
        }
        self.loop_body(name, words)
    }

    fn loop_body(&mut self, name: String, words: Vec<Word>) -> Node {
        self.separators(true);
        let nodes = match self.reserved() {
            "do" => match self.compound("do", &["do"], &["done"]) {
                Node::Group(nodes, redirects) => return Node::Each(name, words, nodes, redirects),
                _ => Vec::new(),
            },
            "{" => match self.compound("{", &[], &["}"]) {
                Node::Group(nodes, redirects) => return Node::Each(name, words, nodes, redirects),
                _ => Vec::new(),
            },
            _ => {
                self.trouble("a loop without a body", self.at);
                Vec::new()
            }
        };
        Node::Each(name, words, nodes, Vec::new())
    }

    pub(super) fn case(&mut self) -> Node {
        let from = self.at;
        self.at += "case".len();
        self.blanks();
        let subject = self.word();
        self.separators(false);
        if self.reserved() == "in" {
            self.at += 2;
        }
        let mut nodes = Vec::new();
        // What is asked about is expanded, and may run something.
        nodes.push(Node::Command(Command {
            words: vec![Word::text(":", subject.span), subject],
            ..Command::default()
        }));
        loop {
            self.separators(true);
            if self.reserved() == "esac" {
                self.at += 4;
                break;
            }
            if self.peek().is_none() {
                self.trouble("a compound command without its end", from);
                break;
            }
            // The patterns.
            self.eat("(");
            while !matches!(self.peek(), None | Some(b')' | b'\n')) {
                let before = self.at;
                self.word();
                if self.at == before {
                    self.skip();
                }
            }
            if !self.eat(")") {
                self.trouble("a pattern without its )", from);
                continue;
            }
            nodes.extend(self.deeper(|reader| reader.list(&["esac"], true)));
            // A bracket that nothing opened would stop the loop for good.
            if self.peek() == Some(b')') {
                self.skip();
            }
            if self.eat(";;") {
                self.eat("&");
            }
        }
        Node::Group(nodes, self.redirects())
    }

    pub(super) fn function(&mut self, name: String) -> Option<Node> {
        self.separators(true);
        let body = self.deeper(|reader| reader.command())?;
        Some(Node::Function(name, Rc::new(vec![body])))
    }
}

/// Length of `((…))` if there is nothing but arithmetic in it: no two words side by side.
fn arithmetic(text: &str) -> Option<usize> {
    const MOST: usize = 512;
    let inside = text.strip_prefix("((")?;
    let len = inside
        .get(..inside.len().min(MOST))
        .unwrap_or(inside)
        .find("))")?;
    let inside = inside.get(..len)?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '{' | '}' | '#');
    let mut last_word = false;
    let mut gap = false;
    for c in inside.chars() {
        if is_word(c) {
            if last_word && gap {
                return None;
            }
            last_word = true;
            gap = false;
        } else if c.is_whitespace() {
            gap = true;
        } else if "+-*/%<>=!&|?:(),^~".contains(c) {
            last_word = false;
            gap = false;
        } else {
            return None;
        }
    }
    Some(len + 4)
}
