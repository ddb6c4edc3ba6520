//! Bundles: the PDFs of several audits in one file, made in the background, for whoever asked and only as long as they may see
//! what is in it. Here is what the stories have in common.

mod making;
mod reach;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use plainclothes::db::entities::bundle;
use plainclothes::domain::ids::BundleId;
use plainclothes::error::Error;
use plainclothes::photos::check::{Checked, How, check};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, AuditOnPhone, World};

/// Hands in an audit of a location and approves it.
async fn published(world: &World, location: usize, photo: Option<&[u8]>) -> AuditOnPhone {
    let shopper = world.shopper().await;
    let mut audit = world.good_audit(world.locations[location]).await;
    if let Some(photo) = photo {
        audit = audit.with_photo(photo);
    }
    shopper.hand_in(&audit).await.status_is(201);
    if let Some(photo) = photo {
        shopper.send_photo(photo).await;
        world.run_jobs().await;
    }
    let approve = format!("{}/approve", audit.path());
    let reviewer = world.sign_in("reviewer@example.org").await;
    reviewer.post(&approve, &json!({})).await.status_is(200);
    world.run_jobs().await;
    audit
}

/// A world with an audit of each location: two in the north, one in the south.
async fn with_three() -> World {
    let world = World::new().await;
    world.reviewer().await;
    for location in 0..3 {
        published(&world, location, None).await;
    }
    world
}

async fn asked(actor: &Actor, body: Value) -> String {
    let made = actor.post("/bundles", &body).await.expect(202);
    format!("/bundles/{}", made["id"].as_str().unwrap())
}

async fn fetched(actor: &Actor, path: &str) -> Answer {
    actor.get(&format!("{path}/bundle.zip")).await
}

/// The files in a ZIP by their names.
fn files(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        // Published on the day on which all of this happens.
        let date = entry.last_modified().unwrap().to_string();
        assert_eq!(date, "2026-09-14 00:00:00");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(files.insert(name, content).is_none());
    }
    files
}

async fn names(actor: &Actor, path: &str) -> Vec<String> {
    let answer = fetched(actor, path).await;
    answer.status_is(200);
    files(&answer.bytes).into_keys().collect()
}

async fn bundle(world: &World, path: &str) -> bundle::Model {
    let id = BundleId(path.trim_start_matches("/bundles/").parse().unwrap());
    let row = bundle::Entity::find_by_id(id).one(world.app.db.reader());
    row.await.unwrap().unwrap()
}

async fn bucket(world: &World) -> Checked {
    let how = How {
        sample: None,
        mend: false,
    };
    check(&world.app, how, |_| {}).await.unwrap()
}

async fn change(world: &World, sql: &'static str) {
    let changed = world.app.db.write(move |txn| {
        Box::pin(async move {
            txn.execute_unprepared(sql).await?;
            Ok::<_, Error>(())
        })
    });
    changed.await.unwrap();
}
