//! Making, assigning and withdrawing visits.

use chrono::NaiveDateTime;
use sea_orm::{DatabaseTransaction, Set};

pub use super::repo::Listed;
use super::repo::{self, Changed};
use super::{feed, legs};
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::visit;
use crate::db::feed::{FeedChange, publish};
use crate::domain::ids::{CampaignId, LocationId, PersonId, Sha256, VisitId};
use crate::domain::time::window_instants;
use crate::domain::visit::{VisitEvent, VisitState};
use crate::error::{Error, Result};
use crate::http::views::{Page, Window};
use crate::journal;

/// How local times of a window are written.
pub const LOCAL_FORMAT: &str = "%Y-%m-%dT%H:%M";

/// A visit to be made.
#[derive(Clone, Debug)]
pub struct NewVisit {
    pub campaign: CampaignId,
    pub location: LocationId,
    /// Nobody yet when absent.
    pub shopper: Option<PersonId>,
    pub local_opens: NaiveDateTime,
    pub local_closes: NaiveDateTime,
    /// The first leg, for a checklist that follows another.
    pub follows: Option<VisitId>,
}

/// One page of the agency's visits, latest window first.
pub async fn list(
    app: &App,
    scope: &Scope,
    state: Option<VisitState>,
    shopper: Option<PersonId>,
    window: Window,
) -> Result<Page<Listed>> {
    let (rows, total) = repo::list(app.db.reader(), scope, state, shopper, window).await?;
    Ok(window.page(rows, total))
}

/// Makes a visit; when it has a shopper, their phone hears of it.
///
/// # Errors
/// [`Error::NotFound`] for a campaign, location or shopper that is not the agency's; [`Error::Malformed`] for a window
/// that cannot be.
pub async fn create(app: &App, scope: &Scope, new: NewVisit) -> Result<Listed> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let visit = insert(txn, &app, &scope, new).await?;
            let mut changes = Vec::new();
            if let Some(shopper) = visit.shopper_id {
                changes.push(feed::put(txn, &app, shopper, &visit).await?);
            }
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "visit.create", &visit.id, None).await?;
            let listed = repo::beside(txn, visit).await?;
            publish(txn, changes, now_ms).await?;
            Ok(listed)
        })
    })
    .await
}

async fn insert(
    txn: &DatabaseTransaction,
    app: &App,
    scope: &Scope,
    new: NewVisit,
) -> Result<visit::Model> {
    let campaign = repo::campaign(txn, scope, new.campaign)
        .await?
        .ok_or(Error::NotFound)?;
    let location = repo::location(txn, scope, new.location)
        .await?
        .ok_or(Error::NotFound)?;
    if location.client_id != campaign.client_id {
        return Err(Error::refused(
            "/location",
            "belongs to another client than the campaign",
        ));
    }
    if let Some(shopper) = new.shopper {
        crate::accounts::service::require_shopper(txn, scope, shopper).await?;
    }
    let checklist_sha256 =
        crate::campaigns::versions::on_day(txn, &campaign, new.local_opens.date()).await?;
    crate::checklists::service::in_use(txn, scope.agency, checklist_sha256, "/campaign").await?;
    legs::check(txn, app, scope, &new, checklist_sha256).await?;
    let zone: chrono_tz::Tz = location
        .time_zone
        .parse()
        .map_err(|_| Error::Internal(format!("unknown time zone {}", location.time_zone)))?;
    let (opens, closes) = window_instants(new.local_opens, new.local_closes, zone)
        .map_err(|error| Error::refused("/local_closes", error.to_string()))?;
    let state = if new.shopper.is_some() {
        VisitState::Assigned
    } else {
        VisitState::Open
    };
    let row = visit::ActiveModel {
        id: Set(VisitId(app.clock.new_uuid())),
        agency_id: Set(scope.agency),
        client_id: Set(campaign.client_id),
        campaign_id: Set(campaign.id),
        location_id: Set(location.id),
        shopper_id: Set(new.shopper),
        checklist_sha256: Set(checklist_sha256),
        state: Set(state.as_str().to_owned()),
        local_opens: Set(new.local_opens.format(LOCAL_FORMAT).to_string()),
        local_closes: Set(new.local_closes.format(LOCAL_FORMAT).to_string()),
        opens_at_ms: Set(opens.timestamp_millis()),
        closes_at_ms: Set(closes.timestamp_millis()),
        pay_minor: Set(campaign.pay_minor),
        currency: Set(campaign.currency),
        rev: Set(1),
        audit_id: Set(None),
        withdrawn_reason: Set(None),
        created_at_ms: Set(app.clock.now_ms()),
        follows_visit_id: Set(new.follows),
    };
    Ok(repo::insert(txn, row).await?)
}

