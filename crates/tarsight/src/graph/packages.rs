//! The package.json files of the archive, cut down to what resolution reads.
//!
//! `oxc_resolver` recurses over the nesting of the JSON and over the components of each path in
//! it, walks every key of a map, and takes the keys of a map of more than 32 in random order.
//! What it gets to see is therefore rebuilt here, small enough that none of this matters.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::exports::leaves;
use super::paths::{MOST_BYTES, MOST_COMPONENTS, folder};
use crate::archive::Archive;

/// Largest package.json that is read.
const MOST_JSON: usize = 4 << 20;
/// Bytes of all of them.
const MOST_TOTAL: usize = 64 << 20;
/// Strings and keys kept of one `exports` and one `imports`.
const MOST_NODES: usize = 8192;
/// Keys of one map of conditions: as many as keep their order.
const MOST_CONDITIONS: usize = 32;
/// Targets of `.` that are tried for a folder.
const MOST_DOTS: usize = 16;
/// Stars of one target; each is replaced by the whole match.
const MOST_STARS: usize = 4;

/// What resolution reads of one package.json. Values of the wrong type are absent.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) name: Option<String>,
    pub(super) main: Option<String>,
    pub(super) exports: Option<Value>,
    pub(super) imports: Option<Value>,
    /// The first targets of the subpath `.` in `exports`, types left out.
    pub(super) dot: Vec<String>,
    /// Targets in both maps.
    pub(super) width: usize,
}

impl Package {
    /// Reads package.json as Node does: a byte order mark is skipped, the last of equal keys
    /// wins. Other fields may be nested as deep as they like.
    fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MOST_JSON {
            return None;
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let mut package = json.deserialize_map(Fields).ok()?;
        json.end().ok()?;
        package.measure();
        Some(package)
    }

    fn measure(&mut self) {
        for map in [&self.exports, &self.imports].into_iter().flatten() {
            self.width += leaves(map).0.len();
        }
        if let Some(exports) = &self.exports {
            let (leaves, _) = leaves(exports);
            let dots = leaves
                .iter()
                .filter(|leaf| leaf.key == "." && !leaf.conditions.contains(&"types"));
            let targets = dots.map(|leaf| leaf.target.to_owned());
            self.dot = targets.take(MOST_DOTS).collect();
        }
    }

    /// As JSON for the resolver.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut map = Map::new();
        for (key, text) in [("name", &self.name), ("main", &self.main)] {
            if let Some(text) = text {
                map.insert(key.to_owned(), Value::String(text.clone()));
            }
        }
        for (key, value) in [("exports", &self.exports), ("imports", &self.imports)] {
            if let Some(value) = value {
                map.insert(key.to_owned(), value.clone());
            }
        }
        Value::Object(map).to_string().into_bytes()
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Package;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Package, A::Error> {
        let mut package = Package::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => package.name = text(map.next_value()?),
                "main" => package.main = text(map.next_value()?),
                "exports" => package.exports = small(map.next_value()?),
                "imports" => package.imports = small(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(package)
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if is_short(&text) => Some(text),
        _ => None,
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= MOST_BYTES
        && !text.contains('\0')
        && text.matches(['/', '\\']).count() <= MOST_COMPONENTS
        && text.matches('*').count() <= MOST_STARS
}

/// A map of exports or imports of bounded size.
fn small(value: Value) -> Option<Value> {
    if value.is_null() {
        return None;
    }
    let mut left = MOST_NODES;
    Some(shrink(value, &mut left))
}

/// Nesting is bounded already: `serde_json` reads 127 levels.
fn shrink(value: Value, left: &mut usize) -> Value {
    match value {
        Value::String(text) if is_short(&text) => Value::String(text),
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                if take(left).is_none() {
                    break;
                }
                kept.push(shrink(item, left));
            }
            Value::Array(kept)
        }
        Value::Object(map) => {
            let mut kept = Map::new();
            let mut conditions = 0;
            for (key, value) in map {
                let is_path = key.starts_with(['.', '#']);
                conditions += usize::from(!is_path);
                if !is_short(&key) || (!is_path && conditions > MOST_CONDITIONS) {
                    continue;
                }
                if take(left).is_none() {
                    break;
                }
                kept.insert(key, shrink(value, left));
            }
            Value::Object(kept)
        }
        _ => Value::Null,
    }
}

fn take(left: &mut usize) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}

/// Folder → its package.json, for each folder of the archive that has one.
pub(super) fn read_all(archive: &Archive) -> FxHashMap<String, Package> {
    let mut left = MOST_TOTAL;
    let mut packages = FxHashMap::default();
    for entry in &archive.entries {
        if entry.path != "package.json" && !entry.path.ends_with("/package.json") {
            continue;
        }
        let bytes = archive.buffer.get(entry.range.clone()).unwrap_or(&[]);
        let Some(rest) = left.checked_sub(bytes.len()) else {
            continue;
        };
        left = rest;
        if let Some(package) = Package::read(bytes) {
            packages.insert(folder(&entry.path).to_owned(), package);
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_key_wins_and_wrong_types_are_absent() {
        let json =
            "\u{feff}{\"main\":\"a.js\",\"m\\u0061in\":\"b.js\",\"name\":5,\"exports\":null}";
        let package = Package::read(json.as_bytes()).expect("it is an object");
        assert_eq!(package.main.as_deref(), Some("b.js"));
        assert_eq!(package.name, None);
        assert_eq!(package.exports, None);
        assert!(Package::read(b"[]").is_none());
        assert!(Package::read(b"{} x").is_none());
    }

    #[test]
    fn deep_json_in_other_fields_is_skipped() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let json = format!("{{\"x\":{deep},\"main\":\"evil.js\"}}");
        let package = Package::read(json.as_bytes()).expect("other fields do not matter");
        assert_eq!(package.main.as_deref(), Some("evil.js"));
        let json = format!("{{\"exports\":{deep}}}");
        assert!(Package::read(json.as_bytes()).is_none());
    }

    #[test]
    fn exports_are_cut_to_a_size() {
        let wide: Map<String, Value> = (0..50)
            .map(|i| (format!("condition{i}"), Value::String("./a.js".to_owned())))
            .collect();
        let kept = small(Value::Object(wide)).expect("it is no null");
        assert_eq!(kept.as_object().map(Map::len), Some(MOST_CONDITIONS));
        let long: Map<String, Value> = (0..100_000)
            .map(|i| (format!("./{i}"), Value::String("./a.js".to_owned())))
            .collect();
        let kept = small(Value::Object(long)).expect("it is no null");
        assert_eq!(kept.as_object().map(Map::len), Some(MOST_NODES));
        let stars = small(Value::String("./*/*/*/*/*".to_owned()));
        assert_eq!(stars, Some(Value::Null));
    }
}
