//! An audit is complete when every photo that it names has come or has been waived.
//!
//! Audit and photos may come in either order, and their transactions may overlap. Both first take the lock on the
//! person who sends them, so neither can miss the other.

use sea_orm::DatabaseTransaction;

use super::repo;
use crate::db::DbError;
use crate::domain::ids::{AuditId, PersonId, Sha256};

/// A person's photo is wholly here: marks it in every audit that names it, and counts those anew.
///
/// # Errors
/// As the database has them.
pub async fn photo_arrived(
    txn: &DatabaseTransaction,
    person: PersonId,
    sha256: Sha256,
) -> Result<(), DbError> {
    let audits = repo::naming_photo(txn, person, sha256).await?;
    repo::mark_stored(txn, person, sha256).await?;
    for audit in audits {
        recount(txn, audit).await?;
    }
    Ok(())
}

/// Counts an audit's photos anew; returns whether it is complete.
///
/// # Errors
/// As the database has them.
pub async fn recount(txn: &DatabaseTransaction, audit: AuditId) -> Result<bool, DbError> {
    let photos = repo::photos(txn, audit).await?;
    let stored = photos.iter().filter(|photo| photo.stored).count();
    let complete = photos
        .iter()
        .all(|photo| photo.stored || photo.waived_reason.is_some());
    let stored = i32::try_from(stored).unwrap_or(i32::MAX);
    repo::set_photo_counts(txn, audit, stored, complete).await?;
    Ok(complete)
}
