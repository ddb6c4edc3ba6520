//! Takes jobs and runs them: several at the same time, each kind within its own bound.

use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rand::RngExt as _;
use sea_orm::DatabaseTransaction;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Kind;
use super::figures::Outcome;
use super::repo::{self, DEAD, READY};
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::job;
use crate::error::{Error, Result};
use crate::objects::ObjectError;
use crate::traces;

/// How long a node that is not heard of keeps its jobs from the others. More than clocks of two nodes may differ by.
const LEASE: Duration = Duration::from_secs(60);
/// How often a node says that it still holds a job.
const RENEW_EVERY: Duration = Duration::from_secs(20);
const BACKOFF_FIRST_MS: i64 = 1000;
/// Failures that were not the job's own make the pause longer only up to here, and never end it.
const ATTEMPTS_OF_OTHERS_MAX: i32 = 10;
/// How soon a job enqueued by another node, or put back, is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is to be done for a kind and its payload.
pub trait Handler: Debug + Send + Sync {
    /// Does the job. An error puts it back, to be tried again later. It is dropped in the middle when the lease is lost.
    fn run<'a>(
        &'a self,
        app: &'a App,
        kind: &'a str,
        payload: &'a str,
    ) -> BoxFuture<'a, Result<()>>;

    /// Notes that a job was given up, in the transaction that gives it up.
    fn gave_up<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        now_ms: i64,
        kind: &'a str,
        payload: &'a str,
        why: &'a str,
    ) -> BoxFuture<'a, Result<()>>;
}

/// A job that this node holds.
#[derive(Debug)]
struct Held {
    kind: Kind,
    lease: Uuid,
    job: job::Model,
    /// By this node's own monotonic clock, from before it was asked for.
    since: Instant,
}

/// Works until told to stop; jobs that have begun are finished first.
pub async fn work(app: App, handler: Arc<dyn Handler>, mut stop: watch::Receiver<bool>) {
    let mut running: JoinSet<&'static str> = JoinSet::new();
    let mut under_way: Vec<&'static str> = Vec::new();
    while !*stop.borrow() {
        for kind in app.jobs.kinds() {
            let busy = under_way.iter().filter(|name| **name == kind.name).count();
            match take(&app, *kind, kind.at_once.saturating_sub(busy)).await {
                Ok(taken) => {
                    for held in taken {
                        under_way.push(kind.name);
                        let (app, handler) = (app.clone(), Arc::clone(&handler));
                        running.spawn(async move {
                            let name = held.kind.name;
                            run(&app, &handler, held).await;
                            name
                        });
                    }
                }
                Err(error) => tracing::warn!(%error, "jobs cannot be taken just now"),
            }
        }
        tokio::select! {
            () = app.jobs.woken() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
            Some(ended) = running.join_next() => ended_of(ended, &mut under_way),
        }
        while let Some(ended) = running.try_join_next() {
            ended_of(ended, &mut under_way);
        }
    }
    while running.join_next().await.is_some() {}
}

fn ended_of(
    ended: Result<&'static str, tokio::task::JoinError>,
    under_way: &mut Vec<&'static str>,
) {
    match ended {
        Ok(name) => {
            if let Some(at) = under_way.iter().position(|other| *other == name) {
                under_way.swap_remove(at);
            }
        }
        // A run catches panics of its job; nothing else in it panics.
        Err(error) => tracing::error!(%error, "the run of a job ended in a way that it must not"),
    }
}

/// Runs every job that is due, one after the other, until none is; returns how many were run.
///
/// # Errors
/// When the table cannot be read; a job that fails is put back and is no error here.
pub async fn run_due(app: &App, handler: &Arc<dyn Handler>) -> Result<usize> {
    let mut count = 0;
    loop {
        let before = count;
        for kind in app.jobs.kinds() {
            for held in take(app, *kind, 1).await? {
                run(app, handler, held).await;
                count += 1;
            }
        }
        if count == before {
            return Ok(count);
        }
    }
}

async fn take(app: &App, kind: Kind, most: usize) -> Result<Vec<Held>> {
    let now_ms = app.clock.now_ms();
    if most == 0 || !repo::is_any_due(app.db.reader(), kind.name, now_ms).await? {
        return Ok(Vec::new());
    }
    let since = Instant::now();
    let lease = app.clock.new_uuid();
    let jobs = app
        .db
        .write(move |txn| {
            Box::pin(async move {
                let until_ms = now_ms + LEASE.as_millis() as i64;
                repo::take(txn, kind.name, most as u64, lease, now_ms, until_ms).await
            })
        })
        .await?;
    let held = jobs.into_iter().map(|job| Held {
        kind,
        lease,
        job,
        since,
    });
    Ok(held.collect())
}

