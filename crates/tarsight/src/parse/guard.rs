//! Decides how a text may be parsed, before the parser sees it.
//!
//! The parser recurses without a guard and its stack overflow cannot be caught, so the stack is
//! chosen first; and it re-reads some shapes again and again, so those are refused.

use super::ambiguity::{ambiguity_limit, jsx_ambiguity_cost};
use super::dense::is_dense;
use super::fast;
use super::nesting::jsx_nesting_bound;
use super::program::Dialect;
use super::scan::{self, Scan};
use crate::Limits;
use crate::limits::Limit;
use crate::model::Reason;

/// Stack of a worker of the normal lane.
pub(crate) const NORMAL_STACK: usize = 16 << 20;

/// Stack for one unit of nesting: twice what the most expensive shape was measured to take (2.2 KB).
const STACK_PER_UNIT: u64 = 4608;

/// Stack that is not the parser's: the thread's own frames, ours, leaf calls.
const STACK_BESIDE: u64 = 1 << 20;

/// Arena that a text may take, a byte of it and beside that, over all dialects tried.
pub(crate) const ARENA_PER_BYTE: usize = 64;
pub(crate) const ARENA_BESIDE: usize = 24 << 20;

/// How a text is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// On a worker with [`NORMAL_STACK`].
    Normal,
    /// Alone, on a thread with a stack of its own.
    Deep {
        /// The stack it needs.
        stack_bytes: usize,
    },
    /// Not at all: why, and the limit that makes it concrete.
    Refuse(Reason, String),
}

impl Lane {
    /// Whether a text of this lane may be parsed on a stack of that size.
    #[must_use]
    pub(crate) fn fits(&self, stack_bytes: usize) -> bool {
        match self {
            Self::Normal => stack_bytes >= NORMAL_STACK,
            Self::Deep {
                stack_bytes: needed,
            } => stack_bytes >= *needed,
            Self::Refuse(..) => false,
        }
    }
}

/// The lane of a text that is parsed as JavaScript (module or script) or TypeScript, without JSX.
#[must_use]
pub(crate) fn admit(text: &str, typescript: bool, limits: &Limits) -> Lane {
    lane(text, (typescript, false), limits, || {
        let quick = if typescript {
            None
        } else {
            fast::bounds(text.as_bytes())
        };
        // The quick bounds are higher: only what they let pass is settled.
        quick
            .filter(|quick| is_normal(quick, text.len() as u64))
            .unwrap_or_else(|| scan::scan(text, typescript))
    })
}

/// The lane for what a file's name says it is.
#[must_use]
pub(crate) fn lane_of(path: &str, text: &str, limits: &Limits) -> Lane {
    match extension(path) {
        (typescript, true) => admit_jsx(text, typescript, limits),
        (typescript, false) => admit(text, typescript, limits),
    }
}

/// Whether the stack of a file's lane is enough for another dialect too, and the arena, of which
/// `used` bytes are gone.
#[must_use]
pub(crate) fn may_parse(
    dialect: Dialect,
    path: &str,
    text: &str,
    used: usize,
    lane: &Lane,
    limits: &Limits,
) -> bool {
    // The next attempt may take as much as all before it.
    if used > (ARENA_PER_BYTE * text.len() + ARENA_BESIDE) / 2 {
        return false;
    }
    let stack = match lane {
        Lane::Normal => NORMAL_STACK,
        Lane::Deep { stack_bytes } => *stack_bytes,
        Lane::Refuse(..) => return false,
    };
    match dialect {
        Dialect::Any | Dialect::Module | Dialect::Script => {
            extension(path) == (false, false) || admit(text, false, limits).fits(stack)
        }
        Dialect::Jsx => admit_jsx(text, false, limits).fits(stack),
        Dialect::TypeScript | Dialect::Definition => admit(text, true, limits).fits(stack),
        Dialect::Tsx => admit_jsx(text, true, limits).fits(stack),
    }
}

/// Whether a name says TypeScript, and whether it says JSX.
fn extension(path: &str) -> (bool, bool) {
    let name = path.to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    (
        ends(&[".ts", ".mts", ".cts", ".tsx"]),
        ends(&[".jsx", ".tsx"]),
    )
}

