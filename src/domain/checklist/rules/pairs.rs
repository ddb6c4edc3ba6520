//! Faces before and after: `since` names an earlier emotion question.
//!
//! Not here: what the change earns (`scoring/points.rs`).

use super::{Rules, did_you_mean};
use crate::domain::checklist::model::{Question, QuestionType as Type};

/// `number` is the question's place among all questions of the checklist.
pub(super) fn check(rules: &mut Rules<'_>, path: &str, number: usize, question: &Question) {
    let Some(id) = &question.since else {
        return;
    };
    let path = format!("{path}/since");
    let document = rules.document;
    match rules.places.get(id.as_str()).cloned() {
        None => {
            let earlier = rules
                .places
                .iter()
                .filter(|(_, (place, _))| *place < number)
                .map(|(id, _)| *id);
            let suggestion = did_you_mean(id, earlier);
            rules.fault_with(path, format!("there is no question `{id}`"), suggestion);
        }
        Some((place, _)) if place >= number => {
            rules.fault(
                path,
                format!("question `{id}` does not come before this one"),
            );
        }
        Some((_, earlier)) => {
            let other = document.question(id).map(|question| question.kind);
            if other != Some(Type::Emotion) && !(rules.damaged)(&format!("{earlier}/type")) {
                rules.fault(
                    path,
                    format!("`{id}` is no emotion question, so there is no change to look at"),
                );
            }
        }
    }
}
