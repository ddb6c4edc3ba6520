//! A shopper whose phone no longer holds a returned audit gets back what they handed in, byte for byte, and nobody else
//! does.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plainclothes::accounts::Role;
use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{Actor, AuditOnPhone, World, picture};

fn photo_path(photo: &[u8]) -> String {
    format!("/photos/{}", Sha256::of(photo))
}

async fn with_another_shopper(world: &World) -> Actor {
    let email = "other@example.org";
    world.person(email, Role::Shopper, None, None).await;
    world.sign_in(email).await
}

/// An audit whose text no serialiser would write: what comes back can only be what was kept.
fn spaced_out(audit: &AuditOnPhone) -> Vec<u8> {
    let mut bytes = b"\n  ".to_vec();
    bytes.extend(serde_json::to_vec_pretty(&audit.document).unwrap());
    bytes.extend(b"\n\n");
    bytes
}

#[tokio::test]
async fn the_document_comes_back_as_it_was_sent_and_to_nobody_else() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let other = with_another_shopper(&world).await;
    let audit = world.good_audit(world.locations[0]).await;
    let path = format!("{}/document", audit.path());
    shopper.get(&path).await.problem(404, "not_found", "park");

    let sent = spaced_out(&audit);
    let json = [("content-type", "application/json")];
    shopper
        .send(Method::PUT, &audit.path(), &json, sent.clone())
        .await
        .status_is(201);
    let words = json!({"message": "Please look at the receipt again."});
    reviewer
        .post(&format!("{}/return", audit.path()), &words)
        .await
        .status_is(200);

    // A browser offers to take it compressed; then the digest would be of other bytes than those that come.
    let browser = [("accept-encoding", "gzip, br, zstd")];
    let back = shopper.send(Method::GET, &path, &browser, Vec::new()).await;
    back.status_is(200);
    assert_eq!(back.bytes, sent);
    assert_eq!(back.header("content-encoding"), "");
    assert_eq!(back.header("content-type"), "application/json");
    let digest = Sha256::of(&sent).0;
    let digest = STANDARD.encode(digest);
    assert_eq!(back.header("content-digest"), format!("sha-256=:{digest}:"));
    assert!(back.header("cache-control").starts_with("private"));

    let foreign = other.get(&path).await;
    foreign.problem(404, "not_found", "park");
    let desk = reviewer.get(&path).await;
    desk.problem(403, "not_allowed", "park");
}

#[tokio::test]
async fn what_is_in_quarantine_is_nobodys_audit() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let path = format!("{}/document", audit.path());
    let astray = audit.clone().with("visit", json!(uuid::Uuid::new_v4()));
    shopper.hand_in(&astray).await.status_is(202);
    shopper.get(&path).await.problem(404, "not_found", "park");

    // Of the bytes under one id, those that became the audit are the ones.
    let placed = world.good_audit(world.locations[1]).await;
    shopper.hand_in(&placed).await.status_is(201);
    let reused = placed.clone().with("app_version", json!("later"));
    shopper.hand_in(&reused).await.status_is(202);
    let back = shopper.get(&format!("{}/document", placed.path())).await;
    back.status_is(200);
    assert_eq!(back.bytes, placed.bytes());
}

#[tokio::test]
async fn a_photo_comes_back_byte_for_byte_before_and_after_it_moved() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let other = with_another_shopper(&world).await;
    let photo = picture(300, 200, 11);
    let (path, sha256) = (photo_path(&photo), Sha256::of(&photo).to_string());
    shopper.get(&path).await.problem(404, "not_found", "park");
    shopper
        .begin_photo(&sha256, photo.len())
        .await
        .status_is(201);
    shopper
        .send_chunk(&sha256, 0, &photo[..500])
        .await
        .status_is(204);
    shopper.get(&path).await.problem(404, "not_found", "park");
    shopper
        .send_chunk(&sha256, 500, &photo[500..])
        .await
        .status_is(204);

    for moved in [false, true] {
        let back = shopper.get(&path).await;
        back.status_is(200);
        assert!(back.bytes == photo, "moved to the objects: {moved}");
        assert_eq!(back.header("content-type"), "image/jpeg");
        assert_eq!(back.header("x-content-type-options"), "nosniff");
        assert!(back.header("content-security-policy").ends_with("sandbox"));
        assert!(back.header("cache-control").starts_with("private"));
        other.get(&path).await.problem(404, "not_found", "park");
        if !moved {
            assert!(world.run_jobs().await > 0, "a job moves it");
        }
    }

    // HEAD under the same address still is the upload's, not a GET without its body.
    let tus = [("tus-resumable", "1.0.0")];
    let stands = shopper.send(Method::HEAD, &path, &tus, Vec::new()).await;
    stands.status_is(200);
    assert_eq!(stands.header("upload-offset"), photo.len().to_string());
    let no_version = shopper.send(Method::HEAD, &path, &[], Vec::new()).await;
    no_version.status_is(412);

    // Whoever begins to send the same content has not sent it.
    other.begin_photo(&sha256, photo.len()).await.status_is(201);
    other.get(&path).await.problem(404, "not_found", "park");
    other.send_chunk(&sha256, 0, &photo).await.status_is(204);
    assert!(other.get(&path).await.bytes == photo);
}