/// Gives a visit to a shopper; whoever had it loses it in the same transaction.
///
/// # Errors
/// [`Error::NotFound`], or [`Error::WrongState`] once work has been handed in.
pub async fn assign(app: &App, scope: &Scope, id: VisitId, shopper: PersonId) -> Result<Listed> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            crate::accounts::service::require_shopper(txn, &scope, shopper).await?;
            let visit = repo::lock(txn, scope.agency, id)
                .await?
                .ok_or(Error::NotFound)?;
            let before = visit.shopper_id;
            let changed = Changed {
                state: follow(&visit, VisitEvent::Assign)?,
                shopper: Some(shopper),
                audit: visit.audit_id,
                withdrawn_reason: None,
            };
            let visit = repo::change(txn, visit, changed).await?;
            let mut changes = vec![feed::put(txn, &app, shopper, &visit).await?];
            if let Some(before) = before.filter(|before| *before != shopper) {
                changes.push(feed::del(before, &visit, "reassigned"));
            }
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "visit.assign", &visit.id, None).await?;
            let listed = repo::beside(txn, visit).await?;
            publish(txn, changes, now_ms).await?;
            Ok(listed)
        })
    })
    .await
}

/// Takes a visit back.
///
/// # Errors
/// [`Error::NotFound`], or [`Error::WrongState`] once work has been handed in.
pub async fn withdraw(app: &App, scope: &Scope, id: VisitId, reason: String) -> Result<Listed> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let visit = repo::lock(txn, scope.agency, id)
                .await?
                .ok_or(Error::NotFound)?;
            let changed = Changed {
                state: follow(&visit, VisitEvent::Withdraw)?,
                shopper: visit.shopper_id,
                audit: visit.audit_id,
                withdrawn_reason: Some(reason.clone()),
            };
            let visit = repo::change(txn, visit, changed).await?;
            let changes: Vec<FeedChange> = visit
                .shopper_id
                .map(|shopper| feed::del(shopper, &visit, "withdrawn"))
                .into_iter()
                .collect();
            let now_ms = app.clock.now_ms();
            journal::write(
                txn,
                &scope,
                now_ms,
                "visit.withdraw",
                &visit.id,
                Some(reason),
            )
            .await?;
            let listed = repo::beside(txn, visit).await?;
            publish(txn, changes, now_ms).await?;
            Ok(listed)
        })
    })
    .await
}

/// The state of a visit's row.
///
/// # Errors
/// [`Error::Internal`] for a word that no release has written.
pub fn state_of(visit: &visit::Model) -> Result<VisitState> {
    VisitState::parse(&visit.state)
        .ok_or_else(|| Error::Internal(format!("visit {} is '{}'", visit.id, visit.state)))
}

/// The state that follows.
///
/// # Errors
/// [`Error::WrongState`] when nothing does.
pub fn follow(visit: &visit::Model, event: VisitEvent) -> Result<VisitState> {
    state_of(visit)?
        .after(event)
        .map_err(|error| Error::WrongState(error.to_string()))
}

/// A visit that the scope reaches.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, scope: &Scope, id: VisitId) -> Result<visit::Model> {
    repo::find(app.db.reader(), scope, id)
        .await?
        .ok_or(Error::NotFound)
}

/// A visit with what is shown beside it; `None` when the scope does not reach it.
///
/// # Errors
/// As the database has them.
pub async fn beside(app: &App, scope: &Scope, id: VisitId) -> Result<Option<Listed>> {
    match repo::find(app.db.reader(), scope, id).await? {
        Some(visit) => Ok(Some(repo::beside(app.db.reader(), visit).await?)),
        None => Ok(None),
    }
}

/// Gives a version to the open visits of a campaign, which no phone has, whose windows open from one local day up to, not
/// including, another.
///
/// # Errors
/// As the database has them.
pub async fn set_version_of_open(
    txn: &DatabaseTransaction,
    campaign: CampaignId,
    from_day: Option<&str>,
    until_day: Option<&str>,
    sha256: Sha256,
) -> Result<()> {
    Ok(repo::set_version_of_open(txn, campaign, from_day, until_day, sha256).await?)
}
