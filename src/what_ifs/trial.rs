//! One reweighting on its way through many audits, of whatever version of the checklist each of them was.

use std::collections::HashMap;

use crate::app::App;
use crate::db::entities::{audit, submission};
use crate::domain::answer::Answers;
use crate::domain::checklist::Checklist;
use crate::domain::checklist::reweighting::Reweighting;
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::scoring::{self, Score};
use crate::error::{Error, Result};

/// The score that an audit has, and the one that it would have.
#[derive(Clone, Debug)]
pub struct Tried {
    pub before: Score,
    pub after: Score,
}

/// Knows each version with the other weights once it has met it.
#[derive(Debug)]
pub struct Trial {
    agency: AgencyId,
    reweighting: Reweighting,
    /// None for a version that the weights do not fit: it lacks a section or question that they name.
    versions: HashMap<Sha256, Option<Checklist>>,
}

#[derive(serde::Deserialize)]
struct Answered {
    answers: Answers,
}

impl Trial {
    pub fn new(agency: AgencyId, reweighting: Reweighting) -> Self {
        Self {
            agency,
            reweighting,
            versions: HashMap::new(),
        }
    }

    /// Scores one audit; `None` when the weights do not fit its version.
    ///
    /// # Errors
    /// [`Error::Internal`] for rows that cannot be read.
    pub async fn score(
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
        Ok(Some(Tried { before, after }))
    }

    async fn version(&mut self, app: &App, sha256: Sha256) -> Result<Option<&Checklist>> {
        if !self.versions.contains_key(&sha256) {
            let version = crate::checklists::service::compiled(app, self.agency, sha256).await?;
            let version =
                version.ok_or_else(|| Error::Internal(format!("checklist {sha256} is gone")))?;
            let reweighted = self.reweighting.apply(&version.checklist).ok();
            self.versions.insert(sha256, reweighted);
        }
        Ok(self.versions.get(&sha256).and_then(Option::as_ref))
    }
}
