//! A flow as a numbered story.

use tarsight::report::{Flow, Step, StepRole};

use super::frame::{frame, place};
use super::page::{Page, clean, count, cut, width};

/// Steps that are told without `--verbose`.
const STEPS: usize = 4;

/// Adds the steps of a flow, each with its line.
pub(crate) fn story(page: &mut Page, depth: usize, flow: &Flow, verbose: bool) {
    let told = told(&flow.steps, if verbose { usize::MAX } else { STEPS });
    let mut number = 0;
    let mut last: Option<&Step> = None;
    for (step, left_out) in told {
        if left_out > 0 {
            let text = count(left_out, "step", "steps");
            let text = page.dim(&format!("   … {text} between (--verbose)"));
            page.line(depth, &text);
        }
        number += 1;
        let line = format!("{number}. {}", said(step));
        let place = format!("--> {}", place(&step.site));
        // Two steps in one call need its line once, and what only hands on needs little room.
        if last.is_some_and(|last| last.site.same_place(&step.site)) {
            page.prose(depth, &line);
        } else if verbose || step.role != StepRole::Step {
            page.tailed(depth, &line, width(&line), &place);
            frame(page, depth + 2, &step.site);
        } else {
            let room = page
                .width()
                .saturating_sub(2 * depth + width(&line) + width(&place) + 4);
            let code = cut(&clean(&step.site.excerpt), room);
            let place = page.dim(&place);
            page.line(depth, &format!("{line}  {place}  {code}"));
        }
        last = Some(step);
    }
}

/// The steps that are told, each with the number of those left out before it: both ends, and
/// between them the ones that say most.
fn told(steps: &[Step], most: usize) -> Vec<(&Step, u64)> {
    let is_told = {
        let mut inner: Vec<usize> = (1..steps.len().saturating_sub(1)).collect();
        // A step that only hands a value on says least, unless it does so in another file.
        inner.sort_by_key(|&at| {
            let file = |at: usize| steps.get(at).map(|step| &step.site.file);
            let here = steps.get(at).is_some_and(|step| step.note == "passes on");
            (here, at > 0 && file(at) == file(at - 1))
        });
        inner.truncate(most.saturating_sub(2));
        move |at: usize| at == 0 || at + 1 == steps.len() || inner.contains(&at)
    };
    let mut told = Vec::new();
    let mut left_out = 0;
    for (at, step) in steps.iter().enumerate() {
        if is_told(at) {
            told.push((step, std::mem::take(&mut left_out)));
        } else {
            left_out += 1;
        }
    }
    told
}

/// What a step does, in a few words.
pub(crate) fn said(step: &Step) -> String {
    let note = clean(&step.note);
    let (id, target) = match note.split_once(": ") {
        Some((id, target)) => (id, target),
        None => (note.as_str(), ""),
    };
    let known = match target {
        "" | "a value" | "not resolved" => None,
        target => Some(target),
    };
    let family = id.split('.').next().unwrap_or_default();
    let words = match (step.role, family) {
        (StepRole::Step, _) if id == "passes on" => "hands it on".to_owned(),
        (_, "credential") => with("reads", known, "a secret"),
        (_, "decoded") => "decodes text".to_owned(),
        (StepRole::Source, "network") => with("takes the answer of", known, "a server"),
        (StepRole::Source, "fs") => with("reads", known, "a file"),
        (_, "environment") if target == "*" => "reads all environment variables".to_owned(),
        (_, "environment") if id == "environment.host" => {
            with("asks the machine for its", known, "identity")
        }
        (_, "environment") => with("reads the variable", known, "that a value names"),
        (StepRole::Source, "process") => with("takes what it is told by", known, "a process"),
        (_, "network") => with("sends it to", known, "an address that is not resolved"),
        (_, "fs") => with("writes it to", known, "a file that is not resolved"),
        (_, "process") => with("runs", known, "it"),
        (_, "code") => with("runs it as code:", known, "not resolved"),
        _ => return note,
    };
    // Whoever wants the id finds it in the JSON; here it would only stand in the way.
    words
}

fn with(verb: &str, target: Option<&str>, otherwise: &str) -> String {
    format!("{verb} {}", target.unwrap_or(otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    fn step(role: StepRole, note: &str) -> Step {
        let mut step = sample().flows.remove(0).steps.remove(0);
        step.role = role;
        step.note = note.to_owned();
        step
    }

    #[test]
    fn steps_are_told_in_words() {
        use StepRole::{Sink, Source, Step};
        for (role, note, words) in [
            (Source, "credential.npm: ~/.npmrc", "reads ~/.npmrc"),
            (
                Source,
                "environment.read: *",
                "reads all environment variables",
            ),
            (
                Source,
                "network.http: a value",
                "takes the answer of a server",
            ),
            (Step, "passes on", "hands it on"),
            (Step, "fs.write: /tmp/x", "writes it to /tmp/x"),
            (
                Sink,
                "network.http: https://x.example/",
                "sends it to https://x.example/",
            ),
            (Sink, "code.eval", "runs it as code: not resolved"),
            (Sink, "other words", "other words"),
        ] {
            assert_eq!(said(&step(role, note)), words);
        }
    }

    #[test]
    fn what_says_least_is_left_out_first() {
        let notes = [
            "a",
            "passes on",
            "fs.write: x",
            "passes on",
            "passes on",
            "b",
        ];
        let steps: Vec<Step> = notes.map(|note| step(StepRole::Step, note)).into();
        let told: Vec<(&str, u64)> = told(&steps, 3)
            .into_iter()
            .map(|(step, left_out)| (step.note.as_str(), left_out))
            .collect();
        assert_eq!(told, [("a", 0), ("fs.write: x", 1), ("b", 2)]);
        let mut flow = sample().flows.remove(0);
        flow.steps = steps;
        let mut page = Page::new(false);
        story(&mut page, 0, &flow, true);
        assert!(page.finish().contains("\n6. b"));
    }
}
