//! What an id means: what it is, why it matters, when it is harmless, what to do.

use std::fmt::Write as _;

use super::flows;
use super::words::{self, Words};
use crate::api::{self, targets};
use crate::archive::AnomalyId;
use crate::diff::signals::{self, Signal};
use crate::findings::{self, Declaration, Example};
use crate::model::{Reason, Severity};
use crate::report::RiskLevel;

/// APIs that are named as ways to do something.
const WAYS: usize = 10;

/// What an id means, as Markdown; `None` if there is no such id.
#[must_use]
pub fn explain(id: &str) -> Option<String> {
    if let Some(behaviour) = api::behaviour(id) {
        return Some(of_behaviour(behaviour));
    }
    if let Some(finding) = findings::declarations().iter().find(|one| one.id == id) {
        return Some(of_finding(finding));
    }
    if let Some(anomaly) = AnomalyId::ALL.iter().find(|one| one.as_str() == id) {
        let kind = format!("anomaly, {}", anomaly.level().as_str());
        let words = words::of_anomaly(id);
        return Some(Text::new(id, &kind, anomaly.explanation()).words(words).0);
    }
    if let Some(signal) = signals::ALL.iter().find(|one| one.id == id) {
        return Some(of_signal(signal));
    }
    if let Some(reason) = Reason::ALL.into_iter().find(|one| one.as_str() == id) {
        let words = words::of_reason(reason.kind());
        return Some(Text::new(id, "reason", reason.explanation()).words(words).0);
    }
    let in_table = |table: &[(&'static str, &'static str)]| {
        let row = table.iter().find(|(known, _)| *known == id);
        row.map(|(_, title)| format!("{title}."))
    };
    if let Some(what) = in_table(&flows::FLOWS) {
        return Some(Text::new(id, "flow", &what).words(flows::of_flow(id)).0);
    }
    if let Some(what) = in_table(&flows::SOURCES) {
        return Some(Text::new(id, "source", &what).words(flows::SOURCE).0);
    }
    super::surfaces::explain(id).or_else(|| of_target(id))
}

/// Counts over real packages, made by the program `benign`.
const PRICES: &str = include_str!("../findings/prices.tsv");

/// A text in the making: a head, then paragraphs.
struct Text(String);

impl Text {
    fn new(id: &str, kind: &str, what: &str) -> Self {
        Self(format!("{id} ({kind})\n\n{what}\n"))
    }

    fn part(mut self, heading: &str, text: &str) -> Self {
        if !text.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(self.0, "\n{heading}: {text}\n");
        }
        self
    }

    fn words(self, words: Words) -> Self {
        self.part("Why it matters", words.why)
            .part("Harmless when", words.harmless)
            .part("What to do", words.advice)
    }

    fn references(mut self, ids: &[&str]) -> Self {
        if !ids.is_empty() {
            self.0.push_str("\nReferences:\n");
        }
        for id in ids {
            let _ = writeln!(self.0, "  {id}  {}", link(id));
        }
        self
    }
}

/// Where a weakness or a technique is described.
fn link(id: &str) -> String {
    match id.strip_prefix("CWE-") {
        Some(number) => format!("https://cwe.mitre.org/data/definitions/{number}.html"),
        None => format!(
            "https://attack.mitre.org/techniques/{}/",
            id.replace('.', "/")
        ),
    }
}

fn of_behaviour(behaviour: &api::Behaviour) -> String {
    let kind = format!("behaviour, {}", behaviour.capability.as_str());
    let what = format!("{}. {}", behaviour.title, behaviour.summary);
    let mut ways: Vec<&str> = api::all()
        .iter()
        .filter(|row| row.effects.iter().any(|one| one.behaviour == behaviour))
        .map(|row| row.path)
        // Rows for what has no name.
        .filter(|path| !path.starts_with("unresolved"))
        .collect();
    let more = ways.len().saturating_sub(WAYS);
    // What Node and browsers offer is known best, and short names are.
    ways.sort_by_key(|way| (is_special(way), way.len(), *way));
    ways.truncate(WAYS);
    let mut seen = ways.join(", ");
    if more > 0 {
        let _ = write!(seen, " and {more} more");
    }
    Text::new(behaviour.id, &kind, &what)
        .part("Harmless, and when not", behaviour.why)
        .part("What to do", words::of_capability(behaviour.capability))
        .part("Done by", &seen)
        .references(behaviour.references)
        .0
}

/// Whether a path is of a package, of another runtime, or a method.
fn is_special(path: &str) -> bool {
    let mut modules = api::modules().iter();
    let is_package = modules.any(|module| {
        let rest = path.strip_prefix(module.path);
        module.kind == api::ModuleKind::Package
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '#']))
    });
    is_package || path.contains('#') || path.starts_with("Bun.") || path.starts_with("Deno.")
}

fn of_finding(finding: &Declaration) -> String {
    let kind = format!("finding, {}", finding.severity.as_str());
    let what = format!("{}. {}", finding.title, finding.summary);
    let mut text = Text::new(finding.id, &kind, &what)
        .part("Why it matters", words::of_finding(finding.id))
        .part("Harmless when", finding.benign_when)
        .part("What to do", finding.advice)
        .part("False alarms", &price(finding.id))
        .references(finding.references);
    for example in finding.examples {
        text.0.push_str(&of_example(example));
    }
    text.0
}

