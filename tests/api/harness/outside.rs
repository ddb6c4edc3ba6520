//! A look at the database from outside the program: over a connection of its own, so that it sees what is committed and
//! nothing else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use tokio::runtime::Handle;

use super::{World, database};

const PATIENCE: Duration = Duration::from_secs(20);

/// How many rows each table has, and some sums that move when a row changes.
pub type Counts = BTreeMap<String, i64>;

/// Sums beside the counts of rows: what a change of a row moves.
const SUMS: [(&str, &str); 12] = [
    ("visit.rev", "SELECT sum(rev) FROM visit"),
    ("feed.head", "SELECT sum(head) FROM feed"),
    ("upload.offset", "SELECT sum(offset_bytes) FROM upload"),
    (
        "upload.finished",
        "SELECT count(finished_at_ms) FROM upload",
    ),
    ("session.ended", "SELECT count(ended_at_ms) FROM session"),
    ("person.failures", "SELECT sum(failed_sign_ins) FROM person"),
    ("audit.published", "SELECT count(published_id) FROM audit"),
    (
        "audit.waiting",
        "SELECT count(*) FROM audit WHERE state = 'submitted'",
    ),
    ("audit.superseded", "SELECT count(superseded_by) FROM audit"),
    ("feedback.rev", "SELECT sum(rev) FROM feedback"),
    (
        "audit_photo.waived",
        "SELECT count(waived_reason) FROM audit_photo",
    ),
    (
        "checklist_version.retired",
        "SELECT count(retired_at_ms) FROM checklist_version",
    ),
];

pub struct Outside {
    pub db: DatabaseConnection,
    /// The fewest that there ever were when all was quiet.
    tasks: AtomicUsize,
    look: String,
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

impl Outside {
    /// Looks at the world's database. Call it while the world is quiet.
    pub async fn of(world: &World) -> Self {
        let db = Database::connect(database::for_the_admin(&world.app.config))
            .await
            .unwrap();
        let tables = match db.get_database_backend() {
            DbBackend::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        };
        let mut look = Vec::new();
        for row in rows(&db, tables).await {
            let name: String = row.try_get("", "name").unwrap();
            look.push(format!(
                "SELECT '{name}' AS name, CAST((SELECT count(*) FROM \"{name}\") AS BIGINT) AS n"
            ));
        }
        assert!(look.len() > 20);
        for (name, sum) in SUMS {
            look.push(format!(
                "SELECT '{name}' AS name, CAST(coalesce(({sum}), 0) AS BIGINT) AS n"
            ));
        }
        let outside = Self {
            db,
            tasks: AtomicUsize::new(usize::MAX),
            look: look.join(" UNION ALL "),
        };
        for _ in 0..20 {
            outside.counts().await;
            outside.tasks.fetch_min(alive_tasks(), Ordering::SeqCst);
        }
        outside
    }

    pub async fn counts(&self) -> Counts {
        rows(&self.db, &self.look)
            .await
            .into_iter()
            .map(|row| {
                (
                    row.try_get("", "name").unwrap(),
                    row.try_get("", "n").unwrap(),
                )
            })
            .collect()
    }

    /// Waits until every task that the program has begun has ended, and makes sure that no connection is left inside a
    /// transaction.
    pub async fn is_quiet(&self, after: &str) {
        let began = Instant::now();
        let late = || began.elapsed() > PATIENCE;
        while alive_tasks() > self.tasks.load(Ordering::SeqCst) {
            assert!(!late(), "{after}: a task goes on");
            rows(&self.db, "SELECT 1 AS one").await;
        }
        // One that stood when this began to look may have ended since: it must not hide another for ever.
        for _ in 0..5 {
            rows(&self.db, "SELECT 1 AS one").await;
            self.tasks.fetch_min(alive_tasks(), Ordering::SeqCst);
        }
        if self.db.get_database_backend() == DbBackend::Sqlite {
            // Nobody holds the lock of the one writer, unless it is just being rolled back.
            self.db
                .execute_unprepared("PRAGMA busy_timeout = 0")
                .await
                .unwrap();
            loop {
                let free = self
                    .db
                    .execute_unprepared("BEGIN IMMEDIATE; ROLLBACK")
                    .await;
                if free.is_ok() {
                    return;
                }
                assert!(!late(), "{after}: {free:?}");
            }
        }
        loop {
            let open = rows(
                &self.db,
                "SELECT state, query FROM pg_stat_activity WHERE datname = current_database() \
                 AND pid <> pg_backend_pid() AND state <> 'idle'",
            )
            .await;
            let open: Vec<(String, String)> = open
                .iter()
                .map(|row| {
                    (
                        row.try_get("", "state").unwrap(),
                        row.try_get("", "query").unwrap(),
                    )
                })
                .collect();
            if open.is_empty() {
                return;
            }
            assert!(!late(), "{after}: left {open:?}");
        }
    }
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.unwrap()
}
