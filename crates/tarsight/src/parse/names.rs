//! Names of one file, interned; the well-known ones have fixed ids.

use std::hash::{BuildHasher, RandomState};

/// An interned name of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameId(pub u32);

impl Default for NameId {
    fn default() -> Self {
        Self::NONE
    }
}

impl NameId {
    /// Stands for "absent".
    pub(crate) const NONE: Self = Self(u32::MAX);
}

macro_rules! well_known {
    ($($id:ident = $text:literal),+ $(,)?) => {
        #[repr(u32)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($id,)+ }

        $(
            #[doc = concat!("`", $text, "`")]
            pub(crate) const $id: NameId = NameId(Index::$id as u32);
        )+

        const WELL_KNOWN: &[&str] = &[$($text),+];
    };
}

well_known! {
    REQUIRE = "require", MODULE = "module", EXPORTS = "exports", DEFAULT = "default", STAR = "*",
    CONSTRUCTOR = "constructor", CALL = "call", APPLY = "apply", PUSH = "push", UNSHIFT = "unshift",
    ARGUMENTS = "arguments", SPLICE = "splice", OBJECT = "Object", REFLECT = "Reflect",
    ASSIGN = "assign", DEFINE_PROPERTY = "defineProperty", SET = "set", BIND = "bind",
    DEBOUNCE = "debounce", THROTTLE = "throttle", MEMOIZE = "memoize", ONCE = "once",
    PROMISIFY = "promisify", USE_CALLBACK = "useCallback", CALLBACKIFY = "callbackify",
    PROTOTYPE = "prototype",
}

/// All names of one file. Empty until the first [`Names::clear`].
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Start and length in `spelled`, by id.
    ranges: Vec<(u32, u32)>,
    /// Open addressing; a power of two.
    slots: Vec<Slot>,
    /// The slots of the well-known names alone, copied at each [`Names::clear`].
    seeded: Vec<Slot>,
    /// Each name once, densely, so that comparing stays in the cache. The text is too spread.
    spelled: String,
    /// Random, so that nobody can write a file whose names all collide. No result depends on it.
    seed: u64,
}

/// A name in the table; `id` is one more than its id, 0 if the slot is free.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    id: u32,
    start: u32,
}

/// Slots after [`Names::clear`]; a power of two well above the number of well-known names.
const FIRST_SLOTS: usize = 256;
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
/// Set in the keys of names too long to be their own key.
const LONG: u64 = 1 << 63;

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

fn half(bytes: &[u8]) -> u64 {
    bytes
        .try_into()
        .map_or(0, |four| u64::from(u32::from_le_bytes(four)))
}

/// Up to 7 bytes: the bytes and the length themselves. More: a hash.
#[inline]
fn key(seed: u64, bytes: &[u8]) -> u64 {
    let len = bytes.len() as u64;
    let short = match bytes {
        [] => 0,
        [a] => u64::from(*a),
        [a, b] => u64::from(*a) | u64::from(*b) << 8,
        [a, b, c] => u64::from(*a) | u64::from(*b) << 8 | u64::from(*c) << 16,
        // The halves overlap in bytes that are equal in both.
        _ if len < 8 => half(&bytes[..4]) | half(&bytes[bytes.len() - 4..]) << ((len - 4) * 8),
        _ => {
            let mut hash = seed ^ len;
            let mut rest = bytes;
            while rest.len() > 8 {
                hash = fold(hash ^ word(&rest[..8]), MULTIPLIER ^ seed);
                rest = &rest[8..];
            }
            hash = fold(hash ^ word(&bytes[bytes.len() - 8..]), MULTIPLIER ^ seed);
            return hash | LONG;
        }
    };
    short | len << 56
}

impl Names {
    /// How many names there are, the well-known ones included.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The text of a name. It does not depend on the file's text.
    #[must_use]
    pub(crate) fn text<'t>(&'t self, _text: &'t str, name: NameId) -> &'t str {
        if let Some(known) = WELL_KNOWN.get(name.0 as usize) {
            return known;
        }
        let Some(&(start, len)) = self.ranges.get(name.0 as usize) else {
            return "";
        };
        let start = start as usize;
        self.spelled.get(start..start + len as usize).unwrap_or("")
    }

    /// The id of a name that occurs in the file or is well-known.
    #[must_use]
    pub(crate) fn find(&self, _text: &str, name: &str) -> Option<NameId> {
        if self.slots.is_empty() {
            let known = WELL_KNOWN.iter().position(|known| *known == name)?;
            return u32::try_from(known).ok().map(NameId);
        }
        self.probe(name, key(self.seed, name.as_bytes())).ok()
    }

