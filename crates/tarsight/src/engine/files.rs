//! From the entries of an archive to the facts of each file.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cache::Name;
use super::{ScanOptions, Stage};
use crate::archive::Archive;
use crate::budget::Budget;
use crate::facts::{ModuleFacts, collect};
use crate::limits::{Limit, Limits};
use crate::model::{FileId, Reason, Unanalysed};
use crate::parse::{Dialect, Lane, Lanes, NotRead, Workspace, lane_of, may_parse, parse_file};
use crate::source::digest::sha256_hex;
use crate::source::{ENCODED, Kind, Layer, Layers, Text, decode, is_code, kind_of};
use crate::value::Ran;

/// What is known of every entry, by [`FileId`].
pub(super) struct Files {
    pub(super) kinds: Vec<Kind>,
    pub(super) digests: Vec<String>,
    pub(super) facts: Facts,
    pub(super) unanalysed: Vec<Unanalysed>,
    /// What was done for it, without what a cache knew.
    pub(super) parsed_files: u64,
    pub(super) parsed_bytes: u64,
    pub(super) steps: u64,
}

/// A text to be parsed.
struct Job<'a> {
    /// How it is parsed hangs on the extension.
    path: &'a str,
    text: Text<'a>,
}

/// What came of it.
#[derive(Clone)]
pub(super) struct Read {
    facts: Arc<ModuleFacts>,
    /// Why its bytes are not all text.
    undecodable: Option<String>,
}

/// Classifies and hashes every entry.
pub(super) fn classify(
    lanes: &Lanes,
    archive: &Archive,
    cancelled: &(impl Fn() -> bool + Sync),
) -> (Vec<Kind>, Vec<String>) {
    let known = lanes.map(
        archive.entries.iter().collect(),
        |_| (Lane::Normal, 0),
        |entry, _, _| {
            let bytes = archive.buffer.get(entry.range.clone()).unwrap_or(&[]);
            (kind_of(&entry.path, bytes), sha256_hex(bytes))
        },
        cancelled,
    );
    known
        .into_iter()
        .map(|known| known.unwrap_or((Kind::Binary, String::new())))
        .unzip()
}

/// Analyses every file that is code, in the order given; equal files once.
pub(super) fn analyse(
    lanes: &Lanes,
    archive: &Archive,
    budget: &mut Budget<'_>,
    order: &[FileId],
    known: (Vec<Kind>, Vec<String>),
    options: &ScanOptions,
) -> Files {
    let limits = budget.limits();
    let cache = options.cache.as_ref();
    let (kinds, digests) = known;
    let mut files = Files {
        facts: vec![None; kinds.len()],
        kinds,
        digests,
        unanalysed: Vec::new(),
        parsed_files: 0,
        parsed_bytes: 0,
        steps: 0,
    };
    let mut first: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut jobs: Vec<Job<'_>> = Vec::new();
    let mut names: Vec<Name> = Vec::new();
    let mut wanted: Vec<(FileId, usize)> = Vec::new();
    for &file in order {
        let path = archive.path(file);
        let kind = files.kinds.get(file.index()).copied();
        if !kind.is_some_and(is_code) {
            continue;
        }
        // What a file may be parsed as hangs on its extension.
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let digest = files.digests.get(file.index()).map_or("", String::as_str);
        let at = *first.entry((digest, extension)).or_insert_with(|| {
            let text = decode(archive.bytes(file));
            jobs.push(Job { path, text });
            names.push((digest.to_owned(), extension.to_owned()));
            jobs.len() - 1
        });
        wanted.push((file, at));
    }
    let most = budget.take_each(Limit::ParseFiles, jobs.len());
    let cut = jobs.split_off(most);
    let mut known: Vec<Option<Read>> = names
        .iter()
        .map(|name| cache.and_then(|cache| cache.get(name, limits)))
        .collect();
    let new: Vec<&Job<'_>> = jobs
        .iter()
        .zip(&known)
        .filter_map(|(job, known)| known.is_none().then_some(job))
        .collect();
    files.parsed_files = new.len() as u64;
    files.parsed_bytes = new.iter().map(|job| job.text.text.len() as u64).sum();
    let mut fresh = read_all(lanes, new, limits, options).into_iter();
    let mut kept: Vec<(Name, Read)> = Vec::new();
    let mut results: Vec<Result<Read, NotRead>> = Vec::new();
    for (known, name) in known.drain(..).zip(names).take(most) {
        let Some(result) = known.map(Ok).or_else(|| {
            let result = fresh.next()?;
            if let Ok(read) = &result {
                files.steps += read.facts.steps;
                kept.push((name, read.clone()));
            }
            Some(result)
        }) else {
            break;
        };
        results.push(result);
    }
    if let Some(cache) = cache {
        cache.keep(kept, limits);
    }
    // How far these come hangs on the whole package, so no cache keeps it.
    files.steps += run_hidden(lanes, &jobs, &mut results, budget, options);
    results.extend(cut.iter().map(|_| {
        Err(NotRead {
            reason: Reason::BudgetExhausted,
            detail: limits.over(Limit::ParseFiles).to_string(),
        })
    }));
    for (file, at) in wanted {
        match results.get(at) {
            Some(Ok(Read { facts, undecodable })) => {
                let mut note = |reason, detail: &str| {
                    let path = archive.path(file);
                    files
                        .unanalysed
                        .push(Unanalysed::file(path, reason, detail));
                };
                // Of a file that hides its calls little was seen where it was not run to the end.
                let reason = match facts.hides_calls && facts.ran != Ran::Whole {
                    true => Reason::BudgetExhausted,
                    false => Reason::UnresolvedValue,
                };
                for detail in unresolved(facts, limits) {
                    note(reason, &detail);
                }
                if let Some(detail) = undecodable {
                    note(Reason::UndecodableText, detail);
                }
                if let Some(slot) = files.facts.get_mut(file.index()) {
                    *slot = Some(Arc::clone(facts));
                }
            }
            Some(Err(failure)) => {
                let path = archive.path(file);
                let detail = failure.detail.clone();
                files
                    .unanalysed
                    .push(Unanalysed::file(path, failure.reason, detail));
            }
            None => {}
        }
    }
    files
}

