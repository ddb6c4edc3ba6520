//! Every route with every role: who may call it, and that a foreign id is the same as a missing one.

use std::collections::BTreeMap;

use axum::http::Method;
use plainclothes::accounts::Role;
use serde_json::json;

use crate::harness::{Actor, World};

/// Who may call a route, by its tag in the OpenAPI document; reviewing is for admins too.
fn allowed(tag: &str) -> &'static [Role] {
    match tag {
        "sync" => &[Role::Shopper],
        "review" => &[Role::Reviewer, Role::Admin],
        "admin" => &[Role::Admin],
        "desk" => &[Role::Reviewer, Role::Admin, Role::Manager, Role::Client],
        "sessions" => &Role::ALL,
        other => panic!("a new tag '{other}': say here who may call its routes"),
    }
}

/// Routes that differ from their tag: open to everybody, or to everybody who is signed in.
const OPEN: [&str; 3] = [
    "POST /api/v1/sessions",
    "OPTIONS /api/v1/photos",
    "GET /api/v1/sync/hello",
];
const SIGNED_IN: [&str; 3] = [
    "GET /api/v1/checklists/pictures/{sha256}",
    "GET /api/v1/checklists/{sha256}",
    "GET /api/v1/checklists/{sha256}/schema",
];

struct Route {
    method: Method,
    template: String,
    tag: String,
}

fn routes() -> Vec<Route> {
    let document = serde_json::to_value(plainclothes::http::router::openapi()).unwrap();
    let mut routes = Vec::new();
    for (template, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let tag = operation["tags"][0].as_str().unwrap().to_owned();
            routes.push(Route {
                method,
                template: template.clone(),
                tag,
            });
        }
    }
    routes
}

/// The address with ids that nothing has.
fn concrete(template: &str) -> String {
    let id = uuid::Uuid::new_v4().to_string();
    template
        .trim_start_matches("/api/v1")
        .replace("{sha256}", &"0".repeat(64))
        .replace("{variant}", "320")
        .replace("{size}", "320")
        .replace("{number}", "404404")
        .replace("{other}", &"1".repeat(64))
        .replace("{from_day}", "2026-12-01")
        .replace("{id}", &id)
}

async fn call(actor: &Actor, route: &Route) -> u16 {
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("content-type", "application/json"),
        ("upload-length", "1"),
    ];
    let body = if route.method == Method::GET {
        Vec::new()
    } else {
        b"{}".to_vec()
    };
    let mut path = concrete(&route.template);
    if path.ends_with("/summary") {
        path.push_str("?checklist=none&from=2026-09-01&to=2026-09-30");
    }
    actor
        .send(route.method.clone(), &path, &headers, body)
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn every_route_is_open_to_its_roles_and_closed_to_all_others() {
    let world = World::new().await;
    let nobody = world.nobody();
    let mut actors: Vec<(Role, Actor)> = vec![(Role::Shopper, world.shopper().await)];
    actors.push((Role::Reviewer, world.reviewer().await));
    actors.push((Role::Admin, world.admin().await));
    actors.push((Role::Manager, world.manager(world.north).await));
    actors.push((Role::Client, world.client().await));
    let routes = routes();
    assert!(routes.len() > 30, "the OpenAPI document names the routes");
    for route in &routes {
        let name = format!("{} {}", route.method, route.template);
        if OPEN.contains(&name.as_str()) {
            assert_ne!(call(&nobody, route).await, 401, "{name} for nobody");
            continue;
        }
        assert_eq!(call(&nobody, route).await, 401, "{name} for nobody");
        if name == "DELETE /api/v1/sessions/current" {
            continue;
        }
        for (role, actor) in &actors {
            let status = call(actor, route).await;
            let may = allowed(&route.tag).contains(role) || SIGNED_IN.contains(&name.as_str());
            assert_eq!(status != 403, may, "{name} for {role:?} was {status}");
            assert!(status < 500, "{name} for {role:?} was {status}");
            if may && route.template.contains('{') && route.method == Method::GET {
                assert_eq!(status, 404, "{name} for {role:?}: nothing has that id");
            }
        }
    }
}

#[tokio::test]
async fn a_manager_sees_their_region_and_nothing_else() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    for location in world.locations {
        let audit = world.good_audit(location).await;
        shopper.hand_in(&audit).await.status_is(201);
        reviewer
            .post(&format!("{}/approve", audit.path()), &json!({}))
            .await
            .status_is(200);
    }
    let client = world.client().await;
    let all = client.get("/published-audits").await.expect(200);
    assert_eq!(all["total"], 3);
    let south = world.manager(world.south).await;
    let seen = south.get("/published-audits").await.expect(200);
    assert_eq!(seen["total"], 1);
    assert_eq!(seen["items"][0]["location_name"], "Harbour");
    assert_eq!(
        south.get("/locations").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let ranking = format!(
        "/rankings?client={}&checklist=test-cafe&from=2026-09-01&to=2026-09-30",
        world.client
    );
    let rows = south.get(&ranking).await.expect(200)["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    for item in all["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let own = item["location_name"] == "Harbour";
        for path in ["", "/report.pdf"] {
            let answer = south.get(&format!("/published-audits/{id}{path}")).await;
            answer.status_is(if own { 200 } else { 404 });
        }
    }
    let summary = format!(
        "/locations/{}/summary?checklist=test-cafe&from=2026-09-01&to=2026-09-30",
        world.locations[0]
    );
    south.get(&summary).await.problem(404, "not_found", "park");
    client.get(&summary).await.status_is(200);
}

#[tokio::test]
async fn clients_never_learn_who_the_shopper_was() {
    let world = World::new().await;
    let (shopper, reviewer, client) = (
        world.shopper().await,
        world.reviewer().await,
        world.client().await,
    );
    let photo = crate::harness::picture(300, 200, 30);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);

    let list = client.get("/published-audits").await;
    let id = list.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let bundle = client.post("/bundles", &json!({})).await.expect(202);
    world.run_jobs().await;
    let mut fetched: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for path in [
        "/published-audits".to_owned(),
        format!("/published-audits/{id}"),
        format!("/published-audits/{id}/report.pdf"),
        format!("/published-audits/{id}/photos/1/1280"),
        format!("/bundles/{}/bundle.zip", bundle["id"].as_str().unwrap()),
        format!(
            "/rankings?client={}&checklist=test-cafe&from=2026-09-01&to=2026-09-30",
            world.client
        ),
        format!(
            "/locations/{}/summary?checklist=test-cafe&from=2026-09-01&to=2026-09-30",
            world.locations[0]
        ),
    ] {
        let answer = client.get(&path).await;
        answer.status_is(200);
        let mut all = format!("{:?}", answer.headers).into_bytes();
        all.extend(answer.bytes);
        fetched.insert(path, all);
    }
    let secrets = [
        "CANARY".to_owned(),
        "shopper@example.org".to_owned(),
        world.shopper_id.to_string(),
        audit.id.to_string(),
        audit.document["visit"].as_str().unwrap().to_owned(),
        "12:30".to_owned(),
        "10:30".to_owned(),
    ];
    for (path, bytes) in &fetched {
        let text = String::from_utf8_lossy(bytes);
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{path} tells {secret}");
        }
    }
    assert!(
        fetched
            .values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("Dam"))
    );
}
