//! From sinks back to their sources: the flows of the package.

use rustc_hash::FxHashMap;

use super::after_write::{UNPACKED, run_after_write};
use super::package::Package;
use super::sources::{Source, SourceKind, sources};
use super::target::Target;
use super::uses::{Use, arguments_at};
use super::{End, Flow, Separator, Step, separators};
use super::{commands, fields, request};
use crate::api::{Aim, AimKind, Api, Place as At, targets as places};
use crate::facts::NEVER;
use crate::model::{FileId, Origin, OriginSet};
use crate::value::{Key, Place, Term, ValueId, stands_in};

/// What a sink does with what reaches it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SinkKind {
    Network,
    Code,
    Process,
    File,
}

/// Finds the flows, sorted by kind, source and sink.
pub(crate) fn flows(package: &mut Package<'_>, uses: &[Use], most: usize) -> Vec<Flow> {
    let read_at: FxHashMap<ValueId, Place> = uses
        .iter()
        .rev()
        .map(|one| (one.value, one.place()))
        .collect();
    let mut found = Vec::new();
    for one in uses.iter().filter(|one| may_run(one)) {
        for (at, effect) in one.effects.iter().enumerate() {
            let Some(kind) = sink_kind(effect.behaviour.id) else {
                continue;
            };
            let values = payload(package, one, kind, at);
            for value in values {
                for source in sources(package, value) {
                    if let Some(flow) = flow(package, one, kind, at, &source, &read_at) {
                        found.push(flow);
                    }
                }
            }
        }
    }
    found.extend(told(package, uses, &read_at));
    found.extend(super::piped::flows(package, uses, &read_at));
    found.extend(super::lines::flows(package));
    found.extend(run_after_write(package, uses, &found));
    found.retain(|flow| flow.id != UNPACKED);
    tidy(found, most)
}

/// What goes into a command line that talks to the network goes there.
fn told(package: &mut Package<'_>, uses: &[Use], read_at: &FxHashMap<ValueId, Place>) -> Vec<Flow> {
    let mut found = Vec::new();
    for (number, one) in uses.iter().enumerate().filter(|(_, one)| may_run(one)) {
        let Some(talk) = package.talks.get(&number).cloned() else {
            continue;
        };
        let talking = talk.of(one);
        let mut values = Vec::new();
        for &place in one.row.data {
            // What stands in the environment goes to whoever asks for it by its name.
            if !matches!(place, At::Property(_, "env")) {
                values.extend(arguments_at(package, place, &one.args));
            }
        }
        for aim in one.row.effects.iter().filter_map(|effect| effect.aim) {
            values.extend(arguments_at(package, aim.place, &one.args));
            values.extend(told_program(package, one, aim));
        }
        for value in values {
            for source in sources(package, value) {
                let sink = SinkKind::Network;
                found.extend(flow(package, &talking, sink, 0, &source, read_at));
            }
        }
    }
    found
}

/// Whether no condition around a use is false by its literals alone.
fn may_run(one: &Use) -> bool {
    one.guards.iter().all(|guard| &**guard != NEVER)
}

pub(super) fn sink_kind(behaviour: &str) -> Option<SinkKind> {
    Some(match behaviour {
        "network.http" | "network.socket" | "network.websocket" | "network.dns"
        | "network.mail" | "network.beacon" => SinkKind::Network,
        "code.eval" | "code.function" | "code.vm" | "code.compile" | "code.timer-string"
        | "code.module-load" | "code.worker" => SinkKind::Code,
        "process.exec" | "process.spawn" | "process.fork" => SinkKind::Process,
        "fs.write" => SinkKind::File,
        _ => return None,
    })
}

/// What leaves, runs or is written through a use.
fn payload(package: &mut Package<'_>, one: &Use, kind: SinkKind, effect: usize) -> Vec<ValueId> {
    let mut values: Vec<ValueId> = Vec::new();
    for &place in one.row.data {
        values.extend(arguments_at(package, place, &one.args));
    }
    let aim = one.row.effects.get(effect).and_then(|effect| effect.aim);
    if let Some(aim) = aim
        && kind != SinkKind::File
    {
        values.extend(arguments_at(package, aim.place, &one.args));
        if kind == SinkKind::Process {
            values.extend(told_program(package, one, aim));
        }
    }
    values
}

/// What a program is told: a line for the shell has its options next, a program its arguments,
/// and behind them its options.
fn told_program(package: &mut Package<'_>, one: &Use, aim: Aim) -> Vec<ValueId> {
    let at = match aim {
        Aim {
            kind: AimKind::Argv,
            place: At::Arg(at),
        } => usize::from(at),
        _ => return Vec::new(),
    };
    let more = one.args.get(at + 1).map(|&more| package.close(more));
    let choices = more.map_or_else(Vec::new, |more| package.terms.choices(more));
    let is_list = |&choice: &ValueId| !matches!(package.terms.get(choice), Term::Object(..));
    choices.into_iter().filter(is_list).collect()
}

