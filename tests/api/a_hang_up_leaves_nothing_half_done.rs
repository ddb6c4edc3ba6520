//! Whoever hangs up, at whatever await the server stands: no connection stays inside a transaction, what was asked for is done
//! wholly or not at all, and asking again gets the right answer.
//!
//! Not here: lines that break in the middle of a body (`photos_arrive_in_pieces.rs`).

use axum::http::Method;
use futures::future::BoxFuture;
use plainclothes::db::DbError;
use plainclothes::domain::ids::Sha256;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::{Actor, AuditOnPhone, Call, Counts, Outside, World, picture, polled};

const FIXTURE: &str = include_str!("harness/fixture.yaml");
/// How often each call is cut at each await.
const ROUNDS: usize = 1;
/// So many awaits are all tried; after them the steps grow, or the suite would wait long on PostgreSQL.
const EACH_OF_FIRST: usize = 5;
const POLLS_MAX: usize = 400;

/// What asking again does to the state once the first request has been done.
#[derive(Clone, Copy, PartialEq)]
enum Again {
    Same,
    Anew,
}
use Again::{Anew, Same};

/// Every call that writes, what it may answer when it is sent again, and what that does.
const CALLS: [(&str, &[u16], Again); 31] = [
    ("audit", &[200, 201], Same),
    ("correction", &[200, 201], Same),
    ("astray", &[202], Same),
    ("photo.begin", &[201], Same),
    ("photo.begin_with_chunk", &[201], Same),
    ("photo.chunk", &[204, 409], Same),
    ("photo.last_chunk", &[204, 409], Same),
    ("photo.end", &[204, 404], Same),
    ("offer", &[200], Same),
    ("accept", &[200], Same),
    ("decline", &[200], Same),
    ("read", &[200], Same),
    ("approve", &[200, 409], Same),
    ("return", &[200, 409], Same),
    ("reject", &[200, 409], Same),
    ("waive", &[200], Anew),
    ("quarantine.place", &[200, 409], Same),
    ("quarantine.accept", &[200, 409], Same),
    ("quarantine.reject", &[200, 409], Same),
    // Each import stands in the journal.
    ("import", &[200], Anew),
    ("visit", &[201], Anew),
    ("assign", &[200], Anew),
    ("withdraw", &[200, 409], Same),
    ("move", &[200], Anew),
    ("stay", &[200, 404], Same),
    ("traps", &[204], Anew),
    ("publish", &[201], Anew),
    ("retire", &[200], Same),
    ("what_if", &[201], Anew),
    ("sign_in", &[201], Anew),
    ("sign_out", &[204, 401], Same),
];

