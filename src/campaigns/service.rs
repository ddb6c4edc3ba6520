//! Listing and making campaigns, and what they say about a client's checklists.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};

use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::{campaign, client};
use crate::domain::campaign::Step;
use crate::domain::checklist::Text;
use crate::domain::ids::{CampaignId, ClientId, Sha256};
use crate::error::{Error, Result};
use crate::journal;

/// Visits that place a location where no campaign says how many.
const VISITS_MIN: u32 = 3;

/// A campaign with its client and the versions that it goes through.
#[derive(Debug)]
pub struct Listed {
    pub campaign: campaign::Model,
    pub client: client::Model,
    pub steps: Vec<Step>,
}

/// All versions of a checklist together, called as the newest is.
#[derive(Clone, Debug)]
pub struct Family {
    pub slug: String,
    pub title: Text,
}

/// Campaigns, latest start first.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, scope: &Scope) -> Result<Vec<Listed>> {
    let db = app.db.reader();
    let mut listed = Vec::new();
    for (campaign, client) in repo::list(db, scope).await? {
        if let Some(client) = client {
            let steps = super::versions::steps(db, &campaign).await?;
            listed.push(Listed {
                campaign,
                client,
                steps,
            });
        }
    }
    Ok(listed)
}

/// One campaign with its client.
///
/// # Errors
/// [`Error::NotFound`] when the scope does not reach it.
pub async fn get(app: &App, scope: &Scope, id: CampaignId) -> Result<Listed> {
    let db = app.db.reader();
    let campaign = find(db, scope, id).await?;
    Ok(Listed {
        client: crate::clients::service::client(db, scope, campaign.client_id).await?,
        steps: super::versions::steps(db, &campaign).await?,
        campaign,
    })
}

/// One campaign.
///
/// # Errors
/// [`Error::NotFound`] when the scope does not reach it.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: CampaignId,
) -> Result<campaign::Model> {
    repo::find(db, scope, id).await?.ok_or(Error::NotFound)
}

/// The checklists that each client is shopped with, by slug.
///
/// # Errors
/// As the database has them.
pub async fn families(app: &App, scope: &Scope) -> Result<BTreeMap<ClientId, Vec<Family>>> {
    let mut titles: BTreeMap<String, Text> = BTreeMap::new();
    let mut families: BTreeMap<ClientId, Vec<Family>> = BTreeMap::new();
    for (client, slug) in repo::families(app.db.reader(), scope).await? {
        let title = match titles.get(&slug) {
            Some(title) => title.clone(),
            None => {
                let newest = crate::checklists::service::newest(app, scope.agency, &slug).await?;
                let title = newest
                    .map(|newest| newest.checklist.title.clone())
                    .unwrap_or_default();
                titles.insert(slug.clone(), title.clone());
                title
            }
        };
        families
            .entry(client)
            .or_default()
            .push(Family { slug, title });
    }
    Ok(families)
}

/// How many visits place a location of this client: the most that any of its campaigns with this checklist asks for.
///
/// # Errors
/// As the database has them.
pub async fn visits_min(
    db: &impl ConnectionTrait,
    scope: &Scope,
    client: ClientId,
    slug: &str,
) -> Result<u32> {
    let most = repo::visits_min(db, scope, client, slug).await?;
    Ok(most
        .and_then(|most| u32::try_from(most).ok())
        .unwrap_or(VISITS_MIN)
        .max(1))
}

/// A campaign to be made.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    pub client: ClientId,
    pub name: String,
    /// The version that its visits are filled in with.
    pub checklist: Sha256,
    /// Visits that a location needs for a place in the ranking.
    pub visits_min: u32,
    /// Both days belong to it.
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// For one visit, in minor units of `currency`.
    pub pay_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// What its shoppers read beside the checklist's own brief.
    pub brief: Option<String>,
}

impl NewCampaign {
    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::refused("/name", "has to say something"));
        }
        if self.visits_min == 0 {
            return Err(Error::refused("/visits_min", "is at least 1"));
        }
        if self.ends_on < self.starts_on {
            return Err(Error::refused("/ends_on", "lies before the start"));
        }
        if self.pay_minor < 0 {
            return Err(Error::refused("/pay_minor", "is not negative"));
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::refused("/currency", "write it as EUR"));
        }
        Ok(())
    }
}

/// Makes a campaign.
///
/// # Errors
/// [`Error::NotFound`] for a client that the scope does not reach; [`Error::Malformed`] for what a campaign cannot be.
pub async fn create(app: &App, scope: &Scope, new: NewCampaign) -> Result<campaign::Model> {
    new.check()?;
    let visits_min = i32::try_from(new.visits_min)
        .map_err(|_| Error::refused("/visits_min", "the number is too large"))?;
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let client = crate::clients::service::client(txn, &scope, new.client).await?;
            let version =
                crate::checklists::service::in_use(txn, scope.agency, new.checklist, "/checklist")
                    .await?;
            let row = campaign::ActiveModel {
                id: Set(CampaignId(app.clock.new_uuid())),
                agency_id: Set(scope.agency),
                client_id: Set(client.id),
                name: Set(new.name.trim().to_owned()),
                checklist_slug: Set(version.slug),
                checklist_sha256: Set(new.checklist),
                visits_min: Set(visits_min),
                starts_on: Set(new.starts_on.to_string()),
                ends_on: Set(new.ends_on.to_string()),
                pay_minor: Set(new.pay_minor),
                currency: Set(new.currency),
                brief: Set(new.brief),
            };
            let made = repo::insert(txn, row).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "campaign.create", &made.id, None).await?;
            Ok(made)
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> NewCampaign {
        NewCampaign {
            client: ClientId(uuid::Uuid::from_u128(1)),
            name: "Autumn".to_owned(),
            checklist: Sha256([0; 32]),
            visits_min: 3,
            starts_on: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
            ends_on: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
            pay_minor: 0,
            currency: "EUR".to_owned(),
            brief: None,
        }
    }

    #[test]
    fn a_campaign_of_one_day_without_pay_is_fine() {
        assert!(campaign().check().is_ok());
    }

    #[test]
    fn what_a_campaign_cannot_be_is_pointed_at() {
        let refused = [
            (
                NewCampaign {
                    name: " ".to_owned(),
                    ..campaign()
                },
                "/name",
            ),
            (
                NewCampaign {
                    visits_min: 0,
                    ..campaign()
                },
                "/visits_min",
            ),
            (
                NewCampaign {
                    ends_on: NaiveDate::MIN,
                    ..campaign()
                },
                "/ends_on",
            ),
            (
                NewCampaign {
                    pay_minor: -1,
                    ..campaign()
                },
                "/pay_minor",
            ),
            (
                NewCampaign {
                    currency: "eur".to_owned(),
                    ..campaign()
                },
                "/currency",
            ),
        ];
        for (new, pointer) in refused {
            let Err(Error::Malformed { errors, .. }) = new.check() else {
                panic!("{pointer} was not refused");
            };
            assert_eq!(errors[0].pointer, pointer);
        }
    }
}
