//! An upload from its first byte to its last. A chunk is acknowledged when it is committed.
//!
//! Not here: tus' headers (`tus.rs`), and what happens to a photo once it is whole (`jobs.rs`).

use bytes::Bytes;
use sea_orm::{DatabaseTransaction, Set};

use super::jobs::MovePhoto;
use super::repo;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::config::Limits;
use crate::db::DbError;
use crate::db::entities::{photo, upload};
use crate::domain::ids::Sha256;
use crate::domain::photo::{PhotoFacts, PhotoLimits, PhotoRefusal, sniff};
use crate::error::{Error, Limit, Result};

/// An upload that nobody went on with for so long is forgotten.
const EXPIRES_AFTER_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Whether an upload is as good as gone, although housekeeping has not come to it yet.
pub(super) fn has_expired(upload: &upload::Model, now_ms: i64) -> bool {
    upload.finished_at_ms.is_none() && upload.expires_at_ms <= now_ms
}

/// Begins an upload, or finds the one that was begun. `metadata` is given back as it came.
///
/// # Errors
/// [`Error::TooLarge`] beyond `photo_bytes_max`; [`Error::Malformed`] for another length than it was begun with.
pub async fn begin(
    app: &App,
    shopper: ShopperScope,
    sha256: Sha256,
    length_bytes: u64,
    metadata: Option<String>,
) -> Result<upload::Model> {
    let most = app.config.limits.photo_bytes_max;
    if length_bytes > most {
        return Err(too_many_bytes(most));
    }
    refuse_without_room(app)?;
    let now_ms = app.clock.now_ms();
    let row = upload::ActiveModel {
        id: Set(app.clock.new_uuid()),
        agency_id: Set(shopper.agency),
        person_id: Set(shopper.person),
        sha256: Set(sha256),
        length_bytes: Set(length_bytes as i64),
        offset_bytes: Set(0),
        created_at_ms: Set(now_ms),
        expires_at_ms: Set(now_ms + EXPIRES_AFTER_MS),
        finished_at_ms: Set(None),
        metadata: Set(metadata),
    };
    let begun = app
        .db
        .write(move |txn| {
            Box::pin(async move {
                if let Some(old) = repo::lock_upload(txn, shopper, sha256).await?
                    && has_expired(&old, now_ms)
                {
                    repo::delete_upload(txn, old.id).await?;
                }
                repo::insert_upload(txn, row).await?;
                repo::upload(txn, shopper, sha256)
                    .await?
                    .ok_or_else(|| Error::Internal("an upload vanished".to_owned()))
            })
        })
        .await?;
    if begun.length_bytes != length_bytes as i64 {
        let known = begun.length_bytes;
        return Err(Error::malformed(format!(
            "this photo was begun with Upload-Length {known}; end it with DELETE to begin anew"
        )));
    }
    Ok(begun)
}

/// The last of a disk is for audits.
fn refuse_without_room(app: &App) -> Result<()> {
    if app.room.is_there() {
        return Ok(());
    }
    let why = "less than disk_free_bytes_min is free".to_owned();
    Err(Error::Db(DbError::Full(why)))
}

fn too_many_bytes(most: u64) -> Error {
    Error::TooLarge(Limit {
        name: "photo_bytes_max",
        value: most,
        unit: "bytes",
    })
}

/// Where an upload stands. One that has all its bytes but was not concluded (its last answer was lost in the middle of
/// things) is concluded now.
///
/// # Errors
/// [`Error::NotFound`] before it was begun; whatever concluding it says.
pub async fn stand(app: &App, shopper: ShopperScope, sha256: Sha256) -> Result<upload::Model> {
    let found = repo::upload(app.db.reader(), shopper, sha256)
        .await?
        .filter(|upload| !has_expired(upload, app.clock.now_ms()))
        .ok_or(Error::NotFound)?;
    if found.finished_at_ms.is_none() && found.offset_bytes == found.length_bytes {
        let offset_bytes = found.offset_bytes as u64;
        return append(app, shopper, sha256, offset_bytes, Bytes::new()).await;
    }
    Ok(found)
}