struct Scene {
    world: World,
    shopper: Actor,
    admin: Actor,
    made: u32,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let (shopper, admin) = (world.shopper().await, world.admin().await);
        Self {
            world,
            shopper,
            admin,
            made: 0,
        }
    }

    async fn audit(&self) -> AuditOnPhone {
        self.world.good_audit(self.world.locations[0]).await
    }

    async fn handed_in(&self) -> AuditOnPhone {
        let audit = self.audit().await;
        self.shopper.hand_in(&audit).await.status_is(201);
        audit
    }

    fn photo(&self) -> Vec<u8> {
        let (width, shade) = (40 + self.made / 32, self.made % 32);
        picture(width, 40, u8::try_from(shade).unwrap())
    }

    /// A published version that nobody uses.
    async fn version(&self) -> Value {
        let published = self.admin.send(
            Method::POST,
            "/checklists",
            &[("content-type", "application/yaml")],
            self.yaml(),
        );
        published.await.expect(201)["sha256"].clone()
    }

    fn yaml(&self) -> Vec<u8> {
        let version = format!("version: {}", self.made + 1);
        FIXTURE.replace("version: 1", &version).into_bytes()
    }

    /// Makes what the call needs, and the call, with who makes it.
    async fn call(&mut self, name: &str) -> (Actor, Call) {
        self.made += 1;
        let (shopper, admin) = (self.shopper.clone(), self.admin.clone());
        let put = Actor::handing_in;
        let command = |kind: &str, subject: &Value| {
            let one = json!({"id": uuid::Uuid::new_v4(), "kind": kind, "subject": subject});
            Call::json(Method::POST, "/sync/commands", &json!({"commands": [one]}))
        };
        let post = |path: String, body: Value| Call::json(Method::POST, path, &body);
        let locations = self.world.locations;
        let campaign = format!("/campaigns/{}", self.world.campaign);
        let to_shopper = json!({"shopper": self.world.shopper_id});
        let open = json!({"campaign": self.world.campaign, "location": locations[0],
            "local_opens": "2026-10-05T08:00", "local_closes": "2026-10-05T20:00"});
        match name {
            "audit" => (shopper, put(&self.audit().await)),
            "astray" => {
                let audit = self.audit().await;
                (
                    shopper,
                    put(&audit.with("visit", json!(uuid::Uuid::new_v4()))),
                )
            }
            "correction" => {
                let first = self.handed_in().await;
                let mut next = first.clone();
                next.id = uuid::Uuid::new_v4();
                let id = json!(next.id);
                let next = next.with("audit", id).with("supersedes", json!(first.id));
                (shopper, put(&next))
            }
            "photo.begin" => (shopper, Actor::beginning(&self.photo())),
            "photo.begin_with_chunk" => {
                let photo = self.photo();
                let call = Actor::beginning(&photo)
                    .header("content-type", CHUNK)
                    .body(photo[..99].to_vec());
                (shopper, call)
            }
            "photo.chunk" => {
                let photo = self.photo();
                shopper.call(&Actor::beginning(&photo)).await.status_is(201);
                (shopper, chunk(&photo, 0, 99))
            }
            "photo.last_chunk" => {
                let photo = self.photo();
                let audit = self.audit().await.with_photo(&photo);
                shopper.hand_in(&audit).await.status_is(201);
                shopper.call(&Actor::beginning(&photo)).await.status_is(201);
                let first = shopper.call(&chunk(&photo, 0, 99)).await;
                first.status_is(204);
                (shopper, chunk(&photo, 99, photo.len()))
            }
            "photo.end" => {
                let photo = self.photo();
                shopper.call(&Actor::beginning(&photo)).await.status_is(201);
                let path = format!("/photos/{}", Sha256::of(&photo));
                (
                    shopper,
                    Call::new(Method::DELETE, path).header("tus-resumable", "1.0.0"),
                )
            }
            "offer" => {
                let audit = self.handed_in().await;
                let item =
                    json!({"audit": audit.id, "sha256": Sha256::of(&audit.bytes()), "photos": []});
                let outbox = json!({"audits": 1, "photos": 0, "photo_bytes": 0});
                (
                    shopper,
                    post(
                        "/sync/offer".to_owned(),
                        json!({"items": [item], "outbox": outbox}),
                    ),
                )
            }
            "accept" | "decline" => {
                let visit = self.world.visit(locations[0]).await;
                (shopper, command(&format!("visit.{name}"), &visit))
            }
            "read" => {
                let audit = self.handed_in().await;
                let path = format!("{}/approve", audit.path());
                admin.post(&path, &json!({})).await.status_is(200);
                let changes = shopper.get("/sync/changes?limit=500").await.expect(200);
                let told = changes["changes"].as_array().unwrap().last().cloned();
                let told = told.filter(|change| change["kind"] == "visit");
                assert!(told.is_some(), "the visit comes after its feedback");
                let told = changes["changes"].as_array().unwrap().iter().rev();
                let told = told.clone().find(|change| change["kind"] == "feedback");
                (shopper, command("feedback.read", &told.unwrap()["id"]))
            }
            "approve" | "return" | "reject" => {
                let path = format!("{}/{name}", self.handed_in().await.path());
                (admin, post(path, json!({"message": "So it is."})))
            }
            "waive" => {
                let photo = self.photo();
                let audit = self.audit().await.with_photo(&photo);
                shopper.hand_in(&audit).await.status_is(201);
                let path = format!("{}/photos/{}/waive", audit.path(), Sha256::of(&photo));
                (admin, post(path, json!({"reason": "The phone is lost."})))
            }
            "quarantine.place" | "quarantine.accept" | "quarantine.reject" => {
                let astray = self
                    .audit()
                    .await
                    .with("visit", json!(uuid::Uuid::new_v4()));
                let kept = shopper.hand_in(&astray).await.expect(202);
                let action = name.trim_start_matches("quarantine.");
                let path = format!("/quarantine/{}/{action}", kept["receipt"]["number"]);
                let body = match action {
                    "place" => json!({"visit": self.world.visit(locations[0]).await, "note": ""}),
                    "accept" => json!({"note": "Paid all the same."}),
                    _ => json!({"reason": "Nobody sent this shopper."}),
                };
                (admin, post(path, body))
            }
            "import" => {
                let audit = self.audit().await;
                let text = String::from_utf8(audit.bytes()).unwrap();
                let lines = [
                    json!({"format": "plainclothes-outbox-2", "user": self.world.shopper_id,
                        "exported_at": "2026-09-14T12:00:00Z", "app_version": "test"}),
                    json!({"audit": audit.id, "sha256": Sha256::of(text.as_bytes()), "text": text}),
                ];
                let body = lines.map(|line| format!("{line}\n")).concat();
                let call = Call::new(Method::POST, "/outbox-imports").body(body.into_bytes());
                (admin, call.header("content-type", "application/x-ndjson"))
            }
            "visit" => {
                let mut visit = open;
                visit["shopper"] = to_shopper["shopper"].clone();
                (admin, post("/visits".to_owned(), visit))
            }
            "assign" => {
                let visit = admin.post("/visits", &open).await.expect(201);
                let path = format!("/visits/{}/assign", visit["id"].as_str().unwrap());
                (admin, post(path, to_shopper))
            }
            "withdraw" => {
                let visit = self.world.visit(locations[0]).await;
                let path = format!("/visits/{}/withdraw", visit.as_str().unwrap());
                (admin, post(path, json!({"reason": "Closed for good."})))
            }
            "move" | "stay" => {
                let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
                let day = day + chrono::Days::new(u64::from(self.made % 100));
                let body = json!({"from_day": day, "checklist_sha256": self.world.checklist});
                let path = format!("{campaign}/versions");
                if name == "move" {
                    return (admin, post(path, body));
                }
                admin.post(&path, &body).await.status_is(200);
                (admin, Call::new(Method::DELETE, format!("{path}/{day}")))
            }
            "traps" => (
                admin,
                Call::json(
                    Method::PUT,
                    format!("{campaign}/traps"),
                    &json!({"keys": []}),
                ),
            ),
            "publish" => {
                let call = Call::new(Method::POST, "/checklists").body(self.yaml());
                (admin, call.header("content-type", "application/yaml"))
            }
            "retire" => {
                let path = format!(
                    "/checklists/{}/retire",
                    self.version().await.as_str().unwrap()
                );
                (admin, Call::new(Method::POST, path))
            }
            "what_if" => {
                let body = json!({"name": "Other weights", "checklist_slug": "test-cafe",
                    "reweighting": "sections: {welcome: 10, room: 90}\n"});
                (admin, post("/what-ifs".to_owned(), body))
            }
            "sign_in" => {
                let body =
                    json!({"email": "shopper@example.org", "password": crate::harness::PASSWORD});
                (self.world.nobody(), post("/sessions".to_owned(), body))
            }
            "sign_out" => {
                let call = Call::new(Method::DELETE, "/sessions/current");
                (self.world.shopper().await, call)
            }
            other => panic!("{other}: say here how it is called"),
        }
    }
}

