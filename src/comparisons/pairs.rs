//! Finding the pairs that one audit's photos make with those of other audits.
//!
//! Left out is what is expected: a photo beside itself in the same audit, and in other audits of the same visit, which are
//! its corrections or stand beside it as a duplicate anyway.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Set;

use super::repo;
use crate::app::App;
use crate::db::entities::{audit, photo, photo_pair};
use crate::domain::ids::{AuditId, PhotoPairId, Sha256};
use crate::domain::photo::likeness::Alike;
use crate::error::Result;

/// Pairs that one photo of one audit makes at most: the nearest, and of those the latest. Whoever hands in the same photo a
/// hundred times is found by twenty pairs.
const PAIRS_PER_PHOTO_MAX: usize = 20;

/// A pair that was found.
pub struct Found {
    pub other: AuditId,
    pub row: photo_pair::ActiveModel,
}

/// The pairs of `photo` in `audit`.
///
/// # Errors
/// As the database has them.
pub async fn of_photo(app: &App, audit: &audit::Model, photo: &photo::Model) -> Result<Vec<Found>> {
    let agency = audit.agency_id;
    let mut likeness: BTreeMap<Sha256, Alike> = BTreeMap::from([(photo.sha256, Alike::SameFile)]);
    let alike = crate::photos::likeness::alike(app, photo).await?;
    let known: BTreeSet<Sha256> = alike.iter().map(|(other, _)| *other).collect();
    let nearest = alike.into_iter().take(PAIRS_PER_PHOTO_MAX);
    likeness.extend(nearest.map(|(other, marks)| (other, Alike::Marks(marks))));
    let copies = crate::photos::likeness::copies(app, photo, &known).await?;
    likeness.extend(copies.into_iter().map(|copy| {
        let alike = Alike::Copied {
            turned: copy.turned,
            share_percent: copy.share_percent,
        };
        (copy.sha256, alike)
    }));
    let names: Vec<Sha256> = likeness.keys().copied().collect();
    let naming = repo::naming(app.db.reader(), agency, &names).await?;
    let ids: BTreeSet<AuditId> = naming.iter().map(|(id, _)| *id).collect();
    let others = repo::standing(app.db.reader(), agency, ids).await?;
    let mut found: Vec<(Alike, &audit::Model, Sha256)> = naming
        .into_iter()
        .filter_map(|(id, sha256)| {
            let other = others
                .get(&id)
                .filter(|one| one.visit_id != audit.visit_id)?;
            Some((*likeness.get(&sha256)?, other, sha256))
        })
        .collect();
    // stable: of the same likeness the latest comes first
    found.sort_by_key(|(alike, ..)| *alike);
    found.truncate(PAIRS_PER_PHOTO_MAX);
    let found_at_ms = app.clock.now_ms();
    Ok(found
        .into_iter()
        .map(|(alike, other, other_sha256)| {
            let here = (audit.submission_number, audit.id, photo.sha256);
            let there = (other.submission_number, other.id, other_sha256);
            let (later, earlier) = if here > there {
                (here, there)
            } else {
                (there, here)
            };
            let (distance, turned, share_percent) = match alike {
                Alike::SameFile => (None, None, None),
                Alike::Marks(marks) => (i32::try_from(marks).ok(), None, None),
                Alike::Copied {
                    turned,
                    share_percent,
                } => (None, Some(turned.as_str()), Some(share_percent.into())),
            };
            Found {
                other: other.id,
                row: photo_pair::ActiveModel {
                    id: Set(PhotoPairId(app.clock.new_uuid())),
                    agency_id: Set(agency),
                    audit_id: Set(later.1),
                    sha256: Set(later.2),
                    other_audit_id: Set(earlier.1),
                    other_sha256: Set(earlier.2),
                    distance: Set(distance),
                    turned: Set(turned.map(str::to_owned)),
                    share_percent: Set(share_percent),
                    state: Set(repo::OPEN.to_owned()),
                    found_at_ms: Set(found_at_ms),
                    decided_by: Set(None),
                    decided_at_ms: Set(None),
                    note: Set(None),
                },
            }
        })
        .collect())
}
