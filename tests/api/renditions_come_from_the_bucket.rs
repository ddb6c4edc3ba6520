//! With `s3.public_endpoint` reviewers are sent to the bucket for renditions, by addresses that expire; clients never are.

use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{World, picture};

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn reviewers_are_sent_to_the_bucket_and_clients_never_are() {
    let world = World::with_config(|config| {
        let s3 = config.s3.as_mut().expect("PLAINCLOTHES_TEST_S3 is set");
        s3.public_endpoint = s3.endpoint.clone();
    })
    .await;
    let endpoint = world.app.config.s3.clone().unwrap().endpoint.unwrap();
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = picture(400, 300, 3);
    let sha256 = Sha256::of(&photo);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(&photo).await;

    // no job has come to it yet: it is made before anybody is sent there
    let path = format!("{}/photos/{sha256}", audit.path());
    let answer = reviewer.get(&format!("{path}/320")).await;
    answer.status_is(307);
    assert_eq!(answer.header("cache-control"), "private, max-age=240");
    let address = answer.header("location");
    assert!(address.starts_with(&endpoint), "{address}");
    let there = reqwest::get(address).await.unwrap();
    assert_eq!(there.status(), 200);
    assert_eq!(there.headers()["content-type"], "image/jpeg");
    let rendition = there.bytes().await.unwrap();
    assert!(rendition.starts_with(&[0xff, 0xd8, 0xff]));

    let original = reviewer.get(&format!("{path}/original")).await;
    original.status_is(200);
    assert!(original.bytes == photo);

    let page = reviewer.get("//desk/").await;
    let csp = page.header("content-security-policy");
    assert!(
        csp.contains(&format!("img-src 'self' blob: data: {endpoint};")),
        "{csp}"
    );

    let approved = reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await;
    approved.status_is(200);
    let client = world.client().await;
    let listed = client.get("/published-audits").await.expect(200);
    let published = listed["items"][0]["id"].as_str().unwrap();
    let shown = client
        .get(&format!("/published-audits/{published}/photos/1/320"))
        .await;
    shown.status_is(200);
    assert_eq!(shown.bytes, rendition);
    assert_eq!(shown.header("last-modified"), "");
}
