//! A SQLite installation is copied while it is used, and the copy is put back. Phones that meet it are in `tests/faults` (R9).

use std::fs;
use std::sync::Arc;

use plainclothes::app::App;
use plainclothes::backup::{hold, make, restore};
use plainclothes::clock::Clock;
use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{Actor, PASSWORD, World, picture};

async fn on_sqlite() -> World {
    World::with_config(|config| {
        let file = config.data_dir.join("copied.db");
        config.database_url = Some(format!("sqlite://{}", file.display()));
        config.database_owner_url = None;
        config.database_pooled = false;
    })
    .await
}

#[tokio::test]
async fn what_it_had_is_there_and_what_it_had_not_is_asked_for() {
    let world = on_sqlite().await;
    let shopper = world.shopper().await;
    let (kept, later) = (picture(90, 60, 1), picture(90, 60, 2));
    let had = world.good_audit(world.locations[0]).await.with_photo(&kept);
    let receipt = shopper.hand_in(&had).await.expect(201);
    shopper.send_photo(&kept).await;
    world.run_jobs().await;
    let later_audit = world
        .good_audit(world.locations[1])
        .await
        .with_photo(&later);

    let folder = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = world.clock.clone();
    let config = &world.app.config;
    let made = make(config, &*clock, folder.path()).await.unwrap();
    assert!(made.objects.unwrap().count >= 3, "a photo and its copies");
    shopper.hand_in(&later_audit).await.status_is(201);
    let epoch = world.app.installation.epoch;

    let serving = hold(config).unwrap();
    let refused = restore(config, &*clock, folder.path(), true).await;
    assert!(refused.unwrap_err().to_string().contains("stop it first"));
    drop(serving);
    let refused = restore(config, &*clock, folder.path(), false).await;
    assert!(refused.unwrap_err().to_string().contains("--force"));
    let done = restore(config, &*clock, folder.path(), true).await.unwrap();
    assert_ne!(done.epoch, epoch);
    assert!(done.moved_aside.unwrap().join("copied.db").is_file());

    let app = App::start(config.clone(), clock).await.unwrap();
    let router = plainclothes::http::router::router(app);
    let phone = Actor::signed_in(router, "shopper@example.org", PASSWORD).await;
    let offer = json!({"items": [
        {"audit": had.id, "sha256": Sha256::of(&had.bytes()), "photos": [Sha256::of(&kept)]},
        {"audit": later_audit.id, "sha256": Sha256::of(&later_audit.bytes()), "photos": []},
    ], "outbox": {"audits": 2, "photos": 1, "photo_bytes": 1, "oldest": "2026-09-14T10:00:00Z"}});
    let answer = phone.post("/sync/offer", &offer).await.expect(200);
    assert_eq!(answer["epoch"], json!(done.epoch));
    assert_eq!(answer["items"][0]["receipt"], receipt);
    assert_eq!(answer["items"][1]["state"], "unknown");
    phone.hand_in(&later_audit).await.status_is(201);
    let sha256 = Sha256::of(&kept);
    assert_eq!(phone.get(&format!("/photos/{sha256}")).await.bytes, kept);
}

#[tokio::test]
async fn a_backup_that_is_not_whole_is_refused() {
    let world = on_sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = world.clock.clone();
    let config = &world.app.config;
    let nothing = restore(config, &*clock, folder.path(), true).await;
    assert!(nothing.unwrap_err().to_string().contains("manifest.json"));

    make(config, &*clock, folder.path()).await.unwrap();
    let database = folder.path().join("plainclothes.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[5000] ^= 1;
    fs::write(&database, &bytes).unwrap();
    let damaged = restore(config, &*clock, folder.path(), true).await;
    let said = damaged.unwrap_err().to_string();
    assert!(said.contains("its manifest says"), "{said}");

    // Made again, it is whole again.
    make(config, &*clock, folder.path()).await.unwrap();
    restore(config, &*clock, folder.path(), true).await.unwrap();
}

#[tokio::test]
async fn nobody_serves_what_a_restore_left_half_done() {
    let world = on_sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = world.clock.clone();
    let config = &world.app.config;
    make(config, &*clock, folder.path()).await.unwrap();
    // As a restore leaves it that is killed before its last step.
    let half = config.data_dir.join("copied.restoring");
    fs::write(&half, "half").unwrap();
    let refused = hold(config).unwrap_err().to_string();
    assert!(
        refused.contains("run 'plainclothes restore' once more"),
        "{refused}"
    );

    restore(config, &*clock, folder.path(), true).await.unwrap();
    assert!(!half.exists());
    drop(hold(config).unwrap());

    // One that fails before it has changed anything leaves what there was.
    fs::remove_file(folder.path().join("plainclothes.db")).unwrap();
    restore(config, &*clock, folder.path(), true)
        .await
        .unwrap_err();
    assert!(!half.exists() && config.data_dir.join("copied.db").is_file());
    drop(hold(config).unwrap());
}
