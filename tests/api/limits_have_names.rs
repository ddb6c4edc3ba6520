//! Every limit is a key of the configuration, and whoever meets it is told which one it was.

use plainclothes::config::Limits;
use plainclothes::domain::ids::Sha256;
use serde_json::{Value, json};

use crate::harness::{World, picture};

async fn world_with(change: impl FnOnce(&mut Limits)) -> World {
    World::with_config(|config| change(&mut config.limits)).await
}

fn named(problem: &Value, name: &str, value: u64) {
    assert_eq!(
        (&problem["limit"]["name"], &problem["limit"]["value"]),
        (&json!(name), &json!(value))
    );
}

#[tokio::test]
async fn photos_of_one_audit() {
    let world = world_with(|limits| limits.photos_per_audit_max = 1).await;
    let shopper = world.shopper().await;
    let mut audit = world.good_audit(world.locations[0]).await;
    let photos = [picture(20, 20, 1), picture(20, 20, 9)].map(|bytes| {
        json!({"sha256": Sha256::of(&bytes), "size_bytes": bytes.len(), "type": "image/jpeg"})
    });
    let names: Vec<&Value> = photos.iter().map(|photo| &photo["sha256"]).collect();
    audit.document["answers"]["receipt"] = json!({"photos": names});
    audit.document["photos"] = json!(photos);
    let problem = shopper
        .hand_in(&audit)
        .await
        .problem(413, "too_large", "park");
    named(&problem, "photos_per_audit_max", 1);
}

#[tokio::test]
async fn bytes_of_a_request() {
    let world = world_with(|limits| limits.request_bytes_max = 300).await;
    let shopper = world.shopper().await;
    let long = json!({"commands": [], "padding": "x".repeat(300)});
    let problem = shopper
        .post("/sync/commands", &long)
        .await
        .problem(413, "too_large", "park");
    named(&problem, "request_bytes_max", 300);
}

#[tokio::test]
async fn items_of_an_offer_and_commands_of_a_request() {
    let world = world_with(|limits| {
        limits.offer_items_max = 1;
        limits.commands_max = 1;
    })
    .await;
    let shopper = world.shopper().await;
    let item = json!({"audit": uuid::Uuid::new_v4(), "sha256": Sha256::of(b"x"), "photos": []});
    let outbox = json!({"audits": 2, "photos": 0, "photo_bytes": 0});
    let offer = json!({"items": [item, item], "outbox": outbox});
    let problem = shopper
        .post("/sync/offer", &offer)
        .await
        .problem(413, "too_large", "park");
    named(&problem, "offer_items_max", 1);
    let command = || json!({"id": uuid::Uuid::new_v4(), "kind": "visit.accept", "subject": uuid::Uuid::new_v4()});
    let commands = json!({"commands": [command(), command()]});
    let problem = shopper
        .post("/sync/commands", &commands)
        .await
        .problem(413, "too_large", "park");
    named(&problem, "commands_max", 1);
}

#[tokio::test]
async fn pages_are_cut_and_lead_on() {
    let world = world_with(|limits| {
        limits.feed_page_max = 2;
        limits.list_page_max = 2;
    })
    .await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    for location in world.locations {
        world.visit(location).await;
    }
    let page = shopper.get("/sync/changes?limit=100").await.expect(200);
    assert_eq!(
        (page["changes"].as_array().unwrap().len(), &page["more"]),
        (2, &json!(true))
    );
    let first = admin.get("/visits?limit=100").await.expect(200);
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["total"]),
        (2, &json!(3))
    );
    let next = format!(
        "/visits?limit=100&after={}",
        first["next"].as_str().unwrap()
    );
    let second = admin.get(&next).await.expect(200);
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert!(second.get("next").is_none());
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_left_to_audits() {
    let on_sqlite = |config: &mut plainclothes::config::Config| {
        let file = config.data_dir.join("full.db");
        config.database_url = Some(format!("sqlite://{}", file.display()));
        config.database_owner_url = None;
        config.database_pooled = false;
        config.limits.disk_free_bytes_min = u64::MAX;
    };
    let world = World::with_config(on_sqlite).await;
    let shopper = world.shopper().await;
    let photo = picture(20, 20, 2);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    let begun = shopper
        .begin_photo(&Sha256::of(&photo).to_string(), photo.len())
        .await;
    begun.problem(507, "storage_full", "later");
    assert_eq!(begun.header("retry-after"), "5");
}
