//! Strings as JavaScript sees them: UTF-16 units, lone surrogates among them.

use std::cell::RefCell;
use std::rc::Rc;

/// Deeper ropes are laid flat, so that none is walked or dropped too deep.
const MOST_JOINS: u32 = 200;
/// Shorter joins are laid flat at once.
const SHORT: usize = 64;

/// A string. Joining is cheap, so that `s += c` in a loop stays linear.
#[derive(Clone)]
pub(super) struct Text(Rc<Rope>);

struct Rope {
    len: usize,
    joins: u32,
    form: RefCell<Form>,
}

enum Form {
    Flat(Rc<[u16]>),
    Join(Text, Text),
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self::flat(text.encode_utf16().collect())
    }

    pub(super) fn flat(units: Rc<[u16]>) -> Self {
        Self(Rc::new(Rope {
            len: units.len(),
            joins: 0,
            form: RefCell::new(Form::Flat(units)),
        }))
    }

    pub(super) fn of(units: &[u16]) -> Self {
        Self::flat(units.into())
    }

    /// From the lowering's form of a string with lone surrogates: each stands as U+FFFD and
    /// four hex digits.
    pub(super) fn with_surrogates(text: &str) -> Self {
        let mut units: Vec<u16> = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\u{fffd}') {
            units.extend(rest[..at].encode_utf16());
            let after = &rest[at + '\u{fffd}'.len_utf8()..];
            match after.get(..4).map(|hex| u16::from_str_radix(hex, 16)) {
                Some(Ok(unit)) => {
                    units.push(unit);
                    rest = &after[4..];
                }
                _ => {
                    units.push(0xfffd);
                    rest = after;
                }
            }
        }
        units.extend(rest.encode_utf16());
        Self::flat(units.into())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    pub(super) fn join(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let len = self.len() + other.len();
        let joins = 1 + self.0.joins.max(other.0.joins);
        let rope = Self(Rc::new(Rope {
            len,
            joins,
            form: RefCell::new(Form::Join(self.clone(), other.clone())),
        }));
        if len <= SHORT || joins > MOST_JOINS {
            return Self::flat(rope.units());
        }
        rope
    }

    /// The units, laid flat once.
    pub(super) fn units(&self) -> Rc<[u16]> {
        if let Form::Flat(units) = &*self.0.form.borrow() {
            return Rc::clone(units);
        }
        let mut all: Vec<u16> = Vec::with_capacity(self.0.len);
        let mut open = vec![self.clone()];
        while let Some(text) = open.pop() {
            match &*text.0.form.borrow() {
                Form::Flat(units) => all.extend_from_slice(units),
                Form::Join(left, right) => {
                    open.push(right.clone());
                    open.push(left.clone());
                }
            }
        }
        let units: Rc<[u16]> = all.into();
        *self.0.form.borrow_mut() = Form::Flat(Rc::clone(&units));
        units
    }

    /// As Rust has it; lone surrogates become U+FFFD.
    pub(super) fn lossy(&self) -> String {
        String::from_utf16_lossy(&self.units())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && (Rc::ptr_eq(&self.0, &other.0) || self.units() == other.units())
    }
}

/// Without what JavaScript's `trim` takes for space, at the start and at the end.
pub(super) fn trimmed(units: &[u16], start: bool, end: bool) -> &[u16] {
    let mut from = 0;
    let mut to = units.len();
    while start && from < to && is_space(units[from]) {
        from += 1;
    }
    while end && to > from && is_space(units[to - 1]) {
        to -= 1;
    }
    &units[from..to]
}

pub(super) fn is_space(unit: u16) -> bool {
    matches!(unit, 9..=13 | 32 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 | 0xfeff)
}

/// Where `wanted` stands in `units`, from `from` on.
pub(super) fn find(units: &[u16], wanted: &[u16], from: usize) -> Option<usize> {
    if wanted.is_empty() {
        return (from <= units.len()).then_some(from);
    }
    let first = wanted[0];
    let last = units.len().checked_sub(wanted.len())?;
    (from..=last).find(|&at| units[at] == first && &units[at..at + wanted.len()] == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_keeps_order_however_deep() {
        let mut text = Text::new("");
        for at in 0..10_000_u32 {
            text = text.join(&Text::new(&format!("{},", at % 7)));
        }
        assert_eq!(text.len(), 20_000);
        assert!(text.lossy().starts_with("0,1,2,3,4,5,6,0,"));
        let mut text = Text::new("x");
        for _ in 0..10_000 {
            text = Text::new("ab").join(&text);
        }
        assert!(text.lossy().ends_with("abx"));
    }

    #[test]
    fn lone_surrogates_survive() {
        let text = Text::with_surrogates("a\u{fffd}d83db\u{fffd}fffd");
        assert_eq!(&*text.units(), [0x61, 0xd83d, 0x62, 0xfffd]);
    }
}
