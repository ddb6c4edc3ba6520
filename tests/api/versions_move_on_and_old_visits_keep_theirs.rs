//! Checklist versions over time: published once, retired, and what a campaign's visits are filled in with.

use axum::http::Method;
use plainclothes::accounts::Scope;
use plainclothes::checklists::service::publish;
use plainclothes::domain::checklist::Checklist;
use plainclothes::domain::ids::{PersonId, Sha256};
use serde_json::{Value, json};

use crate::harness::{Actor, World};

const FIXTURE: &str = include_str!("harness/fixture.yaml");

async fn published(world: &World, yaml: &str) -> Sha256 {
    let scope = Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()));
    let checklist = Checklist::parse_yaml(yaml).unwrap();
    publish(&world.app, &scope, &checklist, Vec::new())
        .await
        .unwrap()
}

async fn second_version(world: &World) -> Sha256 {
    let yaml = FIXTURE
        .replace("version: 1", "version: 2")
        .replace("weight: 60", "weight: 70")
        .replace("weight: 40", "weight: 30");
    published(world, &yaml).await
}

async fn open_visit(admin: &Actor, world: &World, day: &str) -> Value {
    let body = json!({"campaign": world.campaign, "location": world.locations[0],
        "local_opens": format!("{day}T08:00"), "local_closes": format!("{day}T20:00")});
    admin.post("/visits", &body).await.expect(201)
}

/// The version of each visit, by the day on which it opens.
async fn versions(admin: &Actor) -> Vec<(String, Value)> {
    let visits = admin.get("/visits").await.expect(200);
    let mut versions: Vec<(String, Value)> = visits["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|visit| {
            let day = visit["local_opens"].as_str().unwrap()[..10].to_owned();
            (day, visit["checklist_sha256"].clone())
        })
        .collect();
    versions.sort_by_key(|(day, _)| day.clone());
    versions
}

#[tokio::test]
async fn a_campaign_moves_from_a_day_and_visits_that_were_handed_out_stay() {
    let world = World::new().await;
    let admin = world.admin().await;
    let second = second_version(&world).await;
    let before = open_visit(&admin, &world, "2026-09-30").await;
    let handed_out = open_visit(&admin, &world, "2026-10-05").await;
    open_visit(&admin, &world, "2026-10-06").await;
    let to_shopper = json!({"shopper": world.shopper_id});
    let assign = |visit: &Value| format!("/visits/{}/assign", visit["id"].as_str().unwrap());
    let assigned = admin.post(&assign(&handed_out), &to_shopper).await;
    assigned.expect(200);
    let moved = admin
        .post(
            &format!("/campaigns/{}/versions", world.campaign),
            &json!({"from_day": "2026-10-01", "checklist_sha256": second}),
        )
        .await
        .expect(200);
    assert_eq!(
        moved["versions"],
        json!([{"checklist_sha256": world.checklist}, {"from_day": "2026-10-01", "checklist_sha256": second}])
    );
    open_visit(&admin, &world, "2026-10-07").await;
    let (old, new) = (json!(world.checklist), json!(second));
    let by_day = |day: &str, version: &Value| (day.to_owned(), version.clone());
    assert_eq!(
        versions(&admin).await,
        [
            by_day("2026-09-30", &old),
            by_day("2026-10-05", &old),
            by_day("2026-10-06", &new),
            by_day("2026-10-07", &new),
        ]
    );
    // Handed out only now, a visit of before the move has the version of its day.
    let assigned = admin.post(&assign(&before), &to_shopper).await.expect(200);
    assert_eq!(assigned["checklist_sha256"], old);

    let path = format!("/campaigns/{}/versions/2026-10-01", world.campaign);
    let stayed = admin.send(Method::DELETE, &path, &[], Vec::new()).await;
    assert_eq!(
        stayed.expect(200)["versions"],
        json!([{"checklist_sha256": old}])
    );
    let all = versions(&admin).await;
    assert!(all.iter().all(|(_, sha256)| *sha256 == old), "{all:?}");
    let again = admin.send(Method::DELETE, &path, &[], Vec::new()).await;
    again.expect(404);
}

