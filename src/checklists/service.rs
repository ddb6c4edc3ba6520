//! Publishing checklist versions and finding them again.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Set};

use super::cache::Compiled;
use super::repo;
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::checklist_version;
use crate::domain::checklist::{Checklist, schema::audit_schema};
use crate::domain::ids::{AgencyId, Sha256};
use crate::error::{Error, Result};

/// Publishes `checklist` for an agency. The same content twice is the same version.
///
/// # Errors
/// [`Error::WrongState`] when this version number already has other content: a published version never changes.
pub async fn publish(app: &App, agency: AgencyId, checklist: &Checklist) -> Result<Sha256> {
    let sha256 = checklist.sha256();
    let version = i32::try_from(checklist.version)
        .map_err(|_| Error::refused("/version", "the number is too large"))?;
    let slug = checklist.checklist.clone();
    let row = checklist_version::ActiveModel {
        agency_id: Set(agency),
        sha256: Set(sha256),
        slug: Set(slug.clone()),
        version: Set(version),
        body: Set(checklist.canonical_bytes()),
        published_at_ms: Set(app.clock.now_ms()),
        retired_at_ms: Set(None),
    };
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::insert(txn, row).await.map_err(|error| match error {
                    DbError::Conflict(_) => Error::WrongState(format!(
                        "{slug} version {version} is published with other content; a published version never \
                         changes, so give the new one the next number"
                    )),
                    other => other.into(),
                })
            })
        })
        .await?;
    Ok(sha256)
}

/// The canonical bytes of a version, exactly as they were published.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such version.
pub async fn bytes(app: &App, agency: AgencyId, sha256: Sha256) -> Result<Vec<u8>> {
    let row = repo::find(app.db.reader(), agency, sha256)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(row.body)
}

/// A version made ready for checking and scoring, or `None` when the agency has no such version.
///
/// # Errors
/// As the database has them; [`Error::Internal`] for a version that this program can no longer read.
pub async fn compiled(
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<Arc<Compiled>>> {
    if let Some(compiled) = app.checklists.get(agency, sha256) {
        return Ok(Some(compiled));
    }
    let Some(row) = repo::find(app.db.reader(), agency, sha256).await? else {
        return Ok(None);
    };
    let checklist = Checklist::from_canonical(&row.body)
        .map_err(|error| Error::Internal(format!("checklist {sha256}: {error}")))?;
    let validator = jsonschema::draft202012::new(&audit_schema(&checklist))
        .map_err(|error| Error::Internal(format!("schema of checklist {sha256}: {error}")))?;
    let compiled = Arc::new(Compiled {
        checklist,
        validator,
    });
    app.checklists.put(agency, sha256, Arc::clone(&compiled));
    Ok(Some(compiled))
}

/// The newest version of a family made ready, or `None` when there is none.
///
/// # Errors
/// As [`compiled`].
pub async fn newest(app: &App, agency: AgencyId, slug: &str) -> Result<Option<Arc<Compiled>>> {
    match repo::newest(app.db.reader(), agency, slug).await? {
        Some(row) => compiled(app, agency, row.sha256).await,
        None => Ok(None),
    }
}

/// What a version is called.
#[derive(Clone, Debug)]
pub struct Titled {
    pub slug: String,
    pub version: i32,
    /// Language → title.
    pub title: serde_json::Value,
}

/// What a version is called, read within a transaction.
///
/// # Errors
/// As the database has them.
pub async fn title(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Titled, DbError> {
    #[derive(serde::Deserialize)]
    struct Head {
        title: serde_json::Value,
    }
    let row = repo::find(db, agency, sha256)
        .await?
        .ok_or_else(|| DbError::Corrupt(format!("checklist {sha256} is gone")))?;
    let head: Head = serde_json::from_slice(&row.body)
        .map_err(|error| DbError::Corrupt(format!("checklist {sha256}: {error}")))?;
    Ok(Titled {
        slug: row.slug,
        version: row.version,
        title: head.title,
    })
}
