//! How much of anything a scan may take.

use serde::Serialize;
use serde_json::{Map, Value};

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $limit:ident, $name:ident = $default:literal, $kebab:literal;)+) => {
        /// How much of anything a scan may take.
        ///
        /// Everything is a count, never a time: the same input gives the same answer on any
        /// machine. What a limit cuts off is in the report as `unanalysed`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: u64,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// The names that [`Limits::set`] takes, in kebab-case.
            pub const NAMES: &'static [&'static str] = &[$($kebab,)+];

            /// Sets a limit by its kebab-case name.
            ///
            /// # Errors
            /// Returns the name back if there is no such limit.
            ///
            /// ```
            /// let mut limits = tarsight::Limits::default();
            /// limits.set("parse-bytes", 1 << 20)?;
            /// assert_eq!(limits.parse_bytes, 1 << 20);
            /// # Ok::<(), tarsight::UnknownLimit>(())
            /// ```
            pub fn set(&mut self, name: &str, value: u64) -> Result<(), UnknownLimit> {
                match name {
                    $($kebab => self.$name = value,)+
                    _ => return Err(UnknownLimit { name: name.to_owned() }),
                }
                Ok(())
            }

            /// The limits that differ from the defaults, by kebab-case name.
            #[must_use]
            pub fn changed(&self) -> Map<String, Value> {
                let default = Self::default();
                let mut map = Map::new();
                $(if self.$name != default.$name {
                    map.insert($kebab.to_owned(), self.$name.into());
                })+
                map
            }

            /// The value of a limit.
            pub(crate) fn of(&self, limit: Limit) -> u64 {
                match limit {
                    $(Limit::$limit => self.$name,)+
                }
            }
        }

        /// One of the limits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Limit {
            $($limit,)+
        }

        impl Limit {
            /// How many there are.
            pub(crate) const COUNT: usize = Limits::NAMES.len();

            /// Its kebab-case name.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$limit => $kebab,)+
                }
            }
        }
    };
}

limits! {
    /// Bytes of the archive as given.
    CompressedBytes, compressed_bytes = 268_435_456, "compressed-bytes";
    /// Bytes after decompression.
    UnpackedBytes, unpacked_bytes = 536_870_912, "unpacked-bytes";
    /// Decompressed bytes per compressed byte.
    Ratio, ratio = 1_000, "ratio";
    /// Entries of the archive.
    Entries, entries = 100_000, "entries";
    /// Bytes of one entry.
    EntryBytes, entry_bytes = 268_435_456, "entry-bytes";
    /// Bytes of one file that is parsed.
    ParseBytes, parse_bytes = 33_554_432, "parse-bytes";
    /// Files that are parsed.
    ParseFiles, parse_files = 100_000, "parse-files";
    /// Pieces of code found inside values that are analysed as nested files.
    Layers, layers = 1_000, "layers";
    /// Nesting that goes to the deep lane; above it nothing is parsed.
    Nesting, nesting = 20_000, "nesting";
    /// Evaluation steps of one file, besides one for each 32 bytes of it.
    FileSteps, file_steps = 200_000, "file-steps";
    /// Steps of running one file's own code, besides 300 for each byte of it; no more than three million
    /// unless this is more.
    RunSteps, run_steps = 2_000_000, "run-steps";
    /// Steps of running, once more, the files of a package that hide what they call and were not
    /// done: half of what is left for each, those that run first before the others.
    HiddenSteps, hidden_steps = 800_000_000, "hidden-steps";
    /// Evaluation steps of the whole package, across files, each time that code in values was found
    /// and all is looked at again.
    PackageSteps, package_steps = 50_000_000, "package-steps";
    /// Things that a value may be at once before it is unknown.
    ValueSet, value_set = 16, "value-set";
    /// Behaviours in the report.
    Behaviours, behaviours = 10_000, "behaviours";
    /// Flows in the report.
    Flows, flows = 1_000, "flows";
    /// Findings in the report.
    Findings, findings = 1_000, "findings";
    /// Sites of one behaviour or finding.
    Sites, sites = 20, "sites";
    /// Anomalies and unanalysed places in the report, each.
    Notes, notes = 10_000, "notes";
}

/// There is no limit of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no limit {name:?}; the limits are {}", Limits::NAMES.join(", "))]
#[non_exhaustive]
pub struct UnknownLimit {
    /// The name as given.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_a_limit() {
        for name in Limits::NAMES {
            let mut limits = Limits::default();
            limits.set(name, 3).expect("a listed name is settable");
            assert_eq!(limits.changed().len(), 1, "{name}");
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = Limits::default().set("speed", 1).unwrap_err();
        assert!(error.to_string().contains("parse-bytes"), "{error}");
    }
}
