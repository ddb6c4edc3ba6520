//! A node in a client's tree; `path` is the ids from the root down, each followed by a slash.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, RegionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RegionId,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub parent_id: Option<RegionId>,
    pub name: String,
    pub path: String,
    pub depth: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
