//! `plainclothes checklist check`: everything that is wrong with files, said at once.

use std::path::{Path, PathBuf};

use crate::domain::checklist::{Checklist, ChecklistProblem};

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
pub(super) fn run(files: &[PathBuf]) -> anyhow::Result<()> {
    let mut wrong = 0;
    for file in files {
        match read(file)? {
            Ok(checklist) => println!(
                "{}: {} version {} is sound ({})",
                file.display(),
                checklist.checklist,
                checklist.version,
                checklist.sha256()
            ),
            Err(problems) => {
                wrong += 1;
                for problem in problems {
                    println!("{}:{problem}", file.display());
                }
            }
        }
    }
    anyhow::ensure!(
        wrong == 0,
        "{wrong} of {} files cannot be published",
        files.len()
    );
    Ok(())
}

pub(super) type Parsed = Result<Checklist, Vec<ChecklistProblem>>;

/// Reads a checklist file.
///
/// # Errors
/// When the file cannot be read; what is wrong *in* it is the inner result.
pub(super) fn read(file: &Path) -> anyhow::Result<Parsed> {
    let source = std::fs::read_to_string(file)
        .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", file.display()))?;
    Ok(Checklist::parse_yaml(&source))
}
