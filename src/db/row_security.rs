//! The second wall on PostgreSQL: the database shows a connection the rows of one agency only, whatever a query forgets.
//!
//! Each table with an `agency_id` has a policy that compares it with the connection's setting `plainclothes.agency`; tables
//! that belong to a row of such a table ask for that row. The policies hold for the owner of the tables too. A connection
//! that was told nothing gets an error and no rows. Put on at every start, where one is missing: so a new table has its
//! policy with the release that brings it. Not here: what within an agency is whose; the finders' scopes say that.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// In the policies' name, to be raised when their text changes.
const POLICY: &str = "agency_1";

/// Tables that have no agency of their own: table, column, and the table whose `id` it is.
const BELONGING: [(&str, &str, &str); 5] = [
    ("command", "person_id", "person"),
    ("feed", "person_id", "person"),
    ("feed_entry", "person_id", "person"),
    ("upload_chunk", "upload_id", "upload"),
    ("what_if_score", "what_if_id", "what_if"),
];

/// Tables without rows of any agency.
const COMMON: [&str; 4] = [
    "installation",
    "receipt_key",
    "housekeeping",
    "seaql_migrations",
];

// Read once for each statement, not for each row: that is what the brackets are for.
const SEES_ALL: &str = "(SELECT current_setting('plainclothes.agency') = 'all')";
const AGENCY: &str = "(SELECT NULLIF(current_setting('plainclothes.agency'), 'all')::uuid)";

/// Puts a policy on each table that has none.
///
/// # Errors
/// As the database has them; only the owner of a table may.
pub async fn put_on(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for table in tables_without_policy(db).await? {
        let Some(condition) = condition(db, &table).await? else {
            continue;
        };
        db.execute_unprepared(&format!(
            "ALTER TABLE \"{table}\" ENABLE ROW LEVEL SECURITY; \
             ALTER TABLE \"{table}\" FORCE ROW LEVEL SECURITY; \
             CREATE POLICY {POLICY} ON \"{table}\" USING ({SEES_ALL} OR {condition})"
        ))
        .await?;
    }
    Ok(())
}

async fn tables_without_policy(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let sql = format!(
        "SELECT t.tablename FROM pg_tables t WHERE t.schemaname = current_schema() AND NOT EXISTS \
         (SELECT 1 FROM pg_policies p WHERE p.schemaname = t.schemaname AND p.tablename = t.tablename \
          AND p.policyname = '{POLICY}') ORDER BY t.tablename"
    );
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Which rows of `table` the setting's agency has; none for a table that is common to all.
async fn condition(db: &impl ConnectionTrait, table: &str) -> Result<Option<String>, DbErr> {
    if table == "agency" {
        return Ok(Some(format!("id = {AGENCY}")));
    }
    let has_agency = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() \
         AND table_name = $1 AND column_name = 'agency_id'",
        [table.into()],
    );
    if db.query_one_raw(has_agency).await?.is_some() {
        return Ok(Some(format!("agency_id = {AGENCY}")));
    }
    if let Some((_, column, parent)) = BELONGING.iter().find(|(name, ..)| *name == table) {
        // The parent's own policy answers.
        return Ok(Some(format!(
            "EXISTS (SELECT 1 FROM \"{parent}\" WHERE \"{parent}\".id = \"{table}\".{column})"
        )));
    }
    if COMMON.contains(&table) {
        return Ok(None);
    }
    Err(DbErr::Custom(format!(
        "table {table} has no agency_id, and src/db/row_security.rs does not say whose its rows are"
    )))
}

/// Gives the application's role what it needs on all tables, and no more: rows, but not their definitions.
///
/// # Errors
/// As the database has them.
pub async fn grant_to(db: &impl ConnectionTrait, role: &str) -> Result<(), DbErr> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    db.execute_unprepared(&format!(
        "GRANT USAGE ON SCHEMA public TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}; \
         REVOKE UPDATE, DELETE ON journal FROM {role}; \
         REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM {role}"
    ))
    .await?;
    Ok(())
}
