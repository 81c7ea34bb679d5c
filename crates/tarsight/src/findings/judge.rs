//! What findings over flows have in common: whose the other end is.

use super::host;
use super::provenance::Whose;
use super::{Context, Finding, only_called_by_tools, runs_by_itself, runs_on_install};
use crate::api::{self, targets};
use crate::flow::{End, Flow};
use crate::model::{Confidence, FileId, Origin, OriginSet, Reach, Severity, SurfaceKind};
use crate::source::{Kind, kind_of};

/// Whether the host of an address is the environment's or a caller's choice.
pub(super) fn is_host_chosen(url: &str) -> bool {
    let rest = url.split_once("://").map(|(_, rest)| rest);
    let is_of = |whose: &&str| rest.is_some_and(|rest| rest.starts_with(*whose));
    ["<env:", "<param>"].iter().any(is_of)
}

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
    // Nor does a decoded path hide a host that the environment or a caller names.
    let names_host = end.target.as_deref().is_some_and(is_host_chosen);
    let is_made = end.origin.has(Origin::Decoded) || end.origin.has(Origin::Remote);
    let hidden = is_sink && is_made && !names_host;
    let whose = end.target.as_deref().and_then(|url| {
        // What leaves in a DNS question stands in the name that is asked for.
        let is_carried = end.id == "network.dns" || !is_callers(end);
        let domain = || match is_carried {
            true => host::known_domain(url),
            false => host::fixed_domain(url),
        };
        context
            .home
            .whose(url)
            .or_else(|| domain().and_then(|domain| context.home.whose(&domain)))
    });
    match whose {
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
        Some(Whose::Foreign) => by_vendor(end, own, finding),
        None if is_pipe(end) => {
            let note = "a socket or pipe of this machine".to_owned();
            finding.lower(Severity::Low, "local-host", note);
        }
        None if hidden => {}
        None if is_callers(end) && !runs_on_install(flow.reach) => {
            let note = "the destination is the caller's or the environment's choice".to_owned();
            finding.lower(Severity::Low, "callers-destination", note);
        }
        None if is_sink && is_account(end) => {
            finding.confidence = Confidence::Medium;
            let note = "it goes to an account of a service; whose that is was not resolved";
            finding.lower(Severity::High, "account", note.to_owned());
        }
        None => {
            finding.confidence = Confidence::Medium;
            // Whoever answers at load decides what runs in every program that has the package.
            let is_timer = flow.sink.id == "code.timer-string";
            let runs_code = flow.id == "remote-to-code" && !is_timer && runs_by_itself(flow.reach);
            let at_most = if runs_on_install(flow.reach) || runs_code {
                Severity::High
            } else {
                Severity::Medium
            };
            let note = "the destination is not resolved".to_owned();
            finding.lower(at_most, "destination-unknown", note);
        }
    }
}

/// Whether an end is a messenger, or a bucket or the like that the code names: whoever has the
/// account gets it.
fn is_account(end: &End) -> bool {
    const MESSENGERS: [&str; 5] = ["discord", "slack", "telegram", "twilio", "whatsapp"];
    let Some(target) = end.target.as_deref() else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let is_fixed = end.origin == OriginSet::of(Origin::Literal) && target.chars().all(is_name);
    is_fixed && (MESSENGERS.contains(&target) || !api::is_service(target))
}

/// Whether a socket is aimed at a path: a Unix socket or a named pipe, which no host answers.
fn is_pipe(end: &End) -> bool {
    end.id == "network.socket"
        && end
            .target
            .as_deref()
            .is_some_and(|text| text.contains(['/', '\\']) && !text.contains("://"))
}

/// Lowers the confidence where a timer gets what may as well be a function.
pub(super) fn by_timer(flow: &Flow, finding: &mut Finding) {
    let code = flow.sink.target.as_deref();
    if flow.sink.id == "code.timer-string" && code.is_none_or(|code| code.starts_with("<?>")) {
        finding.confidence = Confidence::Low;
    }
}

