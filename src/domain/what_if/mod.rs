//! What other weights would have made of old audits: the change of each score, and of the order of locations.
//!
//! A comparison of two scorings of the same answers; neither is stored from here, and no published score changes. Not here:
//! the weights themselves (`checklist/reweighting`), and rankings, which weigh how sure a mean is (`ranking/`): the ranks here
//! are by the bare mean, to be held against each other and against nothing else.

mod summary;
#[cfg(test)]
mod tests;

pub use self::summary::{LocationChange, Summary, Verdicts, summary};

use serde::Serialize;

use crate::domain::scoring::{Micros, Score};

/// One number under both weightings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    pub before: Option<Micros>,
    pub after: Option<Micros>,
    /// `after − before`, where there are both.
    pub change_micros: Option<i64>,
}

impl Pair {
    fn of(before: Option<Micros>, after: Option<Micros>) -> Self {
        Self {
            before,
            after,
            change_micros: before.zip(after).map(|(before, after)| after.0 - before.0),
        }
    }
}

/// What became of one audit's score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScoreChange {
    pub total: Pair,
    pub service: Pair,
    pub experience: Pair,
    pub balanced: Pair,
    /// None where neither checklist has recovery questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Pair>,
    pub failed_before: bool,
    pub failed_after: bool,
    pub passed_before: Option<bool>,
    pub passed_after: Option<bool>,
    /// In the order of the checklist.
    pub sections: Vec<SectionChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionChange {
    pub id: String,
    pub score: Pair,
    pub failed_before: bool,
    pub failed_after: bool,
}

/// Two scores of the same answers, by checklists with the same sections, as a reweighting leaves them.
pub fn compare(before: &Score, after: &Score) -> ScoreChange {
    let recovery = match (before.recovery_micros, after.recovery_micros) {
        (None, None) => None,
        (before, after) => Some(Pair::of(before.flatten(), after.flatten())),
    };
    let sections = before.sections.iter().filter_map(|section| {
        let other = after.sections.iter().find(|other| other.id == section.id)?;
        Some(SectionChange {
            id: section.id.clone(),
            score: Pair::of(section.micros, other.micros),
            failed_before: section.failed,
            failed_after: other.failed,
        })
    });
    ScoreChange {
        total: Pair::of(before.total_micros, after.total_micros),
        service: Pair::of(before.service_micros, after.service_micros),
        experience: Pair::of(before.experience_micros, after.experience_micros),
        balanced: Pair::of(before.balanced_micros, after.balanced_micros),
        recovery,
        failed_before: before.failed,
        failed_after: after.failed,
        passed_before: before.passed,
        passed_after: after.passed,
        sections: sections.collect(),
    }
}
