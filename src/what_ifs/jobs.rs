//! Scores the audits of a what-if in the background, in batches, so that a stop loses a batch at most.
//!
//! It may run twice: scores that are there stay as they are, and are the same anyway.

use sea_orm::{DatabaseTransaction, Set};
use serde::{Deserialize, Serialize};

use super::repo::{self, About};
use super::service::{DONE, FAILED, RUNNING};
use super::trial::Trial;
use crate::app::App;
use crate::db::entities::what_if_score;
use crate::domain::checklist::reweighting::Reweighting;
use crate::domain::ids::{AuditId, WhatIfId};
use crate::domain::scoring::Score;
use crate::error::{Error, Result};
use crate::jobs::Job;

/// Scores the audits of a what-if.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ScoreWhatIf {
    pub what_if: WhatIfId,
}

impl Job for ScoreWhatIf {
    const KIND: &'static str = "what_if.score";
}

/// # Errors
/// Whatever makes another try worth while.
pub async fn score(app: &App, job: ScoreWhatIf) -> Result<()> {
    let id = job.what_if;
    let Some(row) = repo::by_id(app.db.reader(), id).await? else {
        return Ok(());
    };
    let about = About {
        agency: row.agency_id,
        slug: row.checklist_slug,
        client: row.client_id,
    };
    let reweighting: Reweighting = serde_json::from_str(&row.reweighting)
        .map_err(|error| Error::Internal(format!("what-if {id}: {error}")))?;
    let mut trial = Trial::new(about, reweighting);
    let mut done = 0;
    while let Some(batch) = trial.next(app).await? {
        done += batch.audits;
        let mut rows = Vec::with_capacity(batch.tried.len());
        for tried in batch.tried {
            rows.push(what_if_score::ActiveModel {
                what_if_id: Set(id),
                audit_id: Set(tried.audit),
                location_id: Set(tried.location),
                before: Set(text(tried.audit, tried.before)?),
                after: Set(text(tried.audit, tried.after)?),
            });
        }
        app.db
            .write(move |txn| {
                Box::pin(async move {
                    // Somebody may have thrown it away meanwhile.
                    if repo::by_id(txn, id).await?.is_some() {
                        repo::insert_scores(txn, rows).await?;
                        repo::set_state(txn, id, RUNNING, done, None).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    finish(app, id, done).await
}

/// Nobody scores it any more: it must not look as if somebody did.
///
/// # Errors
/// As the database has them.
pub async fn gave_up(txn: &DatabaseTransaction, now_ms: i64, job: ScoreWhatIf) -> Result<()> {
    if let Some(row) = repo::by_id(txn, job.what_if).await? {
        let done = u64::try_from(row.audits_done).unwrap_or_default();
        repo::set_state(txn, row.id, FAILED, done, Some(now_ms)).await?;
    }
    Ok(())
}

/// The trace would be most of the text, and can be had again from the answers.
fn text(audit: AuditId, mut score: Score) -> Result<String> {
    score.trace = Vec::new();
    serde_json::to_string(&score)
        .map_err(|error| Error::Internal(format!("score of audit {audit}: {error}")))
}

async fn finish(app: &App, id: WhatIfId, done: u64) -> Result<()> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::set_state(txn, id, DONE, done, Some(now_ms)).await?;
                Ok(())
            })
        })
        .await
}
