//! Asking for bundles, seeing how far they are, fetching them, throwing them away.
//!
//! Which audits a bundle has is settled when it is asked for; those that its asker may not see any more when it is made are
//! left out. Whoever fetches it must be allowed, at that moment, to see every audit in it as it is printed there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use futures::Stream;
use sea_orm::{DatabaseTransaction, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::jobs::MakeBundle;
use super::pieces::Pieces;
use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::bundle;
use crate::domain::ids::{
    BundleId, CampaignId, ClientId, LocationId, PersonId, PublishedAuditId, RegionId,
};
use crate::error::{Error, Limit, Result};
use crate::journal;
use crate::objects::{ObjectError, ObjectKey};
use crate::reports::file_name::file_name;
pub use crate::reports::service::Asked;

/// A bundle is kept for so long after it was made; one that never is, for so long after it was asked for.
pub const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// As in `list_page_max`; an admin sees everybody's.
const LISTED_MAX: u64 = 200;
const LANGUAGE_CHARACTERS_MAX: usize = 35;

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

/// A bundle to be made.
#[derive(Clone, Debug)]
pub struct NewBundle {
    pub asked: Asked,
    /// As for a single PDF.
    pub language: Option<String>,
}

/// Asks for a bundle; it is made in the background.
///
/// # Errors
/// [`Error::NotFound`] for anything named that the scope does not reach; [`Error::WrongState`] when nothing matches;
/// [`Error::TooMany`] audits, or bundles of this person.
pub async fn ask(app: &App, scope: &Scope, new: NewBundle) -> Result<bundle::Model> {
    check(&new)?;
    let limits = &app.config.limits;
    let filter = named(app, scope, &new).await?;
    let audits_max = limits.bundle_audits_max;
    let selected = crate::reports::select(app, scope, new.asked, audits_max).await?;
    let Some(days) = selected.days else {
        let why = "no published audit matches: choose a longer period, or more locations";
        return Err(Error::WrongState(why.to_owned()));
    };
    if selected.total > audits_max {
        let total = selected.total;
        return Err(Error::TooMany {
            detail: format!(
                "{total} audits match, and a bundle holds at most {audits_max}: choose a shorter period, a region or a location"
            ),
            limit: Limit {
                name: "bundle_audits_max",
                value: audits_max,
                unit: "audits",
            },
        });
    }
    let now_ms = app.clock.now_ms();
    let audits_total = i64::try_from(selected.ids.len()).unwrap_or(i64::MAX);
    let row = bundle::ActiveModel {
        id: Set(BundleId(app.clock.new_uuid())),
        agency_id: Set(scope.agency),
        person_id: Set(scope.person),
        file_name: Set(name_of(&filter, &days)),
        filter: Set(json(&filter)?),
        audits: Set(json(&selected.ids)?),
        state: Set(repo::WAITING.to_owned()),
        audits_total: Set(audits_total),
        audits_done: Set(0),
        audits_left_out: Set(0),
        run: Set(None),
        pieces: Set(0),
        size_bytes: Set(None),
        redactions: Set(0),
        created_at_ms: Set(now_ms),
        finished_at_ms: Set(None),
        expires_at_ms: Set(now_ms + KEPT_MS),
    };
    let (inner, scope) = (app.clone(), scope.clone());
    let made = app
        .db
        .write(move |txn| {
            Box::pin(async move {
                // One after the other, so that two at once do not both find room for one.
                crate::accounts::service::lock_person(txn, scope.person).await?;
                check_counts(&inner, txn, &scope, now_ms).await?;
                let made = repo::insert(txn, row).await?;
                let job = MakeBundle { bundle: made.id };
                crate::jobs::enqueue(txn, &*inner.clock, scope.agency, &job).await?;
                let count = Some(audits_total.to_string());
                journal::write(txn, &scope, now_ms, "bundle.ask", &made.id, count).await?;
                Ok::<_, Error>(made)
            })
        })
        .await?;
    app.jobs.wake();
    Ok(made)
}

fn check(new: &NewBundle) -> Result<()> {
    if let (Some(from), Some(to)) = (new.asked.from, new.asked.to)
        && from > to
    {
        return Err(Error::refused("/to", "lies before the first day"));
    }
    let is_language = |text: &String| {
        text.len() <= LANGUAGE_CHARACTERS_MAX
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    match new.language.as_ref().is_none_or(is_language) {
        true => Ok(()),
        false => Err(Error::refused("/language", "is a language, as in 'nl'")),
    }
}

async fn check_counts(
    app: &App,
    txn: &DatabaseTransaction,
    scope: &Scope,
    now_ms: i64,
) -> Result<()> {
    let limits = &app.config.limits;
    let (kept, waiting) = repo::counts(txn, scope, now_ms).await?;
    let unit = "bundles";
    let too_many = |detail, name, value| Error::TooMany {
        detail,
        limit: Limit { name, value, unit },
    };
    if waiting >= limits.bundles_waiting_max {
        return Err(too_many(
            format!("{waiting} bundles of yours are still being made: wait for one of them"),
            "bundles_waiting_max",
            limits.bundles_waiting_max,
        ));
    }
    if kept >= limits.bundles_kept_max {
        return Err(too_many(
            format!("{kept} bundles of yours are kept: throw one away first"),
            "bundles_kept_max",
            limits.bundles_kept_max,
        ));
    }
    Ok(())
}

/// What is asked for with its names; the scope reaches all of it.
async fn named(app: &App, scope: &Scope, new: &NewBundle) -> Result<BundleFilter> {
    use crate::clients::service as clients;
    let (db, asked) = (app.db.reader(), &new.asked);
    let mut filter = BundleFilter {
        client: asked.client,
        campaign: asked.campaign,
        region: asked.region,
        location: asked.location,
        from: asked.from,
        to: asked.to,
        language: new.language.clone(),
        ..BundleFilter::default()
    };
    if let Some(campaign) = asked.campaign {
        let campaign = crate::campaigns::service::find(db, scope, campaign).await?;
        filter.client = filter.client.or(Some(campaign.client_id));
        filter.campaign_name = Some(campaign.name);
    }
    if let Some(region) = asked.region {
        let regions = clients::regions(app, scope, None).await?;
        let found = regions.into_iter().find(|found| found.id == region);
        let region = found.ok_or(Error::NotFound)?;
        filter.client = filter.client.or(Some(region.client_id));
        filter.region_name = Some(region.name);
    }
    if let Some(location) = asked.location {
        let location = clients::location(db, scope, location).await?.location;
        filter.client = filter.client.or(Some(location.client_id));
        filter.location_name = Some(location.name);
    }
    if let Some(client) = filter.client {
        filter.client_name = Some(clients::client(db, scope, client).await?.name);
    }
    Ok(filter)
}

/// Tells what is in it: `cafe-noord-autumn-north-2026-09-01-2026-09-30.zip`.
fn name_of(filter: &BundleFilter, days: &(String, String)) -> String {
    let names = [
        &filter.client_name,
        &filter.campaign_name,
        &filter.region_name,
        &filter.location_name,
    ];
    let mut parts: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    if parts.is_empty() {
        parts.push("audits");
    }
    parts.push(&days.0);
    if days.0 != days.1 {
        parts.push(&days.1);
    }
    file_name(&parts, "zip")
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
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
        // As after a restore from a backup that was made while it was removed.
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
