//! What is odd about a package.json that can be read.

use serde_json::{Map, Value};

use super::MANIFEST;
use super::json::Parsed;
use crate::archive::{Anomaly, AnomalyId};

/// A field, what it should be, and whether a value is that.
type Type = (&'static str, &'static str, fn(&Value) -> bool);

/// Fields that decide what runs; absent ones are right, and so is `null` but for `scripts`, on
/// which npm fails.
const TYPES: &[Type] = &[
    ("name", "a text", Value::is_string),
    ("version", "a text", Value::is_string),
    ("main", "a text", |main| {
        main.is_string() || main == &Value::Bool(false)
    }),
    ("type", "a text", Value::is_string),
    ("scripts", "an object", Value::is_object),
    ("bin", "a text or an object", |bin| {
        bin.is_string() || bin.is_object()
    }),
    ("dependencies", "an object", Value::is_object),
    ("optionalDependencies", "an object", Value::is_object),
    ("peerDependencies", "an object", Value::is_object),
];

/// Objects whose values should be texts.
const TEXTS: &[&str] = &["scripts", "bin", "dependencies", "optionalDependencies"];

/// Tells of everything that is odd, `read` being what the manifest says.
pub(super) fn tell(read: &Parsed, anomalies: &mut Vec<Anomaly>) {
    let mut tell = |id, detail: String| anomalies.push(Anomaly::at(id, MANIFEST, detail));
    for (id, keys) in [
        (AnomalyId::ManifestDuplicateKey, &read.duplicates),
        (AnomalyId::ManifestEscapedKey, &read.escaped),
        (AnomalyId::ManifestPrototypeKey, &read.prototypes),
    ] {
        for key in keys {
            tell(id, format!("the key {key}"));
        }
    }
    if read.cut {
        let detail = "values below or after the limit were left out";
        tell(AnomalyId::ManifestTooLarge, detail.to_owned());
    }
    let Value::Object(map) = &read.value else {
        tell(
            AnomalyId::ManifestNotAnObject,
            "valid JSON, but no object".to_owned(),
        );
        return;
    };
    types(map, &mut tell);
    if let Some(name) = map.get("name").and_then(Value::as_str)
        && !is_name(name)
    {
        let shown: String = name.chars().take(214).collect();
        tell(AnomalyId::ManifestInvalidName, format!("{shown:?}"));
    }
    if let Some(version) = map.get("version").and_then(Value::as_str)
        && !is_version(version)
    {
        let shown: String = version.chars().take(256).collect();
        tell(AnomalyId::ManifestInvalidVersion, format!("{shown:?}"));
    }
}

fn types(map: &Map<String, Value>, tell: &mut impl FnMut(AnomalyId, String)) {
    for (field, should, is) in TYPES {
        if let Some(value) = map.get(*field)
            && (!value.is_null() || *field == "scripts")
            && !is(value)
        {
            tell(
                AnomalyId::ManifestWrongType,
                format!("{field} is not {should}"),
            );
        }
    }
    for field in TEXTS {
        let Some(Value::Object(values)) = map.get(*field) else {
            continue;
        };
        if let Some((key, _)) = values.iter().find(|(_, value)| !value.is_string()) {
            let key: String = key.chars().take(80).collect();
            tell(
                AnomalyId::ManifestWrongType,
                format!("{field}.{key} is not a text"),
            );
        }
    }
}

/// Whether npm takes it for a package's name, as it took names before it became strict.
fn is_name(name: &str) -> bool {
    let plain = |part: &str| {
        let url = |b: u8| b.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&b);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(url)
    };
    let parts = match name.strip_prefix('@').and_then(|rest| rest.split_once('/')) {
        Some((scope, rest)) => plain(scope) && plain(rest),
        None => plain(name) && !name.starts_with('_'),
    };
    parts && name.len() <= 214 && !matches!(name, "node_modules" | "favicon.ico")
}

/// Whether it is a version as npm cleans it up: three numbers, and what may follow them.
fn is_version(version: &str) -> bool {
    let version = version.trim().trim_start_matches(['v', '=', ' ']);
    let end = version.find(['-', '+']).unwrap_or(version.len());
    let (numbers, rest) = version.split_at(end);
    let is_number = |part: &str| {
        !part.is_empty() && part.len() <= 16 && part.bytes().all(|b| b.is_ascii_digit())
    };
    let parts: Vec<&str> = numbers.split('.').take(4).collect();
    let tail = |b: u8| b.is_ascii_alphanumeric() || b"-+.".contains(&b);
    parts.len() == 3
        && parts.iter().all(|part| is_number(part))
        && rest.len() != 1
        && rest.bytes().all(tail)
        && version.len() <= 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::json;

    fn of(text: &str) -> Vec<(&'static str, String)> {
        let mut anomalies = Vec::new();
        tell(&json::parse(text).expect("JSON"), &mut anomalies);
        let list = anomalies.into_iter();
        list.map(|one| (one.id.as_str(), one.detail)).collect()
    }

    #[test]
    fn a_usual_manifest_is_not_odd() {
        let text = r#"{"name": "@s/n", "version": "1.2.3-beta.1+b", "main": null, "bin": "a.js",
            "scripts": {"test": "x"}, "dependencies": {"a": "1"}, "funding": [1]}"#;
        assert_eq!(of(text), []);
    }

    #[test]
    fn wrong_types_are_told() {
        for (text, detail) in [
            (r#"{"name": 7}"#, "name is not a text"),
            (r#"{"scripts": "x"}"#, "scripts is not an object"),
            (r#"{"scripts": []}"#, "scripts is not an object"),
            (r#"{"scripts": null}"#, "scripts is not an object"),
            (r#"{"scripts": {"a": 1}}"#, "scripts.a is not a text"),
            (r#"{"bin": ["x"]}"#, "bin is not a text or an object"),
            (r#"{"dependencies": []}"#, "dependencies is not an object"),
        ] {
            let wrong = [("manifest.wrong-type", detail.to_owned())];
            assert_eq!(of(text), wrong, "{text}");
        }
    }

    #[test]
    fn names_and_versions() {
        for name in ["a", "@a/b", "JSONStream", "a.b_c", "0", "@_a/b"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            ".a",
            "_a",
            "../a",
            "a/b",
            "@a",
            "@/b",
            "a b",
            "\u{e9}",
            "node_modules",
        ] {
            assert!(!is_name(name), "{name}");
        }
        for version in ["1.2.3", "v1.0.0", "0.0.0-a", "1.2.3+b", " 1.2.3"] {
            assert!(is_version(version), "{version}");
        }
        for version in [
            "", "1", "1.2", "1.2.3.4", "one", "1.2.x", "1.2.3-", "1.2.3 4",
        ] {
            assert!(!is_version(version), "{version}");
        }
    }
}
