//! Programs that work on files and streams.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::programs::{Call, joined};
use super::run::Shell;
use super::table::Role;
use super::value::{Taint, TaintKind, Value, has_hole};
use crate::api::AimKind;
use crate::model::Origin;

impl Shell<'_> {
    /// Does the same thing to each path.
    pub(super) fn on_files(&mut self, call: &Call<'_>, ids: &[&'static str]) -> Value {
        self.has_fifo |= call.name == "mkfifo";
        for path in call.of(Role::Path) {
            let full = self.absolute(&path);
            for id in ids {
                self.act(id, AimKind::Path, &full, call.span);
            }
        }
        if ids == ["fs.read"] {
            return Value::unknown(Origin::File);
        }
        Value::default()
    }

    /// `cp`, `mv`: the last path is where the others go.
    pub(super) fn copy(&mut self, call: &Call<'_>) -> Value {
        let mut paths = call.of(Role::Path);
        paths.extend(call.of(Role::Rest));
        let mut to = call.first(Role::To);
        // Roles by place are right for two; of more, the last is where they go.
        if !call.of(Role::Rest).is_empty() {
            paths.extend(to.take());
            paths.sort_by_key(|path| position(call, path));
            to = paths.pop();
        }
        if call.name == "dd" {
            let find = |key: &str| {
                call.words
                    .iter()
                    .find_map(|word| word.text.strip_prefix(key).map(|text| word.with_text(text)))
            };
            paths = find("if=").into_iter().collect();
            to = find("of=");
        }
        let Some(to) = to else {
            return Value::default();
        };
        for path in paths {
            let content = self.content(&path, call.span);
            if matches!(
                call.name,
                "mv" | "move" | "move-item" | "rename" | "rename-item" | "mve"
            ) {
                let full = self.absolute(&path);
                self.act("fs.move", AimKind::Path, &full, call.span);
            }
            self.writes(&to, &content, call.span);
        }
        Value::default()
    }

    /// `tee`, `Out-File`.
    pub(super) fn tee(&mut self, call: &Call<'_>) -> Value {
        let mut content = call.input.clone();
        for value in call.of(Role::Sent) {
            content.push(&value);
        }
        for path in call.of(Role::Out) {
            match path.text.as_str() {
                "/dev/null" | "/dev/tty" | "/dev/stderr" => {}
                _ => self.writes(&path, &content, call.span),
            }
        }
        content
    }

    /// Prints files, or what it reads; decodes where that is asked for.
    pub(super) fn filter(&mut self, call: &Call<'_>) -> Value {
        let mut value = Value::default();
        let paths = call.of(Role::Path);
        for path in &paths {
            let content = self.content(path, call.span);
            value.push(&content);
        }
        if paths.is_empty() || paths.iter().any(|path| path.text == "-") {
            value.push(call.input);
        }
        // What it is told to search for may carry data too.
        let args: Vec<Taint> = call
            .words
            .iter()
            .skip(1)
            .flat_map(|word| word.taints.clone())
            .collect();
        for taint in args {
            value.taint(taint);
        }
        let plain = matches!(
            call.name,
            "cat" | "tac" | "bat" | "type.exe" | "get-content" | "gc" | "less.exe"
        );
        let value = if decodes(call) {
            self.decoded(&value, call)
        } else if plain || value.text.is_empty() {
            value
        } else if call.name == "tr" {
            let sets: Vec<String> = call
                .of(Role::Rest)
                .into_iter()
                .chain(paths.iter().cloned())
                .map(|set| set.text)
                .collect();
            translated(&value, &sets)
        } else if call.name == "rev" {
            let text: Vec<String> = value
                .text
                .lines()
                .map(|line| line.chars().rev().collect())
                .collect();
            value.with_text(text.join("\n"))
        } else {
            value.with_text("<?>")
        };
        if matches!(call.name, "sed" | "gsed") && call.found.has("i") {
            for path in paths {
                self.writes(&path, &Value::default(), call.span);
            }
        }
        for out in call.of(Role::Out) {
            self.writes(&out, &value, call.span);
        }
        value
    }

    fn decoded(&mut self, value: &Value, call: &Call<'_>) -> Value {
        let mut text = None;
        if !has_hole(&value.text) {
            text = match call.name {
                "base64" | "openssl" => from_base64(&value.text),
                "xxd" => from_hex(&value.text),
                _ => None,
            };
        }
        let mut decoded = value.with_text(text.unwrap_or_else(|| "<?>".to_owned()));
        decoded.taint(Taint {
            kind: TaintKind::Decoded,
            target: None,
            at: self.place(call.span),
        });
        decoded.origin.add(Origin::Decoded);
        decoded
    }

    pub(super) fn echo(&mut self, call: &Call<'_>) -> Value {
        let words = call.words.get(1..).unwrap_or(&[]);
        let escapes = call.name == "printf" || call.found.has("e");
        let words: &[Value] = match words.split_first() {
            Some((first, rest))
                if call.name != "printf"
                    && matches!(first.text.as_str(), "-e" | "-n" | "-ne" | "-en") =>
            {
                rest
            }
            _ => words,
        };
        let value = match words.split_first() {
            Some((format, rest)) if call.name == "printf" && format.text.contains('%') => {
                formatted(format, rest)
            }
            _ => joined(words),
        };
        if escapes && value.text.contains('\\') {
            let text = unescaped(&value.text);
            return value.with_text(text);
        }
        let mut value = value;
        if call.name != "printf" {
            value.push_text("\n");
        }
        value
    }

    /// `tar x`, `unzip`: what comes out of an archive is as remote as that was.
    pub(super) fn archive(&mut self, call: &Call<'_>) -> Value {
        let mut content = call.input.clone();
        let letters = call.words.get(1).map_or("", |word| word.text.as_str());
        let unpacks = !call.name.contains("tar")
            || letters.contains('x')
            || call.found.has("extract")
            || call.found.has("x");
        let mut paths = call.of(Role::Path);
        // `tar xzf file`: letters without a dash are no file.
        let is_letters = |path: &Value| {
            path.text.len() < 7 && path.text.chars().all(|c| "xctrufvzjJkpOm".contains(c))
        };
        if call.name.contains("tar") && paths.first().is_some_and(is_letters) {
            paths.remove(0);
        }
        let archives = if unpacks {
            paths.get(..1)
        } else {
            paths.get(1..)
        };
        for path in archives.unwrap_or(&[]) {
            if path.text != "-" {
                let read = self.content(path, call.span);
                content.push(&read);
            }
        }
        if unpacks {
            let folder = call
                .first(Role::Folder)
                .unwrap_or_else(|| Value::literal(self.cwd.clone()));
            let folder = self.absolute(&folder);
            self.act("archive.unpack", AimKind::Path, &folder, call.span);
            if content.has(TaintKind::Remote) {
                self.unpacked = content.with_text("<?>");
            }
            return if call.found.has("O") || call.found.has("p") {
                content
            } else {
                Value::default()
            };
        }
        content.text = "<?>".to_owned();
        if let Some(out) = paths.first().filter(|out| out.text != "-") {
            self.writes(&out.clone(), &content, call.span);
            return Value::default();
        }
        content
    }

    /// `find PATHS … -exec COMMAND ;`.
    pub(super) fn find(&mut self, call: &Call<'_>) -> Value {
        let is_test = |word: &Value| word.text.starts_with(['-', '(', '!']);
        let words = call.words.get(1..).unwrap_or(&[]);
        for path in words.iter().take_while(|word| !is_test(word)) {
            let full = self.absolute(path);
            self.act("fs.list", AimKind::Path, &full, call.span);
            if words.iter().any(|word| word.text == "-delete") {
                self.act("fs.delete", AimKind::Path, &full, call.span);
            }
        }
        let root = words.first().map_or(".", |word| word.text.as_str());
        let found = words
            .windows(2)
            .find(|pair| {
                pair.first()
                    .is_some_and(|word| matches!(word.text.as_str(), "-name" | "-iname" | "-path"))
            })
            .and_then(|pair| pair.last())
            .map_or_else(|| root.to_owned(), |name| format!("{root}/{}", name.text));
        let starts = words
            .iter()
            .position(|word| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok"));
        if let Some(start) = starts {
            let inner: Vec<Value> = words
                .iter()
                .skip(start + 1)
                .take_while(|word| !matches!(word.text.as_str(), ";" | "\\;" | "+"))
                .map(|word| word.with_text(word.text.replace("{}", &found)))
                .collect();
            return self.program(inner, &Value::default(), call.span);
        }
        Value::literal(found)
    }

    /// What a shell does itself.
    pub(super) fn nothing(&mut self, call: &Call<'_>) -> Value {
        let first = call.words.get(1).filter(|word| !word.text.starts_with('-'));
        let path = |value: &Value| value.text.trim_end_matches('/').to_owned();
        match (call.name, first) {
            ("pwd" | "get-location", _) => Value::literal(self.cwd.clone()),
            ("dirname", Some(value)) => {
                let path = path(value);
                let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
                value.with_text(if folder.is_empty() { "/" } else { folder })
            }
            ("basename", Some(value)) => {
                let path = path(value);
                let name = path.rsplit('/').next().unwrap_or("");
                let end = call.words.get(2).map_or("", |word| word.text.as_str());
                value.with_text(name.strip_suffix(end).unwrap_or(name))
            }
            ("realpath" | "readlink" | "cygpath" | "resolve-path", _) => {
                let last = call.words.last().filter(|word| !word.text.starts_with('-'));
                last.map_or(Value::default(), |value| self.absolute(value))
            }
            ("join-path", _) => {
                let parts: Vec<&str> = call
                    .words
                    .iter()
                    .skip(1)
                    .map(|word| word.text.as_str())
                    .filter(|text| !text.starts_with('-'))
                    .collect();
                joined(call.words.get(1..).unwrap_or(&[])).with_text(parts.join("/"))
            }
            ("which" | "where" | "get-command" | "type", Some(value)) => value.clone(),
            (
                "date" | "seq" | "expr" | "tput" | "stty" | "tty" | "nproc" | "getconf"
                | "get-date" | "ver" | "hash",
                _,
            ) => Value::unknown(Origin::Unknown),
            ("new-object", _) => Value::unknown(Origin::Unknown),
            // In a pipe these hand on what they get.
            (
                "where-object" | "foreach-object" | "select-object" | "sort-object" | "out-string"
                | "out-host",
                _,
            ) => call.input.clone(),
            // `exit` and `return` end something, but what follows may run in another branch.
            _ => Value::default(),
        }
    }

    pub(super) fn cd(&mut self, call: &Call<'_>) -> Value {
        let to = call
            .words
            .iter()
            .skip(1)
            .find(|word| !word.text.starts_with('-') && word.text != "/d");
        match to {
            Some(to) => self.cwd = self.absolute(to).text,
            None if call.name == "cd" && call.words.len() == 1 => self.cwd = "~".to_owned(),
            None => {}
        }
        Value::default()
    }
}

