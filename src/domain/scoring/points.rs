//! Points of a single question: what could be earned, and what an answer earns. Thousandths of a point.
//! Only a change since an earlier face looks at another answer.
//!
//! Not here: whether the question counts at all in this audit (`mod.rs`).

use crate::domain::answer::{Given, Value};
use crate::domain::checklist::conditions::Shown;
use crate::domain::checklist::{
    Band, ChoiceOption, Question, QuestionType as Type, Step, WITHIN_M_DEFAULT,
};

/// How a question earns; borrowed from the question.
#[derive(Debug)]
enum Plan<'q> {
    /// All or nothing: the expected yes or no.
    Expected { expect: bool, points: i64 },
    /// All or nothing: the amount is within tolerance.
    WithinTolerance { points: i64 },
    /// All or nothing: enough photos.
    Photos { at_least: usize, points: i64 },
    /// The points of the chosen options together, up to `cap`.
    Options { cap: Option<i64> },
    /// The points of the step, counted from 1.
    Steps(&'q [Step]),
    /// All or nothing: near enough to the location.
    Within { metres: i64, points: i64 },
    /// The points of the first band that reaches up to the value; for a face that is compared with an earlier one, up to
    /// the change.
    Bands(&'q [Band]),
    /// `points · (value - first) / (last - first)`.
    Proportional { first: i64, last: i64, points: i64 },
}

/// None for a question that cannot earn: its type never does, it has no dimension, or it has nothing that gives points.
fn plan(question: &Question) -> Option<Plan<'_>> {
    if !question.has_dimension() {
        return None;
    }
    let bands = || question.bands.as_deref().map(Plan::Bands);
    let steps = || question.steps.as_deref().map(Plan::Steps);
    let points = question.points_milli;
    match question.kind {
        Type::YesNo => points.map(|points| Plan::Expected {
            expect: question.expect.unwrap_or(true),
            points,
        }),
        Type::Choice => Some(Plan::Options { cap: None }),
        Type::MultiChoice => Some(Plan::Options {
            cap: question.max_points_milli,
        }),
        Type::Scale => steps(),
        Type::Emotion => bands()
            .or(steps())
            .or(points.map(|points| Plan::Proportional {
                first: 1,
                last: 5,
                points,
            })),
        Type::Recommend => bands().or(points.map(|points| Plan::Proportional {
            first: 0,
            last: 10,
            points,
        })),
        Type::Number | Type::Duration | Type::Count => bands(),
        Type::Money => bands().or_else(|| {
            question
                .expected_minor
                .and(points)
                .map(|points| Plan::WithinTolerance { points })
        }),
        Type::LocationCheck => bands().or(points.map(|points| Plan::Within {
            metres: question.within_m.unwrap_or(WITHIN_M_DEFAULT).into(),
            points,
        })),
        Type::Photo => points.map(|points| {
            let at_least = question
                .photo
                .as_ref()
                .map_or(1, |photo| photo.min.max(1) as usize);
            Plan::Photos { at_least, points }
        }),
        Type::Text | Type::Date | Type::Time | Type::Heading => None,
    }
}

/// The most that an answer can earn, never negative; None for a question that cannot earn.
pub(super) fn possible(question: &Question) -> Option<i64> {
    let best = |points: &mut dyn Iterator<Item = i64>| points.max().unwrap_or(0).max(0);
    let option_points = || {
        question
            .options
            .iter()
            .flatten()
            .map(|option| option.points_milli)
    };
    Some(match plan(question)? {
        Plan::Expected { points, .. }
        | Plan::WithinTolerance { points }
        | Plan::Photos { points, .. }
        | Plan::Within { points, .. }
        | Plan::Proportional { points, .. } => points,
        Plan::Options { .. } if question.kind == Type::Choice => best(&mut option_points()),
        Plan::Options { cap } => {
            let sum = option_points().filter(|points| *points > 0).sum::<i64>();
            cap.map_or(sum, |cap| sum.min(cap))
        }
        Plan::Steps(steps) => best(&mut steps.iter().map(|step| step.points_milli)),
        Plan::Bands(bands) => best(&mut bands.iter().map(|band| band.points_milli)),
    })
}

/// What the answer earns; 0 for one that does not fit the question's plan.
pub(super) fn earned(question: &Question, given: Given<'_>, shown: &Shown<'_>) -> i64 {
    match (plan(question), given) {
        (Some(Plan::Expected { expect, points }), Given::Value(Value::Bool(answer)))
            if *answer == expect =>
        {
            points
        }
        (Some(Plan::WithinTolerance { points }), Given::Value(Value::Integer(amount)))
            if within_tolerance(question, *amount) =>
        {
            points
        }
        (Some(Plan::Within { metres, points }), Given::Value(Value::Integer(value)))
            if *value <= metres =>
        {
            points
        }
        (Some(Plan::Photos { at_least, points }), Given::Photos(count)) if count >= at_least => {
            points
        }
        (Some(Plan::Options { cap }), Given::Value(value)) => {
            let sum = chosen(question, value)
                .map(|option| option.points_milli)
                .sum::<i64>();
            cap.map_or(sum, |cap| sum.min(cap))
        }
        (Some(Plan::Steps(steps)), Given::Value(Value::Integer(step))) => usize::try_from(step - 1)
            .ok()
            .and_then(|index| steps.get(index))
            .map_or(0, |step| step.points_milli),
        (Some(Plan::Bands(bands)), Given::Value(Value::Integer(value))) => {
            let value = value - earlier(question, shown).unwrap_or(0);
            bands
                .iter()
                .find(|band| band.up_to.is_none_or(|up_to| value <= up_to))
                .map_or(0, |band| band.points_milli)
        }
        (
            Some(Plan::Proportional {
                first,
                last,
                points,
            }),
            Given::Value(Value::Integer(value)),
        ) => {
            let exact = i128::from(points) * i128::from(value - first);
            // At most `points`, since the value lies between first and last.
            i64::try_from(super::round_div(exact, i128::from(last - first))).unwrap_or(points)
        }
        _ => 0,
    }
}

/// The face that this one is compared with, where that was answered.
fn earlier(question: &Question, shown: &Shown<'_>) -> Option<i64> {
    match shown.given(question.since.as_deref()?) {
        Given::Value(Value::Integer(face)) => Some(*face),
        _ => None,
    }
}

/// Whether the points are for a change, and there is nothing to see a change from.
pub(super) fn lacks_its_pair(question: &Question, shown: &Shown<'_>) -> bool {
    question.since.is_some() && question.bands.is_some() && earlier(question, shown).is_none()
}

/// `|amount - expected| <= tolerance`; without an expected amount nothing is.
pub(super) fn within_tolerance(question: &Question, amount: i64) -> bool {
    let tolerance = question.tolerance_minor.unwrap_or(0);
    question.expected_minor.is_some_and(|expected| {
        i128::from(amount).abs_diff(i128::from(expected)) <= tolerance.unsigned_abs().into()
    })
}

/// The options that a value names.
pub(super) fn chosen<'q>(
    question: &'q Question,
    value: &'q Value,
) -> impl Iterator<Item = &'q ChoiceOption> {
    let named = move |option: &&ChoiceOption| match value {
        Value::Text(id) => option.id == *id,
        Value::Choices(ids) => ids.contains(&option.id),
        Value::Bool(_) | Value::Integer(_) | Value::Other(_) => false,
    };
    question.options.iter().flatten().filter(named)
}
