//! From words to values: variables, substitutions, fields.

use super::batch::windows_variable;
use super::read::Dialect;
use super::run::Shell;
use super::script::{Change, Node, Piece, What, Word};
use super::table;
use super::value::{MOST_TEXT, TaintKind, Value, has_hole};
use crate::api::AimKind;
use crate::model::{Origin, OriginSet, Span};
use crate::value::normalize;

/// Words that one word may become.
const MOST_FIELDS: usize = 512;

impl Shell<'_> {
    /// A word as one value.
    pub(super) fn single(&mut self, word: &Word) -> Value {
        let mut value = Value::default();
        for piece in &word.pieces {
            let part = self.piece(piece, word.span);
            value.push(&part);
        }
        value
    }

    /// A word as the arguments that it becomes.
    pub(super) fn fields(&mut self, word: &Word) -> Vec<Value> {
        if let Some(list) = word.bare().and_then(braces) {
            return list.into_iter().map(Value::literal).collect();
        }
        let mut fields: Vec<Value> = Vec::new();
        let mut open: Option<Value> = None;
        for piece in &word.pieces {
            if matches!(&piece.what, What::Variable(name, Change::None) if name == "@" || name == "*")
            {
                let rest = self.arguments.get(1..).unwrap_or(&[]).to_vec();
                for (at, value) in rest.into_iter().enumerate() {
                    if at > 0 {
                        fields.extend(open.take());
                    }
                    open.get_or_insert_default().push(&value);
                }
                continue;
            }
            let value = self.piece(piece, word.span);
            let keeps = piece.quoted || matches!(piece.what, What::Text(_));
            if keeps || !value.text.contains(char::is_whitespace) {
                if keeps || !value.is_empty() {
                    open.get_or_insert_default().push(&value);
                }
                continue;
            }
            if value.text.starts_with(char::is_whitespace) {
                fields.extend(open.take());
            }
            for (at, part) in value.text.split_whitespace().enumerate() {
                if at > 0 {
                    fields.extend(open.take());
                }
                open.get_or_insert_default().push(&value.with_text(part));
                if fields.len() > MOST_FIELDS {
                    break;
                }
            }
            if value.text.ends_with(char::is_whitespace) {
                fields.extend(open.take());
            }
        }
        fields.extend(open);
        if word.pieces.iter().any(is_escape) {
            for field in &mut fields {
                self.settle(field);
            }
        }
        fields
    }

    /// Backslashes that were kept because they may stand between folders: in an address, or in
    /// the name of a program that is known without them, they hide something.
    fn settle(&self, value: &mut Value) {
        if self.here.dialect == Dialect::Posix || !value.text.contains('\\') {
            return;
        }
        let bare = value.text.replace('\\', "");
        let is_name = !value.text.contains('/') && table::program(&bare).is_some();
        if bare.contains("://") || is_name {
            value.text = bare;
        }
    }

    fn piece(&mut self, piece: &Piece, span: Span) -> Value {
        match &piece.what {
            What::Text(text) => self.percent(text, span),
            What::Variable(name, change) => self.variable(name, change, span),
            What::Output(nodes) => {
                let mut value = self.output(nodes);
                let len = value.text.trim_end_matches(['\n', '\r']).len();
                value.text.truncate(len);
                value
            }
            What::File(nodes) => {
                let value = self.output(nodes);
                let path = format!("/dev/fd/{}", self.files.len());
                self.files.insert(path.clone(), value);
                Value::literal(path)
            }
            What::Unknown => Value::unknown(Origin::Unknown),
        }
    }

    /// What commands print.
    fn output(&mut self, nodes: &[Node]) -> Value {
        let folder = self.cwd.clone();
        let value = self.nodes(nodes, &Value::default());
        self.cwd = folder;
        value
    }

    /// A text with `%NAME%` replaced, where that may be the Windows command line.
    fn percent(&mut self, text: &str, span: Span) -> Value {
        if self.here.dialect == Dialect::Posix || !text.contains('%') {
            return Value::literal(text);
        }
        let mut value = Value::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            value.push(&Value::literal(before));
            let whole = after.split_once('%').map_or("", |(whole, _)| whole);
            let known = windows_variable(whole).filter(|(name, _)| {
                // `50% of all, 20% of some` names nothing.
                name.len() > 1
                    && !name.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                    && (self.variables.contains_key(*name)
                        || !name.contains(char::is_lowercase)
                        || special(name).is_some()
                        || name.starts_with("npm_"))
            });
            match known {
                Some((name, change)) => {
                    let found = self.variable(name, &change, span);
                    value.push(&found);
                    rest = after.get(whole.len() + 1..).unwrap_or("");
                }
                None => {
                    value.push_text("%");
                    rest = after;
                }
            }
        }
        value.push(&Value::literal(rest));
        value
    }

    fn variable(&mut self, name: &str, change: &Change, span: Span) -> Value {
        let is_cut = !matches!(
            change,
            Change::None | Change::Or(_) | Change::Instead(_) | Change::Named
        );
        // What stands for a folder of the user is not its text.
        if is_cut && !self.variables.contains_key(name) && special(name).is_some() {
            return Value::unknown(Origin::Environment);
        }
        match change {
            Change::None => self.lookup(name, span),
            Change::Or(word) => {
                if self.is_set(name) {
                    self.lookup(name, span)
                } else {
                    let value = self.single(word);
                    self.variables.insert(name.to_owned(), value.clone());
                    value
                }
            }
            Change::Instead(word) => self.single(word),
            Change::Slice(..) | Change::Case { .. } => {
                let value = self.lookup(name, span);
                if has_hole(&value.text) {
                    return value.with_text("<?>");
                }
                let text = match *change {
                    Change::Slice(from, count) => slice(&value.text, from, count),
                    Change::Case { upper: true } => value.text.to_uppercase(),
                    _ => value.text.to_lowercase(),
                };
                value.with_text(text)
            }
            Change::Replace {
                from,
                to,
                everywhere,
            } => {
                let mut value = self.lookup(name, span);
                let (from, to) = (self.single(from), self.single(to));
                let is_plain = from.is_known() && !from.text.contains(['*', '?', '[']);
                if !is_plain || has_hole(&value.text) {
                    return value.with_text("<?>");
                }
                let most = if *everywhere { usize::MAX } else { 1 };
                let places = match from.text.is_empty() {
                    true => 0,
                    false => value.text.matches(&from.text).take(most).count(),
                };
                if places.saturating_mul(to.text.len()) > MOST_TEXT {
                    return value.with_text("<?>");
                }
                let text = value.text.replacen(&from.text, &to.text, places);
                value.text.clear();
                value.push(&to.with_text(""));
                value.push_text(&text);
                value
            }
            Change::Trim {
                pattern,
                at_end,
                longest,
            } => {
                let value = self.lookup(name, span);
                let pattern = self.single(pattern);
                match trim(&value.text, &pattern.text, *at_end, *longest) {
                    Some(text) if pattern.is_known() && !has_hole(&value.text) => {
                        value.with_text(text)
                    }
                    _ => value.with_text("<?>"),
                }
            }
            Change::Named => {
                let named = self.lookup(name, span);
                if named.is_known() {
                    self.lookup(&named.text, span)
                } else {
                    Value::unknown(Origin::Environment)
                }
            }
            Change::Other => {
                let value = self.lookup(name, span);
                value.with_text("<?>")
            }
        }
    }

    fn is_set(&self, name: &str) -> bool {
        match name.parse::<usize>() {
            Ok(at) => self.arguments.len() > at,
            Err(_) => self.variables.contains_key(name) || special(name).is_some(),
        }
    }

    /// The value of a variable.
    pub(super) fn lookup(&mut self, name: &str, span: Span) -> Value {
        if let Ok(at) = name.parse::<usize>() {
            return match self.arguments.get(at) {
                Some(value) => value.clone(),
                None if self.is_called => Value::default(),
                None => Value::unknown(Origin::Parameter),
            };
        }
        if let Some(value) = self.variables.get(name) {
            return value.clone();
        }
        if let Some(text) = self.world.variable(name) {
            return Value::literal(text);
        }
        match name {
            "PWD" => return Value::literal(self.cwd.clone()),
            "@" | "*" => {
                let mut all = Value::default();
                for value in self.arguments.get(1..).unwrap_or(&[]).to_vec() {
                    all.push_text(if all.text.is_empty() { "" } else { " " });
                    all.push(&value);
                }
                return all;
            }
            "#" | "?" | "$" | "!" | "-" | "RANDOM" | "SECONDS" | "LINENO" | "PPID" | "UID"
            | "EUID" => {
                return Value::unknown(Origin::Unknown);
            }
            "IFS" => return Value::literal(" "),
            _ => {}
        }
        if let Some(text) = special(name) {
            return Value::literal(text);
        }
        if let Some((array, index)) = name.split_once('[') {
            let all = self.variables.get(&format!("{array}[@]")).cloned();
            let value = all.unwrap_or_else(|| self.lookup(array, span));
            return match index {
                "@]" | "*]" | "0]" => value,
                _ => value.with_text("<?>"),
            };
        }
        let kind = match name.to_ascii_uppercase().as_str() {
            "USER" | "USERNAME" | "LOGNAME" | "HOSTNAME" | "COMPUTERNAME" | "USERDOMAIN" => {
                TaintKind::Host
            }
            _ => TaintKind::Variable,
        };
        let mut value = Value::from_source(kind, Some(name.to_owned()), self.place(span));
        value.text = format!("<env:{name}>");
        value.origin = OriginSet::of(Origin::Environment);
        let is_constant = name.contains(char::is_uppercase) && !name.contains(char::is_lowercase);
        if is_constant || name.starts_with("npm_config_") {
            let named = Value::literal(name);
            self.act("environment.read", AimKind::Variable, &named, span);
        }
        value
    }

    /// A path with its folder in front, in one form.
    pub(super) fn absolute(&self, path: &Value) -> Value {
        let text = path.text.replace('\\', "/");
        let text = text.strip_prefix("file://").unwrap_or(&text);
        let is_rooted = text.starts_with(['/', '~', '<', '%', '$']) || text.get(1..2) == Some(":");
        let full = if is_rooted || text.is_empty() {
            normalize(text)
        } else {
            normalize(&format!("{}/{text}", self.cwd))
        };
        path.with_text(full)
    }
}

