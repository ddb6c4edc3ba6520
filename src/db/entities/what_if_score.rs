//! An audit's score as it is and as it would be.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AuditId, LocationId, WhatIfId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "what_if_score")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub what_if_id: WhatIfId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub audit_id: AuditId,
    pub location_id: LocationId,
    /// JSON of a score without its trace.
    pub before: String,
    pub after: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
