//! The main job: a visit goes to a phone, an audit with a photo comes back, a reviewer approves it, the ranking moves, the
//! client has a PDF.

use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{World, picture};

const PERIOD: &str = "checklist=test-cafe&from=2026-09-01&to=2026-09-30";

#[tokio::test]
async fn from_the_phone_to_the_clients_pdf() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(800, 600, 10);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);

    let changes = shopper.get("/sync/changes").await.expect(200);
    assert_eq!(changes["changes"][0]["value"]["location"]["name"], "Dam");
    let named = changes["changes"][0]["value"]["checklist"]["sha256"]
        .as_str()
        .unwrap();
    let checklist = shopper.get(&format!("/checklists/{named}")).await;
    assert_eq!(Sha256::of(&checklist.bytes).to_string(), named);

    let receipt = shopper.hand_in(&audit).await.expect(201);
    assert_eq!(receipt["state"], "stored");
    assert_eq!(receipt["photos_missing"], json!([Sha256::of(&photo)]));

    let reviewer = world.reviewer().await;
    let path = audit.path();
    let approve = format!("{path}/approve");
    let early = reviewer.post(&approve, &json!({})).await;
    early.problem(409, "audit_incomplete", "later");

    shopper.send_photo(&photo).await;
    assert!(
        world.run_jobs().await >= 2,
        "the photo moves and gets its renditions"
    );
    let opened = reviewer.get(&path).await.expect(200);
    assert_eq!(
        (&opened["complete"], &opened["photos_stored"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(opened["score"]["total_micros"], 800_000);
    let original = reviewer
        .get(&format!("{path}/photos/{}/original", Sha256::of(&photo)))
        .await;
    assert_eq!(original.bytes, photo, "evidence is kept untouched");
    let small = reviewer
        .get(&format!("{path}/photos/{}/320", Sha256::of(&photo)))
        .await;
    let small = image::load_from_memory(&small.bytes).unwrap();
    assert_eq!((small.width(), small.height()), (320, 240));

    let manager = world.manager(world.north).await;
    let ranking = format!("/rankings?client={}&{PERIOD}", world.client);
    assert_eq!(manager.get(&ranking).await.expect(200)["audits"], 0);
    reviewer
        .post(&approve, &json!({"message": "Thank you."}))
        .await
        .status_is(200);
    let ranked = manager.get(&ranking).await.expect(200);
    assert_eq!(ranked["audits"], 1);
    assert_eq!(ranked["rows"][0]["mean_micros"], 800_000);

    let client = world.client().await;
    let published = client
        .get(&format!("/published-audits?client={}", world.client))
        .await;
    let published = published.expect(200)["items"][0].clone();
    assert_ne!(
        published["id"],
        json!(audit.id),
        "the client's id tells nothing of the phone's"
    );
    let pdf = client
        .get(&format!(
            "/published-audits/{}/report.pdf",
            published["id"].as_str().unwrap()
        ))
        .await;
    pdf.status_is(200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(pdf.headers["content-type"], "application/pdf");
}

#[tokio::test]
async fn audit_and_photo_may_come_in_either_order() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(64, 64, 11);
    shopper.send_photo(&photo).await;
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let receipt = shopper.hand_in(&audit).await.expect(201);
    assert_eq!(
        (&receipt["state"], &receipt["photos_missing"]),
        (&json!("complete"), &json!([]))
    );
}

#[tokio::test]
async fn an_offer_says_what_the_server_lacks() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(300, 300, 12);
    let sha256 = Sha256::of(&photo).to_string();
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let offer = json!({
        "items": [{"audit": audit.id, "sha256": Sha256::of(&audit.bytes()), "photos": [sha256]}],
        "outbox": {"audits": 1, "photos": 1, "photo_bytes": photo.len(), "oldest": "2026-09-14T10:00:00Z"},
    });
    let item = shopper.post("/sync/offer", &offer).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&item["state"], &item["photos_needed"]),
        (&json!("unknown"), &json!([sha256]))
    );

    let receipt = shopper.hand_in(&audit).await.expect(201);
    shopper
        .begin_photo(&sha256, photo.len())
        .await
        .status_is(201);
    shopper
        .send_chunk(&sha256, 0, &photo[..100])
        .await
        .status_is(204);
    let item = shopper.post("/sync/offer", &offer).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&item["state"], &item["receipt"]),
        (&json!("stored"), &receipt)
    );
    assert_eq!(item["partial"], json!({ sha256.clone(): 100 }));

    shopper
        .send_chunk(&sha256, 100, &photo[100..])
        .await
        .status_is(204);
    let item = shopper.post("/sync/offer", &offer).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&item["state"], &item["photos_needed"]),
        (&json!("complete"), &json!([]))
    );

    let people = world.admin().await.get("/people").await.expect(200);
    let outbox = people["items"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|p| p.get("outbox"))
        .unwrap();
    assert_eq!(outbox["audits"], 1);
}

#[tokio::test]
async fn a_second_audit_for_one_visit_is_kept_and_flagged() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let first = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&first).await.status_is(201);
    let mut second = first.clone();
    second.id = uuid::Uuid::new_v4();
    let second = second.clone().with("audit", json!(second.id));
    shopper.hand_in(&second).await.status_is(201);
    let queue = world
        .reviewer()
        .await
        .get("/audits?state=submitted")
        .await
        .expect(200);
    assert_eq!(queue["total"], 2);
    let items = queue["items"].as_array().unwrap();
    let of_second = items
        .iter()
        .find(|item| item["id"] == json!(second.id))
        .unwrap();
    assert_eq!(of_second["flags"], json!(["duplicate_visit"]));
}

#[tokio::test]
async fn a_score_that_the_phone_got_wrong_is_flagged_and_ours_counts() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let mut audit = world.good_audit(world.locations[0]).await;
    audit.document["score"]["total_micros"] = json!(999_999);
    shopper.hand_in(&audit).await.status_is(201);
    let opened = world.reviewer().await.get(&audit.path()).await.expect(200);
    assert_eq!(opened["flags"], json!(["score_mismatch"]));
    assert_eq!(opened["total_micros"], 800_000);
    assert_eq!(opened["phone_score"]["total_micros"], 999_999);
}
