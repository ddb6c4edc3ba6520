//! A photo that an audit names, whether it has come or not.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, AuditId, PersonId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_photo")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audit_id: AuditId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub sha256: Sha256,
    pub stored: bool,
    pub waived_reason: Option<String>,
    pub taken_at: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
