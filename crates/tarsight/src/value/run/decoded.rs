//! Texts that decoders made: what holds one of them was not written as it is.

use super::Machine;
use super::builtin::Native;
use super::object::{Kind, Val};
use super::text::Text;

/// Builtins that make text of bytes or codes.
const DECODERS: [&str; 7] = [
    "Buffer.prototype.toString",
    "String.fromCharCode",
    "String.fromCodePoint",
    "TextDecoder.prototype.decode",
    "atob",
    "decodeURIComponent",
    "unescape",
];
/// Shortest text that counts, and how many are kept.
const LEAST_TEXT: usize = 24;
const MOST_TEXTS: usize = 64;
/// So much of a text's beginning tells it from others.
const KEPT: usize = 64;

impl Machine<'_> {
    /// Keeps what a decoder made.
    pub(super) fn note_decoded(&mut self, native: &Native, this: &Val, value: &Val) {
        let Val::Str(text) = value else { return };
        if text.len() < LEAST_TEXT || self.decoded.len() >= MOST_TEXTS {
            return;
        }
        let is_decoded = match native.path {
            "Array.prototype.join" => self.are_letters(this, text.len()),
            path => DECODERS.contains(&path),
        };
        if is_decoded && self.read_by(value).is_none() {
            let start: Vec<u16> = text.units().iter().copied().take(KEPT).collect();
            self.decoded.push(start.into());
        }
    }

    /// Whether an array holds as many items as a text has letters.
    fn are_letters(&self, array: &Val, length: usize) -> bool {
        let Val::Obj(id) = array else { return false };
        matches!(&self.at(*id).kind, Kind::Array(items) if items.len() == length)
    }

    /// Whether a decoder made a text, or a part of it. The search is paid for.
    pub(super) fn is_decoded(&mut self, text: &Text) -> bool {
        let units = text.units();
        let work = units.len() as u64 * self.decoded.len() as u64;
        self.steps = self.steps.saturating_add(work / 16);
        let holds = |part: &[u16]| {
            part.len() <= units.len() && units.windows(part.len()).any(|window| window == part)
        };
        self.decoded.iter().any(|part| holds(part))
    }
}
