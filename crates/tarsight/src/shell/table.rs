//! What programs do with their arguments, as rows.
//!
//! A row has names, options, and what the other arguments are. An option is `a|long=role`: one
//! letter stands behind one dash, more behind one or two, letter case aside where the program is
//! of Windows; without a role it takes no value. `rest` lists roles of the other arguments; `*`
//! repeats, `…` gives all that follows to the program that is run.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::does::Does;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing that matters.
    Skip,
    /// An argument that is no option, and has no other role.
    Rest,
    /// An address that is asked.
    Url,
    /// The name of a machine.
    Host,
    /// A port.
    Port,
    /// A file that is written.
    Out,
    /// A folder that is written.
    Folder,
    /// Content that leaves; `@file` is that file.
    Data,
    /// Content that leaves, as it stands.
    Sent,
    /// A file that leaves.
    Upload,
    /// A file that is read, deleted, …: what the row says.
    Path,
    /// Where files go.
    To,
    /// A file that is run.
    Run,
    /// A file or module that is loaded before that.
    Preload,
    /// Code of the program's language.
    Code,
    /// A line for a shell.
    Line,
    /// The same, encoded as PowerShell takes it.
    Encoded,
    /// The name of a script of the package.
    Script,
    /// The first word of a command, all of which follows.
    Command,
    /// A program that gets the connection.
    Serve,
}

/// One row, taken apart.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    pub(super) does: Does,
    options: Vec<(&'static str, Option<Role>)>,
    pub(super) rest: Vec<Role>,
    /// Whether what follows the first of the other arguments belongs to it.
    stops: bool,
}

type Row = (&'static str, &'static str, &'static str, Does);

/// The row of a program, by its name without folder and extension, in lower case.
pub(super) fn program(name: &str) -> Option<&'static Program> {
    static INDEX: OnceLock<FxHashMap<&'static str, Program>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let rows = super::rows::ROWS.iter().flat_map(|rows| rows.iter());
        rows.flat_map(|row| {
            row.0
                .split_whitespace()
                .map(move |name| (name, parse(name, row)))
        })
        .collect()
    });
    index.get(name)
}

fn parse(name: &'static str, row: &Row) -> Program {
    let &(_, options, rest, does) = row;
    let options = options.split_whitespace().flat_map(|option| {
        let (names, role) = match option.split_once('=') {
            Some((names, name)) => (names, Some(role(name))),
            None => (option, None),
        };
        names.split('|').map(move |name| (name, role))
    });
    let mut roles: Vec<Role> = rest
        .split_whitespace()
        .filter(|word| *word != "…")
        .map(|word| match role(word.trim_end_matches('*')) {
            Role::Skip => Role::Rest,
            role => role,
        })
        .collect();
    // The last one repeats if it says so; otherwise what follows is of no account.
    if !rest.trim_end_matches('…').trim_end().ends_with('*') {
        roles.push(Role::Rest);
    }
    Program {
        name,
        does,
        options: options.collect(),
        rest: roles,
        stops: rest.ends_with('…'),
    }
}

fn role(name: &str) -> Role {
    match name {
        "url" => Role::Url,
        "host" => Role::Host,
        "port" => Role::Port,
        "out" => Role::Out,
        "folder" => Role::Folder,
        "data" => Role::Data,
        "sent" => Role::Sent,
        "upload" => Role::Upload,
        "path" => Role::Path,
        "to" => Role::To,
        "run" => Role::Run,
        "preload" => Role::Preload,
        "code" => Role::Code,
        "line" => Role::Line,
        "encoded" => Role::Encoded,
        "script" => Role::Script,
        "command" => Role::Command,
        "serve" => Role::Serve,
        _ => Role::Skip,
    }
}

/// Arguments with their roles; options without a value are flags.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// Role and index of the argument; for `--name=value` and `-nvalue`, where the value starts.
    pub(super) given: Vec<(Role, usize, usize)>,
    /// Names of options.
    pub(super) flags: Vec<String>,
    /// Where the program's own arguments end, if it hands on the rest.
    pub(super) end: Option<usize>,
}

impl Program {
    fn option(&self, name: &str) -> Option<(&'static str, Option<Role>)> {
        let exact = self.options.iter().find(|(known, _)| *known == name);
        let folded = || {
            let long = |known: &str| known.len() > 1 && known.eq_ignore_ascii_case(name);
            self.options.iter().find(|(known, _)| long(known))
        };
        exact.or_else(folded).copied()
    }