pub(super) fn flow(
    package: &mut Package<'_>,
    one: &Use,
    sink: SinkKind,
    effect: usize,
    source: &Source,
    read_at: &FxHashMap<ValueId, Place>,
) -> Option<Flow> {
    let request = match source.kind {
        SourceKind::Parameter => request::part(package, source.value),
        _ => None,
    };
    let start = match &request {
        Some(part) => End {
            id: "request",
            target: Some(part.as_str().into()),
            origin: OriginSet::of(Origin::Parameter),
        },
        None => match fields::typed(&package.terms, source.value) {
            Some((id, name)) if source.kind == SourceKind::Parameter => End {
                id,
                target: Some(name.into()),
                origin: OriginSet::of(Origin::Parameter),
            },
            _ => source_end(source)?,
        },
    };
    let id = match (source.kind, sink) {
        (SourceKind::Parameter, SinkKind::Network) if request.is_some() => "request-to-network",
        (SourceKind::Parameter, SinkKind::Code) if request.is_some() => "request-to-code",
        (SourceKind::Parameter, SinkKind::Process) if request.is_some() => {
            let is_program = is_program(package, one, effect, source);
            if !is_program || is_argument(package, one, effect, source) {
                return None;
            }
            "request-to-process"
        }
        (_, SinkKind::Network) if is_secret(start.id) => "credential-to-network",
        (SourceKind::Environment, SinkKind::Network) => "environment-to-network",
        (SourceKind::Host, SinkKind::Network) => "host-to-network",
        (SourceKind::Variable, SinkKind::Network) => return None,
        (SourceKind::File, SinkKind::Network) => "file-to-network",
        (SourceKind::Parameter, SinkKind::Network) if start.id == "process.input" => {
            "input-to-network"
        }
        (SourceKind::Parameter, SinkKind::Network) if is_of_page(start.id) => "page-to-network",
        // A response that only names a module says which of those that are there is loaded.
        (SourceKind::Remote, SinkKind::Code) if names_module(one, effect) => return None,
        (SourceKind::Remote, SinkKind::Code) => "remote-to-code",
        (SourceKind::Decoded, SinkKind::Code) => "decoded-to-code",
        (SourceKind::Remote, SinkKind::Process) => {
            match is_argument(package, one, effect, source) {
                true => "remote-to-argument",
                false => "remote-to-process",
            }
        }
        (SourceKind::Decoded, SinkKind::Process) => {
            if commands::is_only_told(package, one, effect, source.value) {
                "decoded-to-argument"
            } else {
                "decoded-to-process"
            }
        }
        (SourceKind::Remote, SinkKind::File) => "remote-to-file",
        (SourceKind::Decoded, SinkKind::File) => UNPACKED,
        (SourceKind::Parameter, SinkKind::Network) => "parameter-to-network",
        _ => return None,
    };
    if source.kind == SourceKind::Decoded && is_written(package, one, source) {
        return None;
    }
    let behaviour = one.effects.get(effect)?;
    // Nothing goes to what is no address, or holds what it gives.
    let is_nothing = |target: &Target| match target.text.as_deref() {
        Some(text) => text.starts_with("data:") || text.starts_with("blob:"),
        None => target.origins == OriginSet::of(Origin::Literal),
    };
    let targets = &behaviour.targets;
    if sink == SinkKind::Network && !targets.is_empty() && targets.iter().all(is_nothing) {
        return None;
    }
    // Handing on what callers give, to where they say or to nobody knows whom, is what libraries
    // are for.
    let is_handed_on = matches!(
        id,
        "parameter-to-network" | "request-to-network" | "page-to-network"
    );
    if is_handed_on && !is_fixed(behaviour.behaviour.id, &behaviour.targets) {
        return None;
    }
    let end = sink_end(behaviour.behaviour.id, &behaviour.targets);
    let steps = steps(one, source, &start, &end, read_at);
    let mut separators = match id {
        "remote-to-process" => separators::of_run(package, one),
        _ => Vec::new(),
    };
    if matches!(id, "remote-to-process" | "remote-to-file")
        && separators::is_checked(package, one, source.value, None)
    {
        separators.push(Separator::Checksum);
    }
    Some(Flow {
        id,
        source: start,
        sink: end,
        reach: one.reach,
        steps,
        separators,
        is_unanswered: one.is_unanswered,
        guesses: source.guesses,
        is_mixed: one.is_mixed,
        from: Some(source.value),
    })
}

