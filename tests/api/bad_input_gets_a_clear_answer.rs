//! What is wrong gets the answer of the protocol, and the rest goes on.

use axum::http::Method;
use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{Actor, World, picture};

#[tokio::test]
async fn a_broken_json_is_parked() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let json_type = [("content-type", "application/json")];
    let half = audit.bytes()[..100].to_vec();
    let answer = shopper
        .send(Method::PUT, &audit.path(), &json_type, half)
        .await;
    let problem = answer.problem(400, "malformed_request", "park");
    assert!(
        problem["detail"].as_str().unwrap().contains("line 1"),
        "{problem}"
    );
    shopper.hand_in(&audit).await.status_is(201);
}

#[tokio::test]
async fn a_wrong_digest_is_sent_again() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let digest = audit.clone().with("elapsed_ms", json!(7)).digest();
    let headers = [("content-digest", digest.as_str())];
    let answer = shopper
        .send(Method::PUT, &audit.path(), &headers, audit.bytes())
        .await;
    answer.problem(400, "digest_mismatch", "now");
    shopper.hand_in(&audit).await.status_is(201);
}

#[tokio::test]
async fn a_body_beyond_the_limit_names_the_limit() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let huge = vec![b' '; 20 * 1024 * 1024];
    let answer = shopper.send(Method::PUT, &audit.path(), &[], huge).await;
    let problem = answer.problem(413, "too_large", "park");
    assert_eq!(problem["limit"]["name"], "audit_bytes_max");
    assert_eq!(problem["limit"]["value"], 1024 * 1024);
    shopper.hand_in(&audit).await.status_is(201);
}

#[tokio::test]
async fn an_unknown_checklist_is_kept_in_quarantine() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let unknown = json!(Sha256::of(b"no such checklist"));
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with("checklist", unknown);
    let kept = shopper.hand_in(&audit).await.expect(202);
    assert_eq!(kept["reason"], "unknown_checklist");
    assert_eq!(kept["errors"][0]["pointer"], "/checklist");
    assert_eq!(kept["receipt"]["state"], "quarantined");
}

#[tokio::test]
async fn answers_that_the_checklist_refuses_are_kept_with_pointers() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let mut audit = world.good_audit(world.locations[0]).await;
    audit.document["answers"]["clean"] = json!({"value": 9});
    let kept = shopper.hand_in(&audit).await.expect(202);
    assert_eq!(kept["reason"], "schema_refused");
    assert_eq!(kept["errors"][0]["pointer"], "/answers/clean/value");
    let mut hidden = world.good_audit(world.locations[0]).await;
    hidden.document["answers"]["settled"] = json!({"value": "well"});
    let kept = shopper.hand_in(&hidden).await.expect(202);
    assert!(
        kept["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .contains("settled"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_json_that_is_no_audit_is_kept() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let id = uuid::Uuid::new_v4();
    let path = format!("/audits/{id}");
    for body in ["[]", "{}", "\"audit\"", r#"{"audit": 7}"#] {
        let answer = shopper.send(Method::PUT, &path, &[], body.into()).await;
        assert_eq!(answer.expect(202)["reason"], "malformed_document", "{body}");
    }
    let audit = world.good_audit(world.locations[0]).await;
    let answer = shopper.send(Method::PUT, &path, &[], audit.bytes()).await;
    assert_eq!(answer.expect(202)["errors"][0]["pointer"], "/audit");
}

#[tokio::test]
async fn a_visit_that_is_not_the_shoppers_any_more_does_not_lose_the_work() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let admin = world.admin().await;
    let visit = audit.document["visit"].as_str().unwrap();
    let withdraw = format!("/visits/{visit}/withdraw");
    admin
        .post(&withdraw, &json!({"reason": "closed for repairs"}))
        .await
        .status_is(200);
    assert_eq!(
        shopper.hand_in(&audit).await.expect(202)["reason"],
        "visit_withdrawn"
    );
    let foreign = audit.with("visit", json!(uuid::Uuid::new_v4()));
    let foreign = foreign.clone().with("audit", json!(foreign.id));
    assert_eq!(
        shopper.hand_in(&foreign).await.expect(202)["reason"],
        "unknown_visit"
    );
}

async fn send_as_photo(shopper: &Actor, bytes: &[u8]) -> crate::harness::Answer {
    let sha256 = Sha256::of(bytes).to_string();
    shopper
        .begin_photo(&sha256, bytes.len())
        .await
        .status_is(201);
    shopper.send_chunk(&sha256, 0, bytes).await
}

#[tokio::test]
async fn what_is_no_photo_is_said_to_be_none() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let text = send_as_photo(&shopper, b"Dear diary, this is not a picture.").await;
    text.problem(422, "not_a_photo", "park");
    let photo = picture(40, 40, 1);
    let cut = send_as_photo(&shopper, &photo[..20]).await;
    cut.problem(422, "not_a_photo", "park");
    shopper.send_photo(&photo).await;
}

#[tokio::test]
async fn a_picture_that_claims_too_many_pixels_is_never_decoded() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend(60_000_u32.to_be_bytes());
    bomb.extend(60_000_u32.to_be_bytes());
    bomb.extend([8, 2, 0, 0, 0]);
    let mut crc = 0xffff_ffff_u32;
    for byte in &bomb[12..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    bomb.extend((!crc).to_be_bytes());
    bomb.extend([0; 64]);
    let problem = send_as_photo(&shopper, &bomb)
        .await
        .problem(413, "too_large", "park");
    assert_eq!(problem["limit"]["name"], "photo_pixels_max");
}

#[tokio::test]
async fn a_photo_beyond_the_limit_is_refused_before_its_first_byte() {
    let world = World::with_config(|config| config.limits.photo_bytes_max = 1000).await;
    let shopper = world.shopper().await;
    let answer = shopper
        .begin_photo(&Sha256::of(b"x").to_string(), 1001)
        .await;
    let problem = answer.problem(413, "too_large", "park");
    assert_eq!(problem["limit"]["name"], "photo_bytes_max");
}

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_say_so() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    shopper
        .get("/nowhere")
        .await
        .problem(404, "not_found", "park");
    let wrong = shopper
        .send(Method::DELETE, "/sync/changes", &[], Vec::new())
        .await;
    wrong.problem(405, "method_not_allowed", "park");
    shopper
        .get("/audits/not-an-id")
        .await
        .problem(403, "not_allowed", "park");
    let reviewer = world.reviewer().await;
    reviewer
        .get("/audits/not-an-id")
        .await
        .problem(404, "not_found", "park");
    reviewer
        .get("/audits?limit=many")
        .await
        .problem(400, "malformed_request", "park");
}
