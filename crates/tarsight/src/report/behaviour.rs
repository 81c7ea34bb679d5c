//! What the package does, without judgement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Site, clean::short_hash};
use crate::model::{Capability, OriginSet, Reach, TargetKind};

/// Something the package does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Behaviour {
    /// What: `network.http`, `fs.read`, … as `tarsight rules` lists them.
    pub id: String,
    /// The coarse class of the id.
    #[schemars(with = "String")]
    pub capability: Capability,
    /// To what: host, path, command, …; null if not resolved.
    pub target: Option<String>,
    /// What the target is: `url`, `host`, `path`, `command`, `module`, `variable`, `code` or
    /// `other`; null if not resolved.
    #[schemars(with = "Option<String>")]
    pub target_kind: Option<TargetKind>,
    /// Where the target comes from, sorted.
    pub origin: OriginSet,
    /// The surfaces that lead to it, each with its trigger; empty means dormant.
    pub reach: Reach,
    /// Conditions that lead to it, as far as known: `platform=win32`.
    pub guards: Vec<String>,
    /// `name@version` of the bundled package that it belongs to; null for the package's own.
    pub package: Option<String>,
    /// Where, sorted by file and offset.
    pub sites: Vec<Site>,
    /// How many sites there are, those that were cut included.
    pub site_count: u64,
}

impl Behaviour {
    /// What tells one behaviour from another: never lines or files.
    fn identity(&self) -> String {
        let origin: Vec<String> = self.origin.iter().map(|o| format!("{o:?}")).collect();
        let target = self
            .target
            .as_deref()
            .map_or("-".to_owned(), |t| format!("+{t}"));
        short_hash(&[&self.id, &target, &origin.join(",")])
    }
}

/// The digest of what one file does; the order of the behaviours does not matter.
pub(super) fn digest<'a>(behaviours: impl Iterator<Item = &'a Behaviour>) -> String {
    let mut identities: Vec<String> = behaviours.map(Behaviour::identity).collect();
    identities.sort_unstable();
    identities.dedup();
    let parts: Vec<&str> = identities.iter().map(String::as_str).collect();
    short_hash(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn behaviour(id: &str, target: Option<&str>) -> Behaviour {
        Behaviour {
            id: id.to_owned(),
            capability: Capability::Network,
            target: target.map(str::to_owned),
            target_kind: target.map(|_| TargetKind::Url),
            origin: OriginSet::of(Origin::Literal),
            reach: Reach::DORMANT,
            guards: Vec::new(),
            package: None,
            sites: Vec::new(),
            site_count: 0,
        }
    }

    #[test]
    fn the_digest_is_of_the_set_of_behaviours() {
        let one = behaviour("network.http", Some("https://a.example/"));
        let two = behaviour("network.http", None);
        let both = digest([&one, &two].into_iter());
        assert_eq!(both, digest([&two, &one, &two].into_iter()));
        assert_ne!(both, digest([&one].into_iter()));
        assert_ne!(
            digest([&two].into_iter()),
            digest([&behaviour("network.http", Some("-"))].into_iter())
        );
    }
}
