//! One assignment of a location to a shopper.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{
    AgencyId, AuditId, CampaignId, ClientId, LocationId, PersonId, Sha256, VisitId,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitId,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub campaign_id: CampaignId,
    pub location_id: LocationId,
    pub shopper_id: Option<PersonId>,
    pub checklist_sha256: Sha256,
    pub state: String,
    pub local_opens: String,
    pub local_closes: String,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub pay_minor: i64,
    pub currency: String,
    pub rev: i64,
    pub audit_id: Option<AuditId>,
    pub withdrawn_reason: Option<String>,
    pub created_at_ms: i64,
    /// The first leg, where this visit is the second.
    pub follows_visit_id: Option<VisitId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
