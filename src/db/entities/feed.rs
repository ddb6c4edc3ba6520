//! The head of one person's feed; its row lock orders the commits of that feed.

use sea_orm::entity::prelude::*;

use crate::domain::ids::PersonId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub head: i64,
    pub live_count: i64,
    pub live_sum: i64,
    pub pruned_to: i64,
    /// As far as a phone has shown that it has pulled.
    pub pulled_seq: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
