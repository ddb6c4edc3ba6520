//! Checklist versions in the database. They are inserted and read, never changed.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::db::DbError;
use crate::db::entities::checklist_version;
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
