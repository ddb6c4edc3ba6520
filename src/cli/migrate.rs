//! `plainclothes migrate to-postgres`: from one binary with a file to several nodes with a database server.

use std::path::Path;

use crate::backup;
use crate::config::Config;
use crate::db::to_postgres;

pub(super) async fn to_postgres(config: &Config, from: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        config
            .database_url
            .as_deref()
            .is_some_and(|url| url.starts_with("postgres")),
        "set --database-url (or PLAINCLOTHES_DATABASE_URL) to the PostgreSQL database to move to"
    );
    let _alone = backup::hold_alone(from)?;
    let mut rows = 0;
    let told = |table: &to_postgres::Moved| {
        rows += table.rows;
        if table.rows > 0 {
            say!("{}: {} rows, the same on both", table.table, table.rows);
        }
        Ok(())
    };
    to_postgres::to_postgres(from, &config.database(), told).await?;
    say!("{rows} rows moved and compared; the file stays as it is");
    say!(
        "the objects stay where they are: if they are to be in S3, copy them there before phones come back"
    );
    Ok(())
}
