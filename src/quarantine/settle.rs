//! What becomes of work in quarantine: a reviewer places it as an audit, accepts it as work done, or rejects it. Each is one
//! transaction with the journal and the word to the shopper, and is final.

use sea_orm::DatabaseTransaction;

use super::repo;
use super::service::{Glimpse, no_visit, sender};
use crate::accounts::Scope;
use crate::app::App;
use crate::audits::arrival::{self, Examined};
use crate::audits::placing::Placing;
use crate::audits::repo as audits;
use crate::db::entities::{audit, submission};
use crate::db::feed::publish;
use crate::domain::ids::VisitId;
use crate::error::{Error, Pointed, Result};
use crate::journal;
use crate::review::feedback;

/// What is kept as the outcome of work that was placed, and told to the shopper with it.
const PLACED: &str = "placed";

/// What a reviewer makes of work that cannot be an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The work was done; the shopper is to be paid.
    Accept,
    Reject,
}

impl Verdict {
    fn outcome(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Reject => "rejected",
        }
    }

    /// Other words than those of a decision on an audit: the feedback names an audit that is another piece of work.
    fn told(self) -> &'static str {
        match self {
            Self::Accept => "work_accepted",
            Self::Reject => "work_rejected",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Accept => "quarantine.accept",
            Self::Reject => "quarantine.reject",
        }
    }
}

/// Examines the document anew and puts it into review as an audit of `visit`, or of the visit that it names.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it was settled before; [`Error::Malformed`] with what its checklist still
/// refuses.
pub async fn place(
    app: &App,
    scope: &Scope,
    number: i64,
    visit: Option<VisitId>,
    note: String,
) -> Result<()> {
    let row = repo::find(app.db.reader(), scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    let row = waiting(row)?;
    let sound = match arrival::examine_by_hand(app, row.agency_id, &row.body).await? {
        Examined::Sound(sound) => sound,
        Examined::Unsound { errors, .. } => return Err(refused(errors)),
    };
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            // Its photos may be arriving at this moment (`audits/completeness.rs`).
            crate::accounts::service::lock_person(txn, row.person_id).await?;
            let row = lock(txn, &scope, number).await?;
            let named = visit.unwrap_or(sound.document.visit);
            let found = crate::visits::repo::lock(txn, scope.agency, named).await?;
            let found = found.ok_or_else(|| match visit {
                Some(_) => Error::NotFound,
                None => refused(vec![no_visit()]),
            })?;
            let placing = Placing {
                app: &app,
                shopper: sender(&row),
                sound: &sound,
                id: row.audit_id,
                number,
                received_at_ms: row.received_at_ms,
            };
            let placed = placing.by_hand(txn, found).await?;
            let (now_ms, audit) = (app.clock.now_ms(), Some(placed.id));
            let kept = note.clone();
            repo::settle(txn, &scope, number, now_ms, PLACED, kept, audit).await?;
            let detail = Some(placed.id.to_string());
            journal::write(txn, &scope, now_ms, "quarantine.place", &number, detail).await?;
            let audit = audits::find(txn, &scope, placed.id)
                .await?
                .ok_or_else(|| Error::Internal("an audit vanished".to_owned()))?;
            let mut changes = placed.changes;
            changes.push(feedback::tell(txn, &app, &audit, PLACED, note, none()).await?);
            publish(txn, changes, now_ms).await?;
            Ok(())
        })
    })
    .await
}

/// Accepts or rejects work for what it is.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] when it was settled before.
pub async fn judge(
    app: &App,
    scope: &Scope,
    number: i64,
    verdict: Verdict,
    note: String,
) -> Result<()> {
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let row = lock(txn, &scope, number).await?;
            let now_ms = app.clock.now_ms();
            let (outcome, kept) = (verdict.outcome(), note.clone());
            repo::settle(txn, &scope, number, now_ms, outcome, kept, None).await?;
            journal::write(txn, &scope, now_ms, verdict.action(), &number, None).await?;
            let changes = match newest_of_same_visit(txn, &scope, &row).await? {
                Some(audit) => {
                    let told = verdict.told();
                    vec![feedback::tell(txn, &app, &audit, told, note, none()).await?]
                }
                None => Vec::new(),
            };
            publish(txn, changes, now_ms).await?;
            Ok(())
        })
    })
    .await
}

/// A feedback has to name an audit. Where the visit has none of this shopper's, their phone learns what became of the work
/// from its next offer.
async fn newest_of_same_visit(
    txn: &DatabaseTransaction,
    scope: &Scope,
    row: &submission::Model,
) -> Result<Option<audit::Model>> {
    let Some(visit) = Glimpse::of(&row.body).visit else {
        return Ok(None);
    };
    let visit = crate::visits::repo::of_agency(txn, scope.agency, visit).await?;
    let Some(newest) = visit.and_then(|visit| visit.audit_id) else {
        return Ok(None);
    };
    let audit = audits::find(txn, scope, newest).await?;
    Ok(audit.filter(|audit| audit.shopper_id == row.person_id))
}

async fn lock(txn: &DatabaseTransaction, scope: &Scope, number: i64) -> Result<submission::Model> {
    let row = repo::lock(txn, scope, number)
        .await?
        .ok_or(Error::NotFound)?;
    waiting(row)
}

fn waiting(row: submission::Model) -> Result<submission::Model> {
    match &row.settled_outcome {
        Some(outcome) => Err(Error::WrongState(format!("this work was {outcome} before"))),
        None => Ok(row),
    }
}

fn refused(errors: Vec<Pointed>) -> Error {
    let first = errors
        .first()
        .map(|error| format!("{}: {}", error.pointer, error.message));
    Error::Malformed {
        detail: first.unwrap_or_default(),
        errors,
    }
}

/// No remarks on single questions.
fn none() -> String {
    "[]".to_owned()
}
