//! Reading photos: which are here, their bytes, and their renditions.

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use sea_orm::ConnectionTrait;

use super::imaging::{self, Renditions};
use super::repo::{self, Examined, Marks};
use super::uploads::has_expired;
use crate::accounts::{Scope, ShopperScope};
use crate::app::App;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, PersonId, Sha256};
use crate::domain::photo::camera::CameraFacts;
use crate::domain::photo::redaction::Redaction;
use crate::domain::photo::{PhotoLimits, RenditionSize, sniff};
use crate::error::{Error, Result};
use crate::objects::ObjectKey;

/// SQLite takes 32 766 parameters in a statement, PostgreSQL 65 535.
const NAMES_PER_QUESTION: usize = 5000;

const RENDITION_TYPE: &str = "image/jpeg";

/// Which of a phone's photos the server lacks.
#[derive(Debug, Default)]
pub struct Wanted {
    pub needed: Vec<Sha256>,
    /// Of those, the ones that were begun, with the byte to go on from.
    pub partial: BTreeMap<Sha256, u64>,
}

/// How far a shopper's uploads have come.
#[derive(Debug)]
pub struct Begun {
    /// By name: the bytes that are here, or `None` for a photo that is whole.
    uploads: BTreeMap<Sha256, Option<u64>>,
}

impl Begun {
    /// Compares what a phone offers with what it has delivered.
    pub fn wanted(&self, offered: &[Sha256]) -> Wanted {
        let mut wanted = Wanted::default();
        for sha256 in offered {
            match self.uploads.get(sha256) {
                Some(None) => continue,
                Some(Some(bytes)) if *bytes > 0 => {
                    wanted.partial.insert(*sha256, *bytes);
                }
                _ => {}
            }
            wanted.needed.push(*sha256);
        }
        wanted
    }
}

/// How far the uploads of these photos have come; asks the database once for some thousands of them.
///
/// # Errors
/// As the database has them.
pub async fn begun(
    app: &App,
    shopper: ShopperScope,
    offered: impl IntoIterator<Item = Sha256>,
) -> Result<Begun> {
    let offered: Vec<Sha256> = offered.into_iter().collect();
    let now_ms = app.clock.now_ms();
    let mut uploads = BTreeMap::new();
    for some in offered.chunks(NAMES_PER_QUESTION) {
        for upload in repo::uploads(app.db.reader(), shopper, some).await? {
            if !has_expired(&upload, now_ms) {
                let bytes = upload
                    .finished_at_ms
                    .is_none()
                    .then_some(upload.offset_bytes as u64);
                uploads.insert(upload.sha256, bytes);
            }
        }
    }
    Ok(Begun { uploads })
}

/// The photos among `listed` that this shopper has delivered whole.
///
/// # Errors
/// As the database has them.
pub async fn delivered(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    listed: &[Sha256],
) -> Result<HashSet<Sha256>> {
    let uploads = repo::uploads(db, shopper, listed).await?;
    Ok(uploads
        .into_iter()
        .filter(|upload| upload.finished_at_ms.is_some())
        .map(|upload| upload.sha256)
        .collect())
}

/// Which of the photos `listed` each of the agency's shoppers has delivered whole.
///
/// # Errors
/// As the database has them.
pub async fn delivered_by_anybody(
    app: &App,
    scope: &Scope,
    listed: Vec<Sha256>,
) -> Result<HashSet<(PersonId, Sha256)>> {
    let mut here = HashSet::new();
    for names in listed.chunks(NAMES_PER_QUESTION) {
        here.extend(repo::delivered_by_anybody(app.db.reader(), scope, names).await?);
    }
    Ok(here)
}

/// A photo of the agency.
///
/// # Errors
/// [`Error::NotFound`] when it has not come.
pub async fn find(app: &App, agency: AgencyId, sha256: Sha256) -> Result<photo::Model> {
    repo::photo(app.db.reader(), agency, sha256)
        .await?
        .ok_or(Error::NotFound)
}

/// The evidence, byte for byte as it was taken, with its media type.
///
/// # Errors
/// [`Error::NotFound`] when it has not come; [`Error::Objects`] when the objects are away.
pub async fn evidence(app: &App, agency: AgencyId, sha256: Sha256) -> Result<(Bytes, String)> {
    let photo = find(app, agency, sha256).await?;
    let kind = photo.media_type;
    if !photo.in_objects {
        for upload in repo::finished_uploads(app.db.reader(), agency, sha256).await? {
            let bytes = repo::chunks(app.db.reader(), upload.id).await?;
            if !bytes.is_empty() {
                return Ok((bytes.into(), kind));
            }
        }
    }
    // It is in the objects, or has moved there while we looked.
    Ok((
        app.objects
            .get(&ObjectKey::evidence(agency, sha256))
            .await?,
        kind,
    ))
}

/// A photo that this shopper has delivered whole, byte for byte, with its media type.
///
/// # Errors
/// [`Error::NotFound`] when they have not, also when somebody else has; [`Error::Objects`] when the objects are away.
pub async fn own(app: &App, shopper: ShopperScope, sha256: Sha256) -> Result<(Bytes, String)> {
    if delivered(app.db.reader(), shopper, &[sha256])
        .await?
        .is_empty()
    {
        return Err(Error::NotFound);
    }
    evidence(app, shopper.agency, sha256).await
}

/// Which copy of a photo is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Variant {
    Original,
    Rendition(RenditionSize),
}

