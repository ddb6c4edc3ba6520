//! A role with the part of the agency that it reaches.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agency_id: AgencyId,
    pub person_id: PersonId,
    pub role: String,
    pub client_id: Option<ClientId>,
    pub region_id: Option<RegionId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
