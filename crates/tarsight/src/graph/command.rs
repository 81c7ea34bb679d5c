//! Which files of the package a script's command line names.
//!
//! A plain reading: words, quotes, `&&`, `||`, `;`, `|`. What it cannot follow has no files; the
//! script is a surface all the same.

use rustc_hash::FxHashMap;

use super::paths::join;
use super::resolve::Resolver;
use crate::model::FileId;

/// Command lines that one script may lead to, through `npm run`, `sh -c` and the like.
const MOST_LINES: usize = 64;
/// Words of one script that are looked up as files.
const MOST_TRIES: usize = 1024;
/// Bytes of a command line that are read.
const MOST_BYTES: usize = 64 << 10;

/// Programs that run the file named first.
const RUNNERS: &[&str] = &[
    "node",
    "nodejs",
    "bun",
    "deno",
    "tsx",
    "ts-node",
    "esno",
    "babel-node",
    "nodemon",
    "electron",
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "python",
    "python3",
    "perl",
    "ruby",
    "php",
    "powershell",
    "pwsh",
    "cmd",
    "wscript",
    "cscript",
    "source",
    ".",
];

/// Those whose code is JavaScript.
const JAVASCRIPT: &[&str] = &["node", "nodejs", "bun", "deno", "tsx", "ts-node"];

/// Programs that run the command that follows.
const WRAPPERS: &[&str] = &[
    "env",
    "cross-env",
    "cross-env-shell",
    "exec",
    "command",
    "time",
    "nice",
    "nohup",
    "sudo",
    "npx",
    "start",
    "call",
    "winpty",
    "setsid",
    "then",
    "do",
    "else",
    "if",
    "while",
    "{",
    "(",
    "!",
];

/// Programs whose arguments are command lines.
const MANY: &[&str] = &["concurrently", "conc", "eval"];

/// Programs whose arguments are names of scripts.
const SCRIPT_RUNNERS: &[&str] = &["run-s", "run-p", "npm-run-all", "npm-run-all2"];

/// Words after a runner that stand before the file.
const VERBS: &[&str] = &["run", "x", "exec", "watch", "test", "/c", "/d", "/s"];

/// Options that take the next word, which is no file.
const WITH_WORD: &[&str] = &[
    "-C",
    "--conditions",
    "--title",
    "--stack-trace-limit",
    "-ExecutionPolicy",
    "-ep",
];

/// Options that take code or a command line.
const WITH_CODE: &[&str] = &[
    "-e",
    "--eval",
    "-p",
    "--print",
    "-pe",
    "-Command",
    "-EncodedCommand",
    "-enc",
];

/// Options whose value is loaded before the file.
const WITH_FILE: &[&str] = &[
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "--preload",
    "--env-file",
];

/// What the commands may refer to.
pub(super) struct Context<'c> {
    scripts: FxHashMap<&'c str, &'c str>,
    /// A package's own commands are on the path of its scripts.
    bin: FxHashMap<&'c str, &'c str>,
}

impl<'c> Context<'c> {
    pub(super) fn new(scripts: &'c [(String, String)], bin: &'c [(String, String)]) -> Self {
        let map = |pairs: &'c [(String, String)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect()
        };
        Self {
            scripts: map(scripts),
            bin: map(bin),
        }
    }
}

/// What a command line leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The files of the package that it names, in order, each once.
    pub(super) files: Vec<FileId>,
    /// JavaScript that it hands to Node.
    pub(super) code: Vec<String>,
}

/// What a command line of the package leads to.
pub(super) fn named(resolver: &mut Resolver, context: &Context, line: &str) -> Named {
    let mut reader = Reader {
        resolver,
        context,
        lines: vec![line.to_owned()],
        named: Named::default(),
        tries: 0,
    };
    let mut next = 0;
    while let Some(line) = reader.lines.get(next).cloned() {
        reader.line(&line);
        next += 1;
    }
    reader.named
}

struct Reader<'r, 'a, 'c> {
    resolver: &'r mut Resolver<'a>,
    context: &'c Context<'c>,
    /// Read and still to read; each once, so `npm run` cycles end.
    lines: Vec<String>,
    named: Named,
    tries: usize,
}

