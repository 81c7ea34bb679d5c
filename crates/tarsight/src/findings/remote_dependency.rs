//! A dependency whose code comes from elsewhere than a registry.

use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::api::targets;
use crate::manifest::{self, Dependency};
use crate::model::{Confidence, Reach, Severity, SurfaceKind, Trigger};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "remote-dependency",
    title: "Depends on code from outside the registry",
    severity: Severity::High,
    summary: "A dependency is given as an address, a repository or a commit. npm fetches it when this package is installed, and may run its scripts (for a repository also `prepare`). No registry keeps a copy, a commit may belong to a stranger's fork, the answer may differ for each asker, and tarsight has not seen that code.",
    advice: "Fetch what the address gives and look at it as if it were part of this package, or ask the author to publish it. Until then do not install this one. If it already ran, treat the machine as taken over: revoke the tokens that were on it, and look for what was left behind.",
    benign_when: "A fork with a fix that is waiting for a release, in a repository of the author's own organisation.",
    references: &["CWE-494", "CWE-829", "T1195.001"],
    examples: &[
        Example {
            name: "a tarball by plain HTTP",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","dependencies":{"b":"http://packages.invalid/b"}}"#,
            )],
        },
        Example {
            name: "an optional dependency on a commit",
            severity: Some(Severity::High),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","optionalDependencies":{"b":"github:someone/b#0123456789abcdef0123456789abcdef01234567"}}"#,
            )],
        },
        Example {
            name: "a fork at a tag",
            severity: Some(Severity::Medium),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","dependencies":{"b":"github:someone/b#v1.0.0"}}"#,
            )],
        },
        Example {
            name: "a development dependency, which nobody who installs this gets",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","devDependencies":{"b":"github:someone/b"}}"#,
            )],
        },
        Example {
            name: "ranges, tags and an alias",
            severity: None,
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","dependencies":{"b":"^1.0.0","c":"latest","d":"npm:e@2"}}"#,
            )],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for dependency in &context.manifest.dependencies {
        let (kind, source) = (dependency.kind.as_str(), dependency.source.as_str());
        let is_installed = !matches!(kind, "devDependencies" | "bundleDependencies");
        if is_installed && matches!(source, "git" | "url") {
            found.push(of(context, dependency));
        }
    }
}

fn of(context: &Context<'_>, dependency: &Dependency) -> Finding {
    let spec = dependency.spec.as_str();
    let kind = dependency.kind.as_str();
    let runs = match dependency.source.as_str() {
        "git" => "; npm would run its prepare script",
        _ => "; npm would run its install scripts",
    };
    let (file, span) = manifest::place(context.archive, kind, &dependency.name);
    let mut finding = Finding {
        what: &FINDING,
        severity: FINDING.severity,
        confidence: Confidence::High,
        message: format!("{kind}.{} comes from {spec}{runs}", dependency.name),
        reach: Reach::of(SurfaceKind::Install, Trigger::Load),
        evidence: vec![Place { file, span }],
        mitigations: Vec::new(),
        parts: vec![dependency.name.clone(), spec.to_owned()],
    };
    if let Some((severity, id, note)) = lowered(context, dependency) {
        finding.lower(severity, id, note);
    }
    finding
}

/// What remains of a dependency from a repository, or from the package's own host.
fn lowered(
    context: &Context<'_>,
    dependency: &Dependency,
) -> Option<(Severity, &'static str, String)> {
    let spec = dependency.spec.as_str();
    let host = host::host(spec);
    let is_bare = host
        .as_deref()
        .is_some_and(|at| targets::address(at).is_some());
    if spec.starts_with("http://") || is_bare {
        return None;
    }
    if context.home.whose(spec) == Some(Whose::Own) && dependency.source.as_str() == "url" {
        let note = "the host is the package's own, by its repository or homepage".to_owned();
        return Some((Severity::Medium, "own-host", note));
    }
    if dependency.source.as_str() != "git" {
        return None;
    }
    // A commit may be one of a stranger's fork, which a forge serves under this name.
    let at_commit = spec
        .rsplit_once('#')
        .is_some_and(|(_, at)| at.len() == 40 && at.bytes().all(|b| b.is_ascii_hexdigit()));
    if at_commit && dependency.kind.as_str() == "optionalDependencies" {
        return None;
    }
    let note = "a repository, whose history can be looked at".to_owned();
    Some((Severity::Medium, "repository", note))
}