fn position(call: &Call<'_>, value: &Value) -> usize {
    call.words
        .iter()
        .rposition(|word| word == value)
        .unwrap_or(0)
}

fn decodes(call: &Call<'_>) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| call.found.has(name));
    match call.name {
        "base64" | "base32" => has(&["d", "D", "decode"]),
        "uudecode" | "gunzip" | "zcat" | "gzcat" => true,
        "xxd" => has(&["r"]),
        "openssl" => has(&["d"]) || call.words.iter().any(|word| word.text == "-d"),
        "gzip" | "bzip2" | "xz" | "zstd" => has(&["d", "decompress", "dc"]),
        _ => false,
    }
}

fn from_base64(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(clean).ok()?;
    String::from_utf8(bytes).ok()
}

fn from_hex(text: &str) -> Option<String> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let bytes = digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap_or(0));
    String::from_utf8(bytes.collect()).ok()
}

/// `tr SET SET` for sets of equal length, and `tr -d SET`.
fn translated(value: &Value, sets: &[String]) -> Value {
    let [from, to] = sets else {
        let unwanted = sets.first().map_or("", String::as_str);
        let text: String = value
            .text
            .chars()
            .filter(|c| !unwanted.contains(*c))
            .collect();
        let is_plain = !unwanted.contains(['[', '\\', '-']) && value.is_known();
        return value.with_text(if is_plain { text.as_str() } else { "<?>" });
    };
    let (from, to) = (ranges(from), ranges(to));
    if from.len() != to.len() || from.is_empty() || !value.is_known() {
        return value.with_text("<?>");
    }
    let change = |c: char| {
        from.iter()
            .position(|known| *known == c)
            .and_then(|at| to.get(at))
            .copied()
            .unwrap_or(c)
    };
    let text: String = value.text.chars().map(change).collect();
    value.with_text(text)
}

