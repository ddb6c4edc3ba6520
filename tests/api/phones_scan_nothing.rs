//! No statement on a phone's path, or of the jobs and the housekeeping behind it, reads a table that grows from end to end.
//!
//! PostgreSQL itself tells the plan of each statement that a whole round of a phone runs (`auto_explain`), with scans made
//! so dear that one is left only where no index can help. A scan of a whole index counts as one, too, unless the
//! index holds only what is waiting to be done. Only on PostgreSQL:
//! `make test` runs this in its stage there.

use std::collections::BTreeSet;

use plainclothes::app::App;
use plainclothes::domain::ids::Sha256;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::harness::{Outside, World, database, picture};

/// Tables that an agency's work does not make longer.
const SMALL: [&str; 11] = [
    "agency",
    "campaign",
    "campaign_version",
    "checklist_picture",
    "checklist_version",
    "client",
    "housekeeping",
    "installation",
    "receipt_key",
    "region",
    "seaql_migrations",
];

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn of_all_statements_behind_a_phone() {
    let mut world = World::new().await;
    let mut work = Vec::new();
    for shade in [3, 4] {
        let photo = picture(300, 200, shade);
        let audit = world.good_audit(world.locations[0]).await;
        work.push((audit.with_photo(&photo), photo));
    }
    let told = told_from_here_on(&mut world).await;

    for (audit, photo) in &work {
        a_whole_round(&world.shopper().await, audit, photo).await;
        world.run_jobs().await;
        world.clock.advance(chrono::Duration::hours(2));
        plainclothes::housekeeping::run(&world.app).await.unwrap();
    }

    let plans = told.plans();
    assert!(plans.len() > 60, "only {} plans were told", plans.len());
    let scans: BTreeSet<String> = plans
        .iter()
        .flat_map(|plan| {
            let text = plan["Query Text"].as_str().unwrap_or_default();
            scans(&plan["Plan"])
                .into_iter()
                .filter(|scan| {
                    !told
                        .partial_indexes
                        .iter()
                        .any(|index| scan.contains(index))
                })
                .map(move |scan| format!("{scan}\n    {text}"))
        })
        .collect();
    let all: Vec<String> = scans.into_iter().collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

async fn a_whole_round(
    shopper: &crate::harness::Actor,
    audit: &crate::harness::AuditOnPhone,
    photo: &[u8],
) {
    let sha256 = Sha256::of(photo).to_string();
    let offer = json!({
        "items": [{"audit": audit.id, "sha256": Sha256::of(&audit.bytes()), "photos": [sha256]}],
        "outbox": {"audits": 1, "photos": 1, "photo_bytes": photo.len(), "oldest": "2026-09-14T10:00:00Z"},
    });
    shopper.get("/sync/hello").await.status_is(200);
    let changes = shopper.get("/sync/changes").await.expect(200);
    let cursor = changes["cursor"].as_str().unwrap();
    shopper
        .get(&format!("/sync/changes?cursor={cursor}"))
        .await
        .status_is(200);
    shopper.post("/sync/offer", &offer).await.status_is(200);
    let sent = shopper.hand_in(audit).await;
    assert!([200, 201].contains(&sent.status.as_u16()));
    shopper.send_photo(photo).await;
    shopper
        .get(&format!("/photos/{sha256}"))
        .await
        .status_is(200);
    shopper
        .get(&format!("{}/document", audit.path()))
        .await
        .status_is(200);
    shopper.post("/sync/offer", &offer).await.status_is(200);
    let commands = json!({"commands": [{"id": uuid::Uuid::from_u128(5), "kind": "decline",
        "visit": uuid::Uuid::from_u128(6), "reason": "ill"}]});
    let sent = shopper.post("/sync/commands", &commands).await;
    assert!(sent.status.as_u16() < 500);
    shopper
        .get(&format!("/sync/changes?cursor={cursor}"))
        .await
        .status_is(200);
}

/// PostgreSQL's log, from a moment on.
struct Told {
    log: std::path::PathBuf,
    from: usize,
    /// Those that hold some rows only.
    partial_indexes: Vec<String>,
}

/// Starts the program of `world` once more, on connections whose plans are told.
async fn told_from_here_on(world: &mut World) -> Told {
    assert!(
        database::server().is_some(),
        "set PLAINCLOTHES_TEST_DATABASE to a PostgreSQL server, as make test does"
    );
    let outside = Outside::of(world).await;
    let url = database::for_the_admin(&world.app.config);
    let (_, name) = url.rsplit_once('/').unwrap();
    for (setting, value) in [
        ("session_preload_libraries", "'auto_explain'"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_format", "json"),
        ("auto_explain.log_level", "log"),
        ("enable_seqscan", "off"),
    ] {
        let set = format!("ALTER DATABASE {name} SET {setting} = {value}");
        outside.db.execute_unprepared(&set).await.unwrap();
    }
    let show = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SHOW data_directory");
    let row = outside.db.query_one_raw(show).await.unwrap().unwrap();
    let data: String = row.try_get_by_index(0).unwrap();
    // Beside the data, as tests/tools/postgres has it.
    let log = std::path::Path::new(&data).with_file_name("log");
    let from = std::fs::read(&log).unwrap().len();
    world.app = App::start(world.app.config.clone(), world.clock.clone())
        .await
        .unwrap();
    world.router = plainclothes::http::router::router(world.app.clone());
    let partial = sea_orm::Statement::from_string(
        sea_orm::DbBackend::Postgres,
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL",
    );
    let partial = outside.db.query_all_raw(partial).await.unwrap();
    Told {
        log,
        from,
        partial_indexes: partial
            .iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect(),
    }
}

impl Told {
    fn plans(&self) -> Vec<Value> {
        let bytes = std::fs::read(&self.log).unwrap();
        let text = String::from_utf8_lossy(&bytes[self.from..]).into_owned();
        text.split(" plan:\n")
            .skip(1)
            .filter_map(|rest| {
                serde_json::Deserializer::from_str(rest)
                    .into_iter::<Value>()
                    .next()?
                    .ok()
            })
            .collect()
    }
}

/// Nodes of a plan that read a growing table from end to end.
fn scans(node: &Value) -> Vec<String> {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let table = node["Relation Name"].as_str().unwrap_or_default();
    let reads_all = match kind {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" => node["Index Cond"].is_null(),
        _ => false,
    };
    let mut found = Vec::new();
    if reads_all && !SMALL.contains(&table) && !table.starts_with("pg_") {
        let filter = node["Filter"].as_str().unwrap_or("no filter");
        let index = node["Index Name"].as_str().unwrap_or_default();
        found.push(format!("{kind} of {table} {index} ({filter})"));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        found.extend(scans(child));
    }
    found
}
