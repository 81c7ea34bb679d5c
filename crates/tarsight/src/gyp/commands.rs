//! The commands of a gyp file, and the files that it takes in.

use rustc_hash::FxHashMap;

use super::parse::Value;
use crate::model::Span;

/// Commands of one file.
const MOST_COMMANDS: usize = 1024;
/// How often a variable in a variable is followed.
const MOST_ROUNDS: usize = 4;

/// A command that runs when the build is set up, or when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// A line, or a program with its arguments.
    pub(crate) text: Text,
    /// Where it stands.
    pub(crate) span: Span,
    /// Whether what it prints becomes a part of the file.
    pub(crate) expands: bool,
}

/// What a command says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// A line for the shell.
    Line(String),
    /// A program with its arguments.
    Words(Vec<String>),
    /// A Python module, without its extension.
    Module(String),
}

/// What a gyp file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Build {
    pub(crate) commands: Vec<Command>,
    /// Files that it takes in, as it names them.
    pub(crate) includes: Vec<String>,
    /// Whether a target names a file to compile.
    pub(crate) compiles: bool,
}

/// Reads what a gyp file says.
pub(crate) fn commands(value: &Value) -> Build {
    let mut walk = Walk {
        build: Build::default(),
        variables: FxHashMap::default(),
    };
    walk.variables(value);
    walk.value(value);
    walk.build
}

struct Walk {
    build: Build,
    variables: FxHashMap<String, String>,
}

impl Walk {
    fn variables(&mut self, value: &Value) {
        match value {
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    if let ("variables", Value::Map(pairs)) = (key.as_str(), value) {
                        for (name, value) in pairs {
                            if let Value::Text(text, _) = value {
                                let name = name.trim_end_matches(['%', '?', '+', '=']).to_owned();
                                self.variables.entry(name).or_insert_with(|| text.clone());
                            }
                        }
                    }
                    self.variables(value);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.variables(item)),
            Value::Text(..) | Value::Other(_) => {}
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Map(pairs) => {
                for (name, value) in pairs {
                    self.keyed(name, value);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Text(text, span) => self.text(text, *span),
            Value::Other(_) => {}
        }
    }

    fn keyed(&mut self, key: &str, value: &Value) {
        let name = key.trim_end_matches(['!', '/', '+', '=', '?', '%']);
        match (name, value) {
            ("action", Value::List(items)) => self.action(items),
            ("action", Value::Text(text, span)) => {
                self.add(Text::Line(self.expanded(text)), *span, false);
            }
            ("includes", Value::List(items)) => {
                for item in items {
                    if let Value::Text(text, _) = item {
                        let path = self.expanded(text);
                        self.build.includes.push(path);
                    }
                }
            }
            ("dependencies", Value::List(items)) => {
                for item in items {
                    if let Value::Text(text, _) = item
                        && let Some((path, _)) = text.rsplit_once(".gyp:")
                    {
                        let path = self.expanded(&format!("{path}.gyp"));
                        self.build.includes.push(path);
                    }
                }
            }
            ("sources", Value::List(items)) => {
                self.build.compiles |= items.iter().any(|item| match item {
                    Value::Text(text, _) => is_source(text),
                    _ => false,
                });
            }
            ("make_global_settings", Value::List(items)) => {
                // Pairs: a tool, and the program that plays it.
                for item in items {
                    if let Value::List(pair) = item
                        && let [_, Value::Text(text, span)] = pair.as_slice()
                    {
                        self.add(Text::Line(self.expanded(text)), *span, false);
                    }
                }
            }
            _ => {}
        }
        self.value(value);
    }

    fn action(&mut self, items: &[Value]) {
        let mut words = Vec::new();
        let mut place = Span::default();
        for item in items {
            if let Value::Text(text, span) = item {
                place = if words.is_empty() {
                    *span
                } else {
                    Span::new(place.start, span.end)
                };
                words.push(self.expanded(text));
            }
        }
        if !words.is_empty() {
            self.add(Text::Words(words), place, false);
        }
    }

    fn add(&mut self, text: Text, span: Span, expands: bool) {
        if self.build.commands.len() < MOST_COMMANDS {
            self.build.commands.push(Command {
                text,
                span,
                expands,
            });
        }
    }

    /// The commands inside a text: `<!(…)`, `<!@(…)`, `>!(…)`, `^!(…)`, `<!pymod_do_main(…)`.
    fn text(&mut self, text: &str, span: Span) {
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| rest.find('!')) {
            let at = from + at;
            from = at + 1;
            if !text
                .get(..at)
                .is_some_and(|before| before.ends_with(['<', '>', '^']))
            {
                continue;
            }
            let rest = text.get(from..).unwrap_or("");
            let rest = rest.strip_prefix('@').unwrap_or(rest);
            let module = rest.strip_prefix("pymod_do_main");
            let rest = module.unwrap_or(rest);
            let Some(inside) = balanced(rest) else {
                continue;
            };
            let inside = self.expanded(inside);
            if module.is_some() {
                let name = inside
                    .split([' ', ','])
                    .next()
                    .unwrap_or("")
                    .trim_matches(['"', '\'']);
                self.add(Text::Module(name.to_owned()), span, true);
            } else {
                self.add(Text::Line(inside), span, true);
            }
        }
    }

