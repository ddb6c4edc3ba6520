//! Compressed request bodies. The limit holds for what was sent and, while it is being decoded, for what comes out: a few
//! kilobytes that would become a gigabyte end at the limit and not after it.
//!
//! Not here: compressed answers, which are a layer in `router.rs`.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::error::{Error, Limit, Result};

/// What `Content-Encoding` may say.
pub const CODINGS: [&str; 3] = ["gzip", "zstd", "br"];

/// 8 MiB: what RFC 9659 allows for zstd over HTTP.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// How a body was compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Gzip,
    Zstd,
    Brotli,
}

impl Coding {
    /// What the headers say; `None` for a body that is sent as it is.
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`] for any other coding, and for several on top of one another.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>> {
        let mut all = headers.get_all(header::CONTENT_ENCODING).iter();
        let Some(first) = all.next() else {
            return Ok(None);
        };
        let word = first.to_str().unwrap_or_default().trim();
        match (word.to_ascii_lowercase().as_str(), all.next()) {
            ("identity" | "", None) => Ok(None),
            ("gzip" | "x-gzip", None) => Ok(Some(Self::Gzip)),
            ("zstd", None) => Ok(Some(Self::Zstd)),
            ("br", None) => Ok(Some(Self::Brotli)),
            _ => Err(Error::UnsupportedMediaType(format!(
                "Content-Encoding may be one of {}, or absent",
                CODINGS.join(", ")
            ))),
        }
    }

    /// Decodes a whole body of at most `limit` bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] as soon as more than `limit` has come out; [`Error::Malformed`] for what is damaged, cut short
    /// or followed by something else.
    pub async fn decode(self, coded: &[u8], limit: Limit) -> Result<Bytes> {
        match self {
            Self::Gzip => {
                let mut decoder = GzipDecoder::new(coded);
                decoder.multiple_members(true);
                read(decoder, limit).await
            }
            Self::Zstd => {
                let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX)];
                let mut decoder = ZstdDecoder::with_params(coded, &window);
                decoder.multiple_members(true);
                read(decoder, limit).await
            }
            Self::Brotli => {
                // The decoder would take the windows of up to 1 GiB that RFC 7932 does not know: bits 0010001.
                if coded.first().is_some_and(|byte| byte & 0x7f == 0x11) {
                    return Err(damaged("its window is larger than RFC 7932 allows"));
                }
                let mut decoder = BrotliDecoder::new(coded);
                let decoded = read(&mut decoder, limit).await?;
                match decoder.into_inner() {
                    [] => Ok(decoded),
                    _ => Err(damaged("something follows its end")),
                }
            }
        }
    }
}

async fn read(decoder: impl AsyncRead + Unpin, limit: Limit) -> Result<Bytes> {
    let mut decoded = Vec::new();
    decoder
        .take(limit.value.saturating_add(1))
        .read_to_end(&mut decoded)
        .await
        .map_err(|error| damaged(&error.to_string()))?;
    if decoded.len() as u64 > limit.value {
        return Err(Error::TooLarge(limit));
    }
    Ok(decoded.into())
}

fn damaged(why: &str) -> Error {
    Error::malformed(format!("the compressed body cannot be decoded: {why}"))
}
