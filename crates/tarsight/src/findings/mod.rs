//! Judgements over behaviours and flows: one file each.
//!
//! A file of this folder with a `FINDING` declares one; `build.rs` lists them. It says what the
//! finding means, when the same code is harmless, and gives packages that fire and that stay
//! quiet, which run as tests.

mod judge;
pub(crate) mod matrix;
pub(crate) mod provenance;

pub(crate) use crate::api::targets::host;

use crate::archive::{Anomaly, Archive};
use crate::behaviours::Behaviour;
use crate::flow::{Built, Flow, Foreign};
use crate::graph::Surface;
use crate::manifest::Manifest;
use crate::model::{
    Confidence, Failures, FileId, Reach, Severity, SurfaceKind, Trigger, Unanalysed,
};
use crate::tool::Door;
use crate::value::Place;

/// What a finding file declares.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// Its id.
    pub(crate) id: &'static str,
    /// A few words.
    pub(crate) title: &'static str,
    /// The severity where nothing lowers it.
    pub(crate) severity: Severity,
    /// What it means, in sentences.
    pub(crate) summary: &'static str,
    /// What the reader can do.
    pub(crate) advice: &'static str,
    /// When the same code is harmless.
    pub(crate) benign_when: &'static str,
    /// CWE and ATT&CK identifiers, sorted.
    pub(crate) references: &'static [&'static str],
    /// Packages that fire and that stay quiet.
    pub(crate) examples: &'static [Example],
    /// Finds them.
    pub(crate) detect: fn(&Context<'_>, &mut Vec<Finding>),
}

/// A package that fires, or that stays quiet.
#[derive(Debug)]
pub(crate) struct Example {
    /// What it shows.
    pub(crate) name: &'static str,
    /// The severity that it must get; `None`: it must stay quiet.
    pub(crate) severity: Option<Severity>,
    /// Path → text.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// What findings look at.
pub(crate) struct Context<'a> {
    pub(crate) archive: &'a Archive,
    pub(crate) manifest: &'a Manifest,
    /// The ways that code gets to run.
    pub(crate) surfaces: &'a [Surface],
    /// Files that are not what their name says, with their reach.
    pub(crate) disguised: &'a [(Anomaly, Reach)],
    /// Files that other tools read.
    pub(crate) doors: &'a [Door],
    pub(crate) behaviours: &'a [Behaviour],
    pub(crate) flows: &'a [Flow],
    /// Code that has no business with the module around it.
    pub(crate) foreign: &'a [Foreign],
    /// Where code runs that was made at run time and asks nothing of the outside.
    pub(crate) harmless: &'a [Place],
    /// Programs in an encoding that nobody is seen to decode: each one's file, and where it stands.
    pub(crate) encoded: &'a [(FileId, Place)],
    /// What was not looked at, with its reach.
    pub(crate) unanalysed: &'a [(Unanalysed, Reach)],
    /// The commands of native builds.
    pub(crate) builds: &'a [Built],
    /// Where the package says that it belongs.
    pub(crate) home: provenance::Home,
}

/// A judgement.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) what: &'static Declaration,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    /// Names the concrete secret, host or command.
    pub(crate) message: String,
    pub(crate) reach: Reach,
    /// Sorted.
    pub(crate) evidence: Vec<Place>,
    /// What lowered the severity.
    pub(crate) mitigations: Vec<Mitigation>,
    /// What makes it this one: for its key.
    pub(crate) parts: Vec<String>,
}

/// Something that lowered a severity.
#[derive(Clone, Debug)]
pub(crate) struct Mitigation {
    pub(crate) id: &'static str,
    pub(crate) note: String,
}

/// A way with more steps, and more calls among them of which nobody knows whether they hand on what
/// they get, is too long to be sure of.
const MOST_STEPS: usize = 20;
const MOST_GUESSES: u32 = 4;

impl Finding {
    /// A finding of a flow, at the severity that its declaration says.
    pub(crate) fn of_flow(what: &'static Declaration, flow: &Flow, message: String) -> Self {
        let mut evidence: Vec<Place> = flow.steps.iter().map(|step| step.place).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let mut finding = Self {
            what,
            severity: what.severity,
            confidence: Confidence::High,
            message,
            reach: flow.reach,
            evidence,
            mitigations: Vec::new(),
            parts: vec![
                flow.source.target.as_deref().unwrap_or_default().to_owned(),
                flow.sink.target.as_deref().unwrap_or_default().to_owned(),
            ],
        };
        // What runs by itself has no reason for such a way but to be lost on it.
        let is_long = flow.steps.len() > MOST_STEPS && flow.guesses > MOST_GUESSES;
        if (is_long || flow.is_mixed) && !judge::is_unasked(flow.reach) {
            finding.confidence = Confidence::Low;
            let note = match is_long {
                true => format!(
                    "{} places lie between, and each may part the one end from the other",
                    flow.steps.len().saturating_sub(2)
                ),
                false => "what is called there may be something else".to_owned(),
            };
            finding.lower(Severity::Medium, "long-way", note);
        }
        finding
    }

