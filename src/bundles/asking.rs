//! Asking for a bundle: is there something to put in it, is it not too much, and what is it called.

use sea_orm::{DatabaseTransaction, Set};
use serde::Serialize;

use super::jobs::MakeBundle;
use super::repo;
use super::service::{BundleFilter, KEPT_MS};
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::bundle;
use crate::domain::ids::BundleId;
use crate::error::{Error, Limit, Result};
use crate::journal;
use crate::reports::file_name::file_name;
pub use crate::reports::service::Asked;

const LANGUAGE_CHARACTERS_MAX: usize = 35;

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
