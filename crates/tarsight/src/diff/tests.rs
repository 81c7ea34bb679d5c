//! Whole comparisons, of reports made by hand.

use proptest::prelude::*;

use super::*;
use crate::model::{Capability, Origin, OriginSet, Reach, SurfaceKind, TargetKind, Trigger};
use crate::report::{Behaviour, Dependency, File, RiskLevel, Site, sample};

/// A complete report on nothing.
pub(super) fn report() -> Report {
    let mut report = Report::default();
    report.coverage.complete = true;
    report
}

/// The report with these files; a text stands for its bytes.
pub(super) fn with_files(mut report: Report, files: &[(&str, &str)]) -> Report {
    report.files = files
        .iter()
        .map(|(path, text)| File {
            path: (*path).to_owned(),
            size: text.len() as u64,
            sha256: (*text).to_owned(),
            kind: match path.rsplit_once('.') {
                Some((_, "map")) => "json",
                _ => "javascript",
            }
            .to_owned(),
            reach: Reach::of(SurfaceKind::Import, Trigger::Load),
            behaviours: String::new(),
            lines: None,
            longest_line: None,
        })
        .collect();
    report
}

fn behaviour(id: &str, target: Option<&str>, reach: Reach) -> Behaviour {
    let (capability, kind) = match id.split('.').next() {
        Some("network") => (Capability::Network, TargetKind::Url),
        Some("process") => (Capability::Process, TargetKind::Command),
        Some("fs") => (Capability::Filesystem, TargetKind::Path),
        Some("code") => (Capability::DynamicCode, TargetKind::Code),
        _ => (Capability::Environment, TargetKind::Variable),
    };
    Behaviour {
        id: id.to_owned(),
        capability,
        target: target.map(str::to_owned),
        target_kind: target.map(|_| kind),
        origin: OriginSet::of(match target {
            Some(_) => Origin::Literal,
            None => Origin::Unknown,
        }),
        reach,
        guards: Vec::new(),
        package: None,
        sites: vec![Site {
            file: "a.js".to_owned(),
            ..Site::default()
        }],
        site_count: 1,
    }
}

fn doing(list: &[Behaviour]) -> Report {
    Report {
        behaviours: list.to_vec(),
        ..report()
    }
}

const LOAD: (SurfaceKind, Trigger) = (SurfaceKind::Import, Trigger::Load);
const CALL: (SurfaceKind, Trigger) = (SurfaceKind::Import, Trigger::Call);
const INSTALL: (SurfaceKind, Trigger) = (SurfaceKind::Install, Trigger::Load);

fn at(when: (SurfaceKind, Trigger)) -> Reach {
    Reach::of(when.0, when.1)
}

fn request(host: &str, when: (SurfaceKind, Trigger)) -> Behaviour {
    let url = format!("https://{host}/x");
    behaviour("network.http", Some(&url), at(when))
}

/// Kind, id and target of what is gained.
fn gained(diff: &Diff) -> Vec<(&str, &str, &str)> {
    let items = diff.gained.iter();
    items
        .map(|item| {
            let target = item.target.as_deref().unwrap_or("-");
            (item.kind.as_str(), item.id.as_str(), target)
        })
        .collect()
}

#[test]
fn a_report_and_itself_have_nothing_between_them() {
    let diff = diff(&sample(), &sample());
    assert!(diff.is_empty(), "{:?} {:?}", diff.gained, diff.changed);
    assert_eq!(diff.risk.level, RiskLevel::None);
    assert_eq!(diff.same.behaviours, sample().behaviours.len() as u64);
    assert_eq!(diff.same.findings, sample().findings.len() as u64);
}

#[test]
fn both_ways_tell_the_same_things() {
    let (one, other) = (report(), sample());
    let (there, back) = (diff(&one, &other), diff(&other, &one));
    let keys = |items: &[Item]| -> std::collections::BTreeSet<String> {
        items.iter().map(|item| item.key.clone()).collect()
    };
    let behaviours = |items: &[Item]| -> Vec<Item> {
        let of_kind = |item: &&Item| item.kind == ItemKind::Behaviour;
        items.iter().filter(of_kind).cloned().collect()
    };
    assert_eq!(
        keys(&behaviours(&there.gained)),
        keys(&behaviours(&back.lost))
    );
    assert!(!behaviours(&there.gained).is_empty());
}

