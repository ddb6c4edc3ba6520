//! Under which keys what stands out in a photo is found.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo_feature")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub feature_key: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: Sha256,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
