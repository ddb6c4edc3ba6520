//! What the right answer to a trap is: in a whole campaign, or at one of its locations.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, CampaignId, LocationId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trap_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub agency_id: AgencyId,
    pub campaign_id: CampaignId,
    pub location_id: Option<LocationId>,
    pub question_id: String,
    /// JSON, as an answer's value.
    pub answer: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
