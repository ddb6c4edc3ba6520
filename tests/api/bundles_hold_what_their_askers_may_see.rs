//! Bundles: the PDFs of several audits in one file, made in the background, for whoever asked and only as long as they may see
//! what is in it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::http::Method;
use chrono::Duration;
use image::RgbImage;
use plainclothes::accounts::Role;
use plainclothes::bundles::jobs::{MakeBundle, make};
use plainclothes::db::entities::{bundle, role_grant};
use plainclothes::domain::ids::{BundleId, PersonId, RegionId, Sha256};
use plainclothes::error::Error;
use plainclothes::photos::check::{Checked, How, check};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, AuditOnPhone, World, jpeg, polled, scene};

/// Hands in an audit of a location and approves it.
async fn published(world: &World, location: usize, photo: Option<&[u8]>) -> AuditOnPhone {
    let shopper = world.shopper().await;
    let mut audit = world.good_audit(world.locations[location]).await;
    if let Some(photo) = photo {
        audit = audit.with_photo(photo);
    }
    shopper.hand_in(&audit).await.status_is(201);
    if let Some(photo) = photo {
        shopper.send_photo(photo).await;
        world.run_jobs().await;
    }
    let approve = format!("{}/approve", audit.path());
    let reviewer = world.sign_in("reviewer@example.org").await;
    reviewer.post(&approve, &json!({})).await.status_is(200);
    world.run_jobs().await;
    audit
}

/// A world with an audit of each location: two in the north, one in the south.
async fn with_three() -> World {
    let world = World::new().await;
    world.reviewer().await;
    for location in 0..3 {
        published(&world, location, None).await;
    }
    world
}

async fn asked(actor: &Actor, body: Value) -> String {
    let made = actor.post("/bundles", &body).await.expect(202);
    format!("/bundles/{}", made["id"].as_str().unwrap())
}

async fn fetched(actor: &Actor, path: &str) -> Answer {
    actor.get(&format!("{path}/bundle.zip")).await
}

/// The files in a ZIP by their names.
fn files(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        // Published on the day on which all of this happens.
        let date = entry.last_modified().unwrap().to_string();
        assert_eq!(date, "2026-09-14 00:00:00");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(files.insert(name, content).is_none());
    }
    files
}

async fn names(actor: &Actor, path: &str) -> Vec<String> {
    let answer = fetched(actor, path).await;
    answer.status_is(200);
    files(&answer.bytes).into_keys().collect()
}

async fn bundle(world: &World, path: &str) -> bundle::Model {
    let id = BundleId(path.trim_start_matches("/bundles/").parse().unwrap());
    let row = bundle::Entity::find_by_id(id).one(world.app.db.reader());
    row.await.unwrap().unwrap()
}

async fn bucket(world: &World) -> Checked {
    let how = How {
        sample: None,
        mend: false,
    };
    check(&world.app, how, |_| {}).await.unwrap()
}

async fn change(world: &World, sql: &'static str) {
    let changed = world.app.db.write(move |txn| {
        Box::pin(async move {
            txn.execute_unprepared(sql).await?;
            Ok::<_, Error>(())
        })
    });
    changed.await.unwrap();
}

/// Gives the only role that somebody has another reach.
async fn reach(world: &World, person: PersonId, region: RegionId) {
    let moved = world.app.db.write(move |txn| {
        Box::pin(async move {
            role_grant::Entity::update_many()
                .col_expr(role_grant::Column::RegionId, Expr::value(region))
                .filter(role_grant::Column::PersonId.eq(person))
                .exec(txn)
                .await?;
            Ok::<_, Error>(())
        })
    });
    moved.await.unwrap();
}

/// A photo that no coding makes small.
fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let picture = RgbImage::from_fn(1280, 1280, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, r, g, b] = state.to_be_bytes();
        image::Rgb([r, g, b])
    });
    jpeg(&picture, 85)
}

