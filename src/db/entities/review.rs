//! A reviewer's decision on one audit.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, AuditId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agency_id: AgencyId,
    pub audit_id: AuditId,
    pub reviewer_id: PersonId,
    pub outcome: String,
    pub message: String,
    pub comments: String,
    pub decided_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
