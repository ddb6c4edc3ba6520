//! Photos that cannot be decoded here are taken, kept byte for byte, and said to be there; and however busy the pictures keep the
//! server, everything else is answered.

use std::time::Duration;

use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{World, heic, jpeg, scene};

#[tokio::test]
async fn a_photo_that_cannot_be_shown_is_evidence_all_the_same() {
    let world = World::new().await;
    let (shopper, reviewer, client) = (
        world.shopper().await,
        world.reviewer().await,
        world.client().await,
    );
    let photo = heic(4032, 3024, 7);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    assert_eq!(
        world.run_jobs().await,
        0,
        "nothing is tried again and again"
    );

    let opened = reviewer.get(&audit.path()).await.expect(200);
    let shown = &opened["photos"][0];
    assert_eq!(
        (
            &shown["rendition"],
            &shown["media_type"],
            &shown["width_px"]
        ),
        (&json!("impossible"), &json!("image/heic"), &json!(4032))
    );
    let own = format!("{}/photos/{}", audit.path(), Sha256::of(&photo));
    let original = reviewer.get(&format!("{own}/original")).await;
    original.status_is(200);
    assert_eq!(original.header("content-type"), "image/heic");
    assert_eq!(original.bytes, photo);
    for rendition in ["320", "1280", "published"] {
        let refused = reviewer.get(&format!("{own}/{rendition}")).await;
        refused.problem(409, "wrong_state", "park");
    }

    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);
    let list = client.get("/published-audits").await;
    let id = list.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = client
        .get(&format!("/published-audits/{id}"))
        .await
        .expect(200);
    assert_eq!(
        (&told["photos"], &told["photos_not_shown"]),
        (&json!(1), &json!([1]))
    );
    let photo = client
        .get(&format!("/published-audits/{id}/photos/1/320"))
        .await;
    photo.problem(409, "wrong_state", "park");
    let paper = client
        .get(&format!("/published-audits/{id}/report.pdf"))
        .await;
    paper.status_is(200);
}

#[tokio::test]
async fn the_same_file_is_found_even_if_nobody_can_decode_it() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = heic(400, 300, 9);
    for at in 0..2 {
        let audit = world
            .good_audit(world.locations[at])
            .await
            .with_photo(&photo);
        shopper.hand_in(&audit).await.status_is(201);
    }
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    let pairs = reviewer.get("/photo-pairs?state=open").await.expect(200);
    assert_eq!(pairs["total"], 1);
}

#[tokio::test]
async fn pictures_wait_for_their_turn_and_nobody_waits_for_them() {
    let world = World::with_config(|config| config.limits.imaging_parallel_max = 1).await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let busy = world.app.imaging.clone().acquire_owned().await.unwrap();
    let photo = jpeg(&scene(20, 200, 150), 80);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let soon = Duration::from_secs(20);
    tokio::time::timeout(soon, async {
        shopper.hand_in(&audit).await.status_is(201);
        shopper.send_photo(&photo).await;
        reviewer.get(&audit.path()).await.status_is(200);
        let original = format!("{}/photos/{}/original", audit.path(), Sha256::of(&photo));
        reviewer.get(&original).await.status_is(200);
    })
    .await
    .expect("all of it is answered while a picture is worked on");
    let jobs = world.run_jobs();
    tokio::pin!(jobs);
    let early = tokio::time::timeout(Duration::from_millis(300), &mut jobs).await;
    assert!(early.is_err(), "the rendition did not wait for its turn");
    drop(busy);
    tokio::time::timeout(soon, jobs)
        .await
        .expect("it had its turn");
    let opened = reviewer.get(&audit.path()).await.expect(200);
    assert_eq!(opened["photos"][0]["rendition"], "ready");
}