/// Whether a piece holds an escape that was kept as it stands.
fn is_escape(piece: &Piece) -> bool {
    matches!(&piece.what, What::Text(text) if !piece.quoted && text.contains('\\'))
}

/// Characters of a text from one on, so many; below zero, both count from the end.
fn slice(text: &str, from: i64, count: Option<i64>) -> String {
    let len = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let at = |number: i64| match number < 0 {
        true => len.saturating_add(number).max(0),
        false => number.min(len),
    };
    let from = at(from);
    let to = match count {
        None => len,
        Some(count) if count < 0 => at(count),
        Some(count) => from.saturating_add(count).min(len),
    };
    let count = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    text.chars().skip(from).take(count).collect()
}

/// A text without its start or end, if the pattern is text with a `*` at one end at most.
fn trim(text: &str, pattern: &str, at_end: bool, longest: bool) -> Option<String> {
    let found = |part: &str| match longest != at_end {
        true => text.rfind(part),
        false => text.find(part),
    };
    let stars = pattern.matches(['*', '?', '[']).count();
    let rest = match (stars, at_end) {
        (0, false) => text.strip_prefix(pattern).unwrap_or(text),
        (0, true) => text.strip_suffix(pattern).unwrap_or(text),
        (1, false) => {
            let part = pattern.strip_prefix('*')?;
            found(part).map_or(text, |at| text.get(at + part.len()..).unwrap_or(""))
        }
        (1, true) => {
            let part = pattern.strip_suffix('*')?;
            found(part).map_or(text, |at| text.get(..at).unwrap_or(""))
        }
        _ => return None,
    };
    Some(rest.to_owned())
}