#[tokio::test]
async fn a_client_gets_all_its_pdfs_in_one_file_and_nothing_else() {
    let world = World::new().await;
    world.reviewer().await;
    let client = world.client().await;
    let mut secrets = vec![
        "shopper@example.org".to_owned(),
        world.shopper_id.to_string(),
    ];
    for seed in 0..6 {
        let photo = noise(seed);
        let audit = published(&world, seed as usize % 3, Some(&photo)).await;
        secrets.push(audit.id.to_string());
        secrets.push(audit.document["visit"].as_str().unwrap().to_owned());
    }
    let body = json!({"client": world.client, "from": "2026-09-01", "to": "2026-09-30"});
    let answer = client.post("/bundles", &body).await;
    let made = answer.expect(202);
    let path = format!("/bundles/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), format!("/api/v1{path}"));
    assert_eq!(
        (&made["state"], &made["audits_total"], &made["audits_done"]),
        (&json!("waiting"), &json!(6), &json!(0))
    );
    assert_eq!(made["filter"]["client_name"], "Café Noord");
    fetched(&client, &path)
        .await
        .problem(409, "wrong_state", "park");

    assert_eq!(world.run_jobs().await, 1);
    let ready = client.get(&path).await.expect(200);
    assert_eq!(
        (&ready["state"], &ready["audits_done"], &ready["is_own"]),
        (&json!("ready"), &json!(6), &json!(true))
    );
    assert_eq!(ready["expires_at"], "2026-09-21T10:00:00.000Z");
    let gzip = [("accept-encoding", "gzip, br")];
    let zip_path = format!("{path}/bundle.zip");
    let answer = client.send(Method::GET, &zip_path, &gzip, Vec::new()).await;
    answer.status_is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(
        answer.header("content-length"),
        answer.bytes.len().to_string()
    );
    assert_eq!(ready["size_bytes"], answer.bytes.len());
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"cafe-noord-2026-09-14.zip\""
    );
    assert!(
        bundle(&world, &path).await.pieces > 1,
        "{}",
        answer.bytes.len()
    );

    let found = files(&answer.bytes);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let expected = [
        "cafe-noord-dam-2026-09-14-2.pdf",
        "cafe-noord-dam-2026-09-14.pdf",
        "cafe-noord-harbour-2026-09-14-2.pdf",
        "cafe-noord-harbour-2026-09-14.pdf",
        "cafe-noord-pier-2026-09-14-2.pdf",
        "cafe-noord-pier-2026-09-14.pdf",
    ];
    assert_eq!(names, expected);
    // Each is what the client gets one by one, to the byte.
    let mut one_by_one = Vec::new();
    let list = client.get("/published-audits").await.expect(200);
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let path = format!("/published-audits/{id}/report.pdf");
        one_by_one.push(client.get(&path).await.bytes);
    }
    let mut together: Vec<Vec<u8>> = found.into_values().collect();
    one_by_one.sort();
    together.sort();
    assert!(one_by_one == together);
    let told = format!("{:?} {ready}", answer.headers);
    for secret in &secrets {
        assert!(!told.contains(secret), "tells {secret}");
        let mut parts = answer.bytes.windows(secret.len());
        assert!(
            !parts.any(|part| part == secret.as_bytes()),
            "holds {secret}"
        );
    }
    // Its own asker is named to them.
    let mut parts = answer.bytes.windows(6);
    assert!(!parts.any(|part| part == b"CANARY"));

    // The bucket holds nothing that nobody knows, and a second run changes nothing.
    assert_eq!(bucket(&world).await.wrong(), 0);
    let job = MakeBundle {
        bundle: bundle(&world, &path).await.id,
    };
    make(&world.app, job).await.unwrap();
    assert!(fetched(&client, &path).await.bytes == answer.bytes);
}

