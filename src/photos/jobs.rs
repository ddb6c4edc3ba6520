//! What happens to a photo once it is whole: its bytes move to the objects, then renditions are made of them.
//!
//! Both jobs may run twice: the objects are named by content, and the rows say what is already done.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::published;
use super::repo;
use super::service;
use crate::app::App;
use crate::domain::ids::{AgencyId, Sha256};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::objects::ObjectKey;

/// Moves a finished upload to the objects.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MovePhoto {
    pub upload: Uuid,
}

/// Makes the renditions of a photo.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MakeRenditions {
    pub agency: AgencyId,
    pub sha256: Sha256,
    /// By which it came: the same photo from somebody else is looked at again, for it may stand in another audit.
    #[serde(default)]
    pub upload: Option<Uuid>,
}

/// Makes what is published of a photo after its redactions have changed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PublishPhoto {
    pub agency: AgencyId,
    pub sha256: Sha256,
    pub version: i32,
}

/// Makes the renditions of a photo although its row says that they are there: they are not, or are damaged.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemakeRenditions {
    pub agency: AgencyId,
    pub sha256: Sha256,
}

impl Job for RemakeRenditions {
    const KIND: &'static str = "photo.renditions_again";
}

impl Job for MovePhoto {
    const KIND: &'static str = "photo.move";
}

impl Job for MakeRenditions {
    const KIND: &'static str = "photo.renditions";
}

impl Job for PublishPhoto {
    const KIND: &'static str = "photo.publish";
}

/// Puts the bytes into the objects, and drops the chunks only when they have been read back from there.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn move_to_objects(app: &App, job: MovePhoto) -> Result<()> {
    let Some(upload) = repo::upload_by_id(app.db.reader(), job.upload).await? else {
        return Ok(());
    };
    let bytes = repo::chunks(app.db.reader(), upload.id).await?;
    if bytes.is_empty() {
        return Ok(());
    }
    let photo = repo::photo(app.db.reader(), upload.agency_id, upload.sha256)
        .await?
        .ok_or_else(|| Error::Internal(format!("photo {} has no row", upload.sha256)))?;
    let key = ObjectKey::evidence(upload.agency_id, upload.sha256);
    app.objects
        .put(&key, bytes.into(), &photo.media_type)
        .await?;
    let inner = app.clone();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::set_in_objects(txn, upload.agency_id, upload.sha256).await?;
                repo::delete_chunks(txn, upload.id).await?;
                let next = MakeRenditions {
                    agency: upload.agency_id,
                    sha256: upload.sha256,
                    upload: Some(upload.id),
                };
                Ok(crate::jobs::enqueue(txn, &*inner.clock, next.agency, &next).await?)
            })
        })
        .await
}

/// Makes the renditions that are not there yet. A photo that cannot be decoded is no error here: it is noted, and stays
/// as evidence.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn make_renditions(app: &App, job: MakeRenditions) -> Result<()> {
    match repo::photo(app.db.reader(), job.agency, job.sha256).await? {
        Some(photo) if photo.examination < service::EXAMINATION => {
            service::make_renditions(app, job.agency, &photo).await
        }
        _ => Ok(()),
    }
}

/// Makes what is published of a photo, unless its redactions have changed once more, and drops what was published before.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn publish(app: &App, job: PublishPhoto) -> Result<()> {
    published::prepare(app, job.agency, job.sha256, job.version).await
}

/// Puts photos that were never read in the way that they are read now (they came before there was one) back into the table
/// of jobs; returns how many, at most `most`.
///
/// # Errors
/// As the database has them.
pub async fn examine_old(app: &App, most: u64) -> Result<u64> {
    let found = repo::unexamined(app.db.reader(), most).await?;
    let count = found.len() as u64;
    let inner = app.clone();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                for (agency, sha256) in found {
                    let job = MakeRenditions {
                        agency,
                        sha256,
                        upload: None,
                    };
                    crate::jobs::enqueue(txn, &*inner.clock, job.agency, &job).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(count)
}

/// Makes the renditions whatever the row says.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn remake_renditions(app: &App, job: RemakeRenditions) -> Result<()> {
    match repo::photo(app.db.reader(), job.agency, job.sha256).await? {
        Some(photo) => service::make_renditions(app, job.agency, &photo).await,
        None => Ok(()),
    }
}
