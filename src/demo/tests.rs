//! Plays the whole demo once, on a database of its own, and looks at what came of it; and fills in every checklist many times.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::EntityTrait as _;

use super::answers::{Answered, Camera, Circumstances, Levels, answers};
use super::dice::Dice;
use super::{cast, filling, plan, seed_if_empty, stage};
use crate::accounts::{Role, ShopperScope};
use crate::app::App;
use crate::clock::ManualClock;
use crate::config::Config;
use crate::db::entities::{audit, location, photo, submission, visit};
use crate::domain::answer::{Answers, Value};
use crate::domain::audit::{AuditDocument, ListedPhoto, PhoneScore, check};
use crate::domain::checklist::schema::audit_schema;
use crate::domain::checklist::{Checklist, Question, QuestionType};
use crate::domain::ids::{AuditId, Sha256, VisitId};
use crate::domain::scoring::{Score, score};
use crate::domain::time::RecordedAt;

const NOW: &str = "2026-11-22T21:40:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let app = App::start(config, std::sync::Arc::new(ManualClock::new(now)))
        .await
        .unwrap();

    let started = std::time::Instant::now();
    let welcome = seed_if_empty(&app)
        .await
        .unwrap()
        .expect("an empty database is seeded");
    println!("{welcome}\nseeded in {:?}", started.elapsed());
    assert!(
        seed_if_empty(&app).await.unwrap().is_none(),
        "a second time changes nothing"
    );

    everybody_can_sign_in(&app, &welcome).await;
    let audits = audit::Entity::find().all(app.db.reader()).await.unwrap();
    audits_are_spread(&app, &audits).await;
    audits_are_what_was_handed_in(&app, &audits, now).await;
    photos_are_small_and_there(&app, &audits).await;
    visits_can_be_made_now(&app, now).await;
}

async fn everybody_can_sign_in(app: &App, welcome: &str) {
    for (role, email) in cast::SIGN_INS {
        assert!(welcome.contains(email), "{email} is not printed");
        let begun = crate::accounts::service::sign_in(app, email, cast::PASSWORD, "test").await;
        let caller = crate::accounts::service::authenticate(app, &begun.unwrap().token)
            .await
            .unwrap();
        assert_eq!(caller.grants.len(), 1);
        assert_eq!(caller.grants[0].role, role);
        assert_eq!(caller.grants[0].regions.is_some(), role == Role::Manager);
    }
}

async fn audits_are_spread(app: &App, audits: &[audit::Model]) {
    let locations = location::Entity::find().all(app.db.reader()).await.unwrap();
    assert_eq!(locations.len(), 24);
    let zones: BTreeSet<&str> = locations.iter().map(|l| l.time_zone.as_str()).collect();
    assert!(zones.len() >= 3, "{zones:?}");
    let counts: Vec<usize> = locations
        .iter()
        .map(|location| {
            audits
                .iter()
                .filter(|audit| audit.location_id == location.id)
                .count()
        })
        .collect();
    assert!(
        counts.iter().all(|count| (2..=15).contains(count)),
        "{counts:?}"
    );
    assert!(counts.contains(&2) && counts.contains(&15), "{counts:?}");
    let in_state = |state: &str| audits.iter().filter(|audit| audit.state == state).count();
    assert_eq!((in_state("submitted"), in_state("returned")), (6, 1));
    assert_eq!(in_state("approved"), audits.len() - 7);
    // What makes the desk worth looking at: places differ, and the two scores differ within a place.
    let totals: Vec<i64> = audits
        .iter()
        .filter_map(|audit| audit.total_micros)
        .collect();
    assert!(totals.iter().any(|total| *total > 880_000) && totals.iter().any(|t| *t < 600_000));
    let mean = |code: &str, score: fn(&audit::Model) -> Option<i64>| {
        let of = locations
            .iter()
            .find(|location| location.code == code)
            .unwrap()
            .id;
        let scores: Vec<i64> = audits
            .iter()
            .filter(|a| a.location_id == of)
            .filter_map(score)
            .collect();
        scores.iter().sum::<i64>() / scores.len() as i64
    };
    let (service, experience) = (
        mean("SW-102", |a| a.service_micros),
        mean("SW-102", |a| a.experience_micros),
    );
    assert!(service + 150_000 < experience, "{service} {experience}");
    let (service, experience) = (
        mean("SW-202", |a| a.service_micros),
        mean("SW-202", |a| a.experience_micros),
    );
    assert!(experience + 150_000 < service, "{service} {experience}");
}

