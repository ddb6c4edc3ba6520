//! Jobs that were given up, at the admin's desk: seen with their reason, tried again, thrown away; and nobody else's.

use axum::http::Method;
use chrono::Duration;
use plainclothes::accounts::Role;
use plainclothes::accounts::service::{NewPerson, create_agency, create_person};
use plainclothes::error::Error;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::harness::{Actor, PASSWORD, World, picture};

async fn change(world: &World, sql: &str) {
    let sql = sql.to_owned();
    let changed = world.app.db.write(move |txn| {
        Box::pin(async move {
            txn.execute_unprepared(&sql).await?;
            Ok::<_, Error>(())
        })
    });
    changed.await.unwrap();
}

/// A what-if whose weights nobody can read, tried until it is given up.
async fn given_up(world: &World, admin: &Actor) -> (Value, Value) {
    let what_if = json!({"name": "Other weights", "checklist_slug": "test-cafe",
        "reweighting": "sections: {welcome: 10, room: 90}\n"});
    let made = admin.post("/what-ifs", &what_if).await.expect(201);
    change(
        world,
        "UPDATE what_if SET reweighting = '{\"sections\": 5}'",
    )
    .await;
    for _ in 0..20 {
        assert_eq!(world.run_jobs().await, 1);
        world.clock.advance(Duration::minutes(11));
    }
    assert_eq!(world.run_jobs().await, 0);
    let dead = admin.get("/jobs?state=dead").await.expect(200);
    assert_eq!(dead["total"], 1);
    (made, dead)
}

#[tokio::test]
async fn what_was_given_up_is_told_and_can_be_tried_again() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (made, dead) = given_up(&world, &admin).await;
    let job = &dead["items"][0];
    assert_eq!(
        (&job["kind"], &job["attempts"]),
        (&json!("what_if.score"), &json!(20))
    );
    assert!(job["error"].as_str().unwrap().contains("what-if"));
    assert_eq!(
        dead["kinds"],
        json!([{"kind": "what_if.score", "waiting": 0, "dead": 1}])
    );
    assert!(job.get("payload").is_none());
    let path = format!("/what-ifs/{}", made["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.expect(200)["state"], "failed");

    let original: Value = made["reweighting"].clone();
    change(
        &world,
        &format!("UPDATE what_if SET reweighting = '{original}'"),
    )
    .await;
    let retry = format!("/jobs/{}/retry", job["id"].as_str().unwrap());
    admin.post(&retry, &json!({})).await.status_is(204);
    admin
        .post(&retry, &json!({}))
        .await
        .problem(409, "wrong_state", "park");
    let waiting = admin
        .get("/jobs?state=waiting&kind=what_if.score")
        .await
        .expect(200);
    assert_eq!(
        (&waiting["total"], &waiting["items"][0]["attempts"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(world.run_jobs().await, 1);
    assert_eq!(admin.get(&path).await.expect(200)["state"], "done");
    admin
        .post(&retry, &json!({}))
        .await
        .problem(404, "not_found", "park");
    admin
        .get("/jobs?state=lost")
        .await
        .problem(400, "malformed_request", "park");
}

#[tokio::test]
async fn all_of_a_kind_are_tried_again_or_one_is_thrown_away() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (_, dead) = given_up(&world, &admin).await;
    let id = dead["items"][0]["id"].as_str().unwrap().to_owned();
    let kind = json!({"kind": "what_if.score"});
    let retried = admin.post("/jobs/retry", &kind).await.expect(200);
    assert_eq!(retried["retried"], 1);
    let path = format!("/jobs/{id}");
    let delete = |actor: &Actor| {
        let (actor, path) = (actor.clone(), path.clone());
        async move { actor.send(Method::DELETE, &path, &[], Vec::new()).await }
    };
    delete(&admin).await.problem(409, "wrong_state", "park");
    for _ in 0..20 {
        world.run_jobs().await;
        world.clock.advance(Duration::minutes(11));
    }

    // Another agency's admin sees nothing of it, and can do nothing about it.
    let agency = create_agency(&world.app, "Elsewhere").await.unwrap();
    let new = NewPerson {
        agency,
        email: "foreign@example.org".to_owned(),
        display_name: "Foreign".to_owned(),
        password: PASSWORD.to_owned(),
        locale: "en".to_owned(),
        role: Role::Admin,
        client: None,
        region: None,
    };
    create_person(&world.app, new).await.unwrap();
    let foreign = world.sign_in("foreign@example.org").await;
    assert_eq!(
        foreign.get("/jobs?state=dead").await.expect(200)["total"],
        0
    );
    assert_eq!(
        foreign.post("/jobs/retry", &kind).await.expect(200)["retried"],
        0
    );
    foreign
        .post(&format!("{path}/retry"), &json!({}))
        .await
        .problem(404, "not_found", "park");
    delete(&foreign).await.problem(404, "not_found", "park");

    delete(&admin).await.status_is(204);
    assert_eq!(admin.get("/jobs?state=dead").await.expect(200)["total"], 0);
}

#[tokio::test]
async fn what_evidence_waits_for_is_not_thrown_away() {
    let world = World::new().await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    shopper.send_photo(&picture(40, 30, 2)).await;
    change(&world, "UPDATE job SET state = 'dead'").await;
    let dead = admin.get("/jobs?state=dead").await.expect(200);
    let job = &dead["items"][0];
    assert_eq!(
        (&job["kind"], &job["may_be_deleted"]),
        (&json!("photo.move"), &json!(false))
    );
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    let answer = admin.send(Method::DELETE, &path, &[], Vec::new()).await;
    answer.problem(409, "wrong_state", "park");
}
