//! When photos are looked at: after one was read, and after an audit was placed that names photos which were here before.
//!
//! Either may come first. A photo's row is committed before the audits that name it are looked for, and an audit before its
//! photos are: one of the two looks finds both.

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use super::service;
use crate::app::App;
use crate::db::DbError;
use crate::domain::ids::{AgencyId, AuditId, Sha256};
use crate::error::Result;
use crate::jobs::Job;

/// Looks at all photos of an audit.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LookAtAudit {
    pub agency: AgencyId,
    pub audit: AuditId,
}

impl Job for LookAtAudit {
    const KIND: &'static str = "audit.photos";
}

/// Has the photos of an audit looked at that is being placed.
///
/// # Errors
/// As the database has them.
pub async fn after_placing(
    txn: &DatabaseTransaction,
    app: &App,
    agency: AgencyId,
    audit: AuditId,
) -> Result<(), DbError> {
    crate::jobs::enqueue(txn, &*app.clock, agency, &LookAtAudit { agency, audit }).await
}

/// Looks at all photos of an audit.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn look_at_audit(app: &App, job: LookAtAudit) -> Result<()> {
    service::look(app, job.agency, job.audit, None).await
}

/// Looks at a photo that was just read, in every audit that names it.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn look_at_photo(app: &App, agency: AgencyId, sha256: Sha256) -> Result<()> {
    for audit in service::naming(app, agency, sha256).await? {
        service::look(app, agency, audit, Some(sha256)).await?;
    }
    Ok(())
}
