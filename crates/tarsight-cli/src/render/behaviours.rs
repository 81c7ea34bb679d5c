//! What a package does, by capability, and the hosts that it talks to.

use std::collections::{BTreeMap, BTreeSet};

use tarsight::model::{Capability, Origin, OriginSet};
use tarsight::report::{Behaviour, Report};

use super::findings::open;
use super::hosts::{unseen, whom};
use super::page::{MOMENTS, Page, SHORT, clean, count, cut, moment, reach, width};

/// Lines of one capability that are shown without `--verbose`: where there are findings, and
/// where there is more room.
const LINES: [usize; 2] = [3, 5];
/// Hosts that are shown without `--verbose`.
const HOSTS: usize = 6;
/// What every program does sooner or later: told only where there is nothing else.
pub(super) const DULL: [&str; 6] = [
    "environment.host",
    "environment.locale",
    "fs.list",
    "fs.metadata",
    "process.exit",
    "process.signal",
];

/// What changes something, before what only looks.
const CHANGES: [&str; 6] = [
    "fs.delete",
    "fs.write",
    "fs.move",
    "fs.link",
    "fs.permission",
    "environment.write",
];

/// The order in which a reviewer wants to know.
const WEIGHT: [Capability; 16] = [
    Capability::Credential,
    Capability::Propagation,
    Capability::Destructive,
    Capability::Persistence,
    Capability::Wallet,
    Capability::AiAgent,
    Capability::Ci,
    Capability::Evasion,
    Capability::DynamicCode,
    Capability::Obfuscation,
    Capability::Process,
    Capability::Network,
    Capability::NativeCode,
    Capability::Filesystem,
    Capability::Environment,
    Capability::Manifest,
];

/// Behaviours of one id at one moment.
pub(crate) struct Row<'a> {
    pub(super) capability: Capability,
    /// An index into [`MOMENTS`].
    pub(crate) moment: usize,
    pub(crate) id: &'a str,
    pub(crate) list: Vec<&'a Behaviour>,
}

/// What is done, by capability as it weighs, by moment, and by id.
pub(crate) fn rows(report: &Report) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<_, Row<'_>> = BTreeMap::new();
    for behaviour in &report.behaviours {
        let (capability, id) = (behaviour.capability, behaviour.id.as_str());
        let weight = WEIGHT.iter().position(|&one| one == capability);
        let moment = moment(behaviour.reach);
        let change = CHANGES.iter().position(|&one| one == id);
        let change = change.unwrap_or(CHANGES.len());
        let row = rows.entry((weight, moment, DULL.contains(&id), change, id));
        let row = row.or_insert_with(|| Row {
            capability,
            moment,
            id,
            list: Vec::new(),
        });
        row.list.push(behaviour);
    }
    rows.into_values().collect()
}

