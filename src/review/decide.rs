//! A reviewer's decision: one transaction over the audit, its visit, the feedback, the feeds, the rollups and the journal.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, Set};

use super::feedback::{self, Comment};
use crate::accounts::Scope;
use crate::app::App;
use crate::audits::{completeness, repo as audits};
use crate::db::entities::{audit, audit_photo, review};
use crate::db::feed::publish;
use crate::domain::ids::{AuditId, PublishedAuditId, Sha256};
use crate::domain::scoring::Score;
use crate::domain::visit::VisitEvent;
use crate::error::{Error, Result};
use crate::journal;
use crate::visits::repo::Changed;
use crate::webhooks::service as webhooks;

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Approve,
    Return,
    Reject,
}

impl Outcome {
    /// The word in the table and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Return => "returned",
            Self::Reject => "rejected",
        }
    }

    fn event(self) -> VisitEvent {
        match self {
            Self::Approve => VisitEvent::Approve,
            Self::Return => VisitEvent::Return,
            Self::Reject => VisitEvent::Reject,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Approve => "audit.approve",
            Self::Return => "audit.return",
            Self::Reject => "audit.reject",
        }
    }
}

/// A decision with its words.
#[derive(Clone, Debug)]
pub struct Decision {
    pub outcome: Outcome,
    pub message: String,
    pub comments: Vec<Comment>,
}

/// Decides on an audit that waits. Approving publishes it: from then on its client sees it and it counts.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it does not wait; [`Error::AuditIncomplete`] when it is to be
/// approved while photos are missing.
pub async fn decide(app: &App, scope: &Scope, id: AuditId, decision: Decision) -> Result<()> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            // Lock order everywhere: visit, then audit, then feed.
            let found = audits::find(txn, &scope, id)
                .await?
                .ok_or(Error::NotFound)?;
            let visit = crate::visits::repo::lock(txn, scope.agency, found.visit_id)
                .await?
                .ok_or_else(|| Error::Internal(format!("the visit of audit {id} is gone")))?;
            let audit = audits::lock(txn, scope.agency, id)
                .await?
                .ok_or(Error::NotFound)?;
            check(&audit, decision.outcome)?;
            let published = set_audit(txn, &app, &audit, decision.outcome).await?;
            if let Some(published) = published {
                let (agency, client) = (audit.agency_id, audit.client_id);
                webhooks::published(txn, &*app.clock, agency, client, published).await?;
            }
            note(txn, &app, &scope, &audit, &decision).await?;
            let (outcome, message) = (decision.outcome.as_str(), decision.message.clone());
            let comments = comments_json(&decision)?;
            let told = feedback::tell(txn, &app, &audit, outcome, message, comments).await?;
            let mut changes = vec![told];
            // A second audit for a visit is decided on without moving the visit, whose newest audit is another.
            if visit.audit_id == Some(id)
                && let Ok(state) = crate::visits::service::follow(&visit, decision.outcome.event())
            {
                let changed = Changed {
                    state,
                    shopper: visit.shopper_id,
                    audit: visit.audit_id,
                    withdrawn_reason: None,
                };
                let visit = crate::visits::repo::change(txn, visit, changed).await?;
                changes.push(crate::visits::feed::put(txn, &app, audit.shopper_id, &visit).await?);
            }
            publish(txn, changes, app.clock.now_ms()).await?;
            Ok(())
        })
    })
    .await
}

fn check(audit: &audit::Model, outcome: Outcome) -> Result<()> {
    if audit.state != "submitted" && !(audit.state == "returned" && outcome != Outcome::Return) {
        return Err(Error::WrongState(format!(
            "this audit is {}; only one that waits for review can be {}",
            audit.state,
            outcome.as_str()
        )));
    }
    if outcome == Outcome::Approve && !audit.complete {
        return Err(Error::AuditIncomplete {
            missing: audit.photos_total - audit.photos_stored,
        });
    }
    Ok(())
}

async fn set_audit(
    txn: &DatabaseTransaction,
    app: &App,
    row: &audit::Model,
    outcome: Outcome,
) -> Result<Option<PublishedAuditId>> {
    let mut update = audit::Entity::update_many()
        .col_expr(audit::Column::State, Expr::value(outcome.as_str()))
        .filter(audit::Column::Id.eq(row.id));
    let mut now_published = None;
    if outcome == Outcome::Approve {
        let published =
            PublishedAuditId(uuid::Builder::from_random_bytes(rand::random()).into_uuid());
        update = update
            .col_expr(audit::Column::PublishedId, Expr::value(published))
            .col_expr(
                audit::Column::PublishedAtMs,
                Expr::value(app.clock.now_ms()),
            );
        let score: Score = serde_json::from_str(&row.score)
            .map_err(|error| Error::Internal(format!("score of audit {}: {error}", row.id)))?;
        crate::rankings::rollup::add(txn, row, &score).await?;
        now_published = Some(published);
    }
    update.exec(txn).await?;
    Ok(now_published)
}

fn comments_json(decision: &Decision) -> Result<String> {
    serde_json::to_string(&decision.comments).map_err(|error| Error::Internal(error.to_string()))
}

async fn note(
    txn: &DatabaseTransaction,
    app: &App,
    scope: &Scope,
    audit: &audit::Model,
    decision: &Decision,
) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let row = review::ActiveModel {
        id: Set(app.clock.new_uuid()),
        agency_id: Set(scope.agency),
        audit_id: Set(audit.id),
        reviewer_id: Set(scope.person),
        outcome: Set(decision.outcome.as_str().to_owned()),
        message: Set(decision.message.clone()),
        comments: Set(comments_json(decision)?),
        decided_at_ms: Set(now_ms),
    };
    review::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    journal::write(
        txn,
        scope,
        now_ms,
        decision.outcome.action(),
        &audit.id,
        None,
    )
    .await?;
    Ok(())
}

/// Lets an audit be complete without a photo that will not come.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when the photo is here.
pub async fn waive(
    app: &App,
    scope: &Scope,
    id: AuditId,
    sha256: Sha256,
    reason: String,
) -> Result<()> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let audit = audits::find(txn, &scope, id)
                .await?
                .ok_or(Error::NotFound)?;
            crate::accounts::service::lock_person(txn, audit.shopper_id).await?;
            let photos = audits::photos(txn, id).await?;
            let photo = photos
                .iter()
                .find(|photo| photo.sha256 == sha256)
                .ok_or(Error::NotFound)?;
            if photo.stored {
                return Err(Error::WrongState("this photo has come".to_owned()));
            }
            audit_photo::Entity::update_many()
                .col_expr(
                    audit_photo::Column::WaivedReason,
                    Expr::value(reason.clone()),
                )
                .filter(audit_photo::Column::AuditId.eq(id))
                .filter(audit_photo::Column::Sha256.eq(sha256))
                .exec(txn)
                .await?;
            completeness::recount(txn, id).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "audit.waive_photo", &id, Some(reason)).await?;
            Ok(())
        })
    })
    .await
}
