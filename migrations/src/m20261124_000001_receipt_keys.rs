//! The key that signs receipts moves out of `installation` into a table of its own, so that another can follow it.

use sea_orm_migration::prelude::*;

use crate::parts::{column, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = table("receipt_key")
            .col(column("signs_from_ms").big_integer())
            .col(column("private_key").blob())
            .primary_key(Index::create().col(Alias::new("signs_from_ms")))
            .to_owned();
        manager.create_table(keys).await?;
        // The first key has signed from the beginning, whatever any clock says of it.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO receipt_key (signs_from_ms, private_key) SELECT 0, receipt_key FROM installation",
            )
            .await?;
        let moved = Table::alter()
            .table(Alias::new("installation"))
            .drop_column(Alias::new("receipt_key"))
            .to_owned();
        manager.alter_table(moved).await
    }
}
