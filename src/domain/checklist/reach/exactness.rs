//! Holds the search to the meaning of conditions: small checklists with random conditions, and every answer there can be.
//!
//! Not here: what is said (`tests.rs`).

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::domain::answer::{Answer, Answers, Value};
use crate::domain::checklist::conditions::shown;
use crate::domain::checklist::{Checklist, NoPictures, yaml};

const QUESTIONS: &str = "
      - {id: base, type: yes_no, text: T}
      - {id: pick, type: choice, text: T, options: [{id: aa, text: A}, {id: bb, text: B}, {id: cc, text: C}]}
      - {id: step, type: scale, text: T, steps: [{text: A}, {text: B}, {text: C}]}
";
const ASKED: [&str; 3] = ["one", "two", "last"];

/// A test of one of the first `count` yes_no questions of [`ASKED`], or of those that are always asked.
fn test(count: usize) -> impl Strategy<Value = String> {
    let mut tests: Vec<String> = [
        "{question: pick, equals: aa}",
        "{question: pick, not_equals: aa}",
        "{question: pick, one_of: [bb, cc]}",
        "{question: step, at_least: 2}",
        "{question: step, at_most: 1}",
        "{question: step, equals: 3}",
        "{question: pick, answered: false}",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in ["base"].iter().chain(&ASKED[..count]) {
        for test in [
            "equals: true",
            "equals: false",
            "answered: true",
            "answered: false",
        ] {
            tests.push(format!("{{question: {id}, {test}}}"));
        }
    }
    prop::sample::select(tests)
}

fn condition(count: usize) -> impl Strategy<Value = String> {
    test(count).prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("{{not: {part}}}")),
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|parts| format!("{{all: [{}]}}", parts.join(", "))),
            prop::collection::vec(inner, 1..3)
                .prop_map(|parts| format!("{{any: [{}]}}", parts.join(", "))),
        ]
    })
}

/// Every combination of answers, no answer among them.
fn every_answer() -> Vec<Answers> {
    let yes_no = || vec![None, Some(Value::Bool(true)), Some(Value::Bool(false))];
    let of = [
        ("base", yes_no()),
        (
            "pick",
            vec![
                None,
                Some(Value::Text("aa".into())),
                Some(Value::Text("bb".into())),
                Some(Value::Text("cc".into())),
            ],
        ),
        (
            "step",
            vec![
                None,
                Some(Value::Integer(1)),
                Some(Value::Integer(2)),
                Some(Value::Integer(3)),
            ],
        ),
        ("one", yes_no()),
        ("two", yes_no()),
    ];
    of.into_iter()
        .fold(vec![BTreeMap::new()], |all, (id, values)| {
            all.iter()
                .flat_map(|answers| {
                    values.iter().map(move |value| {
                        let mut answers: Answers = answers.clone();
                        if let Some(value) = value {
                            answers.insert(
                                id.to_owned(),
                                Answer {
                                    value: Some(value.clone()),
                                    ..Answer::default()
                                },
                            );
                        }
                        answers
                    })
                })
                .collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_can_see_a_question_exactly_when_no_answers_show_it(
        conditions in (condition(0), condition(1), condition(2)),
    ) {
        let conditions = [conditions.0, conditions.1, conditions.2];
        let asked: String = ASKED
            .iter()
            .zip(&conditions)
            .map(|(id, condition)| format!("      - {{id: {id}, type: yes_no, text: T, show_if: {condition}}}\n"))
            .collect();
        let source = format!(
            "checklist: a\nversion: 1\nlanguages: [en]\ntitle: A\nindustry: x\nsections:\n  - id: s\n    title: S\n    weight: 1\n    questions:{QUESTIONS}{asked}"
        );
        let read = yaml::parse(&source, &NoPictures);
        // What the rules refuse by themselves is for them.
        let Ok(checklist) = Checklist::try_from(read.document.unwrap()) else { return Ok(()) };
        let everything = every_answer();
        for id in ASKED {
            let said = read.problems.iter().any(|problem| {
                problem.question.as_deref() == Some(id) && problem.message.starts_with("nobody can ever see")
            });
            let seen = everything.iter().any(|answers| shown(&checklist, answers).contains(id));
            prop_assert_eq!(said, !seen, "{}: {:#?}", id, conditions);
            let always = read.problems.iter().any(|problem| {
                problem.question.as_deref() == Some(id) && problem.message.contains("always shown")
            });
            let hidden = everything.iter().any(|answers| !shown(&checklist, answers).contains(id));
            prop_assert_eq!(always, !hidden, "{}: {:#?}", id, conditions);
            // What depends on a question that nobody sees is looked at as if somebody did.
            if !seen {
                break;
            }
        }
    }
}
