//! A whole SQLite database moved to PostgreSQL: every row of every table, in one transaction, counted and compared.
//!
//! Both databases are read again afterwards, row by row, and their tables' digests compared; only then is it committed, so
//! that a move that breaks off, or differs in a single value, leaves nothing behind. Not here: the objects.

use std::path::Path;

use sea_orm::{
    ActiveModelTrait, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, IntoActiveModel as _, Statement, TransactionTrait as _,
};

use super::entities as e;
use super::tenancy::Tenancy;
use super::{Address, postgres, schema};
use crate::domain::ids::Sha256;

/// What became of one table.
#[derive(Debug)]
pub struct Moved {
    pub table: &'static str,
    pub rows: u64,
}

/// How many rows there are, and a sum of their digests, which does not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Content {
    rows: u64,
    sum: u128,
}

/// Rows that are read and written at once; few where a row may be of several megabytes.
const ROWS: u64 = 200;
const HEAVY_ROWS: u64 = 4;

/// Every table, those that others refer to first, with the columns of its key.
macro_rules! each_table {
    ($run:ident) => {
        $run! {
            installation ROWS: Id/id;
            receipt_key ROWS: SignsFromMs/signs_from_ms;
            housekeeping ROWS: Task/task;
            job ROWS: Id/id;
            agency ROWS: Id/id;
            person ROWS: Id/id;
            client ROWS: Id/id;
            region ROWS: Id/id;
            role_grant ROWS: Id/id;
            session ROWS: Id/id;
            location ROWS: Id/id;
            checklist_version HEAVY_ROWS: AgencyId/agency_id, Sha256/sha256;
            checklist_picture HEAVY_ROWS: AgencyId/agency_id, Sha256/sha256;
            campaign ROWS: Id/id;
            campaign_version ROWS: CampaignId/campaign_id, FromDay/from_day;
            trap_key ROWS: Id/id;
            visit ROWS: Id/id;
            submission HEAVY_ROWS: Number/number;
            audit ROWS: Id/id;
            audit_photo ROWS: AuditId/audit_id, QuestionId/question_id, Position/position;
            photo ROWS: AgencyId/agency_id, Sha256/sha256;
            photo_band ROWS: AgencyId/agency_id, BandKey/band_key, Fingerprint/fingerprint, Sha256/sha256;
            photo_feature ROWS: AgencyId/agency_id, FeatureKey/feature_key, Sha256/sha256;
            photo_pair ROWS: Id/id;
            upload ROWS: Id/id;
            upload_chunk HEAVY_ROWS: UploadId/upload_id, OffsetBytes/offset_bytes;
            review ROWS: Id/id;
            feedback ROWS: Id/id;
            command ROWS: PersonId/person_id, Id/id;
            feed ROWS: PersonId/person_id;
            feed_entry ROWS: PersonId/person_id, Kind/kind, EntityId/entity_id;
            outbox_report ROWS: PersonId/person_id;
            rollup ROWS: LocationId/location_id, ChecklistSlug/checklist_slug, SectionId/section_id,
                Dimension/dimension, LocalDay/local_day;
            webhook ROWS: Id/id;
            what_if ROWS: Id/id;
            what_if_score ROWS: WhatIfId/what_if_id, AuditId/audit_id;
            bundle ROWS: Id/id;
            journal ROWS: Number/number;
        }
    };
}

