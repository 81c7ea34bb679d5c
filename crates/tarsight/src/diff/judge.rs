//! What a gained behaviour weighs, by what the old version did.

use super::side::{Entry, GYP, Hidden, Key, MANIFEST, Side};
use super::signals::{self, Moment};
use super::weight::Weight;
use crate::api::targets::{host_class, persistence_path, secret_path, secret_variable};
use crate::findings::host;
use crate::findings::provenance::Whose;
use crate::model::{Capability, Origin, OriginSet, TargetKind};

/// Behaviours that start something.
const STARTS: &[&str] = &[
    "process.exec",
    "process.spawn",
    "process.fork",
    "module.install",
];
/// Behaviours that run text as code.
const RUNS: &[&str] = &[
    "code.eval",
    "code.function",
    "code.vm",
    "code.timer-string",
    "code.compile",
];
/// Behaviours that change files.
const WRITES: &[&str] = &[
    "fs.write",
    "fs.delete",
    "fs.permission",
    "fs.link",
    "fs.move",
];
/// Classes of hosts that are no reason for alarm by themselves.
const ORDINARY_HOSTS: &[&str] = &[
    "host.cdn",
    "host.forge-api",
    "host.forge-raw",
    "host.forge-release",
    "host.forge-write",
    "host.local-service",
    "host.registry",
    "host.registry-account",
    "host.vendor-files",
    "host.run",
    "host.runtime-install",
];

/// Classes of hosts that may be the package's own.
const OWNED_HOSTS: &[&str] = &[
    "host.chain",
    "host.cheap-domain",
    "host.distributed",
    "host.geoip",
];

/// A behaviour that only the new version has.
pub(super) fn gained(old: &Side<'_>, key: &Key<'_>, entry: &Entry<'_>) -> Weight {
    let moment = Moment::of(entry.reach);
    if is_hook(key, entry) {
        return Weight::of(signals::HOOK_COMMAND, moment);
    }
    let mut weight = Weight::of(signals::PLAIN, moment);
    weight.join(of_class(old, key, entry, moment));
    for host in &entry.hosts {
        weight.join(of_host(old, entry, host, moment));
    }
    weight
}

/// A behaviour that runs earlier than it did.
pub(super) fn moved(key: &Key<'_>, entry: &Entry<'_>) -> Weight {
    let moment = Moment::of(entry.reach);
    let plain = is_hook(key, entry) || !is_sensitive(key, entry);
    Weight::of(
        match plain {
            true => signals::MOVED_PLAIN,
            false => signals::MOVED_EARLIER,
        },
        moment,
    )
}

/// The command of a hook stands in package.json; the hook is told as a surface.
fn is_hook(key: &Key<'_>, entry: &Entry<'_>) -> bool {
    let mut sites = entry.sites.iter();
    STARTS.contains(&key.id)
        && !entry.sites.is_empty()
        && sites.all(|site| site.file == MANIFEST || (site.file == GYP && site.length == 0))
}

/// Whether a behaviour is one that attacks need.
pub(super) fn is_sensitive(key: &Key<'_>, entry: &Entry<'_>) -> bool {
    let target = entry.first.target.as_deref().unwrap_or("");
    match entry.first.capability {
        Capability::Network => {
            entry.hosts.is_empty() || !entry.hosts.iter().all(|host| host::is_local(host))
        }
        Capability::Process => STARTS.contains(&key.id),
        Capability::DynamicCode => {
            let is_code = RUNS.contains(&key.id) && entry.origin != OriginSet::of(Origin::Literal);
            is_code
                || matches!(
                    key.id,
                    "code.worker" | "module.hook" | "code.script-injection"
                )
        }
        // WebAssembly reaches nothing that it is not given.
        Capability::NativeCode => key.id != "code.wasm",
        Capability::Credential
        | Capability::Obfuscation
        | Capability::Persistence
        | Capability::Propagation
        | Capability::Destructive
        | Capability::Wallet
        | Capability::AiAgent
        | Capability::Evasion => true,
        Capability::Filesystem => is_secret_place(key, target) || is_planted(key, target),
        Capability::Environment => {
            key.id == "environment.read" && secret_variable(target).is_some()
        }
        Capability::Ci | Capability::Manifest => false,
    }
}

/// Programs whose arguments say what is done, and may be anything.
const INTERPRETERS: &[&str] = &[
    "bash",
    "bun",
    "cmd",
    "cmd.exe",
    "cscript",
    "curl",
    "dash",
    "deno",
    "env",
    "eval",
    "java",
    "mshta",
    "node",
    "nohup",
    "npm",
    "npx",
    "osascript",
    "perl",
    "php",
    "pip",
    "pnpm",
    "powershell",
    "powershell.exe",
    "pwsh",
    "python",
    "python3",
    "rundll32",
    "ruby",
    "sh",
    "start",
    "sudo",
    "wget",
    "wscript",
    "xargs",
    "yarn",
    "zsh",
];

/// The program that a plain command starts; `None` if it may start anything.
pub(super) fn program(command: &str) -> Option<&str> {
    let known = command.replace("<?>", "").replace("<param>", "");
    let is_plain = !known.contains(['|', ';', '&', '$', '`', '>', '(', '\n']);
    let name = command.split_whitespace().next()?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    (is_plain && is_name && !INTERPRETERS.contains(&name)).then_some(name)
}

fn is_secret_place(key: &Key<'_>, target: &str) -> bool {
    !WRITES.contains(&key.id) && secret_path(target).is_some()
}

fn is_planted(key: &Key<'_>, target: &str) -> bool {
    WRITES.contains(&key.id)
        && !target.starts_with("<package>")
        && persistence_path(target).is_some()
}

