//! Reads a label: `case.json`, or the head of a `.case` file.

use serde_json::Value;

use crate::case::{Case, Exemption, LEVELS, Risk};
use crate::expect::{Expected, LISTS, Must, Place};
use crate::{File, Variant};

const KEYS: [&str; 8] = [
    "about",
    "techniques",
    "risk",
    "twin",
    "must",
    "mustNot",
    "not",
    "variants",
];

pub(crate) fn read(room: &str, name: &str, text: &str, files: Vec<File>) -> Result<Case, String> {
    let label: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let lists = LISTS.map(|(list, _)| list);
    let known: Vec<&str> = KEYS.iter().chain(&lists).copied().collect();
    known_keys(&label, &known)?;
    if !label["not"].is_null() {
        known_keys(&label["not"], &lists)?;
    }
    let must = array(&label, "must")?
        .iter()
        .map(|must| finding(must, &files))
        .collect::<Result<_, _>>()?;
    let twin = match &label["twin"] {
        Value::Null => None,
        _ => Some(string(&label, "twin")?),
    };
    Ok(Case {
        room: room.to_owned(),
        name: name.to_owned(),
        about: string(&label, "about")?,
        techniques: strings(&label, "techniques")?,
        risk: risk(&label["risk"])?,
        twin,
        must,
        must_not: strings(&label, "mustNot")?,
        expected: items(&label, &files)?,
        refused: items(&label["not"], &files)?,
        variants: variants(&label)?,
        files,
    })
}

/// `"variants": { "minified": { "risk": { … }, "why": "…" } }`.
fn variants(label: &Value) -> Result<Vec<Exemption>, String> {
    if label["variants"].is_null() {
        return Ok(Vec::new());
    }
    known_keys(&label["variants"], &Variant::ALL.map(Variant::as_str))?;
    let named = |variant: &Variant| !label["variants"][variant.as_str()].is_null();
    let of = |variant: Variant| {
        let own = &label["variants"][variant.as_str()];
        known_keys(own, &["risk", "why"])?;
        Ok(Exemption {
            variant,
            risk: risk(&own["risk"])?,
            why: string(own, "why")?,
        })
    };
    Variant::ALL.into_iter().filter(named).map(of).collect()
}

fn risk(value: &Value) -> Result<Risk, String> {
    known_keys(value, &["is", "atLeast", "atMost"])?;
    let level = |key: &str| -> Result<Option<usize>, String> {
        if value[key].is_null() {
            return Ok(None);
        }
        let name = string(value, key)?;
        let found = LEVELS.iter().position(|level| *level == name);
        found.map(Some).ok_or(format!("there is no level {name}"))
    };
    let (is, least, most) = (level("is")?, level("atLeast")?, level("atMost")?);
    if is.is_none() && least.is_none() && most.is_none() {
        return Err("risk names no level".to_owned());
    }
    Ok(Risk {
        least: is.or(least).unwrap_or(0),
        most: is.or(most).unwrap_or(LEVELS.len() - 1),
    })
}

fn finding(value: &Value, files: &[File]) -> Result<Must, String> {
    known_keys(value, &["id", "at", "reach"])?;
    let none = serde_json::Map::new();
    let reach = match &value["reach"] {
        Value::Null => &none,
        reach => reach.as_object().ok_or("reach is no object")?,
    };
    let reach = reach
        .iter()
        .map(|(surface, trigger)| {
            let trigger = trigger.as_str().ok_or("a trigger is no string")?;
            Ok((surface.clone(), trigger.to_owned()))
        })
        .collect::<Result<_, String>>()?;
    Ok(Must {
        id: string(value, "id")?,
        at: places(value, files)?,
        reach,
    })
}

/// The items of the report's lists that a label names.
fn items(label: &Value, files: &[File]) -> Result<Vec<Expected>, String> {
    let mut all = Vec::new();
    for (list, keys) in LISTS {
        for item in array(label, list)? {
            known_keys(item, keys).map_err(|e| format!("{list}: {e}"))?;
            let at = places(item, files)?;
            let mut like = item.clone();
            if let Some(map) = like.as_object_mut() {
                map.remove("at");
            }
            all.push(Expected { list, like, at });
        }
    }
    Ok(all)
}

fn places(value: &Value, files: &[File]) -> Result<Vec<Place>, String> {
    let places = strings(value, "at")?;
    places.iter().map(|at| place(at, files)).collect()
}