const CHUNK: &str = "application/offset+octet-stream";

fn chunk(photo: &[u8], from: usize, to: usize) -> Call {
    Call::new(Method::PATCH, format!("/photos/{}", Sha256::of(photo)))
        .header("tus-resumable", "1.0.0")
        .header("content-type", CHUNK)
        .header("upload-offset", from)
        .body(photo[from..to].to_vec())
}

/// What moved, and by how much. How far an upload got differs with the size of its photo: what counts is that it moved.
fn moved(before: &Counts, after: &Counts) -> Counts {
    let moved = after
        .iter()
        .map(|(name, n)| (name.clone(), n - before[name]));
    moved
        .map(|(name, by)| {
            if name == "upload.offset" {
                (name, by.signum())
            } else {
                (name, by)
            }
        })
        .filter(|(_, by)| *by != 0)
        .collect()
}

/// Cuts each call after each poll until it answers; returns how many were cut.
async fn cut_everywhere(scene: &mut Scene, outside: &Outside, name: &str) -> usize {
    let (_, allowed, again) = CALLS.iter().find(|(of, ..)| *of == name).unwrap();
    let mut wholly = Counts::new();
    // First to the end, to know what wholly is; once more because the first may have made what is made once.
    for _ in 0..2 {
        let (actor, call) = scene.call(name).await;
        outside.is_quiet(name).await;
        let before = outside.counts().await;
        let answer = actor.call(&call).await;
        assert!(answer.status.is_success(), "{name}: {answer:?}");
        outside.is_quiet(name).await;
        wholly = moved(&before, &outside.counts().await);
    }
    let mut parts = vec![Counts::new(), wholly.clone()];
    if name == "photo.begin_with_chunk" {
        // Two steps, each of which is whole: the upload is there, then it has its first bytes.
        parts.push(Counts::from([("upload".to_owned(), 1)]));
    }
    if name == "import" {
        // The file is noted first; then each piece of work is taken in by itself, as if a phone had sent it.
        parts.push(Counts::from([("journal".to_owned(), 1)]));
    }
    let mut cuts = 0;
    let mut polls = 0;
    while polls < POLLS_MAX {
        let mut answered = false;
        for _ in 0..ROUNDS {
            let at = format!("{name}, hung up after {polls} polls");
            eprintln!("{at}");
            let (actor, call) = scene.call(name).await;
            outside.is_quiet(&at).await;
            let before = outside.counts().await;
            answered |= actor.hang_up(&call, polls).await.is_some();
            cuts += 1;
            // What was handed to SQLite's writer before the hang-up may wait there yet: this comes after it.
            let after = scene.world.app.db.write(|_| Box::pin(async { Ok(()) }));
            after.await.map_err(|error: DbError| error).unwrap();
            outside.is_quiet(&at).await;
            let done = moved(&before, &outside.counts().await);
            assert!(
                parts.contains(&done),
                "{at}: {done:?} is neither nothing nor {wholly:?}"
            );
            let answer = actor.call(&call).await;
            let status = answer.status.as_u16();
            assert!(
                allowed.contains(&status),
                "{at}: asked again, it said {answer:?}"
            );
            outside.is_quiet(&at).await;
            let after = moved(&before, &outside.counts().await);
            if *again == Same || done.is_empty() {
                assert_eq!(after, wholly, "{at}, asked again");
            }
        }
        if answered {
            return cuts;
        }
        polls += 1 + polls / EACH_OF_FIRST;
    }
    panic!("{name} was polled {POLLS_MAX} times and does not end");
}