fn of_class(old: &Side<'_>, key: &Key<'_>, entry: &Entry<'_>, moment: Moment) -> Weight {
    let habits = &old.habits;
    let target = entry.first.target.as_deref();
    let text = target.unwrap_or("");
    let mut weight = Weight::default();
    let mut add = |signal| weight.add(signal, moment);
    let is_decoded = key.hidden == Hidden::Decoded || entry.is_decoded;
    let is_remote = entry.origin.has(Origin::Remote) && target.is_none();
    match entry.first.capability {
        Capability::Network => {
            if is_decoded {
                add(signals::NETWORK_HIDDEN);
            } else if is_remote {
                add(signals::NETWORK_REMOTE);
            } else if entry.hosts.is_empty() {
                add(signals::NETWORK_UNKNOWN);
            }
            let is_local = !entry.hosts.is_empty() && entry.hosts.iter().all(|h| host::is_local(h));
            if habits.is_first_of(Capability::Network, moment) && !is_local {
                add(signals::NETWORK_FIRST);
            }
        }
        Capability::Process if STARTS.contains(&key.id) => add(match () {
            () if is_decoded || is_remote => signals::PROCESS_HIDDEN,
            () if habits.is_first(STARTS, moment) => signals::PROCESS_FIRST,
            () if program(text).is_some_and(|name| habits.programs.contains(name)) => {
                signals::PROCESS_KNOWN
            }
            () => signals::PROCESS_NEW,
        }),
        // A timer that gets something unknown nearly always gets a function.
        Capability::DynamicCode
            if key.id == "code.timer-string" && target.is_none() && !is_decoded && !is_remote => {}
        Capability::DynamicCode if RUNS.contains(&key.id) => add(match () {
            () if is_decoded || is_remote => signals::CODE_HIDDEN,
            () if entry.origin == OriginSet::of(Origin::Literal) => signals::CODE_LITERAL,
            () if habits.is_first(RUNS, moment) => signals::CODE_FIRST,
            () => signals::CODE_NEW,
        }),
        Capability::DynamicCode => {
            if is_decoded {
                add(signals::CODE_HIDDEN);
            }
            if habits.is_first(&[key.id], moment) {
                match key.id {
                    "code.worker" => add(signals::WORKER_FIRST),
                    "module.hook" => add(signals::MODULES_FIRST),
                    _ => {}
                }
            }
        }
        Capability::NativeCode => {
            if habits.is_first_of(Capability::NativeCode, moment) {
                add(signals::NATIVE_CALL);
            }
        }
        Capability::Filesystem => {
            if is_secret_place(key, text) {
                add(signals::SECRET_PATH);
            }
            if is_planted(key, text) {
                add(signals::PERSISTENCE);
            }
            if WRITES.contains(&key.id) && habits.is_first(WRITES, moment) {
                add(signals::WRITE_FIRST);
            }
        }
        Capability::Environment => {
            if key.id == "environment.read" && secret_variable(text).is_some() {
                add(signals::SECRET_VARIABLE);
            }
        }
        Capability::Wallet
        | Capability::Propagation
        | Capability::Destructive
        | Capability::Persistence
        | Capability::Obfuscation => add(match habits.is_first(&[key.id], moment) {
            true => signals::SEVERE_FIRST,
            false => signals::GRAVE_FIRST,
        }),
        Capability::Credential
        | Capability::Ci
        | Capability::AiAgent
        | Capability::Evasion
        | Capability::Manifest => {
            if habits.is_first(&[key.id], moment) {
                add(signals::GRAVE_FIRST);
            }
        }
        Capability::Process => {}
    }
    weight
}

fn of_host(old: &Side<'_>, entry: &Entry<'_>, name: &str, moment: Moment) -> Weight {
    let mut weight = Weight::default();
    let address = match entry.first.target_kind {
        Some(TargetKind::Url) => entry.first.target.as_deref().unwrap_or(name),
        _ => name,
    };
    let class = host_class(name, host::path(address)).map(|class| class.id);
    let is_known = old.habits.hosts.contains(name);
    let is_of = |list: &[&str]| class.is_some_and(|class| list.contains(&class));
    let whose = old.home.whose(address).or_else(|| old.home.whose(name));
    let is_usual = is_known || whose == Some(Whose::Own);
    let is_notable = match class {
        // Anybody's channel on a shared host is new with every path.
        Some(_) => !(is_of(ORDINARY_HOSTS) || (is_of(OWNED_HOSTS) && is_usual)),
        None => is_address(name) && !host::is_local(name) && !is_known,
    };
    let signal = match whose {
        _ if is_notable => signals::HOST_NOTABLE,
        Some(Whose::Local) => signals::HOST_LOCAL,
        _ if is_known && !class.is_some_and(|class| class.starts_with("host.forge")) => {
            signals::NETWORK_PATH
        }
        Some(Whose::Own) => signals::HOST_OWN,
        Some(Whose::Registry) => signals::HOST_REGISTRY,
        _ if old.habits.has_foreign_host => signals::HOST_NEW,
        _ => signals::HOST_FIRST,
    };
    weight.add(signal, moment);
    weight
}

/// Whether a host is a bare address.
fn is_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_name_if_it_is_all_that_starts() {
        for (command, expected) in [
            ("git status --short", Some("git")),
            ("git log -- <?>", Some("git")),
            ("git log | sh", None),
            ("git log > x", None),
            ("node x.js", None),
            ("<?> x", None),
            ("", None),
        ] {
            assert_eq!(program(command), expected, "{command}");
        }
    }
}
