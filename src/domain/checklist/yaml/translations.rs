//! How far the languages are in which texts may be missing.
//!
//! Not here: the languages in which none may be (`rules/texts.rs`).

use crate::domain::checklist::model::{Document, Question};
use crate::domain::checklist::problem::{Fault, Severity};
use crate::domain::checklist::text::Text;

/// Places that are named; more are counted.
const PLACES_TOLD: usize = 3;

/// One warning for each partial language that is not complete.
pub(super) fn check(document: &Document) -> Vec<(Severity, Fault)> {
    let texts = texts(document);
    let of_language = |(index, tag): (usize, &String)| {
        let missing: Vec<&str> = texts
            .iter()
            .filter(|(_, text)| !text.0.contains_key(tag))
            .map(|(place, _)| place.as_str())
            .collect();
        let first = missing.first()?;
        let told = missing.len().min(PLACES_TOLD);
        let named = if missing.len() == 1 {
            format!("that of {first}")
        } else {
            format!("such as those of {}", missing[..told].join(", "))
        };
        let fault = Fault {
            path: format!("/partial_languages/{index}"),
            message: format!(
                "{} of {} texts are missing in {tag}, {named}",
                missing.len(),
                texts.len()
            ),
            suggestion: document.languages.first().map(|fallback| {
                format!("whoever reads {tag} sees them in its base language or in {fallback}")
            }),
        };
        Some((Severity::Warning, fault))
    };
    document
        .partial_languages
        .iter()
        .enumerate()
        .filter_map(of_language)
        .collect()
}

/// Every text that somebody reads, and what to call its place.
fn texts(document: &Document) -> Vec<(String, &Text)> {
    let mut texts = vec![("the title".to_owned(), &document.title)];
    for (place, text) in [
        ("the brief", &document.brief),
        ("the scenario", &document.scenario),
    ] {
        texts.extend(text.as_ref().map(|text| (place.to_owned(), text)));
    }
    for section in &document.sections {
        texts.push((format!("section `{}`", section.id), &section.title));
        for question in &section.questions {
            of_question(question, &mut texts);
        }
    }
    texts
}

fn of_question<'d>(question: &'d Question, texts: &mut Vec<(String, &'d Text)>) {
    let id = &question.id;
    texts.push((format!("`{id}`"), &question.text));
    for (what, text) in [("help", &question.help), ("unit", &question.unit)] {
        texts.extend(
            text.as_ref()
                .map(|text| (format!("the {what} of `{id}`"), text)),
        );
    }
    for option in question.options.iter().flatten() {
        texts.push((format!("option `{}` of `{id}`", option.id), &option.text));
    }
    for (index, step) in question.steps.iter().flatten().enumerate() {
        texts.push((format!("step {} of `{id}`", index + 1), &step.text));
    }
    for (index, picture) in question.pictures.iter().enumerate() {
        texts.push((format!("picture {} of `{id}`", index + 1), &picture.text));
    }
}
