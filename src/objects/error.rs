//! What can go wrong with objects, as callers must tell it apart, and how a server's refusal is understood.

use std::error::Error;
use std::fmt;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::domain::ids::Sha256;

/// What can go wrong with objects.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("there is no such object")]
    NotFound,
    /// The server does not answer, or not as it should, or refuses the credentials: it may pass, try again later.
    #[error("the objects are not available: {trouble}: {detail}")]
    Unavailable { trouble: Trouble, detail: String },
    /// Writing may be tried again when there is room; reading goes on.
    #[error("there is no room for more objects")]
    Full,
    /// The object is there, but its content is not what was put.
    #[error(
        "the object {key} is damaged: {found_bytes} bytes with digest {found}, expected {expected}"
    )]
    Corrupt {
        key: String,
        expected: Sha256,
        found: Sha256,
        found_bytes: u64,
    },
    #[error("an object of more than {object_bytes_max} bytes")]
    TooLarge { object_bytes_max: u64 },
    /// Only when the embedded server is opened.
    #[error("the folder {folder} cannot be used for objects: {source}")]
    Folder {
        folder: String,
        source: std::io::Error,
    },
    /// Only at the start.
    #[error("s3.ca_file {file} cannot be used: {reason}")]
    CaFile { file: String, reason: String },
}

/// What an operator has to mend, in words that give nothing away: no name, no address, no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    NoAnswer,
    Untrusted,
    NoKeys,
    KeysRefused,
    KeysExpired,
    NoBucket,
    OtherRegion,
    Refused,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAnswer => "the S3 server does not answer (s3.endpoint)",
            Self::Untrusted => "the S3 server's certificate is not trusted (s3.ca_file)",
            Self::NoKeys => {
                "there are no keys for S3, neither in the configuration (s3.access_key) nor where AWS's tools look"
            }
            Self::KeysRefused => {
                "the S3 server refuses the keys, or they have no right to the bucket (s3.access_key, s3.secret_key)"
            }
            Self::KeysExpired => "the keys for S3 have expired",
            Self::NoBucket => "the bucket does not exist (s3.bucket)",
            Self::OtherRegion => "the bucket is in another region (s3.region)",
            Self::Refused => "the S3 server cannot do what it is asked",
        })
    }
}

pub(super) fn unavailable(trouble: Trouble, detail: impl fmt::Display) -> ObjectError {
    // some causes are told in several lines, and this goes into one
    let detail = detail.to_string();
    let words: Vec<&str> = detail.split_whitespace().collect();
    ObjectError::Unavailable {
        trouble,
        detail: words.join(" "),
    }
}

/// What a failed call means to callers. The text is for operators: status, code and message, no headers and no keys.
pub(super) fn failure<E>(error: SdkError<E, HttpResponse>) -> ObjectError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let SdkError::ServiceError(refusal) = &error else {
        let detail = chain(&error);
        return unavailable(unanswered(&error, &detail), detail);
    };
    let status = refusal.raw().status().as_u16();
    let code = refusal.err().code();
    let trouble = match (status, code) {
        (_, Some("NoSuchBucket")) => Trouble::NoBucket,
        (404, _) => return ObjectError::NotFound,
        (507, _) => return ObjectError::Full,
        (_, Some("ExpiredToken" | "TokenRefreshRequired" | "RequestExpired")) => {
            Trouble::KeysExpired
        }
        (_, Some("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException"))
        | (301 | 307, _) => Trouble::OtherRegion,
        (
            _,
            Some(
                "AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken"
                | "NotSignedUp" | "AccountProblem" | "AllAccessDisabled",
            ),
        )
        // an answer to HEAD says no more than its status
        | (401 | 403, _) => Trouble::KeysRefused,
        _ => Trouble::Refused,
    };
    let message = refusal.err().message().unwrap_or("no message");
    unavailable(
        trouble,
        format_args!("{status} {}: {message}", code.unwrap_or("no code")),
    )
}

/// Why a request got no answer that could be read.
fn unanswered<E>(error: &SdkError<E, HttpResponse>, detail: &str) -> Trouble {
    let is_about_keys = matches!(
        error,
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_)
    ) && detail.contains("credentials");
    if is_about_keys {
        Trouble::NoKeys
    } else if detail.contains("invalid peer certificate") {
        Trouble::Untrusted
    } else {
        Trouble::NoAnswer
    }
}

/// An error and its causes in one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