#[tokio::test]
async fn whatever_writes_is_done_wholly_or_not_at_all() {
    let mut scene = Scene::new().await;
    let outside = Outside::of(&scene.world).await;
    let mut cuts = Vec::new();
    for (name, ..) in CALLS {
        cuts.push((name, cut_everywhere(&mut scene, &outside, name).await));
    }
    // Each was cut before it was wholly done, and not only before it began.
    assert!(cuts.iter().all(|(_, cuts)| *cuts >= 2 * ROUNDS), "{cuts:?}");
}

/// sqlx 0.9.0 puts a PostgreSQL connection back into its pool with an open transaction when a future is dropped while its
/// BEGIN is under way; what is then written on it without a transaction is acknowledged and lost. Here nobody can do
/// either: every BEGIN is in a task that nobody drops (`architecture.rs` sees to it that there are no others), and nothing
/// can be written but in such a transaction.
#[tokio::test]
async fn a_begin_that_is_dropped_swallows_no_later_write() {
    const CUTS: usize = 3000;
    let world = World::new().await;
    let outside = Outside::of(&world).await;
    let made = outside
        .db
        .execute_unprepared("CREATE TABLE written (n BIGINT)");
    made.await.unwrap();
    if outside.db.get_database_backend() == DbBackend::Postgres {
        let granted = outside
            .db
            .execute_unprepared("GRANT SELECT, INSERT ON written TO plainclothes_app");
        granted.await.unwrap();
    }
    let db = &world.app.db;
    let (mut begun, mut written) = (0, 0);
    for cut in 0..CUTS {
        let polls = cut / 2 % 5;
        let done = match cut % 2 {
            0 => polled(db.write(|txn| note(txn, DROPPED)), polls)
                .await
                .is_some(),
            _ => polled(db.snapshot(|txn| look(txn)), polls).await.is_some(),
        };
        begun += usize::from(!done && polls > 0);
        if cut % 20 == 19 {
            let plain = db
                .reader()
                .execute_unprepared("INSERT INTO written VALUES (3)");
            assert!(plain.await.is_err(), "a reader can write");
            db.write(|txn| note(txn, ACKNOWLEDGED)).await.unwrap();
            written += 1;
        }
    }
    assert!(
        begun > CUTS / 10,
        "only {begun} were cut while they went on"
    );
    outside.is_quiet("after all cuts").await;
    let query = "SELECT CAST(count(*) AS BIGINT) AS n FROM written WHERE n = 1";
    let statement = Statement::from_string(outside.db.get_database_backend(), query);
    let found = outside.db.query_one_raw(statement).await.unwrap().unwrap();
    let found: i64 = found.try_get("", "n").unwrap();
    assert_eq!(found, written, "acknowledged, and lost");
}

const ACKNOWLEDGED: &str = "INSERT INTO written VALUES (1)";
const DROPPED: &str = "INSERT INTO written VALUES (2)";

fn note<'t>(
    txn: &'t DatabaseTransaction,
    statement: &'static str,
) -> BoxFuture<'t, Result<(), DbError>> {
    Box::pin(async move { Ok(txn.execute_unprepared(statement).await.map(drop)?) })
}

fn look(txn: &DatabaseTransaction) -> BoxFuture<'_, Result<(), DbError>> {
    Box::pin(async { Ok(txn.execute_unprepared("SELECT 1").await.map(drop)?) })
}