impl Variant {
    /// The copy of that name in an address: `original`, `1280` or `320`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for any other name.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "original" => Ok(Self::Original),
            "1280" => Ok(Self::Rendition(RenditionSize::Large)),
            "320" => Ok(Self::Rendition(RenditionSize::Small)),
            _ => Err(Error::NotFound),
        }
    }
}

/// A copy of a photo.
#[derive(Debug)]
pub enum Copied {
    /// The bytes, with their media type.
    Here(Bytes, String),
    /// An address where it is to be had for a short time.
    Elsewhere(String),
}

/// A copy of a photo of the agency, for people of the agency only: the server that has the objects tells when they were
/// put, to the second. The caller has made sure that it may be seen.
///
/// # Errors
/// As [`evidence`] and [`rendition`] have them.
pub async fn copy(app: &App, agency: AgencyId, sha256: Sha256, variant: Variant) -> Result<Copied> {
    let size = match variant {
        Variant::Original => {
            let (bytes, kind) = evidence(app, agency, sha256).await?;
            return Ok(Copied::Here(bytes, kind));
        }
        Variant::Rendition(size) => size,
    };
    if app.objects.public_origin().is_some() {
        made_renditions(app, agency, sha256).await?;
        let key = ObjectKey::rendition(agency, sha256, size);
        if let Some(address) = app.objects.address(&key, RENDITION_TYPE).await? {
            return Ok(Copied::Elsewhere(address));
        }
    }
    let bytes = rendition(app, agency, sha256, size).await?;
    Ok(Copied::Here(bytes, RENDITION_TYPE.to_owned()))
}

/// A rendition (JPEG, without metadata); made now when the job that makes it has not come to it yet.
///
/// # Errors
/// [`Error::NotFound`] when the photo has not come; [`Error::WrongState`] when it cannot be decoded.
pub async fn rendition(
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
    size: RenditionSize,
) -> Result<Bytes> {
    made_renditions(app, agency, sha256).await?;
    Ok(app
        .objects
        .get(&ObjectKey::rendition(agency, sha256, size))
        .await?)
}

/// Sees to it that there are renditions.
async fn made_renditions(app: &App, agency: AgencyId, sha256: Sha256) -> Result<()> {
    let mut photo = find(app, agency, sha256).await?;
    if !photo.has_renditions && photo.rendition_error.is_none() {
        make_renditions(app, agency, &photo).await?;
        photo = find(app, agency, sha256).await?;
    }
    if let Some(error) = photo.rendition_error {
        return Err(Error::WrongState(format!(
            "this photo cannot be shown: {error}"
        )));
    }
    Ok(())
}

/// The way in which photos are read now; photos that were read in an older one are read again.
pub const EXAMINATION: i32 = 2;

/// Makes both renditions and notes what the photo says of itself, or why it cannot be decoded.
///
/// # Errors
/// As the database and the objects have them.
pub async fn make_renditions(app: &App, agency: AgencyId, photo: &photo::Model) -> Result<()> {
    let sha256 = photo.sha256;
    let (bytes, _) = evidence(app, agency, sha256).await?;
    // whatever becomes of the picture
    let read = bytes.clone();
    let camera = tokio::task::spawn_blocking(move || imaging::camera_facts(&read))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?;
    let camera =
        serde_json::to_string(&camera).map_err(|error| Error::Internal(error.to_string()))?;
    let decoded = match decode(app, bytes, Vec::new()).await? {
        Ok(made) => {
            for (size, jpeg) in [
                (RenditionSize::Large, made.large),
                (RenditionSize::Small, made.small),
            ] {
                let key = ObjectKey::rendition(agency, sha256, size);
                app.objects.put(&key, jpeg.into(), RENDITION_TYPE).await?;
            }
            Ok(Marks {
                prints: made.fingerprint,
                features: made.features,
            })
        }
        Err(why) => Err(why),
    };
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let examined = Examined {
                    camera,
                    decoded,
                    examination: EXAMINATION,
                };
                repo::set_examined(txn, agency, sha256, examined).await?;
                Ok(())
            })
        })
        .await
}

/// Decodes a photo and makes both copies with `redactions` covered; the inner error says why it cannot be decoded.
///
/// # Errors
/// [`Error::Overloaded`] when the program is about to end.
pub(super) async fn decode(
    app: &App,
    bytes: Bytes,
    redactions: Vec<Redaction>,
) -> Result<std::result::Result<Renditions, String>> {
    let limits = PhotoLimits {
        photo_bytes_max: app.config.limits.photo_bytes_max,
        photo_pixels_max: app.config.limits.photo_pixels_max,
    };
    let permit = app
        .imaging
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Error::Overloaded)?;
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let facts = sniff(&bytes, &limits).map_err(|refusal| refusal.to_string())?;
        imaging::renditions(&bytes, &facts, imaging::DECODE_BYTES_MAX, &redactions)
            .map_err(|error| error.to_string())
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))
}

/// Those of the agency's photos `names` that cannot be shown here.
///
/// # Errors
/// As the database has them.
pub async fn not_shown(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    names: impl IntoIterator<Item = Sha256>,
) -> Result<HashSet<Sha256>> {
    Ok(repo::not_shown(db, agency, names).await?)
}

/// What the camera of a photo wrote; nothing before it was read.
///
/// # Errors
/// [`Error::Internal`] when the row is damaged.
pub fn camera_facts(photo: &photo::Model) -> Result<CameraFacts> {
    match &photo.exif {
        None => Ok(CameraFacts::default()),
        Some(json) => serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("EXIF of {}: {error}", photo.sha256))),
    }
}