async fn audits_are_what_was_handed_in(app: &App, audits: &[audit::Model], now: DateTime<Utc>) {
    let submissions = submission::Entity::find()
        .all(app.db.reader())
        .await
        .unwrap();
    assert_eq!(submissions.len(), audits.len());
    let checklists: BTreeMap<String, Checklist> = stage::templates()
        .unwrap()
        .into_iter()
        .map(|checklist| (checklist.checklist.clone(), checklist))
        .collect();
    let mut flags = Vec::new();
    for submission in &submissions {
        assert_eq!(
            submission.reason, None,
            "in quarantine: {:?}",
            submission.errors
        );
        let audit = audits
            .iter()
            .find(|audit| audit.id == submission.audit_id)
            .unwrap();
        let document: AuditDocument = serde_json::from_slice(&submission.body).unwrap();
        let fresh = score(&checklists[&audit.checklist_slug], &document.answers);
        let stored: Score = serde_json::from_str(&audit.score).unwrap();
        assert_eq!(stored, fresh);
        assert_eq!(audit.total_micros, fresh.total_micros.map(i64::from));
        assert_eq!(
            document.score.total_micros, fresh.total_micros,
            "phone and server differ"
        );
        assert!(audit.received_at_ms < now.timestamp_millis());
        flags.extend(serde_json::from_str::<Vec<String>>(&audit.flags).unwrap());
    }
    flags.sort();
    assert_eq!(flags, ["clock_skew", "outside_window"]);
    // Numbers of receipts grow with time, as they would have.
    assert!(submissions.is_sorted_by_key(|s| (s.number, s.received_at_ms)));
    assert!(submissions.iter().map(|s| s.received_at_ms).is_sorted());
}

async fn photos_are_small_and_there(app: &App, audits: &[audit::Model]) {
    assert!(
        audits
            .iter()
            .all(|audit| audit.complete && audit.photos_total >= 1)
    );
    let photos = photo::Entity::find().all(app.db.reader()).await.unwrap();
    let named: i32 = audits.iter().map(|audit| audit.photos_total).sum();
    assert_eq!(photos.len() as i32, named, "a photo was used twice");
    let largest = photos.iter().map(|photo| photo.size_bytes).max();
    assert!(largest < Some(30_000), "{largest:?}");
    println!(
        "{} audits, {} photos, the largest {largest:?} bytes",
        audits.len(),
        photos.len()
    );
}

async fn visits_can_be_made_now(app: &App, now: DateTime<Utc>) {
    let (person, agency) = {
        let begun =
            crate::accounts::service::sign_in(app, cast::SIGN_INS[0].1, cast::PASSWORD, "t");
        let token = begun.await.unwrap().token;
        let caller = crate::accounts::service::authenticate(app, &token)
            .await
            .unwrap();
        (caller.person, caller.agency)
    };
    let visits = visit::Entity::find().all(app.db.reader()).await.unwrap();
    let now_ms = now.timestamp_millis();
    let mine = || {
        visits
            .iter()
            .filter(|visit| visit.shopper_id == Some(person))
    };
    let open: Vec<&visit::Model> = mine()
        .filter(|v| v.state == "assigned")
        .filter(|v| v.opens_at_ms <= now_ms && v.closes_at_ms > now_ms + 3_600_000)
        .collect();
    assert!(open.len() >= 4, "{}", open.len());
    let clients: BTreeSet<_> = open.iter().map(|visit| visit.client_id).collect();
    let places: BTreeSet<_> = open.iter().map(|visit| visit.location_id).collect();
    assert_eq!((clients.len(), places.len()), (2, open.len()));
    assert_eq!(
        mine()
            .filter(|v| v.state == "assigned" && v.opens_at_ms > now_ms)
            .count(),
        2
    );
    // The phone hears of all that, and of what it has not read yet.
    let shopper = ShopperScope { agency, person };
    let page = crate::sync::changes::pull(app, shopper, None, 500)
        .await
        .unwrap();
    let unread: Vec<String> = page
        .entries
        .iter()
        .filter(|entry| entry.kind == "feedback")
        .filter_map(|entry| entry.value.clone())
        .filter(|value| value.contains("\"read\":false"))
        .collect();
    assert_eq!(unread.len(), 2);
    assert!(
        unread
            .iter()
            .any(|value| value.contains("\"outcome\":\"returned\""))
    );
    assert_eq!(page.live_count, page.entries.len() as i64);
}

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
    fn take(&mut self, _: &Question, _: Answered<'_>, needed: usize) -> Vec<Sha256> {
        (0..=needed)
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
            engine: score.engine,
        },
        app_version: "1".to_owned(),
    }
}
