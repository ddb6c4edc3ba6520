//! The right answers to trap questions, kept for a campaign or for one of its locations, and never sent to a phone.
//!
//! Not here: what an audit that missed one is told (it is told nothing; its reviewer sees it).

use sea_orm::{ConnectionTrait, Set};

use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::trap_key;
use crate::domain::answer::{Answer, Given, Value, given};
use crate::domain::audit::TrapKey;
use crate::domain::ids::{CampaignId, LocationId};
use crate::error::{Error, Result};
use crate::journal;

/// Keys of one campaign; more than that is a mistake.
const KEYS_MAX: usize = 5_000;

/// A right answer, everywhere or at one location.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub location: Option<LocationId>,
    pub question: String,
    pub answer: Value,
}

/// All keys of a campaign.
///
/// # Errors
/// [`Error::NotFound`] for a campaign out of reach.
pub async fn list(app: &App, scope: &Scope, id: CampaignId) -> Result<Vec<Key>> {
    let db = app.db.reader();
    repo::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    repo::trap_keys(db, id)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Key {
                location: row.location_id,
                answer: read(&row.answer)?,
                question: row.question_id,
            })
        })
        .collect()
}

/// Replaces all keys of a campaign.
///
/// # Errors
/// [`Error::NotFound`] for a campaign out of reach; [`Error::Malformed`] for a question that is no trap in any version of the
/// campaign, an answer that it cannot have, a location of another client, and two keys for the same place.
pub async fn replace(app: &App, scope: &Scope, id: CampaignId, keys: Vec<Key>) -> Result<()> {
    if keys.len() > KEYS_MAX {
        let message = format!("{} keys are too many; {KEYS_MAX} are allowed", keys.len());
        return Err(Error::refused("/keys", message));
    }
    let campaign = repo::find(app.db.reader(), scope, id)
        .await?
        .ok_or(Error::NotFound)?;
    let mut versions = Vec::new();
    for step in super::versions::steps(app.db.reader(), &campaign).await? {
        let version = crate::checklists::service::compiled(app, scope.agency, step.sha256).await?;
        versions.extend(version);
    }
    for (index, key) in keys.iter().enumerate() {
        let at = |member: &str| format!("/keys/{index}/{member}");
        let mut traps = versions
            .iter()
            .filter_map(|version| version.checklist.question(&key.question))
            .filter(|question| question.trap)
            .peekable();
        if traps.peek().is_none() {
            let message = format!("`{}` is no trap in this campaign's checklist", key.question);
            return Err(Error::refused(&at("question"), message));
        }
        let answer = Answer {
            value: Some(key.answer.clone()),
            ..Answer::default()
        };
        if !traps.any(|question| matches!(given(question, Some(&answer)), Given::Value(_))) {
            let message = format!("`{}` cannot be answered so", key.question);
            return Err(Error::refused(&at("answer"), message));
        }
        let place = |key: &Key| (key.location, key.question.clone());
        if keys[..index]
            .iter()
            .any(|earlier| place(earlier) == place(key))
        {
            return Err(Error::refused(
                &at("question"),
                "there is a key for this already",
            ));
        }
    }
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let places: Vec<LocationId> = keys.iter().filter_map(|key| key.location).collect();
            let located = crate::clients::service::locations_by_id(txn, &scope, places).await?;
            let mut rows = Vec::with_capacity(keys.len());
            for (index, key) in keys.into_iter().enumerate() {
                if let Some(location) = key.location {
                    let found = located.get(&location).ok_or(Error::NotFound)?;
                    if found.location.client_id != campaign.client_id {
                        let pointer = format!("/keys/{index}/location");
                        return Err(Error::refused(&pointer, "belongs to another client"));
                    }
                }
                rows.push(trap_key::ActiveModel {
                    id: Set(app.clock.new_uuid()),
                    agency_id: Set(scope.agency),
                    campaign_id: Set(id),
                    location_id: Set(key.location),
                    question_id: Set(key.question),
                    answer: Set(serde_json::to_string(&key.answer)
                        .map_err(|error| Error::Internal(error.to_string()))?),
                });
            }
            repo::replace_trap_keys(txn, id, rows).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "campaign.traps", &id, None).await?;
            Ok(())
        })
    })
    .await
}

/// The keys that hold at a location: its own, then those of the whole campaign.
///
/// # Errors
/// As the database has them.
pub async fn at_location(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
    location: LocationId,
) -> Result<Vec<TrapKey>> {
    let mut rows = repo::trap_keys(db, campaign).await?;
    rows.retain(|row| row.location_id.is_none_or(|at| at == location));
    rows.sort_by_key(|row| (row.question_id.clone(), row.location_id.is_none()));
    rows.dedup_by(|later, earlier| later.question_id == earlier.question_id);
    rows.into_iter()
        .map(|row| {
            Ok(TrapKey {
                answer: read(&row.answer)?,
                question: row.question_id,
            })
        })
        .collect()
}

fn read(json: &str) -> Result<Value> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("a trap's key: {error}")))
}
