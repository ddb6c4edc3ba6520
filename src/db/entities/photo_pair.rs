//! Two photos of two audits that are the same or nearly so. The first audit is the later one.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, AuditId, PersonId, PhotoPairId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo_pair")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoPairId,
    pub agency_id: AgencyId,
    pub audit_id: AuditId,
    pub sha256: Sha256,
    pub other_audit_id: AuditId,
    pub other_sha256: Sha256,
    /// In how many marks their fingerprints differ; none of one and the same file, and of one laid in the other.
    pub distance: Option<i32>,
    /// How the one lies in the other, where that is how they were found: upright, quarter, upside_down, mirrored or
    /// mirrored_quarter.
    pub turned: Option<String>,
    /// How much of the larger photo the other shows.
    pub share_percent: Option<i32>,
    /// open, dismissed or confirmed.
    pub state: String,
    pub found_at_ms: i64,
    pub decided_by: Option<PersonId>,
    pub decided_at_ms: Option<i64>,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
