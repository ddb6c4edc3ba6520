//! Reference pictures: how many, how large, of which type.
//!
//! Not here: whether their files are what they seem (the `checklists` feature looks at the bytes).

use std::collections::BTreeSet;

use super::{Rules, texts};
use crate::domain::checklist::model::Question;
use crate::domain::checklist::pictures::PICTURE_BYTES_MAX;

const PICTURES_OF_QUESTION_MAX: usize = 4;
const PICTURES_MAX: usize = 40;
const TYPES: &[&str] = &["image/jpeg", "image/png", "image/webp"];

pub(super) fn check(rules: &mut Rules<'_>, path: &str, question: &Question) {
    let path = format!("{path}/pictures");
    if question.pictures.len() > PICTURES_OF_QUESTION_MAX {
        let message = format!(
            "{} pictures are too many for a question; {PICTURES_OF_QUESTION_MAX} are allowed",
            question.pictures.len()
        );
        rules.fault(&path, message);
    }
    for (index, picture) in question.pictures.iter().enumerate() {
        let path = format!("{path}/{index}");
        texts::check(rules, &format!("{path}/text"), &picture.text);
        if !TYPES.contains(&picture.media_type.as_str()) {
            rules.fault(
                format!("{path}/file"),
                "a picture is a JPEG, PNG or WebP file",
            );
        }
        if picture.size_bytes == 0 || picture.size_bytes > PICTURE_BYTES_MAX {
            let message = format!(
                "has {} bytes; a picture has at most {PICTURE_BYTES_MAX}",
                picture.size_bytes
            );
            rules.fault(format!("{path}/file"), message);
        }
    }
}

/// Phones fetch all of them before the visit.
pub(super) fn check_number(rules: &mut Rules<'_>) {
    let distinct: BTreeSet<_> = rules.document.pictures().map(|one| one.sha256).collect();
    if distinct.len() > PICTURES_MAX {
        let message = format!(
            "{} reference pictures are too many; {PICTURES_MAX} are allowed",
            distinct.len()
        );
        rules.fault("/sections", message);
    }
}
