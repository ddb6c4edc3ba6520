//! A chunk's way from the line into the database.
//!
//! The body is read in a task of its own: a phone that hangs up in the middle gets the handler's future dropped, and what
//! had come by then is to be kept all the same. Not here: where the bytes go (`uploads.rs`), tus' headers (`tus.rs`).

use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use tracing::Instrument as _;

use super::tus::Checksum;
use super::uploads;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::upload;
use crate::db::tenancy;
use crate::domain::ids::Sha256;
use crate::error::{Error, Limit, Result};

/// A line on which nothing has come for so long counts as broken.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// What came of a body.
struct Came {
    bytes: BytesMut,
    whole: bool,
}

/// Reads a chunk and appends it at `offset_bytes`; returns where the upload stands then. Of a chunk that breaks off, what
/// came is appended in one transaction, unless it bears a checksum, which is of the whole.
///
/// # Errors
/// [`Error::BodyBrokeOff`] after keeping what came; [`Error::TooLarge`], [`Error::ChunkChecksumMismatch`]; whatever
/// appending says.
pub async fn take(
    app: &App,
    shopper: ShopperScope,
    sha256: Sha256,
    offset_bytes: u64,
    headers: &HeaderMap,
    body: Body,
) -> Result<upload::Model> {
    let checksum = Checksum::of(headers)?;
    let app = app.clone();
    let task = async move {
        let came = read(body, app.config.limits.chunk_bytes_max).await?;
        if !came.whole && (checksum.is_some() || came.bytes.is_empty()) {
            return Err(Error::BodyBrokeOff);
        }
        if let Some(checksum) = checksum {
            checksum.check(&came.bytes)?;
        }
        let bytes = came.bytes.freeze();
        let upload = uploads::append(&app, shopper, sha256, offset_bytes, bytes).await?;
        if came.whole {
            Ok(upload)
        } else {
            Err(Error::BodyBrokeOff)
        }
    };
    let task = tenancy::scope(tenancy::current(), task);
    tokio::spawn(task.in_current_span())
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
}

async fn read(mut body: Body, most: u64) -> Result<Came> {
    let mut bytes = BytesMut::new();
    loop {
        let frame = match tokio::time::timeout(SILENCE_MAX, body.frame()).await {
            Ok(None) => return Ok(Came { bytes, whole: true }),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) | Err(_) => {
                return Ok(Came {
                    bytes,
                    whole: false,
                });
            }
        };
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if (bytes.len() + data.len()) as u64 > most {
            return Err(Error::TooLarge(Limit {
                name: "chunk_bytes_max",
                value: most,
                unit: "bytes",
            }));
        }
        bytes.extend_from_slice(data);
    }
}
