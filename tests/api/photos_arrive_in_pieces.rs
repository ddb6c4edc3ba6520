//! tus 1.0 as any client speaks it: pieces, interruptions, checksums.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plainclothes::domain::ids::Sha256;
use serde_json::json;
use sha1::Digest as _;

use crate::harness::{World, picture};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

#[tokio::test]
async fn the_server_says_what_it_can_do() {
    let world = World::new().await;
    let answer = world
        .nobody()
        .send(Method::OPTIONS, "/photos", &[], Vec::new())
        .await;
    answer.status_is(204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(
        answer.header("tus-max-size"),
        (15 * 1024 * 1024).to_string()
    );
    assert!(answer.header("tus-extension").contains("checksum"));
}

#[tokio::test]
async fn a_photo_goes_on_where_it_broke_off() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(500, 400, 3);
    let sha256 = Sha256::of(&photo).to_string();
    let path = format!("/photos/{sha256}");
    shopper
        .send(Method::HEAD, &path, &[TUS], Vec::new())
        .await
        .status_is(404);
    let begun = shopper.begin_photo(&sha256, photo.len()).await;
    assert_eq!(begun.header("location"), format!("/api/v1{path}"));
    assert!(begun.header("upload-expires").ends_with("GMT"));

    shopper
        .send_chunk(&sha256, 0, &photo[..700])
        .await
        .status_is(204);
    // As far off as a number can be.
    shopper
        .send_chunk(&sha256, usize::MAX, &photo[..700])
        .await
        .problem(409, "offset_mismatch", "now");
    let astray = shopper.send_chunk(&sha256, 0, &photo[..700]).await;
    let problem = astray.problem(409, "offset_mismatch", "now");
    assert_eq!(
        (&problem["offset"], astray.header("upload-offset")),
        (&json!(700), "700")
    );
    let stands = shopper.send(Method::HEAD, &path, &[TUS], Vec::new()).await;
    assert_eq!(
        (
            stands.header("upload-offset"),
            stands.header("cache-control")
        ),
        ("700", "no-store")
    );
    shopper
        .begin_photo(&sha256, photo.len())
        .await
        .status_is(201);
    let done = shopper.send_chunk(&sha256, 700, &photo[700..]).await;
    done.status_is(204);
    assert_eq!(done.header("upload-offset"), photo.len().to_string());

    // The last answer was lost: the phone asks, and sends the same again.
    let stands = shopper.send(Method::HEAD, &path, &[TUS], Vec::new()).await;
    assert_eq!(stands.header("upload-offset"), photo.len().to_string());
    shopper
        .send_chunk(&sha256, photo.len(), &[])
        .await
        .status_is(204);
}

#[tokio::test]
async fn a_damaged_chunk_is_sent_again() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(60, 60, 4);
    let sha256 = Sha256::of(&photo).to_string();
    shopper
        .begin_photo(&sha256, photo.len())
        .await
        .status_is(201);
    let sum = format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(&photo)));
    let headers = [
        TUS,
        ("content-type", "application/offset+octet-stream"),
        ("upload-offset", "0"),
        ("upload-checksum", sum.as_str()),
    ];
    let mut damaged = photo.clone();
    damaged[30] ^= 1;
    let path = format!("/photos/{sha256}");
    let answer = shopper.send(Method::PATCH, &path, &headers, damaged).await;
    answer.problem(460, "checksum_mismatch", "now");
    shopper
        .send(Method::PATCH, &path, &headers, photo)
        .await
        .status_is(204);
}

#[tokio::test]
async fn bytes_that_are_not_what_their_name_says_are_dropped_and_begun_anew() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let (photo, other) = (picture(60, 60, 5), picture(60, 60, 6));
    let sha256 = Sha256::of(&photo).to_string();
    shopper
        .begin_photo(&sha256, other.len())
        .await
        .status_is(201);
    let wrong = shopper.send_chunk(&sha256, 0, &other).await;
    wrong.problem(422, "photo_digest_mismatch", "now");
    shopper.send_photo(&photo).await;
}

#[tokio::test]
async fn the_rules_of_tus_are_kept() {
    let world = World::with_config(|config| config.limits.chunk_bytes_max = 1000).await;
    let shopper = world.shopper().await;
    let photo = picture(200, 200, 7);
    let sha256 = Sha256::of(&photo).to_string();
    let path = format!("/photos/{sha256}");
    shopper.begin_photo(&sha256, 1500).await.status_is(201);
    let no_version = shopper.send(Method::HEAD, &path, &[], Vec::new()).await;
    no_version.status_is(412);
    let plain = [TUS, ("content-type", "image/jpeg"), ("upload-offset", "0")];
    let answer = shopper.send(Method::PATCH, &path, &plain, vec![1]).await;
    answer.problem(415, "unsupported_media_type", "park");
    let large = shopper.send_chunk(&sha256, 0, &[0; 1001]).await;
    assert_eq!(
        large.problem(413, "too_large", "park")["limit"]["name"],
        "chunk_bytes_max"
    );
    shopper
        .send_chunk(&sha256, 0, &[0; 1000])
        .await
        .status_is(204);
    let beyond = shopper.send_chunk(&sha256, 1000, &[0; 501]).await;
    beyond.problem(400, "malformed_request", "park");
    let other_length = shopper.begin_photo(&sha256, 1499).await;
    other_length.problem(400, "malformed_request", "park");
    shopper
        .send(Method::DELETE, &path, &[TUS], Vec::new())
        .await
        .status_is(204);
    shopper
        .send(Method::HEAD, &path, &[TUS], Vec::new())
        .await
        .status_is(404);
}

#[tokio::test]
async fn nobody_can_probe_for_or_append_to_anothers_upload() {
    use plainclothes::accounts::Role;
    let world = World::new().await;
    let shopper = world.shopper().await;
    world
        .person("other@example.org", Role::Shopper, None, None)
        .await;
    let other = world.sign_in("other@example.org").await;
    let photo = picture(60, 60, 8);
    let sha256 = Sha256::of(&photo).to_string();
    shopper
        .begin_photo(&sha256, photo.len())
        .await
        .status_is(201);
    let path = format!("/photos/{sha256}");
    other
        .send(Method::HEAD, &path, &[TUS], Vec::new())
        .await
        .status_is(404);
    other
        .send_chunk(&sha256, 0, &photo)
        .await
        .problem(404, "not_found", "park");
    // The same content from both is kept once, and counts for each only when they have sent it.
    shopper.send_chunk(&sha256, 0, &photo).await.status_is(204);
    other
        .send(Method::HEAD, &path, &[TUS], Vec::new())
        .await
        .status_is(404);
    other.send_photo(&photo).await;
    world.run_jobs().await;
    let kept = shopper
        .send(Method::DELETE, &path, &[TUS], Vec::new())
        .await;
    kept.problem(409, "wrong_state", "park");
}