/// Runs one job and settles it, unless another node has taken it meanwhile.
async fn run(app: &App, handler: &Arc<dyn Handler>, held: Held) {
    let began = Instant::now();
    let (kind, id) = (held.kind.name, held.job.id);
    let performing = perform(app, &**handler, &held);
    let result = tokio::select! {
        result = traces::job(kind, held.job.attempts, performing) => result,
        () = lost(app, &held) => {
            tracing::warn!(kind, %id, "a job took longer than this node could hold it, and is left to others");
            return;
        }
    };
    match settle(app, handler, held, result).await {
        Ok(Some(outcome)) => app.jobs.figures.ran(kind, outcome, began.elapsed()),
        Ok(None) => tracing::warn!(kind, %id, "a job was settled by another node"),
        Err(error) => {
            tracing::warn!(kind, %id, %error, "a job could not be settled, and will be run again");
        }
    }
}

async fn perform(app: &App, handler: &dyn Handler, held: &Held) -> Result<()> {
    let job = &held.job;
    if job.attempts > held.kind.attempts_max {
        // It was taken so often and never settled.
        let why = "every node that ran it went away before it had ended";
        return Err(Error::Internal(why.to_owned()));
    }
    let running = handler.run(app, held.kind.name, &job.payload);
    match AssertUnwindSafe(running).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => {
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            Err(Error::Internal(format!(
                "the job panicked: {}",
                said.unwrap_or("it did not say why")
            )))
        }
    }
}

/// Renews the lease; returns when it is lost, or could not be renewed until it had run out.
async fn lost(app: &App, held: &Held) {
    let (job, lease) = (held.job.id, held.lease);
    let mut held_since = held.since;
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let asked = Instant::now();
        let until_ms = app.clock.now_ms() + LEASE.as_millis() as i64;
        let renewed = app.db.write(move |txn| {
            Box::pin(async move { repo::renew(txn, job, lease, until_ms).await })
        });
        match renewed.await {
            Ok(true) => held_since = asked,
            Ok(false) => return,
            Err::<_, DbError>(error) => {
                tracing::warn!(%job, %error, "the lease of a job cannot be renewed just now");
                if held_since.elapsed() >= LEASE {
                    return;
                }
            }
        }
    }
}

/// None when it is another node's by now.
async fn settle(
    app: &App,
    handler: &Arc<dyn Handler>,
    held: Held,
    result: Result<()>,
) -> Result<Option<Outcome>> {
    let now_ms = app.clock.now_ms();
    let handler = Arc::clone(handler);
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let Held {
                    kind, lease, job, ..
                } = held;
                let Err(error) = result else {
                    let is_held = repo::finish(txn, &job, lease, now_ms).await?;
                    return Ok(is_held.then_some(Outcome::Done));
                };
                let is_own = !may_pass(&error);
                let attempts = match is_own {
                    true => job.attempts,
                    false => job.attempts.min(ATTEMPTS_OF_OTHERS_MAX),
                };
                let (state, outcome) = match is_own && attempts >= kind.attempts_max {
                    true => (DEAD, Outcome::Dead),
                    false => (READY, Outcome::Failed),
                };
                let why = error.to_string();
                tracing::warn!(kind = kind.name, id = %job.id, attempts, why, state, "a job failed");
                let run_at_ms = now_ms + backoff_ms(attempts, kind.backoff_max_ms);
                let failure = Some((now_ms, why.clone()));
                let is_held =
                    repo::put_back(txn, job.id, lease, state, attempts, run_at_ms, failure).await?;
                if is_held && state == DEAD {
                    let gave_up = handler.gave_up(txn, now_ms, kind.name, &job.payload, &why);
                    gave_up.await?;
                }
                Ok::<_, Error>(is_held.then_some(outcome))
            })
        })
        .await
}

/// Whether others failed and not the job: it is tried until they are back.
fn may_pass(error: &Error) -> bool {
    matches!(
        error,
        Error::Db(DbError::Unavailable(_) | DbError::Full(_))
            | Error::Objects(ObjectError::Unavailable { .. } | ObjectError::Full)
            | Error::Overloaded
    )
}

/// Doubles with each attempt; the upper half of it is left to chance, so that what failed together is not tried together.
fn backoff_ms(attempts: i32, max_ms: i64) -> i64 {
    let doublings = attempts.clamp(1, 30) - 1;
    let whole_ms = (BACKOFF_FIRST_MS << doublings).min(max_ms);
    rand::rng().random_range(whole_ms / 2..=whole_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_limit_and_is_never_the_same() {
        for (attempts, whole_ms) in [(1, 1000), (3, 4000), (20, 600_000), (i32::MAX, 600_000)] {
            let pauses: Vec<i64> = (0..50).map(|_| backoff_ms(attempts, 600_000)).collect();
            assert!(
                pauses
                    .iter()
                    .all(|ms| (whole_ms / 2..=whole_ms).contains(ms))
            );
            assert!(pauses.iter().any(|ms| *ms != pauses[0]));
        }
    }

    #[test]
    fn what_is_away_for_a_while_is_not_the_jobs_own_failure() {
        let away = ObjectError::Unavailable {
            trouble: crate::objects::Trouble::NoAnswer,
            detail: "no answer".to_owned(),
        };
        assert!(may_pass(&Error::Objects(away)));
        assert!(may_pass(&Error::Objects(ObjectError::Full)));
        assert!(!may_pass(&Error::Objects(ObjectError::NotFound)));
        assert!(!may_pass(&Error::Internal("x".to_owned())));
    }
}
