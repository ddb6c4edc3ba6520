//! Return, correction, approval, rejection, waiving; and what the shopper's phone hears of it.

use serde_json::{Value, json};

use crate::harness::{AuditOnPhone, World, picture};

#[tokio::test]
async fn a_returned_audit_is_corrected_by_a_revision() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
    let returned = format!("{}/return", audit.path());
    reviewer
        .post(&returned, &json!({}))
        .await
        .problem(400, "malformed_request", "park");
    let words = json!({"message": "Please look again.", "comments": [{"question": "clean", "text": "Which table?"}]});
    let opened = reviewer.post(&returned, &words).await.expect(200);
    assert_eq!(opened["state"], "returned");

    let changes = shopper.get("/sync/changes").await.expect(200)["changes"].clone();
    let of = |kind: &str| -> Value {
        changes
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["kind"] == kind)
            .unwrap()["value"]
            .clone()
    };
    assert_eq!(of("visit")["state"], "returned");
    assert_eq!(of("feedback")["comments"][0]["text"], "Which table?");

    let mut correction = AuditOnPhone::good(
        &audit.document["visit"],
        &audit.document["checklist"],
        "2026-09-14T12:40:00+02:00",
    );
    correction.document["supersedes"] = json!(audit.id);
    shopper.hand_in(&correction).await.status_is(201);
    let old = reviewer.get(&audit.path()).await.expect(200);
    assert_eq!(
        (&old["state"], &old["superseded_by"]),
        (&json!("superseded"), &json!(correction.id))
    );
    let approve = format!("{}/approve", correction.path());
    reviewer.post(&approve, &json!({})).await.status_is(200);
    reviewer
        .post(&approve, &json!({}))
        .await
        .problem(409, "wrong_state", "park");

    let mut late = correction.clone();
    late.id = uuid::Uuid::new_v4();
    late.document["audit"] = json!(late.id);
    late.document["supersedes"] = json!(audit.id);
    assert_eq!(
        shopper.hand_in(&late).await.expect(202)["reason"],
        "stale_supersedes"
    );
}

#[tokio::test]
async fn a_rejected_audit_never_reaches_the_client() {
    let world = World::new().await;
    let (shopper, reviewer, client) = (
        world.shopper().await,
        world.reviewer().await,
        world.client().await,
    );
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
    let reject = format!("{}/reject", audit.path());
    reviewer
        .post(&reject, &json!({"message": "Wrong shop."}))
        .await
        .status_is(200);
    assert_eq!(
        client.get("/published-audits").await.expect(200)["total"],
        0
    );
    let changes = shopper.get("/sync/changes").await.expect(200);
    let states: Vec<&Value> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["value"])
        .collect();
    assert!(states.iter().any(|value| value["outcome"] == "rejected"));
}

#[tokio::test]
async fn a_photo_that_will_not_come_can_be_waived_with_a_reason() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&picture(30, 30, 20));
    shopper.hand_in(&audit).await.status_is(201);
    let sha256 = audit.document["photos"][0]["sha256"].as_str().unwrap();
    let waive = format!("{}/photos/{sha256}/waive", audit.path());
    reviewer
        .post(&waive, &json!({"reason": " "}))
        .await
        .problem(400, "malformed_request", "park");
    let opened = reviewer
        .post(&waive, &json!({"reason": "phone was stolen"}))
        .await
        .expect(200);
    assert_eq!(
        (&opened["complete"], &opened["photos"][0]["waived"]),
        (&json!(true), &json!(true))
    );
    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);
}

#[tokio::test]
async fn feedback_is_marked_as_read_once() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);
    let feedback = async || {
        let changes = shopper.get("/sync/changes").await.expect(200);
        let found = changes["changes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|change| change["kind"] == "feedback")
            .cloned();
        found.unwrap()
    };
    let before = feedback().await;
    assert_eq!(before["value"]["read"], false);
    for _ in 0..2 {
        let read = json!({"commands": [
            {"id": uuid::Uuid::new_v4(), "kind": "feedback.read", "subject": before["id"]}]});
        let answer = shopper.post("/sync/commands", &read).await.expect(200);
        assert_eq!(answer["results"][0]["outcome"], "done");
    }
    let after = feedback().await;
    assert_eq!(
        (&after["value"]["read"], &after["rev"]),
        (&json!(true), &json!(2))
    );
}
