//! An immutable edition of a checklist: canonical bytes under their SHA-256.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checklist_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: Sha256,
    pub slug: String,
    pub version: i32,
    pub body: Vec<u8>,
    pub published_at_ms: i64,
    pub retired_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