fn is_normal(scan: &Scan, length: u64) -> bool {
    scan.again <= ambiguity_limit(length, false, false)
        && u64::from(scan.nesting) * STACK_PER_UNIT + STACK_BESIDE <= NORMAL_STACK as u64
}

/// Whether a script may be parsed on a quarter of a worker's stack.
#[must_use]
pub(crate) fn is_shallow(text: &str) -> bool {
    let scan = scan::scan(text, false);
    !is_dense(text.as_bytes())
        && scan.again <= ambiguity_limit(text.len() as u64, false, false)
        && u64::from(scan.nesting) * STACK_PER_UNIT <= NORMAL_STACK as u64 / 4
}

/// The lane of a text that is parsed with JSX. Much stricter than [`admit`], because JSX text
/// cannot be told from code: ask only when nothing else parses or the name says JSX.
#[must_use]
pub(crate) fn admit_jsx(text: &str, typescript: bool, limits: &Limits) -> Lane {
    lane(text, (typescript, true), limits, || Scan {
        nesting: jsx_nesting_bound(text),
        again: jsx_ambiguity_cost(text, typescript),
    })
}

fn lane(
    text: &str,
    (typescript, jsx): (bool, bool),
    limits: &Limits,
    scan: impl FnOnce() -> Scan,
) -> Lane {
    let length = text.len() as u64;
    let admitted = limits.admit(Limit::ParseBytes, length);
    if admitted.is_err() || u32::try_from(text.len()).is_err() {
        let over = limits.over(Limit::ParseBytes);
        let detail = format!("{length} bytes, {over}");
        return Lane::Refuse(Reason::FileTooLarge, detail);
    }
    if is_dense(text.as_bytes()) {
        let detail = format!("its tree may take over {ARENA_PER_BYTE} times its {length} bytes");
        return Lane::Refuse(Reason::FileTooLarge, detail);
    }
    let scan = scan();
    if scan.again > ambiguity_limit(length, typescript, jsx) {
        let detail = format!("{} bytes to read again, {length} bytes long", scan.again);
        return Lane::Refuse(Reason::AmbiguousNesting, detail);
    }
    let nesting = u64::from(scan.nesting);
    let stack = nesting * STACK_PER_UNIT + STACK_BESIDE;
    match usize::try_from(stack) {
        Ok(stack) if stack <= NORMAL_STACK => Lane::Normal,
        Ok(stack) if limits.admit(Limit::Nesting, nesting).is_ok() => {
            Lane::Deep { stack_bytes: stack }
        }
        _ => {
            let over = limits.over(Limit::Nesting);
            Lane::Refuse(
                Reason::NestingTooDeep,
                format!("up to {nesting} levels, {over}"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(lane: &Lane) -> Option<Reason> {
        match lane {
            Lane::Refuse(reason, _) => Some(*reason),
            _ => None,
        }
    }

    #[test]
    fn lanes_follow_the_nesting() {
        let limits = Limits::default();
        let deep = |n: usize| admit(&("(".repeat(n) + "1" + &")".repeat(n)), false, &limits);
        assert_eq!(deep(1000), Lane::Normal);
        assert!(matches!(deep(10_000), Lane::Deep { stack_bytes } if stack_bytes > NORMAL_STACK));
        assert_eq!(reason(&deep(100_000)), Some(Reason::NestingTooDeep));
        assert!(deep(1000).fits(NORMAL_STACK) && !deep(10_000).fits(NORMAL_STACK));
    }

    #[test]
    fn shapes_that_are_read_again_are_refused() {
        let limits = Limits::default();
        let arrows = "(a=".repeat(2000) + "1" + &")".repeat(2000);
        assert_eq!(
            reason(&admit(&arrows, false, &limits)),
            Some(Reason::AmbiguousNesting)
        );
        let types = "a<(b=".repeat(30);
        assert_eq!(admit(&types, false, &limits), Lane::Normal);
        assert_eq!(
            reason(&admit(&types, true, &limits)),
            Some(Reason::AmbiguousNesting)
        );
    }

    #[test]
    fn the_parse_limit_holds() {
        let limits = Limits {
            parse_bytes: 10,
            ..Limits::default()
        };
        let lane = admit("01234567890", false, &limits);
        assert_eq!(reason(&lane), Some(Reason::FileTooLarge));
    }
}
