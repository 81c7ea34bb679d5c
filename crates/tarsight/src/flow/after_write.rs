//! What is written to a file that then runs.

use std::collections::BTreeMap;

use super::find::{SinkKind, sink_end, sink_kind};
use super::package::Package;
use super::target::has_name;
use super::uses::Use;
use super::{Flow, Separator, Step, commands, separators};
use crate::model::Origin;
use crate::value::Key;

/// Decoded or unpacked text is written to a file: told only if that file is run.
pub(super) const UNPACKED: &str = "decoded-to-file";

/// A response, or what the package unpacks, is written to a path, and that path is run.
pub(super) fn run_after_write(
    package: &mut Package<'_>,
    uses: &[Use],
    found: &[Flow],
) -> Vec<Flow> {
    let mut written: BTreeMap<Key, Flow> = BTreeMap::new();
    // What is unpacked has to be known for the package's own.
    let writes = |flow: &&Flow| match flow.id {
        "remote-to-file" => true,
        UNPACKED => !flow.source.origin.has(Origin::Unknown),
        _ => false,
    };
    for flow in found.iter().filter(writes) {
        if let Some(path) = &flow.sink.target
            && has_name(path)
        {
            let known = written
                .entry(Key::clone(path))
                .or_insert_with(|| flow.clone());
            known.separators.retain(|one| flow.separators.contains(one));
        }
    }
    if written.is_empty() {
        return Vec::new();
    }
    let mut more = Vec::new();
    for one in uses {
        for effect in &one.effects {
            let runs = matches!(
                sink_kind(effect.behaviour.id),
                Some(SinkKind::Process | SinkKind::Code)
            );
            if !runs {
                continue;
            }
            for target in &effect.targets {
                let Some(text) = &target.text else { continue };
                let command = super::target::tidy_path(text);
                let hit = written.iter().find(|(path, _)| command.contains(&***path));
                let hit = hit.filter(|(path, _)| !commands::only_reads(&command, path));
                let Some((path, write)) = hit else { continue };
                let end = sink_end(effect.behaviour.id, std::slice::from_ref(target));
                let mut separators = write.separators.clone();
                separators.extend(separators::of_run(package, one));
                let before = separators::Written {
                    path,
                    at: write.steps.last().map_or(one.place(), |step| step.place),
                };
                if write
                    .from
                    .is_some_and(|from| separators::is_checked(package, one, from, Some(&before)))
                {
                    separators.push(Separator::Checksum);
                }
                let mut steps = write.steps.clone();
                if let Some(last) = steps.last_mut() {
                    last.role = "step";
                }
                steps.push(Step {
                    role: "sink",
                    note: format!("{}: {text}", effect.behaviour.id),
                    place: one.place(),
                });
                more.push(Flow {
                    id: match write.id {
                        UNPACKED => "unpacked-to-process",
                        _ => "download-to-process",
                    },
                    source: write.source.clone(),
                    sink: end,
                    reach: one.reach,
                    steps,
                    separators,
                    is_unanswered: false,
                    guesses: 0,
                    is_mixed: false,
                    from: write.from,
                });
            }
        }
    }
    more
}
