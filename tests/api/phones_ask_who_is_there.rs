//! What a phone learns before it sends anything: that it is this server, and whether they still understand each other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn hello_tells_who_answers_and_what_is_taken() {
    let world = World::with_config(|config| config.limits.chunk_bytes_max = 70_000).await;
    let answer = world.nobody().get("/sync/hello").await;
    let hello = answer.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(hello["service"], "plainclothes");
    assert_eq!(hello["protocol"], json!({"pull": [1], "push": [1]}));
    assert_eq!(hello["server_time"], "2026-09-14T10:00:00.000Z");
    assert_eq!(hello["encodings"], json!(["gzip", "zstd", "br"]));
    assert_eq!(hello["limits"]["chunk_bytes_max"], 70_000);
    let page = world.shopper().await.get("/sync/changes").await.expect(200);
    assert_eq!(hello["epoch"], page["epoch"]);
}

#[tokio::test]
async fn receipts_hold_against_the_key_of_the_hello() {
    let world = World::new().await;
    let hello = world.nobody().get("/sync/hello").await.expect(200);
    let key = hello["receipt_key"].as_str().unwrap();
    let key = STANDARD
        .decode(key.strip_prefix("ed25519:").unwrap())
        .unwrap();
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let audit = world.good_audit(world.locations[0]).await;
    let mut receipt = world.shopper().await.hand_in(&audit).await.expect(201);
    let signature = receipt["signature"].as_str().unwrap().to_owned();
    let signature = STANDARD
        .decode(signature.strip_prefix("ed25519:").unwrap())
        .unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    receipt.as_object_mut().unwrap().shift_remove("signature");
    key.verify(receipt.to_string().as_bytes(), &signature)
        .unwrap();
    receipt["number"] = json!(7);
    assert!(
        key.verify(receipt.to_string().as_bytes(), &signature)
            .is_err()
    );
}

#[tokio::test]
async fn a_version_that_nobody_pulls_any_more_asks_for_an_update_and_hands_in_all_the_same() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    shopper.get("/sync/changes?protocol=1").await.status_is(200);
    shopper
        .get("/sync/changes?protocol=2")
        .await
        .problem(426, "update_required", "after_update");
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
}
