//! Chunks that break off: what came is kept and the phone goes on behind it, however the line ended.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use futures::SinkExt as _;
use plainclothes::domain::ids::Sha256;
use tower::ServiceExt as _;

use crate::harness::{Actor, Listening, World, picture};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

async fn offset(shopper: &Actor, sha256: &str) -> usize {
    let path = format!("/photos/{sha256}");
    let stands = shopper.send(Method::HEAD, &path, &[TUS], Vec::new()).await;
    stands.status_is(200);
    stands.header("upload-offset").parse().unwrap()
}

/// Waits until the server has noticed; the line alone decides how long that takes.
async fn reaches(shopper: &Actor, sha256: &str, expected: usize) {
    let noticed = async {
        while offset(shopper, sha256).await != expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(10), noticed)
        .await
        .is_err()
    {
        assert_eq!(offset(shopper, sha256).await, expected);
    }
}

struct Story {
    world: World,
    server: Listening,
    shopper: Actor,
    photo: Vec<u8>,
    sha256: String,
}

impl Story {
    async fn new(shade: u8) -> Self {
        let world = World::new().await;
        let shopper = world.shopper().await;
        let photo = picture(700, 500, shade);
        let sha256 = Sha256::of(&photo).to_string();
        shopper
            .begin_photo(&sha256, photo.len())
            .await
            .status_is(201);
        Self {
            server: Listening::start(world.router.clone()).await,
            world,
            shopper,
            photo,
            sha256,
        }
    }

    /// Begins to send all from `at` on, as far as `to`.
    async fn patch(&self, at: usize, to: usize, more: &[(&str, &str)]) -> crate::harness::Line {
        let bearer = format!("Bearer {}", self.shopper.token());
        let length = (self.photo.len() - at).to_string();
        let at_text = at.to_string();
        let mut headers = vec![
            TUS,
            ("authorization", bearer.as_str()),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", &at_text),
            ("content-length", &length),
        ];
        headers.extend_from_slice(more);
        let path = format!("/photos/{}", self.sha256);
        let body = &self.photo[at..to];
        self.server.begin("PATCH", &path, &headers, body).await
    }

    async fn finish_from(&self, at: usize) {
        self.shopper
            .send_chunk(&self.sha256, at, &self.photo[at..])
            .await
            .status_is(204);
        self.world.run_jobs().await;
        let back = self.shopper.get(&format!("/photos/{}", self.sha256)).await;
        assert_eq!(back.bytes, self.photo);
    }
}

#[tokio::test]
async fn what_came_before_the_phone_hung_up_is_kept() {
    let story = Story::new(1).await;
    let line = story.patch(0, 1500, &[]).await;
    drop(line);
    reaches(&story.shopper, &story.sha256, 1500).await;
    let mut line = story.patch(1500, 2000, &[]).await;
    line.go_on(&story.photo[2000..2100]).await;
    line.end().await;
    reaches(&story.shopper, &story.sha256, 2100).await;
    story.finish_from(2100).await;
}

#[tokio::test]
async fn a_reset_line_keeps_what_the_server_has_read() {
    let story = Story::new(2).await;
    story.patch(0, 1000, &[]).await.reset();
    // A reset may overtake bytes that were on their way: some prefix is kept, and going on behind it works.
    story.shopper.get("/sync/changes").await.status_is(200);
    let at = offset(&story.shopper, &story.sha256).await;
    assert!(at <= 1000);
    let line = story.patch(at, at + 100, &[]).await;
    line.end().await;
    let reached = offset(&story.shopper, &story.sha256).await;
    assert!(reached >= at, "the offset never goes back");
    let at = offset(&story.shopper, &story.sha256).await;
    story.finish_from(at).await;
}

#[tokio::test]
async fn a_chunk_with_a_checksum_is_all_or_nothing() {
    let story = Story::new(3).await;
    let checksum = [("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")];
    let line = story.patch(0, 1500, &checksum).await;
    line.end().await;
    assert_eq!(offset(&story.shopper, &story.sha256).await, 0);
    story.finish_from(0).await;
}

#[tokio::test]
async fn a_photo_that_breaks_off_while_it_is_begun_is_kept_as_far_as_it_came() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let story = Story::new(4).await;
    let other = picture(640, 480, 5);
    let sha256 = Sha256::of(&other).to_string();
    let bearer = format!("Bearer {}", story.shopper.token());
    let length = other.len().to_string();
    let metadata = format!("sha256 {}", STANDARD.encode(&sha256));
    let headers = [
        TUS,
        ("authorization", bearer.as_str()),
        ("content-type", "application/offset+octet-stream"),
        ("upload-length", &length),
        ("upload-metadata", &metadata),
        ("content-length", &length),
    ];
    let line = story
        .server
        .begin("POST", "/photos", &headers, &other[..900])
        .await;
    line.end().await;
    reaches(&story.shopper, &sha256, 900).await;
}

/// hyper drops the handler's future when a phone hangs up; nothing of the line is left then but the body's own end.
#[tokio::test]
async fn a_handler_that_is_dropped_in_the_middle_of_a_body_keeps_what_came() {
    let story = Story::new(6).await;
    let (mut phone, body) = futures::channel::mpsc::channel::<Result<Bytes, std::io::Error>>(0);
    let request = Request::patch(format!("/api/v1/photos/{}", story.sha256))
        .header("authorization", format!("Bearer {}", story.shopper.token()))
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", "0")
        .body(Body::from_stream(body))
        .unwrap();
    let handler = tokio::spawn(story.world.router.clone().oneshot(request));
    let piece = |at: usize| Ok(Bytes::copy_from_slice(&story.photo[at..at + 400]));
    phone.send(piece(0)).await.unwrap();
    // Taken only once the first piece has been read.
    phone.send(piece(400)).await.unwrap();
    handler.abort();
    assert!(handler.await.unwrap_err().is_cancelled());
    let broken = std::io::Error::other("the phone hung up");
    phone.send(Err(broken)).await.unwrap();
    reaches(&story.shopper, &story.sha256, 800).await;
    story.finish_from(800).await;
}
