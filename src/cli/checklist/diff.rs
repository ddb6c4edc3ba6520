//! `plainclothes checklist diff`: what is different between two versions, and whether their scores can be compared.
//!
//! Not here: what counts as a difference (`domain/checklist/diff`).

use std::path::Path;

use super::check;
use crate::cli::Ended;
use crate::domain::checklist::Checklist;
use crate::domain::checklist::diff::Difference;

/// Ends with 0 when there is no difference, 1 when there is, 2 when it cannot be told.
pub(super) fn run(before: &Path, after: &Path, json: bool) -> anyhow::Result<()> {
    let read = |file| check::read(file).and_then(|parsed| sound(file, parsed));
    let trouble = |error| Ended {
        status: 2,
        why: Some(error),
    };
    let before = read(before).map_err(trouble)?;
    let after = read(after).map_err(trouble)?;
    tell(&before, &after, json)
}

/// As [`run`], of versions from anywhere.
#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn tell(before: &Checklist, after: &Checklist, json: bool) -> anyhow::Result<()> {
    let difference = Difference::between(before, after);
    if json {
        println!("{}", serde_json::to_string_pretty(&difference)?);
    } else {
        print!("{difference}");
    }
    if difference.changes.is_empty() {
        Ok(())
    } else {
        let different = Ended {
            status: 1,
            why: None,
        };
        Err(different.into())
    }
}

fn sound(file: &Path, parsed: check::Parsed) -> anyhow::Result<Checklist> {
    parsed.map_err(|problems| {
        let lines: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}:{problem}", file.display()))
            .collect();
        anyhow::anyhow!("not a sound checklist:\n{}", lines.join("\n"))
    })
}