/// Variables that name places or programs.
fn special(name: &str) -> Option<&'static str> {
    Some(match name {
        "HOME" | "USERPROFILE" | "HOMEPATH" => "~",
        "APPDATA" | "appdata" => "~/AppData/Roaming",
        "LOCALAPPDATA" | "localappdata" => "~/AppData/Local",
        "XDG_CONFIG_HOME" => "~/.config",
        "ProgramFiles" | "ProgramFiles(x86)" | "PROGRAMFILES" => "C:/Program Files",
        "SystemRoot" | "SYSTEMROOT" | "windir" | "WINDIR" => "C:/Windows",
        "TMPDIR" | "TEMP" | "TMP" | "temp" | "tmp" => "<tmp>",
        "INIT_CWD" | "OLDPWD" | "CD" | "cd" => "<cwd>",
        "npm_execpath" => "npm",
        "npm_node_execpath" | "NODE" | "npm_config_node_gyp" => "node",
        "SHELL" | "COMSPEC" | "ComSpec" => "sh",
        _ => return None,
    })
}

/// `a{b,c}d` as `abd` and `acd`; one list, not nested.
fn braces(text: &str) -> Option<Vec<String>> {
    let (before, rest) = text.split_once('{')?;
    let (list, after) = rest.split_once('}')?;
    let plain = list.contains(',') && !list.contains('{') && !after.contains('{');
    plain.then(|| {
        list.split(',')
            .take(MOST_FIELDS)
            .map(|item| format!("{before}{item}{after}"))
            .collect()
    })
}
