//! Evidence: one row for each content in an agency.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: Sha256,
    pub media_type: String,
    pub size_bytes: i64,
    pub width_px: i32,
    pub height_px: i32,
    pub in_objects: bool,
    pub has_renditions: bool,
    pub rendition_error: Option<String>,
    /// What its camera wrote, as JSON; for reviewers only.
    pub exif: Option<String>,
    pub received_at_ms: i64,
    /// Which of the ways to read a photo it was last read in; 0 before any.
    pub examination: i32,
    pub fingerprint: Option<i64>,
    /// 32 bytes.
    pub fine_print: Option<Vec<u8>>,
    /// What stands out in it, 42 bytes each.
    pub features: Option<Vec<u8>>,
    /// What is covered before anybody outside sees it, as JSON.
    pub redactions: Option<String>,
    /// Grows with each change of them; 0 before any.
    pub redaction_version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