macro_rules! names {
    ($($table:ident $batch:ident: $($column:ident/$field:ident),+;)+) => {
        /// All tables that are moved.
        const TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}
each_table!(names);

/// Moves the database in the file `from`, which no server may be using, into the empty database at `to`.
///
/// `told` hears of each table when it has been moved and compared. The file's own schema is brought up to date first.
///
/// # Errors
/// That the target has rows already, that a table is not known here, that anything differs; whatever the databases say.
pub async fn to_postgres(
    from: &Path,
    to: &Address,
    mut told: impl FnMut(&Moved) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    anyhow::ensure!(from.is_file(), "there is no database at {}", from.display());
    let source = super::connect_sqlite(from, 1, "off").await?;
    schema::migrate_sqlite(&source).await?;
    refuse_unknown_tables(&source).await?;

    let url = postgres::primary_of(&to.url).await?;
    schema::bring_up_to_date(&url, to.owner_url.as_deref()).await?;
    let owner_url = to.owner_url.as_deref().unwrap_or(&url);
    let owner = schema::connect(&postgres::primary_of(owner_url).await?).await?;
    let txn = owner.begin().await?;
    txn.execute_unprepared(&postgres::setting_of_this_transaction(Tenancy::Everything))
        .await?;
    anyhow::ensure!(
        e::agency::Entity::find().one(&txn).await?.is_none()
            && e::installation::Entity::find().one(&txn).await?.is_none(),
        "the PostgreSQL database is in use already: name an empty one"
    );
    let references = take_off_references(&txn).await?;
    move_all(&source, &txn, &mut told).await?;
    for reference in references {
        // Puts it back, which looks at every row.
        txn.execute_unprepared(&reference).await?;
    }
    for (table, column) in [("submission", "number"), ("journal", "number")] {
        txn.execute_unprepared(&format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), \
             (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
        ))
        .await?;
    }
    txn.commit().await?;
    Ok(())
}

async fn refuse_unknown_tables(source: &DatabaseConnection) -> anyhow::Result<()> {
    let query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                 AND name <> 'seaql_migrations'";
    let rows = source
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, query))
        .await?;
    for row in rows {
        let table: String = row.try_get_by_index(0)?;
        anyhow::ensure!(
            TABLES.contains(&table.as_str()),
            "the database has a table {table}, which this program does not know how to move"
        );
    }
    Ok(())
}

/// Drops the foreign keys until all rows are there, since some tables refer to themselves; returns what puts them back.
async fn take_off_references(txn: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let query = "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) \
                 FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    let rows = txn
        .query_all_raw(Statement::from_string(DbBackend::Postgres, query))
        .await?;
    let mut back = Vec::new();
    for row in rows {
        let (table, name, definition): (String, String, String) = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        );
        txn.execute_unprepared(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\""))
            .await?;
        back.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT \"{name}\" {definition}"
        ));
    }
    Ok(back)
}

impl Content {
    fn add(&mut self, row: &impl std::fmt::Debug) {
        let digest = Sha256::of(format!("{row:?}").as_bytes()).0;
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(first));
        self.rows += 1;
    }
}

async fn insert<E>(txn: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: sea_orm::IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    E::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

macro_rules! write_move_all {
    ($($table:ident $batch:ident: $($column:ident/$field:ident),+;)+) => {
        async fn move_all(
            source: &DatabaseConnection,
            txn: &DatabaseTransaction,
            told: &mut impl FnMut(&Moved) -> anyhow::Result<()>,
        ) -> anyhow::Result<()> {
            $({
                use e::$table::{Column, Entity};
                let (mut was, mut is) = (Content::default(), Content::default());
                let mut cursor = Entity::find().cursor_by(($(Column::$column),+));
                cursor.first($batch);
                loop {
                    let rows = cursor.all(source).await?;
                    let Some(last) = rows.last() else { break };
                    cursor.after(($(last.$field.clone()),+));
                    rows.iter().for_each(|row| was.add(row));
                    insert::<Entity>(txn, rows).await?;
                }
                let mut cursor = Entity::find().cursor_by(($(Column::$column),+));
                cursor.first($batch);
                loop {
                    let rows = cursor.all(txn).await?;
                    let Some(last) = rows.last() else { break };
                    cursor.after(($(last.$field.clone()),+));
                    rows.iter().for_each(|row| is.add(row));
                }
                let table = stringify!($table);
                anyhow::ensure!(
                    was == is,
                    "{table} differs: {} rows were there and {} have come, or not with the same values",
                    was.rows,
                    is.rows
                );
                told(&Moved { table, rows: was.rows })?;
            })+
            Ok(())
        }
    };
}
each_table!(write_move_all);
