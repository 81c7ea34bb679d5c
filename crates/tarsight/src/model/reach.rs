//! The surfaces that lead to a file, and whether code runs on load or on call.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// A way that code of a package gets to run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum SurfaceKind {
    /// Install hooks and `binding.gyp`.
    Install,
    /// Hooks that run for git dependencies only.
    Prepare,
    /// `main`, `module`, `exports`, `browser`, the default index.
    Import,
    /// Commands that the package puts on the path.
    Bin,
    /// Files that other tools execute.
    Tool,
}

impl SurfaceKind {
    /// All kinds, in the order of the risk they carry.
    pub const ALL: [Self; 5] = [
        Self::Install,
        Self::Prepare,
        Self::Import,
        Self::Bin,
        Self::Tool,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Prepare => "prepare",
            Self::Import => "import",
            Self::Bin => "bin",
            Self::Tool => "tool",
        }
    }
}

impl SurfaceKind {
    /// What it means, for `explain`.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Install => {
                "Hooks of package.json that run while the package is installed from a registry, and `binding.gyp` without such a hook."
            }
            Self::Prepare => {
                "Hooks that run only where the package is built before use: as a dependency from git, or in its own folder."
            }
            Self::Import => {
                "What `import` and `require` of the package load, in Node and in bundlers: `main`, `exports`, `module`, `browser`, the index. `./*` without `exports` are the files that can be asked for by their path."
            }
            Self::Bin => "Commands that the package puts on the path.",
            Self::Tool => {
                "Files that other tools read and act on: package managers, editors, coding agents, git, continuous integration. `load` where the tool acts by itself, `call` where somebody has to ask for it or to move the file."
            }
        }
    }
}

/// When code runs on a surface. `Load` is the stronger of the two.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// Only inside a function that somebody has to call.
    Call,
    /// As soon as the surface runs: timers, promises and process events included.
    Load,
}

/// Surface kind → trigger. Empty means dormant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reach([Option<Trigger>; 5]);

impl Reach {
    /// On no surface.
    pub const DORMANT: Self = Self([None; 5]);

    /// On one surface.
    #[must_use]
    pub fn of(surface: SurfaceKind, trigger: Trigger) -> Self {
        let mut reach = Self::DORMANT;
        reach.add(surface, trigger);
        reach
    }

    /// The trigger on a surface, if the surface leads here.
    #[must_use]
    pub fn get(self, surface: SurfaceKind) -> Option<Trigger> {
        self.0[surface as usize]
    }

    /// Adds a surface; the stronger trigger stays. Returns whether anything changed.
    pub fn add(&mut self, surface: SurfaceKind, trigger: Trigger) -> bool {
        let slot = &mut self.0[surface as usize];
        let grown = slot.is_none_or(|old| old < trigger);
        if grown {
            *slot = Some(trigger);
        }
        grown
    }

    /// Adds every surface of `other`. Returns whether anything changed.
    pub fn join(&mut self, other: Self) -> bool {
        let mut grown = false;
        for (surface, trigger) in other.iter() {
            grown |= self.add(surface, trigger);
        }
        grown
    }

    /// The same surfaces, but none stronger than `trigger`.
    #[must_use]
    pub fn at_most(self, trigger: Trigger) -> Self {
        Self(self.0.map(|slot| slot.map(|old| old.min(trigger))))
    }

    /// Whether no surface leads here.
    #[must_use]
    pub fn is_dormant(self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Whether the code runs by itself on `surface`.
    #[must_use]
    pub fn loads_on(self, surface: SurfaceKind) -> bool {
        self.get(surface) == Some(Trigger::Load)
    }

    /// The surfaces with their triggers, in the order of [`SurfaceKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = (SurfaceKind, Trigger)> {
        SurfaceKind::ALL
            .into_iter()
            .filter_map(move |surface| Some((surface, self.get(surface)?)))
    }
}

impl Serialize for Reach {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (surface, trigger) in self.iter() {
            map.serialize_entry(surface.as_str(), &trigger)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Reach {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut reach = Self::DORMANT;
        for (surface, trigger) in BTreeMap::<SurfaceKind, Trigger>::deserialize(deserializer)? {
            reach.add(surface, trigger);
        }
        Ok(reach)
    }
}

impl JsonSchema for Reach {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reach".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let trigger = generator.subschema_for::<Trigger>();
        let properties: serde_json::Map<String, serde_json::Value> = SurfaceKind::ALL
            .iter()
            .map(|surface| (surface.as_str().to_owned(), trigger.clone().to_value()))
            .collect();
        schemars::json_schema!({
            "description": "Surface kind to trigger; empty means dormant.",
            "type": "object",
            "properties": properties,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_wins_over_call_and_growth_is_told() {
        let mut reach = Reach::of(SurfaceKind::Import, Trigger::Call);
        assert!(reach.add(SurfaceKind::Import, Trigger::Load));
        assert!(!reach.add(SurfaceKind::Import, Trigger::Call));
        assert!(reach.loads_on(SurfaceKind::Import));
        assert_eq!(
            reach.at_most(Trigger::Call),
            Reach::of(SurfaceKind::Import, Trigger::Call)
        );
    }
}
