//! Checklist versions and their pictures in the database. What they say is inserted and read, never changed; only whether
//! a version is in use does.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use crate::db::DbError;
use crate::db::entities::{checklist_picture, checklist_version};
use crate::domain::ids::{AgencyId, Sha256};

pub async fn find(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find_by_id((agency, sha256))
        .one(db)
        .await?)
}

/// The same, kept from being retired until the transaction ends.
pub async fn find_shared(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find_by_id((agency, sha256))
        .lock_shared()
        .one(txn)
        .await?)
}

/// The same for whoever retires it: waits for those who are just about to use it, and they for this.
pub async fn lock(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find_by_id((agency, sha256))
        .lock_exclusive()
        .one(txn)
        .await?)
}

pub async fn newest(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    slug: &str,
) -> Result<Option<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find()
        .filter(checklist_version::Column::AgencyId.eq(agency))
        .filter(checklist_version::Column::Slug.eq(slug))
        .order_by_desc(checklist_version::Column::Version)
        .one(db)
        .await?)
}

/// Inserts a version; the same content again changes nothing.
pub async fn insert(
    txn: &DatabaseTransaction,
    row: checklist_version::ActiveModel,
) -> Result<(), DbError> {
    use checklist_version::Column::{AgencyId, Sha256};
    checklist_version::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([AgencyId, Sha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Every version of the agency: by slug, the newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    agency: AgencyId,
) -> Result<Vec<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find()
        .filter(checklist_version::Column::AgencyId.eq(agency))
        .order_by_asc(checklist_version::Column::Slug)
        .order_by_desc(checklist_version::Column::Version)
        .all(db)
        .await?)
}

pub async fn by_number(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    slug: &str,
    version: i32,
) -> Result<Option<checklist_version::Model>, DbError> {
    Ok(checklist_version::Entity::find()
        .filter(checklist_version::Column::AgencyId.eq(agency))
        .filter(checklist_version::Column::Slug.eq(slug))
        .filter(checklist_version::Column::Version.eq(version))
        .one(db)
        .await?)
}

/// Takes a version out of use (`Some`), or back into it.
pub async fn set_retired(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    retired_at_ms: Option<i64>,
) -> Result<(), DbError> {
    use checklist_version::Column;
    checklist_version::Entity::update_many()
        .col_expr(Column::RetiredAtMs, Expr::value(retired_at_ms))
        .filter(Column::AgencyId.eq(agency))
        .filter(Column::Sha256.eq(sha256))
        .exec(txn)
        .await?;
    Ok(())
}

pub async fn picture(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<checklist_picture::Model>, DbError> {
    Ok(checklist_picture::Entity::find_by_id((agency, sha256))
        .one(db)
        .await?)
}

/// Which of these pictures the agency has.
pub async fn pictures_here(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    wanted: &[Sha256],
) -> Result<Vec<Sha256>, DbError> {
    Ok(checklist_picture::Entity::find()
        .select_only()
        .column(checklist_picture::Column::Sha256)
        .filter(checklist_picture::Column::AgencyId.eq(agency))
        .filter(checklist_picture::Column::Sha256.is_in(wanted.iter().copied()))
        .into_tuple()
        .all(db)
        .await?)
}

/// Keeps a picture; the same bytes again change nothing.
pub async fn insert_picture(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    media_type: String,
    bytes: Vec<u8>,
) -> Result<(), DbError> {
    use checklist_picture::Column;
    let row = checklist_picture::ActiveModel {
        agency_id: Set(agency),
        sha256: Set(sha256),
        media_type: Set(media_type),
        bytes: Set(bytes),
    };
    checklist_picture::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::AgencyId, Column::Sha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
