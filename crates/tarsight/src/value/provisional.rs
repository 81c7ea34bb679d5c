//! Values that hang on names or parameters still being asked for.
//!
//! Such a value lacks what comes round the circle, which whoever is asked for first adds in the
//! end. It may be used again until then, so that circles cost no more than their size, but not
//! afterwards.

use rustc_hash::FxHashMap;

use super::terms::ValueId;
use crate::parse::ir::{BindingId, FuncId, NodeId};

/// No name that is being asked for was met.
pub(super) const NO_CYCLE: u32 = u32::MAX;
/// A name or parameter is asked for so often as part of a circle before its value counts as
/// final.
const MOST_ATTEMPTS: u8 = 2;

/// What a value belongs to. The number tells purposes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Node(NodeId),
    Name(BindingId),
    Closed(ValueId, u8),
    Parameter(FuncId, u32, u8),
}

/// The circles that are being walked.
#[derive(Debug)]
pub(super) struct Circles {
    values: FxHashMap<Asked, (ValueId, u32)>,
    log: Vec<Asked>,
    attempts: FxHashMap<Asked, u8>,
    /// What is being asked for, with its depth.
    open: FxHashMap<Asked, u32>,
    /// The outermost open one that was met again since this was last reset.
    lowest: u32,
    /// The allowance ran out: nothing that is worked on now is worth keeping.
    spoiled: bool,
}

/// What [`Circles::enter`] remembers for [`Circles::leave`].
pub(super) struct Entered {
    depth: u32,
    log: usize,
    outer: u32,
}

impl Default for Circles {
    fn default() -> Self {
        Self {
            values: FxHashMap::default(),
            log: Vec::new(),
            attempts: FxHashMap::default(),
            open: FxHashMap::default(),
            lowest: NO_CYCLE,
            spoiled: false,
        }
    }
}

impl Circles {
    /// Gives up everything that is being worked on.
    pub(super) fn spoil(&mut self) {
        self.spoiled = true;
    }

    /// Begins afresh; whether the work before was given up.
    pub(super) fn restart(&mut self) -> bool {
        self.open.clear();
        self.lowest = NO_CYCLE;
        for asked in self.log.drain(..) {
            self.values.remove(&asked);
        }
        std::mem::take(&mut self.spoiled)
    }

    /// A value from earlier on this walk.
    pub(super) fn known(&mut self, asked: Asked) -> Option<ValueId> {
        if self.open.is_empty() {
            return None;
        }
        let &(value, lowest) = self.values.get(&asked)?;
        self.lowest = self.lowest.min(lowest);
        Some(value)
    }

    /// Whether it is being asked for already: then what it adds to itself is nothing.
    pub(super) fn is_open(&mut self, asked: Asked) -> bool {
        match self.open.get(&asked) {
            Some(&depth) => {
                self.lowest = self.lowest.min(depth);
                true
            }
            None => false,
        }
    }

    /// Begins to ask for a name or parameter.
    pub(super) fn enter(&mut self, asked: Asked) -> Entered {
        let depth = u32::try_from(self.open.len()).unwrap_or(NO_CYCLE - 1);
        self.open.insert(asked, depth);
        Entered {
            depth,
            log: self.log.len(),
            outer: std::mem::replace(&mut self.lowest, NO_CYCLE),
        }
    }

    /// Ends it; whether the value is final.
    pub(super) fn leave(&mut self, asked: Asked, entered: &Entered, value: ValueId) -> bool {
        self.open.remove(&asked);
        if self.spoiled {
            return false;
        }
        let is_final = self.lowest >= entered.depth || {
            let attempts = self.attempts.entry(asked).or_default();
            *attempts += 1;
            *attempts >= MOST_ATTEMPTS
        };
        if is_final {
            for asked in self.log.drain(entered.log..) {
                self.values.remove(&asked);
            }
            self.lowest = NO_CYCLE;
        } else {
            self.keep(asked, value);
        }
        self.lowest = self.lowest.min(entered.outer);
        is_final
    }

    /// Begins to work on a part; gives what [`Circles::after`] wants.
    pub(super) fn before(&mut self) -> u32 {
        std::mem::replace(&mut self.lowest, NO_CYCLE)
    }

    /// Ends it; whether the value is final.
    pub(super) fn after(&mut self, outer: u32, asked: Asked, value: ValueId) -> bool {
        if self.spoiled {
            return false;
        }
        let is_final = self.lowest == NO_CYCLE;
        if !is_final {
            self.keep(asked, value);
        }
        self.lowest = self.lowest.min(outer);
        is_final
    }

    /// Ends work whose value is kept elsewhere.
    pub(super) fn rejoin(&mut self, outer: u32) {
        self.lowest = self.lowest.min(outer);
    }

    /// Whether the allowance ran out.
    pub(super) fn is_spoiled(&self) -> bool {
        self.spoiled
    }

    fn keep(&mut self, asked: Asked, value: ValueId) {
        if self.values.insert(asked, (value, self.lowest)).is_none() {
            self.log.push(asked);
        }
    }
}
