//! Fills in every checklist that ships, many times over.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::demo::answers::{Answered, Camera, Circumstances, Levels, answers};
use crate::demo::dice::Dice;
use crate::demo::{filling, plan, stage};
use crate::domain::answer::{Answers, Value};
use crate::domain::audit::{AuditDocument, ListedPhoto, PhoneScore, check};
use crate::domain::checklist::schema::audit_schema;
use crate::domain::checklist::{Checklist, Question, QuestionType};
use crate::domain::ids::{AuditId, Sha256, VisitId};
use crate::domain::scoring::score;
use crate::domain::time::RecordedAt;

const NOW: &str = "2026-11-22T21:40:00Z";

#[test]
fn the_same_visit_is_filled_in_the_same_way() {
    let outings = plan::outings(NOW.parse().unwrap()).unwrap();
    let templates = stage::templates().unwrap();
    for outing in outings.iter().step_by(23) {
        let (brand, _, place) = plan::places().nth(outing.place).unwrap();
        let checklist = templates
            .iter()
            .find(|c| c.checklist == brand.checklist)
            .unwrap();
        let fill = || filling::fill(outing, brand, place, checklist);
        assert_eq!(fill(), fill());
    }
}

/// Takes what is needed, and one more where that is allowed.
struct OneMore(u8);

impl Camera for OneMore {
    fn take(&mut self, _: &Question, _: Answered<'_>, count: RangeInclusive<u32>) -> Vec<Sha256> {
        (0..(count.start() + 1).min(*count.end()))
            .map(|_| {
                self.0 += 1;
                Sha256([self.0; 32])
            })
            .collect()
    }
}

fn filled(checklist: &Checklist, levels: Levels, turn: usize) -> Answers {
    let arrived_at = "2026-11-22T12:30:00".parse().unwrap();
    let circumstances = Circumstances {
        levels,
        arrived_at,
        settled: BTreeMap::new(),
    };
    answers(
        checklist,
        &circumstances,
        &mut Dice::of(7, turn),
        &mut OneMore(0),
    )
}

#[test]
fn any_checklist_is_filled_in_as_it_demands() {
    for checklist in stage::templates().unwrap() {
        let validator = jsonschema::draft202012::new(&audit_schema(&checklist)).unwrap();
        for turn in 0..60 {
            let level = |step: usize| (step % 10) as f64 / 10.0;
            let levels = Levels {
                service: level(turn),
                experience: level(turn * 7),
            };
            let document = document(&checklist, filled(&checklist, levels, turn));
            let problems = check(&checklist, &document);
            assert!(problems.is_empty(), "{}: {problems:?}", checklist.checklist);
            let value = serde_json::to_value(&document).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", checklist.checklist);
        }
    }
}

#[test]
fn how_a_visit_went_shows_in_its_scores() {
    for checklist in stage::templates().unwrap() {
        let mean = |levels: Levels| {
            let scores = (0..40).map(|turn| score(&checklist, &filled(&checklist, levels, turn)));
            let (service, experience): (Vec<i64>, Vec<i64>) = scores
                .filter_map(|s| Some((s.service_micros?.0, s.experience_micros?.0)))
                .unzip();
            let mean = |all: &[i64]| all.iter().sum::<i64>() / all.len() as i64;
            (mean(&service), mean(&experience))
        };
        let rude = mean(Levels {
            service: 0.4,
            experience: 0.9,
        });
        let shabby = mean(Levels {
            service: 0.9,
            experience: 0.4,
        });
        println!("{}: rude {rude:?}, shabby {shabby:?}", checklist.checklist);
        assert!(
            rude.0 + 200_000 < rude.1,
            "{}: {rude:?}",
            checklist.checklist
        );
        assert!(
            shabby.1 + 200_000 < shabby.0,
            "{}: {shabby:?}",
            checklist.checklist
        );
    }
}

#[test]
fn every_kind_of_question_is_answered_somewhere() {
    let mut answered = BTreeSet::new();
    for checklist in stage::templates().unwrap() {
        for turn in 0..20 {
            let answers = filled(
                &checklist,
                Levels {
                    service: 0.7,
                    experience: 0.7,
                },
                turn,
            );
            answered.extend(
                answers
                    .keys()
                    .filter_map(|id| checklist.question(id))
                    .map(|question| question.kind),
            );
            let comments = answers
                .values()
                .filter_map(|answer| answer.comment.as_ref());
            assert!(comments.into_iter().all(|comment| !comment.is_empty()));
            assert!(
                answers
                    .values()
                    .all(|answer| !matches!(answer.value, Some(Value::Other(_))))
            );
        }
    }
    let asked: BTreeSet<QuestionType> = stage::templates()
        .unwrap()
        .iter()
        .flat_map(|checklist| checklist.questions().map(|q| q.kind).collect::<Vec<_>>())
        .filter(|kind| *kind != QuestionType::Heading)
        .collect();
    assert_eq!(answered, asked);
}

fn document(checklist: &Checklist, answers: Answers) -> AuditDocument {
    let at = RecordedAt("2026-11-22T12:30:00+01:00".parse().unwrap());
    let photos = answers.values().flat_map(|answer| &answer.photos);
    let photos = photos
        .map(|sha256| ListedPhoto {
            sha256: *sha256,
            size_bytes: 1,
            media_type: "image/jpeg".to_owned(),
            taken_at: None,
        })
        .collect();
    let score = score(checklist, &answers);
    AuditDocument {
        format: 1,
        audit: AuditId(uuid::Uuid::from_u128(1)),
        visit: VisitId(uuid::Uuid::from_u128(2)),
        checklist: checklist.sha256(),
        supersedes: None,
        started_at: at,
        finished_at: at,
        elapsed_ms: 1,
        server_time_difference_ms: None,
        language: "en".to_owned(),
        answers,
        photos,
        score: PhoneScore {
            total_micros: score.total_micros,
            service_micros: score.service_micros,
            experience_micros: score.experience_micros,
            recovery_micros: score.recovery_micros.flatten(),
            engine: score.engine,
        },
        app_version: "1".to_owned(),
    }
}