    /// The id of the name, or the free slot where it belongs.
    #[inline]
    fn probe(&self, name: &str, key: u64) -> Result<NameId, usize> {
        let mask = self.slots.len() - 1;
        let mut at = self.first_slot(key) & mask;
        loop {
            let slot = self.slots[at];
            if slot.id == 0 {
                return Err(at);
            }
            if slot.key == key && (key & LONG == 0 || self.spells(slot, name)) {
                return Ok(NameId(slot.id - 1));
            }
            at = (at + 1) & mask;
        }
    }

    fn first_slot(&self, key: u64) -> usize {
        fold(key ^ self.seed, MULTIPLIER) as usize
    }

    fn spells(&self, slot: Slot, name: &str) -> bool {
        let start = slot.start as usize;
        // The length went into the key.
        self.spelled.as_bytes().get(start..start + name.len()) == Some(name.as_bytes())
    }

    /// The id of a name.
    #[inline]
    pub(super) fn intern(&mut self, name: &str) -> NameId {
        let key = key(self.seed, name.as_bytes());
        match self.probe(name, key) {
            Ok(id) => id,
            Err(slot) => self.add(name, key, slot),
        }
    }

    #[inline(never)]
    fn add(&mut self, name: &str, key: u64, slot: usize) -> NameId {
        let id = self.ranges.len() as u32;
        let start = self.spelled.len() as u32;
        self.spelled.push_str(name);
        self.ranges.push((start, name.len() as u32));
        self.slots[slot] = Slot {
            key,
            id: id + 1,
            start,
        };
        if self.ranges.len() * 3 > self.slots.len() * 2 {
            self.grow();
        }
        NameId(id)
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        let mask = old.len() * 2 - 1;
        self.slots = vec![Slot::default(); mask + 1];
        for slot in old.into_iter().filter(|slot| slot.id != 0) {
            let mut at = self.first_slot(slot.key) & mask;
            while self.slots[at].id != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }

    /// Forgets everything but the well-known names.
    pub(crate) fn clear(&mut self) {
        if self.seeded.is_empty() {
            self.seed = RandomState::new().hash_one(0u8);
            self.slots = vec![Slot::default(); FIRST_SLOTS];
            for name in WELL_KNOWN {
                self.intern(name);
            }
            self.seeded = self.slots.clone();
        }
        self.ranges.truncate(WELL_KNOWN.len());
        let (start, len) = self.ranges.last().copied().unwrap_or_default();
        self.spelled.truncate((start + len) as usize);
        self.slots.clear();
        self.slots.extend_from_slice(&self.seeded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names_keep_their_ids_in_every_file() {
        let mut names = Names::default();
        assert_eq!(names.find("", "require"), Some(REQUIRE));
        for _ in 0..2 {
            names.clear();
            for (at, known) in WELL_KNOWN.iter().enumerate() {
                let id = NameId(at as u32);
                assert_eq!(names.find("", known), Some(id), "{known}");
                assert_eq!(names.text("", id), *known);
            }
            assert_eq!(names.find("abc", "abc"), None);
            assert_eq!(names.intern("require"), REQUIRE);
            names.intern("abc");
        }
    }

    #[test]
    fn every_length_is_told_apart_and_found_again() {
        let mut names = Names::default();
        names.clear();
        let mut text = String::new();
        let mut ranges = Vec::new();
        for len in 1..40 {
            for variant in ["a", "b"] {
                for at in 0..len {
                    let mut name = "x".repeat(len);
                    name.replace_range(at..=at, variant);
                    ranges.push((text.len(), len));
                    text.push_str(&name);
                }
            }
        }
        let ids: Vec<_> = ranges
            .iter()
            .map(|&(at, len)| names.intern(&text[at..at + len]))
            .collect();
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        for (id, &(at, len)) in ids.iter().zip(&ranges) {
            let name = &text[at..at + len];
            assert_eq!(names.text(&text, *id), name);
            assert_eq!(names.find(&text, name), Some(*id));
            assert_eq!(names.intern(name), *id);
        }
    }

    #[test]
    fn names_outside_the_text_are_kept() {
        let mut names = Names::default();
        names.clear();
        let id = names.intern("#private");
        assert_eq!(names.text("", id), "#private");
        assert_eq!(names.find("", "#private"), Some(id));
    }
}
