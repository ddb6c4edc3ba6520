//! What a reviewer reads of the quarantine: the list, one submission as it came, its photos, and whether it could be placed
//! as things stand now.
//!
//! Not here: what becomes of it (`settle.rs`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::accounts::{Scope, ShopperScope};
use crate::app::App;
use crate::audits::arrival::{self, Examined};
use crate::audits::repo as audits;
use crate::db::entities::submission;
use crate::domain::ids::{Sha256, VisitId};
use crate::error::{Error, Pointed, Result};
use crate::http::views::{Page, Window};
use crate::photos::service::{self as photos, Variant};
use crate::visits::service::Listed;

/// A submission with the names that are shown beside it.
#[derive(Debug)]
pub struct Named {
    pub row: submission::Model,
    pub shopper_name: String,
    /// Whoever settled it.
    pub settled_by_name: String,
}

/// One submission with all that can be said of it.
#[derive(Debug)]
pub struct Opened {
    pub named: Named,
    pub photos: Vec<NamedPhoto>,
    /// The visit that it names, if the agency has it.
    pub visit: Option<Listed>,
    pub placeable: bool,
    /// What stands in the way.
    pub errors: Vec<Pointed>,
}

/// A photo that the document lists.
#[derive(Clone, Copy, Debug)]
pub struct NamedPhoto {
    pub sha256: Sha256,
    pub size_bytes: u64,
    pub stored: bool,
}

/// What can be read of a document that may be no document at all.
#[derive(Debug, Default)]
pub(super) struct Glimpse {
    pub visit: Option<VisitId>,
    /// By name, with their sizes.
    pub photos: BTreeMap<Sha256, u64>,
}

impl Glimpse {
    pub fn of(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Self::default();
        };
        let photo = |photo: &Value| {
            let sha256 = photo["sha256"].as_str()?.parse().ok()?;
            Some((sha256, photo["size_bytes"].as_u64().unwrap_or_default()))
        };
        Self {
            visit: value["visit"].as_str().and_then(|id| id.parse().ok()),
            photos: value["photos"]
                .as_array()
                .map(|all| all.iter().filter_map(photo).collect())
                .unwrap_or_default(),
        }
    }
}

/// Whoever made it.
pub(super) fn sender(row: &submission::Model) -> ShopperScope {
    ShopperScope {
        agency: row.agency_id,
        person: row.person_id,
    }
}

/// One page of what waits, or of what was settled.
///
/// # Errors
/// As the database has them.
pub async fn list(
    app: &App,
    scope: &Scope,
    is_settled: bool,
    window: Window,
) -> Result<Page<Named>> {
    let (rows, total) = audits::quarantine(app.db.reader(), scope, is_settled, window).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(with_names(app, row).await?);
    }
    Ok(window.page(all, total))
}

async fn with_names(app: &App, row: submission::Model) -> Result<Named> {
    let shopper_name = crate::accounts::service::display_name(app, row.person_id).await?;
    let settled_by_name = match row.settled_by {
        Some(person) => crate::accounts::service::display_name(app, person).await?,
        None => String::new(),
    };
    Ok(Named {
        row,
        shopper_name,
        settled_by_name,
    })
}

/// One submission.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn open(app: &App, scope: &Scope, number: i64) -> Result<Opened> {
    let row = audits::quarantined(app.db.reader(), scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    let glimpse = Glimpse::of(&row.body);
    let listed: Vec<Sha256> = glimpse.photos.keys().copied().collect();
    let here = photos::delivered(app.db.reader(), sender(&row), &listed).await?;
    let photos = glimpse
        .photos
        .iter()
        .map(|(sha256, size_bytes)| NamedPhoto {
            sha256: *sha256,
            size_bytes: *size_bytes,
            stored: here.contains(sha256),
        });
    let photos = photos.collect();
    let visit = match glimpse.visit {
        Some(id) => crate::visits::service::beside(app, scope, id).await?,
        None => None,
    };
    let errors = match arrival::examine_by_hand(app, row.agency_id, &row.body).await? {
        _ if row.settled_at_ms.is_some() => Vec::new(),
        Examined::Unsound { errors, .. } => errors,
        Examined::Sound(_) if visit.is_none() => vec![no_visit()],
        Examined::Sound(_) => Vec::new(),
    };
    Ok(Opened {
        placeable: errors.is_empty() && row.settled_at_ms.is_none(),
        named: with_names(app, row).await?,
        photos,
        visit,
        errors,
    })
}

pub(super) fn no_visit() -> Pointed {
    Pointed {
        pointer: "/visit".to_owned(),
        message: "the agency has no such visit: choose one".to_owned(),
        question: None,
    }
}

/// The bytes of a photo that the document lists and its sender has delivered, with their media type.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn photo(
    app: &App,
    scope: &Scope,
    number: i64,
    sha256: Sha256,
    variant: Variant,
) -> Result<(bytes::Bytes, String)> {
    let row = audits::quarantined(app.db.reader(), scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    let here = photos::delivered(app.db.reader(), sender(&row), &[sha256]).await?;
    if here.is_empty() || !Glimpse::of(&row.body).photos.contains_key(&sha256) {
        return Err(Error::NotFound);
    }
    photos::copy(app, row.agency_id, sha256, variant).await
}
