//! Which photos of an agency are much like one that has been read: the same but for its light and size, or a copy that was
//! turned, mirrored or cropped.
//!
//! Not here: which audits they stand in, and what that means (`comparisons`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use plainclothes_likeness::{self as features, Feature, Framing, Turn, Turned};

use super::imaging;
use super::repo;
use super::service;
use crate::app::App;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::RenditionSize;
use crate::domain::photo::likeness::{
    ALIKE_DISTANCE_MAX, FINE_DISTANCE_MAX, FinePrint, Fingerprint,
};
use crate::error::{Error, Result};
use crate::objects::ObjectError;

/// Near photos whose fine prints are held against a photo's own: the nearest.
const NEAR_MAX: usize = 1000;

/// Other photos of the agency that are much like one that has been read, with the number of marks in which their
/// fingerprints differ; nearest first.
///
/// # Errors
/// As the database has them.
pub async fn alike(app: &App, photo: &photo::Model) -> Result<Vec<(Sha256, u32)>> {
    let (db, agency) = (app.db.reader(), photo.agency_id);
    let fine = photo.fine_print.as_deref().and_then(FinePrint::from_column);
    let (Some(column), Some(fine)) = (photo.fingerprint, fine) else {
        return Ok(Vec::new());
    };
    let fingerprint = Fingerprint::from_column(column);
    let mut near: Vec<(u32, Sha256)> = repo::near(db, agency, fingerprint)
        .await?
        .into_iter()
        .map(|(other, marks)| (marks.distance(fingerprint), other))
        .filter(|(distance, other)| *distance <= ALIKE_DISTANCE_MAX && *other != photo.sha256)
        .collect();
    // one that stands under several probed keys came several times
    near.sort();
    near.dedup();
    near.truncate(NEAR_MAX);
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let names = near.iter().map(|(_, other)| *other);
    let prints = repo::fine_prints(db, agency, names).await?;
    let is_alike = |other: &Sha256| {
        prints
            .get(other)
            .is_some_and(|print| print.distance(fine) <= FINE_DISTANCE_MAX)
    };
    Ok(near
        .into_iter()
        .filter(|(_, other)| is_alike(other))
        .map(|(distance, other)| (other, distance))
        .collect())
}

/// Photos, each turned in one way, whose features are held against a photo's own: those that share the most keys.
const FRAMED_MAX: usize = 150;
/// With fewer features that meet, two photos are not looked at more closely.
const MEETING_MIN: usize = 3;
/// Photos that are looked at pixel by pixel: those of which the most features meet.
const LAID_MAX: usize = 32;

/// A photo that shows part of another, or all of it, turned perhaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    pub sha256: Sha256,
    pub turned: Turned,
    /// How much of the larger photo the other shows.
    pub share_percent: u8,
}

/// Other photos of the agency of which one that has been read is a turned, mirrored or cropped copy, or the other way round,
/// but for those in `known`; those with the most features in common first.
///
/// # Errors
/// As the database and the objects have them.
pub async fn copies(
    app: &App,
    photo: &photo::Model,
    known: &BTreeSet<Sha256>,
) -> Result<Vec<Copied>> {
    let own = photo.features.as_deref().and_then(features::from_column);
    let Some(own) = own.filter(|own| own.len() >= MEETING_MIN) else {
        return Ok(Vec::new());
    };
    let agency = photo.agency_id;
    let mut candidates = candidates(app, agency, &own).await?;
    candidates.retain(|(sha256, _)| *sha256 != photo.sha256 && !known.contains(sha256));
    candidates.truncate(FRAMED_MAX);
    let framed = framed(app, agency, &own, candidates).await?;
    if framed.is_empty() {
        return Ok(Vec::new());
    }
    let Some(here) = small(app, agency, photo.sha256).await? else {
        return Ok(Vec::new());
    };
    let mut copies = Vec::new();
    for (sha256, framing) in framed {
        if let Some(there) = small(app, agency, sha256).await?
            && let Some(share) = laid(app, here.clone(), there, framing).await?
        {
            copies.push(Copied {
                sha256,
                turned: framing.turn.told(),
                share_percent: (share * 100.0).round() as u8,
            });
        }
    }
    Ok(copies)
}

/// Photos that share keys with `own`, each with the turn in which it does: those that share the most first.
async fn candidates(app: &App, agency: AgencyId, own: &[Feature]) -> Result<Vec<(Sha256, Turn)>> {
    let mut shared: BTreeMap<(Sha256, Turn), u32> = BTreeMap::new();
    for feature in own {
        let mut turns: BTreeMap<i64, Vec<Turn>> = BTreeMap::new();
        for turn in Turn::all() {
            for key in feature.probes(turn) {
                turns.entry(key).or_default().push(turn);
            }
        }
        let having = repo::having(app.db.reader(), agency, turns.keys().copied()).await?;
        let found: BTreeSet<(Sha256, Turn)> = having
            .into_iter()
            .flat_map(|(sha256, key)| turns[&key].iter().map(move |turn| (sha256, *turn)))
            .collect();
        for one in found {
            *shared.entry(one).or_default() += 1;
        }
    }
    let mut candidates: Vec<_> = shared.into_iter().collect();
    candidates.sort_by_key(|(one, count)| (Reverse(*count), *one));
    Ok(candidates.into_iter().map(|(one, _)| one).collect())
}

/// Of the candidates those of which enough features meet, each in its best turn.
async fn framed(
    app: &App,
    agency: AgencyId,
    own: &[Feature],
    candidates: Vec<(Sha256, Turn)>,
) -> Result<Vec<(Sha256, Framing)>> {
    let names: BTreeSet<Sha256> = candidates.iter().map(|(sha256, _)| *sha256).collect();
    let others = repo::features(app.db.reader(), agency, names).await?;
    let own = own.to_vec();
    let framed = tokio::task::spawn_blocking(move || {
        let mut framed: Vec<(Sha256, Framing)> = candidates
            .into_iter()
            .filter_map(|(sha256, turn)| {
                let other = others.get(&sha256)?;
                Some((sha256, features::framing(&own, turn, other)))
            })
            .filter(|(_, framing)| framing.meet >= MEETING_MIN)
            .collect();
        framed.sort_by_key(|(_, framing)| Reverse(framing.meet));
        let mut seen = BTreeSet::new();
        framed.retain(|(sha256, _)| seen.insert(*sha256));
        framed.truncate(LAID_MAX);
        framed
    });
    framed
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}

/// The small rendition of a photo; nothing of one that has none, or has lost it, which `objects check` finds.
async fn small(app: &App, agency: AgencyId, sha256: Sha256) -> Result<Option<Bytes>> {
    match service::rendition(app, agency, sha256, RenditionSize::Small).await {
        Ok(jpeg) => Ok(Some(jpeg)),
        Err(
            Error::NotFound
            | Error::WrongState(_)
            | Error::Objects(ObjectError::NotFound | ObjectError::Corrupt { .. }),
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn laid(app: &App, here: Bytes, there: Bytes, framing: Framing) -> Result<Option<f32>> {
    let permit = app
        .imaging
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Error::Overloaded)?;
    let share = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        imaging::copied(&here, &there, &framing)
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))?;
    share.map_err(|error| Error::Internal(error.to_string()))
}
