//! What holds for the server's rules alone, whatever a checklist says and whatever is answered.
//!
//! Not here: whether the phone's rules say the same (`differential/`).

mod better;
mod excluded;
mod reach;

use plainclothes::domain::answer::Answers;
use plainclothes::domain::checklist::{Checklist, Document};
use plainclothes::domain::scoring::{ENGINE, Micros, Score, Why, score, score_by};
use proptest::prelude::*;
use serde::Deserialize as _;
use serde_json::Value as Json;

use crate::arbitrary::audits;

/// Checklists for each of the properties, with up to six sets of answers.
const CASES: u32 = 400;

/// Every published number of a score, in one order.
fn published(score: &Score) -> Vec<Option<Micros>> {
    let sections = score.sections.iter().flat_map(|section| {
        [
            section.micros,
            section.service_micros,
            section.experience_micros,
        ]
    });
    [
        score.total_micros,
        score.service_micros,
        score.experience_micros,
        score.balanced_micros,
        score.recovery_micros.flatten(),
    ]
    .into_iter()
    .chain(sections)
    .collect()
}

/// The same document with its members the other way round, at every depth.
fn reversed(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let members = members.iter().rev();
            members
                .map(|(name, value)| (name.clone(), reversed(value)))
                .collect()
        }
        Json::Array(items) => items.iter().map(reversed).collect(),
        scalar => scalar.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn every_score_is_whole_and_between_0_and_1(audits in audits()) {
        for set in &audits.sets {
            let score = score(&audits.checklist, &set.read());
            let numbers = published(&score);
            prop_assert!(numbers.iter().flatten().all(|micros| (0..=1_000_000).contains(&micros.0)), "{score:?}");
            let (service, experience) = (score.service_micros, score.experience_micros);
            prop_assert_eq!(score.balanced_micros, service.zip(experience).map(|(one, other)| one.min(other)));
            prop_assert_eq!(score.recovery_micros.is_some(), audits.checklist.has_recovery());
            let ids: Vec<&String> = audits.checklist.questions().map(|question| &question.id).collect();
            prop_assert_eq!(score.trace.iter().map(|line| &line.question).collect::<Vec<_>>(), ids);
            let ids: Vec<&String> = audits.checklist.sections.iter().map(|section| &section.id).collect();
            prop_assert_eq!(score.sections.iter().map(|section| &section.id).collect::<Vec<_>>(), ids);
        }
    }

    #[test]
    fn the_order_of_answers_and_of_members_does_not_matter(audits in audits()) {
        let document: &Document = &audits.checklist;
        let document = reversed(&serde_json::to_value(document).unwrap());
        let checklist: Checklist = serde_json::from_str(&document.to_string()).unwrap();
        for set in &audits.sets {
            let answers: Answers = serde_json::from_str(&reversed(&set.answers).to_string()).unwrap();
            prop_assert_eq!(score(&checklist, &answers), score(&audits.checklist, &set.read()));
        }
    }

    #[test]
    fn what_is_answered_to_a_hidden_question_does_not_matter(audits in audits()) {
        for set in &audits.sets {
            let before = score(&audits.checklist, &set.read());
            let hidden = || before.trace.iter().filter(|line| line.why == Why::Hidden);
            for other in &audits.sets {
                let (mut answers, other) = (set.read(), other.read());
                for line in hidden() {
                    match other.get(&line.question) {
                        Some(answer) => drop(answers.insert(line.question.clone(), answer.clone())),
                        None => drop(answers.remove(&line.question)),
                    }
                }
                prop_assert_eq!(&score(&audits.checklist, &answers), &before);
            }
        }
    }

    #[test]
    fn canonical_bytes_are_read_back_and_score_the_same(audits in audits()) {
        let back = Checklist::from_canonical(&audits.checklist.canonical_bytes()).unwrap();
        prop_assert_eq!(back.sha256(), audits.checklist.sha256());
        for set in &audits.sets {
            prop_assert_eq!(score(&back, &set.read()), score(&audits.checklist, &set.read()));
        }
        prop_assert_eq!(back, audits.checklist);
    }

    #[test]
    fn only_the_proportion_of_weights_matters(audits in audits(), times in 2_u32..=100) {
        let mut document = Document::from(audits.checklist.clone());
        document.sections.iter_mut().for_each(|section| section.weight %= 101);
        prop_assume!(document.sections.iter().any(|section| section.weight > 0));
        let before = Checklist::try_from(document.clone()).unwrap();
        document.sections.iter_mut().for_each(|section| section.weight *= times);
        let after = Checklist::try_from(document.clone()).unwrap();
        for set in &audits.sets {
            // The mean is rounded once, so that not even the last digit moves.
            prop_assert_eq!(score(&after, &set.read()), score(&before, &set.read()));
        }
    }

    #[test]
    fn the_engine_of_today_is_the_one_that_scores(audits in audits()) {
        let answers = audits.sets[0].read();
        prop_assert_eq!(score_by(ENGINE, &audits.checklist, &answers), Some(score(&audits.checklist, &answers)));
        prop_assert_eq!(score_by(0, &audits.checklist, &answers), None);
        prop_assert_eq!(score_by(ENGINE + 1, &audits.checklist, &answers), None);
        let score = serde_json::to_value(score(&audits.checklist, &answers)).unwrap();
        prop_assert_eq!(serde_json::to_value(Score::deserialize(&score).unwrap()).unwrap(), score);
    }
}
