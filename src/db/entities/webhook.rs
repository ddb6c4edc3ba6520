//! Where an agency wants to be told what happens.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, WebhookId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub agency_id: AgencyId,
    /// Only what this client may see; all of the agency's clients when absent.
    pub client_id: Option<ClientId>,
    pub url: String,
    /// What deliveries are signed with; shown once, when it is made.
    pub secret: String,
    /// `active` or `failing`.
    pub state: String,
    /// Deliveries that were given up since the last one that arrived.
    pub dead_deliveries: i32,
    pub last_error: Option<String>,
    pub last_delivered_at_ms: Option<i64>,
    pub created_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
