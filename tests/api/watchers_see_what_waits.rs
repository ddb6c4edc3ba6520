//! What Prometheus scrapes and what a collector of traces is sent, after requests as they really are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::routing::post;
use chrono::Duration;
use plainclothes::domain::ids::Sha256;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::harness::{Actor, Call, World, picture};
use crate::hostile::jobs_are_done;
use crate::hostile::process::Process;

/// One scrape: each line's name with labels, and its value; and the names of what may be asked for.
struct Scraped {
    values: BTreeMap<String, f64>,
    names: BTreeSet<String>,
}

impl Scraped {
    async fn of(world: &World) -> Self {
        Self::read(&plainclothes::metrics::scrape(&world.app).await)
    }

    fn read(text: &str) -> Self {
        assert!(text.ends_with("# EOF\n"), "{text}");
        let mut values = BTreeMap::new();
        let mut names = BTreeSet::new();
        for line in text.lines() {
            if let Some(told) = line.strip_prefix("# TYPE ") {
                let (name, kind) = told.split_once(' ').unwrap();
                let endings: &[&str] = match kind {
                    "counter" => &["_total"],
                    "histogram" => &["_bucket", "_sum", "_count"],
                    "info" => &["_info"],
                    "gauge" => &[""],
                    other => panic!("{name} is a {other}"),
                };
                names.extend(endings.iter().map(|ending| format!("{name}{ending}")));
            } else if !line.starts_with('#') {
                let (name, value) = line.rsplit_once(' ').unwrap();
                values.insert(name.replace("{}", ""), value.parse().unwrap());
            }
        }
        Self { values, names }
    }

    #[track_caller]
    fn is(&self, name: &str, value: f64) {
        assert_eq!(
            self.values.get(name),
            Some(&value),
            "{name}: {:#?}",
            self.values
        );
    }
}

/// A day's work: an audit with a photo that has not arrived, one in quarantine, one handed in again; a phone that holds
/// more than it sent; a visit that a phone has not pulled.
async fn day() -> World {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let first = world.good_audit(world.locations[0]).await;
    shopper.hand_in(&first).await.status_is(201);
    shopper.hand_in(&first).await.status_is(200);
    let mut strange = world.good_audit(world.locations[1]).await;
    strange.document["checklist"] = json!(Sha256::of(b"unknown"));
    shopper.hand_in(&strange).await.status_is(202);
    shopper.send_photo(&picture(60, 40, 1)).await;
    let outbox = json!({"audits": 2, "photos": 3, "photo_bytes": 900, "oldest": "2026-09-14T11:00:00+02:00"});
    let offer = json!({"items": [], "outbox": outbox});
    shopper.post("/sync/offer", &offer).await.expect(200);
    shopper.get("/no/such/address").await.status_is(404);
    world
}

