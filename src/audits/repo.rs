//! Submissions, audits and the photos that they name, in the database.

use std::collections::{BTreeMap, HashSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, TryInsertResult,
};

use crate::accounts::{Scope, ShopperScope};
use crate::db::DbError;
use crate::db::entities::{audit, audit_photo, submission};
use crate::domain::ids::{AgencyId, AuditId, PersonId, Sha256};

pub const PLACED: &str = "placed";
pub const QUARANTINED: &str = "quarantined";

/// A shopper's own submission of these very bytes.
pub async fn submission(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    audit: AuditId,
    sha256: Sha256,
) -> Result<Option<submission::Model>, DbError> {
    Ok(submission::Entity::find()
        .filter(submission::Column::PersonId.eq(shopper.person))
        .filter(submission::Column::AuditId.eq(audit))
        .filter(submission::Column::Sha256.eq(sha256))
        .one(db)
        .await?)
}

/// A submission without its bytes.
#[derive(Debug, FromQueryResult)]
pub struct Known {
    pub audit_id: AuditId,
    pub sha256: Sha256,
    pub outcome: String,
    pub receipt: String,
    pub received_at_ms: i64,
    pub settled_at_ms: Option<i64>,
    pub settled_outcome: Option<String>,
    pub settled_note: Option<String>,
    pub settled_audit_id: Option<AuditId>,
}

/// A shopper's own submissions of these very bytes, without the bytes.
pub async fn submissions(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    named: &[(AuditId, Sha256)],
) -> Result<Vec<Known>, DbError> {
    use submission::Column;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Known> = submission::Entity::find()
        .select_only()
        .columns([
            Column::AuditId,
            Column::Sha256,
            Column::Outcome,
            Column::Receipt,
            Column::ReceivedAtMs,
            Column::SettledAtMs,
            Column::SettledOutcome,
            Column::SettledNote,
            Column::SettledAuditId,
        ])
        .filter(Column::PersonId.eq(shopper.person))
        .filter(Column::AuditId.is_in(named.iter().map(|(audit, _)| *audit)))
        .into_model()
        .all(db)
        .await?;
    Ok(rows)
}

/// The submission that became a shopper's own audit, whether by itself or by a reviewer's hand.
pub async fn placed_submission(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    audit: AuditId,
) -> Result<Option<submission::Model>, DbError> {
    let found = audit::Entity::find_by_id(audit)
        .filter(audit::Column::AgencyId.eq(shopper.agency))
        .filter(audit::Column::ShopperId.eq(shopper.person))
        .one(db)
        .await?;
    match found {
        Some(audit) => Ok(Some(document(db, &audit).await?)),
        None => Ok(None),
    }
}

/// Keeps what came; `None` when these bytes are here already.
pub async fn insert_submission(
    txn: &DatabaseTransaction,
    row: submission::ActiveModel,
) -> Result<Option<i64>, DbError> {
    use submission::Column;
    let inserted = submission::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::PersonId, Column::AuditId, Column::Sha256])
                .do_nothing()
                .to_owned(),
        )
        .try_insert()
        .exec(txn)
        .await?;
    match inserted {
        TryInsertResult::Inserted(inserted) => Ok(Some(inserted.last_insert_id)),
        _ => Ok(None),
    }
}

/// Writes what became of a submission, with its receipt.
pub async fn settle_submission(
    txn: &DatabaseTransaction,
    number: i64,
    outcome: &str,
    reason: Option<&str>,
    errors: Option<String>,
    receipt: String,
) -> Result<(), DbError> {
    use submission::Column;
    submission::Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)))
        .col_expr(Column::Errors, Expr::value(errors))
        .col_expr(Column::Receipt, Expr::value(receipt))
        .filter(Column::Number.eq(number))
        .exec(txn)
        .await?;
    Ok(())
}

