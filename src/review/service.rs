//! What a reviewer reads: the queue, one audit beside its evidence.

use std::sync::Arc;

use super::queue::{self, Filter, Named};
use crate::accounts::Scope;
use crate::app::App;
use crate::audits::repo as audits;
use crate::checklists::cache::Compiled;
use crate::comparisons::service::Pair;
use crate::db::entities::{audit, audit_photo, person, photo, review, submission, visit};
use crate::domain::audit::{AuditDocument, TrapKey, TrapOutcome, trap_outcome};
use crate::domain::ids::{AuditId, Sha256};
use crate::domain::photo::RenditionSize;
use crate::domain::photo::camera::Doubt;
use crate::domain::photo::redaction::Redaction;
use crate::error::{Error, Result};
use crate::http::views::{Page, Window};
use crate::journal;
use crate::photos::published::{self, Published};
use crate::photos::service::{Copied, Variant};

/// Everything about one audit.
#[derive(Debug)]
pub struct Opened {
    pub named: Named,
    pub visit: visit::Model,
    pub submission: submission::Model,
    pub document: AuditDocument,
    pub compiled: Arc<Compiled>,
    pub photos: Vec<(audit_photo::Model, Option<photo::Model>)>,
    pub decisions: Vec<(review::Model, Option<person::Model>)>,
    /// Right answers to the traps of this version, and how each went.
    pub traps: Vec<(TrapKey, TrapOutcome)>,
    pub legs: Vec<Leg>,
    /// Where its photos disagree with what it says.
    pub doubts: Vec<Doubt>,
    /// Photos of it that stand in other audits, too.
    pub pairs: Vec<Pair>,
}

/// The other visit of two that belong together.
#[derive(Debug)]
pub struct Leg {
    /// Whether the other one is the first leg.
    pub is_first: bool,
    pub visit: visit::Model,
    /// The newest audit of that visit, if one has come.
    pub audit: Option<audit::Model>,
    pub checklist_slug: String,
}

/// One page of audits.
pub async fn list(
    app: &App,
    scope: &Scope,
    filter: &Filter,
    window: Window,
) -> Result<Page<Named>> {
    let (rows, total) = queue::list(app.db.reader(), scope, filter, window).await?;
    Ok(window.page(rows, total))
}

/// One audit with all that belongs to it.
///
/// # Errors
/// [`Error::NotFound`] when the scope does not reach it.
pub async fn open(app: &App, scope: &Scope, id: AuditId) -> Result<Opened> {
    let db = app.db.reader();
    let audit = audits::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    let submission = audits::document(db, &audit).await?;
    let document: AuditDocument = serde_json::from_slice(&submission.body)
        .map_err(|error| Error::Internal(format!("document of audit {id}: {error}")))?;
    let compiled = crate::checklists::service::compiled(app, scope.agency, audit.checklist_sha256)
        .await?
        .ok_or_else(|| Error::Internal(format!("the checklist of audit {id} is gone")))?;
    let mut photos = Vec::new();
    for named in audits::photos(db, id).await? {
        let photo = crate::photos::repo::photo(db, scope.agency, named.sha256).await?;
        photos.push((named, photo));
    }
    let decisions = queue::decisions(db, id).await?;
    let visit = crate::visits::service::find(app, scope, audit.visit_id).await?;
    let keys =
        crate::campaigns::traps::at_location(db, visit.campaign_id, visit.location_id).await?;
    let traps = keys
        .into_iter()
        .map(|key| {
            let outcome = trap_outcome(&compiled.checklist, &document.answers, &key);
            (key, outcome)
        })
        .collect();
    let legs = legs(app, scope, &visit).await?;
    let doubts = crate::comparisons::service::doubts_of(app, &audit).await?;
    let pairs = crate::comparisons::service::pairs_of(app, scope, id).await?;
    let named = queue::with_names(db, audit).await?;
    Ok(Opened {
        named,
        visit,
        submission,
        document,
        compiled,
        photos,
        decisions,
        traps,
        legs,
        doubts,
        pairs,
    })
}

async fn legs(app: &App, scope: &Scope, visit: &visit::Model) -> Result<Vec<Leg>> {
    let db = app.db.reader();
    let mut legs = Vec::new();
    for (is_first, other) in crate::visits::legs::others(db, scope, visit).await? {
        let audit = match other.audit_id {
            Some(audit) => audits::find(db, scope, audit).await?,
            None => None,
        };
        let title =
            crate::checklists::service::title(db, app, scope.agency, other.checklist_sha256)
                .await?;
        legs.push(Leg {
            is_first,
            visit: other,
            audit,
            checklist_slug: title.slug,
        });
    }
    Ok(legs)
}

/// The bytes of a photo that an audit names, with their media type.
///
/// # Errors
/// [`Error::NotFound`] when the audit does not name it or it has not come.
pub async fn photo(
    app: &App,
    scope: &Scope,
    id: AuditId,
    sha256: Sha256,
    variant: Variant,
) -> Result<Copied> {
    names(app, scope, id, sha256).await?;
    crate::photos::service::copy(app, scope.agency, sha256, variant).await
}

/// A photo that an audit names, as it is seen outside the agency.
///
/// # Errors
/// As [`photo`] has them.
pub async fn published_photo(
    app: &App,
    scope: &Scope,
    id: AuditId,
    sha256: Sha256,
) -> Result<Published> {
    names(app, scope, id, sha256).await?;
    let size = RenditionSize::Large;
    published::published(app, scope.agency, sha256, size, None)
        .await?
        .ok_or(Error::NotFound)
}

/// Covers parts of a photo that an audit names for everybody outside the agency; the journal keeps who drew what.
///
/// # Errors
/// [`Error::NotFound`] when the audit does not name it or it has not come; as [`published::redact`] has them.
pub async fn redact(
    app: &App,
    scope: &Scope,
    id: AuditId,
    sha256: Sha256,
    redactions: Vec<Redaction>,
    seen_version: i32,
) -> Result<()> {
    names(app, scope, id, sha256).await?;
    let (inner, scope) = (app.clone(), scope.clone());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let version =
                    published::redact(txn, &inner, scope.agency, sha256, &redactions, seen_version)
                        .await?;
                let detail = serde_json::json!({
                    "audit": id, "version": version, "redactions": redactions,
                });
                journal::write(
                    txn,
                    &scope,
                    inner.clock.now_ms(),
                    "photo.redact",
                    &sha256,
                    Some(detail.to_string()),
                )
                .await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    app.jobs.wake();
    Ok(())
}

/// Makes sure that the audit names the photo and that it has come.
async fn names(app: &App, scope: &Scope, id: AuditId, sha256: Sha256) -> Result<()> {
    let db = app.db.reader();
    let audit = audits::find(db, scope, id).await?.ok_or(Error::NotFound)?;
    let named = audits::photos(db, audit.id).await?;
    if !named
        .iter()
        .any(|photo| photo.sha256 == sha256 && photo.stored)
    {
        return Err(Error::NotFound);
    }
    Ok(())
}