#[tokio::test]
async fn everybody_gets_their_part_and_nobody_anothers_file() {
    let world = with_three().await;
    let (client, admin) = (world.client().await, world.admin().await);
    let reviewer = world.sign_in("reviewer@example.org").await;
    let (north, south) = (
        world.manager(world.north).await,
        world.manager(world.south).await,
    );
    let own = asked(&south, json!({})).await;
    let of_client = asked(&client, json!({"region": world.north})).await;
    let of_reviewer = asked(&reviewer, json!({"campaign": world.campaign})).await;
    let of_north = json!({"location": world.locations[1], "client": world.client});
    let of_north = asked(&north, of_north).await;
    world.run_jobs().await;
    assert_eq!(
        names(&south, &own).await,
        ["cafe-noord-harbour-2026-09-14.pdf"]
    );
    let two = [
        "cafe-noord-dam-2026-09-14.pdf",
        "cafe-noord-pier-2026-09-14.pdf",
    ];
    assert_eq!(names(&client, &of_client).await, two);
    assert_eq!(names(&reviewer, &of_reviewer).await.len(), 3);
    assert_eq!(names(&north, &of_north).await, two[1..]);
    let file_name = |bundle: &Value| bundle["file_name"].as_str().unwrap().to_owned();
    let got = client.get(&of_client).await.expect(200);
    assert_eq!(file_name(&got), "cafe-noord-north-2026-09-14.zip");
    let got = reviewer.get(&of_reviewer).await.expect(200);
    assert_eq!(file_name(&got), "cafe-noord-autumn-2026-09-14.zip");
    assert_eq!(got["filter"]["campaign_name"], "Autumn");

    let of_campaign = format!("/published-audits?campaign={}", world.campaign);
    assert_eq!(south.get(&of_campaign).await.expect(200)["total"], 1);
    let of_none = format!("/published-audits?campaign={}", uuid::Uuid::new_v4());
    south.get(&of_none).await.problem(404, "not_found", "park");

    // What is out of reach is not there.
    for body in [
        json!({"region": world.north}),
        json!({"location": world.locations[0]}),
        json!({"client": uuid::Uuid::new_v4()}),
        json!({"campaign": uuid::Uuid::new_v4()}),
    ] {
        south
            .post("/bundles", &body)
            .await
            .problem(404, "not_found", "park");
    }
    let shopper = world.shopper().await;
    shopper.post("/bundles", &json!({})).await.status_is(403);

    // Another's bundle is not there either, whoever asks; but for an admin.
    for stranger in [&south, &client, &north] {
        for path in [of_reviewer.clone(), format!("{of_reviewer}/bundle.zip")] {
            let answer = stranger.get(&path).await;
            answer.problem(404, "not_found", "park");
        }
        let delete = stranger.send(Method::DELETE, &of_reviewer, &[], Vec::new());
        delete.await.status_is(404);
    }
    fetched(&reviewer, &of_client).await.status_is(404);
    let own_only = client.get("/bundles").await.expect(200);
    assert_eq!(own_only["items"].as_array().unwrap().len(), 1);
    assert_eq!(names(&admin, &own).await.len(), 1);
    let all = admin.get("/bundles").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 4);
    let mine = all["items"].as_array().unwrap().iter();
    assert!(mine.clone().all(|one| one["is_own"] == false));
    assert!(
        mine.map(|one| one["asked_by"].as_str().unwrap())
            .any(|name| name.starts_with("reviewer@"))
    );
}

#[tokio::test]
async fn who_may_see_less_by_now_fetches_less() {
    let world = with_three().await;
    let person = world
        .person(
            "boss@example.org",
            Role::Manager,
            Some(world.client),
            Some(world.north),
        )
        .await;
    let boss = world.sign_in("boss@example.org").await;
    let before = asked(&boss, json!({})).await;
    world.run_jobs().await;
    assert_eq!(names(&boss, &before).await.len(), 2);

    // Between asking and making: what is out of reach is left out, and when that is all of it, there is no file.
    let waiting = asked(&boss, json!({})).await;
    reach(&world, person, world.south).await;
    world.run_jobs().await;
    let failed = boss.get(&waiting).await.expect(200);
    assert_eq!(
        (&failed["state"], &failed["audits_left_out"]),
        (&json!("failed"), &json!(2))
    );
    // After making: the file is whole or not given at all.
    let told = boss.get(&before).await.expect(200);
    assert_eq!(told["stale"], "out_of_reach");
    fetched(&boss, &before)
        .await
        .problem(409, "wrong_state", "park");

    reach(&world, person, world.north).await;
    let half = asked(&boss, json!({})).await;
    change(
        &world,
        "UPDATE location SET region_id = (SELECT id FROM region WHERE name = 'South') WHERE name = 'Dam'",
    )
    .await;
    world.run_jobs().await;
    let ready = boss.get(&half).await.expect(200);
    assert_eq!(
        (
            &ready["state"],
            &ready["audits_left_out"],
            &ready["audits_done"]
        ),
        (&json!("ready"), &json!(1), &json!(2))
    );
    assert_eq!(
        names(&boss, &half).await,
        ["cafe-noord-pier-2026-09-14.pdf"]
    );

    // Whose account is closed gets nothing made.
    let last = asked(&boss, json!({})).await;
    change(
        &world,
        "UPDATE person SET disabled_at_ms = 1 WHERE email = 'boss@example.org'",
    )
    .await;
    world.run_jobs().await;
    let admin = world.admin().await;
    assert_eq!(admin.get(&last).await.expect(200)["state"], "failed");
}

