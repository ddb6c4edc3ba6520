//! Conditions as they are written in a file.
//!
//! Not here: whether the question exists, stands earlier and can have that value (`rules/conditions.rs`).

use super::node::Value;
use super::reader::{Place, Reader};
use super::{keys, quantity};
use crate::domain::checklist::conditions::{Condition, Test};

const EXAMPLE: &str = "such as {question: greeted, equals: true}";
const TESTS: &[&str] = &[
    "equals",
    "not_equals",
    "one_of",
    "contains",
    "at_least",
    "at_most",
    "answered",
];

pub(super) fn read(reader: &mut Reader, place: &Place<'_>) -> Option<Condition> {
    if !matches!(place.node.value, Value::Map(_)) {
        let message = format!("a condition is wanted here, not {}", place.node.kind());
        reader.problem_with(place, message, Some(EXAMPLE.to_owned()));
        return None;
    }
    let map = reader.map(place, keys::CONDITION)?;
    let heads: Vec<&str> = ["all", "any", "not", "question"]
        .into_iter()
        .filter(|key| map.get(key).is_some())
        .collect();
    let tests: Vec<&str> = TESTS
        .iter()
        .copied()
        .filter(|key| map.get(key).is_some())
        .collect();
    match (heads.as_slice(), tests.as_slice()) {
        (["question"], [test]) => {
            let question = reader.words(&map.get("question")?)?;
            let value = map.get(test)?;
            let test = read_test(reader, test, &value, &question)?;
            Some(Condition::Question { question, test })
        }
        ([head @ ("all" | "any")], []) => {
            let items = reader.list(&map.get(head)?);
            let parts: Vec<_> = items.iter().filter_map(|item| read(reader, item)).collect();
            Some(if *head == "all" {
                Condition::All(parts)
            } else {
                Condition::Any(parts)
            })
        }
        (["not"], []) => read(reader, &map.get("not")?).map(|part| Condition::Not(Box::new(part))),
        (["question"], _) => {
            let message = format!(
                "a condition on a question has exactly one of {}",
                TESTS.join(", ")
            );
            let suggestion = match tests.as_slice() {
                [one, other, ..] => Some(format!(
                    "two tests are two conditions: {{all: [{{question: …, {one}: …}}, {{question: …, {other}: …}}]}}"
                )),
                _ => None,
            };
            reader.problem_with(place, message, suggestion);
            None
        }
        _ => {
            reader.problem_with(
                place,
                "a condition is all, any or not, or a question with a test",
                Some(EXAMPLE.to_owned()),
            );
            None
        }
    }
}

fn read_test(reader: &mut Reader, test: &str, value: &Place<'_>, question: &str) -> Option<Test> {
    Some(match test {
        "equals" => Test::Equals(quantity::scalar(reader, value, question)?),
        "not_equals" => Test::NotEquals(quantity::scalar(reader, value, question)?),
        "one_of" => {
            let items = reader.list(value);
            Test::OneOf(
                items
                    .iter()
                    .filter_map(|item| quantity::scalar(reader, item, question))
                    .collect(),
            )
        }
        "contains" => Test::Contains(reader.words(value)?),
        "answered" => Test::Answered(reader.boolean(value)?),
        at_bound => {
            let bound = match reader.kinds.get(question) {
                Some(&(kind, minor_digits)) => quantity::amount(reader, value, kind, minor_digits)?,
                // That there is no such question, or that its type is unknown, is told elsewhere.
                None => 0,
            };
            if at_bound == "at_least" {
                Test::AtLeast(bound)
            } else {
                Test::AtMost(bound)
            }
        }
    })
}
