//! Figures that are read from the rows when somebody asks: what waits, how much of it, and for how long.
//!
//! They are of the whole installation, so every node tells the same. One round reads them all, at most every ten seconds,
//! each by an index that holds only what waits, and gives up after a few seconds: a scrape never hangs on a database.

use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement, Value};

use crate::app::App;
use crate::db::Db;

/// Figures are read again only after so long, however many ask.
const KEPT_MS: i64 = 10_000;
const ROUND_TIMEOUT: Duration = Duration::from_secs(4);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

type Labels = Vec<(&'static str, String)>;
type Floats = Family<Labels, Gauge<f64, std::sync::atomic::AtomicU64>>;

/// A figure's name, what it is, and how its value is kept: a figure without a value is not shown.
const NAMES: [(&str, &str); 13] = [
    ("db_up", "Whether the database answers"),
    ("objects_up", "Whether the objects answer"),
    (
        "jobs",
        "Jobs in the queue: ready (due or to be tried again) and dead (given up)",
    ),
    (
        "job_oldest_age_seconds",
        "How long the oldest ready job has been due",
    ),
    (
        "outbox_audits",
        "Audits that phones last said they still hold",
    ),
    (
        "outbox_photos",
        "Photos that phones last said they still hold",
    ),
    (
        "outbox_oldest_age_seconds",
        "Age of the oldest work on any phone, as the phone dates it",
    ),
    (
        "outbox_phones_silent",
        "Phones that hold work and were not heard of for 24 hours",
    ),
    (
        "photos_waiting",
        "Photos acknowledged that are not in the objects yet",
    ),
    (
        "photo_bytes_waiting",
        "Their bytes, which lie in the database meanwhile",
    ),
    (
        "quarantine_waiting",
        "Audits in quarantine that nobody has settled",
    ),
    (
        "feed_lag_seconds",
        "Age of the oldest news that a phone, seen within 24 hours, has not pulled",
    ),
    ("rows_read_seconds", "How long reading these figures took"),
];

/// The figures, and when they were read.
#[derive(Debug, Default)]
pub(super) struct Rows {
    figures: [Floats; NAMES.len()],
    read_at_ms: Option<i64>,
}

/// One round's findings: index in [`NAMES`], labels, value.
type Found = Vec<(&'static str, Labels, f64)>;

impl Rows {
    pub(super) fn register(&self, registry: &mut Registry) {
        for ((name, help), family) in NAMES.iter().zip(&self.figures) {
            registry.register(*name, *help, family.clone());
        }
    }

    /// Reads the figures again if they are old.
    pub(super) async fn refresh(&mut self, app: &App) {
        let now_ms = app.clock.now_ms();
        if self
            .read_at_ms
            .is_some_and(|at_ms| (0..KEPT_MS).contains(&(now_ms - at_ms)))
        {
            return;
        }
        let began = std::time::Instant::now();
        let (read, objects) = tokio::join!(
            tokio::time::timeout(ROUND_TIMEOUT, read(&app.db, now_ms)),
            tokio::time::timeout(ROUND_TIMEOUT, app.objects.probe()),
        );
        let mut found = match read {
            Ok(Ok(mut found)) => {
                let seconds = began.elapsed().as_secs_f64();
                found.push(("rows_read_seconds", Labels::new(), seconds));
                found.push(("db_up", Labels::new(), 1.0));
                for kind in app.jobs.kinds() {
                    let kind = kind.name;
                    // A kind of which nothing waits is told as 0, so that its absence means something.
                    for state in ["ready", "dead"] {
                        let labels = vec![("kind", kind.to_owned()), ("state", state.to_owned())];
                        if !found
                            .iter()
                            .any(|(name, of, _)| *name == "jobs" && *of == labels)
                        {
                            found.push(("jobs", labels, 0.0));
                        }
                    }
                    let labels = vec![("kind", kind.to_owned())];
                    if !found
                        .iter()
                        .any(|(name, of, _)| *name == "job_oldest_age_seconds" && *of == labels)
                    {
                        found.push(("job_oldest_age_seconds", labels, 0.0));
                    }
                }
                found
            }
            why => {
                tracing::warn!(?why, "figures cannot be read from the database");
                vec![("db_up", Labels::new(), 0.0)]
            }
        };
        let up = matches!(objects, Ok(Ok(())));
        found.push(("objects_up", Labels::new(), f64::from(u8::from(up))));
        for ((name, _), family) in NAMES.iter().zip(&self.figures) {
            family.clear();
            for (of, labels, value) in &found {
                if of == name {
                    family.get_or_create(labels).set(*value);
                }
            }
        }
        self.read_at_ms = Some(now_ms);
    }
}

async fn read(db: &Db, now_ms: i64) -> Result<Found, DbErr> {
    let mut found = Found::new();
    for row in all(
        db,
        "SELECT kind, state, count(*) FROM job GROUP BY kind, state",
        [],
    )
    .await?
    {
        let labels = vec![
            ("kind", row.try_get_by_index(0)?),
            ("state", row.try_get_by_index(1)?),
        ];
        found.push(("jobs", labels, number(&row, 2)?));
    }
    let due = "SELECT kind, min(run_at_ms) FROM job WHERE state = 'ready' AND run_at_ms <= $1 GROUP BY kind";
    for row in all(db, due, [now_ms.into()]).await? {
        let labels = vec![("kind", row.try_get_by_index(0)?)];
        let age = age_seconds(now_ms, row.try_get_by_index(1)?);
        found.push(("job_oldest_age_seconds", labels, age));
    }
    outbox(db, now_ms, &mut found).await?;
    let photos = "SELECT count(*), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM photo WHERE NOT in_objects";
    for row in all(db, photos, []).await? {
        found.push(("photos_waiting", Labels::new(), number(&row, 0)?));
        found.push(("photo_bytes_waiting", Labels::new(), number(&row, 1)?));
    }
    let quarantine =
        "SELECT count(*) FROM submission WHERE outcome = 'quarantined' AND settled_at_ms IS NULL";
    for row in all(db, quarantine, []).await? {
        found.push(("quarantine_waiting", Labels::new(), number(&row, 0)?));
    }
    let lag = "SELECT min(e.changed_at_ms) FROM session s \
         JOIN feed f ON f.person_id = s.person_id AND f.head > f.pulled_seq \
         JOIN feed_entry e ON e.person_id = f.person_id AND e.seq > f.pulled_seq \
         WHERE s.ended_at_ms IS NULL AND s.last_seen_at_ms > $1";
    for row in all(db, lag, [(now_ms - DAY_MS).into()]).await? {
        let oldest: Option<i64> = row.try_get_by_index(0)?;
        let lag = oldest.map_or(0.0, |at_ms| age_seconds(now_ms, at_ms));
        found.push(("feed_lag_seconds", Labels::new(), lag));
    }
    Ok(found)
}

async fn outbox(db: &Db, now_ms: i64, found: &mut Found) -> Result<(), DbErr> {
    let sums = "SELECT CAST(coalesce(sum(audits), 0) AS BIGINT), CAST(coalesce(sum(photos), 0) AS BIGINT), \
         CAST(coalesce(sum(CASE WHEN reported_at_ms < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM outbox_report WHERE audits > 0 OR photos > 0";
    for row in all(db, sums, [(now_ms - DAY_MS).into()]).await? {
        found.push(("outbox_audits", Labels::new(), number(&row, 0)?));
        found.push(("outbox_photos", Labels::new(), number(&row, 1)?));
        found.push(("outbox_phones_silent", Labels::new(), number(&row, 2)?));
    }
    // As phones write it, with an offset: instants, not texts, are compared.
    let oldest =
        "SELECT oldest FROM outbox_report WHERE oldest IS NOT NULL AND (audits > 0 OR photos > 0)";
    let mut oldest_ms = now_ms;
    for row in all(db, oldest, []).await? {
        let text: String = row.try_get_by_index(0)?;
        if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(&text) {
            oldest_ms = oldest_ms.min(instant.timestamp_millis());
        }
    }
    let age = age_seconds(now_ms, oldest_ms);
    found.push(("outbox_oldest_age_seconds", Labels::new(), age));
    Ok(())
}

async fn all<const N: usize>(
    db: &Db,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<QueryResult>, DbErr> {
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    db.reader().query_all_raw(statement).await
}

fn number(row: &QueryResult, at: usize) -> Result<f64, DbErr> {
    let value: i64 = row.try_get_by_index(at)?;
    Ok(value as f64)
}

fn age_seconds(now_ms: i64, then_ms: i64) -> f64 {
    (now_ms - then_ms).max(0) as f64 / 1000.0
}
