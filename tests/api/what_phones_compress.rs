//! Compressed requests: the same audit in fewer bytes, and what becomes of bombs, damage and codings that nobody knows.

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plainclothes::domain::ids::Sha256;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::harness::{Actor, Answer, World};

const CODINGS: [&str; 3] = ["gzip", "zstd", "br"];

async fn compressed(coding: &str, bytes: &[u8]) -> Vec<u8> {
    use async_compression::Level;
    macro_rules! with {
        ($encoder:ident) => {{
            let mut encoder = $encoder::with_quality(Vec::new(), Level::Fastest);
            encoder.write_all(bytes).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner()
        }};
    }
    match coding {
        "gzip" => with!(GzipEncoder),
        "zstd" => with!(ZstdEncoder),
        "br" => with!(BrotliEncoder),
        other => panic!("{other}"),
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::of(bytes).0))
}

async fn put(actor: &Actor, path: &str, coding: &str, sent: Vec<u8>) -> Answer {
    let digest = digest(&sent);
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", coding),
        ("content-digest", &digest),
    ];
    actor.send(Method::PUT, path, &headers, sent).await
}

#[tokio::test]
async fn an_audit_comes_out_as_it_went_in_and_is_the_same_however_it_is_sent() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    for coding in CODINGS {
        let audit = world.good_audit(world.locations[0]).await;
        let sent = compressed(coding, &audit.bytes()).await;
        let receipt = put(&shopper, &audit.path(), coding, sent).await;
        assert_eq!(
            receipt.expect(201)["sha256"],
            json!(Sha256::of(&audit.bytes()))
        );
        let again = shopper.hand_in(&audit).await;
        again.status_is(200);
        assert_eq!(again.bytes, receipt.bytes, "{coding}");
        let document = shopper.get(&format!("{}/document", audit.path())).await;
        assert_eq!(document.bytes, audit.bytes(), "{coding}");
    }
}

#[tokio::test]
async fn the_digest_is_of_the_bytes_as_they_are_sent() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let sent = compressed("gzip", &audit.bytes()).await;
    let of_decoded = audit.digest();
    let headers = [
        ("content-encoding", "gzip"),
        ("content-digest", of_decoded.as_str()),
    ];
    shopper
        .send(Method::PUT, &audit.path(), &headers, sent)
        .await
        .problem(400, "digest_mismatch", "now");
}

#[tokio::test]
async fn every_json_body_may_be_compressed_and_has_its_digest_checked() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let outbox = json!({"audits": 0, "photos": 0, "photo_bytes": 0});
    let offer = json!({"items": [], "outbox": outbox}).to_string();
    for coding in CODINGS {
        let sent = compressed(coding, offer.as_bytes()).await;
        let headers = [("content-encoding", coding)];
        shopper
            .send(Method::POST, "/sync/offer", &headers, sent.clone())
            .await
            .status_is(200);
        let wrong = digest(b"something else");
        let headers = [("content-encoding", coding), ("content-digest", &wrong)];
        shopper
            .send(Method::POST, "/sync/offer", &headers, sent)
            .await
            .problem(400, "digest_mismatch", "now");
    }
}

/// The end of each bomb is missing: had it been decoded to its end, the answer would be that it is damaged.
#[tokio::test]
async fn a_bomb_is_stopped_while_it_is_decoded() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let nothing = vec![b' '; 24 * 1024 * 1024];
    for coding in CODINGS {
        let mut bomb = compressed(coding, &nothing).await;
        assert!(bomb.len() < 1_000_000, "{coding}: {}", bomb.len());
        bomb.truncate(bomb.len() - 3);
        let named = |problem: Value| problem["limit"]["name"].as_str().unwrap().to_owned();
        let answer = put(&shopper, &audit.path(), coding, bomb.clone()).await;
        assert_eq!(
            named(answer.problem(413, "too_large", "park")),
            "audit_bytes_max"
        );
        let headers = [("content-encoding", coding)];
        let answer = shopper
            .send(Method::POST, "/sync/commands", &headers, bomb)
            .await;
        assert_eq!(
            named(answer.problem(413, "too_large", "park")),
            "request_bytes_max"
        );
    }
    shopper.hand_in(&audit).await.status_is(201);
}

#[tokio::test]
async fn the_limit_holds_for_the_coded_bytes_too() {
    let world = World::with_config(|config| config.limits.audit_bytes_max = 2000).await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let mut sent = compressed("gzip", &audit.bytes()).await;
    // Empty members decode to nothing and make it longer than any audit may be.
    while sent.len() <= 2000 {
        sent.extend(compressed("gzip", b"").await);
    }
    put(&shopper, &audit.path(), "gzip", sent)
        .await
        .problem(413, "too_large", "park");
}

#[tokio::test]
async fn what_cannot_be_decoded_is_parked() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    for coding in CODINGS {
        let good = compressed(coding, &audit.bytes()).await;
        let cut = good[..good.len() - 4].to_vec();
        let followed = [good.as_slice(), b"and something else"].concat();
        let never = b"this was never compressed".to_vec();
        for (what, sent) in [("cut", cut), ("followed", followed), ("never", never)] {
            let answer = put(&shopper, &audit.path(), coding, sent).await;
            let problem = answer.problem(400, "malformed_request", "park");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains("cannot be decoded"),
                "{coding} {what}: {detail}"
            );
        }
    }
    // A window of a gibibyte, in three bytes.
    let answer = put(&shopper, &audit.path(), "br", vec![0x11, 0x1e, 0x03]).await;
    let problem = answer.problem(400, "malformed_request", "park");
    assert!(problem["detail"].as_str().unwrap().contains("window"));
    shopper.hand_in(&audit).await.status_is(201);
}

#[tokio::test]
async fn a_coding_that_is_not_spoken_here_is_named() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    for coding in ["deflate", "gzip, br", "compress"] {
        let answer = put(&shopper, &audit.path(), coding, audit.bytes()).await;
        let problem = answer.problem(415, "unsupported_media_type", "park");
        assert!(problem["detail"].as_str().unwrap().contains("zstd"));
    }
    let answer = put(&shopper, &audit.path(), "identity", audit.bytes()).await;
    answer.status_is(201);
}
