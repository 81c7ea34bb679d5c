//! Uses in helpers that other files call, told apart by those calls.

use rustc_hash::FxHashMap;

use super::package::{Package, outside};
use super::uses::{CallBetween, FoundUse};
use super::waiting::Given;
use crate::facts::{Answer, UseKind};
use crate::parse::ir::FuncId;
use crate::value::{Term, ValueId};

/// Calls of one helper that are told apart.
const MOST_SITES: usize = 16;
/// Uses of one package that may come of it.
const MOST_MORE: usize = 4096;
/// Parameters of a helper.
const MOST_PARAMETERS: usize = 64;

/// Takes uses apart; what a caller outside the package gives stays as one of them.
pub(super) fn tell_apart<'a>(
    package: &mut Package<'_>,
    found: Vec<FoundUse<'a>>,
    calls: &[CallBetween],
) -> Vec<FoundUse<'a>> {
    let mut sites: FxHashMap<FuncId, Vec<&CallBetween>> = FxHashMap::default();
    for call in calls {
        sites.entry(call.function).or_default().push(call);
    }
    let mut left = MOST_MORE;
    let mut all = Vec::with_capacity(found.len());
    for one in found {
        let acts = matches!(one.fact.kind, UseKind::Call | UseKind::New);
        let functions = match acts && one.row.has_callers() && left > 0 {
            true => package.terms.functions_of_params(&one.args),
            false => Vec::new(),
        };
        let mut helpers = functions.into_iter().filter_map(|function| {
            let calls = sites.get(&function)?;
            let is_told = calls.len() <= MOST_SITES && calls.iter().all(|one| !one.args.is_empty());
            is_told.then_some((function, calls))
        });
        let helper = helpers.next().filter(|_| helpers.next().is_none());
        let Some((function, calls)) = helper else {
            all.push(one);
            continue;
        };
        let is_asked = calls.iter().any(|call| call.answer != Answer::Left);
        for call in calls {
            let args = arguments(package, call);
            let answer = match (one.answer, call.answer) {
                (Answer::Left, _) => Answer::Left,
                // Whoever calls a helper gets the answer if another of its callers takes it.
                (Answer::HandedBack, Answer::Left) => Answer::Left,
                (Answer::Used, Answer::Left) if is_asked => Answer::Left,
                _ => Answer::Taken,
            };
            let given = one.args.iter();
            let args = given.map(|&arg| package.filled(arg, function, &args));
            let args = args.collect();
            left = left.saturating_sub(1);
            let mut through = vec![call.place];
            through.extend(&one.through);
            all.push(FoundUse {
                args,
                answer,
                through,
                ..one.clone()
            });
        }
        // Others may call it as well.
        if package.is_exported(function) {
            let outside = outside(function);
            let count = calls.iter().map(|call| call.args.len()).max().unwrap_or(0);
            let own: Vec<ValueId> = (0u32..)
                .take(count.max(MOST_PARAMETERS))
                .map(|at| package.terms.add(Term::Param(outside, at)))
                .collect();
            let given = one.args.iter();
            let args = given.map(|&arg| package.filled(arg, function, &own));
            let args = args.collect();
            all.push(FoundUse { args, ..one });
        }
    }
    all
}

fn arguments(package: &mut Package<'_>, call: &CallBetween) -> Vec<ValueId> {
    let args = call.args.iter();
    args.map(|&given| match given {
        Given::Known(value) => value,
        Given::Of(file, value) => package.translate(file, value),
    })
    .collect()
}
