//! The PDFs of several published audits in one file, for whoever asked for them.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, BundleId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bundle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BundleId,
    pub agency_id: AgencyId,
    /// Who asked for it.
    pub person_id: PersonId,
    /// What was asked for, with names, as JSON.
    pub filter: String,
    pub file_name: String,
    /// The published ids of its audits in their order, as JSON: those asked for, and once it is made, those in it.
    pub audits: String,
    /// `waiting`, `working`, `ready` or `failed`.
    pub state: String,
    pub audits_total: i64,
    pub audits_done: i64,
    /// Of those done, the ones that whoever asked could not see any more.
    pub audits_left_out: i64,
    /// Which run of its job made the pieces, or makes them.
    pub run: Option<Uuid>,
    /// Pieces that this run has made, or is about to.
    pub pieces: i32,
    pub size_bytes: Option<i64>,
    /// How often its photos had been redacted, all together, when it was made.
    pub redactions: i64,
    pub created_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    /// From then on nobody sees it, and housekeeping removes it.
    pub expires_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