    /// A text with its variables; what is not known is a hole.
    fn expanded(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..MOST_ROUNDS {
            let next = self.once(&text);
            if next == text || next.len() > 1 << 16 {
                break;
            }
            text = next;
        }
        text
    }

    fn once(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['<', '>', '^']) {
            out.push_str(rest.get(..at).unwrap_or(""));
            let after = rest.get(at + 1..).unwrap_or("");
            let inner = after.strip_prefix('@').unwrap_or(after);
            let name = inner
                .strip_prefix('(')
                .and_then(|inner| inner.split_once(')'));
            match name {
                Some((name, tail)) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                    let value = match name {
                        "module_root_dir" => "<package>",
                        name => self.variables.get(name).map_or("<?>", String::as_str),
                    };
                    out.push_str(value);
                    rest = tail;
                }
                _ => {
                    out.push_str(rest.get(at..=at).unwrap_or(""));
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// What stands in the brackets at the start.
fn balanced(text: &str) -> Option<&str> {
    let mut open = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return text.get(1..at);
                }
            }
            _ if open == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether a name is one of a file that is compiled.
pub(crate) fn is_source(path: &str) -> bool {
    const ENDS: [&str; 14] = [
        ".c", ".cc", ".cpp", ".cxx", ".c++", ".m", ".mm", ".s", ".S", ".asm", ".rs", ".swift",
        ".f90", ".zig",
    ];
    ENDS.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let (value, _) = parse(text);
        let shown = |command: Command| match command.text {
            Text::Line(line) => line,
            Text::Words(words) => words.join("|"),
            Text::Module(name) => format!("module {name}"),
        };
        commands(&value).commands.into_iter().map(shown).collect()
    }

    #[test]
    fn commands_wherever_they_stand() {
        assert_eq!(
            lines(
                "{'targets':[{'include_dirs':['<!(node -p \"require(\\'x\\').y\")', \"<!@(pkg-config --cflags z)\"]}]}"
            ),
            ["node -p \"require('x').y\"", "pkg-config --cflags z"]
        );
        assert_eq!(lines("{'a':'x>!(b)^!@(c (d))'}"), ["b", "c (d)"]);
        assert_eq!(
            lines("{'conditions':[['OS==\"mac\"',{'a':['<!(b)']},{'a':'<!(c)'}]]}"),
            ["b", "c"]
        );
        assert_eq!(
            lines(
                "{'targets':[{'actions':[{'action':['node','x.js']}],'rules':[{'action':'sh y'}]}]}"
            ),
            ["node|x.js", "sh y"]
        );
        assert_eq!(
            lines("{'postbuilds':[{'action':['sh','-c','x']}]}"),
            ["sh|-c|x"]
        );
        assert_eq!(lines("{'make_global_settings':[['CC','./cc']]}"), ["./cc"]);
        assert_eq!(lines("{'a':'<!pymod_do_main(mod x y)'}"), ["module mod"]);
        assert_eq!(
            lines("{'variables':{'v%':'x.js'},'a':'<!(node <(v) <(module_root_dir)/y <(z))'}"),
            ["node x.js <package>/y <?>"]
        );
        assert_eq!(lines("{'a':'b!(c)', 'd':'<(e)'}"), Vec::<String>::new());
    }

    #[test]
    fn files_that_are_taken_in_and_compiled() {
        let (value, _) = parse(
            "{'includes':['a.gypi'],'targets':[{'dependencies':['deps/b.gyp:b'],'sources':['x.cc']}]}",
        );
        let build = commands(&value);
        assert_eq!(build.includes, ["a.gypi", "deps/b.gyp"]);
        assert!(build.compiles);
        let (value, _) = parse("{'targets':[{'sources':['<!(echo stub.c)']}]}");
        assert!(!commands(&value).compiles);
    }
}