#[tokio::test]
async fn figures_say_what_was_done_and_what_waits() {
    let world = day().await;
    let before = Scraped::of(&world).await;
    before.is("plainclothes_build_info{version=\"0.1.0\"}", 1.0);
    before.is("plainclothes_db_up", 1.0);
    before.is("plainclothes_objects_up", 1.0);
    before.is("plainclothes_http_requests_in_flight", 0.0);
    let audits = "method=\"PUT\",route=\"/api/v1/audits/{id}\"";
    before.is(
        &format!("plainclothes_http_requests_total{{{audits},status=\"201\"}}"),
        1.0,
    );
    before.is(
        &format!("plainclothes_http_requests_total{{{audits},status=\"202\"}}"),
        1.0,
    );
    before.is(
        &format!("plainclothes_http_request_duration_seconds_count{{{audits}}}"),
        3.0,
    );
    before.is(
        "plainclothes_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"}",
        1.0,
    );
    for (outcome, count) in [("placed", 1.0), ("already", 1.0), ("quarantined", 1.0)] {
        let name = format!("plainclothes_audits_received_total{{outcome=\"{outcome}\"}}");
        before.is(&name, count);
    }
    before.is("plainclothes_quarantine_waiting", 1.0);
    before.is("plainclothes_outbox_audits", 2.0);
    before.is("plainclothes_outbox_photos", 3.0);
    // The clock stands at 10:00 in UTC, and the phone's oldest is of 9:00.
    before.is("plainclothes_outbox_oldest_age_seconds", 3600.0);
    before.is("plainclothes_outbox_phones_silent", 0.0);
    before.is("plainclothes_photos_waiting", 1.0);
    before.is(
        "plainclothes_jobs{kind=\"photo.move\",state=\"ready\"}",
        1.0,
    );
    before.is(
        "plainclothes_jobs{kind=\"what_if.score\",state=\"dead\"}",
        0.0,
    );
    assert!(before.values["plainclothes_db_pool_connections_max{pool=\"reader\"}"] > 0.0);
    assert!(before.names.contains("plainclothes_db_pool_connections"));
    assert!(before.values["plainclothes_db_write_duration_seconds_count"] > 10.0);
    let text = plainclothes::metrics::scrape(&world.app).await;
    assert!(
        !text.contains("CANARY") && !text.contains("example.org"),
        "{text}"
    );

    // Figures from the rows are kept for ten seconds, then read again.
    assert_eq!(world.run_jobs().await, 2);
    let kept = Scraped::of(&world).await;
    kept.is("plainclothes_photos_waiting", 1.0);
    kept.is(
        "plainclothes_job_runs_total{kind=\"photo.move\",outcome=\"done\"}",
        1.0,
    );
    kept.is(
        "plainclothes_job_duration_seconds_count{kind=\"photo.renditions\"}",
        1.0,
    );
    kept.is(
        "plainclothes_objects_requests_total{operation=\"put\",outcome=\"done\"}",
        3.0,
    );
    world.clock.advance(Duration::hours(25));
    let after = Scraped::of(&world).await;
    after.is("plainclothes_photos_waiting", 0.0);
    after.is("plainclothes_photo_bytes_waiting", 0.0);
    after.is(
        "plainclothes_jobs{kind=\"photo.move\",state=\"ready\"}",
        0.0,
    );
    after.is("plainclothes_outbox_phones_silent", 1.0);
    after.is("plainclothes_outbox_oldest_age_seconds", 26.0 * 3600.0);
}

#[tokio::test]
async fn what_a_phone_has_not_pulled_is_the_lag() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    world.visit(world.locations[0]).await;
    world.clock.advance(Duration::minutes(5));
    Scraped::of(&world)
        .await
        .is("plainclothes_feed_lag_seconds", 300.0);
    let page = shopper.get("/sync/changes").await.expect(200);
    let cursor = page["cursor"].as_str().unwrap();
    let again = format!("/sync/changes?cursor={cursor}");
    // That it has the page is known when it asks for the next one.
    for _ in 0..100 {
        shopper.get(&again).await.expect(200);
        world.clock.advance(Duration::seconds(11));
        if Scraped::of(&world).await.values["plainclothes_feed_lag_seconds"] == 0.0 {
            return;
        }
    }
    panic!("the phone has pulled everything, and is said to be behind");
}

#[tokio::test]
async fn a_database_that_is_away_is_told_and_holds_nobody_up() {
    let world = day().await;
    Scraped::of(&world).await;
    let config = world.app.config.database_url();
    if config.starts_with("postgres") {
        // Taking a database away from under its connections is the fault harness' trade.
        return;
    }
    let outside = sea_orm::Database::connect(&config).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(
        &outside,
        "ALTER TABLE outbox_report RENAME TO gone",
    )
    .await
    .unwrap();
    world.clock.advance(Duration::seconds(11));
    let scraped = Scraped::of(&world).await;
    scraped.is("plainclothes_db_up", 0.0);
    scraped.is("plainclothes_objects_up", 1.0);
    assert!(
        !scraped.names.contains("plainclothes_outbox_audits"),
        "no figure is better than an old one"
    );
    assert!(scraped.names.contains("plainclothes_http_requests_total"));
}

#[tokio::test]
async fn figures_are_to_be_had_on_their_own_listener_alone() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(plainclothes::metrics::serve(
        world.app.clone(),
        listener,
        stopped,
    ));
    let answer = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        plainclothes::metrics::CONTENT_TYPE
    );
    Scraped::read(&answer.text().await.unwrap()).is("plainclothes_db_up", 1.0);
    let elsewhere = reqwest::get(format!("http://{address}/api/v1/sync/hello")).await;
    assert_eq!(elsewhere.unwrap().status(), 404);
    stop.send(true).unwrap();
    serving.await.unwrap();
    world.nobody().get("//metrics").await.status_is(404);
}

