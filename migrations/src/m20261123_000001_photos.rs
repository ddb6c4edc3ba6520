//! Photos beside one another: what was read out of each, its fingerprint with an index for near ones, pairs that were found, and
//! the parts of a photo that are covered before anybody outside sees it.

use sea_orm_migration::prelude::*;

use crate::parts::{column, index, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn added_to_photo() -> Vec<ColumnDef> {
    vec![
        // which of the ways to read a photo it was last read in; 0 for those that came before there were any
        column("examination").integer().default(0).to_owned(),
        nullable("fingerprint").big_integer().to_owned(),
        nullable("fine_print").blob().to_owned(),
        nullable("redactions").text().to_owned(),
        column("redaction_version").integer().default(0).to_owned(),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    let keyed = |columns: &[&'static str]| {
        let mut key = Index::create();
        for column in columns {
            key.col(Alias::new(*column));
        }
        key
    };
    vec![
        // Four rows a photo. The key holds all there is to read, so that a look needs nothing but the index.
        table("photo_band")
            .col(column("agency_id").uuid())
            .col(column("band_key").integer())
            .col(column("fingerprint").big_integer())
            .col(column("sha256").blob())
            .primary_key(&mut keyed(&[
                "agency_id",
                "band_key",
                "fingerprint",
                "sha256",
            ]))
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("photo_pair")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("audit_id").uuid())
            .col(column("sha256").blob())
            .col(column("other_audit_id").uuid())
            .col(column("other_sha256").blob())
            .col(nullable("distance").integer())
            .col(column("state").text())
            .col(column("found_at_ms").big_integer())
            .col(nullable("decided_by").uuid())
            .col(nullable("decided_at_ms").big_integer())
            .col(nullable("note").text())
            .primary_key(&mut keyed(&["id"]))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("audit_id", "audit"))
            .foreign_key(&mut references("other_audit_id", "audit"))
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut added in added_to_photo() {
            let alter = Table::alter()
                .table(Alias::new("photo"))
                .add_column(&mut added)
                .to_owned();
            manager.alter_table(alter).await?;
        }
        for table in tables() {
            manager.create_table(table).await?;
        }
        let unread = Index::create()
            .name("ix_photo_received_at_ms_unread")
            .table(Alias::new("photo"))
            .col(Alias::new("received_at_ms"))
            .and_where(Expr::col(Alias::new("examination")).eq(0))
            .to_owned();
        let pair = ["audit_id", "sha256", "other_audit_id", "other_sha256"];
        for index in [
            unread,
            index("audit_photo", &["agency_id", "sha256"], false),
            index("photo_pair", &pair, true),
            index("photo_pair", &["other_audit_id"], false),
            index("photo_pair", &["agency_id", "state", "found_at_ms"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
