//! Seeing how far bundles are, fetching them, throwing them away. Not here: asking for them (`asking.rs`).
//!
//! Which audits a bundle has is settled when it is asked for; those that its asker may not see any more when it is made are
//! left out. Whoever fetches it must be allowed, at that moment, to see every audit in it as it is printed there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use futures::Stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pieces::Pieces;
use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::bundle;
use crate::domain::ids::{
    BundleId, CampaignId, ClientId, LocationId, PersonId, PublishedAuditId, RegionId,
};
use crate::error::{Error, Result};
use crate::journal;
use crate::objects::{ObjectError, ObjectKey};

/// A bundle is kept for so long after it was made; one that never is, for so long after it was asked for.
pub const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// As in `list_page_max`; an admin sees everybody's.
const LISTED_MAX: u64 = 200;

/// What was asked for, with the names that things had then.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct BundleFilter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign_name: Option<String>,
    /// This region and all below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_name: Option<String>,
    /// Local days, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

fn damaged(row: &bundle::Model, error: &serde_json::Error) -> Error {
    Error::Internal(format!("bundle {}: {error}", row.id))
}

/// The audits that were asked for; once it is made, those in it.
pub(super) fn audits(row: &bundle::Model) -> Result<Vec<PublishedAuditId>> {
    serde_json::from_str(&row.audits).map_err(|error| damaged(row, &error))
}

/// What was asked for.
pub(super) fn filter(row: &bundle::Model) -> Result<BundleFilter> {
    serde_json::from_str(&row.filter).map_err(|error| damaged(row, &error))
}

/// A bundle with the name of whoever asked for it.
#[derive(Debug)]
pub struct Listed {
    pub row: bundle::Model,
    pub filter: BundleFilter,
    pub asked_by: String,
}

/// The caller's, the latest first; an admin's are the whole agency's.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, scope: &Scope) -> Result<Vec<Listed>> {
    let now_ms = app.clock.now_ms();
    let rows = repo::list(app.db.reader(), scope, now_ms, LISTED_MAX).await?;
    with_names(app, scope, rows).await
}

/// One of them, and why its file cannot be fetched any more.
///
/// # Errors
/// [`Error::NotFound`] for somebody else's, and when its time is over.
pub async fn get(app: &App, scope: &Scope, id: BundleId) -> Result<(Listed, Option<Stale>)> {
    let row = find(app, scope, id).await?;
    let why = match row.state.as_str() {
        repo::READY => stale(app, scope, &row).await?,
        _ => None,
    };
    let mut listed = with_names(app, scope, vec![row]).await?;
    Ok((listed.pop().ok_or(Error::NotFound)?, why))
}

/// The same for a row that is at hand.
///
/// # Errors
/// As the database has them.
pub async fn with_names(app: &App, scope: &Scope, rows: Vec<bundle::Model>) -> Result<Vec<Listed>> {
    let people: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let names: BTreeMap<PersonId, String> =
        crate::accounts::service::display_names(app, scope, people).await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            filter: filter(&row)?,
            asked_by: names.get(&row.person_id).cloned().unwrap_or_default(),
            row,
        })
    });
    listed.collect()
}

async fn find(app: &App, scope: &Scope, id: BundleId) -> Result<bundle::Model> {
    let now_ms = app.clock.now_ms();
    let found = repo::find(app.db.reader(), scope, id, now_ms).await?;
    found.ok_or(Error::NotFound)
}

/// Why a file that was made is not given any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stale {
    /// The caller may not see every audit in it any more.
    OutOfReach,
    /// Part of a photo in it was covered since.
    Covered,
}

/// Whether a bundle that is ready can be fetched, for the caller.
async fn stale(app: &App, scope: &Scope, row: &bundle::Model) -> Result<Option<Stale>> {
    let audits = audits(row)?;
    if !crate::reports::still_reached(app, scope, &audits).await? {
        return Ok(Some(Stale::OutOfReach));
    }
    let redactions = crate::reports::redactions(app, row.agency_id, &audits).await?;
    Ok((redactions != row.redactions).then_some(Stale::Covered))
}

/// A bundle's file, and what to call it.
pub struct Fetched<S> {
    pub file_name: String,
    pub size_bytes: i64,
    pub content: S,
}

/// The file, piece by piece.
///
/// # Errors
/// [`Error::NotFound`] as in [`get`]; [`Error::WrongState`] when it is not made, when the caller may not see all of it any
/// more, or when part of a photo in it was covered since.
pub async fn fetch(
    app: &App,
    scope: &Scope,
    id: BundleId,
) -> Result<Fetched<impl Stream<Item = Result<bytes::Bytes, ObjectError>> + Send + 'static>> {
    let row = find(app, scope, id).await?;
    let (Some(pieces), Some(size_bytes), repo::READY) =
        (Pieces::of(&row), row.size_bytes, row.state.as_str())
    else {
        return Err(Error::WrongState("this bundle is not made yet".to_owned()));
    };
    match stale(app, scope, &row).await? {
        None => {}
        Some(Stale::OutOfReach) => {
            let why = "this bundle holds audits that you cannot see any more: ask for a new one";
            return Err(Error::WrongState(why.to_owned()));
        }
        Some(Stale::Covered) => {
            let why =
                "part of a photo in this bundle was covered since it was made: ask for a new one";
            return Err(Error::WrongState(why.to_owned()));
        }
    }
    let content = pieces.read(app).await.map_err(|error| match error {
        // As after a restore: backups have no bundles.
        Error::Objects(ObjectError::NotFound) => {
            Error::WrongState("the file of this bundle is gone: ask for a new one".to_owned())
        }
        other => other,
    })?;
    Ok(Fetched {
        file_name: row.file_name,
        size_bytes,
        content,
    })
}

/// Ends a bundle's time now: nobody sees it any more, whoever makes it stops, and housekeeping removes what there is.
///
/// # Errors
/// [`Error::NotFound`] as in [`get`].
pub async fn throw_away(app: &App, scope: &Scope, id: BundleId) -> Result<()> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let found = repo::find(txn, &scope, id, now_ms).await?;
                found.ok_or(Error::NotFound)?;
                repo::expire(txn, id, now_ms).await?;
                journal::write(txn, &scope, now_ms, "bundle.delete", &id, None).await?;
                Ok(())
            })
        })
        .await
}

/// Removes bundles whose time is over, objects first, so that no object is left without a row; how many.
///
/// # Errors
/// As the database and the objects have them.
pub async fn forget_expired(app: &App, most: u64) -> Result<u64> {
    let now_ms = app.clock.now_ms();
    let expired = repo::expired(app.db.reader(), now_ms, most).await?;
    let count = expired.len() as u64;
    for row in expired {
        if let Some(pieces) = Pieces::of(&row) {
            pieces.remove(app).await?;
        }
        app.db
            .write(move |txn| Box::pin(async move { repo::delete(txn, row.id).await }))
            .await?;
    }
    Ok(count)
}

/// Whether a name in the bucket is a piece of a bundle that there is.
///
/// # Errors
/// As the database has them.
pub async fn knows_object(app: &App, name: &str) -> Result<bool> {
    let Some((agency, id, run, piece)) = ObjectKey::parse_bundle(name) else {
        return Ok(false);
    };
    let row = repo::by_id(app.db.reader(), id).await?;
    let pieces = row.as_ref().and_then(Pieces::of);
    Ok(pieces.is_some_and(|of| of.agency == agency && of.run == run && piece < of.count))
}
