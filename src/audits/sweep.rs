//! Looks whether audits are as complete as their photos say, and mends those that are not. It must never find anything:
//! what it finds is a mistake of ours, told in the log, and mended before anybody has to wait for it.
//!
//! Not here: keeping audits complete as photos come (`completeness.rs`).

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::{completeness, repo};
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::{audit, audit_photo};
use crate::domain::ids::{AuditId, Sha256};
use crate::error::{Error, Result};

/// Audits that are in memory at once.
const AUDITS_AT_ONCE: u64 = 200;

/// Which audits are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for photos.
    Incomplete,
    All,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub audits: u64,
    pub wrong: Vec<AuditId>,
}

/// Looks at audits of every agency, in batches; with `mend` writes what should have been written.
///
/// # Errors
/// As the database has them; what is wrong is no error.
pub async fn sweep(app: &App, which: Which, mend: bool) -> Result<Swept> {
    let mut swept = Swept::default();
    let mut after = None;
    loop {
        let batch = batch(app.db.reader(), which, after).await?;
        let Some(last) = batch.last() else {
            return Ok(swept);
        };
        after = Some(last.id);
        for audit in batch {
            swept.audits += 1;
            let looked = look(app.db.reader(), &audit).await?;
            // Photos may have come between two reads: what is wrong then is not wrong under the lock.
            if looked.is_wrong && look_again(app, audit.id, mend).await? {
                tracing::warn!(audit = %audit.id, mended = mend, "an audit was not as complete as its photos");
                swept.wrong.push(audit.id);
            }
        }
    }
}

async fn batch(
    db: &impl ConnectionTrait,
    which: Which,
    after: Option<AuditId>,
) -> Result<Vec<audit::Model>, DbError> {
    let mut found = audit::Entity::find();
    if which == Which::Incomplete {
        // As the index of these few has it.
        found = found.filter(Expr::col(audit::Column::Complete).not());
    }
    if let Some(after) = after {
        found = found.filter(audit::Column::Id.gt(after));
    }
    Ok(found
        .order_by_asc(audit::Column::Id)
        .limit(AUDITS_AT_ONCE)
        .all(db)
        .await?)
}

/// An audit held against its photos.
struct Looked {
    is_wrong: bool,
    here: HashSet<Sha256>,
}

async fn look(db: &impl ConnectionTrait, audit: &audit::Model) -> Result<Looked> {
    let photos = repo::photos(db, audit.id).await?;
    let names: Vec<Sha256> = photos.iter().map(|photo| photo.sha256).collect();
    let shopper = ShopperScope {
        agency: audit.agency_id,
        person: audit.shopper_id,
    };
    let here = crate::photos::service::delivered(db, shopper, &names).await?;
    let is_here = |photo: &&audit_photo::Model| here.contains(&photo.sha256);
    let stored = photos.iter().filter(is_here).count();
    let complete = photos
        .iter()
        .all(|photo| is_here(&photo) || photo.waived_reason.is_some());
    let is_wrong = photos.iter().any(|photo| photo.stored != is_here(&photo))
        || audit.complete != complete
        || usize::try_from(audit.photos_stored) != Ok(stored);
    Ok(Looked { is_wrong, here })
}

async fn look_again(app: &App, id: AuditId, mend: bool) -> Result<bool> {
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let Some(audit) = find(txn, id).await? else {
                    return Ok(false);
                };
                crate::accounts::service::lock_person(txn, audit.shopper_id).await?;
                let Some(audit) = find(txn, id).await? else {
                    return Ok(false);
                };
                let looked = look(txn, &audit).await?;
                if looked.is_wrong && mend {
                    repo::set_stored(txn, id, &looked.here).await?;
                    completeness::recount(txn, id).await?;
                }
                Ok::<_, Error>(looked.is_wrong)
            })
        })
        .await
}

async fn find(txn: &DatabaseTransaction, id: AuditId) -> Result<Option<audit::Model>, DbError> {
    Ok(audit::Entity::find_by_id(id).one(txn).await?)
}