/// Whether a sink loads a module by a name, and no address that holds its code.
fn names_module(one: &Use, effect: usize) -> bool {
    one.effects.get(effect).is_some_and(|effect| {
        let mut texts = effect.targets.iter().filter_map(|one| one.text.as_deref());
        effect.behaviour.id == "code.module-load" && !texts.any(|text| text.contains(':'))
    })
}

/// Whether a source is part of what is run, and not only of its arguments.
fn is_program(package: &mut Package<'_>, one: &Use, effect: usize, source: &Source) -> bool {
    let aim = one.row.effects.get(effect).and_then(|effect| effect.aim);
    let mut programs = aim.map_or_else(Vec::new, |aim| arguments_at(package, aim.place, &one.args));
    programs.extend(script(package, one));
    programs.into_iter().any(|program| {
        let found = sources(package, program);
        found.iter().any(|found| found.value == source.value)
    })
}

/// What a shell or an interpreter gets behind `-c`.
fn script(package: &mut Package<'_>, one: &Use) -> Option<ValueId> {
    const OPTIONS: [&str; 4] = ["--eval", "-Command", "-c", "-e"];
    let list = package.close(*one.args.get(1)?);
    let Term::Array(items, _) = package.terms.get(list) else {
        return None;
    };
    let option = package.terms.as_string(*items.first()?)?;
    OPTIONS.contains(&&*option).then(|| items.get(1).copied())?
}

/// Whether a program only gets it as an argument, and it does not say what runs.
fn is_argument(package: &mut Package<'_>, one: &Use, effect: usize, source: &Source) -> bool {
    let targets = one.effects.get(effect);
    let targets = targets.map_or(&[][..], |found| &found.targets);
    commands::only_arguments(targets) || commands::is_only_told(package, one, effect, source.value)
}

/// Whether a constant that several files helped to make stands in the file that uses it.
fn is_written(package: &mut Package<'_>, one: &Use, source: &Source) -> bool {
    let (None, Term::String(value)) = (source.row, package.terms.get(source.value)) else {
        return false;
    };
    let home = package.graph.layers().home(one.file);
    let asked = (home, source.value);
    if let Some(&known) = package.written.get(&asked) {
        return known;
    }
    let text = String::from_utf8_lossy(package.archive.bytes(home));
    let is_written = stands_in(value, &text);
    package.written.insert(asked, is_written);
    is_written
}

/// Whether a file came with the package: a key for its tests is nobody's secret.
fn is_own(path: &str) -> bool {
    path.starts_with("<package>/") && !path.split('/').any(|part| part == "..")
}

/// Whether the package itself says to which host something goes, and leaves the caller no choice.
fn is_fixed(id: &str, targets: &[Target]) -> bool {
    let is_known = |target: &Target| {
        let text = target.text.as_deref();
        // What leaves in a DNS question stands before the domain that is asked.
        let host = text.and_then(places::host::host).or_else(|| {
            let question = text.filter(|_| id == "network.dns");
            question.and_then(places::host::known_domain)
        });
        let is_hidden = target
            .text
            .as_deref()
            .is_none_or(|text| text.starts_with("<?>"));
        host.is_some() || (is_hidden && target.origins.has(Origin::Decoded))
    };
    // `null` before the first use is no host.
    let is_nothing =
        |target: &Target| target.text.is_none() && target.origins == OriginSet::of(Origin::Literal);
    targets.iter().any(is_known) && targets.iter().all(|one| is_known(one) || is_nothing(one))
}

/// Whether a source is what somebody types into a page, or what the page keeps.
fn is_of_page(id: &str) -> bool {
    id.starts_with("page.") || id == "storage.browser"
}

fn is_secret(id: &str) -> bool {
    ["credential.", "wallet.", "ai-agent.", "personal."]
        .iter()
        .any(|kind| id.starts_with(kind))
}

