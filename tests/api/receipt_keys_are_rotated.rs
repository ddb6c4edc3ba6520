//! Another key follows the one that signs receipts, beside phones and nodes that run on. What phones make of it is in
//! `examples/phone` and `web/src/offline`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use ed25519_dalek::{Signature, SigningKey, Verifier as _, VerifyingKey};
use plainclothes::app::App;
use plainclothes::clock::{Clock as _, ManualClock};
use plainclothes::config::Config;
use plainclothes::domain::ids::Sha256;
use plainclothes::housekeeping;
use plainclothes::sync::receipt_keys::{ANNOUNCED_FOR_MS_MIN, rotate};
use plainclothes_migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Actor, AuditOnPhone, PASSWORD, World, database};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A second server on the same database, living at the same time.
async fn second_node(world: &World) -> Actor {
    let app = App::start(world.app.config.clone(), world.clock.clone());
    let router = plainclothes::http::router::router(app.await.unwrap());
    Actor::signed_in(router, "shopper@example.org", PASSWORD).await
}

async fn hello(node: &Actor) -> Value {
    node.get("/sync/hello").await.expect(200)
}

/// Which of the hello's keys has signed the receipt.
fn signer(hello: &Value, receipt: &Value) -> Option<String> {
    let bytes = |text: &str| {
        STANDARD
            .decode(text.strip_prefix("ed25519:").unwrap())
            .unwrap()
    };
    let mut words = receipt.clone();
    let signature = words.as_object_mut().unwrap().shift_remove("signature");
    let signature = Signature::from_slice(&bytes(signature.unwrap().as_str().unwrap())).unwrap();
    let keys = hello["receipt_keys"].as_array().unwrap().iter();
    let mut keys = keys.map(|key| key.as_str().unwrap());
    let signed = |key: &&str| {
        let key = VerifyingKey::from_bytes(&bytes(key).try_into().unwrap()).unwrap();
        key.verify(words.to_string().as_bytes(), &signature).is_ok()
    };
    keys.find(signed).map(str::to_owned)
}

fn first_key(hello: &Value) -> &str {
    hello["receipt_keys"][0].as_str().unwrap()
}

fn without_signature(receipt: &Value) -> Value {
    let mut words = receipt.clone();
    words.as_object_mut().unwrap().shift_remove("signature");
    words
}

fn count_of_keys(hello: &Value) -> usize {
    hello["receipt_keys"].as_array().unwrap().len()
}

async fn offered(node: &Actor, audit: &AuditOnPhone) -> Value {
    let offer = json!({"items": [
        {"audit": audit.id, "sha256": Sha256::of(&audit.bytes()), "photos": []},
    ], "outbox": {"audits": 0, "photos": 0, "photo_bytes": 0}});
    node.post("/sync/offer", &offer).await.expect(200)["items"][0]["receipt"].clone()
}

#[tokio::test]
async fn the_new_key_is_told_by_every_node_before_it_signs_and_the_old_one_for_long_after() {
    let world = World::new().await;
    let nodes = [world.shopper().await, second_node(&world).await];
    let first = world.good_audit(world.locations[0]).await;
    let receipt = nodes[0].hand_in(&first).await;
    receipt.status_is(201);
    let before = hello(&nodes[0]).await;
    let old = first_key(&before).to_owned();
    assert_eq!(before["receipt_key"], json!(old));
    assert_eq!(count_of_keys(&before), 1);

    let now_ms = world.clock.now_ms();
    let announced = rotate(&world.app.db, now_ms, DAY_MS).await.unwrap();
    world.clock.advance(Duration::seconds(60));
    for node in &nodes {
        let told = hello(node).await;
        assert_eq!(told["receipt_key"], json!(old), "it does not sign yet");
        assert_eq!(told["receipt_keys"], json!([old, announced.public_key]));
        let audit = world.good_audit(world.locations[1]).await;
        let receipt = node.hand_in(&audit).await.expect(201);
        assert_eq!(signer(&told, &receipt).as_deref(), Some(&*old));
    }

    // Each node at its first request of the next day, with what phones heard the day before.
    let heard_yesterday = hello(&nodes[0]).await;
    world.clock.advance(Duration::days(1));
    for node in &nodes {
        let audit = world.good_audit(world.locations[2]).await;
        let new = node.hand_in(&audit).await.expect(201);
        let signer = signer(&heard_yesterday, &new);
        assert_eq!(signer.as_deref(), Some(&*announced.public_key));
        let told = hello(node).await;
        assert_eq!(told["receipt_key"], json!(announced.public_key));
        assert_eq!(told["receipt_keys"], json!([old, announced.public_key]));

        let again = node.hand_in(&first).await;
        again.status_is(200);
        assert_eq!(again.bytes, receipt.bytes, "what was said stands");
        assert_eq!(offered(node, &first).await, again.expect(200));
    }

    // Whoever has held it for so long is not left without a key for it.
    world
        .clock
        .advance(Duration::days(30) - Duration::seconds(61));
    assert_eq!(nodes[1].hand_in(&first).await.bytes, receipt.bytes);
    world.clock.advance(Duration::seconds(61));
    for node in &nodes {
        let told = hello(node).await;
        assert_eq!(told["receipt_keys"], json!([announced.public_key]));
        let again = node.hand_in(&first).await.expect(200);
        assert!(signer(&told, &again).is_some(), "a phone can check it");
        assert_eq!(
            without_signature(&again),
            without_signature(&receipt.expect(201))
        );
        assert_eq!(offered(node, &first).await, again);
    }
}

