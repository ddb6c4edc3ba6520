//! Work that could not be placed: a reviewer sees it as it came, and places, accepts or rejects it. One story for each
//! reason, and what the shopper hears of it.

use plainclothes::accounts::{Role, Scope};
use plainclothes::db::entities::journal;
use plainclothes::domain::ids::{PersonId, Sha256, VisitId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::harness::{Actor, AuditOnPhone, World, picture};

fn operator(world: &World) -> Scope {
    Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()))
}

fn visit_of(audit: &AuditOnPhone) -> VisitId {
    VisitId(audit.document["visit"].as_str().unwrap().parse().unwrap())
}

async fn withdraw(world: &World, audit: &AuditOnPhone) {
    let (app, scope) = (&world.app, operator(world));
    plainclothes::visits::service::withdraw(app, &scope, visit_of(audit), "closed".to_owned())
        .await
        .unwrap();
}

/// The number under which it waits.
async fn waits(reviewer: &Actor, reason: &str) -> i64 {
    let list = reviewer.get("/quarantine").await.expect(200);
    let item = &list["items"][0];
    assert_eq!(
        (&list["total"], &item["reason"]),
        (&json!(1), &json!(reason))
    );
    assert!(item.get("settled").is_none());
    item["number"].as_i64().unwrap()
}

async fn open(reviewer: &Actor, number: i64) -> Value {
    reviewer
        .get(&format!("/quarantine/{number}"))
        .await
        .expect(200)
}

/// Places it, and returns the id of the audit that it became.
async fn place(reviewer: &Actor, number: i64, body: Value) -> String {
    let path = format!("/quarantine/{number}/place");
    let placed = reviewer.post(&path, &body).await.expect(200);
    assert_eq!(placed["settled"]["outcome"], "placed");
    assert_eq!(placed["now"], json!({"placeable": false, "errors": []}));
    placed["settled"]["audit"].as_str().unwrap().to_owned()
}

async fn offered(shopper: &Actor, audit: &AuditOnPhone, photos: &[String]) -> Value {
    let item = json!({"audit": audit.id, "sha256": Sha256::of(&audit.bytes()), "photos": photos});
    let offer = json!({"items": [item], "outbox": {"audits": 0, "photos": 0, "photo_bytes": 0}});
    shopper.post("/sync/offer", &offer).await.expect(200)["items"][0].clone()
}

/// What the phone holds of a kind.
async fn on_phone(shopper: &Actor, kind: &str) -> Vec<Value> {
    let page = shopper.get("/sync/changes").await.expect(200);
    let changes = page["changes"].as_array().unwrap();
    changes
        .iter()
        .filter(|change| change["kind"] == kind)
        .map(|change| change["value"].clone())
        .collect()
}

async fn actions(world: &World) -> Vec<String> {
    let rows = journal::Entity::find()
        .filter(journal::Column::SubjectKind.eq("quarantine"))
        .order_by_asc(journal::Column::Number)
        .all(world.app.db.reader())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.action).collect()
}

