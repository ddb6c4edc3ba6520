//! What a reviewer reads of the quarantine: the list, one submission as it came, its photos, and whether it could be placed
//! as things stand now.
//!
//! Not here: what becomes of it (`settle.rs`).

use std::collections::BTreeMap;

use serde_json::Value;

use super::repo;
use crate::accounts::{Scope, ShopperScope};
use crate::app::App;
use crate::audits::arrival::{self, Examined};
use crate::db::entities::submission;
use crate::domain::ids::{PersonId, Sha256, VisitId};
use crate::error::{Error, Pointed, Result};
use crate::http::views::{Page, Window};
use crate::photos::service::{self as photos, Copied, Variant};
use crate::visits::service::Listed;

/// A submission with the names that are shown beside it.
#[derive(Debug)]
pub struct Named {
    pub row: submission::Model,
    pub shopper_name: String,
    /// The visit that the document names.
    pub visit: Option<VisitId>,
    /// The photos that it lists.
    pub photos: Vec<NamedPhoto>,
    /// Whoever settled it.
    pub settled_by_name: String,
}

/// One submission with all that can be said of it.
#[derive(Debug)]
pub struct Opened {
    pub named: Named,
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
    let (rows, total) = repo::list(app.db.reader(), scope, is_settled, window).await?;
    Ok(window.page(with_names(app, scope, rows).await?, total))
}

/// Adds what is shown beside submissions: two questions, however many they are.
async fn with_names(app: &App, scope: &Scope, rows: Vec<submission::Model>) -> Result<Vec<Named>> {
    let mut people: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    people.extend(rows.iter().filter_map(|row| row.settled_by));
    let names = crate::accounts::service::display_names(app, scope, people).await?;
    let name = |person| names.get(&person).cloned().unwrap_or_default();
    let glimpses: Vec<Glimpse> = rows.iter().map(|row| Glimpse::of(&row.body)).collect();
    let mut listed: Vec<Sha256> = Vec::new();
    for glimpse in &glimpses {
        listed.extend(glimpse.photos.keys());
    }
    let here = photos::delivered_by_anybody(app, scope, listed).await?;
    let named = rows.into_iter().zip(glimpses).map(|(row, glimpse)| {
        let photo = |(sha256, size_bytes)| NamedPhoto {
            sha256,
            size_bytes,
            stored: here.contains(&(row.person_id, sha256)),
        };
        Named {
            photos: glimpse.photos.into_iter().map(photo).collect(),
            visit: glimpse.visit,
            shopper_name: name(row.person_id),
            settled_by_name: row.settled_by.map(name).unwrap_or_default(),
            row,
        }
    });
    Ok(named.collect())
}

/// One submission.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn open(app: &App, scope: &Scope, number: i64) -> Result<Opened> {
    let row = repo::find(app.db.reader(), scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    let named = with_names(app, scope, vec![row]).await?.pop();
    let named = named.ok_or(Error::NotFound)?;
    let row = &named.row;
    let visit = match named.visit {
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
        named,
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
) -> Result<Copied> {
    let row = repo::find(app.db.reader(), scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    let here = photos::delivered(app.db.reader(), sender(&row), &[sha256]).await?;
    if here.is_empty() || !Glimpse::of(&row.body).photos.contains_key(&sha256) {
        return Err(Error::NotFound);
    }
    photos::copy(app, row.agency_id, sha256, variant).await
}
