//! Random conditions on earlier questions.
//!
//! Not here: what they decide (`question.rs`).

use plainclothes::domain::answer::INTEGER_MAX;
use plainclothes::domain::checklist::{Condition, Question, QuestionType as Type, Scalar, Test};

use super::answers::TEXTS;
use super::choices::Choices;

/// A tree over these questions, at most `depth` deep; None where there is nothing to ask.
pub fn condition(
    choices: &mut Choices<'_>,
    earlier: &[&Question],
    depth: usize,
) -> Option<Condition> {
    let depth = depth - 1;
    let parts = |choices: &mut Choices<'_>| -> Option<Vec<Condition>> {
        let count = 1 + choices.count(2, 99);
        (0..count)
            .map(|_| condition(choices, earlier, depth))
            .collect()
    };
    match choices.below(if depth == 0 { 1 } else { 8 }) {
        5 => Some(Condition::All(without_contradiction(parts(choices)?))),
        6 => Some(Condition::Any(parts(choices)?)),
        7 => Some(Condition::Not(Box::new(condition(
            choices, earlier, depth,
        )?))),
        _ => {
            // The last one first: that is the one beside it, which shrinking keeps.
            let asked = earlier
                .len()
                .checked_sub(1 + choices.below(earlier.len()))?;
            let asked = earlier[asked];
            let test = test(choices, asked);
            Some(Condition::Question {
                question: asked.id.clone(),
                test,
            })
        }
    }
}

/// `all` of two values at once is refused, since it never holds.
fn without_contradiction(mut parts: Vec<Condition>) -> Vec<Condition> {
    let mut equals: Vec<(String, Scalar)> = Vec::new();
    for part in &mut parts {
        if let Condition::Question { question, test } = part
            && let Test::Equals(value) = test
        {
            let other = equals
                .iter()
                .any(|(id, earlier)| id == question && earlier != value);
            equals.push((question.clone(), value.clone()));
            if other {
                *test = Test::NotEquals(value.clone());
            }
        }
    }
    parts
}

fn test(choices: &mut Choices<'_>, asked: &Question) -> Test {
    let number = choices.below(6);
    if number == 0 || asked.kind == Type::Photo {
        return Test::Answered(choices.below(3) != 2);
    }
    let scalar = |choices: &mut Choices<'_>| match asked.kind {
        Type::YesNo => Scalar::Bool(choices.below(2) == 0),
        Type::Choice => Scalar::Text(option(choices, asked)),
        Type::Text | Type::Date | Type::Time => {
            let text = choices.of(&TEXTS);
            Scalar::Text(if text.trim().is_empty() { "T" } else { text }.to_owned())
        }
        _ => Scalar::Integer(integer(choices, asked)),
    };
    let ordered = !matches!(
        asked.kind,
        Type::YesNo | Type::Choice | Type::Text | Type::Date | Type::Time
    );
    match number {
        _ if asked.kind == Type::MultiChoice => Test::Contains(option(choices, asked)),
        2 => Test::NotEquals(scalar(choices)),
        3 => Test::OneOf((0..=choices.below(3)).map(|_| scalar(choices)).collect()),
        4 if ordered => Test::AtLeast(integer(choices, asked)),
        5 if ordered => Test::AtMost(integer(choices, asked)),
        _ => Test::Equals(scalar(choices)),
    }
}

fn option(choices: &mut Choices<'_>, asked: &Question) -> String {
    let options = asked.options.as_deref().unwrap_or_default();
    options[choices.below(options.len())].id.clone()
}

/// A number that the question could be answered with.
fn integer(choices: &mut Choices<'_>, asked: &Question) -> i64 {
    let (least, most) = match asked.kind {
        Type::Scale => (1, asked.steps.as_ref().map_or(1, Vec::len) as i64),
        Type::Emotion => (1, 5),
        Type::Recommend => (0, 10),
        Type::Number => (-INTEGER_MAX, INTEGER_MAX),
        _ => (0, INTEGER_MAX),
    };
    choices.integer(
        asked.minimum.unwrap_or(least),
        asked.maximum.unwrap_or(most),
    )
}
