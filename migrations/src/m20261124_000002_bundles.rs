//! Bundles: the PDFs of several published audits in one file, kept for some days.

use sea_orm_migration::prelude::*;

use crate::parts::{column, index, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn bundle() -> TableCreateStatement {
    table("bundle")
        .col(column("id").uuid())
        .col(column("agency_id").uuid())
        .col(column("person_id").uuid())
        .col(column("filter").text())
        .col(column("file_name").text())
        .col(column("audits").text())
        .col(column("state").text())
        .col(column("audits_total").big_integer())
        .col(column("audits_done").big_integer())
        .col(column("audits_left_out").big_integer())
        .col(nullable("run").uuid())
        .col(column("pieces").integer())
        .col(nullable("size_bytes").big_integer())
        .col(column("redactions").big_integer())
        .col(column("created_at_ms").big_integer())
        .col(nullable("finished_at_ms").big_integer())
        .col(column("expires_at_ms").big_integer())
        .primary_key(Index::create().col(Alias::new("id")))
        .foreign_key(&mut references("agency_id", "agency"))
        .foreign_key(&mut references("person_id", "person"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(bundle()).await?;
        for index in [
            index(
                "bundle",
                &["agency_id", "person_id", "created_at_ms"],
                false,
            ),
            index("bundle", &["expires_at_ms"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
