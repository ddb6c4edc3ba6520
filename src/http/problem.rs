//! The error catalogue: what each failure is called, its status, and what a phone shall do about it (RFC 9457).
//!
//! The codes are promises to clients that were built years ago: they are added, never renamed.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::DbError;
use crate::error::{Error, Pointed};
use crate::objects::ObjectError;

/// What a phone shall do with the work that was refused. There is no 'discard'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Send the same again.
    Now,
    /// Send the same again after a pause.
    Later,
    /// Sign in, then send the same again.
    AfterLogin,
    /// Update the app, then go on.
    AfterUpdate,
    /// Keep it, show it under 'needs help', go on with the rest.
    Park,
}

/// The body of every answer that is an error (`application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable address for this kind of problem.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    /// What happened this time, in words for a person.
    pub detail: String,
    /// A stable name for programs.
    pub code: String,
    /// Names this answer in the server's log.
    pub request_id: String,
    pub retry: Retry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Pointed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitView>,
    /// With `offset_mismatch`: where the upload stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
}

/// The limit that was exceeded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LimitView {
    pub name: String,
    pub value: u64,
    pub unit: String,
}

/// A row of the catalogue.
struct Entry(u16, &'static str, &'static str, Retry);

fn entry(error: &Error) -> Entry {
    use Retry::{AfterLogin, AfterUpdate, Later, Now, Park};
    match error {
        Error::Malformed { .. } => Entry(400, "malformed_request", "Malformed request", Park),
        Error::BodyBrokeOff => Entry(400, "body_broke_off", "The body broke off", Now),
        Error::DigestMismatch { .. } => Entry(400, "digest_mismatch", "Digest mismatch", Now),
        Error::SessionEnded => Entry(401, "session_ended", "Not signed in", AfterLogin),
        Error::WrongCredentials => Entry(401, "wrong_credentials", "Wrong credentials", AfterLogin),
        Error::NotAllowed => Entry(403, "not_allowed", "Not allowed", Park),
        Error::NotFound => Entry(404, "not_found", "Not found", Park),
        Error::MethodNotAllowed => Entry(405, "method_not_allowed", "Method not allowed", Park),
        Error::OffsetMismatch { .. } => Entry(409, "offset_mismatch", "Offset mismatch", Now),
        Error::AuditIncomplete { .. } => Entry(409, "audit_incomplete", "Audit incomplete", Later),
        Error::WrongState(_) => Entry(409, "wrong_state", "Not in this state", Park),
        Error::WrongTusVersion => Entry(412, "wrong_tus_version", "Wrong tus version", Park),
        Error::TooMany { .. } => Entry(409, "too_many", "Too many", Park),
        Error::TooLarge(_) => Entry(413, "too_large", "Too large", Park),
        Error::UnsupportedMediaType(_) => Entry(
            415,
            "unsupported_media_type",
            "Unsupported media type",
            Park,
        ),
        Error::PhotoDigestMismatch { .. } => {
            Entry(422, "photo_digest_mismatch", "Photo digest mismatch", Now)
        }
        Error::NotAPhoto(_) => Entry(422, "not_a_photo", "Not a photo", Park),
        Error::UpdateRequired(_) => Entry(426, "update_required", "Update required", AfterUpdate),
        Error::RateLimited { .. } => Entry(429, "rate_limited", "Too many requests", Later),
        Error::ChunkChecksumMismatch => {
            Entry(460, "checksum_mismatch", "Chunk checksum mismatch", Now)
        }
        Error::Db(DbError::Unavailable(_)) | Error::Objects(ObjectError::Unavailable { .. }) => {
            Entry(503, "unavailable", "Temporarily unavailable", Later)
        }
        Error::Overloaded => Entry(503, "overloaded", "Overloaded", Later),
        Error::Objects(ObjectError::Full) | Error::Db(DbError::Full(_)) => {
            Entry(507, "storage_full", "Storage full", Later)
        }
        Error::Db(_) | Error::Objects(_) | Error::Internal(_) => {
            Entry(500, "internal", "Internal error", Later)
        }
    }
}

const PAUSE_S: u32 = 5;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let Entry(status, code, title, retry) = entry(&error);
        let mut problem = Self {
            r#type: format!("urn:plainclothes:problem:{code}"),
            title: title.to_owned(),
            status,
            detail: error.to_string(),
            code: code.to_owned(),
            request_id: String::new(),
            retry,
            errors: Vec::new(),
            limit: None,
            offset: None,
            retry_after_s: None,
        };
        match error {
            Error::Malformed { errors, .. } => problem.errors = errors,
            Error::TooLarge(limit) | Error::TooMany { limit, .. } => {
                problem.limit = Some(LimitView {
                    name: limit.name.to_owned(),
                    value: limit.value,
                    unit: limit.unit.to_owned(),
                });
            }
            Error::OffsetMismatch { offset_bytes } => problem.offset = Some(offset_bytes),
            Error::RateLimited { retry_after_s } => problem.retry_after_s = Some(retry_after_s),
            _ => {}
        }
        if status >= 500 {
            // What failed inside is for the log; the caller learns only what to do.
            tracing::error!(code, cause = %problem.detail, "request failed");
            problem.detail = match code {
                "internal" => "Something failed on our side; it has been noted.".to_owned(),
                _ => "The server cannot do this just now. Nothing is lost; ask again.".to_owned(),
            };
            problem.retry_after_s = matches!(status, 503 | 507).then_some(PAUSE_S);
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        if let Some(id) = super::request_id::current() {
            self.request_id = id;
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_s;
        let offset = self.offset;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(offset) = offset {
            headers.insert("upload-offset", HeaderValue::from(offset));
        }
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
