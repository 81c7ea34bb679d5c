//! `JSON.parse` and `JSON.stringify` of constants.

use serde_json::{Map, Value};

use super::terms::{Key, Term, Terms, ValueId};

/// Deepest value that is written.
const MOST_DEPTH: u32 = 32;

/// The value of a JSON text; `None` if it is none, or nested too deep.
pub(super) fn parse(terms: &mut Terms, text: &str) -> Option<ValueId> {
    // The parser stops at a depth of its own, so the walk is bounded too.
    let value: Value = serde_json::from_str(text).ok()?;
    Some(from_json(terms, &value))
}

/// The term of a JSON value.
pub(crate) fn from_json(terms: &mut Terms, json: &Value) -> ValueId {
    match json {
        Value::Null => terms.add(Term::Null),
        Value::Bool(truth) => terms.add(Term::Bool(*truth)),
        Value::Number(number) => terms.number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => terms.string(text),
        Value::Array(items) => {
            let items: Vec<ValueId> = items.iter().map(|item| from_json(terms, item)).collect();
            terms.add(Term::Array(items.into(), false))
        }
        Value::Object(map) => {
            let properties: Vec<(Key, ValueId)> = map
                .iter()
                .map(|(key, value)| (Key::from(key.as_str()), from_json(terms, value)))
                .collect();
            terms.add(Term::Object(properties.into(), false))
        }
    }
}

/// The JSON text of a constant; `None` if some part of it is none.
pub(super) fn stringify(terms: &Terms, id: ValueId) -> Option<String> {
    to_json(terms, id, 0).map(|json| json.to_string())
}

fn to_json(terms: &Terms, id: ValueId, depth: u32) -> Option<Value> {
    if depth >= MOST_DEPTH {
        return None;
    }
    Some(match terms.get(id) {
        Term::Null => Value::Null,
        Term::Bool(truth) => Value::Bool(*truth),
        Term::String(text) => Value::String(text.to_string()),
        Term::Number(bits) => {
            let number = f64::from_bits(*bits);
            match number {
                whole if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
                number => Value::from(number),
            }
        }
        Term::Array(items, false) => {
            let items: Option<Vec<Value>> = items
                .iter()
                .map(|&item| to_json(terms, item, depth + 1))
                .collect();
            Value::Array(items?)
        }
        Term::Object(properties, false) => {
            let mut map = Map::new();
            for (key, value) in properties.iter() {
                map.insert(key.to_string(), to_json(terms, *value, depth + 1)?);
            }
            Value::Object(map)
        }
        _ => return None,
    })
}