#[test]
fn lines_files_and_versions_are_no_difference() {
    let mut old = doing(&[request("cdn.example/left@1.2.3", CALL)]);
    old.subject.version = Some("1.2.3".to_owned());
    let mut new = doing(&[request("cdn.example/left@2.0.0", CALL)]);
    new.subject.version = Some("2.0.0".to_owned());
    new.behaviours[0].sites[0].file = "dist/b.mjs".to_owned();
    new.behaviours[0].sites[0].line = 70;
    assert!(diff(&old, &new).is_empty());
}

#[test]
fn a_new_host_is_told_as_behaviour_and_as_host() {
    let diff = diff(&doing(&[]), &doing(&[request("a.example", CALL)]));
    assert_eq!(
        gained(&diff),
        [
            ("behaviour", "network.http", "https://a.example/x"),
            ("host", "host", "a.example"),
        ]
    );
    assert_eq!(diff.gained[0].signals[0], "host-first");
    assert_eq!(diff.risk.level, RiskLevel::High);
    assert_eq!(diff.risk.because.len(), 2);
    assert!(!diff.gained[0].why.is_empty());
}

#[test]
fn what_a_package_always_did_adds_nothing() {
    let spawn = |command| behaviour("process.spawn", Some(command), at(CALL));
    let level = |old: &[Behaviour], new: &[Behaviour]| diff(&doing(old), &doing(new)).risk.level;
    assert_eq!(level(&[], &[spawn("git")]), RiskLevel::High);
    assert_eq!(
        level(&[spawn("git")], &[spawn("git"), spawn("hg")]),
        RiskLevel::Low
    );
    assert_eq!(level(&[spawn("git")], &[spawn("git")]), RiskLevel::None);
}

#[test]
fn what_runs_earlier_has_changed() {
    let diff = diff(
        &doing(&[request("a.example", CALL)]),
        &doing(&[request("a.example", INSTALL)]),
    );
    assert!(diff.gained.is_empty());
    let [change] = diff.changed.as_slice() else {
        panic!("{:?}", diff.changed);
    };
    assert_eq!(change.from.reach, Some(at(CALL)));
    assert_eq!(change.to.reach, Some(at(INSTALL)));
    assert_eq!(diff.risk.level, RiskLevel::High);
    let later = super::diff(
        &doing(&[request("a.example", LOAD)]),
        &doing(&[request("a.example", CALL)]),
    );
    assert!(later.is_empty(), "what runs later is no news");
}

#[test]
fn a_target_that_is_no_longer_resolved_is_the_same_thing() {
    let old = doing(&[behaviour("fs.read", Some("/etc/x"), at(CALL))]);
    let new = doing(&[behaviour("fs.read", None, at(CALL))]);
    let diff = diff(&old, &new);
    assert!(diff.gained.is_empty() && diff.lost.is_empty());
    assert_eq!(diff.changed[0].signals, ["no-longer-resolved"]);
    let mut decoded = new;
    decoded.behaviours[0].origin = OriginSet::of(Origin::Decoded);
    assert_eq!(super::diff(&old, &decoded).gained.len(), 1);
}

#[test]
fn what_is_hidden_stays_hidden_beside_what_is_not() {
    let mut hidden = behaviour("process.exec", Some("sh x"), at(CALL));
    hidden.origin = OriginSet::of(Origin::Decoded);
    let mut open = hidden.clone();
    open.origin = OriginSet::of(Origin::Parameter);
    let alone = diff(&doing(&[]), &doing(&[hidden.clone()]));
    let both = diff(&doing(&[]), &doing(&[hidden, open]));
    assert_eq!(alone.gained[0].signals[0], "process-hidden");
    assert_eq!(both.risk, alone.risk);
}

