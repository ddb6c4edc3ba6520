//! A submission that was placed and scored.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{
    AgencyId, AuditId, CampaignId, ClientId, LocationId, PersonId, PublishedAuditId, Sha256,
    VisitId,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub agency_id: AgencyId,
    pub client_id: ClientId,
    pub location_id: LocationId,
    pub campaign_id: CampaignId,
    pub visit_id: VisitId,
    pub shopper_id: PersonId,
    pub checklist_sha256: Sha256,
    pub checklist_slug: String,
    pub submission_number: i64,
    pub supersedes: Option<AuditId>,
    pub superseded_by: Option<AuditId>,
    pub state: String,
    pub complete: bool,
    pub photos_total: i32,
    pub photos_stored: i32,
    pub flags: String,
    pub score: String,
    pub total_micros: Option<i64>,
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    pub balanced_micros: Option<i64>,
    pub failed: bool,
    pub finished_at: String,
    pub received_at_ms: i64,
    pub local_day: String,
    pub published_id: Option<PublishedAuditId>,
    pub published_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
