//! Symbolic values, each stored once.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::resolve::Known;
use crate::limits::{Limit, Limits};
use crate::model::{FileId, OriginSet, Span};
use crate::parse::ir::{ClassId, FuncId};

/// A value of one [`Terms`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueId(pub u32);

/// A property key or other short text.
pub(crate) type Key = Arc<str>;

/// A place in some file. A file's own table says file 0 for the file itself, and one more than
/// its number for another; the package's table says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// In the file that the table belongs to.
    #[must_use]
    pub(crate) fn here(span: Span) -> Self {
        Self {
            file: FileId(0),
            span,
        }
    }

    /// In another file, as the table of a file says it.
    #[must_use]
    pub(crate) fn in_file(file: FileId, span: Span) -> Self {
        Self {
            file: FileId(file.0.saturating_add(1)),
            span,
        }
    }

    /// What the table of a file says, as the table of the package does.
    #[must_use]
    pub(crate) fn of_package(self, own: FileId) -> Self {
        let file = match self.file.0.checked_sub(1) {
            None => own,
            Some(other) => FileId(other),
        };
        Self {
            file,
            span: self.span,
        }
    }
}

/// A symbolic value. Promises are transparent: a promise of a value is that value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// Nothing is known but where it may come from.
    Unknown(OriginSet),
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, by its bits.
    Number(u64),
    /// A string.
    String(Key),
    /// A big integer, by its digits.
    BigInt(Key),
    /// A regular expression: pattern and flags.
    Regex(Key, Key),
    /// Bytes that are known.
    Bytes(Arc<[u8]>),
    /// A string made of pieces, at least one of which is no constant.
    Concat(Arc<[ValueId]>),
    /// An array; `true` if it may hold more.
    Array(Arc<[ValueId]>, bool),
    /// An object, keys in the order written; `true` if it may hold more.
    Object(Arc<[(Key, ValueId)]>, bool),
    /// One of these, sorted.
    OneOf(Arc<[ValueId]>),
    /// A function of the file.
    Function(FuncId),
    /// A class of the file.
    Class(ClassId),
    /// A name that the file does not declare.
    Global(Key),
    /// What `require`, `import` or `import()` of a constant gives.
    Module(Key),
    /// A property of something else.
    Member(ValueId, Key),
    /// A property whose key is no constant.
    Index(ValueId, ValueId),
    /// What a call gave.
    Call(ValueId, Arc<[ValueId]>, Place),
    /// What `new` gave.
    New(ValueId, Arc<[ValueId]>, Place),
    /// A parameter of a function of the file.
    Param(FuncId, u32),
    /// `this` of a function of the file.
    This(FuncId),
    /// What a call (first) hands to a function among its arguments: argument, parameter.
    Handed(ValueId, u32, u32),
    /// Computed from these, in a way that is not followed.
    Derived(Arc<[ValueId]>, Place),
}

/// A table of symbolic values.
#[derive(Debug)]
pub(crate) struct Terms {
    terms: Vec<Term>,
    /// Per term: whether a parameter is part of it, and behind that bit where in `known` it is.
    marks: Vec<u32>,
    /// What the tables of APIs know of a term; nothing of most.
    known: Vec<Known>,
    /// The ids, by their terms, with the terms' hashes.
    ids: HashTable<(u32, ValueId)>,
    /// Constants that a decoder made.
    decoded: FxHashSet<ValueId>,
    /// Derived values that are no texts.
    pub(super) numeric: FxHashSet<ValueId>,
    /// How many things a value may be at once.
    pub(super) most: usize,
}

impl Default for Terms {
    fn default() -> Self {
        Self::within(&Limits::default())
    }
}

/// A term that is little but a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Named {
    String,
    Global,
    Module,
    Member(ValueId),
}

impl Named {
    fn of(term: &Term) -> Option<(Self, &str)> {
        Some(match term {
            Term::String(text) => (Self::String, text),
            Term::Global(text) => (Self::Global, text),
            Term::Module(text) => (Self::Module, text),
            Term::Member(of, text) => (Self::Member(*of), text),
            _ => return None,
        })
    }

    fn term(self, text: Key) -> Term {
        match self {
            Self::String => Term::String(text),
            Self::Global => Term::Global(text),
            Self::Module => Term::Module(text),
            Self::Member(of) => Term::Member(of, text),
        }
    }

    fn hash(self, text: &str) -> u32 {
        let mut hasher = FxBuildHasher.build_hasher();
        Hash::hash(&self, &mut hasher);
        text.hash(&mut hasher);
        folded(hasher.finish())
    }
}

fn hash_of(term: &Term) -> u32 {
    match Named::of(term) {
        Some((named, text)) => named.hash(text),
        None => folded(FxBuildHasher.hash_one(term)),
    }
}

