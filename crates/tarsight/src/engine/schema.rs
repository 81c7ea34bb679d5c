//! The JSON Schema of each document, made from its types.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use crate::diff::Diff;
use crate::report::{Entries, Report};

/// A document that tarsight writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Document {
    /// `tarsight.report/1`.
    Report,
    /// `tarsight.diff/1`.
    Diff,
    /// `tarsight.entries/1`.
    Entry,
}

impl Document {
    /// Every document.
    pub const ALL: [Self; 3] = [Self::Report, Self::Diff, Self::Entry];

    /// The name that `tarsight schema` takes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Diff => "diff",
            Self::Entry => "entry",
        }
    }
}

/// The JSON Schema (draft 2020-12) of a document.
///
/// Sets that may grow under the same schema number are strings in it, not lists of words.
///
/// ```
/// let schema = tarsight::schema(tarsight::Document::Report);
/// assert_eq!(schema["properties"]["schema"]["const"], "tarsight.report/1");
/// ```
#[must_use]
pub fn schema(document: Document) -> Value {
    match document {
        Document::Report => of::<Report>(),
        Document::Diff => of::<Diff>(),
        Document::Entry => of::<Entries>(),
    }
}

fn of<T: JsonSchema>() -> Value {
    let generated = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    // What the document is comes first, for those who read it.
    let mut schema = Map::new();
    for key in ["$schema", "title", "description"] {
        if let Some(value) = generated.get(key) {
            schema.insert(key.to_owned(), value.clone());
        }
    }
    if let Value::Object(rest) = generated {
        schema.extend(rest);
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::report::{SAMPLE, Subject, sample};

    fn errors(document: Document, instance: &Value) -> Vec<String> {
        jsonschema::validator_for(&schema(document))
            .expect("our schema is one")
            .iter_errors(instance)
            .map(|error| error.to_string())
            .collect()
    }

    #[test]
    fn schemas_stay_what_they_are() {
        insta::assert_json_snapshot!("report", schema(Document::Report));
        insta::assert_json_snapshot!("diff", schema(Document::Diff));
        insta::assert_json_snapshot!("entry", schema(Document::Entry));
    }

    #[test]
    fn documents_are_valid() {
        let sample: Value = serde_json::from_str(SAMPLE).expect("the sample is JSON");
        assert_eq!(errors(Document::Report, &sample), [""; 0]);
        let empty = serde_json::to_value(Report::default()).expect("plain data");
        assert_eq!(errors(Document::Report, &empty), [""; 0]);
        let entries = serde_json::to_value(Entries::of(Subject::default())).expect("plain data");
        assert_eq!(errors(Document::Entry, &entries), [""; 0]);
        let change = serde_json::to_value(diff(&Report::default(), &crate::report::sample()));
        let change = change.expect("plain data");
        assert!(
            change["gained"]
                .as_array()
                .is_some_and(|list| list.len() > 5)
        );
        assert_eq!(errors(Document::Diff, &change), [""; 0]);
    }

    #[test]
    fn what_the_contract_rules_out_is_invalid() {
        let mut report = serde_json::to_value(sample()).expect("plain data");
        report["risk"]["level"] = "dreadful".into();
        assert_ne!(errors(Document::Report, &report), [""; 0]);
        let mut report = serde_json::to_value(sample()).expect("plain data");
        report["schema"] = "tarsight.report/2".into();
        assert_ne!(errors(Document::Report, &report), [""; 0]);
        let mut report = serde_json::to_value(sample()).expect("plain data");
        report["behaviours"][0]["reach"] = serde_json::json!({ "install": "sometimes" });
        assert_ne!(errors(Document::Report, &report), [""; 0]);
    }

    #[test]
    fn what_may_be_added_is_valid() {
        let mut report = serde_json::to_value(sample()).expect("plain data");
        report["later"] = 1.into();
        report["coverage"]["unanalysed"][0]["reason"] = "a-later-reason".into();
        report["behaviours"][0]["capability"] = "a-later-one".into();
        report["behaviours"][0]["targetKind"] = "a-later-one".into();
        assert_eq!(errors(Document::Report, &report), [""; 0]);
    }
}
