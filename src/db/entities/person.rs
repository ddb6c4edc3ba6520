//! Somebody who signs in.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub agency_id: AgencyId,
    pub email: String,
    pub display_name: String,
    pub password_hash: Option<String>,
    pub locale: String,
    pub created_at_ms: i64,
    pub disabled_at_ms: Option<i64>,
    pub failed_sign_ins: i32,
    pub last_failure_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