/// How often a finding fires on popular packages that are not hostile.
fn price(id: &str) -> String {
    let total = PRICES
        .lines()
        .find_map(|line| line.strip_prefix("# packages: "));
    let row = PRICES
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let row = row
        .into_iter()
        .find(|row| row.len() == 5 && row.first() == Some(&id));
    let total = total.unwrap_or("0");
    match row.as_deref() {
        Some([_, install, import, other, _]) => format!(
            "among {total} popular packages that are not hostile, {install} get this finding for code that runs on install, {import} for code that runs on import, and {other} for code that runs only when somebody calls it or starts a command, or that nothing leads to. Code that may run counts like code that does; most of these findings are less severe than this text says."
        ),
        _ => format!("none among {total} popular packages that are not hostile."),
    }
}

/// What it means in a diff, and what it is worth by when the code runs.
fn of_signal(signal: &Signal) -> String {
    let mut text = Text::new(signal.id, "signal", signal.why).words(words::SIGNAL);
    text.0.push_str("\nPoints, by when the code runs:\n");
    for (moment, points) in signal.worth() {
        let level = RiskLevel::of(points).as_str();
        let _ = writeln!(text.0, "  {moment}: {points}, {level}");
    }
    text.0
}

/// A kind of target with all its rows.
fn of_target(id: &str) -> Option<String> {
    let rows: Vec<_> = targets::rows().filter(|(_, row)| row.id == id).collect();
    let (_, first) = rows.first()?;
    let what = format!("{}, among others that are listed below.", first.title);
    let mut text = Text::new(id, "target", &what).words(words::of_target(id));
    let _ = write!(text.0, "\nPatterns (as of {}):\n", targets::VERSION);
    for (of, row) in rows {
        let _ = writeln!(
            text.0,
            "  {of} {}  {} ({})",
            row.pattern,
            row.title,
            row.said_by()
        );
    }
    Some(text.0)
}

fn of_example(example: &Example) -> String {
    let severity = example.severity.map_or("not reported", Severity::as_str);
    let mut text = format!("\nExample ({severity}): {}\n", example.name);
    for (path, code) in example.files {
        let language = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        // A fence must be longer than any in the code.
        let fence = if code.contains("```") { "````" } else { "```" };
        let _ = write!(text, "\n{path}\n{fence}{language}\n{code}\n{fence}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{RuleKind, rules};

    /// Headings without text behind them, or missing ones.
    fn gaps(text: &str, headings: &[&str]) -> Vec<String> {
        let found = headings.iter().filter(|heading| {
            let start = format!("\n{heading}");
            let after = text.split_once(&start).map(|(_, rest)| rest);
            let rest = after.map(|rest| rest.trim_start_matches([':', '\n']));
            rest.is_none_or(|rest| rest.trim_start().len() < 10)
        });
        found.map(|heading| (*heading).to_owned()).collect()
    }

    #[test]
    fn no_heading_is_empty() {
        let mut failures = Vec::new();
        for rule in rules() {
            let text = explain(&rule.id).expect("a listed id is explained");
            let headings: &[&str] = match rule.kind {
                RuleKind::Behaviour => &["Harmless, and when not: ", "What to do: "],
                RuleKind::Finding => &[
                    "Why it matters: ",
                    "Harmless when: ",
                    "What to do: ",
                    "References:",
                    "Example (",
                ],
                RuleKind::Anomaly | RuleKind::Reason => {
                    &["Why it matters: ", "Harmless when: ", "What to do: "]
                }
                RuleKind::Signal => &["Why it matters: ", "What to do: ", "Points"],
                RuleKind::Target => &["Why it matters: ", "What to do: ", "Patterns"],
                RuleKind::Surface => &[],
                RuleKind::Flow | RuleKind::Source => {
                    &["Why it matters: ", "Harmless when: ", "What to do: "]
                }
            };
            for heading in gaps(&text, headings) {
                failures.push(format!("{}: {heading}", rule.id));
            }
            assert!(!text.contains(": \n"), "{text}");
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn a_finding_is_explained_with_its_examples() {
        let text = explain("credential-exfiltration").expect("the finding is there");
        for part in [
            "Why it matters: ",
            "Harmless when: ",
            "What to do: ",
            "https://cwe.mitre.org/data/definitions/200.html",
            "```js\n",
            "Example (not reported)",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn the_other_lists_are_explained_too() {
        let of = |id: &str| explain(id).unwrap_or_else(|| panic!("{id} is explained"));
        let text = of("network.http");
        assert!(
            text.contains("(behaviour, network)") && text.contains("CWE-829"),
            "{text}"
        );
        assert!(
            text.contains("Done by: ") && text.contains("fetch"),
            "{text}"
        );
        assert!(
            text.contains("https://attack.mitre.org/techniques/T1071/001/"),
            "{text}"
        );
        assert!(of("archive.link").contains("npm drops links"));
        let text = of("credential.npm");
        assert!(text.contains("  path .npmrc  "), "{text}");
        assert!(text.contains("  variable NPM_TOKEN  "), "{text}");
        assert_eq!(explain("none"), None);
    }
}
