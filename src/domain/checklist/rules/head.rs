//! The head of a checklist, and how much may be in it.
//!
//! Not here: its texts (`texts.rs`) and its questions (`question.rs`).

use super::{ID_CHARACTERS_MAX, Rules, plain};
use crate::domain::checklist::model::FORMAT;

const QUESTIONS_MAX: usize = 400;
const SECTIONS_MAX: usize = 100;
const LANGUAGES_MAX: usize = 20;

/// False when there is so much that nothing else is worth saying.
pub(super) fn sizes(rules: &mut Rules<'_>) -> bool {
    let document = rules.document;
    let sizes = [
        (
            "/sections",
            "sections",
            document.sections.len(),
            SECTIONS_MAX,
        ),
        (
            "/sections",
            "questions",
            document.questions().count(),
            QUESTIONS_MAX,
        ),
        (
            "/languages",
            "languages",
            document.languages.len() + document.partial_languages.len(),
            LANGUAGES_MAX,
        ),
    ];
    for (path, what, count, most) in sizes {
        if count > most {
            rules.fault(
                path,
                format!("{count} {what} are too many; {most} are allowed"),
            );
        }
    }
    rules.faults.is_empty()
}

pub(super) fn check(rules: &mut Rules<'_>) {
    let document = rules.document;
    if document.format == 0 || document.format > FORMAT {
        let message = format!(
            "format {} is not known; this program reads 1 to {FORMAT}",
            document.format
        );
        rules.fault("/format", message);
    } else if document.format != document.format_needed() {
        let message = format!(
            "says format {}, but what it says is format {}",
            document.format,
            document.format_needed()
        );
        rules.fault("/format", message);
    }
    slug(rules, "/checklist", &document.checklist);
    slug(rules, "/industry", &document.industry);
    if !(1..=999_999).contains(&document.version) {
        rules.fault("/version", "a version is a whole number from 1 to 999999");
    }
    if document
        .scoring
        .pass_mark_micros
        .is_some_and(|mark| !(0..=1_000_000).contains(&mark))
    {
        rules.fault(
            "/scoring/pass_mark",
            "a pass mark is between 0 and 100 percent",
        );
    }
    if document.sections.is_empty() {
        rules.fault("/sections", "there are no sections");
    }
    for (index, section) in document.sections.iter().enumerate() {
        if section.weight > 10_000 {
            rules.fault(
                format!("/sections/{index}/weight"),
                "a weight is a whole number from 0 to 10000",
            );
        }
    }
    let weightless = |(index, section): (usize, &crate::domain::checklist::model::Section)| {
        section.weight == 0 && !(rules.damaged)(&format!("/sections/{index}/weight"))
    };
    if !document.sections.is_empty() && document.sections.iter().enumerate().all(weightless) {
        let suggestion = Some("give one of them a weight".to_owned());
        rules.fault_with(
            "/sections/0/weight",
            "every section has weight 0, so there is no total",
            suggestion,
        );
    }
}

pub(super) fn slug(rules: &mut Rules<'_>, path: &str, slug: &str) {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let parts_are_plain = slug
        .split('-')
        .all(|part| !part.is_empty() && part.bytes().all(is_plain));
    if !parts_are_plain || slug.len() > ID_CHARACTERS_MAX {
        let example = plain(slug, '-').unwrap_or_else(|| "restaurant-dine-in".to_owned());
        rules.fault_with(
            path,
            format!("`{slug}` is no slug"),
            Some(format!(
                "lower-case letters, digits and single hyphens, such as `{example}`"
            )),
        );
    }
}