/// Figures that the scripts in deploy/ write, and not the program.
const BY_OTHERS: [&str; 1] = ["plainclothes_backup_finished_timestamp_seconds"];

/// Names of figures in a text, as dashboards and alerts have them in their expressions.
fn named(text: &str) -> BTreeSet<String> {
    let pieces = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    pieces
        .filter(|piece| piece.starts_with("plainclothes_"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_figure_that_is_promised_or_drawn_or_watched_exists() {
    let world = day().await;
    world.run_jobs().await;
    let scraped = Scraped::of(&world).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = std::fs::read_to_string(root.join("docs/watching.md")).unwrap();
    let mut looked_for = named(&documented);
    assert!(looked_for.len() >= 25, "{looked_for:?}");
    for name in &scraped.names {
        let stem = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
            .filter(|stem| documented.contains(*stem));
        assert!(
            stem.is_some() || looked_for.contains(name),
            "docs/watching.md does not say what {name} is"
        );
    }
    // A histogram is documented by its stem.
    looked_for.retain(|name| !scraped.names.contains(&format!("{name}_bucket")));
    for file in [
        "deploy/grafana/plainclothes.json",
        "deploy/prometheus/alerts.yaml",
    ] {
        match std::fs::read_to_string(root.join(file)) {
            Ok(text) => {
                let found = named(&text);
                assert!(!found.is_empty(), "{file} names no figure");
                looked_for.extend(found);
            }
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{file}"),
        }
    }
    looked_for.retain(|name| !BY_OTHERS.contains(&name.as_str()));
    let unknown: Vec<&String> = looked_for.difference(&scraped.names).collect();
    assert!(unknown.is_empty(), "nobody tells {unknown:?}");
}

type Received = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_is_sent_routes_and_no_persons() {
    let received = Received::default();
    let collector = Router::new()
        .route(
            "/v1/traces",
            post(
                |State(received): State<Received>, headers: HeaderMap, body: Bytes| async move {
                    received.lock().unwrap().push((headers, body));
                },
            ),
        )
        .with_state(Arc::clone(&received));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let collecting = tokio::spawn(async move { axum::serve(listener, collector).await });

    let world = World::new().await;
    let endpoint = format!("http://{address}");
    let settings = [("PLAINCLOTHES_OTLP_ENDPOINT", endpoint.as_str())];
    let server = Process::start_with(&world, &settings).await;
    let shopper = server.sign_in("shopper@example.org").await;
    let photo = picture(60, 40, 1);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let handing_in = Actor::handing_in(&audit).header("traceparent", parent);
    shopper.send(&handing_in).await.status_is(201);
    shopper.send(&Actor::beginning(&photo)).await.status_is(201);
    let path = format!("/photos/{}", Sha256::of(&photo));
    let chunk = Call::new(Method::PATCH, path)
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", 0)
        .body(photo);
    shopper.send(&chunk).await.status_is(204);
    jobs_are_done(&world).await;
    // What waits to be sent is sent before the end.
    server.stop();
    collecting.abort();

    let received = received.lock().unwrap();
    assert!(!received.is_empty(), "nothing was sent");
    let mut bytes = Vec::new();
    for (headers, body) in received.iter() {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        bytes.extend_from_slice(body);
    }
    let has = |what: &[u8]| bytes.windows(what.len()).any(|at| at == what);
    for said in [
        "PUT /api/v1/audits/{id}",
        "job photo.move",
        "objects put",
        "db write",
        "service.name",
    ] {
        assert!(has(said.as_bytes()), "no span says {said}");
    }
    assert!(
        has(&hex::decode(trace).unwrap()),
        "the trace that was named is not gone on with"
    );
    for never in [
        audit.id.to_string(),
        world.shopper_id.to_string(),
        "example.org".to_owned(),
        "CANARY".to_owned(),
        "Dam".to_owned(),
    ] {
        assert!(!has(never.as_bytes()), "a span says {never}");
    }
}
