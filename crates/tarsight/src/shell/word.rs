//! Words: quotes, escapes, variables, substitutions.

use std::rc::Rc;

use super::read::{Dialect, Reader};
use super::script::{Change, Node, Piece, Shared, What, Word};

/// Texts that stand for what is not known, in values of JavaScript.
const HOLES: [&str; 7] = [
    "<?>",
    "<param>",
    "<tmp>",
    "<package>",
    "<cwd>",
    "<platform>",
    "<arch>",
];

/// The text at the start that stands for something unknown.
pub(super) fn hole(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("<env:") {
        let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        return rest
            .get(len..)?
            .starts_with('>')
            .then(|| text.get(..len + 6))?;
    }
    HOLES.into_iter().find(|hole| text.starts_with(hole))
}

/// The text of a word without its quotes; what is not known is left out.
pub(super) fn plain(word: &Word) -> String {
    let texts = word.pieces.iter().filter_map(|piece| match &piece.what {
        What::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Splits `NAME=value`; gives the word back if it is none. What `NAME+=value` has already is kept.
pub(super) fn assignment(mut word: Word) -> Result<(String, Word), Word> {
    let Some(Piece {
        what: What::Text(text),
        quoted: false,
    }) = word.pieces.first_mut()
    else {
        return Err(word);
    };
    let Some((name, value)) = text.split_once('=') else {
        return Err(word);
    };
    let (name, adds) = match name.strip_suffix('+') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let is_item = |rest: &str| rest.ends_with(']') && rest.len() > 2;
    let len = name_len(name);
    let is_name = len > 0
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .get(len..)
            .is_some_and(|rest| rest.is_empty() || is_item(rest));
    if !is_name {
        return Err(word);
    }
    let name = name.to_owned();
    if value.is_empty() {
        word.pieces.remove(0);
    } else {
        *text = value.to_owned();
    }
    if adds {
        let before = What::Variable(name.clone(), Change::Or(Box::default()));
        word.pieces.insert(
            0,
            Piece {
                what: before,
                quoted: true,
            },
        );
    }
    Ok((name, word))
}

/// Collects pieces; text that touches becomes one.
#[derive(Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, text: &str, quoted: bool) {
        if let Some(Piece {
            what: What::Text(last),
            quoted: same,
        }) = self.0.last_mut()
            && *same == quoted
        {
            return last.push_str(text);
        }
        self.add(What::Text(text.to_owned()), quoted);
    }

    fn add(&mut self, what: What, quoted: bool) {
        self.0.push(Piece { what, quoted });
    }
}

impl Reader<'_> {
    /// One word; empty if none starts here.
    pub(super) fn word(&mut self) -> Word {
        let from = self.at;
        let mut pieces = Pieces::default();
        loop {
            let rest = self.rest();
            match self.peek() {
                None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' | b'(') => break,
                Some(b'\r') if matches!(rest.as_bytes().get(1), None | Some(b'\n')) => break,
                Some(b'<' | b'>') if rest.as_bytes().get(1) == Some(&b'(') && self.at == from => {
                    self.at += 2;
                    let nodes = self.substitution(from);
                    pieces.add(What::File(nodes), true);
                }
                Some(b'<') if self.dialect == Dialect::Value && hole(rest).is_some() => {
                    let hole = hole(rest).unwrap_or("<");
                    pieces.text(hole, true);
                    self.at += hole.len();
                }
                Some(b'<' | b'>') => break,
                Some(b'\\') => self.escape(&mut pieces),
                Some(b'\'') => {
                    self.at += 1;
                    let end = memchr::memchr(b'\'', self.rest().as_bytes());
                    if end.is_none() {
                        self.trouble("a quote that nothing ends", from);
                    }
                    let end = end.unwrap_or(self.rest().len());
                    pieces.text(self.rest().get(..end).unwrap_or(""), true);
                    self.at = (self.at + end + 1).min(self.text.len());
                }
                Some(b'"') => {
                    self.at += 1;
                    let inside = self.quoted(Some(from));
                    // An empty string is a word too.
                    if inside.is_empty() {
                        pieces.text("", true);
                    }
                    pieces.0.extend(inside);
                }
                Some(b'$') => self.dollar(&mut pieces, false),
                Some(b'`') => self.backtick(&mut pieces, false),
                Some(_) => {
                    let special = |c: char| " \t\r\n;&|()<>\\'\"$`".contains(c);
                    let len = rest.find(special).unwrap_or(rest.len()).max(1);
                    pieces.text(rest.get(..len).unwrap_or(""), false);
                    self.at += len;
                }
            }
        }
        Word {
            pieces: pieces.0,
            span: self.span(from),
        }
    }

    /// A backslash outside quotes. On Windows it stands between folders, so where the system is
    /// not known, one before a letter stays.
    fn escape(&mut self, pieces: &mut Pieces) {
        self.at += 1;
        let Some(next) = self.rest().chars().next() else {
            return pieces.text("\\", false);
        };
        self.at += next.len_utf8();
        if next == '\n' {
            return;
        }
        let mut text = String::new();
        let keeps = self.dialect != Dialect::Posix
            && (next.is_alphanumeric() || matches!(next, '_' | '.' | '-' | '@'));
        if keeps {
            text.push('\\');
        }
        text.push(next);
        pieces.text(&text, !keeps);
    }

    /// What stands between double quotes, the first of which was passed at `from`; without one,
    /// all of the text.
    pub(super) fn quoted(&mut self, from: Option<usize>) -> Vec<Piece> {
        let mut pieces = Pieces::default();
        loop {
            let rest = self.rest();
            match self.peek() {
                None => {
                    if let Some(from) = from {
                        self.trouble("a quote that nothing ends", from);
                    }
                    break;
                }
                Some(b'"') if from.is_some() => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => {
                    let next = rest.chars().nth(1);
                    match next {
                        Some('\n') => self.at += 2,
                        Some(c @ ('$' | '`' | '"' | '\\')) => {
                            pieces.text(c.encode_utf8(&mut [0; 4]), true);
                            self.at += 2;
                        }
                        _ => {
                            pieces.text("\\", true);
                            self.at += 1;
                        }
                    }
                }
                Some(b'$') => self.dollar(&mut pieces, true),
                Some(b'`') => self.backtick(&mut pieces, true),
                Some(_) => {
                    let len = rest
                        .find(['"', '\\', '$', '`'])
                        .unwrap_or(rest.len())
                        .max(1);
                    pieces.text(rest.get(..len).unwrap_or(""), true);
                    self.at += len;
                }
            }
        }
        pieces.0
    }

    /// The commands of `$(` or `<(`, which were passed, up to the `)`.
    fn substitution(&mut self, from: usize) -> Shared {
        let nodes = self.deeper(Self::inside);
        if !self.eat(")") {
            self.trouble("no ) for a $(", from);
        }
        Rc::new(nodes)
    }

    fn dollar(&mut self, pieces: &mut Pieces, quoted: bool) {
        let from = self.at;
        self.at += 1;
        let rest = self.rest();
        match self.peek() {
            Some(b'(') if rest.starts_with("((") => {
                self.at += 2;
                self.arithmetic(pieces, from);
            }
            Some(b'(') => {
                self.at += 1;
                let nodes = self.substitution(from);
                pieces.add(What::Output(nodes), quoted);
            }
            Some(b'{') => {
                self.at += 1;
                self.braces(pieces, quoted, from);
            }
            Some(b'\'') if !quoted => {
                self.at += 1;
                self.ansi(pieces, from);
            }
            Some(b'"') if !quoted => {}
            Some(c) if c.is_ascii_alphabetic() || c == b'_' => {
                let len = name_len(rest);
                let name = rest.get(..len).unwrap_or("").to_owned();
                self.at += len;
                pieces.add(What::Variable(name, Change::None), quoted);
            }
            Some(c) if c.is_ascii_digit() || b"@*#?$!-".contains(&c) => {
                self.at += 1;
                let name = char::from(c).to_string();
                pieces.add(What::Variable(name, Change::None), quoted && c != b'@');
            }
            _ => pieces.text("$", quoted),
        }
    }

    /// `$((…))`: its outcome is not known, but what it substitutes runs.
    fn arithmetic(&mut self, pieces: &mut Pieces, from: usize) {
        let mut open = 2_u32;
        let mut inside = Pieces::default();
        while open > 0 {
            match self.peek() {
                None => {
                    self.trouble("no )) for a $((", from);
                    break;
                }
                Some(b'(') => {
                    open += 1;
                    self.at += 1;
                }
                Some(b')') => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b'$') => self.dollar_deeper(&mut inside),
                Some(b'`') => self.backtick(&mut inside, true),
                Some(_) => self.skip(),
            }
        }
        let runs = |piece: &Piece| matches!(piece.what, What::Output(_));
        pieces.0.extend(inside.0.into_iter().filter(runs));
        pieces.add(What::Unknown, true);
    }

    fn dollar_deeper(&mut self, pieces: &mut Pieces) {
        let found = self.deeper(|reader| {
            let mut pieces = Pieces::default();
            reader.dollar(&mut pieces, true);
            pieces.0
        });
        pieces.0.extend(found);
    }

    /// `${…}` after its brace.
    fn braces(&mut self, pieces: &mut Pieces, quoted: bool, from: usize) {
        let is_length = self.rest().starts_with('#') && !self.rest().starts_with("#}");
        let is_named = self.rest().starts_with('!');
        if is_length || is_named {
            self.at += 1;
        }
        let len = match self.peek() {
            Some(c) if b"@*#?$!-".contains(&c) => 1,
            _ => name_len(self.rest()),
        };
        let mut name = self.rest().get(..len).unwrap_or("").to_owned();
        self.at += len;
        let mut quoted = quoted;
        if self.eat("[") {
            let len = self.rest().find([']', '}', '\n']).unwrap_or(0);
            let index = self.rest().get(..len).unwrap_or("");
            let is_number = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
            quoted &= index != "@";
            name = match index {
                index if is_number => format!("{name}[{index}]"),
                _ => format!("{name}[@]"),
            };
            self.at += len;
            self.eat("]");
        }
        let operator = self.at;
        let colon = self.eat(":");
        let change = match self.peek() {
            Some(b'}') if is_named => Change::Named,
            Some(b'}') if is_length || colon => Change::Other,
            Some(b'}') => Change::None,
            Some(b'-' | b'=') => {
                self.at += 1;
                Change::Or(Box::new(self.until_brace()))
            }
            Some(b'+') => {
                self.at += 1;
                Change::Instead(Box::new(self.until_brace()))
            }
            Some(_) if colon => self.slice(),
            Some(b'/') => self.replacement(),
            Some(mark @ (b'#' | b'%')) => {
                self.at += 1;
                let longest = self.peek() == Some(mark);
                self.at += usize::from(longest);
                Change::Trim {
                    pattern: Box::new(self.until_brace()),
                    at_end: mark == b'%',
                    longest,
                }
            }
            Some(mark @ (b'^' | b',')) => {
                while self.peek() == Some(mark) {
                    self.at += 1;
                }
                Change::Case {
                    upper: mark == b'^',
                }
            }
            _ => Change::Other,
        };
        if matches!(change, Change::Other) {
            self.at = operator;
        }
        // Whatever is left may still substitute.
        let rest = self.until_brace();
        pieces.add(What::Variable(name, change), quoted);
        let runs = |piece: &Piece| matches!(piece.what, What::Output(_));
        if rest.pieces.iter().any(runs) {
            pieces.0.extend(rest.pieces.into_iter().filter(runs));
        }
        if !self.eat("}") {
            self.trouble("no } for a ${", from);
        }
    }

    /// `from:count` of `${NAME:from:count}`.
    fn slice(&mut self) -> Change {
        let rest = self.rest();
        let inside = rest.get(..rest.find('}').unwrap_or(0)).unwrap_or("");
        let (start, count) = match inside.split_once(':') {
            Some((start, count)) => (start, Some(count)),
            None => (inside, None),
        };
        let number = |text: &str| -> Option<i64> {
            match text.trim_matches([' ', '(', ')']) {
                "" => Some(0),
                text => text.parse().ok(),
            }
        };
        match (number(start), count.map(number)) {
            (Some(start), None) => Change::Slice(start, None),
            (Some(start), Some(Some(count))) => Change::Slice(start, Some(count)),
            _ => Change::Other,
        }
    }

    /// `/from/to` of `${NAME/from/to}`, from its first slash on.
    fn replacement(&mut self) -> Change {
        self.at += 1;
        let everywhere = self.eat("/");
        let from = self.until(&['}', '/']);
        let to = match self.eat("/") {
            true => self.until_brace(),
            false => Word::default(),
        };
        Change::Replace {
            from: Box::new(from),
            to: Box::new(to),
            everywhere,
        }
    }

    /// The text up to the `}` of an expansion, which is left there.
    fn until_brace(&mut self) -> Word {
        self.until(&['}'])
    }

    /// The same up to one of some characters.
    fn until(&mut self, ends: &[char]) -> Word {
        let from = self.at;
        let pieces = self.deeper(|reader| {
            let mut pieces = Pieces::default();
            loop {
                let rest = reader.rest();
                match reader.peek() {
                    None => break,
                    Some(end) if ends.contains(&char::from(end)) => break,
                    Some(b'$') => reader.dollar(&mut pieces, true),
                    Some(b'`') => reader.backtick(&mut pieces, true),
                    Some(b'"') => {
                        let from = reader.at;
                        reader.at += 1;
                        let inside = reader.quoted(Some(from));
                        pieces.0.extend(inside);
                    }
                    Some(b'\'') => reader.at += 1,
                    Some(b'\\') => {
                        reader.at += 1;
                        let next = reader.rest().chars().next();
                        if let Some(c) = next {
                            pieces.text(c.encode_utf8(&mut [0; 4]), true);
                            reader.at += c.len_utf8();
                        }
                    }
                    Some(_) => {
                        let len = rest
                            .find(|c| ends.contains(&c) || "$`\"'\\".contains(c))
                            .unwrap_or(rest.len())
                            .max(1);
                        pieces.text(rest.get(..len).unwrap_or(""), true);
                        reader.at += len;
                    }
                }
            }
            pieces.0
        });
        Word {
            pieces,
            span: self.span(from),
        }
    }

    /// `$'…'` after its quote.
    fn ansi(&mut self, pieces: &mut Pieces, from: usize) {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().peekable();
        let mut end = None;
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    end = Some(at + 1);
                    break;
                }
                '\\' => {
                    let Some((_, kind)) = chars.next() else { break };
                    let mut number = |first: &str, most: usize, radix: u32| {
                        let mut digits = first.to_owned();
                        while digits.len() < most
                            && let Some(&(_, c)) = chars.peek()
                            && c.is_digit(radix)
                        {
                            digits.push(c);
                            chars.next();
                        }
                        let code = u32::from_str_radix(&digits, radix).unwrap_or(0);
                        char::from_u32(code).unwrap_or('\u{FFFD}')
                    };
                    text.push(match kind {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'x' => number("", 2, 16),
                        'u' => number("", 4, 16),
                        'U' => number("", 8, 16),
                        '0'..='7' => number(kind.encode_utf8(&mut [0; 4]), 3, 8),
                        other => other,
                    });
                }
                c => text.push(c),
            }
        }
        if end.is_none() {
            self.trouble("a quote that nothing ends", from);
        }
        self.at += end.unwrap_or(self.rest().len());
        pieces.text(&text, true);
    }

    /// `` `…` ``: inside, a backslash keeps `` ` ``, `$` and itself from their meaning.
    fn backtick(&mut self, pieces: &mut Pieces, quoted: bool) {
        let from = self.at;
        self.at += 1;
        let mut inside = String::new();
        let mut ended = false;
        let mut chars = self.rest().char_indices();
        let mut end = self.rest().len();
        while let Some((at, c)) = chars.next() {
            match c {
                '`' => {
                    end = at + 1;
                    ended = true;
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('`' | '$' | '\\'))) => inside.push(c),
                    Some((_, '"')) if quoted => inside.push('"'),
                    Some((_, c)) => {
                        inside.push('\\');
                        inside.push(c);
                    }
                    None => {}
                },
                c => inside.push(c),
            }
        }
        self.at += end;
        if !ended {
            self.trouble("a ` that nothing ends", from);
        }
        let span = self.span(from);
        let (dialect, levels) = (self.dialect, self.levels);
        let mut problem = None;
        let nodes: Vec<Node> = self.deeper(|_| {
            let mut inner = Reader::new(&inside, dialect, Some(span), levels + 1);
            let nodes = inner.script();
            problem = inner.problem;
            nodes
        });
        self.problem = self.problem.or(problem);
        pieces.add(What::Output(Rc::new(nodes)), quoted);
    }
}

fn name_len(text: &str) -> usize {
    text.bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count()
}