#[tokio::test]
async fn what_was_covered_since_is_not_given_uncovered() {
    let world = World::new().await;
    let reviewer = world.reviewer().await;
    let photo = jpeg(&scene(11, 1000, 800), 90);
    let audit = published(&world, 0, Some(&photo)).await;
    let client = world.client().await;
    let before = asked(&client, json!({})).await;
    world.run_jobs().await;
    let old = fetched(&client, &before).await;
    old.status_is(200);

    let cover = format!("{}/photos/{}/redactions", audit.path(), Sha256::of(&photo));
    let body = json!({"seen_version": 0, "redactions": [
        {"left_micros": 0, "top_micros": 0, "width_micros": 500_000, "height_micros": 1_000_000}]});
    let json = [("content-type", "application/json")];
    let covered = reviewer.send(Method::PUT, &cover, &json, body.to_string().into_bytes());
    covered.await.status_is(200);
    let refused = fetched(&client, &before)
        .await
        .problem(409, "wrong_state", "park");
    assert!(refused["detail"].as_str().unwrap().contains("covered"));
    assert_eq!(client.get(&before).await.expect(200)["stale"], "covered");

    let after = asked(&client, json!({})).await;
    world.run_jobs().await;
    let new = fetched(&client, &after).await;
    new.status_is(200);
    assert!(files(&new.bytes) != files(&old.bytes));
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_told_with_what_helps() {
    let world = World::with_config(|config| {
        config.limits.bundle_audits_max = 2;
        config.limits.bundles_waiting_max = 1;
        config.limits.bundles_kept_max = 2;
    })
    .await;
    world.reviewer().await;
    let client = world.client().await;
    let nothing = client.post("/bundles", &json!({})).await;
    nothing.problem(409, "wrong_state", "park");
    for location in 0..3 {
        published(&world, location, None).await;
    }
    let named = |problem: &Value, name: &str, value: u64, unit: &str| {
        let expected = json!({"name": name, "value": value, "unit": unit});
        assert_eq!(problem["limit"], expected);
    };
    let many = client.post("/bundles", &json!({})).await;
    let many = many.problem(409, "too_many", "park");
    named(&many, "bundle_audits_max", 2, "audits");
    assert!(
        many["detail"]
            .as_str()
            .unwrap()
            .starts_with("3 audits match")
    );
    for body in [
        json!({"from": "2026-09-15", "to": "2026-09-14"}),
        json!({"language": "not a language"}),
        json!({"language": "x".repeat(36)}),
        json!({"from": "yesterday"}),
    ] {
        let answer = client.post("/bundles", &body).await;
        answer.problem(400, "malformed_request", "park");
    }
    client
        .post("/bundles", &json!({"from": "2026-09-15"}))
        .await
        .problem(409, "wrong_state", "park");

    let north = json!({"region": world.north});
    let first = asked(&client, north.clone()).await;
    let second = client.post("/bundles", &north).await;
    let second = second.problem(409, "too_many", "park");
    named(&second, "bundles_waiting_max", 1, "bundles");
    // Another's are not counted.
    let south = world.manager(world.south).await;
    asked(&south, json!({})).await;
    world.run_jobs().await;
    asked(&client, north.clone()).await;
    world.run_jobs().await;
    let third = client.post("/bundles", &north).await;
    let third = third.problem(409, "too_many", "park");
    named(&third, "bundles_kept_max", 2, "bundles");
    let gone = client.send(Method::DELETE, &first, &[], Vec::new()).await;
    gone.status_is(204);
    client.get(&first).await.problem(404, "not_found", "park");
    asked(&client, north).await;
}

#[tokio::test]
async fn a_run_that_was_lost_spoils_nothing() {
    let world = with_three().await;
    let client = world.client().await;
    let path = asked(&client, json!({})).await;
    let job = MakeBundle {
        bundle: bundle(&world, &path).await.id,
    };
    // The first is stopped in the middle, as one is whose lease is lost, and never goes on.
    let mut stopped = Box::pin(make(&world.app, job));
    while bundle(&world, &path).await.state != "working" {
        assert!(polled(stopped.as_mut(), 1).await.is_none());
    }
    drop(stopped);
    let run = bundle(&world, &path).await.run;

    // The second stands still while another node makes the file, and then goes on.
    let mut still = Box::pin(make(&world.app, job));
    while bundle(&world, &path).await.run == run {
        assert!(polled(still.as_mut(), 1).await.is_none());
    }
    assert_eq!(world.run_jobs().await, 1);
    let ready = fetched(&client, &path).await;
    ready.status_is(200);
    assert_eq!(files(&ready.bytes).len(), 3);
    still.await.unwrap();
    assert!(fetched(&client, &path).await.bytes == ready.bytes);
    assert_eq!(client.get(&path).await.expect(200)["state"], "ready");

    // What is thrown away in the middle comes to nothing, and leaves nothing.
    let path = asked(&client, json!({})).await;
    let job = MakeBundle {
        bundle: bundle(&world, &path).await.id,
    };
    let mut making = Box::pin(make(&world.app, job));
    while bundle(&world, &path).await.state != "working" {
        assert!(polled(making.as_mut(), 1).await.is_none());
    }
    let thrown = client.send(Method::DELETE, &path, &[], Vec::new()).await;
    thrown.status_is(204);
    making.await.unwrap();
    assert_eq!(bundle(&world, &path).await.state, "working");
    assert_eq!(bucket(&world).await.wrong(), 0);
}

#[tokio::test]
async fn it_waits_for_the_objects_and_what_was_given_up_can_be_tried_again() {
    let world = with_three().await;
    let (client, admin) = (world.client().await, world.admin().await);
    let path = asked(&client, json!({})).await;
    if world.app.config.s3.is_none() {
        // The server inside cannot write any more.
        let folder = world.app.config.data_dir.join("objects/temporary");
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(&folder, "in the way").unwrap();
        for _ in 0..30 {
            assert_eq!(world.run_jobs().await, 1);
            world.clock.advance(Duration::minutes(11));
        }
        let waits = client.get(&path).await.expect(200);
        assert_eq!(waits["state"], "working");
        std::fs::remove_file(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
    }
    world.run_jobs().await;
    assert_eq!(client.get(&path).await.expect(200)["state"], "ready");

    let path = asked(&client, json!({})).await;
    let wanted = bundle(&world, &path).await.audits;
    change(
        &world,
        "UPDATE bundle SET audits = '[5]' WHERE state = 'waiting'",
    )
    .await;
    for _ in 0..20 {
        assert_eq!(world.run_jobs().await, 1);
        world.clock.advance(Duration::minutes(11));
    }
    let failed = client.get(&path).await.expect(200);
    assert_eq!(failed["state"], "failed");
    fetched(&client, &path)
        .await
        .problem(409, "wrong_state", "park");
    let dead = admin.get("/jobs?state=dead").await.expect(200);
    assert_eq!(dead["items"][0]["kind"], "bundle.make");
    let mended = format!("UPDATE bundle SET audits = '{wanted}' WHERE state = 'failed'");
    change(&world, mended.leak()).await;
    let retry = json!({"kind": "bundle.make"});
    let retried = admin.post("/jobs/retry", &retry).await.expect(200);
    assert_eq!(retried["retried"], 1);
    assert_eq!(world.run_jobs().await, 1);
    assert_eq!(names(&client, &path).await.len(), 3);
}

#[tokio::test]
async fn after_seven_days_it_is_gone() {
    let world = with_three().await;
    let client = world.client().await;
    let path = asked(&client, json!({})).await;
    world.run_jobs().await;
    let held = bucket(&world).await.objects;
    assert_eq!(held, 1);
    world
        .clock
        .advance(Duration::days(7) - Duration::seconds(1));
    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.bundles_forgotten, 0);
    fetched(&client, &path).await.status_is(200);

    world.clock.advance(Duration::seconds(1));
    // Whether housekeeping has come to it or not.
    for path in [path.clone(), format!("{path}/bundle.zip")] {
        client.get(&path).await.problem(404, "not_found", "park");
    }
    let listed = client.get("/bundles").await.expect(200);
    assert_eq!(listed["items"], json!([]));
    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.bundles_forgotten, 1);
    let left = bundle::Entity::find().all(world.app.db.reader());
    assert_eq!(left.await.unwrap(), []);
    assert_eq!(bucket(&world).await.objects, 0);
    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.bundles_forgotten, 0);
}
