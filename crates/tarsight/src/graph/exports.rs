//! Every target of an `exports` or `imports` map, whatever the conditions.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;
use serde_json::Value;

/// Steps of one walk. A map that takes more is cut, and the caller is told.
const MOST_STEPS: usize = 1 << 20;

/// One target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf<'a> {
    /// The subpath: `.`, `./x`, `./x/*`, or the import: `#x`.
    pub(super) key: &'a str,
    /// The conditions that lead to it, outermost first.
    pub(super) conditions: Vec<&'a str>,
    /// As written.
    pub(super) target: &'a str,
}

/// The targets in the order written, and whether some are missing.
pub(super) fn leaves(map: &Value) -> (Vec<Leaf<'_>>, bool) {
    let mut leaves = Vec::new();
    let mut steps = 0;
    let mut open = vec![(".", Vec::new(), map)];
    while let Some((key, conditions, value)) = open.pop() {
        steps += 1 + conditions.len();
        if steps > MOST_STEPS {
            return (leaves, true);
        }
        // What is pushed last comes first.
        match value {
            Value::String(target) => leaves.push(Leaf {
                key,
                conditions,
                target,
            }),
            Value::Array(items) => {
                for item in items.iter().rev() {
                    steps += 1 + conditions.len();
                    open.push((key, conditions.clone(), item));
                }
            }
            Value::Object(map) => {
                for (inner, value) in map.iter().rev() {
                    steps += 1 + conditions.len();
                    if steps > MOST_STEPS {
                        return (leaves, true);
                    }
                    if conditions.is_empty() && inner.starts_with(['.', '#']) {
                        open.push((inner, Vec::new(), value));
                    } else {
                        let mut longer = conditions.clone();
                        longer.push(inner);
                        open.push((key, longer, value));
                    }
                }
            }
            _ => {}
        }
        if steps > MOST_STEPS {
            return (leaves, true);
        }
    }
    (leaves, false)
}

/// The target of a leaf for a specifier, if its key matches: exact, `a/*b`, or the old `a/`.
pub(super) fn substitute(leaf: &Leaf, specifier: &str) -> Option<String> {
    if leaf.key == specifier {
        return Some(leaf.target.to_owned());
    }
    let (base, trailer) = match leaf.key.split_once('*') {
        Some(halves) => halves,
        None if leaf.key.ends_with('/') && leaf.target.ends_with('/') => {
            let rest = specifier.strip_prefix(leaf.key)?;
            return Some(format!("{}{rest}", leaf.target));
        }
        None => return None,
    };
    let matched = specifier.strip_prefix(base)?.strip_suffix(trailer)?;
    Some(leaf.target.replace('*', matched))
}

/// The keys of an `exports` map: which one Node takes for a subpath.
pub(super) struct Keys<'e> {
    exact: FxHashSet<&'e str>,
    /// Text before and after the star, and the key.
    pub(super) stars: Vec<(&'e str, &'e str, &'e str)>,
}

impl<'e> Keys<'e> {
    /// Of a map of subpaths; a map of conditions or a single target has none.
    pub(super) fn of(exports: &'e Value) -> Self {
        let keys = exports.as_object().into_iter().flatten();
        let keys = keys.map(|(key, _)| key.as_str());
        let (stars, exact): (Vec<&str>, Vec<&str>) = keys.partition(|key| key.contains('*'));
        let halves = |key: &'e str| {
            let (before, after) = key.split_once('*')?;
            Some((before, after, key))
        };
        let mut stars: Vec<_> = stars.into_iter().filter_map(halves).collect();
        // The longest text before the star wins, then the longest key.
        stars.sort_by_key(|(before, _, key)| Reverse((before.len(), key.len())));
        Self {
            exact: exact.into_iter().collect(),
            stars,
        }
    }

    /// The key that Node takes for a subpath.
    pub(super) fn best(&self, subpath: &str) -> Option<&'e str> {
        if let Some(key) = self.exact.get(subpath) {
            return Some(key);
        }
        let fits = |(before, after, key): &&(&str, &str, &str)| {
            subpath.len() >= key.len() && subpath.starts_with(before) && subpath.ends_with(after)
        };
        self.stars.iter().find(fits).map(|(_, _, key)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(map: &Value) -> Vec<(String, String, String)> {
        let (leaves, cut) = leaves(map);
        assert!(!cut);
        let text = |leaf: Leaf| {
            let conditions = leaf.conditions.join(" ");
            (leaf.key.to_owned(), conditions, leaf.target.to_owned())
        };
        leaves.into_iter().map(text).collect()
    }

    fn row(key: &str, conditions: &str, target: &str) -> (String, String, String) {
        (key.to_owned(), conditions.to_owned(), target.to_owned())
    }

    #[test]
    fn every_condition_gives_its_targets_in_order() {
        let map = json!({
            ".": { "node": { "import": "./a.mjs", "require": "./a.cjs" }, "default": ["./b.js", null, "./c.js"] },
            "./secret": null,
            "./x/*": "./lib/*.js",
        });
        assert_eq!(
            written(&map),
            [
                row(".", "node import", "./a.mjs"),
                row(".", "node require", "./a.cjs"),
                row(".", "default", "./b.js"),
                row(".", "default", "./c.js"),
                row("./x/*", "", "./lib/*.js"),
            ]
        );
        assert_eq!(written(&json!("./m.js")), [row(".", "", "./m.js")]);
        assert_eq!(
            written(&json!({"import": "./m.js"})),
            [row(".", "import", "./m.js")]
        );
    }

    #[test]
    fn deep_and_wide_maps_are_walked_without_recursion_and_cut() {
        let mut deep = json!("./a.js");
        for _ in 0..120 {
            deep = json!({ "node": [deep] });
        }
        assert_eq!(leaves(&deep).0.len(), 1);
        let wide = Value::Array(vec![json!("../a.js"); MOST_STEPS]);
        assert!(leaves(&wide).1);
    }

    #[test]
    fn the_longest_key_that_fits_is_taken() {
        let map =
            json!({ "./a": "./a.js", "./*": "./x/*.js", "./in/*": null, "./in/*.css": "./c/*" });
        let keys = Keys::of(&map);
        for (subpath, key) in [
            ("./a", Some("./a")),
            ("./b", Some("./*")),
            ("./in/b", Some("./in/*")),
            ("./in/b.css", Some("./in/*.css")),
            ("./", None),
            ("b", None),
        ] {
            assert_eq!(keys.best(subpath), key, "{subpath}");
        }
    }

    #[test]
    fn patterns_substitute() {
        let leaf = |key, target| Leaf {
            key,
            conditions: Vec::new(),
            target,
        };
        let one = |key, target, specifier| substitute(&leaf(key, target), specifier);
        assert_eq!(one("#a", "./a.js", "#a").as_deref(), Some("./a.js"));
        assert_eq!(
            one("#x/*.js", "./y/*/*.js", "#x/p/q.js").as_deref(),
            Some("./y/p/q/p/q.js")
        );
        assert_eq!(
            one("./old/", "./lib/", "./old/z.js").as_deref(),
            Some("./lib/z.js")
        );
        assert_eq!(one("#x/*.js", "./y.js", "#x.js"), None);
        assert_eq!(
            one("./ab*ba", "./y.js", "./aba"),
            None,
            "the halves may not overlap"
        );
    }
}