fn folded(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// What the table of ids wants: its tag is made of the highest bits.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Terms {
    /// An empty table.
    pub(crate) fn within(limits: &Limits) -> Self {
        Self {
            terms: Vec::new(),
            marks: Vec::new(),
            known: Vec::new(),
            ids: HashTable::default(),
            decoded: FxHashSet::default(),
            numeric: FxHashSet::default(),
            most: limits.most(Limit::ValueSet),
        }
    }

    /// Whether a value, or a part of it as a text, is more things than are told apart: such a
    /// mixture stands nowhere.
    pub(crate) fn was_too_many(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Derived(_, place) => place.span == Span::default(),
            Term::Concat(parts) => parts.iter().any(|&part| {
                matches!(self.get(part), Term::Derived(_, place) if place.span == Span::default())
            }),
            _ => false,
        }
    }

    /// The id of a term, new or known.
    pub(crate) fn add(&mut self, term: Term) -> ValueId {
        let hash = hash_of(&term);
        let terms = &self.terms;
        let is_it = |&(other, id): &(u32, ValueId)| {
            other == hash && terms.get(id.0 as usize) == Some(&term)
        };
        match self.ids.find(spread(hash), is_it) {
            Some(&(_, id)) => id,
            None => self.insert(hash, term),
        }
    }

    /// As [`Self::add`]; only a term that is new costs a copy of its text.
    pub(super) fn intern(&mut self, named: Named, text: &str) -> ValueId {
        let hash = named.hash(text);
        let terms = &self.terms;
        let is_it = |&(other, id): &(u32, ValueId)| {
            let term = || terms.get(id.0 as usize).and_then(Named::of);
            other == hash && term() == Some((named, text))
        };
        match self.ids.find(spread(hash), is_it) {
            Some(&(_, id)) => id,
            None => self.insert(hash, named.term(Key::from(text))),
        }
    }

    fn insert(&mut self, hash: u32, term: Term) -> ValueId {
        let id = ValueId(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
        let spread_of = |&(hash, _): &(u32, ValueId)| spread(hash);
        self.ids.insert_unique(spread(hash), (hash, id), spread_of);
        self.push(term);
        id
    }

    fn push(&mut self, term: Term) {
        let open = u32::from(self.has_parameter(&term));
        let known = self.look_up(&term);
        let known = self.learn(known);
        self.marks.push(open | known << 1);
        self.terms.push(term);
    }

    fn has_parameter(&self, term: &Term) -> bool {
        let any = |ids: &[ValueId]| ids.iter().any(|&id| self.is_open(id));
        match term {
            Term::Param(..) => true,
            Term::Concat(ids) | Term::Array(ids, _) | Term::OneOf(ids) | Term::Derived(ids, _) => {
                any(ids)
            }
            Term::Object(properties, _) => properties.iter().any(|&(_, id)| self.is_open(id)),
            Term::Member(of, _) | Term::Handed(of, ..) => self.is_open(*of),
            Term::Index(of, key) => self.is_open(*of) || self.is_open(*key),
            Term::Call(callee, args, _) | Term::New(callee, args, _) => {
                self.is_open(*callee) || any(args)
            }
            _ => false,
        }
    }

    /// Whether a parameter is part of a value. Filling in parameters leaves the others as they
    /// are.
    #[must_use]
    pub(crate) fn is_open(&self, id: ValueId) -> bool {
        self.marks
            .get(id.0 as usize)
            .is_some_and(|mark| mark & 1 != 0)
    }

    /// What the tables of APIs say of a value.
    pub(super) fn known(&self, id: ValueId) -> Known {
        let mark = self.marks.get(id.0 as usize).copied().unwrap_or(0);
        self.known_at(mark).unwrap_or_default()
    }

    /// The term of an id.
    #[must_use]
    pub(crate) fn get(&self, id: ValueId) -> &Term {
        const UNKNOWN: &Term = &Term::Unknown(OriginSet::EMPTY);
        self.terms.get(id.0 as usize).unwrap_or(UNKNOWN)
    }

    /// Notes that a decoder made this constant.
    pub(crate) fn mark_decoded(&mut self, id: ValueId) -> ValueId {
        self.decoded.insert(id);
        id
    }

    /// Forgets that a decoder made this constant.
    pub(super) fn unmark_decoded(&mut self, id: ValueId) {
        self.decoded.remove(&id);
    }

    /// Constants that a decoder made, in no order.
    pub(super) fn decoded_ids(&self) -> impl Iterator<Item = ValueId> {
        self.decoded.iter().copied()
    }

    /// Whether a decoder made this constant.
    #[must_use]
    pub(crate) fn is_decoded(&self, id: ValueId) -> bool {
        self.decoded.contains(&id)
    }

    /// A table of terms that stand in this one, each with its id here: what is known of them
    /// stays known.
    pub(super) fn with_only(
        &self,
        terms: Vec<(Term, ValueId)>,
        decoded: FxHashSet<ValueId>,
    ) -> Self {
        let mut table = Self {
            decoded,
            ..Self::default()
        };
        table.terms.reserve_exact(terms.len());
        table.marks.reserve_exact(terms.len());
        for (term, old) in terms {
            let mark = self.marks.get(old.0 as usize).copied().unwrap_or(0);
            let known = table.learn(self.known_at(mark));
            table.marks.push(mark & 1 | known << 1);
            table.terms.push(term);
        }
        table
    }

    /// Keeps what the tables know of a term; gives where, behind nothing.
    fn learn(&mut self, known: Option<Known>) -> u32 {
        let Some(known) = known else { return 0 };
        self.known.push(known);
        u32::try_from(self.known.len()).unwrap_or_default()
    }

    fn known_at(&self, mark: u32) -> Option<Known> {
        let at = (mark >> 1) as usize;
        at.checked_sub(1).and_then(|at| self.known.get(at)).copied()
    }

    /// Number of terms.
    #[must_use]
    pub(crate) fn all(&self) -> &[Term] {
        &self.terms
    }

    /// Number of terms.
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }
}
