//! Other weights on old audits: what would change is shown, and what is stored stays.

use plainclothes::audits::replay::replay;
use serde_json::{Value, json};

use crate::harness::World;

/// Three approved audits: two locations at 80 % (service 100, experience 50), the third at 40 % (service 0, experience 100).
async fn published(world: &World) {
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    for (index, location) in world.locations.into_iter().enumerate() {
        let mut audit = world.good_audit(location).await;
        if index == 2 {
            audit.document["answers"] = json!({"greeted": {"value": false}, "wait": {"value": 600_000},
                "complained": {"value": false}, "clean": {"value": 3}});
            audit.document["score"] = json!({"total_micros": 400_000, "service_micros": 0,
                "experience_micros": 1_000_000, "engine": 1});
        }
        shopper.hand_in(&audit).await.expect(201);
        let path = format!("{}/approve", audit.path());
        reviewer.post(&path, &json!({})).await.expect(200);
    }
}

fn body(reweighting: &str) -> Value {
    json!({"name": "The room first", "checklist_slug": "test-cafe", "reweighting": reweighting})
}

#[tokio::test]
async fn the_order_changes_in_the_what_if_and_nowhere_else() {
    let world = World::new().await;
    published(&world).await;
    let admin = world.admin().await;
    let ranking = format!(
        "/rankings?client={}&checklist=test-cafe&from=2026-09-01&to=2026-09-30",
        world.client
    );
    let before = admin.get(&ranking).await.bytes;
    let weights = "sections: {welcome: 10, room: 90}\n";
    let made = admin.post("/what-ifs", &body(weights)).await.expect(201);
    assert_eq!(
        (&made["state"], &made["audits_total"]),
        (&json!("waiting"), &json!(3))
    );
    let path = format!("/what-ifs/{}", made["id"].as_str().unwrap());
    assert!(admin.get(&path).await.expect(200).get("summary").is_none());
    world.run_jobs().await;
    let done = admin.get(&path).await.expect(200);
    assert_eq!(
        (&done["state"], &done["audits_done"]),
        (&json!("done"), &json!(3))
    );
    let summary = &done["summary"];
    // 0.1 · 100 + 0.9 · 50 = 55; 0.1 · 0 + 0.9 · 100 = 90. The pass mark is 60.
    let told: Vec<(&Value, &Value, &Value, &Value)> = summary["locations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                &one["before_micros"],
                &one["after_micros"],
                &one["rank_before"],
                &one["rank_after"],
            )
        })
        .collect();
    let (eighty, forty) = (json!(800_000), json!(400_000));
    let (fifty_five, ninety) = (json!(550_000), json!(900_000));
    let (first, second, third) = (json!(1), json!(2), json!(3));
    assert_eq!(
        told,
        [
            (&forty, &ninety, &third, &first),
            (&eighty, &fifty_five, &first, &second),
            (&eighty, &fifty_five, &first, &second),
        ]
    );
    assert_eq!(
        (
            &summary["moved"],
            &summary["newly_passed"],
            &summary["no_longer_passed"],
            &summary["swapped"],
            &summary["left_out"]
        ),
        (&json!(3), &json!(1), &json!(2), &json!(2), &json!(0))
    );

    assert_eq!(
        admin.get(&ranking).await.bytes,
        before,
        "the ranking is as it was"
    );
    let replayed = replay(&world.app, |_| {}, |_| {}).await.unwrap();
    assert_eq!((replayed.audits, replayed.differences), (3, 0));

    // A second run of the same job adds nothing.
    world.run_jobs().await;
    assert_eq!(&admin.get(&path).await.expect(200)["summary"], summary);
    let delete = axum::http::Method::DELETE;
    admin
        .send(delete, &path, &[], Vec::new())
        .await
        .status_is(204);
    admin.get(&path).await.expect(404);
    assert_eq!(admin.get("/what-ifs").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn weights_that_cannot_be_are_told_with_their_place() {
    let world = World::new().await;
    let admin = world.admin().await;
    for (weights, place, words) in [
        ("sections: {welcom: 10}\n", "1:", "welcome"),
        ("sections: {welcome: 0, room: 0}\n", "1:", "weight 0"),
        ("questions:\n  greeted: {pionts: 3}\n", "2:", "points"),
        ("[]\n", "1:", "map"),
    ] {
        let problem = admin.post("/what-ifs", &body(weights)).await.expect(400);
        let error = &problem["errors"][0];
        assert!(
            error["pointer"].as_str().unwrap().starts_with(place),
            "{problem}"
        );
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{problem}"
        );
    }
    let mut unknown = body("sections: {welcome: 10}\n");
    unknown["checklist_slug"] = json!("none");
    admin.post("/what-ifs", &unknown).await.expect(404);
}
