//! Bundles as the desk shows them. Nothing of an audit but how many there are.

use serde::Serialize;
use utoipa::ToSchema;

use super::service::{BundleFilter, Listed, Stale};
use crate::accounts::Scope;
use crate::domain::ids::BundleId;
use crate::http::views::instant;

/// The PDFs of several audits in one file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bundle {
    pub id: BundleId,
    pub filter: BundleFilter,
    /// waiting, working, ready or failed.
    pub state: String,
    pub audits_total: i64,
    pub audits_done: i64,
    /// Of those done, the ones that are not in it, because whoever asked could not see them any more.
    pub audits_left_out: i64,
    pub file_name: String,
    /// Once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<i64>,
    /// Whether the caller asked for it; an admin sees everybody's.
    pub is_own: bool,
    pub asked_by: String,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// When it will be gone.
    pub expires_at: String,
    /// Why its file is not given any more; only of a single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
}

impl Bundle {
    pub fn of(scope: &Scope, listed: Listed) -> Self {
        let Listed {
            row,
            filter,
            asked_by,
        } = listed;
        Self {
            id: row.id,
            filter,
            state: row.state,
            audits_total: row.audits_total,
            audits_done: row.audits_done,
            audits_left_out: row.audits_left_out,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            is_own: row.person_id == scope.person,
            asked_by,
            created_at: instant(row.created_at_ms),
            finished_at: row.finished_at_ms.map(instant),
            expires_at: instant(row.expires_at_ms),
            stale: None,
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bundles {
    pub items: Vec<Bundle>,
    /// How many audits one may hold.
    pub audits_max: u64,
}