#[tokio::test]
async fn work_for_a_withdrawn_visit_is_placed_with_its_photos_and_approved() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let (here, late) = (picture(80, 60, 1), picture(80, 60, 2));
    let names = [&here, &late].map(|photo| Sha256::of(photo).to_string());
    let mut audit = world.good_audit(world.locations[0]).await;
    audit.document["answers"]["receipt"] = json!({"photos": names});
    audit.document["photos"] = json!([
        {"sha256": names[0], "size_bytes": here.len(), "type": "image/jpeg"},
        {"sha256": names[1], "size_bytes": late.len(), "type": "image/jpeg"},
    ]);
    shopper.send_photo(&here).await;
    withdraw(&world, &audit).await;
    let kept = shopper.hand_in(&audit).await.expect(202);
    assert_eq!(
        offered(&shopper, &audit, &names).await["state"],
        "quarantined"
    );

    let number = waits(&reviewer, "visit_withdrawn").await;
    let opened = open(&reviewer, number).await;
    let listed = &reviewer.get("/quarantine").await.expect(200)["items"][0];
    for item in [listed, &opened] {
        assert_eq!(
            (&item["photos_listed"], &item["photos_stored"]),
            (&json!(2), &json!(1))
        );
        assert_eq!(item["shopper"], json!(world.shopper_id));
        assert!(item["shopper_name"].as_str().unwrap().contains("shopper"));
    }
    assert_eq!(opened["body"].as_str().unwrap().as_bytes(), audit.bytes());
    assert_eq!(
        (&opened["visit"]["state"], &opened["visit"]["location_name"]),
        (&json!("withdrawn"), &json!("Dam"))
    );
    assert_eq!(opened["visit"]["shopper_is_sender"], true);
    assert_eq!(opened["now"], json!({"placeable": true, "errors": []}));
    let stored: Vec<(&Value, &Value)> = opened["photos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|photo| (&photo["sha256"], &photo["stored"]))
        .collect();
    assert!(stored.contains(&(&json!(names[0]), &json!(true))));
    assert!(stored.contains(&(&json!(names[1]), &json!(false))));
    let photo = |name: &str, variant: &str| format!("/quarantine/{number}/photos/{name}/{variant}");
    let original = reviewer.get(&photo(&names[0], "original")).await;
    assert_eq!(original.bytes, here);
    reviewer.get(&photo(&names[0], "320")).await.status_is(200);
    reviewer
        .get(&photo(&names[1], "original"))
        .await
        .status_is(404);
    let other = Sha256::of(b"not named").to_string();
    reviewer
        .get(&photo(&other, "original"))
        .await
        .status_is(404);

    let id = place(
        &reviewer,
        number,
        json!({"note": "I have called the café."}),
    )
    .await;
    assert_eq!(id, audit.id.to_string(), "its own id was free");
    let item = offered(&shopper, &audit, &names).await;
    assert_eq!(item["state"], "stored");
    assert_eq!(item["receipt"], kept["receipt"], "a receipt never changes");
    assert_eq!(
        (&item["settled"]["outcome"], &item["settled"]["note"]),
        (&json!("placed"), &json!("I have called the café."))
    );
    let visit = on_phone(&shopper, "visit").await;
    assert_eq!(
        (&visit[0]["state"], &visit[0]["audit"]),
        (&json!("submitted"), &json!(id))
    );
    let feedback = on_phone(&shopper, "feedback").await;
    assert_eq!(
        (
            &feedback[0]["outcome"],
            &feedback[0]["audit"],
            &feedback[0]["message"]
        ),
        (
            &json!("placed"),
            &json!(id),
            &json!("I have called the café.")
        )
    );

    let opened = reviewer.get(&format!("/audits/{id}")).await.expect(200);
    assert_eq!(opened["flags"], json!(["placed_by_hand"]));
    assert_eq!(
        (&opened["complete"], &opened["photos_stored"]),
        (&json!(false), &json!(1))
    );
    shopper.send_photo(&late).await;
    assert_eq!(offered(&shopper, &audit, &names).await["state"], "complete");
    shopper.hand_in(&audit).await.status_is(200);
    let approve = format!("/audits/{id}/approve");
    reviewer.post(&approve, &json!({})).await.status_is(200);
    let document = shopper.get(&format!("/audits/{id}/document")).await;
    assert_eq!(document.bytes, audit.bytes());
    assert_eq!(actions(&world).await, ["quarantine.place"]);
    let settled = reviewer.get("/quarantine?state=settled").await.expect(200);
    assert_eq!(settled["items"][0]["settled"]["audit"], json!(id));
    assert!(
        settled["items"][0]["settled"]["by_name"]
            .as_str()
            .unwrap()
            .contains("reviewer")
    );
    assert_eq!(reviewer.get("/quarantine").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn work_is_settled_once() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let audit = world.good_audit(world.locations[0]).await;
    withdraw(&world, &audit).await;
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "visit_withdrawn").await;
    let path = |word: &str| format!("/quarantine/{number}/{word}");
    let (place, accept) = (json!({}), json!({}));
    let (place_path, accept_path) = (path("place"), path("accept"));
    let both = tokio::join!(
        reviewer.post(&place_path, &place),
        reviewer.post(&accept_path, &accept)
    );
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    for word in ["place", "accept"] {
        let again = reviewer.post(&path(word), &json!({})).await;
        again.problem(409, "wrong_state", "park");
    }
    let again = reviewer
        .post(&path("reject"), &json!({"reason": "no"}))
        .await;
    again.problem(409, "wrong_state", "park");
    assert_eq!(actions(&world).await.len(), 1);
}

#[tokio::test]
async fn other_bytes_under_a_taken_id_become_an_audit_of_their_own() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let first = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&first).await.status_is(201);
    let second = first.clone().with("elapsed_ms", json!(7));
    shopper.hand_in(&second).await.status_is(202);
    let number = waits(&reviewer, "audit_id_reused").await;
    let id = place(&reviewer, number, json!({})).await;
    assert_ne!(id, first.id.to_string());
    let opened = reviewer.get(&format!("/audits/{id}")).await.expect(200);
    assert_eq!(
        opened["flags"],
        json!(["duplicate_visit", "placed_by_hand"])
    );
    assert_eq!(opened["elapsed_ms"], 7);
    for audit in [&first, &second] {
        assert_eq!(offered(&shopper, audit, &[]).await["state"], "complete");
    }
    let of = async |id: &str| shopper.get(&format!("/audits/{id}/document")).await.bytes;
    assert_eq!(of(&first.id.to_string()).await, first.bytes());
    assert_eq!(of(&id).await, second.bytes());
}