/// Whether a file is a script for a shell.
pub(super) fn is_script(context: &Context<'_>, file: FileId) -> bool {
    let (path, bytes) = (context.archive.path(file), context.archive.bytes(file));
    matches!(
        kind_of(path, bytes),
        Kind::Shell | Kind::Batch | Kind::PowerShell | Kind::Script
    )
}

/// Whether somebody else than the package chooses the end.
fn is_callers(end: &End) -> bool {
    end.origin.has(Origin::Parameter)
        || end.origin.has(Origin::Environment)
        || end.origin.has(Origin::File)
}

/// Lowers a finding whose end is a place where a known vendor alone publishes; what is sent there
/// is another matter.
fn by_vendor(end: &End, own: Severity, finding: &mut Finding) {
    let url = end.target.as_deref().unwrap_or("");
    let at = host::host(url)
        .or_else(|| host::fixed_domain(url))
        .unwrap_or_default();
    let class = targets::host_class(&at, host::path(url));
    if end.origin.has(Origin::Remote)
        && let Some(class) = class.filter(|class| class.id == "host.vendor-files")
    {
        let note = format!("only its vendor publishes there: {}", class.title);
        finding.lower(own.max(Severity::Medium), "vendor-host", note);
    }
}

/// Lowers a finding in a file that no surface leads to. Code of the package could still load a
/// module by a name that is not known; a shell script is started by a command, and commands that
/// are not known are told by themselves.
pub(super) fn by_reach(context: &Context<'_>, flow: &Flow, finding: &mut Finding) {
    if flow.reach.is_dormant() {
        let last = flow.steps.last().map(|step| step.place.file);
        let (at_most, note) = match last.is_some_and(|file| is_script(context, file)) {
            true => (Severity::Low, "nothing of the package starts this script"),
            false => (
                Severity::Medium,
                "no surface of the package leads to this file",
            ),
        };
        finding.lower(at_most, "dormant", note.to_owned());
    }
    if only_called_by_tools(flow.reach) {
        let note = "a recipe or a workflow that waits for its tool".to_owned();
        finding.lower(Severity::Low, "waits-for-tool", note);
    }
}

/// Whether a command sends commits away.
pub(super) fn pushes(command: &str) -> bool {
    let mut words = command.split_whitespace();
    words.any(|word| word == "git" || word.ends_with("/git")) && words.any(|word| word == "push")
}

/// Whether the code runs without anybody asking for it: on install, on import, by a tool.
pub(super) fn is_unasked(reach: Reach) -> bool {
    runs_on_install(reach)
        || reach.loads_on(SurfaceKind::Import)
        || reach.loads_on(SurfaceKind::Tool)
}

/// Severities by how the code gets to run.
#[derive(Clone, Copy)]
pub(super) struct ByTrigger {
    /// As soon as somebody imports the package.
    pub(super) import: Severity,
    /// When somebody runs a command, or calls a function.
    pub(super) asked: Severity,
}

/// Lowers a finding that does not run on install, and says when it runs.
pub(super) fn by_trigger(at_most: ByTrigger, finding: &mut Finding) {
    let reach = finding.reach;
    if runs_on_install(reach) || reach.loads_on(SurfaceKind::Tool) {
        return;
    }
    if reach.loads_on(SurfaceKind::Import) {
        let note = "it runs on import, not on install".to_owned();
        finding.lower(at_most.import, "not-on-install", note);
    } else if reach.is_dormant() {
        let note = "no surface of the package leads to this file".to_owned();
        finding.lower(at_most.asked.min(Severity::Medium), "dormant", note);
    } else if only_called_by_tools(reach) {
        let note = "a recipe or a workflow that waits for its tool".to_owned();
        finding.lower(Severity::Low, "waits-for-tool", note);
    } else {
        let note = "somebody has to run a command or call a function".to_owned();
        finding.lower(at_most.asked, "not-by-itself", note);
    }
}

