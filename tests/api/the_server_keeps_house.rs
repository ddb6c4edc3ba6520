//! What is done every hour: tombstones and abandoned uploads are forgotten, and audits that are not as complete as their
//! photos are found and mended.

use axum::http::Method;
use chrono::Duration;
use plainclothes::accounts::{Role, Scope};
use plainclothes::audits::sweep::{Which, sweep};
use plainclothes::db::entities::{audit, audit_photo, upload, upload_chunk};
use plainclothes::domain::ids::{PersonId, Sha256, VisitId};
use plainclothes::housekeeping::{run, run_if_due};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::harness::{World, picture};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

async fn withdraw(world: &World, visit: &Value) {
    let scope = Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()));
    let id = VisitId(visit.as_str().unwrap().parse().unwrap());
    plainclothes::visits::service::withdraw(&world.app, &scope, id, "closed".to_owned())
        .await
        .unwrap();
}

#[tokio::test]
async fn tombstones_are_told_for_180_days_and_after_that_the_phone_begins_anew() {
    let world = World::new().await;
    let gone = world.visit(world.locations[0]).await;
    let stays = world.visit(world.locations[1]).await;
    let shopper = world.shopper().await;
    let first = shopper.get("/sync/changes").await.expect(200);
    let cursor = first["cursor"].as_str().unwrap();
    let path = format!("/sync/changes?cursor={cursor}");
    withdraw(&world, &gone).await;

    world.clock.advance(Duration::days(179));
    assert_eq!(run(&world.app).await.unwrap().feeds_pruned, 0);
    let shopper = world.shopper().await;
    let told = shopper.get(&path).await.expect(200);
    assert_eq!(told["reset"], false);
    assert_eq!(told["changes"][0]["op"], "del");
    let seen = told["cursor"].as_str().unwrap();

    world.clock.advance(Duration::days(2));
    assert_eq!(run(&world.app).await.unwrap().feeds_pruned, 1);
    assert_eq!(run(&world.app).await.unwrap().feeds_pruned, 0);
    let shopper = world.shopper().await;
    let anew = shopper.get(&path).await.expect(200);
    assert_eq!(anew["reset"], true, "its tombstone is gone: {anew}");
    let ids: Vec<&Value> = anew["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["id"])
        .collect();
    assert_eq!(ids, [&stays]);
    assert_eq!(anew["check"]["count"], 1);
    // Who has seen the tombstone goes on as before.
    let on = shopper
        .get(&format!("/sync/changes?cursor={seen}"))
        .await
        .expect(200);
    assert_eq!((&on["reset"], &on["changes"]), (&json!(false), &json!([])));
    world.visit(world.locations[2]).await;
    let on = shopper
        .get(&format!("/sync/changes?cursor={seen}"))
        .await
        .expect(200);
    assert_eq!(on["reset"], false);
    assert_eq!(on["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_is_forgotten_and_one_that_is_gone_on_with_is_not() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let (left, kept, whole) = (picture(90, 90, 1), picture(90, 90, 2), picture(90, 90, 3));
    let name = |photo: &[u8]| Sha256::of(photo).to_string();
    for photo in [&left, &kept] {
        shopper
            .begin_photo(&name(photo), photo.len())
            .await
            .status_is(201);
        shopper
            .send_chunk(&name(photo), 0, &photo[..300])
            .await
            .status_is(204);
    }
    shopper.send_photo(&whole).await;
    world.clock.advance(Duration::days(20));
    let more = shopper.send_chunk(&name(&kept), 300, &kept[300..400]).await;
    more.status_is(204);
    assert_eq!(
        more.header("upload-expires"),
        "Tue, 03 Nov 2026 10:00:00 GMT"
    );

    world.clock.advance(Duration::days(11));
    let head = async |photo: &[u8]| {
        let path = format!("/photos/{}", name(photo));
        shopper.send(Method::HEAD, &path, &[TUS], Vec::new()).await
    };
    // Its time is over, whether housekeeping has come to it or not.
    head(&left).await.status_is(404);
    shopper
        .send_chunk(&name(&left), 300, &left[300..])
        .await
        .problem(404, "not_found", "park");
    let offer = json!({
        "items": [{"audit": uuid::Uuid::new_v4(), "sha256": name(b"x"), "photos": [name(&left), name(&kept)]}],
        "outbox": {"audits": 1, "photos": 2, "photo_bytes": 9},
    });
    let item = shopper.post("/sync/offer", &offer).await.expect(200)["items"][0].clone();
    assert_eq!(item["partial"], json!({ name(&kept): 400 }));

    let done = run(&world.app).await.unwrap();
    assert_eq!(done.uploads_forgotten, 1);
    let db = world.app.db.reader();
    assert_eq!(upload::Entity::find().count(db).await.unwrap(), 2);
    let chunks = upload_chunk::Entity::find().all(db).await.unwrap();
    assert_eq!(
        chunks.len(),
        3,
        "two of the one, and the whole that waits to move"
    );
    assert_eq!(head(&kept).await.header("upload-offset"), "400");
    shopper.send_photo(&left).await;
}

#[tokio::test]
async fn an_upload_whose_time_is_over_can_be_begun_anew_at_once() {
    let world = World::new().await;
    let photo = picture(90, 90, 4);
    let sha256 = Sha256::of(&photo).to_string();
    let shopper = world.shopper().await;
    shopper.begin_photo(&sha256, 999).await.status_is(201);
    world.clock.advance(Duration::days(31));
    let shopper = world.shopper().await;
    shopper.send_photo(&photo).await;
}

#[tokio::test]
async fn of_several_nodes_one_keeps_house_within_the_hour() {
    let world = World::new().await;
    let app = &world.app;
    let both = tokio::join!(run_if_due(app), run_if_due(app));
    let ran = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(ran.iter().flatten().count(), 1);
    world.clock.advance(Duration::minutes(59));
    assert_eq!(run_if_due(app).await.unwrap(), None);
    world.clock.advance(Duration::minutes(1));
    assert!(run_if_due(app).await.unwrap().is_some());
    assert_eq!(run_if_due(app).await.unwrap(), None);
}

/// Breaks a row as no transaction of ours would.
async fn break_audit(world: &World, id: uuid::Uuid, complete: bool, stored: i32) {
    world
        .app
        .db
        .write(move |txn| {
            Box::pin(async move {
                audit::Entity::update_many()
                    .col_expr(audit::Column::Complete, Expr::value(complete))
                    .col_expr(audit::Column::PhotosStored, Expr::value(stored))
                    .filter(audit::Column::Id.eq(id))
                    .exec(txn)
                    .await?;
                audit_photo::Entity::update_many()
                    .col_expr(audit_photo::Column::Stored, Expr::value(complete))
                    .filter(audit_photo::Column::AuditId.eq(id))
                    .exec(txn)
                    .await?;
                Ok::<_, plainclothes::error::Error>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn an_audit_that_was_left_incomplete_is_found_and_mended() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = picture(90, 90, 5);
    let late = picture(90, 90, 6);
    let whole = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let waits = world.good_audit(world.locations[1]).await.with_photo(&late);
    shopper.hand_in(&whole).await.status_is(201);
    shopper.hand_in(&waits).await.status_is(201);
    shopper.send_photo(&photo).await;
    let all = sweep(&world.app, Which::All, false).await.unwrap();
    assert_eq!((all.audits, all.wrong.len()), (2, 0));

    break_audit(&world, whole.id, false, 0).await;
    let seen = sweep(&world.app, Which::All, false).await.unwrap();
    assert_eq!(seen.wrong.len(), 1);
    assert_eq!(seen.wrong[0].0, whole.id);
    let opened = reviewer.get(&whole.path()).await.expect(200);
    assert_eq!(opened["complete"], false, "looking mends nothing");
    let done = run(&world.app).await.unwrap();
    assert_eq!((done.swept.audits, done.swept.wrong.len()), (2, 1));
    let opened = reviewer.get(&whole.path()).await.expect(200);
    assert_eq!(
        (
            &opened["complete"],
            &opened["photos_stored"],
            &opened["photos"][0]["stored"]
        ),
        (&json!(true), &json!(1), &json!(true))
    );
    let done = run(&world.app).await.unwrap();
    assert_eq!((done.swept.audits, done.swept.wrong.len()), (1, 0));

    // The other way round only a look at all of them finds it.
    break_audit(&world, waits.id, true, 1).await;
    assert_eq!(run(&world.app).await.unwrap().swept.audits, 0);
    let seen = sweep(&world.app, Which::All, true).await.unwrap();
    assert_eq!(seen.wrong.len(), 1);
    shopper.send_photo(&late).await;
    let all = sweep(&world.app, Which::All, false).await.unwrap();
    assert_eq!((all.audits, all.wrong.len()), (2, 0));
}

#[tokio::test]
async fn a_waived_photo_leaves_its_audit_complete() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = picture(90, 90, 7);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    let waive = format!("{}/photos/{}/waive", audit.path(), Sha256::of(&photo));
    reviewer
        .post(&waive, &json!({"reason": "the phone is lost"}))
        .await
        .status_is(200);
    let all = sweep(&world.app, Which::All, true).await.unwrap();
    assert_eq!((all.audits, all.wrong.len()), (1, 0));
}

#[tokio::test]
async fn outbox_figures_are_written_when_they_change_and_once_an_hour() {
    let world = World::new().await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    let reported = async || {
        let people = admin.get("/people").await.expect(200);
        people["items"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|person| person.get("outbox"))
            .unwrap()
            .clone()
    };
    let offer = |audits: i64| json!({"items": [], "outbox": {"audits": audits, "photos": 0, "photo_bytes": 0}});
    let say = async |audits: i64| {
        shopper
            .post("/sync/offer", &offer(audits))
            .await
            .status_is(200);
    };
    say(1).await;
    let first = reported().await;
    world.clock.advance(Duration::minutes(30));
    say(1).await;
    assert_eq!(reported().await, first, "nothing new within the hour");
    say(2).await;
    assert_eq!(reported().await["audits"], 2);
    let second = reported().await;
    world.clock.advance(Duration::minutes(61));
    say(2).await;
    assert_ne!(reported().await, second, "the phone is alive");
}

#[tokio::test]
async fn an_offer_of_many_is_answered_item_by_item() {
    let world = World::new().await;
    world
        .person("other@example.org", Role::Shopper, None, None)
        .await;
    let (shopper, other) = (
        world.shopper().await,
        world.sign_in("other@example.org").await,
    );
    let here = picture(60, 60, 8);
    let lacking = picture(60, 60, 9);
    let known = world.good_audit(world.locations[0]).await.with_photo(&here);
    let receipt = shopper.hand_in(&known).await.expect(201);
    shopper.send_photo(&here).await;
    let names = [&here, &lacking].map(|photo| Sha256::of(photo).to_string());
    let item = |audit: &Value, of: &[u8], photos: &[String]| json!({"audit": audit, "sha256": Sha256::of(of), "photos": photos});
    let offer = json!({
        "items": [
            item(&json!(known.id), &known.bytes(), &names[..1]),
            // The same id with other bytes is another submission.
            item(&json!(known.id), b"other bytes", &names),
            item(&json!(uuid::Uuid::new_v4()), b"unknown", &names[1..]),
        ],
        "outbox": {"audits": 0, "photos": 0, "photo_bytes": 0},
    });
    let items = shopper.post("/sync/offer", &offer).await.expect(200)["items"].clone();
    let said = |at: usize| {
        (
            items[at]["state"].clone(),
            items[at]["photos_needed"].clone(),
        )
    };
    assert_eq!(said(0), (json!("complete"), json!([])));
    assert_eq!(items[0]["receipt"], receipt);
    assert_eq!(said(1), (json!("unknown"), json!([names[1]])));
    assert_eq!(said(2), (json!("unknown"), json!([names[1]])));
    // What one has delivered says nothing to another.
    let items = other.post("/sync/offer", &offer).await.expect(200)["items"].clone();
    assert_eq!(items[0]["state"], "unknown");
    assert_eq!(items[0]["photos_needed"], json!([names[0]]));
}
