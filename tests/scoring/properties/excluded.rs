//! What is not applicable and excluded leaves the others alone.
//!
//! Not here: the other policies, which have golden vectors.

use std::collections::BTreeSet;

use plainclothes::domain::answer::Answer;
use plainclothes::domain::checklist::{Checklist, Condition, Document, NaPolicy, Question, Test};
use plainclothes::domain::scoring::{Why, score};
use proptest::prelude::*;

use super::CASES;
use crate::arbitrary::audits;

const QUESTIONS: usize = 12;

/// Ids that conditions and pairs refer to.
fn referred_to(document: &Document) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for question in document.questions() {
        let photo = question
            .photo
            .as_ref()
            .and_then(|photo| photo.when.as_ref());
        for condition in [&question.show_if, &question.required_if]
            .into_iter()
            .flatten()
            .chain(photo)
        {
            refers(condition, &mut ids);
        }
        ids.extend(question.since.clone());
    }
    ids
}

fn refers(condition: &Condition, ids: &mut BTreeSet<String>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| refers(part, ids));
        }
        Condition::Not(part) => refers(part, ids),
        Condition::Question { question, .. } => drop(ids.insert(question.clone())),
    }
}

/// The checklist as if the question had never been asked; None where its section would be empty.
fn without(checklist: &Checklist, id: &str) -> Option<Checklist> {
    let mut document = Document::from(checklist.clone());
    for section in &mut document.sections {
        section.questions.retain(|question| question.id != id);
    }
    document.format = document.format_needed();
    Checklist::try_from(document).ok()
}

fn excludable(checklist: &Checklist) -> impl Iterator<Item = &Question> {
    let exclude = |question: &&Question| question.not_applicable == NaPolicy::Exclude;
    checklist.questions().filter(exclude).take(QUESTIONS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES / 2))]

    #[test]
    fn others_add_what_they_add_without_an_answer(audits in audits()) {
        for (set, question) in audits.sets.iter().flat_map(|set| excludable(&audits.checklist).map(move |question| (set, question))) {
            let mut answers = set.read();
            answers.remove(&question.id);
            let nothing = score(&audits.checklist, &answers);
            answers.insert(question.id.clone(), Answer { not_applicable: true, ..Answer::default() });
            let excluded = score(&audits.checklist, &answers);
            for (nothing, excluded) in nothing.trace.iter().zip(&excluded.trace) {
                if nothing.question == question.id {
                    prop_assert_eq!((excluded.earned_milli, excluded.possible_milli), (0, 0));
                    prop_assert!(matches!(excluded.why, Why::NaExcluded | Why::Hidden | Why::NotScored));
                } else {
                    prop_assert_eq!(nothing, excluded);
                }
            }
        }
    }

    #[test]
    fn all_is_scored_as_if_the_question_had_never_been_asked(audits in audits()) {
        let checklist = &audits.checklist;
        let referred_to = referred_to(checklist);
        for question in excludable(checklist).filter(|question| !referred_to.contains(&question.id)) {
            let Some(without) = without(checklist, &question.id) else { continue };
            for set in &audits.sets {
                let mut answers = set.read();
                answers.insert(question.id.clone(), Answer { not_applicable: true, ..Answer::default() });
                let mut excluded = score(checklist, &answers);
                let without = score(&without, &answers);
                excluded.trace.retain(|line| line.question != question.id);
                if !question.recovery {
                    prop_assert_eq!(excluded.recovery_micros, without.recovery_micros);
                }
                excluded.recovery_micros = without.recovery_micros;
                prop_assert_eq!(excluded, without);
            }
        }
    }
}

#[test]
fn references_are_found_at_any_depth() {
    let asked = |id: &str| Condition::Question {
        question: id.to_owned(),
        test: Test::Answered(true),
    };
    let tree = Condition::All(vec![
        asked("a"),
        Condition::Not(Box::new(Condition::Any(vec![asked("b")]))),
    ]);
    let mut ids = BTreeSet::new();
    refers(&tree, &mut ids);
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["a", "b"]);
}