/// The part about behaviours.
pub(crate) fn behaviours(page: &mut Page, report: &Report, verbose: bool) {
    let whole = report.behaviour_count;
    let whole = whole.unwrap_or(report.behaviours.len() as u64);
    let rows = rows(report);
    let extent = match verbose || rows.is_empty() {
        true => "",
        false => ", in short; --verbose lists all",
    };
    page.heading(&format!(
        "What it does ({}{extent})",
        count(whole, "behaviour", "behaviours")
    ));
    let hands_over = report.surfaces.iter().any(|one| !one.uses.is_empty());
    let all: Vec<&Behaviour> = report.behaviours.iter().collect();
    let whom = match whom(&all, if verbose { usize::MAX } else { HOSTS }, true) {
        whom if !whom.is_empty() => whom,
        _ if hands_over => "nobody by itself; the packages that it loads on install may".to_owned(),
        _ => match unseen(report) {
            Some(what) => format!("not known: {what}"),
            None => "nobody, as far as was seen".to_owned(),
        },
    };
    page.labelled(1, "connects to   ", &whom);
    let ids = rows.iter().map(|row| width(row.id)).max().unwrap_or(0);
    // Few findings leave two lines for each kind.
    let has_room = open(report).len() < 2;
    let lines = LINES[usize::from(has_room)];
    for group in rows.chunk_by(|a, b| a.capability == b.capability) {
        let Some(first) = group.first() else { continue };
        let name = first.capability.as_str();
        if verbose {
            let name = page.bold(name);
            page.line(1, &name);
            group.iter().for_each(|row| in_full(page, row));
            continue;
        }
        // What is dull stands alone or not at all.
        let (dull, told): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
            group.iter().partition(|row| DULL.contains(&row.id));
        let told = if told.is_empty() { dull } else { told };
        for (at, row) in told.iter().take(lines).enumerate() {
            let name = if at == 0 { name } else { "" };
            let when = SHORT.get(row.moment).copied().unwrap_or_default();
            let label = format!("{name:<14}{when:<10}{:<ids$}  ", clean(row.id));
            let room = page.width().saturating_sub(2 + width(&label));
            let text = in_short(&row.list, room.max(20));
            if text.contains(" … +") && has_room {
                let text = in_short(&row.list, 2 * room.max(20) - 12);
                page.hanging(1, &label, width(&label), &text);
                continue;
            }
            let place = row.list.iter().find_map(|one| one.sites.first());
            let place = place.map(|site| format!("  {}", clean(&site.place())));
            let place = place.filter(|place| width(&text) + width(place) <= room);
            let place = place.map(|place| page.dim(&place)).unwrap_or_default();
            page.line(1, &format!("{label}{text}{place}"));
        }
        let others: BTreeSet<&str> = told.iter().skip(lines).map(|row| row.id).collect();
        let shown: BTreeSet<&str> = told.iter().take(lines).map(|row| row.id).collect();
        let others: Vec<&str> = others.difference(&shown).copied().collect();
        if !others.is_empty() {
            let text = format!("also {} (--verbose)", clean(&others.join(", ")));
            page.labelled(1, &" ".repeat(14), &text);
        }
    }
    // Of findings the next steps say so.
    if let Some(row) = rows.first().filter(|_| !verbose && open(report).is_empty()) {
        let line = format!(
            "`tarsight explain {}` says what such a word means",
            clean(row.id)
        );
        let line = page.dim(&line);
        page.line(1, &line);
    }
    if page.has("<?>") || page.has("<param>") {
        let line = page.dim("<?> is a part that is not known, <param> one that the caller gives");
        page.line(1, &line);
    }
}

/// The targets of one line, as many as fit, and how many more there are.
fn in_short(list: &[&Behaviour], room: usize) -> String {
    let (known, open) = targets(list);
    if known.is_empty() {
        return open.unwrap_or_default().to_owned();
    }
    let mut text = String::new();
    for (at, target) in known.iter().enumerate() {
        let more = known.len() - at;
        // The mark of what is left out has to fit as well.
        let target = cut(target, room.saturating_sub(8).max(20));
        if at > 0 && width(&text) + 2 + width(&target) + 8 > room {
            text.push_str(&format!(" … +{more}"));
            break;
        }
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&target);
    }
    text
}

