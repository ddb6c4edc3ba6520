//! Which version of its checklist a campaign uses from which day on.
//!
//! A day is a local day of the location, as visits' windows are. A visit that has been handed out keeps the version that it
//! was handed out with; open visits, which no phone has, follow the campaign.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};

use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::checklists::service as checklists;
use crate::db::entities::{campaign, campaign_version};
use crate::domain::campaign::{Step, is_used_from, version_on};
use crate::domain::ids::{CampaignId, Sha256};
use crate::error::{Error, Result};
use crate::journal;

/// The versions of a campaign in the order of their days.
///
/// # Errors
/// As the database has them.
pub async fn steps(db: &impl ConnectionTrait, campaign: &campaign::Model) -> Result<Vec<Step>> {
    let first = Step {
        from_day: None,
        sha256: campaign.checklist_sha256,
    };
    let later = repo::versions(db, campaign.id)
        .await?
        .into_iter()
        .map(|row| Step {
            from_day: Some(row.from_day),
            sha256: row.checklist_sha256,
        });
    Ok(std::iter::once(first).chain(later).collect())
}

/// The version for a visit whose window opens on `day`.
///
/// # Errors
/// As the database has them.
pub async fn on_day(
    db: &impl ConnectionTrait,
    campaign: &campaign::Model,
    day: NaiveDate,
) -> Result<Sha256> {
    let version = version_on(&steps(db, campaign).await?, &day.to_string());
    // There is always the first step.
    Ok(version.unwrap_or(campaign.checklist_sha256))
}

/// Moves a campaign to another version of its checklist from `from_day` on.
///
/// # Errors
/// [`Error::NotFound`] for a campaign out of reach; [`Error::Malformed`] for a day outside the campaign, and for a version of
/// another checklist, not published or retired.
pub async fn schedule(
    app: &App,
    scope: &Scope,
    id: CampaignId,
    from_day: NaiveDate,
    sha256: Sha256,
) -> Result<()> {
    let scope = scope.clone();
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let campaign = repo::lock(txn, &scope, id).await?.ok_or(Error::NotFound)?;
                let day = from_day.to_string();
                if day <= campaign.starts_on || day > campaign.ends_on {
                    let message = format!(
                        "lies outside the campaign, which goes from {} to {}",
                        campaign.starts_on, campaign.ends_on
                    );
                    return Err(Error::refused("/from_day", message));
                }
                let version =
                    checklists::in_use(txn, scope.agency, sha256, "/checklist_sha256").await?;
                if version.slug != campaign.checklist_slug {
                    let message = format!(
                        "is a version of {}; this campaign is shopped with {}",
                        version.slug, campaign.checklist_slug
                    );
                    return Err(Error::refused("/checklist_sha256", message));
                }
                let row = campaign_version::ActiveModel {
                    campaign_id: Set(campaign.id),
                    from_day: Set(day.clone()),
                    agency_id: Set(scope.agency),
                    checklist_sha256: Set(sha256),
                };
                repo::put_version(txn, row).await?;
                follow(txn, &campaign).await?;
                let detail = Some(format!("{sha256} from {day}"));
                journal::write(txn, &scope, now_ms, "campaign.move", &id, detail).await?;
                Ok(())
            })
        })
        .await
}

/// Takes a move back. Visits that were handed out meanwhile keep what they have.
///
/// # Errors
/// [`Error::NotFound`] when nothing was planned for that day.
pub async fn unschedule(
    app: &App,
    scope: &Scope,
    id: CampaignId,
    from_day: NaiveDate,
) -> Result<()> {
    let scope = scope.clone();
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let campaign = repo::lock(txn, &scope, id).await?.ok_or(Error::NotFound)?;
                let day = from_day.to_string();
                if !repo::remove_version(txn, id, &day).await? {
                    return Err(Error::NotFound);
                }
                follow(txn, &campaign).await?;
                journal::write(txn, &scope, now_ms, "campaign.stay", &id, Some(day)).await?;
                Ok(())
            })
        })
        .await
}

/// Lets open visits follow their campaign.
async fn follow(txn: &DatabaseTransaction, campaign: &campaign::Model) -> Result<()> {
    let steps = steps(txn, campaign).await?;
    for (index, step) in steps.iter().enumerate() {
        let until = steps
            .get(index + 1)
            .and_then(|next| next.from_day.as_deref());
        let from = step.from_day.as_deref();
        crate::visits::service::set_version_of_open(txn, campaign.id, from, until, step.sha256)
            .await?;
    }
    Ok(())
}

/// Campaigns that would make visits with a version today or later, by name.
///
/// # Errors
/// As the database has them.
pub async fn users(
    db: &impl ConnectionTrait,
    scope: &Scope,
    slug: &str,
    sha256: Sha256,
    today: NaiveDate,
) -> Result<Vec<String>> {
    let today = today.to_string();
    let mut users = Vec::new();
    for campaign in repo::of_checklist(db, scope, slug, &today).await? {
        let steps = steps(db, &campaign).await?;
        let from = today.clone().max(campaign.starts_on.clone());
        if is_used_from(&steps, &from, sha256) {
            users.push(format!("'{}'", campaign.name));
        }
    }
    Ok(users)
}
