//! Matches names of environment variables.

use super::table::{Group, VARIABLES};
use super::{Target, some};

/// What secret a variable holds, by its name.
#[must_use]
pub(crate) fn secret_variable(name: &str) -> Option<&'static Target> {
    find(name, Group::Secret)
}

/// What code learns from a variable that it asks for before it acts.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the tables are checked; findings over them come with the catalogue"
    )
)]
#[must_use]
pub(crate) fn gate_variable(name: &str) -> Option<&'static Target> {
    find(name, Group::Gate)
}

/// What setting a variable changes in other programs.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the tables are checked; findings over them come with the catalogue"
    )
)]
#[must_use]
pub(crate) fn steering_variable(name: &str) -> Option<&'static Target> {
    find(name, Group::Steer)
}

fn find(name: &str, group: Group) -> Option<&'static Target> {
    let row = VARIABLES
        .iter()
        .find(|row| matches(row.target.pattern, name))?;
    if row.group == group {
        some(&row.target)
    } else {
        None
    }
}

/// Whether a name matches; `*` may stand at the ends of the pattern.
fn matches(pattern: &str, name: &str) -> bool {
    let (open_start, pattern) = match pattern.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (open_end, pattern) = match pattern.strip_suffix('*') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let same = |range: Option<&str>| range.is_some_and(|part| part.eq_ignore_ascii_case(pattern));
    let Some(spare) = name.len().checked_sub(pattern.len()) else {
        return false;
    };
    match (open_start, open_end) {
        (false, false) => spare == 0 && same(Some(name)),
        // What `*` stands for is something: `_TOKEN` alone names nothing.
        (true, false) => spare > 0 && same(name.get(spare..)),
        (false, true) => spare > 0 && same(name.get(..pattern.len())),
        (true, true) => (0..=spare).any(|from| same(name.get(from..from + pattern.len()))),
    }
}
