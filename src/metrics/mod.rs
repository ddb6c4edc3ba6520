//! Figures for whoever watches this program, in the text format that Prometheus scrapes.
//!
//! Each part of the plumbing owns the instruments of its own work and enters them here under their names; this holds the
//! register, and the figures that are read from the rows when somebody asks. What each figure means, and which are worth
//! waking for, stands in `docs/watching.md`. Not here: traces (`traces.rs`), the log.

mod listener;
pub mod requests;
mod rows;

use std::fmt::Write as _;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tokio::sync::Mutex;

use crate::app::App;
use crate::db::Db;
use crate::jobs::Jobs;
use crate::objects::Objects;
pub use listener::serve;
use requests::Requests;
use rows::Rows;

/// What the register writes: OpenMetrics, which Prometheus reads since its version 2.5.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Every name begins so.
const PREFIX: &str = "plainclothes";

/// What became of an audit that a phone handed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Received {
    /// placed, quarantined or already.
    pub outcome: &'static str,
}

/// The register and its instruments. One for each running program.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub requests: Requests,
    audits_received: Family<Received, Counter>,
    rows: Mutex<Rows>,
}

impl Metrics {
    /// The register of a program made of these parts.
    pub fn new(db: &Db, objects: &Objects, jobs: &Jobs) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "The program that runs", Info::new(version));
        let requests = Requests::default();
        requests.register(&mut registry);
        let audits_received = Family::<Received, Counter>::default();
        for outcome in ["placed", "quarantined", "already"] {
            drop(audits_received.get_or_create(&Received { outcome }));
        }
        registry.register(
            "audits_received",
            "Audits handed in to this node since its start, by what became of them",
            audits_received.clone(),
        );
        db.register(&mut registry);
        objects.register(&mut registry);
        jobs.register(&mut registry);
        let rows = Rows::default();
        rows.register(&mut registry);
        Self {
            registry,
            requests,
            audits_received,
            rows: Mutex::new(rows),
        }
    }

    /// Counts an audit that was handed in.
    pub fn audit_received(&self, outcome: &'static str) {
        self.audits_received
            .get_or_create(&Received { outcome })
            .inc();
    }
}

/// Everything as text. Figures from the rows are at most ten seconds old; when the database does not answer in time they
/// are missing, and `plainclothes_db_up` is 0.
pub async fn scrape(app: &App) -> String {
    let metrics = &app.metrics;
    let mut rows = metrics.rows.lock().await;
    rows.refresh(app).await;
    app.db.observe_pools();
    let mut text = String::new();
    if encode(&mut text, &metrics.registry).is_err() {
        // A String takes whatever is written.
        let _ = writeln!(text, "# EOF");
    }
    text
}