/// `FILE`, `FILE:LINE` or `FILE:FIRST-LAST`; file and lines must exist.
fn place(at: &str, files: &[File]) -> Result<Place, String> {
    let (file, lines) = at.split_once(':').unwrap_or((at, ""));
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let (_, bytes) = files
        .iter()
        .find(|(name, _)| name == file)
        .ok_or(format!("{at}: there is no file {file}"))?;
    let count = String::from_utf8_lossy(bytes).lines().count() as u64;
    if lines.is_empty() {
        return Ok((file.to_owned(), 1, count));
    }
    let number = |text: &str| text.parse::<u64>().map_err(|e| format!("{at}: {e}"));
    let (first, last) = (number(first)?, number(last)?);
    if first == 0 || first > last || last > count {
        return Err(format!("{at}: {file} has the lines 1 to {count}"));
    }
    Ok((file.to_owned(), first, last))
}

fn known_keys(value: &Value, known: &[&str]) -> Result<(), String> {
    let object = value.as_object().ok_or("not an object")?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key {key}")),
        None => Ok(()),
    }
}

fn string(value: &Value, key: &str) -> Result<String, String> {
    let text = value[key].as_str().ok_or(format!("{key} is no string"))?;
    Ok(text.to_owned())
}

/// The array of a key; none if there is no such key.
fn array<'a>(value: &'a Value, key: &str) -> Result<&'a [Value], String> {
    match &value[key] {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(format!("{key} is no array")),
    }
}

fn strings(value: &Value, key: &str) -> Result<Vec<String>, String> {
    array(value, key)?
        .iter()
        .map(|item| {
            let text = item.as_str().ok_or(format!("{key} holds no string"))?;
            Ok(text.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LABEL: &str = r#"{ "about": "x", "risk": { "atLeast": "high" },
        "must": [ { "id": "bad", "at": ["a.js:2-3"], "reach": { "install": "load" } } ],
        "mustNot": ["worse"],
        "behaviours": [ { "id": "process.exec", "target": "sh *", "at": ["a.js:1"] } ],
        "files": [ { "path": "b.js", "reach": {} } ],
        "not": { "surfaces": [ { "kind": "tool" } ] } }"#;

    fn case() -> Case {
        read(
            "r",
            "x",
            LABEL,
            vec![("a.js".into(), b"1\n2\n3\n".to_vec())],
        )
        .unwrap()
    }

    fn report() -> Value {
        json!({ "risk": { "level": "critical" },
            "findings": [{ "id": "bad", "message": "m", "reach": { "install": "load" },
                "evidence": [{ "file": "a.js", "line": 3, "endLine": 3 }] }],
            "behaviours": [{ "id": "process.exec", "target": "sh x", "capability": "process",
                "sites": [{ "file": "a.js", "line": 1, "endLine": 1 }] }],
            "files": [{ "path": "b.js", "reach": {} }],
            "surfaces": [{ "kind": "import" }] })
    }

    #[test]
    fn a_report_as_labelled_has_no_failure() {
        assert_eq!(case().failures(&report()), [""; 0]);
    }

    #[test]
    fn everything_that_is_labelled_counts() {
        for (path, value) in [
            ("/findings/0/evidence/0/line", json!(1)),
            ("/findings/0/reach/install", json!("call")),
            ("/findings/0/id", json!("other")),
            ("/risk/level", json!("medium")),
            ("/behaviours/0/target", json!("bash x")),
            ("/behaviours/0/sites/0/file", json!("b.js")),
            ("/files/0/reach", json!({ "import": "load" })),
            ("/surfaces/0/kind", json!("tool")),
        ] {
            let mut report = report();
            *report.pointer_mut(path).unwrap() = value;
            if path.ends_with("line") {
                report["findings"][0]["evidence"][0]["endLine"] = json!(1);
            }
            assert_eq!(case().failures(&report).len(), 1, "{path}");
        }
        let mut report = report();
        report["anomalies"] = json!([{ "id": "worse" }]);
        assert_eq!(case().failures(&report).len(), 1);
    }

    #[test]
    fn a_label_that_names_no_file_line_level_or_key_is_refused() {
        for (from, to) in [
            ("a.js:2-3", "b.js:2"),
            ("2-3", "2-9"),
            ("high", "bad"),
            ("must\"", "most\""),
            ("target", "tarjet"),
            ("kind", "sort"),
        ] {
            let broken = LABEL.replacen(from, to, 1);
            assert!(read("r", "x", &broken, case().files).is_err(), "{broken}");
        }
    }
}