impl Reader<'_, '_, '_> {
    fn line(&mut self, line: &str) {
        if line.len() > MOST_BYTES {
            return;
        }
        let mut folder = String::new();
        for words in commands(line) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.command(&words, &mut folder);
        }
    }

    fn command(&mut self, words: &[&str], folder: &mut String) {
        let mut rest = words;
        // Assignments, wrappers and their options.
        let (program, args) = loop {
            let Some((&word, after)) = rest.split_first() else {
                return;
            };
            let wraps = WRAPPERS.contains(&word)
                || (word.contains('=') && !word.starts_with(['-', '.', '/', '=']))
                || (rest.len() < words.len() && word.starts_with('-'));
            if !wraps {
                break (word, after);
            }
            rest = after;
        };
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        let name = name
            .strip_suffix(".exe")
            .or(name.strip_suffix(".cmd"))
            .unwrap_or(name);
        match name {
            "cd" | "pushd" => {
                if let Some(to) = args.iter().find(|arg| !arg.starts_with('-')) {
                    *folder = join(folder, to).unwrap_or_default();
                }
            }
            "npm" | "yarn" | "pnpm" => self.package_manager(args),
            _ if SCRIPT_RUNNERS.contains(&name) => {
                for script in args {
                    self.script(script);
                }
            }
            _ if MANY.contains(&name) => {
                for line in args {
                    self.queue(line);
                }
            }
            _ if RUNNERS.contains(&name) => self.runner(name, args, folder),
            _ => self.program(program, folder),
        }
    }

    /// `node [options] FILE …`, `sh -c LINE`.
    fn runner(&mut self, name: &str, args: &[&str], folder: &str) {
        let mut args = args.iter();
        while let Some(&arg) = args.next() {
            let (option, value) = match arg.split_once('=') {
                Some((option, value)) if arg.starts_with('-') => (option, Some(value)),
                _ => (arg, None),
            };
            if WITH_FILE.contains(&option) {
                if let Some(file) = value.or_else(|| args.next().copied()) {
                    self.add(folder, file);
                }
            } else if option == "--run" {
                if let Some(script) = value.or_else(|| args.next().copied()) {
                    self.script(script);
                }
            } else if matches!(option, "-c" | "-lc" | "-ec" | "-ic" | "/c" | "/C") {
                // One quoted word for a shell, all that follows for cmd.
                let line: Vec<&str> = args.copied().collect();
                self.queue(&line.join(" "));
                return;
            } else if WITH_CODE.contains(&option) {
                // Nothing after the code is run.
                let code = value.or_else(|| args.next().copied()).unwrap_or("");
                if JAVASCRIPT.contains(&name) {
                    self.named.code.push(code.to_owned());
                }
                return;
            } else if WITH_WORD.contains(&option) {
                if value.is_none() {
                    args.next();
                }
            } else if arg == "--" || arg.starts_with('-') || VERBS.contains(&arg) {
                // `bun run x` runs a script or a file.
                if arg == "run"
                    && let Some(next) = args.clone().next()
                {
                    self.script(next);
                }
            } else {
                self.add(folder, arg);
                return;
            }
        }
    }

    /// `npm run x`, `yarn x`, `npm test`, with the hooks around it.
    fn package_manager(&mut self, args: &[&str]) {
        let mut words = args.iter().filter(|arg| !arg.starts_with('-'));
        let Some(&verb) = words.next() else {
            return;
        };
        let names: &[&str] = match verb {
            "run" | "run-script" | "rum" | "urn" | "exec" | "x" => {
                let Some(name) = words.next() else {
                    return;
                };
                &[name]
            }
            "t" | "tst" => &["test"],
            "restart" => &["stop", "restart", "start"],
            _ => &[verb],
        };
        for name in names {
            self.script(name);
        }
    }

    fn script(&mut self, name: &str) {
        for hook in ["pre", "", "post"] {
            let line = self.context.scripts.get(format!("{hook}{name}").as_str());
            if let Some(line) = line {
                self.queue(line);
            }
        }
    }

    fn queue(&mut self, line: &str) {
        if self.lines.len() < MOST_LINES && !self.lines.iter().any(|known| known == line) {
            self.lines.push(line.to_owned());
        }
    }

    /// A file that is run directly, or one of the package's own commands.
    fn program(&mut self, program: &str, folder: &str) {
        if program.contains(['/', '\\']) {
            self.add(folder, program);
        }
        if let Some(path) = self.context.bin.get(program) {
            self.add("", path);
        }
    }

    fn add(&mut self, folder: &str, path: &str) {
        self.tries += 1;
        if self.tries <= MOST_TRIES
            && let Some(file) = self.resolver.relative(folder, path)
            && !self.named.files.contains(&file)
        {
            self.named.files.push(file);
        }
    }
}

