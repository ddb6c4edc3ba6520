//! What an audit lets a reviewer suspect about the visit: a trap missed, a phone far from the location.
//!
//! Signals never move a score and never refuse work. Not here: where a trap's right answer comes from (`campaigns`).

use std::collections::BTreeSet;

use crate::domain::answer::{Answers, Given, Value};
use crate::domain::checklist::conditions::shown;
use crate::domain::checklist::{Checklist, Question, QuestionType, WITHIN_M_DEFAULT};
use crate::domain::photo::camera::MeasuredDistance;

/// The right answer to a trap.
#[derive(Clone, Debug, PartialEq)]
pub struct TrapKey {
    pub question: String,
    pub answer: Value,
}

/// How a trap went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrapOutcome {
    Right,
    /// Answered otherwise, or said not to apply.
    Missed,
    /// Hidden, or left open.
    NotAnswered,
}

/// How the trap of `key` went; `NotAnswered` too where the version has no such trap.
pub fn trap_outcome(checklist: &Checklist, answers: &Answers, key: &TrapKey) -> TrapOutcome {
    let is_trap = checklist
        .question(&key.question)
        .is_some_and(|question| question.trap);
    match shown(checklist, answers).given(&key.question) {
        _ if !is_trap => TrapOutcome::NotAnswered,
        Given::Value(value) if same(value, &key.answer) => TrapOutcome::Right,
        Given::Value(_) | Given::NotApplicable => TrapOutcome::Missed,
        Given::Nothing | Given::Photos(_) => TrapOutcome::NotAnswered,
    }
}

/// Choices are the same in any order.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Choices(one), Value::Choices(other)) => {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        }
        _ => one == other,
    }
}

/// Whether some location check was farther away than it may be, even if the phone erred as much as it said.
pub fn far_from_location(checklist: &Checklist, answers: &Answers) -> bool {
    location_checks(checklist, answers).any(|(question, measured)| {
        let within_m = i64::from(question.within_m.unwrap_or(WITHIN_M_DEFAULT));
        measured.distance_m - measured.accuracy_m.max(0) > within_m
    })
}

/// Every distance from the location that the phone measured.
pub fn measured_distances(checklist: &Checklist, answers: &Answers) -> Vec<MeasuredDistance> {
    location_checks(checklist, answers)
        .map(|(_, measured)| measured)
        .collect()
}

fn location_checks<'a>(
    checklist: &'a Checklist,
    answers: &'a Answers,
) -> impl Iterator<Item = (&'a Question, MeasuredDistance)> {
    let shown = shown(checklist, answers);
    checklist
        .questions()
        .filter(|question| question.kind == QuestionType::LocationCheck)
        .filter_map(move |question| {
            let Given::Value(Value::Integer(distance_m)) = shown.given(&question.id) else {
                return None;
            };
            let accuracy_m = answers
                .get(&question.id)
                .and_then(|answer| answer.accuracy_m)
                .unwrap_or(0);
            let measured = MeasuredDistance {
                distance_m: *distance_m,
                accuracy_m,
            };
            Some((question, measured))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Answer;

    const YAML: &str = r#"
checklist: a
version: 1
languages: [en]
title: A
industry: x
sections:
  - id: s
    title: S
    weight: 1
    questions:
      - {id: base, type: yes_no, text: B, dimension: service, points: 1}
      - {id: where, type: location_check, text: W, within: 200m}
      - {id: card, type: choice, text: C, dimension: none, trap: true, options: [{id: blue, text: B}, {id: red, text: R}]}
      - {id: signs, type: multi_choice, text: S, dimension: none, trap: true, options: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]}
      - {id: hidden, type: yes_no, text: H, dimension: none, trap: true, show_if: {question: base, equals: false}}
"#;

    fn answers(json: serde_json::Value) -> Answers {
        serde_json::from_value(json).unwrap()
    }

    fn key(question: &str, answer: serde_json::Value) -> TrapKey {
        TrapKey {
            question: question.to_owned(),
            answer: serde_json::from_value(answer).unwrap(),
        }
    }

    #[test]
    fn a_trap_is_missed_by_another_answer_and_by_saying_that_it_does_not_apply() {
        let checklist = Checklist::parse_yaml(YAML).unwrap();
        let given = answers(serde_json::json!({
            "base": {"value": true}, "card": {"value": "red"}, "signs": {"value": ["b", "a"]}, "hidden": {"value": true},
        }));
        let outcome = |key: TrapKey| trap_outcome(&checklist, &given, &key);
        assert_eq!(outcome(key("card", "red".into())), TrapOutcome::Right);
        assert_eq!(outcome(key("card", "blue".into())), TrapOutcome::Missed);
        assert_eq!(
            outcome(key("signs", serde_json::json!(["a", "b"]))),
            TrapOutcome::Right
        );
        assert_eq!(
            outcome(key("signs", serde_json::json!(["a"]))),
            TrapOutcome::Missed
        );
        assert_eq!(
            outcome(key("hidden", false.into())),
            TrapOutcome::NotAnswered
        );
        assert_eq!(outcome(key("base", false.into())), TrapOutcome::NotAnswered);
        let not_applicable = Answers::from([(
            "card".to_owned(),
            Answer {
                not_applicable: true,
                ..Answer::default()
            },
        )]);
        assert_eq!(
            trap_outcome(&checklist, &not_applicable, &key("card", "red".into())),
            TrapOutcome::Missed
        );
    }

    #[test]
    fn far_is_farther_than_the_phone_can_err() {
        let checklist = Checklist::parse_yaml(YAML).unwrap();
        for (value, accuracy_m, far) in [
            (200, None, false),
            (201, None, true),
            (250, Some(50), false),
            (251, Some(50), true),
            (500, Some(-400), true),
        ] {
            let answer = Answer {
                value: Some(Value::Integer(value)),
                accuracy_m,
                ..Answer::default()
            };
            let answers = Answers::from([("where".to_owned(), answer)]);
            assert_eq!(
                far_from_location(&checklist, &answers),
                far,
                "{value} {accuracy_m:?}"
            );
        }
    }
}
