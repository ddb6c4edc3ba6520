//! What can go wrong on the way, and what the server says that the phone shall do about it.
//!
//! Not here: doing it (`round.rs`).

use std::time::Duration;

use serde::Deserialize;

/// Why a request did not do what it should.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// No answer of a Plainclothes server came: no route, a line that broke, a captive portal.
    #[error("no connection: {0}")]
    NoConnection(String),
    #[error("{} {}: {}", .0.status, .0.code, .0.detail)]
    Problem(Problem),
    /// An answer that cannot be right: bytes that are not what their name says, a receipt for something else.
    #[error("not what was asked for: {0}")]
    Spoiled(String),
    /// A receipt that was signed with none of the keys that the server was last heard to tell.
    #[error("a receipt that this server has not signed")]
    Untrusted,
    /// The phone's own memory failed. What was acknowledged and could not be noted is sent again another time.
    #[error("this phone cannot keep it: {0}")]
    Storage(String),
}

/// The server's word for what to do with what it refused. There is no 'discard'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    Now,
    Later,
    AfterLogin,
    AfterUpdate,
    Park,
}

/// An answer that is an error (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: u16,
    /// A stable name; empty when the answer had no body, as after HEAD.
    pub code: String,
    /// For a person.
    pub detail: String,
    pub retry: Retry,
    pub retry_after: Option<Duration>,
    /// With 409: where the upload stands.
    pub upload_offset: Option<u64>,
}

/// The members of a problem's body that matter here.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
    retry: Option<Retry>,
}

impl Problem {
    /// Reads an answer that is not a 2xx. Without an instruction the cautious reading holds: keep the work, and come back.
    pub(crate) fn read(
        status: u16,
        body: &[u8],
        retry_after: Option<Duration>,
        upload_offset: Option<u64>,
    ) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let unsaid = if status == 401 {
            Retry::AfterLogin
        } else {
            Retry::Later
        };
        Self {
            status,
            retry: body.retry.unwrap_or(unsaid),
            code: body.code,
            detail: body.detail,
            retry_after,
            upload_offset,
        }
    }
}

impl Failure {
    /// The status of the problem, if it is one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            _ => None,
        }
    }

    /// The code of the problem, if it is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// One of few different texts, so that failures can be counted.
    pub fn kind(&self) -> String {
        match self {
            Self::NoConnection(_) => "no connection".to_owned(),
            Self::Problem(problem) => format!("{} {}", problem.status, problem.code),
            Self::Spoiled(what) => format!("not what was asked for: {what}"),
            Self::Untrusted => "a receipt that this server has not signed".to_owned(),
            Self::Storage(_) => "storage of the phone".to_owned(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Storage(error.to_string())
    }
}

/// What a failure means for the round and for the step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing more can succeed now.
    Offline,
    SignedOut,
    Busy(Duration),
    /// This step not again in this round; the rest goes on.
    PutAside {
        retry_after: Duration,
        update_required: bool,
    },
    /// Kept, shown as needing help, and not sent again by itself.
    Park(Problem),
    Again,
}

/// How often a step is taken when the server says `now`.
const TRIES_MAX: u32 = 5;

/// `tries` counts how often this step has failed in this round, this time included; `is_work` says that the step hands in
/// what the shopper has made. Only that can be parked: a pull that is refused is asked again another time.
pub fn consequence(failure: &Failure, is_work: bool, tries: u32) -> Consequence {
    let aside = |retry_after: Option<Duration>, update_required| Consequence::PutAside {
        retry_after: retry_after.unwrap_or_default(),
        update_required,
    };
    let problem = match failure {
        Failure::NoConnection(_) => return Consequence::Offline,
        // One item's fault must not hold up its neighbours.
        Failure::Spoiled(_) | Failure::Untrusted | Failure::Storage(_) => {
            return aside(None, false);
        }
        Failure::Problem(problem) => problem,
    };
    match problem.retry {
        Retry::AfterLogin => Consequence::SignedOut,
        Retry::AfterUpdate => aside(None, true),
        Retry::Now if tries < TRIES_MAX => Consequence::Again,
        Retry::Now => aside(None, false),
        // Audits are still taken when there is no room for photos; and what is wrong with one item alone stops that item.
        Retry::Later if matches!(problem.status, 500 | 507) => aside(problem.retry_after, false),
        Retry::Later => Consequence::Busy(problem.retry_after.unwrap_or_default()),
        Retry::Park if is_work => Consequence::Park(problem.clone()),
        Retry::Park => aside(None, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> Failure {
        Failure::Problem(Problem::read(status, body.as_bytes(), None, None))
    }

    #[test]
    fn the_servers_word_decides() {
        let say = |status, retry: &str| refused(status, &format!("{{\"retry\":\"{retry}\"}}"));
        assert_eq!(
            consequence(&say(401, "after_login"), true, 1),
            Consequence::SignedOut
        );
        assert_eq!(
            consequence(&say(503, "later"), true, 1),
            Consequence::Busy(Duration::ZERO)
        );
        let aside = |update_required| Consequence::PutAside {
            retry_after: Duration::ZERO,
            update_required,
        };
        assert_eq!(consequence(&say(507, "later"), true, 1), aside(false));
        assert_eq!(consequence(&say(500, "later"), true, 1), aside(false));
        assert_eq!(
            consequence(&say(426, "after_update"), false, 1),
            aside(true)
        );
        assert_eq!(
            consequence(&say(400, "now"), true, TRIES_MAX - 1),
            Consequence::Again
        );
        assert_eq!(consequence(&say(400, "now"), true, TRIES_MAX), aside(false));
        assert!(matches!(
            consequence(&say(413, "park"), true, 1),
            Consequence::Park(_)
        ));
        assert_eq!(consequence(&say(413, "park"), false, 1), aside(false));
    }

    #[test]
    fn without_a_word_the_work_is_kept() {
        assert_eq!(
            consequence(&refused(502, "<html>"), true, 1),
            Consequence::Busy(Duration::ZERO)
        );
        assert_eq!(
            consequence(&refused(401, ""), true, 1),
            Consequence::SignedOut
        );
    }
}
