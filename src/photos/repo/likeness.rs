//! What was read out of photos, and the index that near ones are found by. Not here: when two are alike
//! (`domain/photo/likeness.rs`).

use std::collections::{BTreeMap, BTreeSet};

use plainclothes_likeness::{self as features, Feature};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use crate::db::DbError;
use crate::db::entities::{photo, photo_band, photo_feature};
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::likeness::{FinePrint, Fingerprint};

/// Rows that a look for near photos reads at most: a thousand among a million photos that differ as photos do.
const CANDIDATES_MAX: u64 = 20_000;

/// Photos that are asked for by one feature: what stands in half of all photos says nothing about two of them.
const HAVING_MAX: u64 = 2_000;

/// By what near photos are found.
#[derive(Debug)]
pub struct Marks {
    /// Of a photo that is not flat.
    pub prints: Option<(Fingerprint, FinePrint)>,
    pub features: Vec<Feature>,
}

/// What came of reading a photo.
#[derive(Debug)]
pub struct Examined {
    /// What its camera wrote, as JSON.
    pub camera: String,
    /// What it is found by, or why there are no renditions.
    pub decoded: Result<Marks, String>,
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
        AgencyId, Examination, Exif, Features, FinePrint, Fingerprint, HasRenditions,
        RenditionError, Sha256,
    };
    let has = examined.decoded.is_ok();
    let (marks, error) = match examined.decoded {
        Ok(marks) => (Some(marks), None),
        Err(error) => (None, Some(error)),
    };
    let (prints, features) = marks.map_or((None, Vec::new()), |all| (all.prints, all.features));
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
        .col_expr(Features, Expr::value(features::to_column(&features)))
        .filter(AgencyId.eq(agency))
        .filter(Sha256.eq(sha256))
        .exec(txn)
        .await?;
    insert_features(txn, agency, sha256, &features).await?;
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

async fn insert_features(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    features: &[Feature],
) -> Result<(), DbError> {
    use photo_feature::Column;
    let keys: BTreeSet<i64> = features.iter().map(Feature::key).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let rows = keys.into_iter().map(|key| photo_feature::ActiveModel {
        agency_id: Set(agency),
        feature_key: Set(key),
        sha256: Set(sha256),
    });
    photo_feature::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([Column::AgencyId, Column::FeatureKey, Column::Sha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Photos that have a feature under one of these keys, with the key.
pub async fn having(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    keys: impl IntoIterator<Item = i64>,
) -> Result<Vec<(Sha256, i64)>, DbError> {
    use photo_feature::Column;
    Ok(photo_feature::Entity::find()
        .select_only()
        .columns([Column::Sha256, Column::FeatureKey])
        .filter(Column::AgencyId.eq(agency))
        .filter(Column::FeatureKey.is_in(keys))
        .limit(HAVING_MAX)
        .into_tuple()
        .all(db)
        .await?)
}

/// The features of these photos.
pub async fn features(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    names: impl IntoIterator<Item = Sha256>,
) -> Result<BTreeMap<Sha256, Vec<Feature>>, DbError> {
    read_of(db, agency, photo::Column::Features, names, |column| {
        features::from_column(column)
    })
    .await
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
    read_of(db, agency, photo::Column::FinePrint, names, |column| {
        FinePrint::from_column(column)
    })
    .await
}

/// What `read` makes of a column of these photos; those of which it makes nothing are left out.
async fn read_of<T>(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    column: photo::Column,
    names: impl IntoIterator<Item = Sha256>,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<BTreeMap<Sha256, T>, DbError> {
    let rows: Vec<(Sha256, Option<Vec<u8>>)> = photo::Entity::find()
        .select_only()
        .columns([photo::Column::Sha256, column])
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.is_in(names))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(sha256, column)| Some((sha256, read(&column?)?)))
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
        .filter(Expr::cust("examination < 2"))
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
