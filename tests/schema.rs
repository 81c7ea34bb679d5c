//! Reports are what their own schema says.

use serde_json::Value;
use tarsight::{Document, Engine};
use tarsight_tests::{cases, tgz};

#[test]
fn every_corpus_report_validates() {
    let schema = tarsight::schema(Document::Report);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let engine = Engine::new();
    for case in cases() {
        let report = engine.scan(&tgz(&case.files)).unwrap().to_json();
        let report: Value = serde_json::from_str(&report).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", case.name);
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = tarsight::schema(Document::Report);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for wrong in [
        serde_json::json!({}),
        serde_json::json!({ "schema": "tarsight.report/1", "risk": { "level": "odd" } }),
        serde_json::json!([]),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
