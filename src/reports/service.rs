//! Published audits: listing them, opening one, showing its photos.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};

use super::repo::{self, Filter, Published as Row};
use super::sections::{self, NumberedPhoto};
use super::views::{PublishedAudit, PublishedAuditDetail};
use crate::accounts::Scope;
use crate::app::App;
use crate::checklists::cache::Compiled;
use crate::clients::service::Located;
use crate::db::entities::client;
use crate::domain::answer_text::reading_language;
use crate::domain::audit::Answered;
use crate::domain::ids::{
    AgencyId, CampaignId, ClientId, LocationId, PublishedAuditId, RegionId, Sha256,
};
use crate::domain::photo::RenditionSize;
use crate::domain::scoring::Score;
use crate::error::{Error, Result};
use crate::http::views::{Page, Window};
use crate::photos::published::{Published, published};
use crate::rankings::Period;

/// Audits that a location's history holds at most; the latest are kept.
const HISTORY_AUDITS_MAX: u64 = 500;

/// Which audits are asked for; `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub client: Option<ClientId>,
    pub location: Option<LocationId>,
    /// This region and all below it.
    pub region: Option<RegionId>,
    pub campaign: Option<CampaignId>,
    /// Local days, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// One page of published audits, latest visit first.
///
/// # Errors
/// [`Error::NotFound`] for a client, location or region that the scope does not reach.
pub async fn list(
    app: &App,
    scope: &Scope,
    asked: Asked,
    window: Window,
) -> Result<Page<PublishedAudit>> {
    let db = app.db.reader();
    let filter = filter(app, scope, asked).await?;
    let (rows, total) = repo::list(db, scope, &filter, window).await?;
    Ok(window.page(with_names(app, scope, rows).await?, total))
}

/// The same for the database, after a look whether the scope reaches what is named.
pub(super) async fn filter(app: &App, scope: &Scope, asked: Asked) -> Result<Filter> {
    let db = app.db.reader();
    if let Some(client) = asked.client {
        crate::clients::service::client(db, scope, client).await?;
    }
    if let Some(campaign) = asked.campaign {
        crate::campaigns::service::find(db, scope, campaign).await?;
    }
    if let Some(location) = asked.location {
        crate::clients::service::location(db, scope, location).await?;
    }
    let regions = match asked.region {
        Some(region) => Some(crate::clients::service::regions_below(db, scope, region).await?),
        None => None,
    };
    Ok(Filter {
        client: asked.client,
        location: asked.location,
        regions,
        campaign: asked.campaign,
        from: asked.from.map(|day| day.to_string()),
        to: asked.to.map(|day| day.to_string()),
    })
}

async fn with_names(app: &App, scope: &Scope, rows: Vec<Row>) -> Result<Vec<PublishedAudit>> {
    let db = app.db.reader();
    let ids = rows.iter().map(|row| row.location_id);
    let located = crate::clients::service::locations_by_id(db, scope, ids).await?;
    let counts = repo::photo_counts(db, &rows).await?;
    let mut clients: BTreeMap<ClientId, client::Model> = BTreeMap::new();
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        let client = match clients.get(&row.client_id) {
            Some(client) => client,
            None => {
                let client = crate::clients::service::client(db, scope, row.client_id).await?;
                clients.entry(row.client_id).or_insert(client)
            }
        };
        let located = located.get(&row.location_id).ok_or(Error::NotFound)?;
        let version = version(app, scope.agency, &row).await?;
        let photos = counts.get(&row.id).copied().unwrap_or(0);
        named.push(view(&row, located, client, &version, photos));
    }
    Ok(named)
}

fn view(
    row: &Row,
    located: &Located,
    client: &client::Model,
    version: &Compiled,
    photos: i64,
) -> PublishedAudit {
    let published = DateTime::from_timestamp_millis(row.published_at_ms).unwrap_or_default();
    PublishedAudit {
        id: row.published_id,
        location: row.location_id,
        location_name: located.location.name.clone(),
        location_city: located.location.city.clone(),
        region_name: located.region.name.clone(),
        client_name: client.name.clone(),
        checklist_slug: row.checklist_slug.clone(),
        checklist_title: version.checklist.title.0.clone(),
        local_day: row.local_day.clone(),
        total_micros: row.total_micros,
        service_micros: row.service_micros,
        experience_micros: row.experience_micros,
        balanced_micros: row.balanced_micros,
        failed: row.failed,
        photos,
        published_on: published.date_naive().to_string(),
    }
}

