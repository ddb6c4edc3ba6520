//! A key that signs receipts from a moment on, until the next one does.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt_key")]
pub struct Model {
    /// 0 for the first one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub signs_from_ms: i64,
    /// Ed25519's 32 bytes.
    pub private_key: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
