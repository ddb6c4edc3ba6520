//! A phone that cannot send any more exports its outbox; a reviewer brings the file to the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use plainclothes::accounts::{Role, Scope};
use plainclothes::db::entities::{audit, photo, submission};
use plainclothes::domain::ids::{PersonId, Sha256};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, AuditOnPhone, World, picture};

fn head(user: PersonId) -> Value {
    json!({"format": "plainclothes-outbox-2", "user": user, "exported_at": "2026-09-14T10:00:00Z", "app_version": "test"})
}

fn audit_line(audit: &AuditOnPhone) -> Value {
    let text = String::from_utf8(audit.bytes()).unwrap();
    json!({"audit": audit.id, "sha256": Sha256::of(text.as_bytes()), "text": text})
}

fn photo_line(name: &[u8], bytes: &[u8]) -> Value {
    json!({"photo": Sha256::of(name), "type": "image/jpeg", "base64": STANDARD.encode(bytes)})
}

fn file(lines: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.join("\n").into_bytes()
}

async fn send(actor: &Actor, bytes: Vec<u8>) -> Answer {
    let headers = [("content-type", "application/x-ndjson")];
    actor
        .send(Method::POST, "/outbox-imports", &headers, bytes)
        .await
}

fn outcomes(list: &Value) -> Vec<&str> {
    let all = list.as_array().unwrap();
    all.iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn everything_comes_in_once_however_often_the_file_is_brought() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let (first, second) = (picture(200, 150, 1), picture(200, 150, 2));
    let good = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&first);
    let lost = AuditOnPhone::good(
        &json!(uuid::Uuid::new_v4()),
        &json!(world.checklist),
        "2026-09-14T12:30:00+02:00",
    );
    let sent = world
        .good_audit(world.locations[1])
        .await
        .with_photo(&second);
    shopper.hand_in(&sent).await.status_is(201);
    // One photo was on its way when the phone broke.
    let name = Sha256::of(&second).to_string();
    shopper
        .begin_photo(&name, second.len())
        .await
        .status_is(201);
    shopper
        .send_chunk(&name, 0, &second[..500])
        .await
        .status_is(204);

    let export = file(&[
        head(world.shopper_id),
        photo_line(&first, &first),
        audit_line(&good),
        audit_line(&lost),
        photo_line(&second, &second),
        audit_line(&sent),
    ]);
    let imported = send(&reviewer, export.clone()).await.expect(200);
    assert_eq!(
        outcomes(&imported["audits"]),
        ["placed", "quarantined", "already"]
    );
    assert_eq!(imported["audits"][1]["detail"], "unknown_visit");
    assert_eq!(outcomes(&imported["photos"]), ["stored", "stored"]);
    for audit in [&good, &sent] {
        let opened = reviewer.get(&audit.path()).await.expect(200);
        assert_eq!(opened["complete"], true);
        assert!(opened["shopper_name"].as_str().unwrap().contains("shopper"));
    }
    let again = send(&reviewer, export).await.expect(200);
    assert_eq!(outcomes(&again["audits"]), ["already"; 3]);
    assert_eq!(outcomes(&again["photos"]), ["already"; 2]);
    let db = world.app.db.reader();
    assert_eq!(audit::Entity::find().count(db).await.unwrap(), 2);
    assert_eq!(submission::Entity::find().count(db).await.unwrap(), 3);
    assert_eq!(photo::Entity::find().count(db).await.unwrap(), 2);
    // The phone, should it come back, is told so.
    let receipt = shopper.hand_in(&good).await;
    receipt.status_is(200);
    let back = shopper
        .get(&format!("/photos/{}", Sha256::of(&first)))
        .await;
    assert_eq!(back.bytes, first);
}

#[tokio::test]
async fn what_is_damaged_is_refused_and_the_rest_taken() {
    let world = World::new().await;
    let reviewer = world.reviewer().await;
    let (whole, other) = (picture(100, 80, 3), picture(100, 80, 4));
    let good = world.good_audit(world.locations[0]).await;
    let altered = world.good_audit(world.locations[1]).await;
    let mut altered_line = audit_line(&altered);
    altered_line["sha256"] = json!(Sha256::of(b"another text"));
    let mut export = file(&[
        head(world.shopper_id),
        photo_line(&whole, &other),
        altered_line,
        json!({"something": "else"}),
        photo_line(b"no photo at all", b"no photo at all"),
        audit_line(&good),
        photo_line(&whole, &whole),
    ]);
    export.extend_from_slice(b"\n\n{\"audit\": \"cut sho");
    let imported = send(&reviewer, export).await.expect(200);
    assert_eq!(outcomes(&imported["audits"]), ["refused", "placed"]);
    assert_eq!(
        outcomes(&imported["photos"]),
        ["refused", "refused", "stored"]
    );
    let lines: Vec<&Value> = imported["lines_refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| &refused["line"])
        .collect();
    assert_eq!(lines, [&json!(4), &json!(9)]);
    reviewer.get(&altered.path()).await.status_is(404);
}

#[tokio::test]
async fn a_beginning_that_was_damaged_is_replaced_by_the_photo_of_the_file() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    for (shade, length_off) in [(5, 0), (6, 9)] {
        let photo = picture(120, 90, shade);
        let name = Sha256::of(&photo).to_string();
        let length = photo.len() + length_off;
        shopper.begin_photo(&name, length).await.status_is(201);
        shopper.send_chunk(&name, 0, &[7; 400]).await.status_is(204);
        let export = file(&[head(world.shopper_id), photo_line(&photo, &photo)]);
        let imported = send(&reviewer, export).await.expect(200);
        assert_eq!(outcomes(&imported["photos"]), ["stored"]);
        let back = shopper.get(&format!("/photos/{name}")).await;
        assert_eq!(back.bytes, photo);
    }
}

