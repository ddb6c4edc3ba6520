//! What a shopper reads back of their own audits. How the bytes came in stands in `service.rs`.

use super::repo;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::domain::ids::{AuditId, Sha256};
use crate::error::{Error, Result};

/// The document of a shopper's own audit, byte for byte as it came, with its SHA-256.
///
/// # Errors
/// [`Error::NotFound`] for what is not there, is somebody else's, or was put into quarantine.
pub async fn document(
    app: &App,
    shopper: ShopperScope,
    audit: AuditId,
) -> Result<(Vec<u8>, Sha256)> {
    let row = repo::placed_submission(app.db.reader(), shopper, audit)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((row.body, row.sha256))
}
