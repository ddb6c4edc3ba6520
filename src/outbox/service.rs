//! Taking in an exported outbox, line by line. Each audit and each photo is a transaction of its own, by the code that takes
//! them from a phone: what has been here before is here once, and one bad item holds up no other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::Stream;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::lines::Lines;
use crate::accounts::{Scope, ShopperScope};
use crate::app::App;
use crate::domain::ids::{AuditId, PersonId, Sha256};
use crate::error::{Error, Limit, Result};
use crate::journal;
use crate::photos::uploads;

/// What the first line of an export says.
const FORMAT: &str = "plainclothes-outbox-2";

/// What became of an export.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Imported {
    pub audits: Vec<ImportedAudit>,
    pub photos: Vec<ImportedPhoto>,
    /// Lines that could not be read; everything else was.
    pub lines_refused: Vec<RefusedLine>,
}

/// What became of an audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedAudit {
    pub audit: AuditId,
    /// placed, quarantined, already or refused.
    pub outcome: &'static str,
    /// Why it was put into quarantine or refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What became of a photo.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedPhoto {
    pub sha256: Sha256,
    /// stored, already or refused.
    pub outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A line that is nothing that an export has.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedLine {
    /// Counted from 1.
    pub line: u64,
    pub detail: String,
}

impl Imported {
    /// Whether everything that the file holds is here now.
    pub fn is_whole(&self) -> bool {
        self.lines_refused.is_empty()
            && self.audits.iter().all(|one| one.outcome != REFUSED)
            && self.photos.iter().all(|one| one.outcome != REFUSED)
    }
}

const REFUSED: &str = "refused";

/// The first line.
#[derive(Deserialize)]
struct Head {
    format: String,
    user: PersonId,
}

/// Any other line. The large members are read in place.
#[derive(Deserialize)]
struct Line<'a> {
    audit: Option<AuditId>,
    sha256: Option<Sha256>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    photo: Option<Sha256>,
    #[serde(borrow)]
    base64: Option<&'a RawValue>,
}

/// Takes in an export in the name of the shopper whose outbox it was.
///
/// # Errors
/// [`Error::Malformed`] for what is no export; [`Error::NotFound`] for one of somebody who is no shopper of this agency;
/// [`Error::TooLarge`] beyond a limit. What stood before a failure has been taken in; the same file can be sent again.
pub async fn import(
    app: &App,
    scope: &Scope,
    stream: impl Stream<Item = Result<Bytes>> + Unpin,
) -> Result<Imported> {
    let limits = &app.config.limits;
    let mut lines = Lines::new(
        stream,
        limits.outbox_import_bytes_max,
        limits.outbox_import_line_bytes_max,
    );
    let head = lines.next().await?.unwrap_or_default();
    let head: Head = serde_json::from_slice(&head)
        .ok()
        .filter(|head: &Head| head.format == FORMAT)
        .ok_or_else(|| Error::malformed(format!("the first line has to be that of a {FORMAT}")))?;
    let shopper = owner(app, scope, head.user).await?;
    let mut imported = Imported::default();
    let mut number = 1;
    while let Some(line) = lines.next().await? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Err(detail) = take(app, shopper, &line, &mut imported).await? {
            imported.lines_refused.push(RefusedLine {
                line: number,
                detail,
            });
        }
    }
    Ok(imported)
}

/// Whose outbox it is; what is brought in their name stands in the journal.
async fn owner(app: &App, scope: &Scope, user: PersonId) -> Result<ShopperScope> {
    let shopper = crate::accounts::service::shopper(app.db.reader(), scope, user).await?;
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                journal::write(txn, &scope, now_ms, "outbox.import", &user, None).await?;
                Ok(shopper)
            })
        })
        .await
}

