//! Command lines that JavaScript hands to a shell, and flows of all commands.

use super::package::Package;
use super::render::render;
use super::target::Target;
use super::uses::{Effect, Use};
use super::written::WrittenFiles;
use super::{End, Flow, Step};
use crate::api::{self, AimKind, Place as At};
use crate::model::{Reach, SurfaceKind};
use crate::shell::{Dialect, Meaning, Point, Setting};
use crate::value::{Key, Place, Term, ValueId};

/// Command lines of one package that are followed.
pub(super) const MOST_LINES: usize = 4096;

/// What a command line asks or tells on the network.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    behaviour: &'static api::Behaviour,
    target: Target,
}

impl Talk {
    /// A use that hands what it is given to the network.
    pub(super) fn of(&self, one: &Use) -> Use {
        Use {
            effects: vec![Effect {
                behaviour: self.behaviour,
                targets: vec![self.target.clone()],
            }],
            ..one.clone()
        }
    }
}

/// Follows the command lines that uses run.
pub(super) fn follow(package: &mut Package<'_>, uses: &[Use]) {
    let mut lines = Vec::new();
    let files = WrittenFiles::of(package, uses);
    package.talks.clear();
    package.printed.clear();
    for (number, one) in uses.iter().enumerate() {
        for (at, effect) in one.effects.iter().enumerate() {
            if !matches!(effect.behaviour.id, "process.exec" | "process.spawn") {
                continue;
            }
            let aim = one.row.effects.get(at).and_then(|effect| effect.aim);
            for target in &effect.targets {
                let Some(text) = &target.text else { continue };
                if lines.len() >= MOST_LINES || !package.step() {
                    break;
                }
                let made = files.named(package, text, |file| !file.is_code());
                let made = made
                    .into_iter()
                    .map(|file| (file.path.to_string(), file.text.to_string()));
                let setting = setting(one, made.collect());
                let shell = shell(package, one);
                let place = aim.map(|aim| aim.place);
                let mut meaning = match shell {
                    Some(shell) if shell.contains("powershell") || shell.contains("pwsh") => {
                        let words = [shell.as_str(), "-Command", text].map(str::to_owned);
                        package.graph.understand_words(words.to_vec(), &setting)
                    }
                    None if target.kind != AimKind::Command => {
                        let words = words(package, one, place, target);
                        package.graph.understand_words(words, &setting)
                    }
                    _ => package.graph.understand(text, &setting),
                };
                let printed = printed(&meaning);
                if !printed.is_empty() {
                    package
                        .printed
                        .entry(one.place())
                        .or_default()
                        .extend(printed);
                }
                only_new(&mut meaning, text);
                if let Some(talk) = talk(&meaning) {
                    package.talks.insert(number, talk);
                }
                package.graph.follow(&meaning, one.reach);
                lines.push((meaning, one.reach));
            }
        }
    }
    package.lines = lines;
}

/// What a command line prints, for whoever reads its output: secrets, files, identity, answers.
#[derive(Clone, Debug)]
pub(crate) struct Printed {
    pub(super) id: &'static str,
    pub(super) target: Option<String>,
}

fn printed(meaning: &Meaning) -> Vec<Printed> {
    if meaning.silent {
        return Vec::new();
    }
    // What a line keeps in a file or hands to another program it does not print.
    let keeps = meaning.acts.iter().any(|act| act.id == "fs.write");
    let hands = meaning
        .moves
        .iter()
        .any(|one| one.from.id == "network.http");
    let is_printed = |id: &str| match id {
        "network.http" => !keeps && !hands,
        "fs.read" | "environment.read" | "environment.host" => true,
        id => id.starts_with("credential."),
    };
    let acts = meaning.acts.iter().filter(|act| is_printed(act.id));
    acts.map(|act| Printed {
        id: act.id,
        target: act.target.clone(),
    })
    .collect()
}

fn talk(meaning: &Meaning) -> Option<Talk> {
    let act = meaning
        .acts
        .iter()
        .find(|act| act.id.starts_with("network."))?;
    Some(Talk {
        behaviour: api::behaviour(act.id)?,
        target: Target {
            kind: act.kind,
            text: act.target.as_deref().map(Key::from),
            origins: act.origin,
            value: None,
        },
    })
}

