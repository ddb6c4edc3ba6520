//! The random members that only some types of question have.
//!
//! Not here: those that all have (`question.rs`).

use plainclothes::domain::answer::{DISTANCE_M_MAX, INTEGER_MAX};
use plainclothes::domain::checklist::{ChoiceOption, Question, QuestionType as Type, Step};

use super::checklist::Head;
use super::choices::Choices;
use super::points::{self, bands, critical, list, own_points};

pub fn fill(
    choices: &mut Choices<'_>,
    question: &mut Question,
    head: &Head,
    earlier: &[Question],
    earns: bool,
) {
    match question.kind {
        Type::YesNo => {
            question.points_milli = own_points(choices, earns);
            question.expect = choices.of(&[None, Some(true), Some(false)]);
            question.critical = critical(choices, 4);
        }
        Type::Choice | Type::MultiChoice => options(choices, question, head, earns),
        Type::Scale => {
            let count = 2 + choices.count(3, 18);
            question.steps = Some(steps(choices, head, count, earns));
        }
        Type::Emotion => emotion(choices, question, head, earlier, earns),
        Type::Recommend if choices.one_in(2) => {
            question.bands = Some(bands(choices, 0, 10, earns));
        }
        Type::Recommend => question.points_milli = own_points(choices, earns),
        Type::LocationCheck => {
            question.within_m = Some(choices.of(&[250, 10, 100_000]));
            if choices.one_in(2) {
                question.bands = Some(bands(choices, 0, DISTANCE_M_MAX, earns));
            } else {
                question.points_milli = own_points(choices, earns);
            }
        }
        Type::Number | Type::Duration | Type::Count => {
            bounds(choices, question);
            if earns || choices.one_in(4) {
                banded(choices, question, earns);
            }
            match question.kind {
                Type::Number => question.decimals = choices.of(&[None, Some(0), Some(3)]),
                Type::Duration => question.timer = choices.one_in(2),
                _ => {}
            }
            if question.kind != Type::Duration {
                question.unit = choices.one_in(4).then(|| head.text(choices));
            }
        }
        Type::Money => money(choices, question, earns),
        Type::Photo => question.points_milli = own_points(choices, earns),
        Type::Text => {
            question.words_min = choices.of(&[None, Some(1), Some(2), Some(3)]);
            question.characters_max = choices.of(&[None, Some(12), Some(1), Some(0)]);
        }
        Type::Date | Type::Time | Type::Heading => {}
    }
}

fn options(choices: &mut Choices<'_>, question: &mut Question, head: &Head, earns: bool) {
    let count = 1 + choices.count(4, 99);
    let points = list(choices, count, earns);
    let odd = choices.one_in(10);
    let exclusive = question.kind == Type::MultiChoice && head.format_2 && choices.one_in(2);
    let option = |(index, points_milli)| ChoiceOption {
        id: match (odd, index) {
            (true, 0) => "constructor".to_owned(),
            (true, 1) => "__proto__".to_owned(),
            _ => format!("o{index}"),
        },
        text: head.text(choices),
        points_milli,
        critical: critical(choices, 12),
        exclusive: exclusive && choices.one_in(3),
    };
    question.options = Some(points.into_iter().enumerate().map(option).collect());
    if question.kind == Type::MultiChoice && choices.one_in(3) {
        question.max_points_milli = Some(points::points(choices).abs().max(1));
    }
}

fn steps(choices: &mut Choices<'_>, head: &Head, count: usize, earns: bool) -> Vec<Step> {
    let points = list(choices, count, earns);
    points
        .into_iter()
        .map(|points_milli| Step {
            text: head.text(choices),
            points_milli,
        })
        .collect()
}

fn emotion(
    choices: &mut Choices<'_>,
    question: &mut Question,
    head: &Head,
    earlier: &[Question],
    earns: bool,
) {
    let faces: Vec<&Question> = earlier
        .iter()
        .filter(|earlier| earlier.kind == Type::Emotion)
        .collect();
    if head.format_2 && !faces.is_empty() && choices.below(3) != 2 {
        question.since = Some(faces[choices.below(faces.len())].id.clone());
    }
    match choices.below(3) {
        0 => question.points_milli = own_points(choices, earns),
        2 if question.since.is_some() => question.bands = Some(bands(choices, -4, 4, earns)),
        _ => question.steps = Some(steps(choices, head, 5, earns)),
    }
}

fn money(choices: &mut Choices<'_>, question: &mut Question, earns: bool) {
    question.currency = Some(choices.of(&["EUR", "JPY", "KWD"]).to_owned());
    bounds(choices, question);
    let by_bands = choices.one_in(3);
    if by_bands {
        banded(choices, question, earns);
    }
    if earns && !by_bands || choices.one_in(2) {
        let amount = choices.integer(0, INTEGER_MAX);
        question.expected_minor = Some(amount);
        question.tolerance_minor = choices.of(&[None, Some(5), Some(0), Some(INTEGER_MAX)]);
        question.critical = critical(choices, 3);
        if !by_bands {
            question.points_milli = own_points(choices, earns);
        }
    }
}

/// The smallest and the largest amount, or none.
fn bounds(choices: &mut Choices<'_>, question: &mut Question) {
    let least = if question.kind == Type::Number {
        -INTEGER_MAX
    } else {
        0
    };
    if choices.one_in(3) {
        question.minimum = Some(choices.integer(least, INTEGER_MAX));
    }
    if choices.one_in(3) {
        let least = question.minimum.unwrap_or(least);
        question.maximum = Some(choices.integer(least, INTEGER_MAX));
    }
}

fn banded(choices: &mut Choices<'_>, question: &mut Question, earns: bool) {
    let least = question.minimum.unwrap_or(-INTEGER_MAX);
    question.bands = Some(bands(
        choices,
        least,
        question.maximum.unwrap_or(INTEGER_MAX),
        earns,
    ));
}
