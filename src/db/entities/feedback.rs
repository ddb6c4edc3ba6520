//! The word to the shopper that follows a decision.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, AuditId, FeedbackId, PersonId, VisitId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedbackId,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub visit_id: VisitId,
    pub audit_id: AuditId,
    pub outcome: String,
    pub message: String,
    pub comments: String,
    pub rev: i64,
    pub created_at_ms: i64,
    pub read_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
