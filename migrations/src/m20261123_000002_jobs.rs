//! Jobs know whose they are and who holds them; what is watched is found by indexes that hold only what waits; webhooks.
//!
//! `job.lease_until_ms` stays behind: a job that is held is due again when its lease ends (`run_at_ms`).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::parts::{column, index, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("webhook")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(nullable("client_id").uuid())
            .col(column("url").text())
            .col(column("secret").text())
            .col(column("state").text())
            .col(column("dead_deliveries").integer())
            .col(nullable("last_error").text())
            .col(nullable("last_delivered_at_ms").big_integer())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .to_owned(),
    ]
}

/// An index over the few rows of a table that wait for something.
fn of_waiting(
    table: &'static str,
    column: &'static str,
    condition: SimpleExpr,
) -> IndexCreateStatement {
    Index::create()
        .name(format!("ix_{table}_{column}_waiting"))
        .table(Alias::new(table))
        .col(Alias::new(column))
        .and_where(condition)
        .to_owned()
}

/// Whose the jobs are that were in the queue before jobs said it.
const OWNERS_SQLITE: [&str; 3] = [
    "UPDATE job SET agency_id = (SELECT u.agency_id FROM upload u WHERE lower(hex(u.id)) = \
     replace(json_extract(job.payload, '$.upload'), '-', '')) WHERE kind = 'photo.move'",
    "UPDATE job SET agency_id = unhex(replace(json_extract(payload, '$.agency'), '-', '')) \
     WHERE kind = 'photo.renditions'",
    "UPDATE job SET agency_id = (SELECT w.agency_id FROM what_if w WHERE lower(hex(w.id)) = \
     replace(json_extract(job.payload, '$.what_if'), '-', '')) WHERE kind = 'what_if.score'",
];
const OWNERS_POSTGRES: [&str; 3] = [
    "UPDATE job SET agency_id = u.agency_id FROM upload u \
     WHERE kind = 'photo.move' AND u.id = (payload::json->>'upload')::uuid",
    "UPDATE job SET agency_id = (payload::json->>'agency')::uuid WHERE kind = 'photo.renditions'",
    "UPDATE job SET agency_id = w.agency_id FROM what_if w \
     WHERE kind = 'what_if.score' AND w.id = (payload::json->>'what_if')::uuid",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (of, mut added) in [
            ("job", nullable("agency_id").uuid().to_owned()),
            ("job", nullable("lease").uuid().to_owned()),
            ("job", column("asked").big_integer().default(0).to_owned()),
            ("job", nullable("failed_at_ms").big_integer().to_owned()),
            (
                "feed",
                column("pulled_seq").big_integer().default(0).to_owned(),
            ),
        ] {
            let alter = Table::alter()
                .table(Alias::new(of))
                .add_column(&mut added)
                .to_owned();
            manager.alter_table(alter).await?;
        }
        let connection = manager.get_connection();
        // Who pulled how far was not noted; that nobody has pulled anything would be a false alarm.
        connection
            .execute_unprepared("UPDATE feed SET pulled_seq = head")
            .await?;
        connection
            .execute_unprepared(
                "UPDATE job SET run_at_ms = lease_until_ms WHERE lease_until_ms > run_at_ms",
            )
            .await?;
        let owners = match manager.get_database_backend() {
            DbBackend::Postgres => OWNERS_POSTGRES,
            _ => OWNERS_SQLITE,
        };
        for update in owners {
            connection.execute_unprepared(update).await?;
        }
        let outside = Expr::col(Alias::new("in_objects")).not();
        let unsettled = Expr::col(Alias::new("outcome"))
            .eq("quarantined")
            .and(Expr::col(Alias::new("settled_at_ms")).is_null());
        let held = Expr::col(Alias::new("audits"))
            .gt(0)
            .or(Expr::col(Alias::new("photos")).gt(0));
        for index in [
            index("job", &["state", "kind", "run_at_ms"], false),
            index("job", &["agency_id", "state", "kind"], false),
            index("webhook", &["agency_id", "client_id"], false),
            of_waiting("photo", "size_bytes", outside),
            of_waiting("submission", "number", unsettled),
            of_waiting("outbox_report", "reported_at_ms", held),
        ] {
            manager.create_index(index).await?;
        }
        manager
            .drop_index(
                Index::drop()
                    .name("ix_job_state_run_at_ms")
                    .table(Alias::new("job"))
                    .to_owned(),
            )
            .await
    }
}
