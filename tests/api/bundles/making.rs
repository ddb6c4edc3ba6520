//! Asking for bundles within limits, and how they are made: a run that is lost, objects that are away, a job that was given up,
//! and the end of seven days.

use axum::http::Method;
use chrono::Duration;
use plainclothes::bundles::jobs::{MakeBundle, make};
use plainclothes::db::entities::bundle as rows;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{asked, bucket, bundle, change, fetched, files, names, published, with_three};
use crate::harness::{World, polled};

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

    // The second stands still until a third is at it, and then goes on to its end: it has nothing to say any more.
    let mut second = Box::pin(make(&world.app, job));
    while bundle(&world, &path).await.run == run {
        assert!(polled(second.as_mut(), 1).await.is_none());
    }
    let run = bundle(&world, &path).await.run;
    let mut third = Box::pin(make(&world.app, job));
    while bundle(&world, &path).await.run == run {
        assert!(polled(third.as_mut(), 1).await.is_none());
    }
    second.await.unwrap();
    let row = bundle(&world, &path).await;
    assert_eq!((row.state.as_str(), row.audits_done), ("working", 0));
    // The third stands still while another node makes the file.
    assert_eq!(world.run_jobs().await, 1);
    let ready = fetched(&client, &path).await;
    ready.status_is(200);
    assert_eq!(files(&ready.bytes).len(), 3);
    third.await.unwrap();
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
    let left = rows::Entity::find().all(world.app.db.reader());
    assert_eq!(left.await.unwrap(), []);
    assert_eq!(bucket(&world).await.objects, 0);
    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.bundles_forgotten, 0);
}
