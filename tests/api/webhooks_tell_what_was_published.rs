//! Webhooks, from registering an address to a receiver that is slow, redirects, fails, or is nobody's to reach.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{Actor, AuditOnPhone, World};

/// A receiver in this process: what it got, and what it answers.
#[derive(Clone)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    status: Arc<Mutex<u16>>,
    url: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            got: Arc::default(),
            status: Arc::new(Mutex::new(204)),
            url: format!("http://{}/in?x=1", listener.local_addr().unwrap()),
        };
        let router = Router::new()
            .route("/in", post(take).get(take))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    fn got(&self) -> Vec<(HeaderMap, Bytes)> {
        std::mem::take(&mut self.got.lock().unwrap())
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    receiver.got.lock().unwrap().push((headers, body));
    let status = StatusCode::from_u16(*receiver.status.lock().unwrap()).unwrap();
    // Whoever follows this comes again.
    (status, [(header::LOCATION, "/in")]).into_response()
}

async fn world() -> World {
    World::with_config(|config| config.webhooks_private_addresses = true).await
}

async fn registered(admin: &Actor, body: Value) -> Value {
    admin.post("/webhooks", &body).await.expect(201)
}

/// Publishes an audit; as its client sees it.
async fn publish(world: &World, shopper: &Actor, admin: &Actor) -> AuditOnPhone {
    let audit = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&audit).await.status_is(201);
    let approve = format!("{}/approve", audit.path());
    admin.post(&approve, &json!({})).await.status_is(200);
    audit
}

