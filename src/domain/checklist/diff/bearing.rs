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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checklist::Checklist;

    const YAML: &str = "\
checklist: bearing
version: 1
languages: [en]
title: T
industry: test
sections:
  - id: asked
    title: Asked
    weight: 5
    questions:
      - {id: nothing, type: yes_no, text: Q, dimension: none}
      - {id: shows, type: yes_no, text: Q, dimension: none}
      - {id: shows_that, type: yes_no, text: Q, dimension: none, show_if: {question: shows, equals: true}}
      - {id: requires, type: yes_no, text: Q, dimension: none}
      - {id: mood, type: emotion, text: Q, dimension: none}
      - {id: other_mood, type: emotion, text: Q, dimension: none}
  - id: scored
    title: Scored
    weight: 10
    questions:
      - {id: a, type: yes_no, text: Q, dimension: service, points: 1, show_if: {any: [{not: {question: shows_that, equals: true}}]}}
      - {id: b, type: yes_no, text: Q, dimension: service, points: 1, required_if: {all: [{question: requires, equals: true}]}}
      - {id: c, type: emotion, text: Q, dimension: service, since: mood, bands: [{up_to: 0, points: 0}, {points: 1}]}
      - {id: d, type: emotion, text: Q, dimension: service, since: other_mood, points: 1}
  - id: criticals
    title: Criticals
    weight: 20
    questions:
      - {id: e, type: yes_no, text: Q, dimension: none, critical: zero_audit}
      - {id: f, type: choice, text: Q, dimension: none, options: [{id: x, text: X, critical: fail_audit}, {id: y, text: Y}]}
  - {id: bonus, title: Bonus, weight: 40, questions: [{id: g, type: yes_no, text: Q, dimension: service, points: 1, bonus: true}]}
  - {id: last, title: Last, weight: 20, questions: [{id: h, type: yes_no, text: Q, dimension: service, points: 1}]}
";

    #[test]
    fn follows_whatever_a_scored_question_depends_on() {
        let checklist = Checklist::parse_yaml(YAML).unwrap();
        let found: Vec<&str> = bearing(&checklist).into_iter().collect();
        // Not `nothing`, and not `other_mood`, which is only shown beside.
        let expected = [
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
            "g",
            "h",
            "mood",
            "requires",
            "shows",
            "shows_that",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn only_sections_with_something_possible_have_a_share() {
        let checklist = Checklist::parse_yaml(YAML).unwrap();
        let shares = Share::of_sections(&checklist);
        let micros: Vec<i64> = shares.iter().map(|share| share.micros()).collect();
        assert_eq!(micros, [0, 333_333, 0, 0, 666_667]);
    }
}
