//! The domain alone, taken from its files, so that a fuzz target builds in a minute; and what must hold of every score.
//!
//! Not here: the targets (`fuzz_targets/`).

// The crate's name for itself is what the domain's own files say.
#[path = "../src/domain/mod.rs"]
pub mod domain;

use domain::answer::Answers;
use domain::checklist::Checklist;
use domain::scoring::{Micros, score};

/// Scores `answers` and panics unless every published number lies between 0 and 1.
pub fn score_is_in_bounds(checklist: &Checklist, answers: &Answers) {
    let score = score(checklist, answers);
    let totals = [score.total_micros, score.service_micros, score.experience_micros, score.balanced_micros];
    let sections = score
        .sections
        .iter()
        .flat_map(|section| [section.micros, section.service_micros, section.experience_micros]);
    for micros in totals.into_iter().chain(sections).chain(score.recovery_micros).flatten() {
        assert!((Micros::ZERO..=Micros::ONE).contains(&micros), "{micros:?}");
    }
    assert_eq!(score.trace.len(), checklist.questions().count());
}
