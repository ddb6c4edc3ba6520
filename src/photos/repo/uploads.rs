//! Uploads and their chunks, until those have moved to the objects. Not here: photos that are whole (`photos.rs`).

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::accounts::{Scope, ShopperScope};
use crate::db::DbError;
use crate::db::entities::{upload, upload_chunk};
use crate::domain::ids::{AgencyId, PersonId, Sha256};

fn mine(shopper: ShopperScope) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(upload::Column::AgencyId.eq(shopper.agency))
        .add(upload::Column::PersonId.eq(shopper.person))
}

pub async fn upload(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    sha256: Sha256,
) -> Result<Option<upload::Model>, DbError> {
    Ok(upload::Entity::find()
        .filter(mine(shopper))
        .filter(upload::Column::Sha256.eq(sha256))
        .one(db)
        .await?)
}

/// The same, its row locked until the transaction ends.
pub async fn lock_upload(
    txn: &DatabaseTransaction,
    shopper: ShopperScope,
    sha256: Sha256,
) -> Result<Option<upload::Model>, DbError> {
    Ok(upload::Entity::find()
        .filter(mine(shopper))
        .filter(upload::Column::Sha256.eq(sha256))
        .lock_exclusive()
        .one(txn)
        .await?)
}

pub async fn uploads(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    sha256s: &[Sha256],
) -> Result<Vec<upload::Model>, DbError> {
    if sha256s.is_empty() {
        return Ok(Vec::new());
    }
    Ok(upload::Entity::find()
        .filter(mine(shopper))
        .filter(upload::Column::Sha256.is_in(sha256s.iter().copied()))
        .all(db)
        .await?)
}

/// Whole uploads of these photos by the agency's shoppers: whose, and of what.
pub async fn delivered_by_anybody(
    db: &impl ConnectionTrait,
    scope: &Scope,
    names: &[Sha256],
) -> Result<Vec<(PersonId, Sha256)>, DbError> {
    Ok(upload::Entity::find()
        .select_only()
        .columns([upload::Column::PersonId, upload::Column::Sha256])
        .filter(upload::Column::AgencyId.eq(scope.agency))
        .filter(upload::Column::Sha256.is_in(names.iter().copied()))
        .filter(upload::Column::FinishedAtMs.is_not_null())
        .into_tuple()
        .all(db)
        .await?)
}

/// Begins an upload; one that was begun stays as it is.
pub async fn insert_upload(
    txn: &DatabaseTransaction,
    row: upload::ActiveModel,
) -> Result<(), DbError> {
    use upload::Column::{AgencyId, PersonId, Sha256};
    upload::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([AgencyId, PersonId, Sha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Appends a chunk, and writes the upload with what else has changed of it. Without bytes there is no chunk.
pub async fn append_chunk(
    txn: &DatabaseTransaction,
    upload: &mut upload::Model,
    bytes: Vec<u8>,
) -> Result<(), DbError> {
    use upload::Column::{ExpiresAtMs, FinishedAtMs, Id, OffsetBytes};
    let at = upload.offset_bytes;
    upload.offset_bytes += bytes.len() as i64;
    if !bytes.is_empty() {
        let row = upload_chunk::ActiveModel {
            upload_id: sea_orm::Set(upload.id),
            offset_bytes: sea_orm::Set(at),
            bytes: sea_orm::Set(bytes),
        };
        upload_chunk::Entity::insert(row)
            .exec_without_returning(txn)
            .await?;
    }
    upload::Entity::update_many()
        .col_expr(OffsetBytes, Expr::value(upload.offset_bytes))
        .col_expr(ExpiresAtMs, Expr::value(upload.expires_at_ms))
        .col_expr(FinishedAtMs, Expr::value(upload.finished_at_ms))
        .filter(Id.eq(upload.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// The bytes of an upload that have come, in order; empty once they have moved to the objects.
pub async fn chunks(db: &impl ConnectionTrait, upload: Uuid) -> Result<Vec<u8>, DbError> {
    let rows = upload_chunk::Entity::find()
        .filter(upload_chunk::Column::UploadId.eq(upload))
        .order_by_asc(upload_chunk::Column::OffsetBytes)
        .all(db)
        .await?;
    Ok(rows.into_iter().flat_map(|row| row.bytes).collect())
}

pub async fn delete_chunks(txn: &DatabaseTransaction, upload: Uuid) -> Result<(), DbError> {
    upload_chunk::Entity::delete_many()
        .filter(upload_chunk::Column::UploadId.eq(upload))
        .exec(txn)
        .await?;
    Ok(())
}

pub async fn delete_upload(txn: &DatabaseTransaction, upload: Uuid) -> Result<(), DbError> {
    delete_chunks(txn, upload).await?;
    upload::Entity::delete_by_id(upload).exec(txn).await?;
    Ok(())
}

/// Uploads that are not finished and whose time is over.
pub async fn expired(
    db: &impl ConnectionTrait,
    now_ms: i64,
    most: u64,
) -> Result<Vec<upload::Model>, DbError> {
    Ok(upload::Entity::find()
        .filter(upload::Column::FinishedAtMs.is_null())
        .filter(upload::Column::ExpiresAtMs.lte(now_ms))
        .order_by_asc(upload::Column::ExpiresAtMs)
        .limit(most)
        .all(db)
        .await?)
}

pub async fn upload_by_id(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<upload::Model>, DbError> {
    Ok(upload::Entity::find_by_id(id).one(db).await?)
}

/// Any finished upload of this content in the agency whose chunks may still be here.
pub async fn finished_uploads(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Vec<upload::Model>, DbError> {
    Ok(upload::Entity::find()
        .filter(upload::Column::AgencyId.eq(agency))
        .filter(upload::Column::Sha256.eq(sha256))
        .filter(upload::Column::FinishedAtMs.is_not_null())
        .all(db)
        .await?)
}
