//! The word to the shopper that follows a decision, and how their phone hears of it.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Set,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::{audit, feedback, location};
use crate::db::feed::{FeedChange, Kind, Op};
use crate::domain::ids::{AuditId, FeedbackId, VisitId};
use crate::error::{Error, Result};
use crate::http::views::instant;

/// A remark about one question.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    pub question: String,
    pub text: String,
}

/// Feedback on a phone.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Feedback {
    pub id: FeedbackId,
    pub visit: VisitId,
    pub audit: AuditId,
    /// approved, returned or rejected; of work in quarantine placed, work_accepted or work_rejected.
    pub outcome: String,
    pub message: String,
    pub comments: Vec<Comment>,
    pub location_name: String,
    pub created_at: String,
    pub read: bool,
    #[schema(required)]
    pub total_micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
}

/// The entry that tells a shopper of `feedback`.
///
/// # Errors
/// As the database has them.
pub async fn put(txn: &DatabaseTransaction, row: &feedback::Model) -> Result<FeedChange> {
    let gone = || Error::Internal(format!("feedback {} names something that is gone", row.id));
    let audit = audit::Entity::find_by_id(row.audit_id)
        .one(txn)
        .await?
        .ok_or_else(gone)?;
    let location = location::Entity::find_by_id(audit.location_id)
        .one(txn)
        .await?
        .ok_or_else(gone)?;
    let value = Feedback {
        id: row.id,
        visit: row.visit_id,
        audit: row.audit_id,
        outcome: row.outcome.clone(),
        message: row.message.clone(),
        comments: comments(&row.comments)?,
        location_name: location.name,
        created_at: instant(row.created_at_ms),
        read: row.read_at_ms.is_some(),
        total_micros: audit.total_micros,
        service_micros: audit.service_micros,
        experience_micros: audit.experience_micros,
    };
    let value =
        serde_json::to_string(&value).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(FeedChange {
        person: row.person_id,
        kind: Kind::Feedback,
        id: row.id.0,
        rev: row.rev,
        op: Op::Put(value),
    })
}

/// Writes a word to the shopper of `audit`, and returns the entry that tells their phone. `comments` is JSON as it is kept.
///
/// # Errors
/// As the database has them.
pub async fn tell(
    txn: &DatabaseTransaction,
    app: &App,
    audit: &audit::Model,
    outcome: &str,
    message: String,
    comments: String,
) -> Result<FeedChange> {
    let row = feedback::ActiveModel {
        id: Set(FeedbackId(app.clock.new_uuid())),
        agency_id: Set(audit.agency_id),
        person_id: Set(audit.shopper_id),
        visit_id: Set(audit.visit_id),
        audit_id: Set(audit.id),
        outcome: Set(outcome.to_owned()),
        message: Set(message),
        comments: Set(comments),
        rev: Set(1),
        created_at_ms: Set(app.clock.now_ms()),
        read_at_ms: Set(None),
    };
    let row = feedback::Entity::insert(row)
        .exec_with_returning(txn)
        .await?;
    put(txn, &row).await
}

/// Reads comments as they are kept.
///
/// # Errors
/// [`Error::Internal`] when they are not what was kept.
pub fn comments(json: &str) -> Result<Vec<Comment>> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("comments: {error}")))
}

/// Notes that a shopper has read a feedback.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn mark_read(
    txn: &DatabaseTransaction,
    shopper: ShopperScope,
    id: FeedbackId,
    now_ms: i64,
) -> Result<Vec<FeedChange>> {
    let mut row = feedback::Entity::find_by_id(id)
        .filter(feedback::Column::PersonId.eq(shopper.person))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or(Error::NotFound)?;
    if row.read_at_ms.is_some() {
        return Ok(Vec::new());
    }
    row.read_at_ms = Some(now_ms);
    row.rev += 1;
    feedback::Entity::update_many()
        .col_expr(feedback::Column::ReadAtMs, Expr::value(now_ms))
        .col_expr(feedback::Column::Rev, Expr::value(row.rev))
        .filter(feedback::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(vec![put(txn, &row).await?])
}