#[tokio::test]
async fn a_move_has_to_make_sense() {
    let world = World::new().await;
    let admin = world.admin().await;
    let second = second_version(&world).await;
    let other = FIXTURE.replace("checklist: test-cafe", "checklist: other");
    let other = published(&world, &other).await;
    let path = format!("/campaigns/{}/versions", world.campaign);
    for (from_day, sha256, pointer) in [
        ("2027-01-01", second, "/from_day"),
        ("2026-07-01", second, "/from_day"),
        ("soon", second, "/from_day"),
        ("2026-10-01", other, "/checklist_sha256"),
        ("2026-10-01", Sha256([7; 32]), "/checklist_sha256"),
    ] {
        let body = json!({"from_day": from_day, "checklist_sha256": sha256});
        let problem = admin.post(&path, &body).await.expect(400);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}

#[tokio::test]
async fn a_version_is_published_once_and_retired_when_nobody_needs_it() {
    let world = World::new().await;
    let admin = world.admin().await;
    let retire = |sha256: Sha256| format!("/checklists/{sha256}/retire");
    let refused = admin.post(&retire(world.checklist), &json!({})).await;
    let problem = refused.expect(409);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("'Autumn'"), "{detail}");

    let second = second_version(&world).await;
    assert_eq!(second_version(&world).await, second, "the same file twice");
    let retired = admin.post(&retire(second), &json!({})).await.expect(200);
    assert!(retired["retired_at"].is_string());
    let move_there = json!({"from_day": "2026-10-01", "checklist_sha256": second});
    let path = format!("/campaigns/{}/versions", world.campaign);
    let problem = admin.post(&path, &move_there).await.expect(400);
    assert!(problem["detail"].as_str().unwrap().contains("is retired"));
    // It can be read for ever, and is in use again when the same file is published again.
    let read = admin.get(&format!("/checklists/{second}")).await;
    read.expect(200);
    second_version(&world).await;
    admin.post(&path, &move_there).await.expect(200);
    let listed = admin.get("/checklists").await.expect(200);
    let numbers: Vec<&Value> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| &version["version"])
        .collect();
    assert_eq!(numbers, [2, 1]);
    assert!(listed["items"][0].get("retired_at").is_none());
}

#[tokio::test]
async fn a_file_is_checked_and_published_at_the_desk() {
    let world = World::new().await;
    let admin = world.admin().await;
    let send = |path: &'static str, yaml: String| {
        let admin = admin.clone();
        async move {
            let headers = [("content-type", "application/yaml")];
            let bytes = yaml.into_bytes();
            admin.send(Method::POST, path, &headers, bytes).await
        }
    };
    let wrong = FIXTURE.replace("        points: 10\n", "        pionts: 10\n");
    let checked = send("/checklists/check", wrong.clone()).await.expect(200);
    assert!(checked.get("sha256").is_none());
    let first = &checked["problems"][0];
    assert_eq!(
        (&first["line"], &first["question"]),
        (&json!(16), &json!("greeted")),
        "{checked}"
    );
    assert_eq!(first["suggestion"], "did you mean `points`?");
    let problem = send("/checklists", wrong).await.expect(400);
    let place = problem["errors"][0]["pointer"].as_str().unwrap();
    assert!(place.starts_with("16:"), "{place}");

    let third = FIXTURE.replace("version: 1", "version: 3");
    let checked = send("/checklists/check", third.clone()).await.expect(200);
    assert_eq!(checked["problems"], json!([]));
    let published = send("/checklists", third.clone()).await.expect(201);
    assert_eq!(published["sha256"], checked["sha256"]);

    let partly = third.replace("version: 3", "version: 4\npartial_languages: [fr]");
    let checked = send("/checklists/check", partly.clone()).await.expect(200);
    assert_eq!(checked["problems"][0]["severity"], "warning", "{checked}");
    assert!(checked["problems"][0]["length"].as_u64() >= Some(1));
    let published = send("/checklists", partly).await.expect(201);
    assert_eq!(published["sha256"], checked["sha256"]);

    let other = third.replace("pass_mark: 60", "pass_mark: 61");
    send("/checklists", other).await.expect(409);
}