/// The inner result says why the line cannot be read.
async fn take(
    app: &App,
    shopper: ShopperScope,
    line: &[u8],
    imported: &mut Imported,
) -> Result<Result<(), String>> {
    let line: Line = match serde_json::from_slice(line) {
        Ok(line) => line,
        Err(error) => return Ok(Err(error.to_string())),
    };
    match line {
        Line {
            audit: Some(audit),
            sha256: Some(sha256),
            text: Some(text),
            ..
        } => {
            let Ok(text) = serde_json::from_str::<String>(text.get()) else {
                return Ok(Err("text has to be text".to_owned()));
            };
            let taken = take_audit(app, shopper, audit, sha256, text.into()).await;
            let (outcome, detail) = settled(taken)?;
            imported.audits.push(ImportedAudit {
                audit,
                outcome,
                detail,
            });
        }
        Line {
            photo: Some(sha256),
            base64: Some(coded),
            ..
        } => {
            // No base64 needs an escape, so that what stands between the quotes is what was written.
            let coded = coded.get().trim_matches('"');
            let taken = match STANDARD.decode(coded) {
                Ok(bytes) => take_photo(app, shopper, sha256, bytes.into()).await,
                Err(error) => Err(Error::malformed(error.to_string())),
            };
            let (outcome, detail) = settled(taken)?;
            imported.photos.push(ImportedPhoto {
                sha256,
                outcome,
                detail,
            });
        }
        _ => return Ok(Err("neither an audit nor a photo, or not whole".to_owned())),
    }
    Ok(Ok(()))
}

type Outcome = (&'static str, Option<String>);

/// What is wrong with an item is its outcome; what is wrong with us ends the import, to be sent again.
fn settled(taken: Result<Outcome>) -> Result<Outcome> {
    match taken {
        Err(
            error @ (Error::Db(_) | Error::Objects(_) | Error::Internal(_) | Error::Overloaded),
        ) => Err(error),
        Err(error) => Ok((REFUSED, Some(error.to_string()))),
        Ok(outcome) => Ok(outcome),
    }
}

async fn take_audit(
    app: &App,
    shopper: ShopperScope,
    audit: AuditId,
    sha256: Sha256,
    text: Bytes,
) -> Result<Outcome> {
    let most = app.config.limits.audit_bytes_max;
    if text.len() as u64 > most {
        return Err(Error::TooLarge(Limit {
            name: "audit_bytes_max",
            value: most,
            unit: "bytes",
        }));
    }
    let actual = Sha256::of(&text);
    if actual != sha256 {
        return Err(Error::DigestMismatch {
            actual: actual.to_string(),
        });
    }
    let received = crate::audits::service::receive(app, shopper, audit, text).await?;
    Ok(match received.quarantined {
        _ if received.again => ("already", None),
        Some((reason, _)) => ("quarantined", Some(reason)),
        None => ("placed", None),
    })
}

/// What has come of it before is gone on with.
async fn take_photo(
    app: &App,
    shopper: ShopperScope,
    sha256: Sha256,
    bytes: Bytes,
) -> Result<Outcome> {
    let actual = Sha256::of(&bytes);
    if actual != sha256 {
        return Err(Error::PhotoDigestMismatch {
            actual: actual.to_string(),
        });
    }
    let length_bytes = bytes.len() as u64;
    let begun = match uploads::begin(app, shopper, sha256, length_bytes, None).await {
        // It was begun with another length, which cannot have been right.
        Err(Error::Malformed { .. }) => {
            uploads::terminate(app, shopper, sha256).await?;
            uploads::begin(app, shopper, sha256, length_bytes, None).await?
        }
        begun => begun?,
    };
    if begun.finished_at_ms.is_some() {
        return Ok(("already", None));
    }
    let at = begun.offset_bytes as u64;
    let rest = bytes.slice(begun.offset_bytes as usize..);
    match uploads::append(app, shopper, sha256, at, rest).await {
        // What came before was damaged, and the upload is gone with it.
        Err(Error::PhotoDigestMismatch { .. }) if at > 0 => {
            uploads::begin(app, shopper, sha256, length_bytes, None).await?;
            uploads::append(app, shopper, sha256, 0, bytes).await?;
        }
        appended => {
            appended?;
        }
    }
    Ok(("stored", None))
}
