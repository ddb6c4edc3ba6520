//! Publishing checklist versions, finding them again, and taking them out of use.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};

use super::cache::Compiled;
use super::repo;
use crate::accounts::Scope;
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::checklist_version;
use crate::domain::checklist::{Checklist, schema::audit_schema};
use crate::domain::ids::{AgencyId, Sha256};
use crate::error::{Error, Result};
use crate::journal;

/// A reference picture on its way to be published.
#[derive(Clone, Debug)]
pub struct NewPicture {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Publishes `checklist` for an agency, with the pictures that it names unless the agency has them already. The same content
/// twice is the same version; a retired version that is published again is in use again.
///
/// # Errors
/// [`Error::WrongState`] when this version number already has other content: a published version never changes.
/// [`Error::Malformed`] when a picture that it names is missing.
pub async fn publish(
    app: &App,
    scope: &Scope,
    checklist: &Checklist,
    pictures: Vec<NewPicture>,
) -> Result<Sha256> {
    let sha256 = checklist.sha256();
    let agency = scope.agency;
    let version = i32::try_from(checklist.version)
        .map_err(|_| Error::refused("/version", "the number is too large"))?;
    let slug = checklist.checklist.clone();
    let now_ms = app.clock.now_ms();
    let row = checklist_version::ActiveModel {
        agency_id: Set(agency),
        sha256: Set(sha256),
        slug: Set(slug.clone()),
        version: Set(version),
        body: Set(checklist.canonical_bytes()),
        published_at_ms: Set(now_ms),
        retired_at_ms: Set(None),
    };
    let named: Vec<Sha256> = checklist.pictures().map(|picture| picture.sha256).collect();
    let scope = scope.clone();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                for picture in pictures {
                    let sha256 = Sha256::of(&picture.bytes);
                    let NewPicture { media_type, bytes } = picture;
                    repo::insert_picture(txn, agency, sha256, media_type, bytes).await?;
                }
                let here = repo::pictures_here(txn, agency, &named).await?;
                if let Some(missing) = named.iter().find(|sha256| !here.contains(sha256)) {
                    let message = format!("the picture {missing} is named, but did not come");
                    return Err(Error::refused("/sections", message));
                }
                repo::insert(txn, row).await.map_err(|error| match error {
                    DbError::Conflict(_) => Error::WrongState(format!(
                        "{slug} version {version} is published with other content; a published version never \
                         changes, so give the new one the next number"
                    )),
                    other => other.into(),
                })?;
                repo::set_retired(txn, agency, sha256, None).await?;
                journal::write(txn, &scope, now_ms, "checklist.publish", &sha256, None).await?;
                Ok(())
            })
        })
        .await?;
    Ok(sha256)
}

/// Takes a version out of use: no campaign can begin with it or move to it. Visits that have it keep it, their audits are
/// received and scored as before, and it can be read for ever.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::WrongState`] while a campaign would still make visits with it.
pub async fn retire(app: &App, scope: &Scope, sha256: Sha256) -> Result<()> {
    let now_ms = app.clock.now_ms();
    // Campaigns count in local days, and somewhere it is still yesterday.
    let today = app.clock.now().date_naive() - chrono::Days::new(1);
    let scope = scope.clone();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                let row = repo::lock(txn, scope.agency, sha256)
                    .await?
                    .ok_or(Error::NotFound)?;
                let users =
                    crate::campaigns::versions::users(txn, &scope, &row.slug, sha256, today).await?;
                if !users.is_empty() {
                    return Err(Error::WrongState(format!(
                        "{} version {} is still used by {}; move the campaign to another version or wait until it \
                         has ended",
                        row.slug,
                        row.version,
                        users.join(", ")
                    )));
                }
                if row.retired_at_ms.is_none() {
                    repo::set_retired(txn, scope.agency, sha256, Some(now_ms)).await?;
                    journal::write(txn, &scope, now_ms, "checklist.retire", &sha256, None).await?;
                }
                Ok(())
            })
        })
        .await
}

/// A version as it stands in the list.
#[derive(Debug)]
pub struct Version {
    pub compiled: Arc<Compiled>,
    pub sha256: Sha256,
    pub published_at_ms: i64,
    pub retired_at_ms: Option<i64>,
}

