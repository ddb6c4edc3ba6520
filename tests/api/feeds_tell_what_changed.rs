//! The pull: a phone misses nothing, and its check sum always agrees.

use std::collections::BTreeMap;

use plainclothes::accounts::Role;
use plainclothes::db::feed::entry_sum;
use plainclothes::domain::ids::PersonId;
use serde_json::{Value, json};

use crate::harness::{Actor, World};

/// A phone that only pulls.
#[derive(Default)]
struct Phone {
    cursor: Option<String>,
    held: BTreeMap<(String, String), i64>,
    resets: usize,
}

impl Phone {
    async fn pull(&mut self, shopper: &Actor, limit: u64) {
        loop {
            let cursor = self
                .cursor
                .as_ref()
                .map(|c| format!("&cursor={c}"))
                .unwrap_or_default();
            let page = shopper
                .get(&format!("/sync/changes?limit={limit}{cursor}"))
                .await;
            let page = page.expect(200);
            if page["reset"] == json!(true) {
                self.resets += 1;
                self.held.clear();
            }
            for change in page["changes"].as_array().unwrap() {
                let text = |member: &str| change[member].as_str().unwrap().to_owned();
                let key = (text("kind"), text("id"));
                match text("op").as_str() {
                    "put" => self.held.insert(key, change["rev"].as_i64().unwrap()),
                    _ => self.held.remove(&key),
                };
            }
            self.cursor = Some(page["cursor"].as_str().unwrap().to_owned());
            if page["more"] == json!(false) {
                return self.agrees_with(&page["check"]);
            }
        }
    }

    fn agrees_with(&self, check: &Value) {
        let sum = self.held.iter().fold(0, |sum, ((kind, id), rev)| {
            sum ^ entry_sum(kind, id.parse().unwrap(), *rev)
        });
        assert_eq!(check["sum"], format!("{sum:016x}"));
        assert_eq!(check["count"], self.held.len());
    }
}

#[tokio::test]
async fn page_by_page_everything_arrives_and_then_only_what_is_new() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    for at in [0, 1, 2, 0, 1] {
        world.visit(world.locations[at]).await;
    }
    let mut phone = Phone::default();
    phone.pull(&shopper, 2).await;
    assert_eq!((phone.held.len(), phone.resets), (5, 0));
    let cursor = phone.cursor.clone().unwrap();
    let again = shopper
        .get(&format!("/sync/changes?cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(again["changes"], json!([]));
    let audit = world.good_audit(world.locations[2]).await;
    shopper.hand_in(&audit).await.status_is(201);
    phone.pull(&shopper, 2).await;
    assert_eq!(phone.held.len(), 6);
}

#[tokio::test]
async fn a_visit_given_to_somebody_else_leaves_one_phone_and_reaches_the_other() {
    let world = World::new().await;
    let first = world.shopper().await;
    let other_id = world
        .person("other@example.org", Role::Shopper, None, None)
        .await;
    let other = world.sign_in("other@example.org").await;
    let visit = world.visit(world.locations[0]).await;
    let (mut on_first, mut on_other) = (Phone::default(), Phone::default());
    on_first.pull(&first, 10).await;
    on_other.pull(&other, 10).await;
    assert_eq!((on_first.held.len(), on_other.held.len()), (1, 0));

    let path = format!("/visits/{}/assign", visit.as_str().unwrap());
    let admin = world.admin().await;
    admin
        .post(&path, &json!({"shopper": other_id}))
        .await
        .status_is(200);
    let cursor = on_first.cursor.clone().unwrap();
    let page = first
        .get(&format!("/sync/changes?cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(page["changes"][0]["op"], "del");
    assert_eq!(page["changes"][0]["reason"], "reassigned");
    on_first.pull(&first, 10).await;
    on_other.pull(&other, 10).await;
    assert_eq!((on_first.held.len(), on_other.held.len()), (0, 1));

    let stranger = PersonId(uuid::Uuid::new_v4());
    admin
        .post(&path, &json!({"shopper": stranger}))
        .await
        .problem(404, "not_found", "park");
}

#[tokio::test]
async fn a_cursor_of_no_use_starts_anew_and_is_no_error() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    world.visit(world.locations[0]).await;
    for cursor in [
        "rubbish",
        "djEuMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAuNw",
    ] {
        let mut phone = Phone {
            cursor: Some(cursor.to_owned()),
            ..Phone::default()
        };
        phone.pull(&shopper, 10).await;
        assert_eq!((phone.resets, phone.held.len()), (1, 1), "{cursor}");
    }
}

#[tokio::test]
async fn writers_at_the_same_time_lose_no_entry() {
    const WRITERS: usize = 8;
    const VISITS: usize = 10;
    let world = World::new().await;
    let shopper = world.shopper().await;
    let mut phone = Phone::default();
    let writers = (0..WRITERS).map(|at| {
        let world = &world;
        async move {
            for _ in 0..VISITS {
                world.visit(world.locations[at % 3]).await;
            }
        }
    });
    let reading = async {
        for _ in 0..20 {
            phone.pull(&shopper, 7).await;
        }
    };
    futures::join!(futures::future::join_all(writers), reading);
    phone.pull(&shopper, 7).await;
    assert_eq!((phone.held.len(), phone.resets), (WRITERS * VISITS, 0));
}

#[tokio::test]
async fn commands_are_done_once_and_answered_item_by_item() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let visit = world.visit(world.locations[0]).await;
    let (accept, stray) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    let commands = json!({"commands": [
        {"id": accept, "kind": "visit.accept", "subject": visit},
        {"id": stray, "kind": "visit.accept", "subject": uuid::Uuid::new_v4()},
    ]});
    let first = shopper.post("/sync/commands", &commands).await.expect(200);
    assert_eq!(first["results"][0]["outcome"], "done");
    assert_eq!(first["results"][1]["code"], "not_found");
    let again = shopper.post("/sync/commands", &commands).await.expect(200);
    assert_eq!(first, again);
    let changes = shopper.get("/sync/changes").await.expect(200);
    assert_eq!(changes["changes"][0]["value"]["state"], "accepted");
    assert_eq!(changes["changes"][0]["rev"], 2, "accepted once, not twice");
}