fn source_end(source: &Source) -> Option<End> {
    let (id, target, origin): (&'static str, Option<String>, Origin) = match source.kind {
        SourceKind::File => {
            let reads = source.row.is_none_or(|row| {
                row.effects
                    .iter()
                    .all(|effect| effect.behaviour.id == "fs.read")
            });
            if !reads {
                return None;
            }
            let foreign = source.target.as_deref().filter(|path| !is_own(path));
            let secret = foreign.and_then(places::secret_path);
            (
                secret.map_or("fs.read", |secret| secret.id),
                source.target.clone(),
                Origin::File,
            )
        }
        SourceKind::Variable => {
            let secret = source.target.as_deref().and_then(places::secret_variable);
            (
                secret.map_or("environment.read", |secret| secret.id),
                source.target.clone(),
                Origin::Environment,
            )
        }
        SourceKind::Environment => (
            "environment.read",
            Some("*".to_owned()),
            Origin::Environment,
        ),
        SourceKind::Host => (
            "environment.host",
            source
                .target
                .clone()
                .or_else(|| source.row.map(|row| row.path.to_owned())),
            Origin::Host,
        ),
        SourceKind::Secret => ("credential.store", source.target.clone(), Origin::Host),
        SourceKind::Remote => ("network.http", source.target.clone(), Origin::Remote),
        SourceKind::Decoded => ("decoded", None, Origin::Decoded),
        // What the user types, and what callers give.
        SourceKind::Parameter => {
            let asks = |row: &&Api| {
                let mut effects = row.effects.iter();
                effects.any(|effect| effect.behaviour.id == "process.input")
            };
            let keeps = |row: &&Api| {
                let mut effects = row.effects.iter();
                effects.any(|effect| effect.behaviour.id == "storage.browser")
            };
            match source.row.filter(asks) {
                Some(_) => ("process.input", source.target.clone(), Origin::Parameter),
                None if source.row.is_some_and(|row| keeps(&row)) => {
                    ("storage.browser", source.target.clone(), Origin::Parameter)
                }
                None => ("parameter", Some(source.target.clone()?), Origin::Parameter),
            }
        }
    };
    let origin = OriginSet::of(origin);
    Some(End {
        id,
        target: target.map(Key::from),
        origin: match source.is_carried {
            true => origin,
            false => origin.with(OriginSet::of(Origin::Unknown)),
        },
    })
}

pub(super) fn sink_end(id: &'static str, targets: &[Target]) -> End {
    // A host that stands there says more than one that the environment may set instead.
    let target = targets
        .iter()
        .find(|target| target.text.as_deref().is_some_and(names_host))
        // And a path that is known to its root more than one that is not.
        .or_else(|| {
            targets
                .iter()
                .find(|target| target.text.as_deref().is_some_and(is_rooted))
        })
        .or_else(|| targets.iter().find(|target| target.text.is_some()))
        .or(targets.first());
    End {
        id,
        target: target.and_then(|target| target.text.clone()),
        origin: target.map_or(OriginSet::of(Origin::Unknown), |target| target.origins),
    }
}

fn is_rooted(text: &str) -> bool {
    !text.starts_with("<?>") && !text.starts_with("<param>")
}

/// Whether a text is an address with a host that is known.
fn names_host(text: &str) -> bool {
    let host = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains('<'))
}

fn steps(
    one: &Use,
    source: &Source,
    start: &End,
    end: &End,
    read_at: &FxHashMap<ValueId, Place>,
) -> Vec<Step> {
    let sink = one.place();
    let first = read_at.get(&source.value).or(source.way.first()).copied();
    let mut steps = Vec::new();
    if let Some(place) = first {
        let what = start.target.as_deref().unwrap_or("a value");
        steps.push(Step {
            role: "source",
            note: note(start.id, what),
            place,
        });
    }
    let through = one
        .through
        .iter()
        .filter(|place| !source.way.contains(place));
    for &place in source.way.iter().chain(through) {
        if Some(place) != first && place != sink {
            steps.push(Step {
                role: "step",
                note: "passes on".to_owned(),
                place,
            });
        }
    }
    steps.push(Step {
        role: "sink",
        note: match &end.target {
            Some(target) => note(end.id, target),
            None => format!("{}: not resolved", end.id),
        },
        place: sink,
    });
    if steps.len() == 1 {
        // A constant has no place of its own: it stands where it is used.
        let only = Step {
            role: "source",
            note: start.id.to_owned(),
            place: sink,
        };
        steps.insert(0, only);
    }
    steps
}

/// What an end of a flow is, in short: the end itself says the rest.
fn note(id: &str, target: &str) -> String {
    const MOST: usize = 400;
    let end = target.char_indices().nth(MOST).map(|(end, _)| end);
    match end.and_then(|end| target.get(..end)) {
        Some(head) => format!("{id}: {head}…"),
        None => format!("{id}: {target}"),
    }
}

/// Sorts, and keeps one flow for each pair of ends: the shortest way.
fn tidy(mut found: Vec<Flow>, most: usize) -> Vec<Flow> {
    let key = |flow: &Flow| {
        let first: Option<(FileId, u32)> = flow
            .steps
            .last()
            .map(|step| (step.place.file, step.place.span.start));
        (
            flow.id,
            flow.source.clone(),
            flow.sink.clone(),
            first,
            flow.steps.len(),
        )
    };
    found.sort_by_cached_key(key);
    found.dedup_by(|b, a| {
        let same = a.id == b.id && a.source == b.source && a.sink == b.sink;
        if same {
            a.reach.join(b.reach);
            a.is_unanswered |= b.is_unanswered;
            // What speaks for one way of two does not speak for the other.
            a.separators.retain(|one| b.separators.contains(one));
        }
        same
    });
    found.truncate(most);
    found
}