/// Every version of the agency: by slug, the newest first.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, agency: AgencyId) -> Result<Vec<Version>> {
    let mut versions = Vec::new();
    for row in repo::list(app.db.reader(), agency).await? {
        versions.push(Version {
            compiled: make_ready(app, agency, &row)?,
            sha256: row.sha256,
            published_at_ms: row.published_at_ms,
            retired_at_ms: row.retired_at_ms,
        });
    }
    Ok(versions)
}

/// One version as it stands in the list.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such version.
pub async fn version(app: &App, agency: AgencyId, sha256: Sha256) -> Result<Version> {
    let row = repo::find(app.db.reader(), agency, sha256)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Version {
        compiled: make_ready(app, agency, &row)?,
        sha256,
        published_at_ms: row.published_at_ms,
        retired_at_ms: row.retired_at_ms,
    })
}

/// The digest of the version that people call `restaurant-dine-in@2`, or by its digest.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such version.
pub async fn called(app: &App, agency: AgencyId, name: &str) -> Result<Sha256> {
    let row = match (name.split_once('@'), name.parse::<Sha256>()) {
        (Some((slug, version)), _) => {
            let version = version.parse().map_err(|_| Error::NotFound)?;
            repo::by_number(app.db.reader(), agency, slug, version).await?
        }
        (None, Ok(sha256)) => repo::find(app.db.reader(), agency, sha256).await?,
        (None, Err(_)) => None,
    };
    Ok(row.ok_or(Error::NotFound)?.sha256)
}

/// A reference picture, for whoever is signed in.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such picture.
pub async fn picture(app: &App, agency: AgencyId, sha256: Sha256) -> Result<(String, Vec<u8>)> {
    let row = repo::picture(app.db.reader(), agency, sha256)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((row.media_type, row.bytes))
}

/// A version that visits can be made with; it cannot be retired until the transaction ends.
///
/// # Errors
/// [`Error::Malformed`] at `pointer` for one that the agency does not have, or that is retired.
pub async fn in_use(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    pointer: &str,
) -> Result<checklist_version::Model> {
    let row = repo::find_shared(txn, agency, sha256)
        .await?
        .ok_or_else(|| Error::refused(pointer, "no such version is published"))?;
    if row.retired_at_ms.is_some() {
        let message = format!("{} version {} is retired", row.slug, row.version);
        return Err(Error::refused(pointer, message));
    }
    Ok(row)
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
    compiled_within(app.db.reader(), app, agency, sha256).await
}

/// As [`compiled`], within a transaction: whoever holds one connection and waits for another can wait for ever, once all
/// others do the same.
///
/// # Errors
/// As [`compiled`].
pub async fn compiled_within(
    db: &impl ConnectionTrait,
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<Arc<Compiled>>> {
    if let Some(compiled) = app.checklists.get(agency, sha256) {
        return Ok(Some(compiled));
    }
    let Some(row) = repo::find(db, agency, sha256).await? else {
        return Ok(None);
    };
    make_ready(app, agency, &row).map(Some)
}

fn make_ready(
    app: &App,
    agency: AgencyId,
    row: &checklist_version::Model,
) -> Result<Arc<Compiled>> {
    let sha256 = row.sha256;
    if let Some(compiled) = app.checklists.get(agency, sha256) {
        return Ok(compiled);
    }
    let checklist = Checklist::from_canonical(&row.body)
        .map_err(|error| Error::Internal(format!("checklist {sha256}: {error}")))?;
    let validator = jsonschema::draft202012::new(&audit_schema(&checklist))
        .map_err(|error| Error::Internal(format!("schema of checklist {sha256}: {error}")))?;
    let compiled = Arc::new(Compiled {
        checklist,
        validator,
    });
    app.checklists.put(agency, sha256, Arc::clone(&compiled));
    Ok(compiled)
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

/// What a version is called.
///
/// # Errors
/// As [`compiled`].
pub async fn title(
    db: &impl ConnectionTrait,
    app: &App,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Titled> {
    let compiled = compiled_within(db, app, agency, sha256)
        .await?
        .ok_or_else(|| DbError::Corrupt(format!("checklist {sha256} is gone")))?;
    let checklist = &compiled.checklist;
    Ok(Titled {
        slug: checklist.checklist.clone(),
        version: i32::try_from(checklist.version).unwrap_or(i32::MAX),
        title: serde_json::to_value(&checklist.title)
            .map_err(|error| Error::Internal(error.to_string()))?,
    })
}
