//! What was read out of photos, and the index that near ones are found by. Not here: when two are alike
//! (`domain/photo/likeness.rs`).

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use crate::db::DbError;
use crate::db::entities::{photo, photo_band};
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::likeness::{FinePrint, Fingerprint};

/// Rows that a look for near photos reads at most: a thousand among a million photos that differ as photos do.
const CANDIDATES_MAX: u64 = 20_000;

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
