//! Keeps of a table only what somebody still refers to.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::terms::{Key, Place, Term, Terms, ValueId};
use crate::model::{FileId, OriginSet, Span};
use crate::parse::ir::{ClassId, FuncId};

impl Terms {
    /// A table of the values at `roots` and their parts; `roots` then name them there. It finds
    /// values by id only: adding to it does not find what it holds.
    #[must_use]
    pub(crate) fn frozen(&self, roots: &mut [&mut ValueId]) -> Self {
        let mut kept = vec![false; self.len()];
        let mut open: Vec<ValueId> = roots.iter().map(|root| **root).collect();
        while let Some(id) = open.pop() {
            if let Some(slot) = kept.get_mut(id.0 as usize)
                && !std::mem::replace(slot, true)
            {
                parts(self.get(id), &mut open);
            }
        }
        // Parts are older than what they are parts of, so one pass upwards renames all.
        let mut renamed = vec![ValueId(0); self.len()];
        let mut terms = Vec::new();
        let mut decoded = FxHashSet::default();
        for (at, _) in kept.iter().enumerate().filter(|&(_, &kept)| kept) {
            let old = ValueId(u32::try_from(at).unwrap_or(u32::MAX));
            let new = ValueId(u32::try_from(terms.len()).unwrap_or(u32::MAX));
            renamed[at] = new;
            let new_of = |id: ValueId| renamed.get(id.0 as usize).copied().unwrap_or(id);
            terms.push((self::renamed(self.get(old), &new_of), old));
            if self.is_decoded(old) {
                decoded.insert(new);
            }
        }
        for root in roots {
            if let Some(&new) = renamed.get(root.0 as usize) {
                **root = new;
            }
        }
        self.with_only(terms, decoded)
    }
}

/// From this number on functions are another file's; what is above is their number among those
/// of all files of a run.
const ELSEWHERE: u32 = 1 << 31;

/// A function's number among those of all files of a run, if it is another file's.
#[must_use]
pub(crate) fn elsewhere(function: FuncId) -> Option<u32> {
    let is_other = function.0 >= ELSEWHERE && !function.is_none();
    is_other.then(|| function.0 - ELSEWHERE)
}

/// The numbers of one file's functions and classes among those of all files of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    /// The file, as it counts in the run.
    pub unit: u32,
    /// Numbers of its functions: from the first to before the second.
    pub functions: (u32, u32),
    /// The same for its classes.
    pub classes: (u32, u32),
}

impl Terms {
    /// Puts the values at `roots`, which a run of several files made, into the table of one of
    /// the files; gives their ids there. Classes of another file are not known there. `files`
    /// are the archive's numbers of the files of the run.
    pub(crate) fn carried(
        &self,
        roots: impl Iterator<Item = ValueId>,
        into: &mut Self,
        own: Own,
        files: &[FileId],
    ) -> FxHashMap<ValueId, ValueId> {
        let mut open: Vec<ValueId> = roots.collect();
        let mut wanted: FxHashSet<ValueId> = FxHashSet::default();
        while let Some(id) = open.pop() {
            if wanted.insert(id) {
                parts(self.get(id), &mut open);
            }
        }
        // Parts are older than what they are parts of.
        let mut wanted: Vec<ValueId> = wanted.into_iter().collect();
        wanted.sort_unstable();
        let mut known = FxHashMap::default();
        for old in wanted {
            let term = renamed(self.get(old), &|id| known.get(&id).copied().unwrap_or(id));
            let new = into.add(localized(term, own, files));
            if self.is_decoded(old) {
                into.mark_decoded(new);
            }
            known.insert(old, new);
        }
        known
    }
}

/// A term as the table of one file has it.
fn localized(term: Term, own: Own, files: &[FileId]) -> Term {
    let within = |at: u32, (from, to): (u32, u32)| (from <= at && at < to).then(|| at - from);
    let function = |id: FuncId| match within(id.0, own.functions) {
        Some(own) => FuncId(own),
        None => FuncId(ELSEWHERE.saturating_add(id.0)),
    };
    let class = |id: ClassId| within(id.0, own.classes).map(ClassId);
    let place = |place: Place| match place.file.0 == own.unit {
        true => Place::here(place.span),
        false => match files.get(place.file.index()) {
            Some(&file) => Place::in_file(file, place.span),
            None => Place::here(Span::default()),
        },
    };
    let lost = Term::Unknown(OriginSet::EMPTY);
    match term {
        Term::Function(id) => Term::Function(function(id)),
        Term::This(id) => Term::This(function(id)),
        Term::Param(id, at) => Term::Param(function(id), at),
        Term::Class(id) => class(id).map_or(lost, Term::Class),
        Term::Derived(ids, at) => Term::Derived(ids, place(at)),
        Term::Call(callee, args, at) => Term::Call(callee, args, place(at)),
        Term::New(callee, args, at) => Term::New(callee, args, place(at)),
        term => term,
    }
}

pub(super) fn parts(term: &Term, open: &mut Vec<ValueId>) {
    match term {
        Term::Concat(ids) | Term::Array(ids, _) | Term::OneOf(ids) | Term::Derived(ids, _) => {
            open.extend_from_slice(ids);
        }
        Term::Object(properties, _) => open.extend(properties.iter().map(|&(_, id)| id)),
        Term::Member(of, _) => open.push(*of),
        Term::Index(of, key) => open.extend([*of, *key]),
        Term::Call(callee, args, _) | Term::New(callee, args, _) => {
            open.push(*callee);
            open.extend_from_slice(args);
        }
        Term::Handed(call, ..) => open.push(*call),
        _ => {}
    }
}

fn renamed(term: &Term, new_of: &dyn Fn(ValueId) -> ValueId) -> Term {
    let one = |id: &ValueId| new_of(*id);
    let all = |ids: &Arc<[ValueId]>| -> Arc<[ValueId]> { ids.iter().map(one).collect() };
    match term {
        Term::Concat(ids) => Term::Concat(all(ids)),
        Term::Array(ids, open) => Term::Array(all(ids), *open),
        Term::OneOf(ids) => Term::OneOf(all(ids)),
        Term::Derived(ids, place) => Term::Derived(all(ids), *place),
        Term::Object(properties, open) => Term::Object(
            properties
                .iter()
                .map(|(key, id)| (Key::clone(key), one(id)))
                .collect(),
            *open,
        ),
        Term::Member(of, key) => Term::Member(one(of), Key::clone(key)),
        Term::Index(of, key) => Term::Index(one(of), one(key)),
        Term::Call(callee, args, place) => Term::Call(one(callee), all(args), *place),
        Term::New(callee, args, place) => Term::New(one(callee), all(args), *place),
        Term::Handed(call, arg, at) => Term::Handed(one(call), *arg, *at),
        term => term.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_refers_to_is_gone() {
        let mut terms = Terms::default();
        let _lost = terms.string("lost");
        let a = terms.string("a");
        let global = terms.global("x");
        let both = terms.concat(&[a, global]);
        let mut root = both;
        let kept = terms.frozen(&mut [&mut root]);
        assert_eq!(kept.len(), 3);
        let Term::Concat(parts) = kept.get(root) else {
            panic!("the root is no concatenation");
        };
        assert_eq!(kept.as_string(parts[0]).as_deref(), Some("a"));
    }
}
