//! What a phone last said it still holds.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub agency_id: AgencyId,
    pub audits: i64,
    pub photos: i64,
    pub photo_bytes: i64,
    pub oldest: Option<String>,
    pub reported_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