/// As `docs/jobs.md` tells receivers to.
fn verify(secret: &str, headers: &HeaderMap, body: &[u8]) {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", text("webhook-id"), text("webhook-timestamp")).as_bytes());
    mac.update(body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(text("webhook-signature"), expected);
}

#[tokio::test]
async fn a_publication_is_told_signed_and_says_nothing_of_the_shopper() {
    let world = world().await;
    let (shopper, admin, client) = (
        world.shopper().await,
        world.admin().await,
        world.client().await,
    );
    let receiver = Receiver::start().await;
    let hook = registered(&admin, json!({"url": receiver.url, "client": world.client})).await;
    let secret = hook["secret"].as_str().unwrap();
    let listed = admin.get("/webhooks").await.expect(200);
    assert!(
        !listed.to_string().contains(secret),
        "a secret is shown once"
    );
    let audit = publish(&world, &shopper, &admin).await;
    assert_eq!(
        receiver.got().len(),
        0,
        "nothing leaves within the transaction"
    );
    assert!(world.run_jobs().await >= 1);

    let got = receiver.got();
    let [(headers, body)] = &got[..] else {
        panic!("{got:?}");
    };
    verify(secret, headers, body);
    assert_eq!(headers["content-type"], "application/json");
    let told: Value = serde_json::from_slice(body).unwrap();
    let seen = client.get("/published-audits").await.expect(200)["items"][0].clone();
    assert_eq!(told, json!({"type": "audit.published", "data": seen}));
    let all = format!("{headers:?} {told}");
    for secret in [
        "CANARY".to_owned(),
        "shopper@example.org".to_owned(),
        world.shopper_id.to_string(),
        audit.id.to_string(),
        audit.document["visit"].as_str().unwrap().to_owned(),
        "12:30".to_owned(),
        "10:30".to_owned(),
    ] {
        assert!(!all.contains(&secret), "tells {secret}: {all}");
    }
    let listed = admin.get("/webhooks").await.expect(200);
    assert_eq!(listed["items"][0]["state"], "active");
    assert!(listed["items"][0]["last_delivered_at"].is_string());
}

#[tokio::test]
async fn who_fails_is_asked_again_with_the_same_id_and_is_known_for_it() {
    let world = world().await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    let receiver = Receiver::start().await;
    registered(&admin, json!({"url": receiver.url})).await;
    receiver.answers(307);
    for _ in 0..3 {
        publish(&world, &shopper, &admin).await;
    }
    let mut ids = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..16 {
        world.run_jobs().await;
        for (headers, _) in receiver.got() {
            let id = headers["webhook-id"].to_str().unwrap().to_owned();
            *ids.entry(id).or_default() += 1;
        }
        world.clock.advance(Duration::hours(5));
    }
    assert_eq!(ids.len(), 3, "three events: {ids:?}");
    assert!(
        ids.values().all(|times| *times == 16),
        "no redirect is followed: {ids:?}"
    );
    let listed = admin.get("/webhooks").await.expect(200)["items"][0].clone();
    assert_eq!(
        (&listed["state"], &listed["dead_deliveries"]),
        (&json!("failing"), &json!(3))
    );
    assert!(listed["last_error"].as_str().unwrap().contains("307"));
    let dead = admin
        .get("/jobs?state=dead&kind=webhook.deliver")
        .await
        .expect(200);
    assert_eq!(dead["total"], 3);

    receiver.answers(200);
    let kind = json!({"kind": "webhook.deliver"});
    assert_eq!(
        admin.post("/jobs/retry", &kind).await.expect(200)["retried"],
        3
    );
    assert_eq!(world.run_jobs().await, 3);
    let listed = admin.get("/webhooks").await.expect(200)["items"][0].clone();
    assert_eq!(
        (&listed["state"], &listed["dead_deliveries"]),
        (&json!("active"), &json!(0))
    );
}

#[tokio::test]
async fn a_trial_says_at_once_what_came_of_it() {
    let world = world().await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await;
    let hook = registered(&admin, json!({"url": receiver.url})).await;
    let test = format!("/webhooks/{}/test", hook["id"].as_str().unwrap());
    let tried = admin.post(&test, &json!({})).await.expect(200);
    assert_eq!(tried, json!({"delivered": true, "status": 204}));
    let got = receiver.got();
    verify(hook["secret"].as_str().unwrap(), &got[0].0, &got[0].1);
    receiver.answers(500);
    let tried = admin.post(&test, &json!({})).await.expect(200);
    assert_eq!(
        (&tried["delivered"], &tried["status"]),
        (&json!(false), &json!(500))
    );
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    admin
        .send(Method::DELETE, &path, &[], Vec::new())
        .await
        .status_is(204);
    admin
        .post(&test, &json!({}))
        .await
        .problem(404, "not_found", "park");
}

#[tokio::test]
async fn only_its_own_client_is_told_and_nobody_who_is_gone() {
    let world = world().await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    let (all, gone) = (Receiver::start().await, Receiver::start().await);
    registered(&admin, json!({"url": all.url})).await;
    let hook = registered(&admin, json!({"url": gone.url})).await;
    let foreign = json!({"url": all.url, "client": uuid::Uuid::new_v4()});
    admin
        .post("/webhooks", &foreign)
        .await
        .problem(404, "not_found", "park");
    publish(&world, &shopper, &admin).await;
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    admin
        .send(Method::DELETE, &path, &[], Vec::new())
        .await
        .status_is(204);
    world.run_jobs().await;
    assert_eq!((all.got().len(), gone.got().len()), (1, 0));
}

#[tokio::test]
async fn addresses_inside_networks_are_not_asked() {
    let world = World::new().await;
    let admin = world.admin().await;
    for inside in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user:word@example.com/",
        "https://example.com/#here",
        "ftp://example.com/",
        "nothing",
    ] {
        let answer = admin.post("/webhooks", &json!({"url": inside})).await;
        answer.problem(400, "malformed_request", "park");
    }
    // A name is looked at when it is connected to.
    let hook = registered(&admin, json!({"url": "https://localhost:1/"})).await;
    let test = format!("/webhooks/{}/test", hook["id"].as_str().unwrap());
    let tried = admin.post(&test, &json!({})).await.expect(200);
    assert_eq!(tried["delivered"], false);
    assert!(
        tried["detail"].as_str().unwrap().contains("private"),
        "{tried}"
    );
    for _ in 1..20 {
        registered(&admin, json!({"url": "https://example.com/"})).await;
    }
    let more = admin
        .post("/webhooks", &json!({"url": "https://example.com/"}))
        .await;
    more.problem(409, "wrong_state", "park");
}
