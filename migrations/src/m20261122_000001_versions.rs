//! Versions that move on: which version a campaign uses from which day, linked visits, traps, reference pictures, and
//! what-if scores beside the real ones.

use sea_orm_migration::prelude::*;

use crate::parts::{column, index, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("checklist_picture")
            .col(column("agency_id").uuid())
            .col(column("sha256").blob())
            .col(column("media_type").text())
            .col(column("bytes").blob())
            .primary_key(
                Index::create()
                    .col(Alias::new("agency_id"))
                    .col(Alias::new("sha256")),
            )
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("campaign_version")
            .col(column("campaign_id").uuid())
            .col(column("from_day").text())
            .col(column("agency_id").uuid())
            .col(column("checklist_sha256").blob())
            .primary_key(
                Index::create()
                    .col(Alias::new("campaign_id"))
                    .col(Alias::new("from_day")),
            )
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("campaign_id", "campaign"))
            .to_owned(),
        table("trap_key")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("campaign_id").uuid())
            .col(nullable("location_id").uuid())
            .col(column("question_id").text())
            .col(column("answer").text())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("campaign_id", "campaign"))
            .foreign_key(&mut references("location_id", "location"))
            .to_owned(),
        table("what_if")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("name").text())
            .col(column("checklist_slug").text())
            .col(nullable("client_id").uuid())
            .col(column("reweighting").text())
            .col(column("state").text())
            .col(column("audits_total").big_integer())
            .col(column("audits_done").big_integer())
            .col(column("created_at_ms").big_integer())
            .col(nullable("finished_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .to_owned(),
        table("what_if_score")
            .col(column("what_if_id").uuid())
            .col(column("audit_id").uuid())
            .col(column("location_id").uuid())
            .col(column("before").text())
            .col(column("after").text())
            .primary_key(
                Index::create()
                    .col(Alias::new("what_if_id"))
                    .col(Alias::new("audit_id")),
            )
            .foreign_key(&mut references("what_if_id", "what_if"))
            .foreign_key(&mut references("audit_id", "audit"))
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        let follows = Table::alter()
            .table(Alias::new("visit"))
            .add_column(nullable("follows_visit_id").uuid())
            .to_owned();
        manager.alter_table(follows).await?;
        for index in [
            index("trap_key", &["campaign_id"], false),
            index("what_if", &["agency_id", "created_at_ms"], false),
            index("visit", &["follows_visit_id"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
