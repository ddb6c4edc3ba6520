//! Exactly once: whatever a bad line makes a phone do.

use std::collections::BTreeSet;

use serde_json::json;

use crate::harness::World;

const PARALLEL: usize = 32;

#[tokio::test]
async fn in_parallel_it_is_one_audit_with_one_receipt() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let sent = (0..PARALLEL).map(|_| shopper.hand_in(&audit));
    let answers = futures::future::join_all(sent).await;
    let receipts: BTreeSet<&[u8]> = answers.iter().map(|answer| &*answer.bytes).collect();
    assert_eq!(receipts.len(), 1, "the receipt is the same byte for byte");
    let firsts = answers.iter().filter(|answer| answer.status == 201).count();
    let repeats = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((firsts, repeats), (1, PARALLEL - 1));
    let queue = world.reviewer().await.get("/audits").await.expect(200);
    assert_eq!(queue["total"], 1);
}

#[tokio::test]
async fn other_bytes_under_the_same_id_go_into_quarantine() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
    let other = audit.clone().with("elapsed_ms", json!(1));
    let kept = shopper.hand_in(&other).await.expect(202);
    assert_eq!(kept["reason"], "audit_id_reused");
    let again = shopper.hand_in(&other).await.expect(202);
    assert_eq!(kept, again, "and stay there, with the same receipt");
    let reviewer = world.reviewer().await;
    assert_eq!(reviewer.get("/audits").await.expect(200)["total"], 1);
    let quarantine = reviewer.get("/quarantine").await.expect(200);
    assert_eq!(quarantine["items"][0]["reason"], "audit_id_reused");
    let number = &quarantine["items"][0]["number"];
    let raw = reviewer
        .get(&format!("/quarantine/{number}"))
        .await
        .expect(200);
    assert_eq!(raw["body"], String::from_utf8(other.bytes()).unwrap());
}

#[tokio::test]
async fn the_receipt_is_signed() {
    use base64::Engine as _;
    use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let answer = shopper.hand_in(&audit).await;
    let mut receipt = answer.expect(201);
    let members = receipt.as_object_mut().unwrap();
    let signature = members.remove("signature").unwrap();
    let engine = base64::engine::general_purpose::STANDARD;
    let signature = signature
        .as_str()
        .unwrap()
        .strip_prefix("ed25519:")
        .unwrap()
        .to_owned();
    let signature = Signature::from_slice(&engine.decode(signature).unwrap()).unwrap();
    let hello = world.nobody().get("/sync/hello").await.expect(200);
    let key = hello["receipt_key"].as_str().unwrap();
    let key = engine
        .decode(key.strip_prefix("ed25519:").unwrap())
        .unwrap();
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    key.verify(receipt.to_string().as_bytes(), &signature)
        .unwrap();
    receipt["number"] = json!(0);
    assert!(
        key.verify(receipt.to_string().as_bytes(), &signature)
            .is_err()
    );
}
