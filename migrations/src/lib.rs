//! The database schema, one set of migrations for SQLite and PostgreSQL.
//!
//! Migrations only go forward: a release can be undone by restoring a backup, not by dropping columns.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20260901_000001_main_job;
mod m20261122_000001_versions;
mod m20261122_000002_sync;
mod m20261123_000001_photos;
mod m20261123_000002_jobs;
mod m20261124_000001_receipt_keys;
mod m20261124_000002_bundles;
mod m20261124_000003_likeness;
mod parts;

/// All migrations in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260901_000001_main_job::Migration),
            Box::new(m20261122_000001_versions::Migration),
            Box::new(m20261122_000002_sync::Migration),
            Box::new(m20261123_000001_photos::Migration),
            Box::new(m20261123_000002_jobs::Migration),
            Box::new(m20261124_000001_receipt_keys::Migration),
            Box::new(m20261124_000002_bundles::Migration),
            Box::new(m20261124_000003_likeness::Migration),
        ]
    }
}
