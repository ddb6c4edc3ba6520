//! Receiving an audit: exactly once, whatever the line does.
//!
//! Everything that an arrival changes is one transaction: the raw bytes, the audit or the quarantine, the expected
//! photos, the visit, the feed, the journal, the receipt. Its COMMIT is what a 2xx means.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ActiveValue::NotSet;
use sea_orm::{DatabaseTransaction, Set};
use serde::Serialize;
use utoipa::ToSchema;

use super::arrival::{self, Examined};
use super::placing::Placing;
use super::receipt::Receipt;
use super::repo;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::submission;
use crate::db::feed::{FeedChange, publish};
use crate::domain::ids::{AuditId, Sha256};
use crate::domain::sync::QuarantineReason;
use crate::error::{Error, Pointed, Result};
use crate::http::views::instant;
use crate::journal;
use crate::sync::receipt_keys::Keys;

/// What became of a submission.
#[derive(Debug)]
pub struct Received {
    /// These bytes had been here before.
    pub again: bool,
    pub quarantined: Option<(String, Vec<Pointed>)>,
    pub receipt: String,
}

/// What the server already knows of a submission.
#[derive(Debug)]
pub struct Standing {
    /// It waits in quarantine, or was settled there without becoming an audit.
    pub quarantined: bool,
    pub receipt: Receipt,
    pub settled: Option<SettledForShopper>,
}

/// What a reviewer has made of work in quarantine, as its shopper is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettledForShopper {
    /// placed, accepted or rejected.
    pub outcome: String,
    pub at: String,
    pub note: String,
}

/// How these submissions stand, as far as they are here; one question for all of them.
///
/// # Errors
/// As the database has them.
pub async fn standing(
    app: &App,
    shopper: ShopperScope,
    named: &[(AuditId, Sha256)],
) -> Result<HashMap<(AuditId, Sha256), Standing>> {
    let now_ms = app.clock.now_ms();
    let keys = app.receipt_keys.current(&app.db, now_ms).await;
    let rows = repo::submissions(app.db.reader(), shopper, named).await?;
    let standing = rows.into_iter().map(|row| {
        let settled = row
            .settled_at_ms
            .zip(row.settled_outcome)
            .map(|(at_ms, outcome)| SettledForShopper {
                outcome,
                at: instant(at_ms),
                note: row.settled_note.unwrap_or_default(),
            });
        let receipt = Receipt::given_again(row.receipt, row.received_at_ms, &keys, now_ms)?;
        let standing = Standing {
            quarantined: row.outcome == repo::QUARANTINED && row.settled_audit_id.is_none(),
            receipt: Receipt::from_text(&receipt)?,
            settled,
        };
        Ok(((row.audit_id, row.sha256), standing))
    });
    standing.collect()
}

/// Takes in the exact bytes of an audit document.
///
/// # Errors
/// [`Error::Malformed`] for what is not JSON, [`Error::TooLarge`] beyond a limit, and what the database has. Everything
/// else is kept: see [`Received`].
pub async fn receive(
    app: &App,
    shopper: ShopperScope,
    id: AuditId,
    bytes: bytes::Bytes,
) -> Result<Received> {
    let received = take_in(app, shopper, id, bytes).await?;
    let outcome = match &received {
        Received { again: true, .. } => "already",
        Received {
            quarantined: Some(_),
            ..
        } => "quarantined",
        _ => "placed",
    };
    app.metrics.audit_received(outcome);
    Ok(received)
}

async fn take_in(
    app: &App,
    shopper: ShopperScope,
    id: AuditId,
    bytes: bytes::Bytes,
) -> Result<Received> {
    let sha256 = Sha256::of(&bytes);
    let now_ms = app.clock.now_ms();
    let keys = app.receipt_keys.current(&app.db, now_ms).await;
    if let Some(row) = repo::submission(app.db.reader(), shopper, id, sha256).await? {
        return again(row, &keys, now_ms);
    }
    let examined = arrival::examine(app, shopper, id, &bytes).await?;
    let (app, db) = (app.clone(), app.db.clone());
    db.write(move |txn| {
        Box::pin(async move {
            if examined.names_photos() {
                crate::accounts::service::lock_person(txn, shopper.person).await?;
            }
            let arrived = Arrived {
                app,
                shopper,
                id,
                sha256,
                received_at_ms: 0,
                keys,
            };
            arrived.settle(txn, examined, &bytes).await
        })
    })
    .await
}

fn again(row: submission::Model, keys: &Keys, now_ms: i64) -> Result<Received> {
    let quarantined = match (row.outcome.as_str(), row.reason) {
        // What a reviewer has placed since is an audit like any other.
        (repo::QUARANTINED, Some(reason)) if row.settled_audit_id.is_none() => {
            let errors = row.errors.as_deref().map(serde_json::from_str).transpose();
            Some((
                reason,
                errors
                    .map_err(|e| Error::Internal(e.to_string()))?
                    .unwrap_or_default(),
            ))
        }
        _ => None,
    };
    Ok(Received {
        again: true,
        quarantined,
        receipt: Receipt::given_again(row.receipt, row.received_at_ms, keys, now_ms)?,
    })
}

