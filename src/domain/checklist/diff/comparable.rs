//! Whether scores of two versions are the same measure, and so may stand in one ranking.
//!
//! Not here: what changed (the rest of `diff/`).

use std::fmt;

use serde::Serialize;

use super::{Change, TextOf, What, bearing};
use crate::domain::checklist::model::{Critical, CriticalEffect, Document};

/// The verdict. Words are judged by nobody: a question that asks something else in new words is for people to see, which is
/// why reworded questions are among the notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparability {
    /// The same answers give the same total, service and experience.
    pub comparable: bool,
    /// Why not: each change that can move a score.
    pub reasons: Vec<String>,
    /// What to know in either case.
    pub notes: Vec<String>,
}

/// What a change can move.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    Nothing,
    Scores,
    /// Only which audits pass or are marked failed.
    Verdicts,
    /// Only the recovery score.
    Recovery,
}

impl Comparability {
    /// `after` is the newer version, `changes` are all that lead to it.
    pub(super) fn of(after: &Document, changes: &[Change]) -> Self {
        let of_kind = |kind: Moves| -> Vec<String> {
            let moving = changes.iter().filter(|change| moves(change) == kind);
            moving.map(ToString::to_string).collect()
        };
        let reasons = of_kind(Moves::Scores);
        let mut notes = Vec::new();
        for change in of_kind(Moves::Verdicts) {
            notes.push(format!("{change}: other audits pass or fail"));
        }
        for change in of_kind(Moves::Recovery) {
            notes.push(format!("{change}: recovery scores are another measure"));
        }
        for change in changes {
            match &change.what {
                What::SectionId { before, after } => notes.push(format!(
                    "section {before} is {after} now: rankings by section start anew for it"
                )),
                What::QuestionId { before, after } => notes.push(format!(
                    "question {before} is {after} now: rankings by question start anew for it"
                )),
                _ => {}
            }
        }
        let bearing = bearing::bearing(after);
        let mut reworded: Vec<&str> = changes
            .iter()
            .filter(|change| is_wording(&change.what))
            .filter_map(|change| change.question.as_deref())
            .filter(|question| bearing.contains(question))
            .collect();
        reworded.dedup();
        if !reworded.is_empty() {
            notes.push(format!(
                "reworded, and for you to judge whether they ask the same: {}",
                reworded.join(", ")
            ));
        }
        Self {
            comparable: reasons.is_empty(),
            reasons,
            notes,
        }
    }
}

/// Words that tell a shopper what to answer.
fn is_wording(what: &What) -> bool {
    let What::Text { of, .. } = what else {
        return false;
    };
    matches!(
        of,
        TextOf::Question | TextOf::Help | TextOf::Unit | TextOf::Option(_) | TextOf::Step(_)
    )
}

fn moves(change: &Change) -> Moves {
    if !change.audience.has_score() {
        return Moves::Nothing;
    }
    match &change.what {
        What::PassMark { .. } => Moves::Verdicts,
        What::Recovery { .. } => Moves::Recovery,
        What::Critical { before, after } | What::OptionCritical { before, after, .. }
            if only_marks(before.as_ref()) && only_marks(after.as_ref()) =>
        {
            Moves::Verdicts
        }
        _ => Moves::Scores,
    }
}

/// Whether it changes no number.
fn only_marks(critical: Option<&Critical>) -> bool {
    critical.is_none_or(|critical| {
        matches!(
            critical.effect,
            CriticalEffect::FailSection | CriticalEffect::FailAudit
        )
    })
}

impl fmt::Display for Comparability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            comparable,
            reasons,
            notes,
        } = self;
        if *comparable {
            writeln!(
                f,
                "Scores mean the same: both versions can stand in one ranking."
            )?;
        } else {
            writeln!(f, "Scores are not the same measure:")?;
            for reason in reasons {
                writeln!(f, "  {reason}")?;
            }
        }
        if !notes.is_empty() {
            writeln!(f, "To know:")?;
            for note in notes {
                writeln!(f, "  {note}")?;
            }
        }
        Ok(())
    }
}
