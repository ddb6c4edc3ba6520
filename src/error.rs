//! What can go wrong in a service, as facts. What a caller is told about it stands in `http/problem.rs`.

use crate::db::DbError;
use crate::objects::ObjectError;

/// A limit that was exceeded, with its configured name, value and unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub value: u64,
    pub unit: &'static str,
}

/// One thing that is wrong in what was sent: a JSON pointer (RFC 6901) and words for a person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = PointedError)]
pub struct Pointed {
    pub pointer: String,
    pub message: String,
    /// The words of the question that it is about, in the language of the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nothing by that name is here")]
    NotFound,
    #[error("this account may not do that")]
    NotAllowed,
    #[error("this address does not know that method")]
    MethodNotAllowed,
    #[error("nobody is signed in, or the session has ended")]
    SessionEnded,
    #[error("email and password do not belong together")]
    WrongCredentials,
    #[error("{detail}")]
    Malformed {
        detail: String,
        errors: Vec<Pointed>,
    },
    #[error("the body broke off before its end")]
    BodyBrokeOff,
    #[error("the bytes that came have the SHA-256 {actual}, not the one announced")]
    DigestMismatch { actual: String },
    #[error("more than the limit of {} {}", .0.value, .0.unit)]
    TooLarge(Limit),
    /// Of things that can be counted; `detail` says how many there are and what helps.
    #[error("{detail}")]
    TooMany { detail: String, limit: Limit },
    #[error("the upload stands at byte {offset_bytes}")]
    OffsetMismatch { offset_bytes: u64 },
    #[error("the checksum of this chunk does not match")]
    ChunkChecksumMismatch,
    #[error("the whole photo has the SHA-256 {actual}, not the one in its address")]
    PhotoDigestMismatch { actual: String },
    #[error("{0}")]
    NotAPhoto(String),
    #[error("{0}")]
    UnsupportedMediaType(String),
    #[error("this server speaks tus 1.0.0")]
    WrongTusVersion,
    #[error("version {0} of the protocol is not spoken here: update the app")]
    UpdateRequired(u32),
    #[error("{missing} photos of this audit have not arrived")]
    AuditIncomplete { missing: i32 },
    #[error("{0}")]
    WrongState(String),
    #[error("too many attempts")]
    RateLimited { retry_after_s: u32 },
    #[error("the server has more work than it can take")]
    Overloaded,
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Objects(#[from] ObjectError),
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A request that cannot be understood, without a place in its body to point at.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed {
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// A member of the body that cannot be accepted.
    pub fn refused(pointer: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Malformed {
            detail: format!("{pointer}: {message}"),
            errors: vec![Pointed {
                pointer: pointer.to_owned(),
                message,
                question: None,
            }],
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Db(error.into())
    }
}

/// What every service returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
