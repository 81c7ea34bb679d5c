//! When each function runs: its file's reach, narrowed to calls, widened by its callers.

use rustc_hash::FxHashMap;

use super::package::Package;
use crate::model::{FileId, Reach, Trigger};
use crate::parse::ir::FuncId;

/// The reach of every function that matters, by package-wide number.
pub(super) struct FunctionReach {
    reach: FxHashMap<FuncId, Reach>,
}

impl FunctionReach {
    /// `calls`: file and function (its own number there) of a caller, package-wide callee.
    pub(super) fn new(package: &Package<'_>, calls: &[(FileId, FuncId, FuncId)]) -> Self {
        let mut reach: FxHashMap<FuncId, Reach> = FxHashMap::default();
        let mut edges: FxHashMap<FuncId, Vec<FuncId>> = FxHashMap::default();
        let mut open: Vec<FuncId> = Vec::new();
        for at in 0..package.facts.len() {
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            let Some(facts) = package.facts_of(file) else {
                continue;
            };
            let of_file = package.graph.reach(file);
            for function in &facts.functions {
                let id = package.function_id(file, function.id);
                let own = if function.on_load {
                    of_file
                } else {
                    of_file.at_most(Trigger::Call)
                };
                reach.insert(id, own);
                open.push(id);
                let callees = function
                    .calls
                    .iter()
                    .map(|&callee| package.function_id(file, callee));
                edges.entry(id).or_default().extend(callees);
            }
        }
        for &(file, caller, callee) in calls {
            match caller.some() {
                Some(caller) => {
                    let caller = package.function_id(file, caller);
                    edges.entry(caller).or_default().push(callee);
                }
                None => {
                    let of_file = package.graph.reach(file);
                    if reach.entry(callee).or_default().join(of_file) {
                        open.push(callee);
                    }
                }
            }
        }
        while let Some(caller) = open.pop() {
            let from = reach.get(&caller).copied().unwrap_or_default();
            for &callee in edges.get(&caller).map_or(&[][..], Vec::as_slice) {
                if reach.entry(callee).or_default().join(from) {
                    open.push(callee);
                }
            }
        }
        Self { reach }
    }

    /// The reach of a place: its file's at the top level, else its function's.
    pub(super) fn of(&self, package: &Package<'_>, file: FileId, function: FuncId) -> Reach {
        let of_file = package.graph.reach(file);
        match function.some() {
            None => of_file,
            Some(function) => {
                let id = package.function_id(file, function);
                let known = self.reach.get(&id).copied();
                known.unwrap_or_else(|| of_file.at_most(Trigger::Call))
            }
        }
    }
}
