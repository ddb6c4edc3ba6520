//! More points never lower a score.
//!
//! Exactly: when the points of what an answer earns by are raised, or an answer is replaced by a better paid one, and
//! nothing else changes by it (what is possible, what is shown, what the other questions add, which criticals are touched off),
//! then no published number is lower than before. Not here: changes that do change something else, which may do anything.

use plainclothes::domain::answer::{Answers, Value};
use plainclothes::domain::checklist::{Checklist, Document, Question};
use plainclothes::domain::scoring::{Score, score};
use proptest::prelude::*;

use super::{CASES, published};
use crate::arbitrary::{Audits, audits};

/// Questions that are looked at in one checklist: the few very long ones would take all the time.
const QUESTIONS: usize = 12;

fn not_lower(worse: &Score, better: &Score) -> Result<(), TestCaseError> {
    for (worse, better) in published(worse).into_iter().zip(published(better)) {
        prop_assert_eq!(worse.is_some(), better.is_some());
        prop_assert!(worse <= better, "{:?} > {:?}", worse, better);
    }
    Ok(())
}

/// Whether all but the points of this question's line is as before.
fn same_but_for(id: &str, one: &Score, other: &Score) -> bool {
    one.trace.iter().zip(&other.trace).all(|(one, other)| {
        if one.question == id {
            one.possible_milli == other.possible_milli && one.why == other.why
        } else {
            one == other
        }
    })
}

/// Every place for points in the question.
fn places(question: &mut Question) -> Vec<&mut i64> {
    let options = question
        .options
        .iter_mut()
        .flatten()
        .map(|option| &mut option.points_milli);
    let steps = question
        .steps
        .iter_mut()
        .flatten()
        .map(|step| &mut step.points_milli);
    let bands = question
        .bands
        .iter_mut()
        .flatten()
        .map(|band| &mut band.points_milli);
    options
        .chain(steps)
        .chain(bands)
        .chain(&mut question.points_milli)
        .chain(&mut question.max_points_milli)
        .collect()
}

/// The checklist with more points in one place of one question, which may raise what is possible, too.
fn raised(checklist: &Checklist, id: &str, place: usize, by: i64) -> Option<Checklist> {
    let mut document = Document::from(checklist.clone());
    let mut questions = document
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.questions);
    let question = questions.find(|question| question.id == id)?;
    let mut places = places(question);
    **places.get_mut(place)? += by;
    // Beyond the most points that there may be it is no checklist.
    Checklist::try_from(document).ok()
}

fn by_more_points(audits: &Audits, by: i64) -> Result<usize, TestCaseError> {
    let mut compared = 0;
    for question in audits.checklist.questions().take(QUESTIONS) {
        for place in 0..places(&mut question.clone()).len() {
            let Some(raised) = raised(&audits.checklist, &question.id, place, by) else {
                continue;
            };
            for set in &audits.sets {
                let (before, after) = (
                    score(&audits.checklist, &set.read()),
                    score(&raised, &set.read()),
                );
                if same_but_for(&question.id, &before, &after) {
                    not_lower(&before, &after)?;
                    compared += usize::from(before.trace != after.trace);
                }
            }
        }
    }
    Ok(compared)
}

/// Whether no answer to the question touches anything off.
fn harmless(question: &Question) -> bool {
    let options = question.options.iter().flatten();
    question.critical.is_none() && options.filter(|option| option.critical.is_some()).count() == 0
}

fn by_better_answers(audits: &Audits) -> Result<usize, TestCaseError> {
    let mut compared = 0;
    let checklist = &audits.checklist;
    let small = (-4..=11)
        .map(Value::Integer)
        .chain([true, false].map(Value::Bool));
    for question in checklist
        .questions()
        .filter(|question| harmless(question))
        .take(QUESTIONS)
    {
        let options = question.options.iter().flatten().map(|option| &option.id);
        let bounds = question
            .bands
            .iter()
            .flatten()
            .filter_map(|band| band.up_to);
        let values = small
            .clone()
            .chain(bounds.map(Value::Integer))
            .chain(options.clone().cloned().map(Value::Text))
            .chain(options.map(|id| Value::Choices(vec![id.clone()])));
        let mut answers: Answers = audits.sets[0].read();
        let mut scores = Vec::new();
        for value in values {
            let answer = answers.entry(question.id.clone()).or_default();
            (answer.value, answer.not_applicable) = (Some(value), false);
            scores.push(score(checklist, &answers));
        }
        let line = |score: &Score| {
            score
                .trace
                .iter()
                .find(|line| line.question == question.id)
                .map(|line| line.earned_milli)
        };
        for one in &scores {
            for other in scores.iter().filter(|other| line(one) < line(other)) {
                if same_but_for(&question.id, one, other) {
                    not_lower(one, other)?;
                    compared += 1;
                }
            }
        }
    }
    Ok(compared)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES / 4))]

    #[test]
    fn more_points_never_lower_a_score(audits in audits(), by in prop_oneof![Just(1), 1..20_000_i64]) {
        by_more_points(&audits, by)?;
    }

    #[test]
    fn a_better_paid_answer_never_lowers_a_score(audits in audits()) {
        by_better_answers(&audits)?;
    }
}

/// The two above would hold of nothing, too.
#[test]
fn there_is_enough_to_compare() {
    let (mut points, mut answers) = (0, 0);
    super::reach::sample(60, |audits| {
        points += by_more_points(audits, 1_000).unwrap();
        answers += by_better_answers(audits).unwrap();
    });
    assert!(
        points > 200 && answers > 1_000,
        "{points} by points, {answers} by answers"
    );
}
