//! One reweighting on its way through many audits, of whatever version of the checklist each of them was.

use std::collections::HashMap;

use super::repo::{self, About};
use crate::app::App;
use crate::db::entities::{audit, submission};
use crate::domain::audit::Answered;
use crate::domain::checklist::Checklist;
use crate::domain::checklist::reweighting::Reweighting;
use crate::domain::ids::{AuditId, LocationId, Sha256};
use crate::domain::scoring::{self, Score};
use crate::error::{Error, Result};

/// The score that an audit has, and the one that it would have.
#[derive(Clone, Debug)]
pub struct Tried {
    pub audit: AuditId,
    pub location: LocationId,
    pub before: Score,
    pub after: Score,
}

/// Audits that are in memory at once.
const AUDITS_AT_ONCE: u64 = 200;

/// Some audits on their way through.
#[derive(Debug)]
pub struct Batch {
    /// All of them.
    pub audits: u64,
    /// Those whose version the weights fit.
    pub tried: Vec<Tried>,
}

/// Knows each version with the other weights once it has met it.
#[derive(Debug)]
pub struct Trial {
    about: About,
    /// The last audit that was scored.
    after: Option<AuditId>,
    reweighting: Reweighting,
    /// None for a version that the weights do not fit: it lacks a section or question that they name.
    versions: HashMap<Sha256, Option<Checklist>>,
}

impl Trial {
    pub fn new(about: About, reweighting: Reweighting) -> Self {
        Self {
            about,
            after: None,
            reweighting,
            versions: HashMap::new(),
        }
    }

    /// Scores the next audits of what it is about, by id; `None` when there are no more.
    ///
    /// # Errors
    /// As the database has them; [`Error::Internal`] for rows that cannot be read.
    pub async fn next(&mut self, app: &App) -> Result<Option<Batch>> {
        let db = app.db.reader();
        let audits = repo::batch(db, &self.about, self.after, AUDITS_AT_ONCE).await?;
        let Some(last) = audits.last() else {
            return Ok(None);
        };
        self.after = Some(last.id);
        let mut batch = Batch {
            audits: audits.len() as u64,
            tried: Vec::with_capacity(audits.len()),
        };
        for (audit, document) in crate::audits::repo::with_documents(db, audits).await? {
            let Some(document) = document else { continue };
            if let Some(tried) = self.score(app, &audit, &document).await? {
                batch.tried.push(tried);
            }
        }
        Ok(Some(batch))
    }

    /// Scores one audit; `None` when the weights do not fit its version.
    ///
    /// # Errors
    /// [`Error::Internal`] for rows that cannot be read.
    async fn score(
        &mut self,
        app: &App,
        audit: &audit::Model,
        document: &submission::Model,
    ) -> Result<Option<Tried>> {
        let Some(checklist) = self.version(app, audit.checklist_sha256).await? else {
            return Ok(None);
        };
        let unread = |error| Error::Internal(format!("audit {}: {error}", audit.id));
        let before: Score = serde_json::from_str(&audit.score).map_err(unread)?;
        let answered: Answered = serde_json::from_slice(&document.body).map_err(unread)?;
        let after = scoring::score(checklist, &answered.answers);
        Ok(Some(Tried {
            audit: audit.id,
            location: audit.location_id,
            before,
            after,
        }))
    }

    async fn version(&mut self, app: &App, sha256: Sha256) -> Result<Option<&Checklist>> {
        if !self.versions.contains_key(&sha256) {
            let version =
                crate::checklists::service::compiled(app, self.about.agency, sha256).await?;
            let version =
                version.ok_or_else(|| Error::Internal(format!("checklist {sha256} is gone")))?;
            let reweighted = self.reweighting.apply(&version.checklist).ok();
            self.versions.insert(sha256, reweighted);
        }
        Ok(self.versions.get(&sha256).and_then(Option::as_ref))
    }
}