    /// Takes arguments apart; the first text is that of the program itself.
    pub(super) fn arguments(&self, texts: &[&str]) -> Arguments {
        let mut found = Arguments::default();
        let mut place = 0;
        let mut at = 1;
        let mut options = true;
        while let Some(&text) = texts.get(at) {
            let is_option = options && text.len() > 1 && is_option(text, self);
            if options && text == "--" {
                options = false;
                at += 1;
                continue;
            }
            if is_option {
                at = self.take_option(text, at, texts, &mut found);
                continue;
            }
            let role = self.rest.get(place).or(self.rest.last());
            let role = role.copied().unwrap_or(Role::Rest);
            found.given.push((role, at, 0));
            place += 1;
            at += 1;
            if self.stops && place >= self.rest.len().saturating_sub(1).max(1) {
                found.end = Some(at);
                break;
            }
        }
        found
    }

    fn take_option(&self, text: &str, at: usize, texts: &[&str], found: &mut Arguments) -> usize {
        let dashes = text.len() - text.trim_start_matches(['-', '/']).len();
        let body = text.get(dashes..).unwrap_or("");
        let (name, inline) = match body.split_once(['=', ':']) {
            Some((name, value)) => (name, Some(text.len() - value.len())),
            None => (body, None),
        };
        let mut value = |role: Option<Role>, inline: Option<usize>| match (role, inline) {
            (None, _) => at + 1,
            (Some(role), Some(start)) => {
                found.given.push((role, at, start));
                at + 1
            }
            (Some(role), None) => {
                if texts.get(at + 1).is_some() {
                    found.given.push((role, at + 1, 0));
                }
                at + 2
            }
        };
        // `-o` is an option even where `-output` is one.
        if let Some((known, role)) = self.option(name)
            && (dashes > 1 || name.len() > 1 || inline.is_none() || known.len() > 1)
        {
            let next = value(role, inline);
            found.flags.push(known.to_owned());
            return next;
        }
        if dashes == 1 && text.starts_with('-') {
            // Letters side by side; one with a value takes what is left.
            for (offset, letter) in body.char_indices() {
                let known = self.option(letter.encode_utf8(&mut [0; 4]));
                found.flags.push(letter.to_string());
                if let Some((_, Some(role))) = known {
                    let start = dashes + offset + letter.len_utf8();
                    return value(Some(role), (start < text.len()).then_some(start));
                }
            }
            return at + 1;
        }
        found.flags.push(name.to_owned());
        at + 1
    }
}

/// `-x`, `--x`, and on Windows `/x`.
fn is_option(text: &str, program: &Program) -> bool {
    match text.strip_prefix('/') {
        Some(name) => {
            let name = name.split(':').next().unwrap_or(name);
            matches!(program.does, Does::Cmd | Does::Start | Does::Windows(_))
                && name.len() <= 12
                && name.chars().all(|c| c.is_ascii_alphabetic())
        }
        None => text.starts_with('-'),
    }
}

impl Arguments {
    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(line: &str) -> Vec<(Role, String)> {
        let texts: Vec<&str> = line.split(' ').collect();
        let program = program(texts[0]).expect("a known program");
        let found = program.arguments(&texts);
        found
            .given
            .iter()
            .map(|&(role, at, from)| (role, texts[at][from..].to_owned()))
            .filter(|(role, _)| !matches!(role, Role::Skip | Role::Rest))
            .collect()
    }

    fn one(role: Role, text: &str) -> (Role, String) {
        (role, text.to_owned())
    }

    #[test]
    fn options_in_every_form() {
        let out = one(Role::Out, "f");
        let url = one(Role::Url, "u");
        for line in [
            "curl -o f u",
            "curl -fsSLo f u",
            "curl -of u",
            "curl --output f u",
            "curl --output=f u",
        ] {
            assert_eq!(roles(line), [out.clone(), url.clone()], "{line}");
        }
        assert_eq!(
            roles("curl -XPOST -d @f -H a:b u"),
            [one(Role::Data, "@f"), one(Role::Sent, "a:b"), url.clone()]
        );
        assert_eq!(roles("invoke-webrequest -OutFile f -uri u"), [out, url]);
    }

    #[test]
    fn what_follows_a_program_belongs_to_it() {
        assert_eq!(
            roles("node -r x --no-warnings y -e z"),
            [one(Role::Preload, "x"), one(Role::Run, "y")]
        );
        assert_eq!(
            roles("node --import=x y"),
            [one(Role::Preload, "x"), one(Role::Run, "y")]
        );
        assert_eq!(roles("sudo -u root sh x"), [one(Role::Command, "sh")]);
        assert_eq!(roles("node --eval z"), [one(Role::Code, "z")]);
    }

    #[test]
    fn every_row_stands_once() {
        let mut names: Vec<&str> = super::super::rows::ROWS
            .iter()
            .flat_map(|rows| rows.iter())
            .flat_map(|row| row.0.split_whitespace())
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(names.iter().all(|name| *name == name.to_lowercase()));
    }
}
