//! What of a document a score can depend on.
//!
//! Not here: the scoring itself (`scoring/`).

use std::collections::BTreeSet;

use crate::domain::checklist::conditions::Condition;
use crate::domain::checklist::model::{Document, Question, Section};

/// Ids of the questions whose answer can change a score: by points, by a critical, or because such a question is shown,
/// required or compared by it.
pub fn bearing(document: &Document) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let questions: Vec<&Question> = document.questions().collect();
    // Questions refer to earlier ones only, so that one walk from the end meets every reference in time.
    for question in questions.into_iter().rev() {
        if !(own(question) || found.contains(question.id.as_str())) {
            continue;
        }
        found.insert(question.id.as_str());
        for condition in [&question.show_if, &question.required_if]
            .into_iter()
            .flatten()
        {
            references(condition, &mut found);
        }
        if let (Some(since), Some(_)) = (&question.since, &question.bands) {
            found.insert(since);
        }
    }
    found
}

fn own(question: &Question) -> bool {
    let critical_option = |question: &Question| {
        let mut options = question.options.iter().flatten();
        options.any(|option| option.critical.is_some())
    };
    question.has_dimension() || question.critical.is_some() || critical_option(question)
}

fn references<'d>(condition: &'d Condition, found: &mut BTreeSet<&'d str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                references(part, found);
            }
        }
        Condition::Not(part) => references(part, found),
        Condition::Question { question, test: _ } => {
            found.insert(question);
        }
    }
}

/// A section's part of the total where all sections are scored.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    weight: u64,
    /// Of all sections that can have a score.
    weights: u64,
}

impl Share {
    /// Of every section; 0 of one that never has a score.
    pub fn of_sections(document: &Document) -> Vec<Self> {
        let weight = |section: &Section| match is_scored(section) {
            true => section.weight.into(),
            false => 0,
        };
        let weights = document.sections.iter().map(weight).sum();
        let share = |section| Self {
            weight: weight(section),
            weights,
        };
        document.sections.iter().map(share).collect()
    }

    pub fn micros(self) -> i64 {
        let weights = self.weights.max(1);
        let micros = (self.weight * 1_000_000 + weights / 2) / weights;
        i64::try_from(micros).expect("a part is at most a million")
    }
}

/// Exactly, where millionths would be too coarse.
impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.weight * other.weights == other.weight * self.weights
    }
}

/// Whether there is something possible in it: a question that is more than a bonus.
pub fn is_scored(section: &Section) -> bool {
    section
        .questions
        .iter()
        .any(|question| question.has_dimension() && !question.bonus)
}
