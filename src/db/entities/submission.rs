//! What a phone handed in, byte for byte, whether it could be placed or not.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, AuditId, PersonId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub audit_id: AuditId,
    pub sha256: Sha256,
    pub body: Vec<u8>,
    pub received_at_ms: i64,
    pub outcome: String,
    pub reason: Option<String>,
    pub errors: Option<String>,
    pub receipt: String,
    pub settled_at_ms: Option<i64>,
    /// Of work in quarantine: placed, accepted or rejected.
    pub settled_outcome: Option<String>,
    pub settled_by: Option<PersonId>,
    pub settled_note: Option<String>,
    /// What it became, if it was placed.
    pub settled_audit_id: Option<AuditId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
