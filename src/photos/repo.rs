//! Uploads, their chunks and the photos in the database. Uploads are a shopper's own; photos are the agency's.

use std::collections::{BTreeMap, HashSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use uuid::Uuid;

use crate::accounts::{Scope, ShopperScope};
use crate::db::DbError;
use crate::db::entities::{photo, photo_band, upload, upload_chunk};
use crate::domain::ids::{AgencyId, PersonId, Sha256};
use crate::domain::photo::likeness::{FinePrint, Fingerprint};

/// Rows that a look for near photos reads at most: a thousand among a million photos that differ as photos do.
const CANDIDATES_MAX: u64 = 20_000;

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

/// What came of reading a photo.
#[derive(Debug)]
pub struct Examined {
    /// What its camera wrote, as JSON.
    pub camera: String,
    /// Its fingerprints, if it is not flat; or why there are no renditions.
    pub decoded: Result<Option<(Fingerprint, FinePrint)>, String>,
    pub examination: i32,
}

/// Writes what came of reading a photo, and puts its fingerprint where near ones are found.
pub async fn set_examined(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    examined: Examined,
) -> Result<(), DbError> {
    use photo::Column::{
        AgencyId, Examination, Exif, FinePrint, Fingerprint, HasRenditions, RenditionError, Sha256,
    };
    let has = examined.decoded.is_ok();
    let (prints, error) = match examined.decoded {
        Ok(prints) => (prints, None),
        Err(error) => (None, Some(error)),
    };
    let (fingerprint, fine) = prints.unzip();
    photo::Entity::update_many()
        .col_expr(HasRenditions, Expr::value(has))
        .col_expr(Exif, Expr::value(examined.camera))
        .col_expr(RenditionError, Expr::value(error))
        .col_expr(Examination, Expr::value(examined.examination))
        .col_expr(
            Fingerprint,
            Expr::value(fingerprint.map(|one| one.to_column())),
        )
        .col_expr(FinePrint, Expr::value(fine.map(|one| one.to_column())))
        .filter(AgencyId.eq(agency))
        .filter(Sha256.eq(sha256))
        .exec(txn)
        .await?;
    let Some(fingerprint) = fingerprint else {
        return Ok(());
    };
    let rows = fingerprint.keys().map(|key| photo_band::ActiveModel {
        agency_id: Set(agency),
        band_key: Set(key),
        fingerprint: Set(fingerprint.to_column()),
        sha256: Set(sha256),
    });
    photo_band::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                photo_band::Column::AgencyId,
                photo_band::Column::BandKey,
                photo_band::Column::Fingerprint,
                photo_band::Column::Sha256,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Photos that share a key with `fingerprint`, most of them by chance; one may come several times.
pub async fn near(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    fingerprint: Fingerprint,
) -> Result<Vec<(Sha256, Fingerprint)>, DbError> {
    let rows: Vec<(Sha256, i64)> = photo_band::Entity::find()
        .select_only()
        .columns([photo_band::Column::Sha256, photo_band::Column::Fingerprint])
        .filter(photo_band::Column::AgencyId.eq(agency))
        .filter(photo_band::Column::BandKey.is_in(fingerprint.probes()))
        .limit(CANDIDATES_MAX)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(sha256, column)| (sha256, Fingerprint::from_column(column)))
        .collect())
}

/// The fine prints of these photos.
pub async fn fine_prints(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    names: impl IntoIterator<Item = Sha256>,
) -> Result<BTreeMap<Sha256, FinePrint>, DbError> {
    let rows: Vec<(Sha256, Option<Vec<u8>>)> = photo::Entity::find()
        .select_only()
        .columns([photo::Column::Sha256, photo::Column::FinePrint])
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.is_in(names))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(sha256, column)| Some((sha256, FinePrint::from_column(&column?)?)))
        .collect())
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

/// Photos whose renditions were made, or cannot be, before there was more to read of them; latest first.
pub async fn unexamined(
    db: &impl ConnectionTrait,
    most: u64,
) -> Result<Vec<(AgencyId, Sha256)>, DbError> {
    Ok(photo::Entity::find()
        .select_only()
        .columns([photo::Column::AgencyId, photo::Column::Sha256])
        // in the words of the index, which holds only such rows
        .filter(Expr::cust("examination = 0"))
        .filter(
            sea_orm::Condition::any()
                .add(photo::Column::HasRenditions.eq(true))
                .add(photo::Column::RenditionError.is_not_null()),
        )
        .order_by_desc(photo::Column::ReceivedAtMs)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?)
}

/// The same as [`photo`], its row locked until the transaction ends.
pub async fn lock_photo(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<photo::Model>, DbError> {
    Ok(photo::Entity::find_by_id((agency, sha256))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Writes what is to be covered from now on; `redactions` as JSON.
pub async fn set_redactions(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    redactions: String,
    version: i32,
) -> Result<(), DbError> {
    photo::Entity::update_many()
        .col_expr(photo::Column::Redactions, Expr::value(redactions))
        .col_expr(photo::Column::RedactionVersion, Expr::value(version))
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.eq(sha256))
        .exec(txn)
        .await?;
    Ok(())
}
