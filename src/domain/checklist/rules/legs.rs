//! Two legs that belong together: which checklist comes first, and which questions tell how well things were put right.
//!
//! Not here: which visits are linked (the `visits` feature), and the recovery score itself (`scoring/`).

use super::{Rules, head};

const DAYS_MAX: u32 = 366;

pub(super) fn check(rules: &mut Rules<'_>) {
    let document = rules.document;
    if let Some(follows) = &document.follows {
        head::slug(rules, "/follows/checklist", &follows.checklist);
        if follows.checklist == document.checklist {
            rules.fault("/follows/checklist", "a checklist cannot follow itself");
        }
        if follows
            .days_max
            .is_some_and(|days| !(1..=DAYS_MAX).contains(&days))
        {
            rules.fault(
                "/follows/days_max",
                format!("is a whole number from 1 to {DAYS_MAX}"),
            );
        }
        return;
    }
    for (section_index, section) in document.sections.iter().enumerate() {
        for (index, question) in section.questions.iter().enumerate() {
            if question.recovery && !(rules.damaged)("/follows") {
                let suggestion = "say which checklist this one `follows`, or leave `recovery` out";
                rules.fault_with(
                    format!("/sections/{section_index}/questions/{index}/recovery"),
                    "there is nothing to recover from: this checklist is not a second leg",
                    Some(suggestion.to_owned()),
                );
            }
        }
    }
}