/// What of a file stayed unresolved because something ran out.
fn unresolved(facts: &ModuleFacts, limits: &Limits) -> Vec<String> {
    let in_part = "its own code was run in part only";
    let mut all = Vec::new();
    if facts.out_of_steps {
        let over = limits.over(Limit::FileSteps);
        all.push(format!("some values stayed unresolved: {over}"));
    }
    match facts.ran {
        Ran::Whole => {}
        Ran::InPart => all.push(in_part.to_owned()),
        Ran::OutOfSteps => {
            let limit = match facts.hides_calls {
                true => Limit::HiddenSteps,
                false => Limit::RunSteps,
            };
            let over = limits.over(limit);
            all.push(format!("{in_part}: {over}"));
        }
    }
    all
}

/// Runs files again that hide what they call and were not done, each with half of the steps that
/// are left for such; gives the steps that they took.
fn run_hidden(
    lanes: &Lanes,
    jobs: &[Job<'_>],
    results: &mut [Result<Read, NotRead>],
    budget: &mut Budget<'_>,
    options: &ScanOptions,
) -> u64 {
    let mut steps = 0;
    for (job, result) in jobs.iter().zip(results) {
        let Ok(known) = result else { continue };
        let facts = &known.facts;
        let share = budget.left(Limit::HiddenSteps) / 2;
        let is_done = !facts.hides_calls || (facts.ran != Ran::OutOfSteps && !facts.run_cut);
        if is_done || share <= facts.steps || budget.take(Limit::HiddenSteps, share).is_err() {
            continue;
        }
        let mut more = budget.limits().clone();
        more.run_steps = share;
        if let Some(Ok(again)) = read_all(lanes, vec![job], &more, options).pop() {
            steps += again.facts.steps;
            *result = Ok(again);
        }
    }
    steps
}

/// What is known of every file, and behind them of every layer.
pub(super) type Facts = Vec<Option<Arc<ModuleFacts>>>;

/// Analyses the layers that have no facts yet, and gives all facts. A layer that could not be
/// read goes to `unread`.
pub(super) fn with_layers(
    lanes: &Lanes,
    archive: &Archive,
    budget: &mut Budget<'_>,
    layers: &Layers,
    mut facts: Facts,
    unread: &mut Vec<(FileId, Unanalysed)>,
    options: &ScanOptions,
) -> Facts {
    let known = facts.len() - archive.entries.len();
    let limits = budget.limits();
    let new: Vec<&Layer> = layers.iter().skip(known).collect();
    let most = budget.take_each(Limit::Layers, new.len());
    let codes: Vec<Cow<'_, str>> = new.iter().take(most).map(|layer| layer.code()).collect();
    let jobs: Vec<Job<'_>> = codes
        .iter()
        .map(|code| Job {
            path: "layer.js",
            text: decode(code.as_bytes()),
        })
        .collect();
    let mut results = read_all(lanes, jobs.iter().collect(), limits, options);
    run_hidden(lanes, &jobs, &mut results, budget, options);
    let over = || {
        Err(NotRead {
            reason: Reason::BudgetExhausted,
            detail: limits.over(Limit::Layers).to_string(),
        })
    };
    let results = results.into_iter().chain(std::iter::repeat_with(over));
    for (layer, result) in new.into_iter().zip(results) {
        let mut note = |reason, detail: &str| {
            let path = archive.path(layers.home(layer.file));
            let one = Unanalysed::file(path, reason, format!("{}: {detail}", layer.kind));
            let file = FileId(u32::try_from(facts.len()).unwrap_or(u32::MAX));
            unread.push((file, one));
        };
        let read = match result {
            Ok(read) => {
                for detail in unresolved(&read.facts, limits) {
                    note(Reason::UnresolvedValue, &detail);
                }
                Some(read.facts)
            }
            Err(failure) => {
                // Nobody said that it is code.
                if layer.kind == ENCODED && failure.reason == Reason::SyntaxError {
                    facts.push(None);
                    continue;
                }
                // One of several texts that is no code is not the one that runs.
                let reason = match failure.reason {
                    Reason::SyntaxError if !layer.is_sure => Reason::UnresolvedValue,
                    reason => reason,
                };
                note(reason, &failure.detail);
                None
            }
        };
        facts.push(read);
    }
    facts
}

fn read_all(
    lanes: &Lanes,
    jobs: Vec<&Job<'_>>,
    limits: &Limits,
    options: &ScanOptions,
) -> Vec<Result<Read, NotRead>> {
    if jobs.is_empty() {
        return Vec::new();
    }
    lanes
        .map(
            jobs,
            |job| {
                options.enter(Stage::Guard);
                let text: &str = &job.text.text;
                (lane_of(job.path, text, limits), text.len())
            },
            |job, lane, workspace| read(job, lane, workspace, limits, options),
            || options.is_over(),
        )
        .into_iter()
        .map(|result| result.and_then(|inner| inner))
        .collect()
}

/// Parses a text and collects its facts.
fn read(
    job: &Job<'_>,
    lane: &Lane,
    workspace: &mut Workspace,
    limits: &Limits,
    options: &ScanOptions,
) -> Result<Read, NotRead> {
    let text: &str = &job.text.text;
    let Workspace { allocator, ir } = workspace;
    let allocator = &*allocator;
    let allow = |dialect: Dialect| {
        let used = allocator.used_bytes();
        may_parse(dialect, job.path, text, used, lane, limits)
    };
    options.enter(Stage::Parse);
    let parsed = parse_file(ir, allocator, text, job.path, &allow);
    // Bytes that are no text, and that the parser cannot make sense of either: in a string or a
    // comment they would not have bothered it.
    let undecodable = |detail: String| {
        job.text
            .lossy
            .then(|| format!("bytes in no known encoding; {detail}"))
    };
    options.enter(Stage::Facts);
    match parsed {
        Ok(parsed) => Ok(Read {
            facts: Arc::new(collect(ir, text, limits)),
            undecodable: parsed
                .complaint
                .and_then(|complaint| undecodable(complaint.to_string())),
        }),
        Err(failure) => Err(match undecodable(failure.to_string()) {
            Some(detail) => NotRead {
                reason: Reason::UndecodableText,
                detail,
            },
            None => NotRead {
                reason: Reason::SyntaxError,
                detail: failure.to_string(),
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;
    use crate::model::Reason;

    /// What was not examined of one file with these bytes.
    fn reasons(bytes: &[u8]) -> Vec<Reason> {
        let files = [
            ("package.json".to_owned(), b"{\"name\":\"a\"}".to_vec()),
            ("index.js".to_owned(), bytes.to_vec()),
        ];
        let report = Engine::new().scan_tree(files).expect("a package");
        report
            .coverage
            .unanalysed
            .iter()
            .map(|one| one.reason)
            .collect()
    }

    #[test]
    fn bytes_that_are_no_text_are_not_examined() {
        let noise = b"\xff\x00\xfe\x80\x1b\x43".repeat(500);
        assert_eq!(reasons(&noise), [Reason::UndecodableText]);
        // Latin-1 where it does no harm.
        assert_eq!(reasons(b"// f\xfcr\nlet a = 'f\xfcr';\n"), []);
    }
}