/// Targets that are known, those without a gap first, and what is said of those that are not.
pub(crate) fn targets<'a>(list: &[&'a Behaviour]) -> (Vec<String>, Option<&'static str>) {
    let mut known: Vec<(bool, &'a str)> = Vec::new();
    let mut open = None;
    for behaviour in list {
        match behaviour.target.as_deref() {
            Some(target) if target != "undefined" => {
                let gaps = target.contains("<?>") || target.contains("<param>");
                known.push((gaps, target));
            }
            _ => {
                let given = [Origin::Parameter, Origin::Literal];
                let given = behaviour.origin.iter().all(|one| given.contains(&one));
                let is_written = behaviour.origin == OriginSet::of(Origin::Literal);
                let said = match given && !behaviour.origin.is_empty() {
                    // `npm ci` names no package.
                    true if is_written && behaviour.id == "module.install" => {
                        "(what package.json asks for)"
                    }
                    true => "(what its caller gives)",
                    false => "(not resolved)",
                };
                open = open.max(Some(said));
            }
        }
    }
    known.sort_unstable();
    known.dedup();
    let known = known.into_iter().map(|(_, target)| clean(target)).collect();
    (known, open)
}

/// One id with all its targets.
fn in_full(page: &mut Page, row: &Row<'_>) {
    let when = MOMENTS.get(row.moment).copied().unwrap_or_default();
    let title = format!("{}  {}", page.bold(&clean(row.id)), page.dim(when));
    page.line(2, &title);
    // Targets that are known say more than those that are not.
    let (known, unknown): (Vec<&Behaviour>, Vec<&Behaviour>) = row
        .list
        .iter()
        .partition(|behaviour| behaviour.target.is_some());
    for behaviour in known.into_iter().chain(unknown) {
        let line = one_target(page, behaviour);
        page.line(3, &line);
    }
}

fn one_target(page: &Page, behaviour: &Behaviour) -> String {
    let mut line = match &behaviour.target {
        Some(target) => clean(target),
        None => page.dim("not resolved"),
    };
    if let Some(origins) = origins(behaviour.origin) {
        line.push_str(&format!(" (from {origins})"));
    }
    if let Some(site) = behaviour.sites.first() {
        let place = clean(&site.place());
        line.push_str(&format!("  {}", page.dim(&place)));
    }
    let others = behaviour.site_count.saturating_sub(1);
    if others > 0 {
        let others = format!(" and {}", count(others, "more place", "more places"));
        line.push_str(&page.dim(&others));
    }
    if !behaviour.guards.is_empty() {
        line.push_str(&format!("  if {}", clean(&behaviour.guards.join(", "))));
    }
    if let Some(package) = &behaviour.package {
        line.push_str(&format!("  in {}", clean(package)));
    }
    line.push_str(&format!("  [{}]", reach(behaviour.reach)));
    line
}

/// Where a target comes from; what is simply written in the code needs no word.
fn origins(origin: OriginSet) -> Option<String> {
    let names: Vec<&str> = origin.iter().map(origin_name).collect();
    (!names.is_empty() && origin != OriginSet::of(Origin::Literal)).then(|| names.join(", "))
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Literal => "literal",
        Origin::Parameter => "parameter",
        Origin::Environment => "environment",
        Origin::File => "file",
        Origin::Host => "host",
        Origin::Remote => "remote",
        Origin::Decoded => "decoded",
        Origin::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    fn text(report: &Report, verbose: bool) -> String {
        let mut page = Page::new(false);
        behaviours(&mut page, report, verbose);
        page.finish()
    }

    #[test]
    fn every_capability_has_a_weight_of_its_own() {
        let names: BTreeSet<&str> = WEIGHT.iter().map(|c| c.as_str()).collect();
        assert_eq!(names.len(), WEIGHT.len());
    }

    #[test]
    fn what_differs_only_in_reach_is_told_once() {
        let mut report = sample();
        let mut again = report.behaviours[4].clone();
        again.reach.add(
            tarsight::model::SurfaceKind::Bin,
            tarsight::model::Trigger::Call,
        );
        let target = again.target.clone().expect("the sample names one");
        report.behaviours.push(again);
        assert_eq!(text(&report, false).matches(&target).count(), 1);
    }

    #[test]
    fn long_lists_are_cut_unless_asked_for() {
        let mut report = sample();
        let one = report.behaviours[1].clone();
        for n in 0..90 {
            let mut another = one.clone();
            another.target = Some(format!("NAME_{n:02}"));
            report.behaviours.push(another);
        }
        let (short, whole) = (text(&report, false), text(&report, true));
        assert!(short.contains(" … +8"), "{short}");
        assert!(short.lines().all(|line| width(line) <= 100), "{short}");
        assert!(whole.contains("NAME_88") && !whole.contains("--verbose"));
    }

    #[test]
    fn a_target_that_the_caller_gives_is_said_to_be_his() {
        let mut one = sample().behaviours.remove(0);
        one.target = None;
        let mut said = |origins: &[Origin]| {
            one.origin = origins.iter().copied().collect();
            in_short(&[&one], 40)
        };
        assert_eq!(said(&[Origin::Parameter]), "(what its caller gives)");
        assert_eq!(
            said(&[Origin::Parameter, Origin::Unknown]),
            "(not resolved)"
        );
        assert_eq!(said(&[]), "(not resolved)");
        one.id = "module.install".to_owned();
        one.origin = OriginSet::of(Origin::Literal);
        assert_eq!(in_short(&[&one], 40), "(what package.json asks for)");
    }
}
