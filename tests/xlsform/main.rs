//! Forms in spreadsheets, through the real program: from an .xlsx file to a checklist that `checklist check` accepts.
//!
//! Not here: what of a form becomes what (`src/domain/xlsform/tests`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_files;
mod cells;
mod file;
mod story;

use std::path::Path;
use std::process::{Command, Output};

/// Address space that the program may have when it reads a file, in KiB.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;

/// Runs `plainclothes` in little memory.
fn plainclothes(arguments: &[&str]) -> Output {
    Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {MEMORY_KIB_MAX}; exec \"$0\" \"$@\""))
        .arg(env!("CARGO_BIN_EXE_plainclothes"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Imports bytes: exit status, standard output, standard error.
fn import(bytes: &[u8], more: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("Coffee Bar.xlsx");
    std::fs::write(&form, bytes).unwrap();
    import_file(&form, more)
}

fn import_file(form: &Path, more: &[&str]) -> (i32, String, String) {
    let mut arguments = vec!["checklist", "import", form.to_str().unwrap()];
    arguments.extend(more);
    let output = plainclothes(&arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    // No status: it was ended by a signal.
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}
