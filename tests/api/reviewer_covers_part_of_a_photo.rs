//! A reviewer draws rectangles on a photo: nobody outside the agency sees what is under them from the answer on, whatever was
//! published, printed or kept by a browser before; the evidence stays as it is.

use axum::http::Method;
use image::RgbImage;
use plainclothes::domain::ids::Sha256;
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, World, jpeg, scene};

async fn cover(reviewer: &Actor, path: &str, redactions: Value, seen_version: i32) -> Answer {
    let body = json!({"redactions": redactions, "seen_version": seen_version});
    let headers = [("content-type", "application/json")];
    reviewer
        .send(Method::PUT, path, &headers, body.to_string().into_bytes())
        .await
}

async fn if_none_match(client: &Actor, path: &str, tag: &str) -> Answer {
    let headers = [("if-none-match", tag)];
    client.send(Method::GET, path, &headers, Vec::new()).await
}

fn opened(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().into_rgb8()
}

/// What of a JPEG stands in a PDF as it is: its coded pixels.
fn holds(pdf: &[u8], jpeg: &[u8]) -> bool {
    let middle = &jpeg[jpeg.len() / 2..jpeg.len() / 2 + 200];
    pdf.windows(middle.len()).any(|part| part == middle)
}

#[tokio::test]
async fn what_is_covered_is_gone_for_clients_from_the_answer_on() {
    let world = World::new().await;
    let (shopper, reviewer, client) = (
        world.shopper().await,
        world.reviewer().await,
        world.client().await,
    );
    let photo = jpeg(&scene(11, 1000, 800), 90);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);
    let list = client.get("/published-audits").await;
    let id = list.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let published = format!("/published-audits/{id}/photos/1/1280");
    let paper = format!("/published-audits/{id}/report.pdf");
    let before = client.get(&published).await;
    before.status_is(200);
    assert_eq!(before.header("cache-control"), "private, no-cache");
    assert_eq!(before.header("etag"), "\"0\"");
    if_none_match(&client, &published, "\"0\"")
        .await
        .status_is(304);
    assert!(holds(&client.get(&paper).await.bytes, &before.bytes));

    let sha256 = Sha256::of(&photo);
    let own = format!("{}/photos/{sha256}", audit.path());
    let path = format!("{own}/redactions");
    let half = json!([{"left_micros": 0, "top_micros": 0, "width_micros": 500_000, "height_micros": 1_000_000}]);
    let detail = cover(&reviewer, &path, half.clone(), 0).await.expect(200);
    assert_eq!(
        (
            &detail["photos"][0]["redactions"],
            &detail["photos"][0]["redaction_version"]
        ),
        (&half, &json!(1))
    );

    // no job has run yet
    let after = if_none_match(&client, &published, "\"0\"").await;
    after.status_is(200);
    assert_eq!(after.header("etag"), "\"1\"");
    let (old, new) = (opened(&before.bytes), opened(&after.bytes));
    assert_eq!(old.dimensions(), new.dimensions());
    let covered = new.get_pixel(100, 100).0;
    assert!(covered.iter().all(|colour| *colour < 60), "{covered:?}");
    let (one, other) = (old.get_pixel(900, 400), new.get_pixel(900, 400));
    assert!((0..3).all(|i| one.0[i].abs_diff(other.0[i]) < 20));
    let small = client.get(&published.replace("/1280", "/320")).await;
    assert!(opened(&small.bytes).get_pixel(20, 20).0[0] < 60);
    let printed = client.get(&paper).await;
    assert!(!holds(&printed.bytes, &before.bytes) && holds(&printed.bytes, &after.bytes));
    if_none_match(&client, &published, "\"1\"")
        .await
        .status_is(304);

    // the agency still sees all of it, and what others see
    let evidence = reviewer.get(&format!("{own}/original")).await;
    assert_eq!(evidence.bytes, photo);
    let rendition = reviewer.get(&format!("{own}/1280")).await;
    assert_eq!(rendition.bytes, before.bytes);
    let preview = reviewer.get(&format!("{own}/published")).await;
    assert_eq!(preview.bytes, after.bytes);

    // jobs that come late, and again, change nothing
    world.run_jobs().await;
    assert_eq!(client.get(&published).await.bytes, after.bytes);
    let stale = cover(&reviewer, &path, json!([]), 0).await;
    stale.problem(409, "wrong_state", "park");
    cover(&reviewer, &path, json!([]), 1).await.status_is(200);
    let uncovered = client.get(&published).await;
    assert_eq!(uncovered.header("etag"), "\"2\"");
    assert_eq!(uncovered.bytes, before.bytes);
}

#[tokio::test]
async fn rectangles_that_cannot_be_are_refused_where_they_are_wrong() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = jpeg(&scene(12, 100, 80), 90);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    let path = format!("{}/photos/{}/redactions", audit.path(), Sha256::of(&photo));
    // it has not come yet
    cover(&reviewer, &path, json!([]), 0).await.status_is(404);
    shopper.send_photo(&photo).await;
    let of = |left: i64, width: i64| json!({"left_micros": left, "top_micros": 1, "width_micros": width, "height_micros": 1});
    for (wrong, pointer) in [
        (json!([of(1, 1), of(5, 0)]), "/redactions/1"),
        (json!([of(999_999, 2)]), "/redactions/0"),
        (json!(vec![of(1, 1); 51]), "/redactions"),
    ] {
        let said = cover(&reviewer, &path, wrong, 0).await;
        let said = said.problem(400, "malformed_request", "park");
        assert_eq!(said["errors"][0]["pointer"], pointer);
    }
    cover(&reviewer, &path, json!([of(-1, 1)]), 0)
        .await
        .status_is(400);
    shopper.hand_in(&audit).await.status_is(200);
    cover(&shopper, &path, json!([]), 0).await.status_is(403);
}