/// Appends `bytes` at `offset_bytes` and returns where the upload stands then; the last chunk concludes the upload.
///
/// # Errors
/// [`Error::NotFound`], [`Error::OffsetMismatch`], [`Error::TooLarge`]; at the end [`Error::PhotoDigestMismatch`] or
/// [`Error::NotAPhoto`], after which the upload has to be begun anew.
pub async fn append(
    app: &App,
    shopper: ShopperScope,
    sha256: Sha256,
    offset_bytes: u64,
    bytes: Bytes,
) -> Result<upload::Model> {
    if !bytes.is_empty() {
        refuse_without_room(app)?;
    }
    loop {
        let whole = whole_with(app, shopper, sha256, offset_bytes, bytes.clone()).await?;
        let (inner, bytes) = (app.clone(), bytes.clone());
        let appended = app
            .db
            .write(move |txn| {
                Box::pin(async move {
                    let upload = repo::lock_upload(txn, shopper, sha256)
                        .await?
                        .filter(|upload| !has_expired(upload, inner.clock.now_ms()))
                        .ok_or(Error::NotFound)?;
                    append_locked(txn, &inner, shopper, upload, offset_bytes, bytes, whole).await
                })
            })
            .await?;
        match appended {
            Appended::Stands(upload) => {
                app.jobs.wake();
                return Ok(upload);
            }
            Appended::Refused(refusal) => return Err(refusal),
            Appended::LookAgain => {}
        }
    }
}

/// What came of a chunk. All but `LookAgain` are answers that commit.
enum Appended {
    Stands(upload::Model),
    /// The whole is not what it should be, and is forgotten.
    Refused(Error),
    /// These bytes are the last ones, which was not so when we looked.
    LookAgain,
}

/// A photo with all its bytes, examined before the transaction: hashing megabytes would hold up everybody else's writes.
/// What is examined here cannot change: a chunk that is committed stays as it is.
struct Whole {
    upload: uuid::Uuid,
    examined: Result<PhotoFacts>,
}

/// The photo that `bytes` would complete, if they would.
async fn whole_with(
    app: &App,
    shopper: ShopperScope,
    sha256: Sha256,
    offset_bytes: u64,
    bytes: Bytes,
) -> Result<Option<Whole>> {
    let reader = app.db.reader();
    // What a phone says may be any number.
    let reached = offset_bytes.saturating_add(bytes.len() as u64);
    let Some(upload) = repo::upload(reader, shopper, sha256)
        .await?
        .filter(|upload| upload.finished_at_ms.is_none())
        .filter(|upload| upload.offset_bytes as u64 == offset_bytes)
        .filter(|upload| upload.length_bytes as u64 == reached)
    else {
        return Ok(None);
    };
    let mut all = match offset_bytes {
        0 => Vec::new(),
        _ => repo::chunks(reader, upload.id).await?,
    };
    let limits = app.config.limits.clone();
    let examined = tokio::task::spawn_blocking(move || {
        all.extend_from_slice(&bytes);
        examine(&limits, sha256, &all)
    });
    Ok(Some(Whole {
        upload: upload.id,
        examined: examined
            .await
            .map_err(|error| Error::Internal(error.to_string()))?,
    }))
}

async fn append_locked(
    txn: &DatabaseTransaction,
    app: &App,
    shopper: ShopperScope,
    mut upload: upload::Model,
    offset_bytes: u64,
    bytes: Bytes,
    whole: Option<Whole>,
) -> Result<Appended> {
    let at = upload.offset_bytes as u64;
    if at != offset_bytes {
        return Err(Error::OffsetMismatch { offset_bytes: at });
    }
    let reached = at + bytes.len() as u64;
    let length = upload.length_bytes as u64;
    if reached > length {
        return Err(Error::malformed(format!(
            "{reached} bytes are more than the Upload-Length of {length}"
        )));
    }
    if upload.finished_at_ms.is_some() {
        return Ok(Appended::Stands(upload));
    }
    let facts = match whole {
        Some(whole) if whole.upload == upload.id && reached == length => match whole.examined {
            Ok(facts) => Some(facts),
            Err(refusal) => {
                repo::delete_upload(txn, upload.id).await?;
                return Ok(Appended::Refused(refusal));
            }
        },
        _ if reached == length => return Ok(Appended::LookAgain),
        _ => None,
    };
    let now_ms = app.clock.now_ms();
    upload.expires_at_ms = now_ms + EXPIRES_AFTER_MS;
    upload.finished_at_ms = facts.map(|_| now_ms);
    repo::append_chunk(txn, &mut upload, bytes.into()).await?;
    if let Some(facts) = facts {
        conclude(txn, app, shopper, &upload, &facts).await?;
    }
    Ok(Appended::Stands(upload))
}