/// The use itself says what is run; its commands are of interest where there are several.
fn only_new(meaning: &mut Meaning, text: &str) {
    let runs = |id: &str| id == "process.exec";
    let count = meaning.acts.iter().filter(|act| runs(act.id)).count();
    if count <= 1 {
        meaning.acts.retain(|act| !runs(act.id));
    } else {
        meaning
            .acts
            .retain(|act| !runs(act.id) || act.target.as_deref() != Some(text));
    }
}

/// What runs on install runs in the package's folder.
pub(super) fn setting(one: &Use, made: Vec<(String, String)>) -> Setting {
    let installs = one.reach.get(SurfaceKind::Install).is_some();
    let folder = if installs { "<package>" } else { "<cwd>" };
    Setting {
        dialect: Dialect::Value,
        file: one.file,
        whole: Some(one.span),
        folder: folder.to_owned(),
        own: None,
        made,
    }
}

/// The program and its arguments, one by one; of several lists of them the one that the target
/// names.
fn words(package: &mut Package<'_>, one: &Use, place: Option<At>, target: &Target) -> Vec<String> {
    let program = match target.value {
        Some(program) => list(package, program).unwrap_or_else(|| vec![program]),
        None => Vec::new(),
    };
    let program = texts(package, program);
    let next = match place {
        Some(At::Arg(at)) => one.args.get(usize::from(at) + 1).copied(),
        _ => None,
    };
    let next = next.map(|next| package.close(next));
    let choices = next.map_or_else(Vec::new, |next| package.terms.choices(next));
    let mut longest = program.clone();
    for choice in choices {
        let Some(items) = list(package, choice) else {
            continue;
        };
        let all = [program.clone(), texts(package, items)].concat();
        if target.text.as_deref() == Some(&all.join(" ")) {
            return all;
        }
        if all.len() > longest.len() {
            longest = all;
        }
    }
    longest
}

fn list(package: &Package<'_>, value: ValueId) -> Option<Vec<ValueId>> {
    match package.terms.get(value) {
        Term::Array(items, _) => Some(items.to_vec()),
        _ => None,
    }
}

fn texts(package: &mut Package<'_>, words: Vec<ValueId>) -> Vec<String> {
    let words = words.into_iter();
    words.map(|word| render(package, word).text).collect()
}

/// The shell that the options ask for; empty if it is the system's.
fn shell(package: &mut Package<'_>, one: &Use) -> Option<String> {
    let args = one.args.clone();
    args.into_iter().find_map(|arg| {
        let arg = package.close(arg);
        let Term::Object(properties, _) = package.terms.get(arg).clone() else {
            return None;
        };
        let (_, value) = properties.iter().find(|(key, _)| &**key == "shell")?;
        match package.terms.get(*value) {
            Term::Bool(false) | Term::Undefined | Term::Null => None,
            Term::String(name) => Some(name.to_ascii_lowercase()),
            _ => Some(String::new()),
        }
    })
}

/// The flows of all commands.
pub(super) fn flows(package: &Package<'_>) -> Vec<Flow> {
    let mut found = Vec::new();
    for (meaning, reach) in package.commands() {
        for one in &meaning.moves {
            let reach = package.reach_of_command(one.to.at.file, reach);
            found.push(flow(one.id, &one.from, &one.to, reach));
        }
    }
    found
}

fn flow(id: &'static str, from: &Point, to: &Point, reach: Reach) -> Flow {
    let end = |point: &Point| End {
        id: point.id,
        target: point.target.as_deref().map(Key::from),
        origin: point.origin,
    };
    let step = |role: &'static str, point: &Point, place: Place| Step {
        role,
        note: match &point.target {
            Some(target) => format!("{}: {target}", point.id),
            None => format!("{}: not resolved", point.id),
        },
        place,
    };
    Flow {
        id,
        source: end(from),
        sink: end(to),
        reach,
        steps: vec![step("source", from, from.at), step("sink", to, to.at)],
        separators: Vec::new(),
        is_unanswered: false,
        guesses: 0,
        is_mixed: false,
        from: None,
    }
}
