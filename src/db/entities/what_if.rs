//! A reweighting that is tried out on old audits.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, ClientId, WhatIfId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "what_if")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WhatIfId,
    pub agency_id: AgencyId,
    pub name: String,
    pub checklist_slug: String,
    /// Only this client's audits; all when absent.
    pub client_id: Option<ClientId>,
    pub reweighting: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    pub audits_total: i64,
    pub audits_done: i64,
    pub created_at_ms: i64,
    pub finished_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
