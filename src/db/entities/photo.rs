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
    pub exif: Option<String>,
    pub received_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
