//! Computing every stored score anew, by the engine and the checklist version that it was made with. There is no difference,
//! ever; if there is one, the database or the program has changed what must not change.
//!
//! Reads only. Not here: scores under other weights (the `what_ifs` feature).

use std::collections::BTreeMap;

use sea_orm::ColumnTrait as _;
use sea_orm::{
    ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::repo;
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::{audit, submission};
use crate::domain::audit::Answered;
use crate::domain::ids::{AgencyId, AuditId, Sha256};
use crate::domain::scoring::{Score, score_by};
use crate::error::Result;

/// Audits that are in memory at once.
const AUDITS_AT_ONCE: u64 = 200;

/// Something that is not as it was when the audit was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub audit: AuditId,
    pub what: String,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    pub audits: u64,
    /// Engine → how many audits it scored.
    pub engines: BTreeMap<u32, u64>,
    pub differences: u64,
}

/// How many audits there are to look at.
///
/// # Errors
/// As the database has them.
pub async fn count(app: &App) -> Result<u64> {
    let count = audit::Entity::find().count(app.db.reader()).await;
    Ok(count.map_err(DbError::from)?)
}

/// Looks at every audit of every agency; tells each difference to `differs`, and after each batch how many were looked at to
/// `progress`.
///
/// # Errors
/// As the database has them; a difference is no error.
pub async fn replay(
    app: &App,
    mut differs: impl FnMut(Difference),
    mut progress: impl FnMut(u64),
) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut after = None;
    loop {
        let batch = batch(app.db.reader(), after).await?;
        let Some((last, _)) = batch.last() else {
            return Ok(replayed);
        };
        after = Some(last.id);
        for (audit, document) in batch {
            replayed.audits += 1;
            match again(app, &audit, document).await? {
                Ok(engine) => *replayed.engines.entry(engine).or_default() += 1,
                Err(what) => {
                    replayed.differences += 1;
                    differs(Difference {
                        audit: audit.id,
                        what,
                    });
                }
            }
        }
        progress(replayed.audits);
    }
}

/// The next audits by id, each with its document as it came.
async fn batch(
    db: &impl ConnectionTrait,
    after: Option<AuditId>,
) -> Result<Vec<(audit::Model, Option<submission::Model>)>, DbError> {
    let mut found = audit::Entity::find();
    if let Some(after) = after {
        found = found.filter(audit::Column::Id.gt(after));
    }
    let audits = found
        .order_by_asc(audit::Column::Id)
        .limit(AUDITS_AT_ONCE)
        .all(db)
        .await?;
    repo::with_documents(db, audits).await
}

/// The engine that scored an audit when its score comes out the same again, else what differs.
async fn again(
    app: &App,
    audit: &audit::Model,
    document: Option<submission::Model>,
) -> Result<Result<u32, String>> {
    let Some(document) = document else {
        return Ok(Err("its document is gone".to_owned()));
    };
    if Sha256::of(&document.body) != document.sha256 {
        return Ok(Err(format!(
            "the document no longer has the SHA-256 {}",
            document.sha256
        )));
    }
    let stored: Score = match serde_json::from_str(&audit.score) {
        Ok(score) => score,
        Err(error) => return Ok(Err(format!("the stored score cannot be read: {error}"))),
    };
    let answered: Answered = match serde_json::from_slice(&document.body) {
        Ok(answered) => answered,
        Err(error) => return Ok(Err(format!("the document cannot be read: {error}"))),
    };
    let agency: AgencyId = audit.agency_id;
    let version = crate::checklists::service::compiled(app, agency, audit.checklist_sha256).await;
    let version = match version {
        Ok(Some(version)) => version,
        Ok(None) => {
            return Ok(Err(format!("checklist {} is gone", audit.checklist_sha256)));
        }
        Err(error) => return Ok(Err(error.to_string())),
    };
    let Some(score) = score_by(stored.engine, &version.checklist, &answered.answers) else {
        return Ok(Err(format!("there is no engine {}", stored.engine)));
    };
    Ok(difference(audit, &stored, &score).map_or(Ok(stored.engine), Err))
}

/// What differs between the row, the score in it, and the score computed anew.
fn difference(audit: &audit::Model, stored: &Score, again: &Score) -> Option<String> {
    let columns = [
        ("total", audit.total_micros, again.total_micros),
        ("service", audit.service_micros, again.service_micros),
        (
            "experience",
            audit.experience_micros,
            again.experience_micros,
        ),
        ("balanced", audit.balanced_micros, again.balanced_micros),
    ];
    for (name, column, micros) in columns {
        let micros = micros.map(i64::from);
        if column != micros {
            return Some(format!(
                "{name} is stored as {} and comes out as {}",
                shown(column),
                shown(micros)
            ));
        }
    }
    if audit.failed != again.failed {
        return Some(format!(
            "'failed' is stored as {} and comes out as {}",
            audit.failed, again.failed
        ));
    }
    if stored != again {
        let line = stored
            .trace
            .iter()
            .zip(&again.trace)
            .find(|(stored, again)| stored != again);
        return Some(match line {
            Some((stored, again)) => format!(
                "question {} earned {} of {} ({:?}) and now {} of {} ({:?}), in thousandths of a point",
                stored.question,
                stored.earned_milli,
                stored.possible_milli,
                stored.why,
                again.earned_milli,
                again.possible_milli,
                again.why
            ),
            None => "the stored score is another than the one that comes out".to_owned(),
        });
    }
    None
}

fn shown(micros: Option<i64>) -> String {
    micros.map_or("nothing".to_owned(), |micros| micros.to_string())
}