#[tokio::test]
async fn what_its_checklist_refuses_is_not_placed_but_may_be_accepted() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let mut audit = world.good_audit(world.locations[0]).await;
    audit.document["answers"]["clean"] = json!({"value": 9});
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "schema_refused").await;
    let now = open(&reviewer, number).await["now"].clone();
    assert_eq!(now["placeable"], false);
    assert_eq!(now["errors"][0]["pointer"], "/answers/clean/value");
    let refused = reviewer
        .post(&format!("/quarantine/{number}/place"), &json!({}))
        .await;
    let problem = refused.problem(400, "malformed_request", "park");
    assert_eq!(problem["errors"], now["errors"]);

    let accept = format!("/quarantine/{number}/accept");
    let accepted = reviewer
        .post(&accept, &json!({"note": "Our mistake."}))
        .await;
    assert_eq!(accepted.expect(200)["settled"]["outcome"], "accepted");
    let item = offered(&shopper, &audit, &[]).await;
    assert_eq!(
        (
            &item["state"],
            &item["settled"]["outcome"],
            &item["settled"]["note"]
        ),
        (
            &json!("quarantined"),
            &json!("accepted"),
            &json!("Our mistake.")
        )
    );
    shopper.hand_in(&audit).await.status_is(202);
    assert_eq!(actions(&world).await, ["quarantine.accept"]);
}

#[tokio::test]
async fn an_unknown_checklist_is_looked_for_again() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let unknown = json!(Sha256::of(b"no such checklist"));
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with("checklist", unknown);
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "unknown_checklist").await;
    let refused = reviewer
        .post(&format!("/quarantine/{number}/place"), &json!({}))
        .await;
    let problem = refused.problem(400, "malformed_request", "park");
    assert_eq!(problem["errors"][0]["pointer"], "/checklist");
    let reject = format!("/quarantine/{number}/reject");
    let why = reviewer.post(&reject, &json!({"reason": " "})).await;
    assert_eq!(
        why.problem(400, "malformed_request", "park")["errors"][0]["pointer"],
        "/reason"
    );
    let rejected = reviewer.post(&reject, &json!({"reason": "made up"})).await;
    let settled = rejected.expect(200)["settled"].clone();
    assert_eq!(
        (&settled["outcome"], &settled["note"]),
        (&json!("rejected"), &json!("made up"))
    );
    // Nothing is deleted.
    let opened = open(&reviewer, number).await;
    assert_eq!(opened["body"].as_str().unwrap().as_bytes(), audit.bytes());
}

#[tokio::test]
async fn an_unknown_visit_is_chosen_by_the_reviewer() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let visit = world.visit(world.locations[0]).await;
    let audit = AuditOnPhone::good(
        &json!(uuid::Uuid::new_v4()),
        &json!(world.checklist),
        "2026-09-14T12:30:00+02:00",
    );
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "unknown_visit").await;
    let opened = open(&reviewer, number).await;
    assert_eq!(
        (&opened["visit"], &opened["now"]["placeable"]),
        (&Value::Null, &json!(false))
    );
    let path = format!("/quarantine/{number}/place");
    let nowhere = reviewer.post(&path, &json!({})).await;
    let problem = nowhere.problem(400, "malformed_request", "park");
    assert_eq!(problem["errors"][0]["pointer"], "/visit");
    let foreign = json!({"visit": uuid::Uuid::new_v4()});
    reviewer
        .post(&path, &foreign)
        .await
        .problem(404, "not_found", "park");
    let path = |shopper: Value| format!("/visits?shopper={}", shopper.as_str().unwrap());
    let theirs = reviewer.get(&path(json!(world.shopper_id))).await;
    assert_eq!(theirs.expect(200)["items"][0]["id"], visit);
    let nobodys = reviewer.get(&path(json!(uuid::Uuid::new_v4()))).await;
    assert_eq!(nobodys.expect(200)["total"], 0);
    let id = place(&reviewer, number, json!({"visit": visit})).await;
    let placed = reviewer.get(&format!("/audits/{id}")).await.expect(200);
    assert_eq!(
        (&placed["visit"], &placed["state"]),
        (&visit, &json!("submitted"))
    );
}

