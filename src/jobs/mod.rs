//! Work that outlives the request that asked for it, in a table, so that a stop or a crash loses none of it.
//!
//! A job is enqueued in the transaction of the data that it concerns, taken with a lease by any node, and run at
//! least once; whoever runs it has to bear a second run. Knows no feature: `handlers.rs` says which kinds there are and
//! who does each; `queue/` shows them to admins. How it all works together stands in `docs/jobs.md`.

mod figures;
mod repo;
mod runner;

use std::sync::Arc;

use prometheus_client::registry::Registry;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict};
use sea_orm::{DatabaseTransaction, EntityTrait as _, Set};
use serde::Serialize;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::db::DbError;
use crate::db::entities::job;
use crate::domain::ids::{AgencyId, JobId};

use figures::Figures;
pub use repo::{DEAD, READY};
pub use runner::{Handler, run_due, work};

/// What there is to know of a kind of job before one of it is run.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    /// So many run at the same time on a node, so that a slow kind holds up no other.
    pub at_once: usize,
    /// After so many failures of its own a job is given up. That the database or the objects are away is no such failure.
    pub attempts_max: i32,
    /// The longest pause before the next try.
    pub backoff_max_ms: i64,
    /// Whether one that was given up may be thrown away: nothing that was acknowledged depends on it.
    pub may_be_dropped: bool,
}

/// The queue as this node sees it: its kinds, its figures, and what wakes its worker when a job was enqueued here; other
/// nodes find a job when they next look.
#[derive(Clone, Debug)]
pub struct Jobs {
    kinds: &'static [Kind],
    figures: Figures,
    wake: Arc<Notify>,
}

impl Jobs {
    /// A queue of these kinds.
    pub fn new(kinds: &'static [Kind]) -> Self {
        Self {
            kinds,
            figures: Figures::of(kinds),
            wake: Arc::default(),
        }
    }

    /// Call after the commit of a transaction that enqueued something.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Every kind that there is.
    pub fn kinds(&self) -> &'static [Kind] {
        self.kinds
    }

    /// Enters the figures under their names.
    pub fn register(&self, registry: &mut Registry) {
        self.figures.register(registry);
    }

    async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// A kind of job with its payload.
pub trait Job: Serialize {
    const KIND: &'static str;
}

/// Puts a job of an agency into the table, in the caller's transaction.
///
/// A job of the same kind and payload that has not come to its end is the same job: it is run once more if it is under way
/// just now, and tried again if it had been given up.
///
/// # Errors
/// As the database has them.
pub async fn enqueue<J: Job>(
    txn: &DatabaseTransaction,
    clock: &dyn Clock,
    agency: AgencyId,
    job: &J,
) -> Result<(), DbError> {
    use job::Column;
    let payload =
        serde_json::to_string(job).map_err(|error| DbError::Internal(error.to_string()))?;
    let now_ms = clock.now_ms();
    let row = job::ActiveModel {
        id: Set(JobId(clock.new_uuid())),
        agency_id: Set(Some(agency)),
        kind: Set(J::KIND.to_owned()),
        payload: Set(payload),
        state: Set(READY.to_owned()),
        attempts: Set(0),
        run_at_ms: Set(now_ms),
        lease: Set(None),
        asked: Set(0),
        last_error: Set(None),
        failed_at_ms: Set(None),
        created_at_ms: Set(now_ms),
    };
    let was_dead = || Expr::col((job::Entity, Column::State)).eq(DEAD);
    let unless_dead = |column: Column, anew: i64| {
        CaseStatement::new()
            .case(was_dead(), anew)
            .finally(Expr::col((job::Entity, column)))
    };
    job::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::Kind, Column::Payload])
                .value(
                    Column::Asked,
                    Expr::col((job::Entity, Column::Asked)).add(1),
                )
                .value(Column::Attempts, unless_dead(Column::Attempts, 0))
                .value(Column::RunAtMs, unless_dead(Column::RunAtMs, now_ms))
                .value(Column::State, READY)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
