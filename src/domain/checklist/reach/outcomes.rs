//! The answers to a question, as far as some tests can tell them apart.
//!
//! Not here: which questions are looked at together (`search.rs`).

use chrono::{NaiveDate, NaiveTime};

use crate::domain::answer::{DISTANCE_M_MAX, Given, INTEGER_MAX, Value};
use crate::domain::checklist::conditions::{Scalar, Test};
use crate::domain::checklist::model::{Question, QuestionType as Type};

/// What each test says of one answer, in the order of the tests.
pub(super) type Outcome = Vec<bool>;

/// Options whose choices are told apart; every further one would double the number of outcomes.
const OPTIONS_TOLD_APART_MAX: usize = 10;

/// Every outcome that there can be, each once; the first is that of no answer. None when there are too many.
pub(super) fn outcomes(question: &Question, tests: &[&Test]) -> Option<Vec<Outcome>> {
    let of = |given: Given<'_>| -> Outcome { tests.iter().map(|test| test.holds(given)).collect() };
    let mut outcomes = vec![of(Given::Nothing)];
    if question.kind == Type::Photo {
        outcomes.push(of(Given::Photos(1)));
    }
    for value in values(question, tests)? {
        let outcome = of(Given::Value(&value));
        // The first stays even where an answer has the same outcome: some searches want an answer.
        if !outcomes[1..].contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    Some(outcomes)
}

/// At least one answer of every kind that the tests tell apart.
fn values(question: &Question, tests: &[&Test]) -> Option<Vec<Value>> {
    Some(match question.kind {
        Type::Heading | Type::Photo => Vec::new(),
        Type::YesNo => vec![Value::Bool(true), Value::Bool(false)],
        Type::Choice => question
            .options
            .iter()
            .flatten()
            .map(|option| Value::Text(option.id.clone()))
            .collect(),
        Type::MultiChoice => return choices(question, tests),
        Type::Text | Type::Date | Type::Time => words(question.kind, tests),
        Type::Scale => {
            let steps = question.steps.as_ref().map_or(0, Vec::len);
            around(1, i64::try_from(steps).unwrap_or(i64::MAX), tests)
        }
        Type::Emotion => around(1, 5, tests),
        Type::Recommend => around(0, 10, tests),
        Type::LocationCheck => around(0, DISTANCE_M_MAX, tests),
        Type::Number => bounded(question, -INTEGER_MAX, tests),
        Type::Count | Type::Money | Type::Duration => bounded(question, 0, tests),
    })
}

fn bounded(question: &Question, least: i64, tests: &[&Test]) -> Vec<Value> {
    let least = question.minimum.unwrap_or(least);
    around(least, question.maximum.unwrap_or(INTEGER_MAX), tests)
}

/// What a test says changes only beside the numbers that it names.
fn around(least: i64, most: i64, tests: &[&Test]) -> Vec<Value> {
    let mut numbers = vec![least, most];
    let named = scalars(tests).filter_map(|scalar| match scalar {
        Scalar::Integer(number) => Some(number),
        Scalar::Bool(_) | Scalar::Text(_) => None,
    });
    for number in named.chain(tests.iter().filter_map(|test| bound(test))) {
        numbers.extend([number.saturating_sub(1), number, number.saturating_add(1)]);
    }
    numbers.retain(|number| (least..=most).contains(number));
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(Value::Integer).collect()
}

fn bound(test: &Test) -> Option<i64> {
    match test {
        Test::AtLeast(bound) | Test::AtMost(bound) => Some(*bound),
        _ => None,
    }
}

/// The values that tests name.
fn scalars(tests: &[&Test]) -> impl Iterator<Item = Scalar> {
    tests
        .iter()
        .flat_map(|test| match test {
            Test::Equals(scalar) | Test::NotEquals(scalar) => vec![scalar.clone()],
            Test::OneOf(scalars) => scalars.clone(),
            _ => Vec::new(),
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// The texts that tests name, as far as somebody can answer them, and one that none names.
fn words(kind: Type, tests: &[&Test]) -> Vec<Value> {
    let mut values: Vec<Value> = scalars(tests)
        .filter_map(|scalar| match scalar {
            Scalar::Text(text) if is_answer(kind, &text) => Some(Value::Text(text)),
            _ => None,
        })
        .collect();
    values.push(Value::Text("\u{0}anything else".to_owned()));
    values
}

/// Whether a phone could send this for a question of the type; see `audit/check.rs`.
pub(super) fn is_answer(kind: Type, text: &str) -> bool {
    match kind {
        Type::Date => text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        Type::Time => text.len() == 5 && NaiveTime::parse_from_str(text, "%H:%M").is_ok(),
        _ => true,
    }
}

/// Every set of the options that the tests name; what else is chosen, no test can tell.
fn choices(question: &Question, tests: &[&Test]) -> Option<Vec<Value>> {
    let mut named: Vec<&str> = tests
        .iter()
        .filter_map(|test| match test {
            Test::Contains(option) => Some(option.as_str()),
            _ => None,
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > OPTIONS_TOLD_APART_MAX {
        return None;
    }
    let exclusive = |id: &str| question.option(id).is_some_and(|option| option.exclusive);
    let sets = (0..1_u32 << named.len()).map(|set| -> Vec<String> {
        let chosen = named
            .iter()
            .enumerate()
            .filter(|(index, _)| set & (1 << index) != 0);
        chosen.map(|(_, id)| (*id).to_owned()).collect()
    });
    Some(
        sets.filter(|ids| ids.len() < 2 || !ids.iter().any(|id| exclusive(id)))
            .map(Value::Choices)
            .collect(),
    )
}
