//! Streams that are led into what they end in.

use rustc_hash::FxHashMap;

use super::Flow;
use super::find::{flow, sink_kind};
use super::package::Package;
use super::sources::sources;
use super::target::targets;
use super::uses::{Effect, Use};
use crate::value::{Place, Term, ValueId};

/// `response.pipe(fs.createWriteStream(path))` and the like.
pub(super) fn flows(
    package: &mut Package<'_>,
    uses: &[Use],
    read_at: &FxHashMap<ValueId, Place>,
) -> Vec<Flow> {
    let mut found = Vec::new();
    for one in uses {
        let Term::Member(from, method) = package.terms.get(one.callee).clone() else {
            continue;
        };
        let streams: Vec<ValueId> = match &*method {
            "pipe" | "pipeTo" | "pipeThrough" => std::iter::once(from)
                .chain(one.args.iter().copied())
                .collect(),
            "pipeline" => one.args.clone(),
            _ => continue,
        };
        let Some((&first, rest)) = streams.split_first() else {
            continue;
        };
        for &to in rest {
            let to = package.close(to);
            for target in package.terms.choices(to) {
                found.extend(into_stream(package, one, first, target, read_at));
            }
        }
    }
    found
}

fn into_stream(
    package: &mut Package<'_>,
    one: &Use,
    from: ValueId,
    stream: ValueId,
    read_at: &FxHashMap<ValueId, Place>,
) -> Vec<Flow> {
    let (Term::Call(callee, args, _) | Term::New(callee, args, _)) =
        package.terms.get(stream).clone()
    else {
        return Vec::new();
    };
    let Some(row) = package.terms.api(callee) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for effect in row.effects {
        let Some(kind) = sink_kind(effect.behaviour.id) else {
            continue;
        };
        let targets = match effect.aim {
            Some(aim) => targets(package, aim, row, callee, &args),
            None => Vec::new(),
        };
        let opened = Use {
            effects: vec![Effect {
                behaviour: effect.behaviour,
                targets,
            }],
            ..one.clone()
        };
        for source in sources(package, from) {
            found.extend(flow(package, &opened, kind, 0, &source, read_at));
        }
    }
    found
}