/// Whether the bytes are what their name says, and a photo within the limits.
fn examine(limits: &Limits, sha256: Sha256, whole: &[u8]) -> Result<PhotoFacts> {
    let actual = Sha256::of(whole);
    if actual != sha256 {
        return Err(Error::PhotoDigestMismatch {
            actual: actual.to_string(),
        });
    }
    let limits = PhotoLimits {
        photo_bytes_max: limits.photo_bytes_max,
        photo_pixels_max: limits.photo_pixels_max,
    };
    sniff(whole, &limits).map_err(|refusal| match refusal {
        PhotoRefusal::TooManyPixels { .. } => Error::TooLarge(Limit {
            name: "photo_pixels_max",
            value: limits.photo_pixels_max,
            unit: "pixels",
        }),
        PhotoRefusal::TooLarge { .. } => too_many_bytes(limits.photo_bytes_max),
        other => Error::NotAPhoto(other.to_string()),
    })
}

async fn conclude(
    txn: &DatabaseTransaction,
    app: &App,
    shopper: ShopperScope,
    upload: &upload::Model,
    facts: &PhotoFacts,
) -> Result<()> {
    let row = photo::ActiveModel {
        agency_id: Set(shopper.agency),
        sha256: Set(upload.sha256),
        media_type: Set(facts.format.media_type().to_owned()),
        size_bytes: Set(upload.length_bytes),
        width_px: Set(i32::try_from(facts.width_px).unwrap_or(i32::MAX)),
        height_px: Set(i32::try_from(facts.height_px).unwrap_or(i32::MAX)),
        in_objects: Set(false),
        has_renditions: Set(false),
        rendition_error: Set(None),
        exif: Set(None),
        received_at_ms: Set(app.clock.now_ms()),
        examination: Set(0),
        fingerprint: Set(None),
        fine_print: Set(None),
        features: Set(None),
        redactions: Set(None),
        redaction_version: Set(0),
    };
    // The audit that names it may come at this very moment.
    crate::accounts::service::lock_person(txn, shopper.person).await?;
    repo::insert_photo(txn, row).await?;
    crate::audits::completeness::photo_arrived(txn, shopper.person, upload.sha256).await?;
    let job = MovePhoto { upload: upload.id };
    crate::jobs::enqueue(txn, &*app.clock, shopper.agency, &job).await?;
    Ok(())
}

/// Forgets at most `most` uploads that nobody went on with, chunks and all; returns how many.
///
/// # Errors
/// As the database has them.
pub async fn forget_expired(app: &App, most: u64) -> Result<u64> {
    let now_ms = app.clock.now_ms();
    let expired = repo::expired(app.db.reader(), now_ms, most).await?;
    let mut forgotten = 0;
    for found in expired {
        let gone = app.db.write(move |txn| {
            Box::pin(async move {
                let shopper = ShopperScope {
                    agency: found.agency_id,
                    person: found.person_id,
                };
                let upload = repo::lock_upload(txn, shopper, found.sha256).await?;
                // It may have been gone on with, or ended, since it was found.
                match upload.filter(|upload| has_expired(upload, now_ms)) {
                    Some(upload) => repo::delete_upload(txn, upload.id).await.map(|()| 1),
                    None => Ok(0),
                }
            })
        });
        forgotten += gone.await?;
    }
    Ok(forgotten)
}

/// Ends an upload that is not wanted any more. A photo that is whole is evidence and stays.
///
/// # Errors
/// [`Error::NotFound`] before it was begun; [`Error::WrongState`] for a whole photo.
pub async fn terminate(app: &App, shopper: ShopperScope, sha256: Sha256) -> Result<()> {
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let upload = repo::lock_upload(txn, shopper, sha256)
                    .await?
                    .ok_or(Error::NotFound)?;
                if upload.finished_at_ms.is_some() {
                    return Err(Error::WrongState(
                        "a photo that is whole is kept".to_owned(),
                    ));
                }
                repo::delete_upload(txn, upload.id).await?;
                Ok(())
            })
        })
        .await
}
