//! Plays the whole demo once, on a database of its own, and looks at what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::accounts::{Caller, Role, ShopperScope};
use crate::app::App;
use crate::clock::ManualClock;
use crate::config::Config;
use crate::db::entities::{audit, journal, location, photo, submission, visit};
use crate::demo::{cast, seed_if_empty, stage};
use crate::domain::audit::AuditDocument;
use crate::domain::checklist::Checklist;
use crate::domain::scoring::{Score, score};
use crate::rankings::Period;
use crate::rankings::service::{Asked, rank};

const NOW: &str = "2026-11-22T21:40:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let app = App::start(config, Arc::new(ManualClock::new(now)))
        .await
        .unwrap();

    let started = Instant::now();
    let welcome = seed_if_empty(&app)
        .await
        .unwrap()
        .expect("an empty database is seeded");
    println!("{welcome}\nseeded in {:?}", started.elapsed());
    let journal_before = journal::Entity::find()
        .count(app.db.reader())
        .await
        .unwrap();
    let again = seed_if_empty(&app).await.unwrap();
    assert_eq!(again, Some(welcome.clone()), "a later start says the same");
    let journal_after = journal::Entity::find()
        .count(app.db.reader())
        .await
        .unwrap();
    assert_eq!(journal_after, journal_before, "and changes nothing");

    everybody_can_sign_in(&app, &welcome).await;
    let audits = audit::Entity::find().all(app.db.reader()).await.unwrap();
    audits_are_spread(&app, &audits).await;
    audits_are_what_was_handed_in(&app, &audits, now).await;
    photos_are_small_and_there(&app, &audits).await;
    visits_can_be_made_now(&app, now).await;
    the_desks_have_something_to_show(&app, now).await;
}

async fn caller(app: &App, wanted: Role) -> Caller {
    let (_, email) = cast::SIGN_INS
        .into_iter()
        .find(|(role, _)| *role == wanted)
        .expect("there is a sign-in for each role");
    let begun = crate::accounts::service::sign_in(app, email, cast::PASSWORD, "test").await;
    crate::accounts::service::authenticate(app, &begun.unwrap().token)
        .await
        .unwrap()
}

async fn everybody_can_sign_in(app: &App, welcome: &str) {
    for (role, email) in cast::SIGN_INS {
        assert!(welcome.contains(email), "{email} is not printed");
        let caller = caller(app, role).await;
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
    let Caller { person, agency, .. } = caller(app, Role::Shopper).await;
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

async fn the_desks_have_something_to_show(app: &App, now: DateTime<Utc>) {
    for (role, locations) in [(Role::Client, 14), (Role::Manager, 5)] {
        let scope = caller(app, role).await.as_reader().unwrap();
        let clients = crate::clients::service::list(app, &scope).await.unwrap();
        assert_eq!(clients.len(), 1);
        let asked = Asked {
            client: clients[0].client.id,
            slug: clients[0].checklists[0].slug.clone(),
            period: Period::ending(now.date_naive(), 92),
            region: None,
        };
        let table = rank(app, &scope, &asked).await.unwrap();
        assert_eq!(table.lines.len(), locations);
        for line in &table.lines {
            let percent = |micros: i64| micros as f64 / 10_000.0;
            println!(
                "{:>2} band {:>2} {:<16} n {:>2} mean {:5.1} service {:5.1} experience {:5.1} estimate {:5.1} ({:4.1} to {:4.1})",
                line.row.place.map_or(0, |place| place.rank),
                line.row.place.map_or(0, |place| place.tie_band),
                line.located.location.name,
                line.row.n,
                percent(line.row.mean_micros),
                percent(line.service_micros.unwrap()),
                percent(line.experience_micros.unwrap()),
                percent(line.row.estimate_micros),
                percent(line.row.low_micros),
                percent(line.row.high_micros),
            );
            assert_eq!(line.row.place.is_none(), line.row.n < table.visits_min);
        }
        println!(
            "tau2 {:.1} sigma2 {:.1}",
            table.model.tau2, table.model.sigma2
        );
        let unplaced = table
            .lines
            .iter()
            .filter(|line| line.row.place.is_none())
            .count();
        assert_eq!(unplaced, usize::from(role == Role::Client));
        let bands: BTreeSet<u32> = table
            .lines
            .iter()
            .filter_map(|line| Some(line.row.place?.tie_band))
            .collect();
        assert!(bands.len() > 1, "no location can be told from another");
    }
}
