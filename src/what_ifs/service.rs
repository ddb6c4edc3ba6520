//! Making what-ifs, reading what came of them, throwing them away.

use std::collections::BTreeMap;

use sea_orm::Set;

use super::jobs::ScoreWhatIf;
use super::repo::{self, About};
use super::trial::Trial;
use crate::accounts::Scope;
use crate::app::App;
use crate::clients::service::Located;
use crate::db::entities::what_if;
use crate::domain::checklist::ChecklistProblem;
use crate::domain::checklist::reweighting::Reweighting;
use crate::domain::ids::{ClientId, LocationId, WhatIfId};
use crate::domain::scoring::Score;
use crate::domain::what_if::{Summary, compare, summary};
use crate::error::{Error, Pointed, Result};
use crate::journal;

pub const WAITING: &str = "waiting";
pub const RUNNING: &str = "running";
pub const DONE: &str = "done";
/// Given up; its job tells why, and can be tried again.
pub const FAILED: &str = "failed";

const NAME_CHARACTERS_MAX: usize = 200;
/// What-ifs that an agency keeps at once.
const WHAT_IFS_MAX: usize = 100;

/// Reads weights for the newest version of a checklist.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such checklist.
pub async fn parsed(
    app: &App,
    scope: &Scope,
    slug: &str,
    yaml: &str,
) -> Result<std::result::Result<Reweighting, Vec<ChecklistProblem>>> {
    let newest = crate::checklists::service::newest(app, scope.agency, slug)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Reweighting::parse_yaml(yaml, &newest.checklist))
}

/// Scores all published audits of a checklist with other weights at once, keeping nothing.
///
/// # Errors
/// As the database has them.
pub async fn tried(
    app: &App,
    scope: &Scope,
    slug: &str,
    reweighting: &Reweighting,
) -> Result<Summary<String>> {
    let about = About {
        agency: scope.agency,
        slug: slug.to_owned(),
        client: None,
    };
    let mut trial = Trial::new(about, reweighting.clone());
    let mut changes = Vec::new();
    while let Some(batch) = trial.next(app).await? {
        let tried = batch.tried.iter();
        changes.extend(tried.map(|one| (one.location, compare(&one.before, &one.after))));
    }
    let names = located(app, scope, changes.iter().map(|(location, _)| *location)).await?;
    let named = |id: LocationId| match names.get(&id) {
        Some(located) => format!("{} ({})", located.location.name, located.location.code),
        None => id.to_string(),
    };
    Ok(summary(
        changes.into_iter().map(|(id, change)| (named(id), change)),
    ))
}

async fn located(
    app: &App,
    scope: &Scope,
    ids: impl Iterator<Item = LocationId>,
) -> Result<BTreeMap<LocationId, Located>> {
    let ids: std::collections::BTreeSet<LocationId> = ids.collect();
    crate::clients::service::locations_by_id(app.db.reader(), scope, ids).await
}

/// A what-if to be made.
#[derive(Clone, Debug)]
pub struct NewWhatIf {
    pub name: String,
    pub checklist_slug: String,
    pub client: Option<ClientId>,
    /// YAML, as in docs/checklists.md.
    pub reweighting: String,
}

