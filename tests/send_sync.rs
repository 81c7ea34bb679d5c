//! What bindings need to know about the types at compile time.

use std::panic::{RefUnwindSafe, UnwindSafe};

use tarsight::{Engine, Error, Report};

fn crosses<T: Send + Sync + UnwindSafe + RefUnwindSafe + 'static>(value: &T) -> &T {
    value
}

#[test]
fn engine_report_and_error_cross_threads_and_unwinding() {
    let engine = crosses(&Engine::new()).clone();
    let error = engine.scan(b"").unwrap_err();
    assert_eq!(crosses::<Error>(&error).code(), "empty");
    let package = tarsight_tests::package("{}", "index.js", b"1\n");
    let report = engine.scan(&tarsight_tests::tgz(&package)).unwrap();
    assert!(!crosses::<Report>(&report).to_json().is_empty());
}
