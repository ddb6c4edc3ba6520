//! Additive sums of published scores, so that a ranking costs by locations and not by audits.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, LocationId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub location_id: LocationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub checklist_slug: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub section_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dimension: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub local_day: String,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub n: i64,
    pub sum_micros: i64,
    pub sum_squares: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
