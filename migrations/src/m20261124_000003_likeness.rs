//! Copies that were turned, mirrored or cropped: what stands out in each photo, an index for it, and pairs that say how the one
//! photo lies in the other.

use sea_orm_migration::prelude::*;

use crate::parts::{column, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut added) in [
            ("photo", nullable("features").blob().to_owned()),
            ("photo_pair", nullable("turned").text().to_owned()),
            ("photo_pair", nullable("share_percent").integer().to_owned()),
        ] {
            let alter = Table::alter()
                .table(Alias::new(table))
                .add_column(&mut added)
                .to_owned();
            manager.alter_table(alter).await?;
        }
        // At most 24 rows a photo; as with photo_band, a look needs nothing but the index.
        let features = table("photo_feature")
            .col(column("agency_id").uuid())
            .col(column("feature_key").big_integer())
            .col(column("sha256").blob())
            .primary_key(
                Index::create()
                    .col(Alias::new("agency_id"))
                    .col(Alias::new("feature_key"))
                    .col(Alias::new("sha256")),
            )
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned();
        manager.create_table(features).await?;
        // photos that were read before this are read again
        let unread = Index::create()
            .name("ix_photo_received_at_ms_unread_2")
            .table(Alias::new("photo"))
            .col(Alias::new("received_at_ms"))
            .and_where(Expr::col(Alias::new("examination")).lt(2))
            .to_owned();
        manager.create_index(unread).await?;
        let before = Index::drop()
            .name("ix_photo_received_at_ms_unread")
            .table(Alias::new("photo"))
            .to_owned();
        manager.drop_index(before).await
    }
}