/// Whether a secret and a host bear the same vendor's name: `VENDOR_TOKEN` to
/// `api.vendor.example`. The name has to be the whole label of the domain, since
/// `vendor-stats.example` is free for anybody; and secrets that are worth stealing by themselves
/// belong to the domains in [`VENDORS`] alone.
pub(super) fn same_vendor(secret: &str, id: &str, url: &str) -> bool {
    let Some(at) = host::host(url).or_else(|| host::fixed_domain(url)) else {
        return false;
    };
    let class = targets::host_class(&at, host::path(url));
    if class.is_some_and(|class| host::ANYBODYS.contains(&class.id)) {
        return false;
    }
    let label = host::label(&at);
    if let Some((_, labels)) = VENDORS.iter().find(|(known, _)| *known == id) {
        return labels.contains(&label);
    }
    let mut words = secret
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
        .filter(|word| word.len() > 1 && !COMMON.contains(&word.as_str()));
    words.any(|word| {
        let long = LONG_NAMES.iter().find(|(short, _)| *short == word);
        word == label || long.is_some_and(|(_, long)| *long == label)
    })
}

/// Secrets, and the labels of the domains of those who gave them out; from each vendor's docs.
const VENDORS: [(&str, &[&str]); 14] = [
    (
        "credential.npm",
        &["npmjs", "yarnpkg", "npmmirror", "github"],
    ),
    ("credential.pypi", &["pypi"]),
    ("credential.cargo", &["crates"]),
    ("credential.rubygems", &["rubygems"]),
    ("credential.nuget", &["nuget"]),
    ("credential.maven", &["sonatype"]),
    ("credential.github", &["github", "ghcr"]),
    ("credential.gitlab", &["gitlab"]),
    ("credential.ci-identity", &["githubusercontent", "sigstore"]),
    ("credential.ci-runtime", &["githubusercontent"]),
    ("credential.aws", &["amazonaws"]),
    ("credential.gcp", &["googleapis"]),
    ("credential.azure", &["azure", "microsoftonline", "windows"]),
    ("credential.container", &["docker"]),
];

/// Names that vendors shorten in their variables, and the labels of their domains.
const LONG_NAMES: [(&str, &str); 7] = [
    ("cf", "cloudflare"),
    ("datadog", "datadoghq"),
    ("dd", "datadoghq"),
    ("gemini", "googleapis"),
    ("google", "googleapis"),
    ("hf", "huggingface"),
    ("zhipu", "bigmodel"),
];

/// Words of secret names that name no vendor.
const COMMON: [&str; 17] = [
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
    "bot",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_named_by_both_ends() {
        let of = |secret, url| same_vendor(secret, "credential.llm", url);
        assert!(of("VENDOR_API_KEY", "https://api.vendor.example/v1"));
        assert!(of("VX_CLOUD_ACCESS_TOKEN", "https://cloud.vx.example/"));
        assert!(!of("VENDOR_API_KEY", "https://api-collector.example/"));
        assert!(!of("TOKEN_HOST", "https://token.invalid/"));
    }

    #[test]
    fn a_name_that_only_begins_alike_is_nobodys() {
        let of = |secret, url| same_vendor(secret, "credential.service", url);
        assert!(!of("VENDOR_API_KEY", "https://vendor-metrics.example/"));
        assert!(!of("VENDOR_API_KEY", "https://vendor.workers.dev/"));
        assert!(!of("VENDOR_API_KEY", "https://vendor.top/"));
        let webhook = "https://discord.com/api/webhooks/1/x";
        assert!(!same_vendor(
            "DISCORD_TOKEN",
            "credential.messenger",
            webhook
        ));
    }

    #[test]
    fn what_is_worth_stealing_belongs_to_known_domains() {
        let of = |id, url| same_vendor("NPM_TOKEN", id, url);
        assert!(!of("credential.npm", "https://npm.invalid/"));
        assert!(!of("credential.npm", "https://c2.invalid/"));
        assert!(of("credential.github", "https://api.github.com/user"));
    }
}
