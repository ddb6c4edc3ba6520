//! Sessions: how they begin, how they end, and what stands in the way of guessing.

use axum::http::Method;
use chrono::Duration;
use serde_json::json;

use crate::harness::World;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_session_ends_when_its_owner_says_so() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let me = shopper.get("/sessions/current").await.expect(200);
    assert_eq!(me["grants"][0]["role"], "shopper");
    assert_eq!(me["agency_name"], "Quiet Eyes");
    shopper
        .send(Method::DELETE, "/sessions/current", &[], Vec::new())
        .await
        .status_is(204);
    shopper
        .get("/sync/changes")
        .await
        .problem(401, "session_ended", "after_login");
}

#[tokio::test]
async fn a_session_ends_when_it_was_idle_for_too_long() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    world.clock.advance(Duration::days(44));
    shopper.get("/sync/changes").await.status_is(200);
    world.clock.advance(Duration::days(44));
    shopper.get("/sync/changes").await.status_is(200);
    world.clock.advance(Duration::days(46));
    shopper
        .get("/sync/changes")
        .await
        .problem(401, "session_ended", "after_login");
}

#[tokio::test]
async fn a_session_ends_when_it_is_old_however_much_it_is_used() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    for _ in 0..4 {
        world.clock.advance(Duration::days(44));
        shopper.get("/sync/changes").await.status_is(200);
    }
    world.clock.advance(Duration::days(5));
    shopper
        .get("/sync/changes")
        .await
        .problem(401, "session_ended", "after_login");
}

#[tokio::test]
async fn wrong_passwords_are_slowed_down_and_never_lock_out_for_good() {
    let world = World::new().await;
    let nobody = world.nobody();
    let wrong = json!({"email": "shopper@example.org", "password": "guess"});
    let right = json!({"email": "Shopper@Example.org ", "password": PASSWORD});
    for _ in 0..5 {
        let answer = nobody.post("/sessions", &wrong).await;
        answer.problem(401, "wrong_credentials", "after_login");
    }
    let slowed = nobody.post("/sessions", &right).await;
    slowed.problem(429, "rate_limited", "later");
    assert!(slowed.header("retry-after").parse::<u32>().unwrap() >= 1);
    world.clock.advance(Duration::minutes(6));
    nobody.post("/sessions", &right).await.status_is(201);
    nobody
        .post("/sessions", &wrong)
        .await
        .problem(401, "wrong_credentials", "after_login");
    nobody.post("/sessions", &right).await.status_is(201);
}

#[tokio::test]
async fn an_unknown_address_is_answered_like_a_wrong_password() {
    let world = World::new().await;
    let nobody = world.nobody();
    let unknown = json!({"email": "nobody@example.org", "password": PASSWORD});
    let wrong = json!({"email": "shopper@example.org", "password": "guess"});
    let mut answers = Vec::new();
    for body in [unknown, wrong] {
        let mut answer = nobody.post("/sessions", &body).await.expect(401);
        answer.as_object_mut().unwrap().remove("request_id");
        answers.push(answer);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_cookie_serves_our_own_pages_only() {
    let world = World::new().await;
    let nobody = world.nobody();
    let body = json!({"email": "shopper@example.org", "password": PASSWORD});
    let signed_in = nobody.post("/sessions", &body).await;
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let pair = cookie.split(';').next().unwrap();
    let read = [("cookie", pair)];
    nobody
        .send(Method::GET, "/sync/changes", &read, Vec::new())
        .await
        .status_is(200);
    for (name, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "https://elsewhere.example", 403),
        ("sec-fetch-site", "same-origin", 200),
    ] {
        let headers = [("cookie", pair), ("host", "localhost:8080"), (name, value)];
        let commands = br#"{"commands":[]}"#.to_vec();
        let answer = nobody
            .send(Method::POST, "/sync/commands", &headers, commands)
            .await;
        assert_eq!(answer.status, status, "{name}: {value}");
    }
}
