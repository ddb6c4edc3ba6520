//! Bodies, paths and queries as the handlers want them: a mistake in them is a problem that says what, where and what to do.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::app::App;
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
        let bytes = read_body(request.into_body(), limit).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Error::malformed(format!(
                "the body is not the JSON that is expected here (line {}, column {}): {error}",
                error.line(),
                error.column()
            ))
        })
    }
}

/// Reads a whole body under a cap.
///
/// # Errors
/// [`Error::TooLarge`] beyond `limit`; [`Error::Malformed`] when the line breaks in the middle.
pub async fn read_body(body: axum::body::Body, limit: Limit) -> Result<bytes::Bytes> {
    let most = usize::try_from(limit.value).unwrap_or(usize::MAX);
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge(limit)),
        Err(error) => Err(Error::malformed(format!("the body broke off: {error}"))),
    }
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
        axum::extract::Query::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| Error::malformed(error.body_text()))
    }
}
