//! Two visits that belong together: the purchase, and days later the return.
//!
//! Not here: what the second leg's recovery score is made of (`domain/scoring`).

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::repo;
use super::service::{LOCAL_FORMAT, NewVisit};
use crate::accounts::Scope;
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::visit;
use crate::domain::ids::{Sha256, VisitId};
use crate::domain::legs::{First, fits};
use crate::domain::visit::VisitState;
use crate::error::{Error, Result};

/// The first leg, as the shopper of the second one is told of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FirstLeg {
    pub visit: VisitId,
    /// The title of its checklist.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub title: serde_json::Value,
    pub local_opens: String,
    pub location_name: String,
}

/// Whether the new visit may be the second leg of what it `follows`.
///
/// # Errors
/// [`Error::Malformed`] with what does not go together.
pub async fn check(
    txn: &DatabaseTransaction,
    app: &App,
    scope: &Scope,
    new: &NewVisit,
    checklist: Sha256,
) -> Result<()> {
    let refused = |message: String| Err(Error::refused("/follows", message));
    let version = crate::checklists::service::compiled_within(txn, app, scope.agency, checklist)
        .await?
        .ok_or(Error::NotFound)?;
    let (follows, first) = match (&version.checklist.follows, new.follows) {
        (None, None) => return Ok(()),
        (None, Some(_)) => {
            return refused("this checklist is no second leg; leave `follows` out".to_owned());
        }
        (Some(follows), None) => {
            return refused(format!(
                "this checklist is the second leg of {}: name the visit that came before",
                follows.checklist
            ));
        }
        (Some(follows), Some(first)) => (follows, first),
    };
    let Some(first) = repo::find(txn, scope, first).await? else {
        return refused("no such visit".to_owned());
    };
    let before =
        crate::checklists::service::title(txn, app, scope.agency, first.checklist_sha256).await?;
    let facts = First {
        checklist: &before.slug,
        at_same_location: first.location_id == new.location,
        withdrawn: first.state == VisitState::Withdrawn.as_str(),
        days_before: days_between(&first, new)?,
    };
    fits(follows, facts).or_else(|misfit| refused(misfit.to_string()))
}

/// Days from the opening of the first leg's window to the second's, both in the time of their one location.
fn days_between(first: &visit::Model, second: &NewVisit) -> Result<i64> {
    let opened = chrono::NaiveDateTime::parse_from_str(&first.local_opens, LOCAL_FORMAT)
        .map_err(|error| Error::Internal(format!("visit {}: {error}", first.id)))?;
    Ok((second.local_opens.date() - opened.date()).num_days())
}

/// What the second leg's phone is told of the first, which was to the same location.
///
/// # Errors
/// As the database has them.
pub async fn first_leg(
    txn: &DatabaseTransaction,
    app: &App,
    visit: &visit::Model,
    location_name: &str,
) -> Result<Option<FirstLeg>> {
    let Some(id) = visit.follows_visit_id else {
        return Ok(None);
    };
    let Some(first) = repo::of_agency(txn, visit.agency_id, id).await? else {
        return Ok(None);
    };
    let checklist =
        crate::checklists::service::title(txn, app, first.agency_id, first.checklist_sha256)
            .await?;
    Ok(Some(FirstLeg {
        visit: id,
        title: checklist.title,
        local_opens: first.local_opens,
        location_name: location_name.to_owned(),
    }))
}

/// The visits that belong to this one: the first leg before it (`true`), the second after it.
///
/// # Errors
/// As the database has them.
pub async fn others(
    db: &impl ConnectionTrait,
    scope: &Scope,
    visit: &visit::Model,
) -> Result<Vec<(bool, visit::Model)>, DbError> {
    let mut others = Vec::new();
    if let Some(first) = visit.follows_visit_id {
        let first = repo::find(db, scope, first).await?;
        others.extend(first.map(|first| (true, first)));
    }
    let second = repo::second_leg(db, scope, visit.id).await?;
    others.extend(second.map(|second| (false, second)));
    Ok(others)
}