#[test]
fn a_bundled_package_may_move_and_has_no_version() {
    let of = |package: Option<&str>| {
        let mut one = request("a.example", CALL);
        one.package = package.map(str::to_owned);
        doing(&[one])
    };
    assert!(diff(&of(Some("b@1.0.0")), &of(Some("b@2.0.0"))).is_empty());
    assert!(diff(&of(Some("b@1.0.0")), &of(None)).is_empty());
    let both = doing(&[
        of(None).behaviours[0].clone(),
        of(Some("c@1")).behaviours[0].clone(),
    ]);
    assert_eq!(diff(&of(None), &both).gained.len(), 1);
}

#[test]
fn the_coverage_of_both_sides_is_told() {
    let mut new = report();
    new.coverage.complete = false;
    let diff = diff(&report(), &new);
    assert!(!diff.coverage.complete && diff.coverage.old && !diff.coverage.new);
    assert_eq!(diff.warnings[0].id, "incomplete-new");
}

#[test]
fn two_packages_are_a_warning() {
    let (mut old, mut new) = (report(), report());
    old.subject.name = Some("left".to_owned());
    new.subject.name = Some("right".to_owned());
    new.engine.version = "99.0.0".to_owned();
    let diff = diff(&old, &new);
    let ids: Vec<&str> = diff.warnings.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["different-names", "different-engines"]);
}

#[test]
fn a_document_is_read_as_it_was_written() {
    let diff = diff(&report(), &sample());
    let read: Diff = serde_json::from_str(&diff.to_json()).expect("a diff");
    assert_eq!(read, diff);
}

fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    let ids = prop::sample::select(vec![
        "network.http",
        "process.exec",
        "fs.read",
        "fs.write",
        "code.eval",
        "environment.read",
    ]);
    let targets = prop::sample::select(vec![
        None,
        Some("https://a.example/x"),
        Some("https://192.0.2.7/x"),
        Some("~/.npmrc"),
        Some("NPM_TOKEN"),
        Some("node x.js"),
    ]);
    let reach = prop::sample::select(vec![
        Reach::DORMANT,
        at(CALL),
        at(LOAD),
        at(INSTALL),
        Reach::of(SurfaceKind::Bin, Trigger::Load),
    ]);
    let origin = prop::sample::select(Origin::ALL.to_vec());
    (ids, targets, reach, origin).prop_map(|(id, target, reach, origin)| {
        let mut one = behaviour(id, target, reach);
        one.origin = OriginSet::of(origin);
        one
    })
}

fn any_dependency() -> impl Strategy<Value = Dependency> {
    let kinds = prop::sample::select(vec!["dependencies", "devDependencies"]);
    let sources = prop::sample::select(vec!["registry", "git", "url", "alias"]);
    let names = prop::sample::select(vec!["x", "y", "@types/z"]);
    (names, kinds, sources, any::<bool>()).prop_map(|(name, kind, source, imported)| Dependency {
        name: name.to_owned(),
        spec: "1".to_owned(),
        kind: kind.to_owned(),
        source: source.to_owned(),
        imported,
    })
}

fn some_behaviours() -> impl Strategy<Value = Vec<Behaviour>> {
    prop::collection::vec(any_behaviour(), 0..8)
}

proptest! {
    #[test]
    fn nothing_that_is_added_lowers_the_risk(
        old in some_behaviours(),
        new in some_behaviours(),
        more in any_behaviour(),
        dependencies in prop::collection::btree_map("[xyz]", any_dependency(), 0..3),
    ) {
        let old = doing(&old);
        let before = doing(&new);
        let mut after = before.clone();
        after.behaviours.push(more);
        let score = |new: &Report| diff(&old, new).risk.score;
        prop_assert!(score(&after) >= score(&before));
        let mut with = after.clone();
        with.manifest.dependencies = dependencies.into_values().collect();
        prop_assert!(score(&with) >= score(&after));
    }

    #[test]
    fn the_same_on_both_sides_is_no_change(
        shared in some_behaviours(),
        order in any::<prop::sample::Index>(),
    ) {
        let old = doing(&shared);
        let mut new = old.clone();
        if !shared.is_empty() {
            let at = order.index(shared.len());
            new.behaviours.rotate_left(at);
        }
        prop_assert!(diff(&old, &new).is_empty());
    }
}
