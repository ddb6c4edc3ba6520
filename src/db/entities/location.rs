//! One branch or helpline.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, LocationId, RegionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "location")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationId,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub region_id: RegionId,
    pub name: String,
    pub code: String,
    pub address: String,
    pub city: String,
    pub time_zone: String,
    pub latitude_e7: Option<i64>,
    pub longitude_e7: Option<i64>,
    pub phone: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
