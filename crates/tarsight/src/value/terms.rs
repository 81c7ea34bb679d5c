//! Symbolic values, each stored once.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::limits::{Limit, Limits};
use crate::model::{FileId, OriginSet, Span};
use crate::parse::ir::{ClassId, FuncId};

/// A value of one [`Terms`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueId(pub u32);

/// A property key or other short text.
pub(crate) type Key = Arc<str>;

/// A place in some file. A file's own table says file 0; the package's table says which.
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
    /// Per term: whether a parameter is part of it.
    open: Vec<bool>,
    /// The ids, by their terms.
    ids: HashTable<ValueId>,
    /// Constants that a decoder made.
    decoded: FxHashSet<ValueId>,
    /// Derived values that are no texts.
    pub(super) numeric: FxHashSet<ValueId>,
    /// How many things a value may be at once.
    pub(super) most: usize,
    /// Whether some value was more than that, and is no longer known.
    pub(super) is_cut: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self::within(&Limits::default())
    }
}

impl Terms {
    /// An empty table.
    pub(crate) fn within(limits: &Limits) -> Self {
        Self {
            terms: Vec::new(),
            open: Vec::new(),
            ids: HashTable::default(),
            decoded: FxHashSet::default(),
            numeric: FxHashSet::default(),
            most: limits.most(Limit::ValueSet),
            is_cut: false,
        }
    }

    /// Whether some value could have been more things than a value may be.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The id of a term, new or known.
    pub(crate) fn add(&mut self, term: Term) -> ValueId {
        let hash = FxBuildHasher.hash_one(&term);
        let terms = &self.terms;
        let is_it = |id: &ValueId| terms.get(id.0 as usize) == Some(&term);
        if let Some(&id) = self.ids.find(hash, is_it) {
            return id;
        }
        let id = ValueId(u32::try_from(terms.len()).unwrap_or(u32::MAX));
        // Of the term itself, as above: an optional one hashes to something else.
        let hash_of = |id: &ValueId| {
            let term = terms.get(id.0 as usize);
            term.map_or(0, |term| FxBuildHasher.hash_one(term))
        };
        self.ids.insert_unique(hash, id, hash_of);
        self.open.push(self.has_parameter(&term));
        self.terms.push(term);
        id
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
        self.open.get(id.0 as usize).copied().unwrap_or(false)
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

    pub(super) fn from_parts(terms: Vec<Term>, decoded: FxHashSet<ValueId>) -> Self {
        let mut table = Self {
            decoded,
            ..Self::default()
        };
        for term in &terms {
            table.open.push(table.has_parameter(term));
        }
        table.terms = terms;
        table
    }

    /// Number of terms.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }
}
