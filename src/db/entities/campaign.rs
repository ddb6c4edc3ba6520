//! Which checklist is shopped where, when, for what pay.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, CampaignId, ClientId, Sha256};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub name: String,
    pub checklist_slug: String,
    pub checklist_sha256: Sha256,
    pub visits_min: i32,
    pub starts_on: String,
    pub ends_on: String,
    pub pay_minor: i64,
    pub currency: String,
    pub brief: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
