//! What is random reaches everything that there is to say: a generator that never makes a penalty proves nothing of penalties.
//!
//! Not here: that it keeps the rules; it could not make a `Checklist` otherwise.

use std::collections::BTreeSet;

use plainclothes::domain::checklist::{Condition, Question, QuestionType};
use plainclothes::domain::scoring::score;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::arbitrary::{Audits, audits};

/// The same ones in every run.
pub fn sample(count: usize, mut look: impl FnMut(&Audits)) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..count {
        look(&audits().new_tree(&mut runner).unwrap().current());
    }
}

fn conditions(condition: &Condition, seen: &mut BTreeSet<String>) {
    match condition {
        Condition::All(parts) => {
            seen.insert("all".to_owned());
            parts.iter().for_each(|part| conditions(part, seen));
        }
        Condition::Any(parts) => {
            seen.insert("any".to_owned());
            parts.iter().for_each(|part| conditions(part, seen));
        }
        Condition::Not(part) => {
            seen.insert("not".to_owned());
            conditions(part, seen);
        }
        Condition::Question { test, .. } => drop(seen.insert(test.name().to_owned())),
    }
}

/// Words for what a question has.
fn question(question: &Question, seen: &mut BTreeSet<String>) {
    let photo = question
        .photo
        .as_ref()
        .and_then(|photo| photo.when.as_ref());
    let all = [
        question.show_if.as_ref(),
        question.required_if.as_ref(),
        photo,
    ];
    all.into_iter()
        .flatten()
        .for_each(|condition| conditions(condition, seen));
    let options = question.options.iter().flatten();
    let criticals = question
        .critical
        .iter()
        .chain(options.filter_map(|option| option.critical.as_ref()));
    seen.extend(criticals.map(|critical| format!("{:?}", critical.effect)));
    let value = serde_json::to_value(question).unwrap();
    let members = value
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, value)| **value != false);
    seen.extend(members.map(|(name, _)| name.clone()));
    seen.insert(format!("{:?}", question.not_applicable));
    seen.insert(format!(
        "{} scored {}",
        question.kind.name(),
        question.has_dimension()
    ));
    if question
        .options
        .iter()
        .flatten()
        .any(|option| option.exclusive)
    {
        seen.insert("exclusive".to_owned());
    }
    if question.since.is_some() && question.bands.is_some() {
        seen.insert("bands of a change".to_owned());
    }
}

#[test]
fn random_audits_reach_everything() {
    let mut seen = BTreeSet::new();
    let (mut enterable, mut questions_most, mut sets_in_all) = (0, 0, 0);
    sample(1_500, |audits| {
        for one in audits.checklist.questions() {
            question(one, &mut seen);
        }
        seen.insert(format!("format {}", audits.checklist.format));
        for set in &audits.sets {
            let score = score(&audits.checklist, &set.read());
            seen.extend(score.trace.iter().map(|line| format!("{:?}", line.why)));
            seen.insert(format!("passed {:?}", score.passed));
            seen.insert(format!("failed {}", score.failed));
            let recovered = score.recovery_micros.flatten().is_some();
            seen.insert(format!("recovered {recovered}"));
            let above = score
                .trace
                .iter()
                .any(|line| line.earned_milli > line.possible_milli);
            seen.insert(format!("above the possible {above}"));
            let below = score.trace.iter().any(|line| line.earned_milli < 0);
            seen.insert(format!("below 0 {below}"));
            enterable += usize::from(set.enterable);
        }
        questions_most = questions_most.max(audits.checklist.questions().count());
        sets_in_all += audits.sets.len();
    });
    let kinds = QuestionType::ALL.map(QuestionType::name);
    let mute = ["text", "date", "time", "heading"];
    let scored = kinds
        .iter()
        .filter(|kind| !mute.contains(kind))
        .map(|kind| format!("{kind} scored true"));
    let others = kinds.iter().map(|kind| format!("{kind} scored false"));
    let words = "all any not equals not_equals one_of contains at_least at_most answered \
                 CapAudit ZeroSection ZeroAudit FailSection FailAudit \
                 Exclude Pass Zero Fail NotAllowed \
                 Scored Bonus NotScored Hidden Unanswered UnansweredZero NaExcluded NaPass NaZero NaFail \
                 show_if required_if bonus expect critical options steps bands max_points_milli expected_minor \
                 tolerance_minor unit decimals minimum maximum words_min characters_max timer photo recovery trap pictures \
                 since within_m exclusive help";
    let sentences = [
        "format 1",
        "format 2",
        "passed Some(true)",
        "passed Some(false)",
        "passed None",
        "failed true",
        "recovered true",
        "above the possible true",
        "below 0 true",
        "bands of a change",
    ];
    let wanted = words
        .split_whitespace()
        .map(str::to_owned)
        .chain(sentences.map(str::to_owned))
        .chain(scored)
        .chain(others);
    let missing: Vec<String> = wanted.filter(|word| !seen.contains(word)).collect();
    assert!(missing.is_empty(), "never made: {missing:?}");
    assert!(questions_most > 100, "at most {questions_most} questions");
    assert!(
        sets_in_all > 6_000 && enterable > sets_in_all / 3,
        "{enterable} of {sets_in_all} sets from a phone"
    );
}
