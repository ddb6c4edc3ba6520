//! Looking at an agency's jobs, trying again what was given up, and throwing it away.

use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::job;
use crate::domain::ids::JobId;
use crate::error::{Error, Result};
use crate::http::views::{Page, Window};
use crate::jobs::{DEAD, Kind, READY};
use crate::journal;

/// Which jobs are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Due, under way, or to be tried again.
    Waiting,
    /// Given up.
    Dead,
}

/// What there is of one kind.
#[derive(Debug)]
pub struct OfKind {
    pub kind: String,
    pub waiting: i64,
    pub dead: i64,
}

/// One page of jobs, and what there is of each kind.
///
/// # Errors
/// As the database has them.
pub async fn list(
    app: &App,
    scope: &Scope,
    which: Which,
    kind: Option<&str>,
    window: Window,
) -> Result<(Page<job::Model>, Vec<OfKind>)> {
    let db = app.db.reader();
    let state = match which {
        Which::Waiting => READY,
        Which::Dead => DEAD,
    };
    let (rows, total) = repo::list(db, scope, state, kind, window).await?;
    let mut kinds: Vec<OfKind> = Vec::new();
    for (kind, state, count) in repo::counts(db, scope).await? {
        let at = match kinds.iter().position(|of| of.kind == kind) {
            Some(at) => at,
            None => {
                kinds.push(OfKind {
                    kind,
                    waiting: 0,
                    dead: 0,
                });
                kinds.len() - 1
            }
        };
        match state.as_str() {
            DEAD => kinds[at].dead = count,
            _ => kinds[at].waiting = count,
        }
    }
    Ok((window.page(rows, total), kinds))
}

/// What is known of a kind; jobs of kinds that this program does not know any more have none.
pub fn kind(app: &App, name: &str) -> Option<Kind> {
    app.jobs.kinds().iter().copied().find(|of| of.name == name)
}

/// Tries a job again that was given up, from its first attempt on.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it was not given up.
pub async fn retry(app: &App, scope: &Scope, id: JobId) -> Result<()> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let job = dead(repo::lock(txn, &scope, id).await?)?;
                repo::retry(txn, &scope, repo::one(id), now_ms).await?;
                journal::write(txn, &scope, now_ms, "job.retry", &id, Some(job.kind)).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    app.jobs.wake();
    Ok(())
}

/// The same for all of a kind; returns how many.
///
/// # Errors
/// As the database has them.
pub async fn retry_all(app: &App, scope: &Scope, kind: String) -> Result<u64> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    let count = app
        .db
        .write(move |txn| {
            Box::pin(async move {
                let count = repo::retry(txn, &scope, repo::of_kind(&kind), now_ms).await?;
                if count > 0 {
                    let detail = Some(count.to_string());
                    journal::write(txn, &scope, now_ms, "job.retry_all", &kind, detail).await?;
                }
                Ok::<_, Error>(count)
            })
        })
        .await?;
    app.jobs.wake();
    Ok(count)
}

/// Throws a job away that was given up.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it was not given up, or when something that was acknowledged depends on it.
pub async fn delete(app: &App, scope: &Scope, id: JobId) -> Result<()> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let job = dead(repo::lock(txn, &scope, id).await?)?;
            if kind(&app, &job.kind).is_some_and(|of| !of.may_be_dropped) {
                let why = "evidence waits for this job: it can only be tried again";
                return Err(Error::WrongState(why.to_owned()));
            }
            repo::delete(txn, &scope, id).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "job.delete", &id, Some(job.kind)).await?;
            Ok(())
        })
    })
    .await
}

fn dead(found: Option<job::Model>) -> Result<job::Model> {
    let job = found.ok_or(Error::NotFound)?;
    if job.state != DEAD {
        let why = "this job has not been given up: it will be tried by itself";
        return Err(Error::WrongState(why.to_owned()));
    }
    Ok(job)
}