async fn version(app: &App, agency: AgencyId, row: &Row) -> Result<Arc<Compiled>> {
    let sha256 = row.checklist_sha256;
    crate::checklists::service::compiled(app, agency, sha256)
        .await?
        .ok_or_else(|| {
            Error::Internal(format!(
                "the checklist {sha256} of a published audit is gone"
            ))
        })
}

/// A published audit with all that a reader may have of it, and what stands beside it on paper.
#[derive(Debug)]
pub struct Opened {
    pub detail: PublishedAuditDetail,
    pub row: Row,
    pub client: client::Model,
    pub region: RegionId,
    pub version: Arc<Compiled>,
    /// None where the checklist has no pass mark.
    pub passed: Option<bool>,
    /// In the order of their numbers.
    pub photos: Vec<NumberedPhoto>,
    /// The checklist's language that the answers are told in.
    pub language: String,
}

/// Opens one audit, its answers told in `language`, else in the client's, else in the checklist's first.
///
/// # Errors
/// [`Error::NotFound`] for what the scope does not reach or is not published.
pub async fn open(
    app: &App,
    scope: &Scope,
    id: PublishedAuditId,
    language: Option<&str>,
) -> Result<Opened> {
    let db = app.db.reader();
    let row = repo::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    let located = crate::clients::service::location(db, scope, row.location_id).await?;
    let client = crate::clients::service::client(db, scope, row.client_id).await?;
    let version = version(app, scope.agency, &row).await?;
    let (score, body) = repo::contents(db, &row).await?;
    let unread = |what, error| Error::Internal(format!("{what} of published audit {id}: {error}"));
    let score: Score = serde_json::from_str(&score).map_err(|error| unread("score", error))?;
    let document: Answered =
        serde_json::from_slice(&body).map_err(|error| unread("answers", error))?;
    let checklist = &version.checklist;
    let photos = sections::number(checklist, repo::photos(db, row.id).await?);
    let names = photos.iter().map(|photo| photo.sha256);
    let not_shown = crate::photos::service::not_shown(db, scope.agency, names).await?;
    let wanted = [language.unwrap_or_default(), &client.locale];
    let language = reading_language(&checklist.languages, &wanted).to_owned();
    let count = i64::try_from(photos.len()).unwrap_or(i64::MAX);
    let detail = PublishedAuditDetail {
        audit: view(&row, &located, &client, &version, count),
        recovery_micros: score.recovery_micros.flatten().map(i64::from),
        sections: sections::sections(checklist, &document.answers, &score, &photos, &language),
        photos_not_shown: photos
            .iter()
            .filter(|photo| not_shown.contains(&photo.sha256))
            .map(|photo| photo.number)
            .collect(),
    };
    Ok(Opened {
        detail,
        region: located.region.id,
        passed: score.passed,
        row,
        client,
        version,
        photos,
        language,
    })
}

/// What is published of the photo with that number (JPEG, without metadata); `None` when the caller has that version.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when the photo cannot be decoded.
pub async fn photo(
    app: &App,
    scope: &Scope,
    id: PublishedAuditId,
    number: u32,
    size: RenditionSize,
    known_version: Option<i32>,
) -> Result<Option<Published>> {
    let db = app.db.reader();
    let row = repo::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    let version = version(app, scope.agency, &row).await?;
    let photos = sections::number(&version.checklist, repo::photos(db, row.id).await?);
    let photo = photos
        .into_iter()
        .find(|photo| photo.number == number)
        .ok_or(Error::NotFound)?;
    let (agency, sha256) = (scope.agency, photo.sha256);
    published(app, agency, sha256, size, known_version).await
}

/// A published audit in a location's history.
#[derive(Clone, Debug)]
pub struct Past {
    pub published_id: PublishedAuditId,
    pub checklist_sha256: Sha256,
    pub local_day: String,
    pub total_micros: Option<i64>,
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    pub failed: bool,
}

/// A location's published audits of a checklist family in a period, oldest first.
///
/// # Errors
/// As the database has them.
pub async fn history(
    app: &App,
    scope: &Scope,
    location: LocationId,
    slug: &str,
    period: Period,
) -> Result<Vec<Past>> {
    let db = app.db.reader();
    let rows = repo::of_location(db, scope, location, slug, period, HISTORY_AUDITS_MAX).await?;
    let past = |row: Row| Past {
        published_id: row.published_id,
        checklist_sha256: row.checklist_sha256,
        local_day: row.local_day,
        total_micros: row.total_micros,
        service_micros: row.service_micros,
        experience_micros: row.experience_micros,
        failed: row.failed,
    };
    Ok(rows.into_iter().rev().map(past).collect())
}
