//! What keeps the sync protocol tidy: how work in quarantine was settled, what an upload said of itself, and when
//! housekeeping last ran, with the indexes that keep its looks small.

use sea_orm_migration::prelude::*;

use crate::parts::{column, nullable, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The rows that housekeeping looks for are few among many: each index holds only those.
fn of_few(
    table: &'static str,
    column: &'static str,
    which: &str,
    condition: SimpleExpr,
) -> IndexCreateStatement {
    Index::create()
        .name(format!("ix_{table}_{column}_{which}"))
        .table(Alias::new(table))
        .col(Alias::new(column))
        .and_where(condition)
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (of, mut added) in [
            ("submission", nullable("settled_outcome").text().to_owned()),
            ("submission", nullable("settled_by").uuid().to_owned()),
            ("submission", nullable("settled_note").text().to_owned()),
            ("submission", nullable("settled_audit_id").uuid().to_owned()),
            ("upload", nullable("metadata").text().to_owned()),
        ] {
            let alter = Table::alter()
                .table(Alias::new(of))
                .add_column(&mut added)
                .to_owned();
            manager.alter_table(alter).await?;
        }
        let housekeeping = table("housekeeping")
            .col(column("task").text())
            .col(column("run_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("task")))
            .to_owned();
        manager.create_table(housekeeping).await?;
        let tombstone = Expr::col(Alias::new("op")).eq("del");
        let unfinished = Expr::col(Alias::new("finished_at_ms")).is_null();
        let incomplete = Expr::col(Alias::new("complete")).not();
        for index in [
            of_few("feed_entry", "changed_at_ms", "del", tombstone),
            of_few("upload", "expires_at_ms", "unfinished", unfinished),
            of_few("audit", "id", "incomplete", incomplete),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