#[tokio::test]
async fn only_a_shoppers_own_agency_takes_their_outbox() {
    let world = World::new().await;
    let reviewer = world.reviewer().await;
    let agency = plainclothes::accounts::service::create_agency(&world.app, "Others")
        .await
        .unwrap();
    let elsewhere = Scope::of_agency(agency, PersonId(uuid::Uuid::nil()));
    let export = file(&[head(world.shopper_id)]);
    let stream = || futures::stream::iter([Ok(export.clone().into())]);
    let refused = plainclothes::outbox::service::import(&world.app, &elsewhere, stream()).await;
    assert!(matches!(refused, Err(plainclothes::error::Error::NotFound)));
    let nobody = file(&[head(PersonId(uuid::Uuid::new_v4()))]);
    send(&reviewer, nobody)
        .await
        .problem(404, "not_found", "park");
    let no_shopper = world.person("desk@example.org", Role::Manager, Some(world.client), None);
    let no_shopper = file(&[head(no_shopper.await)]);
    send(&reviewer, no_shopper)
        .await
        .problem(404, "not_found", "park");
}

#[tokio::test]
async fn what_is_no_export_and_what_is_too_large_is_named() {
    let world = World::with_config(|config| {
        config.limits.outbox_import_bytes_max = 20_000;
        config.limits.outbox_import_line_bytes_max = 8_000;
    })
    .await;
    let reviewer = world.reviewer().await;
    for wrong in [
        json!({}),
        json!({"format": "plainclothes-outbox-1", "user": world.shopper_id}),
    ] {
        let answer = send(&reviewer, file(&[wrong])).await;
        answer.problem(400, "malformed_request", "park");
    }
    let json_type = [("content-type", "application/json")];
    let answer = reviewer
        .send(Method::POST, "/outbox-imports", &json_type, Vec::new())
        .await;
    answer.problem(415, "unsupported_media_type", "park");
    let named = |answer: Answer| {
        let problem = answer.problem(413, "too_large", "park");
        problem["limit"]["name"].as_str().unwrap().to_owned()
    };
    let long_line = file(&[head(world.shopper_id), json!({"text": "x".repeat(9_000)})]);
    assert_eq!(
        named(send(&reviewer, long_line).await),
        "outbox_import_line_bytes_max"
    );
    let line = json!({"text": "x".repeat(5_000)});
    let long = file(&[
        head(world.shopper_id),
        line.clone(),
        line.clone(),
        line.clone(),
        line,
    ]);
    assert_eq!(
        named(send(&reviewer, long).await),
        "outbox_import_bytes_max"
    );
}

/// A piece of the file that says when it is let go.
struct Piece {
    bytes: Vec<u8>,
    alive: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The same photo again and again, in pieces that end anywhere: what was read is let go before more is asked for.
#[tokio::test]
async fn a_long_file_is_read_line_by_line() {
    const LINES: usize = 300;
    let world = World::new().await;
    let scope = Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()));
    let photo = picture(600, 400, 8);
    let mut export = format!("{}\n", head(world.shopper_id));
    for _ in 0..LINES {
        export.push_str(&format!("{}\n", photo_line(&photo, &photo)));
    }
    let (alive, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (live, highest) = (alive.clone(), most.clone());
    let pieces: Vec<Vec<u8>> = export
        .into_bytes()
        .chunks(1000)
        .map(<[u8]>::to_vec)
        .collect();
    let stream = futures::stream::iter(pieces.into_iter().map(move |bytes| {
        let now = live.fetch_add(1, Ordering::SeqCst) + 1;
        highest.fetch_max(now, Ordering::SeqCst);
        let alive = live.clone();
        Ok(Bytes::from_owner(Piece { bytes, alive }))
    }));
    let imported = plainclothes::outbox::service::import(&world.app, &scope, stream)
        .await
        .unwrap();
    assert!(imported.is_whole());
    assert_eq!(imported.photos.len(), LINES);
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}
