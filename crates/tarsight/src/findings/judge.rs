//! What findings over flows have in common: whose the other end is.

use super::host;
use super::provenance::Whose;
use super::{Context, Finding, only_called_by_tools};
use crate::api::targets;
use crate::flow::{End, Flow};
use crate::model::{Confidence, Origin, Reach, Severity, SurfaceKind};

/// Lowers a finding by whose the end of its flow is: the package's own, the caller's, unknown.
///
/// `own` is what remains where the package talks to its own host.
pub(super) fn by_destination(
    context: &Context<'_>,
    flow: &Flow,
    end: &End,
    own: Severity,
    finding: &mut Finding,
) {
    // A response is remote by nature; that says nothing of where it was asked for.
    let is_sink = end == &flow.sink;
    let hidden = is_sink && (end.origin.has(Origin::Decoded) || end.origin.has(Origin::Remote));
    match end
        .target
        .as_deref()
        .and_then(|url| context.home.whose(url))
    {
        Some(Whose::Own) => {
            let note = "the host is the package's own, by its repository or homepage".to_owned();
            finding.lower(own, "own-host", note);
        }
        Some(Whose::Registry) => {
            let note = "the host is a package registry".to_owned();
            finding.lower(own, "registry-host", note);
        }
        Some(Whose::Local) => {
            let note = "the host is this machine".to_owned();
            finding.lower(Severity::Low, "local-host", note);
        }
        Some(Whose::Foreign) => {}
        None if hidden => {}
        None if is_callers(end) && !loads_on_install(flow.reach) => {
            let note = "the destination is the caller's or the environment's choice".to_owned();
            finding.lower(Severity::Low, "callers-destination", note);
        }
        None => {
            finding.confidence = Confidence::Medium;
            let at_most = if loads_on_install(flow.reach) {
                Severity::High
            } else {
                Severity::Medium
            };
            let note = "the destination is not resolved".to_owned();
            finding.lower(at_most, "destination-unknown", note);
        }
    }
}

/// Whether the code runs on install by itself.
fn loads_on_install(reach: Reach) -> bool {
    reach.loads_on(SurfaceKind::Install) || reach.loads_on(SurfaceKind::Prepare)
}

/// Whether somebody else than the package chooses the end.
fn is_callers(end: &End) -> bool {
    end.origin.has(Origin::Parameter)
        || end.origin.has(Origin::Environment)
        || end.origin.has(Origin::File)
}

/// Lowers a finding in a file that no surface leads to.
pub(super) fn by_reach(flow: &Flow, finding: &mut Finding) {
    if flow.reach.is_dormant() {
        let note = "no surface of the package leads to this file".to_owned();
        finding.lower(Severity::Medium, "dormant", note);
    }
    if only_called_by_tools(flow.reach) {
        let note = "a recipe or a workflow that waits for its tool".to_owned();
        finding.lower(Severity::Low, "waits-for-tool", note);
    }
}

/// Whether a secret and a host bear the same vendor's name: `VENDOR_TOKEN` to
/// `api.vendor.example`.
pub(super) fn same_vendor(secret: &str, id: &str, url: &str) -> bool {
    const SHORTEST: usize = 3;
    let Some(at) = host::host(url) else {
        return false;
    };
    // Anybody's channel on a vendor's host is not the vendor.
    let class = targets::host_class(&at, host::path(url));
    if class.is_some_and(|class| CHANNELS.contains(&class.id)) {
        return false;
    }
    let label = host::label(&at);
    let words = secret
        .split(|c: char| !c.is_ascii_alphanumeric())
        .chain(id.split('.').skip(1))
        .map(str::to_ascii_lowercase);
    label.len() >= SHORTEST
        && words
            .filter(|word| word.len() >= SHORTEST && !COMMON.contains(&word.as_str()))
            .any(|word| label.starts_with(&word) || word.starts_with(label))
}

/// Classes of hosts where anybody can have a place to send to.
const CHANNELS: [&str; 5] = [
    "host.messenger-webhook",
    "host.collector",
    "host.tunnel",
    "host.paste",
    "host.file-drop",
];

/// Words of secret names that name no vendor.
const COMMON: [&str; 16] = [
    "token",
    "key",
    "secret",
    "api",
    "auth",
    "access",
    "password",
    "private",
    "env",
    "home",
    "config",
    "credentials",
    "user",
    "json",
    "cloud",
    "file",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_named_by_both_ends() {
        let id = "credential.llm";
        assert!(same_vendor(
            "VENDOR_API_KEY",
            id,
            "https://api.vendor.example/v1"
        ));
        assert!(!same_vendor(
            "VENDOR_API_KEY",
            id,
            "https://api-collector.example/"
        ));
        assert!(!same_vendor(
            "~/.npmrc",
            "credential.npm",
            "https://c2.invalid/"
        ));
        let webhook = "https://discord.com/api/webhooks/1/x";
        assert!(!same_vendor(
            "DISCORD_TOKEN",
            "credential.messenger",
            webhook
        ));
        assert!(!same_vendor("TOKEN_HOST", id, "https://token.invalid/"));
    }
}
