//! Makes bundles in the background: one PDF after the other, each as whoever asked would get it by itself.
//!
//! A second run begins anew under a name of its own and makes the same file; the run before finds, with the next piece, that
//! it is not at it any more, and stops. So a node that was lost and comes back can spoil nothing.

use std::time::{Duration, Instant};

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use super::pieces::{PIECE_BYTES, Pieces};
use super::repo::{self, Made, Progress};
use super::service::{KEPT_MS, audits};
use super::zip::Zip;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::entities::bundle;
use crate::domain::ids::{BundleId, PublishedAuditId};
use crate::error::{Error, Result};
use crate::jobs::Job;

/// Makes one bundle.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MakeBundle {
    pub bundle: BundleId,
}

impl Job for MakeBundle {
    const KIND: &'static str = "bundle.make";
}

/// How far it is, is told at least so often.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// # Errors
/// Whatever makes another try worth while.
pub async fn make(app: &App, job: MakeBundle) -> Result<()> {
    let id = job.bundle;
    let Some(row) = repo::by_id(app.db.reader(), id).await? else {
        return Ok(());
    };
    // As things stand now: whoever asked may see less than when they did.
    let scope = crate::accounts::service::reader(app, row.agency_id, row.person_id).await?;
    let Some(scope) = scope else {
        return fail(app, id).await;
    };
    if let Some(before) = Pieces::of(&row).filter(|_| row.state != repo::READY) {
        before.remove(app).await?;
    }
    let (run, now_ms) = (app.clock.new_uuid(), app.clock.now_ms());
    let begun = app
        .db
        .write(move |txn| Box::pin(async move { repo::begin(txn, id, run, now_ms).await }))
        .await?;
    if !begun {
        return Ok(());
    }
    let mut making = Making {
        app,
        scope,
        pieces: Pieces {
            agency: row.agency_id,
            bundle: id,
            run,
            count: 0,
        },
        progress: Progress::default(),
        size_bytes: 0,
        told_at: Instant::now(),
    };
    if !making.run(&row).await? {
        making.pieces.remove(app).await?;
    }
    Ok(())
}

/// Nobody makes it any more: it must not look as if somebody did.
///
/// # Errors
/// As the database has them.
pub async fn gave_up(txn: &DatabaseTransaction, now_ms: i64, job: MakeBundle) -> Result<()> {
    Ok(repo::fail(txn, job.bundle, now_ms).await?)
}

async fn fail(app: &App, id: BundleId) -> Result<()> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| Box::pin(async move { Ok(repo::fail(txn, id, now_ms).await?) }))
        .await
}

struct Making<'a> {
    app: &'a App,
    scope: Scope,
    pieces: Pieces,
    progress: Progress,
    size_bytes: usize,
    told_at: Instant,
}

impl Making<'_> {
    /// False when it is not this run's any more, or comes to nothing.
    async fn run(&mut self, row: &bundle::Model) -> Result<bool> {
        let (app, agency) = (self.app, row.agency_id);
        let wanted = audits(row)?;
        let language = super::service::filter(row)?.language;
        let before = crate::reports::redactions(app, agency, &wanted).await?;
        let mut zip = Zip::new();
        let mut kept: Vec<PublishedAuditId> = Vec::new();
        for audit in wanted.iter().copied() {
            let printed = crate::reports::print(app, &self.scope, audit, language.as_deref());
            match printed.await {
                Ok(paper) => {
                    zip.add(&paper.file_name, paper.published_on, &paper.bytes)?;
                    kept.push(audit);
                }
                Err(Error::NotFound) => self.progress.left_out += 1,
                Err(error) => return Err(error),
            }
            self.progress.done += 1;
            while let Some(piece) = zip.take(PIECE_BYTES) {
                if !self.put(piece).await? {
                    return Ok(false);
                }
            }
            if self.told_at.elapsed() >= TELL_EVERY && !self.tell().await? {
                return Ok(false);
            }
        }
        if kept.is_empty() {
            self.tell().await?;
            fail(app, row.id).await?;
            return Ok(false);
        }
        for piece in zip.finish(PIECE_BYTES)? {
            if !self.put(piece).await? {
                return Ok(false);
            }
        }
        if crate::reports::redactions(app, agency, &wanted).await? != before {
            // A reviewer covered part of a photo that may have been printed already: once more.
            return Err(Error::Overloaded);
        }
        let redactions = crate::reports::redactions(app, agency, &kept).await?;
        self.finish(&kept, redactions).await
    }

    /// Told before it is put, so that a row knows of every piece there may be.
    async fn put(&mut self, piece: bytes::Bytes) -> Result<bool> {
        let number = self.pieces.count;
        self.pieces.count += 1;
        self.progress.pieces += 1;
        if !self.tell().await? {
            return Ok(false);
        }
        self.size_bytes += piece.len();
        self.pieces.put(self.app, number, piece).await?;
        Ok(true)
    }

    async fn tell(&mut self) -> Result<bool> {
        let Pieces { bundle, run, .. } = self.pieces;
        let (progress, now_ms) = (self.progress, self.app.clock.now_ms());
        let told = self.app.db.write(move |txn| {
            Box::pin(async move { repo::go_on(txn, bundle, run, progress, now_ms).await })
        });
        self.told_at = Instant::now();
        Ok(told.await?)
    }

    async fn finish(&self, kept: &[PublishedAuditId], redactions: i64) -> Result<bool> {
        let Pieces { bundle, run, .. } = self.pieces;
        let (progress, now_ms) = (self.progress, self.app.clock.now_ms());
        let made = Made {
            audits: serde_json::to_string(kept)
                .map_err(|error| Error::Internal(error.to_string()))?,
            size_bytes: i64::try_from(self.size_bytes).unwrap_or(i64::MAX),
            redactions,
            expires_at_ms: now_ms + KEPT_MS,
        };
        let finished = self.app.db.write(move |txn| {
            Box::pin(async move {
                Ok::<_, Error>(
                    repo::go_on(txn, bundle, run, progress, now_ms).await?
                        && repo::finish(txn, bundle, run, made, now_ms).await?,
                )
            })
        });
        finished.await
    }
}
