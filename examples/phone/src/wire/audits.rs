//! Handing in an audit, and reading back one's own.

use bytes::Bytes;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::checklists::fetch;
use super::receipt::{self, Receipt};
use crate::digest::content_digest;
use crate::line::{Answer, Ask, Line};
use crate::problem::Failure;
use crate::traffic::Kind;

/// The server has the bytes.
#[derive(Debug)]
pub struct Acknowledged {
    /// 201 at first, 200 when the bytes had been there, 202 for quarantine.
    pub status: u16,
    pub receipt: Receipt,
    /// Byte for byte as it came.
    pub receipt_text: String,
    pub quarantine: Option<Quarantine>,
}

/// Why an audit that is kept could not be placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarantine {
    pub reason: String,
    /// What is wrong, each with a JSON pointer.
    #[serde(default)]
    pub errors: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Quarantined {
    #[serde(flatten)]
    quarantine: Quarantine,
}

#[derive(Deserialize)]
struct WithReceipt {
    receipt: Box<RawValue>,
}

/// Hands in the exact bytes of a document. `keys` are those of [`super::hello::Hello::receipt_keys`].
///
/// # Errors
/// [`Failure::Spoiled`] and [`Failure::Untrusted`] when what came is no receipt for these bytes, or not the server's:
/// nothing is acknowledged then.
pub async fn put(
    line: &Line,
    audit: Uuid,
    text: Bytes,
    sha256: &str,
    keys: &[String],
) -> Result<Acknowledged, Failure> {
    let ask = Ask::new(Kind::Audit, Method::PUT, format!("/audits/{audit}"))
        .json(text)
        .with_digest();
    acknowledged(&line.send(ask).await?, audit, sha256, keys)
}

fn acknowledged(
    answer: &Answer,
    audit: Uuid,
    sha256: &str,
    keys: &[String],
) -> Result<Acknowledged, Failure> {
    let (receipt_text, quarantine) = if answer.status == 202 {
        let said: Quarantined = answer.json()?;
        let receipt: WithReceipt = answer.json()?;
        (receipt.receipt.get().to_owned(), Some(said.quarantine))
    } else {
        let text = std::str::from_utf8(&answer.body)
            .map_err(|_| Failure::Spoiled("a receipt that is no text".to_owned()))?;
        (text.to_owned(), None)
    };
    Ok(Acknowledged {
        status: answer.status,
        receipt: receipt::read(&receipt_text, audit, sha256, keys)?,
        receipt_text,
        quarantine,
    })
}

/// The exact bytes of an audit that this shopper has handed in, from whatever phone.
///
/// # Errors
/// 404 for what is somebody else's or quarantined; [`Failure::Spoiled`] when it arrived damaged.
pub async fn document(line: &Line, audit: Uuid) -> Result<Bytes, Failure> {
    let ask = Ask::new(
        Kind::Audit,
        Method::GET,
        format!("/audits/{audit}/document"),
    );
    let answer = line.send(ask).await?;
    if answer.header("content-digest") != Some(&content_digest(&answer.body)) {
        return Err(Failure::Spoiled(format!("audit {audit} arrived damaged")));
    }
    Ok(answer.body)
}

/// A photo that this shopper has delivered whole, byte for byte.
///
/// # Errors
/// 404 for what was not; [`Failure::Spoiled`] when it arrived damaged.
pub async fn photo(line: &Line, name: &str) -> Result<Bytes, Failure> {
    fetch(line, Kind::Photo, &format!("/photos/{name}"), name).await
}