#[tokio::test]
async fn work_for_a_visit_that_somebody_else_has_now_leaves_it_theirs() {
    let world = World::new().await;
    let other = world
        .person("other@example.org", Role::Shopper, None, None)
        .await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let audit = world.good_audit(world.locations[0]).await;
    plainclothes::visits::service::assign(&world.app, &operator(&world), visit_of(&audit), other)
        .await
        .unwrap();
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "visit_withdrawn").await;
    assert_eq!(
        open(&reviewer, number).await["visit"]["shopper_is_sender"],
        false
    );
    let id = place(&reviewer, number, json!({})).await;
    reviewer.get(&format!("/audits/{id}")).await.status_is(200);
    assert!(on_phone(&shopper, "visit").await.is_empty());
    assert_eq!(on_phone(&shopper, "feedback").await[0]["audit"], json!(id));
    let theirs = on_phone(&world.sign_in("other@example.org").await, "visit").await;
    assert_eq!(theirs[0]["state"], "assigned");
    assert!(theirs[0].get("audit").is_none());
}

#[tokio::test]
async fn a_stale_correction_stands_beside_and_the_shopper_hears_of_a_rejection() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let first = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&first).await.status_is(201);
    let correction = |supersedes: &Value| {
        let mut next = first.clone();
        next.id = uuid::Uuid::new_v4();
        let id = json!(next.id);
        next.with("audit", id)
            .with("supersedes", supersedes.clone())
    };
    let nobody = json!(uuid::Uuid::new_v4());
    let stale = correction(&nobody);
    shopper.hand_in(&stale).await.status_is(202);
    let number = waits(&reviewer, "stale_supersedes").await;
    let id = place(&reviewer, number, json!({})).await;
    let opened = reviewer.get(&format!("/audits/{id}")).await.expect(200);
    assert_eq!(
        opened["flags"],
        json!(["duplicate_visit", "placed_by_hand"])
    );
    assert!(opened.get("supersedes").is_none());
    let before = reviewer.get(&first.path()).await.expect(200);
    assert_eq!(before["state"], "submitted", "the first still waits");

    let another = correction(&nobody);
    shopper.hand_in(&another).await.status_is(202);
    let number = waits(&reviewer, "stale_supersedes").await;
    let reject = format!("/quarantine/{number}/reject");
    reviewer
        .post(&reject, &json!({"reason": "twice the same"}))
        .await
        .status_is(200);
    let told = on_phone(&shopper, "feedback").await;
    let told = told
        .iter()
        .find(|value| value["outcome"] == "work_rejected");
    assert_eq!(told.unwrap()["message"], "twice the same");
}

#[tokio::test]
async fn a_document_of_another_id_is_placed_under_its_address_and_no_document_never() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let mut audit = world.good_audit(world.locations[0]).await;
    audit.id = uuid::Uuid::new_v4();
    shopper.hand_in(&audit).await.status_is(202);
    let number = waits(&reviewer, "malformed_document").await;
    let id = place(&reviewer, number, json!({})).await;
    assert_eq!(id, audit.id.to_string());
    assert_eq!(offered(&shopper, &audit, &[]).await["state"], "complete");

    let nonsense = AuditOnPhone {
        id: uuid::Uuid::new_v4(),
        document: json!({"photos": 7, "visit": ["no"]}),
    };
    shopper.hand_in(&nonsense).await.status_is(202);
    let number = waits(&reviewer, "malformed_document").await;
    let opened = open(&reviewer, number).await;
    assert_eq!(
        (&opened["photos"], &opened["visit"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(opened["now"]["placeable"], false);
    let path = format!("/quarantine/{number}/place");
    let refused = reviewer.post(&path, &json!({})).await;
    refused.problem(400, "malformed_request", "park");
    let accept = format!("/quarantine/{number}/accept");
    reviewer.post(&accept, &json!({})).await.status_is(200);
}

#[tokio::test]
async fn another_agency_has_no_such_work() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    withdraw(&world, &audit).await;
    let number = shopper.hand_in(&audit).await.expect(202)["receipt"]["number"].clone();
    let agency = plainclothes::accounts::service::create_agency(&world.app, "Others")
        .await
        .unwrap();
    let elsewhere = Scope::of_agency(agency, PersonId(uuid::Uuid::nil()));
    let number = number.as_i64().unwrap();
    let opened = plainclothes::quarantine::service::open(&world.app, &elsewhere, number).await;
    assert!(matches!(opened, Err(plainclothes::error::Error::NotFound)));
    let note = String::new();
    let placed =
        plainclothes::quarantine::settle::place(&world.app, &elsewhere, number, None, note).await;
    assert!(matches!(placed, Err(plainclothes::error::Error::NotFound)));
}
