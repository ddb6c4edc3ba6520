//! Every kind of change, in the words that people read, and that no member of a document can change unseen.

mod docs;
mod kinds;
mod members;
mod whole;

use super::{Change, Difference};
use crate::domain::checklist::{Checklist, PictureFacts, Pictures};
use crate::domain::ids::Sha256;

/// Uses every member that a document can have.
const RICH: &str = include_str!("rich.yaml");

/// Any file is there, with its own name for content.
struct AnyFile;

impl Pictures for AnyFile {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        Ok(PictureFacts {
            sha256: Sha256::of(file.as_bytes()),
            media_type: "image/png".to_owned(),
            size_bytes: 100,
        })
    }
}

fn checklist(yaml: &str) -> Checklist {
    Checklist::parse_yaml_with(yaml, &AnyFile).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The rich checklist with some of its text replaced; every `from` has to be there.
fn with(edits: &[(&str, &str)]) -> Checklist {
    let mut yaml = RICH.to_owned();
    for (from, to) in edits {
        assert!(yaml.contains(from), "{from}");
        yaml = yaml.replacen(from, to, 1);
    }
    checklist(&yaml)
}

fn difference(edits: &[(&str, &str)]) -> Difference {
    Difference::between(&checklist(RICH), &with(edits))
}

/// `score question smile: points: 5 → 6`
fn lines(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("{} {change}", change.audience.name()))
        .collect()
}

#[track_caller]
fn tells(edits: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(lines(&difference(edits).changes), expected);
}