/// One submission inside its transaction.
struct Arrived {
    app: App,
    shopper: ShopperScope,
    id: AuditId,
    sha256: Sha256,
    received_at_ms: i64,
    keys: Arc<Keys>,
}

/// What is said of a submission and kept with it.
struct Settled {
    outcome: Result<Vec<Sha256>, (QuarantineReason, Vec<Pointed>)>,
    changes: Vec<FeedChange>,
}

impl Settled {
    fn quarantine(reason: QuarantineReason, errors: Vec<Pointed>) -> Self {
        Self {
            outcome: Err((reason, errors)),
            changes: Vec::new(),
        }
    }
}

impl Arrived {
    async fn settle(
        mut self,
        txn: &DatabaseTransaction,
        examined: Examined,
        bytes: &[u8],
    ) -> Result<Received> {
        self.received_at_ms = self.app.clock.now_ms();
        let Some(number) = repo::insert_submission(txn, self.submission(bytes)).await? else {
            let row = repo::submission(txn, self.shopper, self.id, self.sha256).await?;
            let row = row.ok_or_else(|| Error::Internal("a submission vanished".to_owned()))?;
            return again(row, &self.keys, self.received_at_ms);
        };
        let settled = match examined {
            Examined::Unsound { reason, errors } => Settled::quarantine(reason, errors),
            Examined::Sound(sound) => {
                let placing = Placing {
                    app: &self.app,
                    shopper: self.shopper,
                    sound: &sound,
                    id: self.id,
                    number,
                    received_at_ms: self.received_at_ms,
                };
                match placing.as_its_visit_allows(txn).await? {
                    Ok(placed) => Settled {
                        outcome: Ok(placed.missing),
                        changes: placed.changes,
                    },
                    Err(reason) => Settled::quarantine(reason, Vec::new()),
                }
            }
        };
        let (state, missing) = match &settled.outcome {
            Ok(missing) if missing.is_empty() => ("complete", missing.clone()),
            Ok(missing) => ("stored", missing.clone()),
            Err(_) => ("quarantined", Vec::new()),
        };
        let receipt = self.receipt(number, state, missing)?;
        let (outcome, quarantined) = match settled.outcome {
            Ok(_) => (repo::PLACED, None),
            Err((reason, errors)) => (repo::QUARANTINED, Some((reason.as_str(), errors))),
        };
        let errors = quarantined
            .as_ref()
            .map(|(_, errors)| serde_json::to_string(errors));
        let errors = errors
            .transpose()
            .map_err(|error| Error::Internal(error.to_string()))?;
        let reason = quarantined.as_ref().map(|(reason, _)| *reason);
        repo::settle_submission(txn, number, outcome, reason, errors, receipt.clone()).await?;
        self.note(txn, outcome, reason).await?;
        publish(txn, settled.changes, self.received_at_ms).await?;
        let quarantined = quarantined.map(|(reason, errors)| (reason.to_owned(), errors));
        Ok(Received {
            again: false,
            quarantined,
            receipt,
        })
    }

    fn submission(&self, bytes: &[u8]) -> submission::ActiveModel {
        submission::ActiveModel {
            number: NotSet,
            agency_id: Set(self.shopper.agency),
            person_id: Set(self.shopper.person),
            audit_id: Set(self.id),
            sha256: Set(self.sha256),
            body: Set(bytes.to_vec()),
            received_at_ms: Set(self.received_at_ms),
            outcome: Set(String::new()),
            reason: Set(None),
            errors: Set(None),
            receipt: Set(String::new()),
            settled_at_ms: Set(None),
            settled_outcome: Set(None),
            settled_by: Set(None),
            settled_note: Set(None),
            settled_audit_id: Set(None),
        }
    }

    fn receipt(&self, number: i64, state: &str, missing: Vec<Sha256>) -> Result<String> {
        let receipt = Receipt {
            audit: self.id,
            sha256: self.sha256,
            epoch: self.app.installation.epoch,
            number,
            received_at: instant(self.received_at_ms),
            state: state.to_owned(),
            photos_missing: missing,
            signature: String::new(),
        };
        receipt.signed(&self.keys, self.received_at_ms)?.to_text()
    }

    async fn note(
        &self,
        txn: &DatabaseTransaction,
        outcome: &str,
        why: Option<&str>,
    ) -> Result<()> {
        let action = if outcome == repo::PLACED {
            "audit.receive"
        } else {
            "audit.quarantine"
        };
        journal::append(
            txn,
            self.shopper.agency,
            self.shopper.person,
            self.received_at_ms,
            action,
            self.id.to_string(),
            why.map(str::to_owned),
        )
        .await?;
        Ok(())
    }
}
