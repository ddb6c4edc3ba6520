//! Takes jobs one after the other and runs them.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::watch;

use super::repo::{self, DEAD, READY};
use crate::app::App;
use crate::db::entities::job;
use crate::error::{Error, Result};

/// Longer than any job takes; after it another node may take the job.
const LEASE_MS: i64 = 5 * 60 * 1000;
const ATTEMPTS_MAX: i32 = 20;
const BACKOFF_FIRST_MS: i64 = 1000;
const BACKOFF_MAX_MS: i64 = 10 * 60 * 1000;
/// How soon a job enqueued by another node, or put back, is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is to be done for a kind and its payload.
pub trait Handler: Debug + Send + Sync {
    /// Does the job. An error puts it back, to be tried again later.
    fn run<'a>(
        &'a self,
        app: &'a App,
        kind: &'a str,
        payload: &'a str,
    ) -> BoxFuture<'a, Result<()>>;
}

/// Works until told to stop; a job that has begun is finished first.
pub async fn work(app: App, handler: Arc<dyn Handler>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match run_one(&app, &*handler).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "jobs cannot be taken just now"),
        }
        tokio::select! {
            () = app.jobs.woken() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Runs every job that is due, until none is; returns how many were run.
///
/// # Errors
/// When the table cannot be read; a job that fails is put back and is no error here.
pub async fn run_due(app: &App, handler: &dyn Handler) -> Result<usize> {
    let mut count = 0;
    while run_one(app, handler).await? {
        count += 1;
    }
    Ok(count)
}

/// Runs the oldest job that is due; false when none is.
async fn run_one(app: &App, handler: &dyn Handler) -> Result<bool> {
    let Some(job) = take(app).await? else {
        return Ok(false);
    };
    let result = handler.run(app, &job.kind, &job.payload).await;
    settle(app, job, result).await?;
    Ok(true)
}

async fn take(app: &App) -> Result<Option<job::Model>> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move { Ok(repo::take(txn, now_ms, now_ms + LEASE_MS).await?) })
        })
        .await
}

async fn settle(app: &App, job: job::Model, result: Result<()>) -> Result<()> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                match result {
                    Ok(()) => repo::finish(txn, job.id).await?,
                    Err(error) => {
                        let state = if job.attempts >= ATTEMPTS_MAX {
                            DEAD
                        } else {
                            READY
                        };
                        tracing::warn!(kind = job.kind, attempts = job.attempts, %error, state,
                            "a job failed");
                        let run_at_ms = now_ms + backoff_ms(job.attempts);
                        repo::put_back(txn, job.id, state, run_at_ms, error.to_string()).await?;
                    }
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

fn backoff_ms(attempts: i32) -> i64 {
    let doublings = attempts.clamp(1, 20) - 1;
    (BACKOFF_FIRST_MS << doublings).min(BACKOFF_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_limit() {
        assert_eq!(backoff_ms(1), BACKOFF_FIRST_MS);
        assert_eq!(backoff_ms(3), 4 * BACKOFF_FIRST_MS);
        assert_eq!(backoff_ms(ATTEMPTS_MAX), BACKOFF_MAX_MS);
    }
}
