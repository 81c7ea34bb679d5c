//! What a package does in a few sentences, for one that does nothing odd.

use std::collections::BTreeMap;

use tarsight::model::Capability;
use tarsight::report::{Behaviour, Report};

use super::behaviours::{DULL, Row, rows, targets};
use super::hosts::{unseen, whom};
use super::page::{SHORT, clean, count, cut, width};

/// What is done and when in a few sentences, for a package that does nothing odd.
pub(crate) fn in_brief(report: &Report, room: usize) -> String {
    let mut kinds: BTreeMap<&str, (usize, Vec<&Behaviour>)> = BTreeMap::new();
    let rows = rows(report);
    let has_more = rows.iter().any(|row| !DULL.contains(&row.id));
    let mut order: Vec<&str> = Vec::new();
    let is_told = |row: &&Row<'_>| !(has_more && DULL.contains(&row.id));
    for row in rows.iter().filter(is_told) {
        if !order.contains(&row.id) {
            order.push(row.id);
        }
        let (first, list) = kinds.entry(row.id).or_insert((row.moment, Vec::new()));
        *first = row.moment.min(*first);
        list.extend(row.list.iter().copied());
    }
    let end = match rows.iter().any(|row| row.capability == Capability::Network) {
        true => String::new(),
        false => match unseen(report) {
            Some(what) => format!("no network seen, but {what}"),
            None => "no network seen".to_owned(),
        },
    };
    // Stable: of one moment what weighs more stands first.
    order.sort_by_key(|id| kinds.get(id).map(|(moment, _)| *moment));
    let titles = tarsight::rules();
    let (mut text, mut moment) = (String::new(), None);
    for (at, id) in order.iter().enumerate() {
        let Some((when, list)) = kinds.get(id) else {
            continue;
        };
        let title = titles.iter().find(|rule| rule.id == *id);
        let title = title.map_or_else(|| clean(id), |rule| sentence(&rule.title));
        let part = title + &to_what(list);
        let joint = match moment {
            _ if moment == Some(*when) => ", ".to_owned(),
            None => format!("{}: ", said_when(*when)),
            Some(_) => format!("; {}: ", said_when(*when)),
        };
        let more = count((order.len() - at) as u64, "more kind", "more kinds");
        let rest = format!("; {more} (--verbose); {end}");
        if at > 0 && width(&text) + width(&joint) + width(&part) + width(&rest) > room {
            text.push_str(&format!("; {more} (--verbose)"));
            break;
        }
        text.push_str(&joint);
        text.push_str(&part);
        moment = Some(*when);
    }
    match (text.is_empty(), end.is_empty()) {
        (true, _) => "nothing outside the program".to_owned(),
        (false, true) => text,
        (false, false) => format!("{text}; {end}"),
    }
}

/// What it is done to, in brackets; nothing if that is not known.
fn to_what(list: &[&Behaviour]) -> String {
    let whom = match list.first().map(|one| one.capability) {
        Some(Capability::Network) => whom(list, 2, false),
        _ => String::new(),
    };
    if !whom.is_empty() {
        return format!(" ({whom})");
    }
    let (known, _) = targets(list);
    match known.as_slice() {
        [] => String::new(),
        [one] => format!(" ({})", cut(one, 40)),
        [first, rest @ ..] => format!(" ({}, +{})", cut(first, 40), rest.len()),
    }
}

/// A title in the middle of a sentence: `Reads a file` is `reads a file`.
fn sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// A moment at the head of a sentence.
fn said_when(moment: usize) -> String {
    let when = SHORT.get(moment).copied().unwrap_or_default();
    match when {
        "install" | "import" => format!("on {when}"),
        "tool" => "by a tool".to_owned(),
        "command" => "as command".to_owned(),
        _ => when.to_owned(),
    }
}
