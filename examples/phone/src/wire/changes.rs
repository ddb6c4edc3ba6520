//! What has changed since the cursor: one page of the feed.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::line::Line;
use crate::problem::Failure;
use crate::traffic::Kind;

/// The version of pull that this client speaks; a server that has given it up answers 426.
const PROTOCOL: u32 = 1;

/// One page.
#[derive(Debug, Deserialize)]
pub struct Page {
    pub epoch: String,
    /// The cursor was of no use: this is the first page of everything.
    pub reset: bool,
    pub cursor: String,
    pub more: bool,
    pub changes: Vec<Change>,
    pub check: Check,
}

/// What one entry has become.
#[derive(Debug, Deserialize)]
pub struct Change {
    pub kind: String,
    pub id: Uuid,
    pub op: Op,
    /// Counted up with every change.
    #[serde(default)]
    pub rev: i64,
    /// With `put`.
    pub value: Option<Box<RawValue>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    Put,
    Del,
}

/// What a phone should hold after the last page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Check {
    pub count: u64,
    /// 16 hex digits.
    pub sum: String,
}

/// # Errors
/// 426 when this version of pull is not spoken any more.
pub async fn page(line: &Line, cursor: Option<&str>, limit: u64) -> Result<Page, Failure> {
    let mut path = format!("/sync/changes?protocol={PROTOCOL}&limit={limit}");
    if let Some(cursor) = cursor {
        // A cursor is URL-safe, but it is the server's word: what would break the address is left out.
        let safe = cursor
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.~".contains(*c));
        path.push_str("&cursor=");
        path.extend(safe);
    }
    line.get(Kind::Pull, &path).await
}
