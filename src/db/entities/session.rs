//! One sign-in on one device; the token itself is never kept.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, PersonId, SessionId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub token_sha256: Sha256,
    pub device_name: String,
    pub created_at_ms: i64,
    pub last_seen_at_ms: i64,
    pub ended_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
