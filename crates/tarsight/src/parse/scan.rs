//! One pass over the bytes for both guards.
//!
//! Brackets in strings, comments, templates and regular expressions do not count, so those have
//! to be told from code exactly. Where the bytes before a `/` leave open whether it divides, both
//! readings are followed until one dies or they meet again; the higher bound wins.

use super::lex::{self, Mode, Stop};
use super::nesting::Level;

/// Readings followed at once.
const READINGS: usize = 8;

/// What the guards need to know about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// Upper bound on the parser's recursion.
    pub(super) nesting: u32,
    /// Upper bound on the bytes read again.
    pub(super) again: u64,
}

impl Scan {
    /// Nothing can be said.
    const UNKNOWN: Self = Self {
        nesting: u32::MAX,
        again: u64::MAX,
    };

    fn or(self, other: Self) -> Self {
        Self {
            nesting: self.nesting.max(other.nesting),
            again: self.again.max(other.again),
        }
    }
}

/// Scans a text that has no JSX.
pub(super) fn scan(text: &str, typescript: bool) -> Scan {
    let mode = if typescript {
        Mode::TypeScript
    } else {
        Mode::Script
    };
    read(text, mode)
}

fn read(text: &str, mode: Mode) -> Scan {
    let bytes = text.as_bytes();
    if u32::try_from(bytes.len()).is_err() {
        return Scan::UNKNOWN;
    }
    let mut found = Scan {
        nesting: 0,
        again: 0,
    };
    // Copies of stacks are paid from this, so that many doubtful `/` at great depth stay linear.
    let mut copies = 8 * bytes.len() + (64 << 10);
    let mut readings = vec![lex::Reading::new(bytes)];
    loop {
        // The reading that is furthest behind moves, up to where the next one stands.
        let Some((behind, limit)) = furthest_behind(&readings, bytes.len()) else {
            return found;
        };
        let alone = readings.len() == 1;
        let Some(reading) = readings.get_mut(behind) else {
            return found;
        };
        match reading.run(bytes, mode, limit, alone) {
            Stop::Limit => {}
            Stop::End => {
                let reading = readings.swap_remove(behind);
                found = found.or(reading.finish(bytes.len()));
                continue;
            }
            Stop::Dead => {
                let reading = readings.swap_remove(behind);
                found = found.or(reading.finish(bytes.len()));
            }
            Stop::Types => return read(text, Mode::Typed),
            Stop::Fork(other) => {
                let cost = reading.levels.len() + reading.angles.len() + 1;
                if readings.len() >= READINGS || copies < cost {
                    return Scan::UNKNOWN;
                }
                copies -= cost;
                readings.push(*other);
            }
        }
        if readings.len() > 1 {
            let cost = meet(&mut readings);
            if copies < cost {
                return Scan::UNKNOWN;
            }
            copies -= cost;
        }
    }
}

/// The reading with the lowest position, and how far it may run.
fn furthest_behind(readings: &[lex::Reading], end: usize) -> Option<(usize, usize)> {
    let behind = (0..readings.len()).min_by_key(|&i| readings.get(i).map(|r| r.at))?;
    let at = readings.get(behind)?.at;
    let next = readings
        .iter()
        .enumerate()
        .filter(|&(i, _)| i != behind)
        .map(|(_, r)| r.at)
        .min();
    // Readings that stand at the same place but differ take turns, a token each.
    Some((behind, next.map_or(end, |next| next.max(at + 1))))
}

/// Joins two readings that stand at the same place with the same brackets open, and gives what
/// the comparison cost.
fn meet(readings: &mut Vec<lex::Reading>) -> usize {
    let mut cost = 0;
    for a in 0..readings.len() {
        for b in a + 1..readings.len() {
            let (Some(x), Some(y)) = (readings.get(a), readings.get(b)) else {
                continue;
            };
            if x.at != y.at || x.levels.len() != y.levels.len() {
                continue;
            }
            cost += x.levels.len();
            if x.same_brackets(y) {
                let other = readings.swap_remove(b);
                if let Some(one) = readings.get_mut(a) {
                    one.join(&other);
                }
                return cost;
            }
        }
    }
    cost
}

/// Makes one level at least as high as another.
pub(super) fn raise(level: &mut Level, other: &Level) {
    level.base = level.base.max(other.base);
    level.statement = level.statement.max(other.statement);
    level.expression = level.expression.max(other.expression);
    level.binary = level.binary.max(other.binary);
    level.head |= other.head;
    level.ternary |= other.ternary;
    level.start = level.start.min(other.start);
    level.again = level.again.max(other.again);
    level.times = level.times.max(other.times);
    level.attempt |= other.attempt;
    // The sum of starts is subtracted: fewer, earlier starts would lower the cost.
    if other.tails > level.tails {
        level.tails = other.tails;
        level.tail_starts = other.tail_starts;
    }
    level.heritage |= other.heritage;
    level.constraints = level.constraints.max(other.constraints);
}
