//! Looking at the photos of an audit, and what reviewers make of the pairs that were found.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use sea_orm::DatabaseTransaction;

use super::pairs;
use super::repo::{self, DISMISSED, DROPPED, Named};
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::{audit, location, photo_pair};
use crate::domain::audit::{AuditDocument, measured_distances};
use crate::domain::ids::{AgencyId, AuditId, PhotoPairId, Sha256};
use crate::domain::photo::camera::{CameraFacts, Doubt, PhotoFlag, Place, VisitAsTold, doubts};
use crate::error::{Error, Result};
use crate::http::views::{Page, Window};
use crate::journal;

/// Pairs that are shown beside an audit.
const PAIRS_SHOWN_MAX: u64 = 100;

/// The audits that name a photo and have it, latest first, at most a hundred.
///
/// # Errors
/// As the database has them.
pub async fn naming(app: &App, agency: AgencyId, sha256: Sha256) -> Result<Vec<AuditId>> {
    let found = repo::naming(app.db.reader(), agency, &[sha256]).await?;
    Ok(found.into_iter().map(|(audit, _)| audit).collect())
}

/// Looks at an audit's photos: keeps the pairs that they make (those of `only`, if one is named) and sets the audit's flags.
/// Looking twice changes nothing.
///
/// # Errors
/// As the database has them.
pub async fn look(app: &App, agency: AgencyId, id: AuditId, only: Option<Sha256>) -> Result<()> {
    let db = app.db.reader();
    let Some(audit) = repo::audit(db, agency, id).await? else {
        return Ok(());
    };
    if audit.superseded_by.is_some() {
        return Ok(());
    }
    let doubtful: Vec<PhotoFlag> = doubts_of(app, &audit)
        .await?
        .iter()
        .map(Doubt::flag)
        .collect();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (_, row) in repo::photos(db, agency, id).await? {
        if let Some(photo) = row
            && only.is_none_or(|only| only == photo.sha256)
            && seen.insert(photo.sha256)
        {
            found.extend(pairs::of_photo(app, &audit, &photo).await?);
        }
    }
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let mut touched: BTreeSet<AuditId> = found.iter().map(|one| one.other).collect();
                touched.insert(id);
                touched.extend(audit.supersedes);
                // before the pairs, whose insertion would lock them in another order
                let locked = repo::lock_audits(txn, agency, &touched).await?;
                repo::insert_pairs(txn, found.into_iter().map(|one| one.row).collect()).await?;
                if let Some(old) = audit.supersedes {
                    repo::drop_pairs(txn, old).await?;
                }
                for row in locked {
                    let doubtful = (row.id == id).then_some(doubtful.as_slice());
                    flag(txn, &row, doubtful).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Sets the flags that photos give rise to; those of the camera only where `doubtful` is known anew.
async fn flag(
    txn: &DatabaseTransaction,
    row: &audit::Model,
    doubtful: Option<&[PhotoFlag]>,
) -> Result<()> {
    let damaged = |error| Error::Internal(format!("flags of audit {}: {error}", row.id));
    let mut flags: Vec<String> = serde_json::from_str(&row.flags).map_err(damaged)?;
    let before = flags.clone();
    let is_reused = repo::has_pairs(txn, row.id).await?;
    for flag in PhotoFlag::ALL {
        let is_set = match (flag, doubtful) {
            (PhotoFlag::Reused, _) => is_reused,
            (_, Some(doubtful)) => doubtful.contains(&flag),
            (_, None) => continue,
        };
        flags.retain(|one| one != flag.as_str());
        if is_set {
            flags.push(flag.as_str().to_owned());
        }
    }
    if flags != before {
        let json = serde_json::to_string(&flags).map_err(damaged)?;
        repo::set_flags(txn, row.id, json).await?;
    }
    Ok(())
}

/// Where the photos of an audit disagree with what it says. Photos are numbered as the audit names them, from 1.
///
/// # Errors
/// As the database has them.
pub async fn doubts_of(app: &App, audit: &audit::Model) -> Result<Vec<Doubt>> {
    let db = app.db.reader();
    let mut facts = Vec::new();
    for (_, row) in repo::photos(db, audit.agency_id, audit.id).await? {
        facts.push(match row {
            Some(photo) => crate::photos::service::camera_facts(&photo)?,
            None => CameraFacts::default(),
        });
    }
    if facts.iter().all(|one| *one == CameraFacts::default()) {
        return Ok(Vec::new());
    }
    let location = repo::location(db, audit).await?;
    Ok(doubts(&facts, &as_told(app, audit, &location).await?))
}

async fn as_told(
    app: &App,
    audit: &audit::Model,
    location: &location::Model,
) -> Result<VisitAsTold> {
    let wrong =
        |what, error: String| Error::Internal(format!("{what} of audit {}: {error}", audit.id));
    let mut own = None;
    let mut started_at_ms = i64::MAX;
    for (id, body) in repo::documents_of_visit(app.db.reader(), audit).await? {
        let document: AuditDocument =
            serde_json::from_slice(&body).map_err(|error| wrong("document", error.to_string()))?;
        started_at_ms = started_at_ms.min(document.started_at.timestamp_ms());
        if id == audit.id {
            own = Some(document);
        }
    }
    let own = own.ok_or_else(|| wrong("document", "it is gone".to_owned()))?;
    let compiled =
        crate::checklists::service::compiled(app, audit.agency_id, audit.checklist_sha256)
            .await?
            .ok_or_else(|| wrong("checklist", "it is gone".to_owned()))?;
    let time_zone: Tz = location
        .time_zone
        .parse()
        .map_err(|_| wrong("time zone", location.time_zone.clone()))?;
    let degrees = |e7: i64| e7 as f64 / 1e7;
    Ok(VisitAsTold {
        started_at_ms,
        finished_at_ms: own.finished_at.timestamp_ms(),
        time_zone,
        location: location.latitude_e7.zip(location.longitude_e7).map(
            |(latitude_e7, longitude_e7)| Place {
                latitude_deg: degrees(latitude_e7),
                longitude_deg: degrees(longitude_e7),
            },
        ),
        measured: measured_distances(&compiled.checklist, &own.answers),
    })
}

/// A pair with both of its audits.
#[derive(Debug)]
pub struct Pair {
    pub row: photo_pair::Model,
    pub later: Named,
    pub earlier: Named,
    pub decided_by: Option<String>,
}

/// One page of pairs, latest first.
///
/// # Errors
/// As the database has them.
pub async fn list(
    app: &App,
    scope: &Scope,
    state: Option<&str>,
    window: Window,
) -> Result<Page<Pair>> {
    let (rows, total) = repo::pairs(app.db.reader(), scope, state, window).await?;
    Ok(window.page(with_names(app, scope, rows).await?, total))
}

/// The pairs that an audit's photos make, oldest first.
///
/// # Errors
/// As the database has them.
pub async fn pairs_of(app: &App, scope: &Scope, audit: AuditId) -> Result<Vec<Pair>> {
    let rows = repo::pairs_of(app.db.reader(), scope, audit, PAIRS_SHOWN_MAX).await?;
    with_names(app, scope, rows).await
}

async fn with_names(app: &App, scope: &Scope, rows: Vec<photo_pair::Model>) -> Result<Vec<Pair>> {
    let db = app.db.reader();
    let ids = rows
        .iter()
        .flat_map(|row| [row.audit_id, row.other_audit_id]);
    let named = repo::named(db, scope, ids.collect()).await?;
    let people = repo::names(db, rows.iter().filter_map(|row| row.decided_by)).await?;
    rows.into_iter()
        .map(|row| {
            let of = |id: AuditId| {
                let gone = || Error::Internal(format!("audit {id} of a pair is gone"));
                named.get(&id).cloned().ok_or_else(gone)
            };
            Ok(Pair {
                later: of(row.audit_id)?,
                earlier: of(row.other_audit_id)?,
                decided_by: row.decided_by.and_then(|by| people.get(&by).cloned()),
                row,
            })
        })
        .collect()
}

/// What a reviewer makes of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong with it.
    Dismiss,
    /// One photo was used where another should have been taken.
    Confirm,
}

impl Verdict {
    fn state(self) -> &'static str {
        match self {
            Self::Dismiss => DISMISSED,
            Self::Confirm => "confirmed",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Dismiss => "photo_pair.dismiss",
            Self::Confirm => "photo_pair.confirm",
        }
    }
}

