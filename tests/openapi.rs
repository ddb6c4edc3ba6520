//! `docs/openapi.json` is what the program says of itself; the types of `web/` are made from it.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_document_is_the_programs_own() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let committed = fs::read_to_string(file).unwrap_or_default();
    let own = plainclothes::http::router::openapi()
        .to_pretty_json()
        .expect("it is JSON");
    assert!(
        committed.trim_end() == own.trim_end(),
        "docs/openapi.json is stale: run 'make api' and commit what it writes"
    );
}
