//! Who did what, written in the transaction that did it. Never the work itself (that is the audit).
//!
//! Ids only: no names, no answers, nothing personal.

use std::fmt::Display;

use sea_orm::ActiveValue::NotSet;
use sea_orm::{DatabaseTransaction, EntityTrait as _, Set};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::journal;
use crate::domain::ids::{AgencyId, PersonId};

/// Notes that somebody at the desk did `action` (`visit.assign`) to `subject`.
///
/// # Errors
/// As the database has them.
pub async fn write(
    txn: &DatabaseTransaction,
    scope: &Scope,
    now_ms: i64,
    action: &str,
    subject: &impl Display,
    detail: Option<String>,
) -> Result<(), DbError> {
    append(
        txn,
        scope.agency,
        scope.person,
        now_ms,
        action,
        subject.to_string(),
        detail,
    )
    .await
}

/// The same for a shopper's phone.
///
/// # Errors
/// As the database has them.
pub async fn append(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    actor: PersonId,
    now_ms: i64,
    action: &str,
    subject: String,
    detail: Option<String>,
) -> Result<(), DbError> {
    let kind = action.split('.').next().unwrap_or(action);
    let row = journal::ActiveModel {
        number: NotSet,
        agency_id: Set(agency),
        happened_at_ms: Set(now_ms),
        actor_id: Set(Some(actor)),
        action: Set(action.to_owned()),
        subject_kind: Set(kind.to_owned()),
        subject_id: Set(subject),
        detail: Set(detail),
    };
    journal::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
