//! The rows of photos: that they came, and where they are. Not here: what was read out of them (`likeness.rs`).

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::DbError;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};

/// Notes a photo; content that the agency has already stays as it is.
pub async fn insert_photo(
    txn: &DatabaseTransaction,
    row: photo::ActiveModel,
) -> Result<(), DbError> {
    use photo::Column::{AgencyId, Sha256};
    photo::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([AgencyId, Sha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Photos of an agency in the order of their digests, at most `most` of them, from behind `after` on.
pub async fn photos_after(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    after: Option<Sha256>,
    most: u64,
) -> Result<Vec<photo::Model>, DbError> {
    let mut photos = photo::Entity::find().filter(photo::Column::AgencyId.eq(agency));
    if let Some(after) = after {
        photos = photos.filter(photo::Column::Sha256.gt(after));
    }
    Ok(photos
        .order_by_asc(photo::Column::Sha256)
        .limit(most)
        .all(db)
        .await?)
}

/// How many objects all rows together say are there: evidence, and two renditions each.
pub async fn objects_due(db: &impl ConnectionTrait) -> Result<u64, DbError> {
    let photos = photo::Entity::find();
    let evidence = photos.clone().filter(photo::Column::InObjects.eq(true));
    let shown = photos.filter(photo::Column::HasRenditions.eq(true));
    Ok(evidence.count(db).await? + 2 * shown.count(db).await?)
}

pub async fn photo(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<photo::Model>, DbError> {
    Ok(photo::Entity::find_by_id((agency, sha256)).one(db).await?)
}

pub async fn set_in_objects(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<(), DbError> {
    photo::Entity::update_many()
        .col_expr(photo::Column::InObjects, Expr::value(true))
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.eq(sha256))
        .exec(txn)
        .await?;
    Ok(())
}

/// Those of these photos that cannot be decoded.
pub async fn not_shown(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    names: impl IntoIterator<Item = Sha256>,
) -> Result<HashSet<Sha256>, DbError> {
    let found: Vec<Sha256> = photo::Entity::find()
        .select_only()
        .column(photo::Column::Sha256)
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.is_in(names))
        .filter(photo::Column::RenditionError.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}