/// The simple commands of a line, as words without their quotes.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            // A backslash escapes what a shell would need it for; otherwise it is a path of Windows.
            (Some('"') | None, '\\')
                if chars.peek().is_some_and(|c| "\"'\\ $`&|;".contains(*c)) =>
            {
                word.get_or_insert_default().extend(chars.next());
            }
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, ' ' | '\t' | '\r') => end(&mut commands, &mut word),
            (None, '&' | '|' | ';' | '\n' | ')' | '`') => {
                end(&mut commands, &mut word);
                commands.push(Vec::new());
            }
            (None, '(') => {
                end(&mut commands, &mut word);
                commands.push(Vec::new());
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    end(&mut commands, &mut word);
    commands.retain(|words| !words.is_empty());
    commands
}

fn end(commands: &mut [Vec<String>], word: &mut Option<String>) {
    if let (Some(command), Some(word)) = (commands.last_mut(), word.take()) {
        command.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::archive;

    /// The files named, by path.
    fn named(line: &str) -> Vec<String> {
        let archive = archive(&[
            ("a.js", ""),
            ("cli.js", ""),
            ("index.js", ""),
            ("lib/b.js", ""),
            ("my file.js", ""),
            ("tools/setup", ""),
            ("x.sh", ""),
        ]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let scripts = [
            pair("build", "node lib/b && npm run build"),
            pair("prebuild", "node a"),
            pair("loop", "yarn loop"),
        ];
        let bin = [pair("mine", "./cli.js")];
        let context = Context::new(&scripts, &bin);
        let named = super::named(&mut Resolver::new(&archive), &context, line);
        named
            .files
            .iter()
            .map(|&file| archive.path(file).to_owned())
            .collect()
    }

    #[test]
    fn files_of_plain_commands() {
        assert_eq!(named("node a.js"), ["a.js"]);
        assert_eq!(named("node --no-warnings ./a"), ["a.js"]);
        assert_eq!(named("node ."), ["index.js"]);
        assert_eq!(named("node \"my file.js\" a.js"), ["my file.js"]);
        assert_eq!(
            named("sh x.sh; node lib/b.js || exit 0"),
            ["x.sh", "lib/b.js"]
        );
        assert_eq!(named("./tools/setup"), ["tools/setup"]);
        assert_eq!(named("cd lib && node b"), ["lib/b.js"]);
        assert_eq!(named("node lib\\b.js"), ["lib/b.js"]);
        assert_eq!(
            named("NODE_ENV=x cross-env A=1 node -r ./a lib/b"),
            ["a.js", "lib/b.js"]
        );
        assert_eq!(named("node -C development a.js"), ["a.js"]);
        assert_eq!(named("(node a.js)"), ["a.js"]);
        assert_eq!(named("if [ -f x ]; then node a.js; fi"), ["a.js"]);
    }

    #[test]
    fn files_behind_other_commands() {
        assert_eq!(named("npm run build --silent"), ["a.js", "lib/b.js"]);
        assert_eq!(named("yarn build"), ["a.js", "lib/b.js"]);
        assert_eq!(named("run-s build"), ["a.js", "lib/b.js"]);
        assert_eq!(named("node --run build"), ["a.js", "lib/b.js"]);
        assert_eq!(named("sh -c 'node a.js'"), ["a.js"]);
        assert_eq!(named("cmd /c node a.js"), ["a.js"]);
        assert_eq!(
            named("concurrently \"node a.js\" \"node lib/b\""),
            ["a.js", "lib/b.js"]
        );
        assert_eq!(named("mine --setup"), ["cli.js"]);
        assert_eq!(named("npm run loop"), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_file_of_the_package() {
        let none = Vec::<String>::new();
        assert_eq!(named("node -e \"require('x')\" a.js"), none);
        assert_eq!(named("rm a.js"), none);
        assert_eq!(named("node ../a.js"), none);
        assert_eq!(named("tsc"), none);
        assert_eq!(named("'"), none);
        assert_eq!(named(&"node a.js;".repeat(100_000)), none, "too long");
    }
}
