//! What a label demands of the lists of a report.

use serde_json::Value;

/// File, first line, last line.
pub type Place = (String, u64, u64);

/// The lists of a report that labels may name items of, and the keys of their items. `at` is
/// the label's own: places that the item's sites touch.
pub(crate) const LISTS: [(&str, &[&str]); 6] = [
    (
        "surfaces",
        &[
            "kind",
            "hook",
            "command",
            "name",
            "conditions",
            "entries",
            "managers",
        ],
    ),
    (
        "behaviours",
        &[
            "id",
            "target",
            "targetKind",
            "origin",
            "reach",
            "guards",
            "package",
            "at",
        ],
    ),
    ("flows", &["id", "source", "sink", "reach", "at"]),
    ("anomalies", &["id", "level", "path", "detail"]),
    ("unanalysed", &["path", "reason", "kind", "detail", "reach"]),
    ("files", &["path", "kind", "reach"]),
];

/// A finding that must be there.
#[derive(Debug)]
pub struct Must {
    /// Its id.
    pub id: String,
    /// Places that its evidence must touch.
    pub at: Vec<Place>,
    /// Surface and trigger that it must have.
    pub reach: Vec<(String, String)>,
}

/// An item of one of the report's lists.
#[derive(Debug)]
pub struct Expected {
    /// The list.
    pub list: &'static str,
    /// What the item says, at least.
    pub like: Value,
    /// Places that its sites must touch.
    pub at: Vec<Place>,
}

impl Must {
    pub(crate) fn failure(&self, findings: &[Value]) -> Option<String> {
        let same: Vec<&Value> = findings.iter().filter(|f| f["id"] == *self.id).collect();
        if same.is_empty() {
            return Some(format!("{} is missing", self.id));
        }
        if same.iter().any(|finding| self.matches(finding)) {
            return None;
        }
        let seen: Vec<String> = same
            .iter()
            .map(|f| format!("{} at {}", f["reach"], sites(&f["evidence"])))
            .collect();
        Some(format!(
            "{} is elsewhere: expected {:?} at {}, found {}",
            self.id,
            self.reach,
            written(&self.at),
            seen.join("; ")
        ))
    }

    fn matches(&self, finding: &Value) -> bool {
        let reached = self
            .reach
            .iter()
            .all(|(surface, trigger)| finding["reach"][surface.as_str()] == trigger.as_str());
        reached && touch(&self.at, &finding["evidence"])
    }
}

impl Expected {
    /// The id that it names, if its list has ids that are rules.
    pub(crate) fn id(&self) -> Option<&str> {
        let key = match self.list {
            "behaviours" | "anomalies" => "id",
            "unanalysed" => "reason",
            _ => return None,
        };
        self.like[key].as_str()
    }

    /// What to say if no item of the report is like this.
    pub(crate) fn missing(&self, report: &Value) -> Option<String> {
        if items(report, self.list).any(|item| self.matches(item)) {
            return None;
        }
        let key = ["id", "path", "kind", "reason"]
            .iter()
            .find(|key| !self.like[**key].is_null());
        let near: Vec<String> = items(report, self.list)
            .filter(|item| key.is_none_or(|key| item[*key] == self.like[*key]))
            .take(8)
            .map(|item| self.shown(item))
            .collect();
        let (list, like, at) = (self.list, &self.like, written(&self.at));
        Some(format!(
            "{list}: {like} {at} is missing; there is\n    {}",
            near.join("\n    ")
        ))
    }

    /// What to say if an item of the report is like this.
    pub(crate) fn present(&self, report: &Value) -> Option<String> {
        let found = items(report, self.list).find(|item| self.matches(item))?;
        Some(format!(
            "{}: {} must not be there",
            self.list,
            self.shown(found)
        ))
    }

    fn matches(&self, item: &Value) -> bool {
        let places = match self.list {
            "flows" => &item["steps"],
            _ => &item["sites"],
        };
        like(&self.like, item) && touch(&self.at, places)
    }

    /// The part of an item that a label can name.
    fn shown(&self, item: &Value) -> String {
        let keys = LISTS.iter().find(|(list, _)| *list == self.list);
        let keys = keys.map_or(&[][..], |(_, keys)| keys);
        let shown = keys.iter().filter(|key| !item[**key].is_null());
        let shown: Vec<String> = shown.map(|key| format!("{key}={}", item[*key])).collect();
        format!("{} {}", shown.join(" "), sites(&item["sites"]))
    }
}

fn items<'a>(report: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    let list = match list {
        "unanalysed" => &report["coverage"]["unanalysed"],
        _ => &report[list],
    };
    list.as_array().into_iter().flatten()
}

/// Whether a value says what is demanded: every key of an object, and nothing if it is empty;
/// every element of an array, in order; a string in which `*` stands for any text.
fn like(demanded: &Value, found: &Value) -> bool {
    match (demanded, found) {
        (Value::Object(demanded), Value::Object(found)) => {
            demanded.is_empty() == found.is_empty()
                && demanded
                    .iter()
                    .all(|(key, value)| like(value, found.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(demanded), Value::Array(found)) => {
            demanded.len() == found.len() && demanded.iter().zip(found).all(|(a, b)| like(a, b))
        }
        // An empty list may be absent.
        (Value::Array(demanded), Value::Null) => demanded.is_empty(),
        (Value::String(demanded), Value::String(found)) => glob(demanded, found),
        _ => demanded == found,
    }
}

/// `*` stands for any text, also none.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

fn touch(places: &[Place], sites: &Value) -> bool {
    places.iter().all(|(file, first, last)| {
        sites.as_array().into_iter().flatten().any(|site| {
            let site = if site["site"].is_object() {
                &site["site"]
            } else {
                site
            };
            let start = site["line"].as_u64().unwrap_or(0);
            let end = site["endLine"].as_u64().unwrap_or(start);
            site["file"] == file.as_str() && start <= *last && end >= *first
        })
    })
}

fn written(places: &[Place]) -> String {
    let places: Vec<String> = places
        .iter()
        .map(|(file, first, last)| format!("{file}:{first}-{last}"))
        .collect();
    places.join(" ")
}

fn sites(sites: &Value) -> String {
    let sites: Vec<String> = sites
        .as_array()
        .into_iter()
        .flatten()
        .map(|site| format!("{}:{}", site["file"].as_str().unwrap_or("?"), site["line"]))
        .collect();
    sites.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text) in [
            ("a", "a"),
            ("a*", "ab"),
            ("*b", "ab"),
            ("a*c*e", "abcde"),
            ("*", ""),
        ] {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*a", "a"), ("*b*", "ac"), ("a*c*e", "aecd")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn an_item_may_say_more_but_nothing_else() {
        assert!(like(&json!({ "a": "x" }), &json!({ "a": "x", "b": 1 })));
        assert!(!like(&json!({}), &json!({ "a": "x" })));
        assert!(!like(&json!({ "a": null }), &json!({ "a": "x" })));
        assert!(like(&json!({ "a": null }), &json!({ "b": "x" })));
        assert!(like(&json!({ "a": [] }), &json!({ "b": "x" })));
        assert!(!like(&json!(["a"]), &json!(["a", "b"])));
    }
}
