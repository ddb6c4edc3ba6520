//! Any bytes as a published version: what is read back is written the same, compiles to a schema, and scores within bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plainclothes_fuzz::domain::answer::Answers;
use plainclothes_fuzz::domain::checklist::{Checklist, schema::audit_schema};
use plainclothes_fuzz::domain::ids::Sha256;
use plainclothes_fuzz::score_is_in_bounds;

fuzz_target!(|bytes: &[u8]| {
    let Ok(checklist) = Checklist::from_canonical(bytes) else { return };
    assert_eq!(checklist.canonical_bytes(), bytes);
    assert_eq!(checklist.sha256(), Sha256::of(bytes));
    jsonschema::draft202012::new(&audit_schema(&checklist)).expect("every version has a schema");
    score_is_in_bounds(&checklist, &Answers::new());
});
