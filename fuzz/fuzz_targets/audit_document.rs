//! Any bytes as an audit of one checklist with every type of question: as the server takes it, schema first, then the rest.

#![no_main]

use std::sync::OnceLock;

use jsonschema::Validator;
use libfuzzer_sys::fuzz_target;
use plainclothes_fuzz::domain::audit::{AuditDocument, check};
use plainclothes_fuzz::domain::checklist::{Checklist, schema::audit_schema};
use plainclothes_fuzz::score_is_in_bounds;

const EVERY_TYPE: &str = include_str!("../every-type.yaml");

fn version() -> &'static (Checklist, Validator) {
    static VERSION: OnceLock<(Checklist, Validator)> = OnceLock::new();
    VERSION.get_or_init(|| {
        let checklist = Checklist::parse_yaml(EVERY_TYPE).expect("sound");
        let validator = jsonschema::draft202012::new(&audit_schema(&checklist)).expect("a schema");
        (checklist, validator)
    })
}

fuzz_target!(|bytes: &[u8]| {
    let (checklist, validator) = version();
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    for error in validator.iter_errors(&json) {
        assert!(!error.to_string().is_empty());
    }
    // Scored whatever the schema says: a score must not depend on who asked.
    let Ok(document) = serde_json::from_value::<AuditDocument>(json) else { return };
    for problem in check(checklist, &document) {
        assert!(problem.pointer.starts_with('/'), "{problem:?}");
    }
    score_is_in_bounds(checklist, &document.answers);
    let written = serde_json::to_vec(&document).expect("writable");
    let again: AuditDocument = serde_json::from_slice(&written).expect("readable");
    assert_eq!(again, document);
});
