//! The version that a campaign uses from a day on.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, CampaignId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    #[sea_orm(primary_key, auto_increment = false)]
    /// A local day of its locations: `2026-12-01`.
    pub from_day: String,
    pub agency_id: AgencyId,
    pub checklist_sha256: Sha256,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
