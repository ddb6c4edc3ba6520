//! The small intents of a phone, each done once however often it is sent.

use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::repo::Changed;
use super::{feed, repo, service};
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::command;
use crate::db::feed::{FeedChange, publish};
use crate::domain::ids::{FeedbackId, VisitId};
use crate::domain::visit::VisitEvent;
use crate::error::{Error, Result};

/// What a phone wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum CommandKind {
    #[serde(rename = "visit.accept")]
    VisitAccept,
    #[serde(rename = "visit.decline")]
    VisitDecline,
    #[serde(rename = "feedback.read")]
    FeedbackRead,
}

impl CommandKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::VisitAccept => "visit.accept",
            Self::VisitDecline => "visit.decline",
            Self::FeedbackRead => "feedback.read",
        }
    }
}

/// One intent; `id` is made by the phone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Command {
    pub id: Uuid,
    pub kind: CommandKind,
    /// The visit or feedback that it is about.
    pub subject: Uuid,
}

/// What became of one intent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommandResult {
    pub id: Uuid,
    /// done or refused.
    pub outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Does one command in a transaction of its own, so that one failure blocks nothing.
///
/// # Errors
/// Only what may pass; a command that cannot be done is a result.
pub async fn run(app: &App, shopper: ShopperScope, wanted: Command) -> Result<CommandResult> {
    if let Some(before) = find(app.db.reader(), shopper, wanted.id).await? {
        return Ok(before);
    }
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            // The same command may come twice at once: the second waits here, and is given the first one's answer.
            crate::accounts::service::lock_person(txn, shopper.person).await?;
            if let Some(before) = find(txn, shopper, wanted.id).await? {
                return Ok(before);
            }
            let attempt = perform(txn, &app, shopper, &wanted).await;
            let (outcome, code, detail, changes) = match attempt {
                Ok(changes) => ("done", None, None, changes),
                Err(Error::NotFound) => (
                    "refused",
                    Some("not_found"),
                    Some(Error::NotFound.to_string()),
                    vec![],
                ),
                Err(Error::WrongState(detail)) => {
                    ("refused", Some("wrong_state"), Some(detail), vec![])
                }
                Err(other) => return Err(other),
            };
            let now_ms = app.clock.now_ms();
            let row = command::ActiveModel {
                person_id: Set(shopper.person),
                id: Set(wanted.id),
                kind: Set(wanted.kind.as_str().to_owned()),
                subject: Set(wanted.subject),
                outcome: Set(outcome.to_owned()),
                code: Set(code.map(str::to_owned)),
                detail: Set(detail.clone()),
                received_at_ms: Set(now_ms),
            };
            command::Entity::insert(row)
                .exec_without_returning(txn)
                .await?;
            publish(txn, changes, now_ms).await?;
            Ok(CommandResult {
                id: wanted.id,
                outcome: outcome.to_owned(),
                code: code.map(str::to_owned),
                detail,
            })
        })
    })
    .await
}

async fn find(
    db: &impl ConnectionTrait,
    shopper: ShopperScope,
    id: Uuid,
) -> Result<Option<CommandResult>> {
    let row = command::Entity::find_by_id((shopper.person, id))
        .one(db)
        .await?;
    Ok(row.map(|row| CommandResult {
        id: row.id,
        outcome: row.outcome,
        code: row.code,
        detail: row.detail,
    }))
}

async fn perform(
    txn: &DatabaseTransaction,
    app: &App,
    shopper: ShopperScope,
    wanted: &Command,
) -> Result<Vec<FeedChange>> {
    let event = match wanted.kind {
        CommandKind::FeedbackRead => {
            let id = FeedbackId(wanted.subject);
            let now_ms = app.clock.now_ms();
            return crate::review::feedback::mark_read(txn, shopper, id, now_ms).await;
        }
        CommandKind::VisitAccept => VisitEvent::Accept,
        CommandKind::VisitDecline => VisitEvent::Decline,
    };
    let visit = repo::lock(txn, shopper.agency, VisitId(wanted.subject))
        .await?
        .filter(|visit| visit.shopper_id == Some(shopper.person))
        .ok_or(Error::NotFound)?;
    let state = service::follow(&visit, event)?;
    let declined = event == VisitEvent::Decline;
    let changed = Changed {
        state,
        shopper: (!declined).then_some(shopper.person),
        audit: visit.audit_id,
        withdrawn_reason: None,
    };
    let visit = repo::change(txn, visit, changed).await?;
    Ok(vec![if declined {
        feed::del(shopper.person, &visit, "reassigned")
    } else {
        feed::put(txn, app, shopper.person, &visit).await?
    }])
}
