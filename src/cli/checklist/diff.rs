//! `plainclothes checklist diff`: what is different between two versions, and whether their scores can be compared.
//!
//! Not here: what counts as a difference (`domain/checklist/diff`).

use std::path::Path;

use super::check;
use crate::cli::{ALREADY_TOLD, Ended};
use crate::domain::checklist::Checklist;
use crate::domain::checklist::diff::Difference;

/// Ends with 0 when there is no difference, 1 when there is, 2 when it cannot be told.
pub(super) fn run(before: &Path, after: &Path, json: bool) -> anyhow::Result<()> {
    let trouble = |error| Ended {
        status: 2,
        why: Some(error),
    };
    let before = sound(before).map_err(trouble)?;
    let after = sound(after).map_err(trouble)?;
    tell(&before, &after, json)
}

/// As [`run`], of versions from anywhere.
fn tell(before: &Checklist, after: &Checklist, json: bool) -> anyhow::Result<()> {
    let difference = Difference::between(before, after);
    if json {
        say!("{}", serde_json::to_string_pretty(&difference)?);
    } else {
        say!("{}", difference.to_string().trim_end());
    }
    if difference.changes.is_empty() {
        Ok(())
    } else {
        Err(ALREADY_TOLD.into())
    }
}

fn sound(file: &Path) -> anyhow::Result<Checklist> {
    let (checklist, _) = check::read(file).map_err(|problems| {
        let lines: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}:{problem}", file.display()))
            .collect();
        anyhow::anyhow!("not a sound checklist:\n{}", lines.join("\n"))
    })?;
    Ok(checklist)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V1: &str = include_str!("../../../docs/examples/checklists/coffee-v1.yaml");
    const V2: &str = include_str!("../../../docs/examples/checklists/coffee-v2.yaml");

    /// The exit status, and whether there is something to say of it.
    fn ends(before: &str, after: &str) -> (u8, bool) {
        let folder = tempfile::tempdir().unwrap();
        let files = [("before.yaml", before), ("after.yaml", after)].map(|(name, yaml)| {
            let file = folder.path().join(name);
            std::fs::write(&file, yaml).unwrap();
            file
        });
        match run(&files[0], &files[1], false) {
            Ok(()) => (0, false),
            Err(error) => {
                let Ended { status, why } = error.downcast().unwrap();
                (status, why.is_some())
            }
        }
    }

    #[test]
    fn ends_as_diff_does() {
        assert_eq!(ends(V1, V1), (0, false));
        assert_eq!(
            ends(V1, &V1.replace("version: 1", "version: 2")),
            (0, false)
        );
        assert_eq!(ends(V1, V2), (1, false));
        assert_eq!(ends(V1, "checklist: coffee"), (2, true));
        assert_eq!(ends("- no checklist", V2), (2, true));
    }

    #[test]
    fn a_file_that_is_not_there_is_trouble() {
        let error = run(
            Path::new("not-there.yaml"),
            Path::new("not-there.yaml"),
            true,
        );
        let Ended { status, why } = error.unwrap_err().downcast().unwrap();
        let why = why.unwrap().to_string();
        assert_eq!(status, 2);
        assert!(why.contains("not-there.yaml:it cannot be read: "), "{why}");
    }
}
