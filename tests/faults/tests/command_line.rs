//! The program as it is called: a run that has shown nothing must not look like one that found nothing wrong.
//!
//! Not here: the scenarios, which need a server.

use std::process::Command;

#[test]
fn a_run_of_nothing_is_no_success() {
    let ended = Command::new(env!("CARGO_BIN_EXE_plainclothes-faults"))
        .args(["--folder", "nowhere", "--only", "R99"])
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(
        said.contains("faults: 0 passed, 0 failed, 0 left out"),
        "{said}"
    );
}