/// Inserts an audit; false when its id is taken.
pub async fn insert(txn: &DatabaseTransaction, row: audit::ActiveModel) -> Result<bool, DbError> {
    let inserted = audit::Entity::insert(row)
        .on_conflict(
            OnConflict::column(audit::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(inserted == 1)
}

pub async fn insert_photos(
    txn: &DatabaseTransaction,
    rows: Vec<audit_photo::ActiveModel>,
) -> Result<(), DbError> {
    if !rows.is_empty() {
        audit_photo::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Marks an audit as superseded by another.
pub async fn supersede(
    txn: &DatabaseTransaction,
    old: AuditId,
    new: AuditId,
) -> Result<(), DbError> {
    audit::Entity::update_many()
        .col_expr(audit::Column::State, Expr::value("superseded"))
        .col_expr(audit::Column::SupersededBy, Expr::value(new))
        .filter(audit::Column::Id.eq(old))
        .exec(txn)
        .await?;
    Ok(())
}

/// An audit that the scope reaches.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AuditId,
) -> Result<Option<audit::Model>, DbError> {
    Ok(audit::Entity::find_by_id(id)
        .filter(reached(scope))
        .one(db)
        .await?)
}

/// An audit of the agency, its row locked until the transaction ends.
pub async fn lock(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    id: AuditId,
) -> Result<Option<audit::Model>, DbError> {
    Ok(audit::Entity::find_by_id(id)
        .filter(audit::Column::AgencyId.eq(agency))
        .lock_exclusive()
        .one(txn)
        .await?)
}

fn reached(scope: &Scope) -> sea_orm::Condition {
    scope.rows(
        audit::Column::AgencyId,
        audit::Column::ClientId,
        audit::Column::LocationId,
    )
}

pub async fn photos(
    db: &impl ConnectionTrait,
    audit: AuditId,
) -> Result<Vec<audit_photo::Model>, DbError> {
    Ok(audit_photo::Entity::find()
        .filter(audit_photo::Column::AuditId.eq(audit))
        .order_by_asc(audit_photo::Column::Position)
        .all(db)
        .await?)
}

/// Audits that name a photo which this person delivers.
pub async fn naming_photo(
    txn: &DatabaseTransaction,
    person: PersonId,
    sha256: Sha256,
) -> Result<Vec<AuditId>, DbError> {
    let rows = audit_photo::Entity::find()
        .filter(audit_photo::Column::PersonId.eq(person))
        .filter(audit_photo::Column::Sha256.eq(sha256))
        .filter(audit_photo::Column::Stored.eq(false))
        .all(txn)
        .await?;
    let mut ids: Vec<AuditId> = rows.into_iter().map(|row| row.audit_id).collect();
    ids.sort();
    ids.dedup();
    Ok(ids)
}

pub async fn mark_stored(
    txn: &DatabaseTransaction,
    person: PersonId,
    sha256: Sha256,
) -> Result<(), DbError> {
    audit_photo::Entity::update_many()
        .col_expr(audit_photo::Column::Stored, Expr::value(true))
        .filter(audit_photo::Column::PersonId.eq(person))
        .filter(audit_photo::Column::Sha256.eq(sha256))
        .exec(txn)
        .await?;
    Ok(())
}

/// Writes which of an audit's photos are here.
pub async fn set_stored(
    txn: &DatabaseTransaction,
    audit: AuditId,
    here: &HashSet<Sha256>,
) -> Result<(), DbError> {
    for (stored, named) in [
        (
            true,
            audit_photo::Column::Sha256.is_in(here.iter().copied()),
        ),
        (
            false,
            audit_photo::Column::Sha256.is_not_in(here.iter().copied()),
        ),
    ] {
        audit_photo::Entity::update_many()
            .col_expr(audit_photo::Column::Stored, Expr::value(stored))
            .filter(audit_photo::Column::AuditId.eq(audit))
            .filter(named)
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Writes how many of an audit's photos are here.
pub async fn set_photo_counts(
    txn: &DatabaseTransaction,
    id: AuditId,
    stored: i32,
    complete: bool,
) -> Result<(), DbError> {
    audit::Entity::update_many()
        .col_expr(audit::Column::PhotosStored, Expr::value(stored))
        .col_expr(audit::Column::Complete, Expr::value(complete))
        .filter(audit::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// The document of an audit, as it came.
pub async fn document(
    db: &impl ConnectionTrait,
    audit: &audit::Model,
) -> Result<submission::Model, DbError> {
    submission::Entity::find_by_id(audit.submission_number)
        .one(db)
        .await?
        .ok_or_else(|| DbError::Corrupt(format!("the document of audit {} is gone", audit.id)))
}

/// Audits, each with its document as it came.
pub async fn with_documents(
    db: &impl ConnectionTrait,
    audits: Vec<audit::Model>,
) -> Result<Vec<(audit::Model, Option<submission::Model>)>, DbError> {
    let numbers = audits.iter().map(|audit| audit.submission_number);
    let rows = submission::Entity::find()
        .filter(submission::Column::Number.is_in(numbers))
        .all(db)
        .await?;
    let mut documents: BTreeMap<i64, submission::Model> =
        rows.into_iter().map(|row| (row.number, row)).collect();
    Ok(audits
        .into_iter()
        .map(|audit| {
            let document = documents.remove(&audit.submission_number);
            (audit, document)
        })
        .collect())
}
