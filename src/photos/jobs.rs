//! What happens to a photo once it is whole: its bytes move to the objects, then renditions are made of them.
//!
//! Both jobs may run twice: the objects are named by content, and the rows say what is already done.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
}

impl Job for MovePhoto {
    const KIND: &'static str = "photo.move";
}

impl Job for MakeRenditions {
    const KIND: &'static str = "photo.renditions";
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
        Some(photo) if !photo.has_renditions && photo.rendition_error.is_none() => {
            service::make_renditions(app, job.agency, &photo).await
        }
        _ => Ok(()),
    }
}