/// Makes a what-if; its scores are computed in the background.
///
/// # Errors
/// [`Error::Malformed`] with everything that is wrong with the weights; [`Error::NotFound`] for a checklist or client out of
/// reach.
pub async fn create(app: &App, scope: &Scope, new: NewWhatIf) -> Result<what_if::Model> {
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        let message = format!("is 1 to {NAME_CHARACTERS_MAX} characters");
        return Err(Error::refused("/name", message));
    }
    let db = app.db.reader();
    if let Some(client) = new.client {
        crate::clients::service::client(db, scope, client).await?;
    }
    if repo::list(db, scope).await?.len() >= WHAT_IFS_MAX {
        return Err(Error::WrongState(format!(
            "there are {WHAT_IFS_MAX} what-ifs already; throw one away first"
        )));
    }
    let reweighting = parsed(app, scope, &new.checklist_slug, &new.reweighting)
        .await?
        .map_err(|problems| Error::Malformed {
            detail: format!("{} things are wrong with these weights", problems.len()),
            errors: problems.iter().map(pointed).collect(),
        })?;
    let about = About {
        agency: scope.agency,
        slug: new.checklist_slug.clone(),
        client: new.client,
    };
    let audits_total = repo::count(db, &about).await?;
    let reweighting =
        serde_json::to_string(&reweighting).map_err(|error| Error::Internal(error.to_string()))?;
    let (inner, scope) = (app.clone(), scope.clone());
    let made = app
        .db
        .write(move |txn| {
            Box::pin(async move {
                let now_ms = inner.clock.now_ms();
                let row = what_if::ActiveModel {
                    id: Set(WhatIfId(inner.clock.new_uuid())),
                    agency_id: Set(scope.agency),
                    name: Set(name),
                    checklist_slug: Set(new.checklist_slug),
                    client_id: Set(new.client),
                    reweighting: Set(reweighting),
                    state: Set(WAITING.to_owned()),
                    audits_total: Set(repo::signed(audits_total)),
                    audits_done: Set(0),
                    created_at_ms: Set(now_ms),
                    finished_at_ms: Set(None),
                };
                let made = repo::insert(txn, row).await?;
                let job = ScoreWhatIf { what_if: made.id };
                crate::jobs::enqueue(txn, &*inner.clock, scope.agency, &job).await?;
                journal::write(txn, &scope, now_ms, "what_if.create", &made.id, None).await?;
                Ok::<_, Error>(made)
            })
        })
        .await?;
    app.jobs.wake();
    Ok(made)
}

fn pointed(problem: &ChecklistProblem) -> Pointed {
    Pointed {
        pointer: format!(
            "{}:{}",
            problem.line.unwrap_or(1),
            problem.column.unwrap_or(1)
        ),
        message: problem.to_string(),
        question: problem.question.clone(),
    }
}

/// All of the agency, the latest first.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, scope: &Scope) -> Result<Vec<what_if::Model>> {
    Ok(repo::list(app.db.reader(), scope).await?)
}

/// What came of a what-if.
#[derive(Debug)]
pub struct Outcome {
    pub summary: Summary<LocationId>,
    pub locations: BTreeMap<LocationId, Located>,
}

/// One what-if; with what came of it once it is done.
///
/// # Errors
/// [`Error::NotFound`] when the agency has none of that id.
pub async fn get(
    app: &App,
    scope: &Scope,
    id: WhatIfId,
) -> Result<(what_if::Model, Option<Outcome>)> {
    let db = app.db.reader();
    let row = repo::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    if row.state != DONE {
        return Ok((row, None));
    }
    let scores = repo::scores(db, id).await?;
    let locations = located(app, scope, scores.iter().map(|score| score.location_id)).await?;
    // Ten thousand audits take some hundred milliseconds of reading.
    let summary = tokio::task::spawn_blocking(move || {
        let mut changes = Vec::with_capacity(scores.len());
        for row in scores {
            let read = |text: &str| {
                serde_json::from_str::<Score>(text)
                    .map_err(|error| Error::Internal(format!("what-if {id}: {error}")))
            };
            changes.push((
                row.location_id,
                compare(&read(&row.before)?, &read(&row.after)?),
            ));
        }
        Ok::<_, Error>(summary(changes))
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))??;
    Ok((row, Some(Outcome { summary, locations })))
}

/// Throws a what-if away with its scores; nothing else knew of them.
///
/// # Errors
/// [`Error::NotFound`] when the agency has none of that id.
pub async fn delete(app: &App, scope: &Scope, id: WhatIfId) -> Result<()> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            repo::find(txn, &scope, id).await?.ok_or(Error::NotFound)?;
            repo::delete(txn, id).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "what_if.delete", &id, None).await?;
            Ok(())
        })
    })
    .await
}
