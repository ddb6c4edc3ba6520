//! What has to be done now and then on any node: old tombstones, abandoned uploads and old bundles are forgotten, and audits
//! are held against their photos.
//!
//! Any number of nodes may run it at once: each step locks what it touches and looks again. The row in `housekeeping` only
//! saves them doing the same within the hour. Not here: the steps themselves, which are the features'.

use std::time::Duration;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use tokio::sync::watch;

use crate::app::App;
use crate::audits::sweep::{Swept, Which, sweep};
use crate::bundles::service as bundles;
use crate::db::entities::housekeeping;
use crate::db::{DbError, feed};
use crate::error::Result;
use crate::photos::{jobs as photos, uploads};
use crate::sync::receipt_keys;

const EVERY_MS: i64 = 60 * 60 * 1000;
/// How long a phone may stay away and still be told what it has to drop.
const TOMBSTONES_KEPT_MS: i64 = 180 * 24 * 60 * 60 * 1000;
/// How much of one kind is taken up at a time; what is left is taken up next.
const AT_ONCE: u64 = 500;
/// They take a tenth of a second each, beside what comes in.
const PHOTOS_AN_HOUR: u64 = 5000;
/// How soon after the start it is done first, and how often a node looks whether it is due.
const FIRST_AFTER: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_secs(60);

const TASK: &str = "all";

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Feeds that lost old tombstones.
    pub feeds_pruned: u64,
    pub uploads_forgotten: u64,
    /// Photos from before they were read as they are now; at most some thousands an hour.
    pub photos_to_read_anew: u64,
    /// Keys that no phone is told any more.
    pub receipt_keys_forgotten: u64,
    pub swept: Swept,
    /// Their time was over.
    pub bundles_forgotten: u64,
}

/// Works until told to stop: soon after the start, then every hour that no other node has seen to it.
pub async fn work(app: App, mut stop: watch::Receiver<bool>) {
    let mut pause = FIRST_AFTER;
    let mut is_first = true;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
        let result = if is_first {
            note(&app, app.clock.now_ms())
                .await
                .and(run(&app).await.map(Some))
        } else {
            run_if_due(&app).await
        };
        match result {
            Ok(Some(done)) => tracing::info!(
                feeds_pruned = done.feeds_pruned,
                uploads_forgotten = done.uploads_forgotten,
                photos_to_read_anew = done.photos_to_read_anew,
                receipt_keys_forgotten = done.receipt_keys_forgotten,
                audits_looked_at = done.swept.audits,
                audits_mended = done.swept.wrong.len(),
                bundles_forgotten = done.bundles_forgotten,
                "housekeeping is done"
            ),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "housekeeping did not come to its end"),
        }
        is_first = false;
        pause = LOOK_EVERY;
    }
}

/// Does everything if nobody has begun to for an hour.
///
/// # Errors
/// As the database has them.
pub async fn run_if_due(app: &App) -> Result<Option<Done>> {
    if claim(app).await? {
        run(app).await.map(Some)
    } else {
        Ok(None)
    }
}

/// Does everything now.
///
/// # Errors
/// As the database has them; what was done until then stays done.
pub async fn run(app: &App) -> Result<Done> {
    let mut done = Done::default();
    let before_ms = app.clock.now_ms() - TOMBSTONES_KEPT_MS;
    loop {
        let pruned = feed::prune(&app.db, before_ms, AT_ONCE).await?;
        done.feeds_pruned += pruned;
        if pruned < AT_ONCE {
            break;
        }
    }
    loop {
        let forgotten = uploads::forget_expired(app, AT_ONCE).await?;
        done.uploads_forgotten += forgotten;
        if forgotten < AT_ONCE {
            break;
        }
    }
    done.photos_to_read_anew = photos::examine_old(app, PHOTOS_AN_HOUR).await?;
    done.receipt_keys_forgotten = receipt_keys::forget_retired(&app.db, app.clock.now_ms()).await?;
    done.swept = sweep(app, Which::Incomplete, true).await?;
    // Last: it needs the objects, and what is above does not.
    loop {
        let forgotten = bundles::forget_expired(app, AT_ONCE).await?;
        done.bundles_forgotten += forgotten;
        if forgotten < AT_ONCE {
            break;
        }
    }
    Ok(done)
}

/// Whether it is this node's turn: of several that ask within the hour, one is told so.
async fn claim(app: &App) -> Result<bool> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let first = housekeeping::Entity::insert(row(now_ms))
                    .on_conflict(
                        OnConflict::column(housekeeping::Column::Task)
                            .do_nothing()
                            .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                if first == 1 {
                    return Ok(true);
                }
                let taken = housekeeping::Entity::update_many()
                    .set(row(now_ms))
                    .filter(housekeeping::Column::Task.eq(TASK))
                    .filter(housekeeping::Column::RunAtMs.lte(now_ms - EVERY_MS))
                    .exec(txn)
                    .await?;
                Ok(taken.rows_affected == 1)
            })
        })
        .await
}

/// Says that it was begun now.
async fn note(app: &App, now_ms: i64) -> Result<()> {
    app.db
        .write(move |txn| {
            Box::pin(async move {
                housekeeping::Entity::insert(row(now_ms))
                    .on_conflict(
                        OnConflict::column(housekeeping::Column::Task)
                            .update_column(housekeeping::Column::RunAtMs)
                            .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await
                    .map_err(DbError::from)?;
                Ok(())
            })
        })
        .await
}

fn row(now_ms: i64) -> housekeeping::ActiveModel {
    housekeeping::ActiveModel {
        task: Set(TASK.to_owned()),
        run_at_ms: Set(now_ms),
    }
}