/// Decides on a pair, or otherwise than before. An audit whose last pair is dismissed loses its flag.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it is decided so already, or was taken back.
pub async fn decide(
    app: &App,
    scope: &Scope,
    id: PhotoPairId,
    verdict: Verdict,
    note: String,
) -> Result<Pair> {
    let (inner, within) = (app.clone(), scope.clone());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let found = repo::pair(txn, &within, id).await?.ok_or(Error::NotFound)?;
                let audits = BTreeSet::from([found.audit_id, found.other_audit_id]);
                let locked = repo::lock_audits(txn, within.agency, &audits).await?;
                // Whoever else decides on it holds the same audits.
                let pair = repo::pair(txn, &within, id).await?.ok_or(Error::NotFound)?;
                if pair.state == verdict.state() || pair.state == DROPPED {
                    return Err(Error::WrongState(format!("this pair is {}", pair.state)));
                }
                let now_ms = inner.clock.now_ms();
                repo::decide(txn, id, verdict.state(), within.person, now_ms, note).await?;
                for row in locked {
                    flag(txn, &row, None).await?;
                }
                journal::write(txn, &within, now_ms, verdict.action(), &id, None).await?;
                Ok(())
            })
        })
        .await?;
    let row = repo::pair(app.db.reader(), scope, id)
        .await?
        .ok_or(Error::NotFound)?;
    with_names(app, scope, vec![row])
        .await?
        .pop()
        .ok_or(Error::NotFound)
}
