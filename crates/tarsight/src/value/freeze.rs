//! Keeps of a table only what somebody still refers to.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::terms::{Key, Term, Terms, ValueId};

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
            terms.push(rename(self.get(old), &renamed));
            if self.is_decoded(old) {
                decoded.insert(new);
            }
        }
        for root in roots {
            if let Some(&new) = renamed.get(root.0 as usize) {
                **root = new;
            }
        }
        terms.shrink_to_fit();
        Self::from_parts(terms, decoded)
    }
}

fn parts(term: &Term, open: &mut Vec<ValueId>) {
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

fn rename(term: &Term, renamed: &[ValueId]) -> Term {
    let one = |id: &ValueId| renamed.get(id.0 as usize).copied().unwrap_or(*id);
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
