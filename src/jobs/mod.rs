//! Work that outlives the request that asked for it, in a table, so that a stop or a crash loses none of it.
//!
//! A job is enqueued in the transaction of the data that it concerns, taken with a lease by any node, and run at
//! least once; whoever runs it has to bear a second run. Knows no feature: `handlers.rs` says who does each kind.

mod repo;
mod runner;

use std::sync::Arc;

use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait as _, Set};
use serde::Serialize;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::db::DbError;
use crate::db::entities::job;
use crate::domain::ids::JobId;

pub use runner::{Handler, run_due, work};

/// Wakes this node's worker when a job was enqueued here; other nodes find it when they next look.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    wake: Arc<Notify>,
}

impl Jobs {
    /// Call after the commit of a transaction that enqueued something.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// A kind of job with its payload.
pub trait Job: Serialize {
    const KIND: &'static str;
}

/// Puts a job into the table, in the caller's transaction. A job of the same kind and payload that has not yet run is
/// the same job.
///
/// # Errors
/// As the database has them.
pub async fn enqueue<J: Job>(
    txn: &DatabaseTransaction,
    clock: &dyn Clock,
    job: &J,
) -> Result<(), DbError> {
    let payload =
        serde_json::to_string(job).map_err(|error| DbError::Internal(error.to_string()))?;
    let now_ms = clock.now_ms();
    let row = job::ActiveModel {
        id: Set(JobId(clock.new_uuid())),
        kind: Set(J::KIND.to_owned()),
        payload: Set(payload),
        state: Set(repo::READY.to_owned()),
        attempts: Set(0),
        run_at_ms: Set(now_ms),
        lease_until_ms: Set(None),
        last_error: Set(None),
        created_at_ms: Set(now_ms),
    };
    job::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([job::Column::Kind, job::Column::Payload])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
