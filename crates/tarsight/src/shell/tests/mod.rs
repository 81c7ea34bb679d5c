//! Lines and what they do.

mod acts;
mod dialects;
mod leads;

use super::read::Dialect;
use super::run::{Setting, World, understand};
use super::{Meaning, table};
use crate::api;
use crate::model::{FileId, Span};
use crate::value::Place;

/// Files of a made-up package, with the texts of scripts.
const FILES: &[(&str, &str)] = &[
    ("a.js", ""),
    ("cli.js", ""),
    ("index.js", ""),
    ("lib/b.js", ""),
    ("my file.js", ""),
    ("tools/setup", ""),
    (
        "x.sh",
        "curl -s \"$1\" | sh\nnode \"$(dirname \"$0\")/lib/b.js\"\n",
    ),
    ("loop.sh", "sh loop.sh"),
    ("get.sh", "curl -s https://a.invalid/get\n"),
    ("gulpfile.js", ""),
    ("my.config.js", ""),
];

const SCRIPTS: &[(&str, &str)] = &[
    ("build", "node lib/b && npm run build"),
    ("prebuild", "node a"),
    ("loop", "yarn loop"),
    ("build:one", "node a.js"),
];

struct Made;

impl World for Made {
    fn find(&mut self, path: &str) -> Option<FileId> {
        let path = path.strip_prefix("<package>")?.trim_start_matches('/');
        let tries = [
            path.to_owned(),
            format!("{path}.js"),
            format!("{path}/index.js"),
        ];
        let tries = tries.iter().map(|path| path.trim_start_matches('/'));
        let at = tries
            .filter_map(|path| FILES.iter().position(|(known, _)| *known == path))
            .next()?;
        u32::try_from(at).ok().map(FileId)
    }

    fn path(&self, file: FileId) -> String {
        FILES[file.index()].0.to_owned()
    }

    fn script_file(&self, file: FileId, _: bool) -> Option<(String, Dialect)> {
        let (path, text) = FILES[file.index()];
        path.ends_with(".sh")
            .then(|| (text.to_owned(), Dialect::Posix))
    }

    fn text(&self, file: FileId) -> Option<String> {
        Some(FILES[file.index()].1.to_owned())
    }

    fn script(&self, name: &str) -> Option<(String, Place)> {
        let (_, line) = SCRIPTS.iter().find(|(known, _)| *known == name)?;
        let place = Place {
            file: FileId(100),
            span: Span::new(0, 1),
        };
        Some(((*line).to_owned(), place))
    }

    fn scripts(&self) -> Vec<String> {
        SCRIPTS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn scripts_in(&mut self, folder: &str) -> Option<Vec<(String, String, Place)>> {
        let place = Place {
            file: FileId(101),
            span: Span::new(0, 1),
        };
        let line = |name: &str, line: &str| (name.to_owned(), line.to_owned(), place);
        (folder == "<package>/sub").then(|| {
            vec![
                line("build", "node ../lib/b"),
                line("preinstall", "node ../cli"),
            ]
        })
    }

    fn tests(&self) -> Vec<FileId> {
        vec![FileId(0)]
    }

    fn command(&self, name: &str) -> Option<String> {
        (name == "mine").then(|| "./cli.js".to_owned())
    }

    fn pay(&mut self, _: u32) -> bool {
        true
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "npm_package_name").then(|| "made".to_owned())
    }
}

fn meaning(text: &str, dialect: Dialect) -> Meaning {
    let setting = Setting {
        dialect,
        file: FileId(99),
        whole: None,
        folder: "<package>".to_owned(),
        own: None,
        made: Vec::new(),
    };
    understand(text, &setting, &mut Made)
}

/// The files that a line leads to.
fn leads(line: &str) -> Vec<&'static str> {
    let meaning = meaning(line, Dialect::Either);
    let mut found: Vec<&str> = Vec::new();
    for lead in meaning.leads {
        let path = FILES[lead.to.index()].0;
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// Acts besides `process.exec`, as `id target`.
fn acts_in(text: &str, dialect: Dialect) -> Vec<String> {
    let meaning = meaning(text, dialect);
    let mut found: Vec<String> = Vec::new();
    for act in meaning.acts.iter().filter(|act| act.id != "process.exec") {
        assert!(api::behaviour(act.id).is_some(), "{}", act.id);
        let text = format!("{} {}", act.id, act.target.as_deref().unwrap_or("-"));
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn acts(line: &str) -> Vec<String> {
    acts_in(line, Dialect::Either)
}

/// Moves as `id from>to`.
fn moves_in(text: &str, dialect: Dialect) -> Vec<String> {
    let meaning = meaning(text, dialect);
    let moves = meaning.moves.iter();
    moves
        .map(|one| {
            let target = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
            format!(
                "{} {}>{}",
                one.id,
                target(&one.from.target),
                target(&one.to.target)
            )
        })
        .collect()
}

#[track_caller]
fn moves(line: &str, wanted: &str) {
    let found = moves_in(line, Dialect::Either);
    assert!(found.iter().any(|one| one == wanted), "{line}: {found:?}");
}

#[track_caller]
fn still(line: &str) {
    assert_eq!(
        moves_in(line, Dialect::Either),
        Vec::<String>::new(),
        "{line}"
    );
}
