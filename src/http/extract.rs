//! Bodies, paths and queries as the handlers want them: a mistake in them is a problem that says what, where and what to do.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::coding::Coding;
use super::views::CONTENT_DIGEST;
use crate::app::App;
use crate::domain::ids::Sha256;
use crate::error::{Error, Limit, Result};

/// A JSON body within `limits.request_bytes_max`.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The parameters in a path; what does not parse cannot name anything and is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// The query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let limit = Limit {
            name: "request_bytes_max",
            value: app.config.limits.request_bytes_max,
            unit: "bytes",
        };
        let bytes = read_body(request, limit).await?;
        if has_nul(&bytes) {
            return Err(no_nul());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Error::malformed(format!(
                "the body is not the JSON that is expected here (line {}, column {}): {error}",
                error.line(),
                error.column()
            ))
        })
    }
}

/// PostgreSQL's text cannot hold it and SQLite's can: refused at the door, it is the same on both, and no failure of ours.
fn no_nul() -> Error {
    Error::malformed("the character NUL stands for nothing here")
}

/// Whether JSON text says NUL in a string: `\u0000` behind an even number of backslashes.
fn has_nul(json: &[u8]) -> bool {
    let found = json.windows(6).enumerate();
    found.filter(|(_, six)| *six == br"\u0000").any(|(at, _)| {
        let before = json[..at].iter().rev();
        before.take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

/// Reads a whole body under a cap: holds the bytes as they were sent against their `Content-Digest`, then decodes them.
///
/// # Errors
/// [`Error::TooLarge`] beyond `limit`, coded or decoded; [`Error::DigestMismatch`]; [`Error::BodyBrokeOff`] when the line
/// breaks in the middle; [`Error::UnsupportedMediaType`] and [`Error::Malformed`] for a coding that cannot be undone.
pub async fn read_body(request: Request, limit: Limit) -> Result<bytes::Bytes> {
    let (parts, body) = request.into_parts();
    let coding = Coding::of(&parts.headers)?;
    let most = usize::try_from(limit.value).unwrap_or(usize::MAX);
    let sent = match Limited::new(body, most).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(Error::TooLarge(limit)),
        Err(_) => return Err(Error::BodyBrokeOff),
    };
    check_digest(&parts.headers, &sent)?;
    match coding {
        None => Ok(sent),
        Some(coding) => coding.decode(&sent, limit).await,
    }
}

/// Without the header there is nothing to compare; other algorithms than SHA-256 are passed over (RFC 9530, 2).
fn check_digest(headers: &HeaderMap, bytes: &[u8]) -> Result<()> {
    if !headers.contains_key(CONTENT_DIGEST) {
        return Ok(());
    }
    let actual = Sha256::of(bytes);
    for header in headers.get_all(CONTENT_DIGEST) {
        let text = header
            .to_str()
            .map_err(|_| Error::malformed("Content-Digest is not text"))?;
        for member in text.split(',') {
            let Some(value) = member.trim().strip_prefix("sha-256=") else {
                continue;
            };
            let announced = value
                .strip_prefix(':')
                .and_then(|value| value.strip_suffix(':'))
                .and_then(|value| STANDARD.decode(value).ok())
                .ok_or_else(|| Error::malformed("write Content-Digest as sha-256=:<base64>:"))?;
            if announced != actual.0 {
                return Err(Error::DigestMismatch {
                    actual: actual.to_string(),
                });
            }
        }
    }
    Ok(())
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        axum::extract::Path::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(no_nul());
        }
        axum::extract::Query::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| Error::malformed(error.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_told_from_words_about_it() {
        assert!(has_nul(br#"{"a":"\u0000"}"#));
        assert!(has_nul(br#"["\\\u0000"]"#));
        assert!(!has_nul(br#"["\\u0000", "u0000"]"#));
    }
}
