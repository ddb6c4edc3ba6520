//! Work that outlives the request that asked for it.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AgencyId, JobId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Absent only in rows of before jobs said whose they are, whose subject is gone.
    pub agency_id: Option<AgencyId>,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub attempts: i32,
    /// When it is due; while it is held, when the lease ends.
    pub run_at_ms: i64,
    /// Proves who holds it.
    pub lease: Option<Uuid>,
    /// How often it was asked for again since it was enqueued.
    pub asked: i64,
    pub last_error: Option<String>,
    pub failed_at_ms: Option<i64>,
    pub created_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
