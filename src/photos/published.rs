//! What is published of a photo: its renditions, or, once a reviewer has drawn redactions, copies in which these are
//! covered.
//!
//! Each change of the redactions is a new version with objects of its own. Which version is shown is read from the row
//! before and after the bytes are fetched, so nobody who asks after a reviewer was answered gets an older one. The evidence
//! and the reviewers' renditions stay as they are.

use bytes::Bytes;
use sea_orm::DatabaseTransaction;

use super::jobs::PublishPhoto;
use super::{repo, service};
use crate::app::App;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::RenditionSize;
use crate::domain::photo::redaction::{self, Redaction, RedactionRefusal};
use crate::error::{Error, Result};
use crate::objects::{ObjectError, ObjectKey};

/// How often a photo is fetched anew because its redactions changed meanwhile.
const LOOKS_MAX: usize = 3;

/// A published copy (JPEG, without metadata).
#[derive(Debug)]
pub struct Published {
    pub bytes: Bytes,
    /// Of its redactions; another version looks different.
    pub version: i32,
}

/// What anybody outside the agency gets to see of a photo; made now when the job that makes it has not come to it yet.
/// `None` when the caller has the version that is shown already.
///
/// # Errors
/// [`Error::NotFound`] when the photo has not come; [`Error::WrongState`] when it cannot be decoded.
pub async fn published(
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
    size: RenditionSize,
    known_version: Option<i32>,
) -> Result<Option<Published>> {
    let mut photo = service::find(app, agency, sha256).await?;
    for _ in 0..LOOKS_MAX {
        let version = photo.redaction_version;
        if known_version == Some(version) {
            return Ok(None);
        }
        let bytes = of_version(app, agency, &photo, size).await?;
        photo = service::find(app, agency, sha256).await?;
        if photo.redaction_version == version {
            return Ok(Some(Published { bytes, version }));
        }
    }
    Err(Error::Overloaded)
}

async fn of_version(
    app: &App,
    agency: AgencyId,
    photo: &photo::Model,
    size: RenditionSize,
) -> Result<Bytes> {
    let (sha256, version) = (photo.sha256, photo.redaction_version);
    if version == 0 {
        return service::rendition(app, agency, sha256, size).await;
    }
    let key = ObjectKey::published(agency, sha256, version, size);
    match app.objects.get(&key).await {
        Err(ObjectError::NotFound) => {}
        outcome => return Ok(outcome?),
    }
    make(app, agency, photo).await?;
    Ok(app.objects.get(&key).await?)
}

/// Makes both copies of the photo as its row has it.
async fn make(app: &App, agency: AgencyId, photo: &photo::Model) -> Result<()> {
    let sha256 = photo.sha256;
    let (bytes, _) = service::evidence(app, agency, sha256).await?;
    let made = service::decode(app, bytes, redactions(photo)?)
        .await?
        .map_err(|why| Error::WrongState(format!("this photo cannot be shown: {why}")))?;
    for (size, jpeg) in [
        (RenditionSize::Large, made.large),
        (RenditionSize::Small, made.small),
    ] {
        let key = ObjectKey::published(agency, sha256, photo.redaction_version, size);
        app.objects.put(&key, jpeg.into(), "image/jpeg").await?;
    }
    Ok(())
}

/// Makes the copies of `version`, if that is still what is shown, and drops those of the version before.
pub(super) async fn prepare(
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
    version: i32,
) -> Result<()> {
    let photo = service::find(app, agency, sha256).await?;
    if photo.redaction_version == version {
        match make(app, agency, &photo).await {
            // It cannot be decoded: that was not known yet when it was drawn on, and another try tells the same.
            Ok(()) | Err(Error::WrongState(_)) => {}
            Err(error) => return Err(error),
        }
    }
    for size in [RenditionSize::Large, RenditionSize::Small] {
        let before = ObjectKey::published(agency, sha256, version - 1, size);
        app.objects.delete(&before).await?;
    }
    Ok(())
}

/// What is covered on a photo.
///
/// # Errors
/// [`Error::Internal`] when the row is damaged.
pub fn redactions(photo: &photo::Model) -> Result<Vec<Redaction>> {
    match &photo.redactions {
        None => Ok(Vec::new()),
        Some(json) => serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("redactions of {}: {error}", photo.sha256))),
    }
}

/// Covers other parts of a photo from now on, and returns the new version. `seen_version` is what whoever drew them had
/// before their eyes.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Malformed`] for rectangles that cannot be; [`Error::WrongState`] when somebody else has
/// drawn meanwhile, or when the photo cannot be shown anyway.
pub async fn redact(
    txn: &DatabaseTransaction,
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
    wanted: &[Redaction],
    seen_version: i32,
) -> Result<i32> {
    redaction::check(wanted).map_err(refused)?;
    let photo = repo::lock_photo(txn, agency, sha256)
        .await?
        .ok_or(Error::NotFound)?;
    if photo.redaction_version != seen_version {
        return Err(Error::WrongState(
            "somebody has drawn on this photo meanwhile: look at it again".to_owned(),
        ));
    }
    if let Some(why) = photo.rendition_error {
        return Err(Error::WrongState(format!(
            "nothing is published of this photo: {why}"
        )));
    }
    let version = photo.redaction_version + 1;
    let json = serde_json::to_string(wanted).map_err(|error| Error::Internal(error.to_string()))?;
    repo::set_redactions(txn, agency, sha256, json, version).await?;
    let job = PublishPhoto {
        agency,
        sha256,
        version,
    };
    crate::jobs::enqueue(txn, &*app.clock, job.agency, &job).await?;
    Ok(version)
}

fn refused(refusal: RedactionRefusal) -> Error {
    let pointer = match refusal {
        RedactionRefusal::TooMany => "/redactions".to_owned(),
        RedactionRefusal::Empty { at } | RedactionRefusal::Outside { at } => {
            format!("/redactions/{at}")
        }
    };
    Error::refused(&pointer, refusal.to_string())
}
