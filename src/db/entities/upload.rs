//! A photo on its way in, or delivered, by one person.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, PersonId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub sha256: Sha256,
    pub length_bytes: i64,
    pub offset_bytes: i64,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    /// `Upload-Metadata` as it came.
    pub metadata: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
