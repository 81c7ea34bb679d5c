//! Where a value comes from.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeSeq};

/// Where a value comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Written in the code.
    Literal,
    /// Given by the caller of an exported function.
    Parameter,
    /// An environment variable or a command-line argument.
    Environment,
    /// The content of a file.
    File,
    /// The machine's or the user's identity.
    Host,
    /// A response from the network.
    Remote,
    /// The outcome of a decoder.
    Decoded,
    /// Not resolved.
    Unknown,
}

impl Origin {
    /// All origins, in the order in which they are written.
    pub const ALL: [Self; 8] = [
        Self::Decoded,
        Self::Environment,
        Self::File,
        Self::Host,
        Self::Literal,
        Self::Parameter,
        Self::Remote,
        Self::Unknown,
    ];
}

/// A set of origins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginSet(u8);

impl OriginSet {
    /// No origin.
    pub const EMPTY: Self = Self(0);

    /// One origin.
    #[must_use]
    pub const fn of(origin: Origin) -> Self {
        Self(1 << origin as u8)
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds one origin.
    pub fn add(&mut self, origin: Origin) {
        self.0 |= 1 << origin as u8;
    }

    /// Whether `origin` is in the set.
    #[must_use]
    pub const fn has(self, origin: Origin) -> bool {
        self.0 & (1 << origin as u8) != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The origins, sorted by name.
    pub fn iter(self) -> impl Iterator<Item = Origin> {
        Origin::ALL.into_iter().filter(move |&o| self.has(o))
    }
}

impl FromIterator<Origin> for OriginSet {
    fn from_iter<I: IntoIterator<Item = Origin>>(origins: I) -> Self {
        let mut set = Self::EMPTY;
        for origin in origins {
            set.add(origin);
        }
        set
    }
}

impl Serialize for OriginSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for origin in self.iter() {
            seq.serialize_element(&origin)?;
        }
        seq.end()
    }
}

impl<'de> Deserialize<'de> for OriginSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Origin>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

impl JsonSchema for OriginSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OriginSet".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <Vec<Origin>>::json_schema(generator)
    }
}