/// The characters of `a-zA-Z`.
fn ranges(set: &str) -> Vec<char> {
    let chars: Vec<char> = set.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(&last)) if c <= last && u32::from(last) - u32::from(c) < 256 => {
                all.extend(c..=last);
                at += 3;
            }
            _ => {
                all.push(c);
                at += 1;
            }
        }
    }
    all
}

/// `printf FORMAT ARGS`: `%s` and its kin take the next argument.
fn formatted(format: &Value, args: &[Value]) -> Value {
    let mut value = format.with_text("");
    let mut args = args.iter();
    let mut chars = format.text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            value.push_text(c.encode_utf8(&mut [0; 4]));
            continue;
        }
        match chars.find(|c| c.is_ascii_alphabetic() || *c == '%') {
            Some('%') => value.push_text("%"),
            Some(_) => {
                if let Some(arg) = args.next() {
                    value.push(arg);
                }
            }
            None => {}
        }
    }
    value
}

/// `\n`, `\x41`, `\101` as `echo -e` and `printf` read them.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let next = chars.next();
        let mut number = |first: Option<char>, most: usize, radix: u32| {
            let mut code = first.and_then(|c| c.to_digit(radix)).unwrap_or(0);
            let mut count = usize::from(first.is_some());
            while count < most
                && let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix))
            {
                code = code * radix + digit;
                chars.next();
                count += 1;
            }
            char::from_u32(code).unwrap_or('\u{FFFD}')
        };
        out.push(match next {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('x') => number(None, 2, 16),
            Some(c @ '0'..='7') => number(Some(c), if c == '0' { 4 } else { 3 }, 8),
            Some(c) => c,
            None => '\\',
        });
    }
    out
}