    /// A finding of something that the package does, at the severity that its declaration says.
    pub(crate) fn of_behaviour(
        what: &'static Declaration,
        behaviour: &Behaviour,
        message: String,
    ) -> Self {
        Self {
            what,
            severity: what.severity,
            confidence: Confidence::High,
            message,
            reach: behaviour.reach,
            evidence: behaviour.sites.clone(),
            mitigations: Vec::new(),
            parts: vec![behaviour.target.clone().unwrap_or_default()],
        }
    }

    /// Lowers the severity to at most `severity`, and says why.
    pub(crate) fn lower(&mut self, severity: Severity, id: &'static str, note: String) {
        if self.severity > severity {
            self.severity = severity;
            self.mitigations.push(Mitigation { id, note });
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/findings.rs"));

/// Every finding that there is, sorted by id.
pub(crate) fn declarations() -> &'static [&'static Declaration] {
    ALL
}

/// Runs every finding; a bug in one costs nobody else's findings.
pub(crate) fn findings(context: &Context<'_>, failures: &mut Failures) -> Vec<Finding> {
    ALL.iter()
        .flat_map(|declaration| run(declaration, context, failures))
        .collect()
}

fn run(
    declaration: &'static Declaration,
    context: &Context<'_>,
    failures: &mut Failures,
) -> Vec<Finding> {
    failures.part(&format!("the finding {}", declaration.id), || {
        let mut found = Vec::new();
        (declaration.detect)(context, &mut found);
        found
    })
}

/// Whether the code runs without anybody asking for it: on install or on load.
pub(crate) fn runs_by_itself(reach: Reach) -> bool {
    runs_on_install(reach) || reach.iter().any(|(_, trigger)| trigger == Trigger::Load)
}

/// Whether nothing but a tool leads there, and only when somebody asks for it.
pub(crate) fn only_called_by_tools(reach: Reach) -> bool {
    reach == Reach::of(SurfaceKind::Tool, Trigger::Call)
}

/// Whether the code runs on install. A function that no call leads to counts if only hooks lead
/// to its file: nobody else is there to call it.
pub(crate) fn runs_on_install(reach: Reach) -> bool {
    const HOOKS: [SurfaceKind; 2] = [SurfaceKind::Install, SurfaceKind::Prepare];
    let only_hooks = !reach.is_dormant() && reach.iter().all(|(kind, _)| HOOKS.contains(&kind));
    only_hooks || HOOKS.into_iter().any(|kind| reach.loads_on(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::archive::from_files;
    use crate::budget::Budget;

    static BROKEN: Declaration = Declaration {
        id: "broken",
        title: "",
        severity: Severity::Low,
        summary: "",
        advice: "",
        benign_when: "",
        references: &[],
        examples: &[],
        detect: |_, _| panic!("a bug"),
    };

    #[test]
    fn a_function_of_a_hook_alone_runs_on_install() {
        let called = |kind| Reach::of(kind, Trigger::Call);
        let hook = called(SurfaceKind::Install);
        assert!(runs_on_install(hook));
        assert!(!runs_on_install(Reach::DORMANT));
        assert!(!runs_on_install(called(SurfaceKind::Import)));
        let mut shared = hook;
        shared.join(Reach::of(SurfaceKind::Import, Trigger::Load));
        assert!(!runs_on_install(shared), "import may be who calls it");
        shared.join(Reach::of(SurfaceKind::Install, Trigger::Load));
        assert!(runs_on_install(shared));
    }

    #[test]
    fn a_bug_in_one_finding_is_told_and_caught() {
        let archive = from_files([], &mut Budget::new(&Limits::default())).expect("small");
        let manifest = crate::manifest::read(&archive);
        let context = Context {
            archive: &archive,
            manifest: &manifest,
            surfaces: &[],
            doors: &[],
            disguised: &[],
            behaviours: &[],
            flows: &[],
            foreign: &[],
            harmless: &[],
            encoded: &[],
            builds: &[],
            unanalysed: &[],
            home: provenance::Home::of(&manifest),
        };
        let mut failures = Failures::default();
        assert!(run(&BROKEN, &context, &mut failures).is_empty());
        assert_eq!(failures.all().len(), 1);
        assert_eq!(failures.all()[0].detail, "the finding broken: a bug");
    }
}