#[tokio::test]
async fn what_is_told_no_more_is_removed_and_what_signs_stays() {
    let world = World::new().await;
    let node = world.shopper().await;
    for _ in 0..3 {
        let now_ms = world.clock.now_ms();
        rotate(&world.app.db, now_ms, DAY_MS).await.unwrap();
        world.clock.advance(Duration::days(16));
    }
    let before = hello(&node).await;
    assert_eq!(count_of_keys(&before), 2);
    let done = housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.receipt_keys_forgotten, 2);
    let done = housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.receipt_keys_forgotten, 0);
    world.clock.advance(Duration::seconds(60));
    assert_eq!(hello(&node).await["receipt_keys"], before["receipt_keys"]);
    // A server that starts now makes no other first key.
    let started = second_node(&world).await;
    assert_eq!(
        hello(&started).await["receipt_keys"],
        before["receipt_keys"]
    );
}

#[tokio::test]
async fn one_key_is_announced_at_a_time_and_for_as_long_as_nodes_need() {
    let world = World::new().await;
    let (db, now_ms) = (&world.app.db, world.clock.now_ms());
    let hasty = rotate(db, now_ms, ANNOUNCED_FOR_MS_MIN - 1).await;
    assert!(
        hasty
            .unwrap_err()
            .to_string()
            .contains("2 minutes at least")
    );
    let (one, other) = tokio::join!(rotate(db, now_ms, DAY_MS), rotate(db, now_ms, DAY_MS / 2));
    let refused = one.err().or(other.err()).unwrap().to_string();
    assert!(refused.contains("announced already"), "{refused}");
    world.clock.advance(Duration::days(1));
    let now_ms = world.clock.now_ms();
    rotate(db, now_ms, ANNOUNCED_FOR_MS_MIN).await.unwrap();
}

/// The database of the release before, with the one key that it had.
#[tokio::test]
async fn the_key_that_was_there_goes_on_signing() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    database::fresh(folder.path(), &mut config).await;
    let url = config
        .database_owner_url
        .clone()
        .unwrap_or_else(|| format!("{}?mode=rwc", config.database_url()));
    let db = Database::connect(url).await.unwrap();
    let all = Migrator::migrations();
    let new = all
        .iter()
        .position(|one| one.name() == "m20261124_000001_receipt_keys");
    Migrator::up(&db, Some(u32::try_from(new.unwrap()).unwrap()))
        .await
        .unwrap();
    let (epoch, bytes) = (Uuid::from_u128(5), [7_u8; 32]);
    let row = Statement::from_sql_and_values(
        db.get_database_backend(),
        "INSERT INTO installation (id, epoch, receipt_key, created_at_ms) VALUES (1, $1, $2, 5)",
        [epoch.into(), bytes.to_vec().into()],
    );
    db.execute_raw(row).await.unwrap();
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("GRANT SELECT ON seaql_migrations TO plainclothes_app")
            .await
            .unwrap();
    }
    db.close().await.unwrap();

    let clock = Arc::new(ManualClock::new("2026-09-14T10:00:00Z".parse().unwrap()));
    let app = App::start(config, clock).await.unwrap();
    let said = hello(&Actor::nobody(plainclothes::http::router::router(app))).await;
    let public = SigningKey::from_bytes(&bytes).verifying_key();
    let public = format!("ed25519:{}", STANDARD.encode(public.to_bytes()));
    assert_eq!(said["receipt_key"], json!(public));
    assert_eq!(said["receipt_keys"], json!([public]));
    assert_eq!(said["epoch"], json!(epoch));
}
