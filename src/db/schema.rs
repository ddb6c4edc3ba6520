//! The schema of a PostgreSQL database: brought up to date by its owner, and used by an application that need not be the owner.
//!
//! Not here: what the schema is (the crate `migrations`), and SQLite, which has neither roles nor policies.

use plainclothes_migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    SqlxError, Statement, TransactionTrait as _,
};
use url::Url;

use super::{ACQUIRE_TIMEOUT, postgres, row_security, tenancy::Tenancy};

/// Several nodes may start at once: one migrates, the others wait here.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7245120816)";

/// Migrates as the owner, when one is named, and gives the application's role its rights; else as the application itself,
/// which then has to be the owner.
///
/// # Errors
/// As the database has them; that the application's role may not migrate; that it could look behind the second wall.
pub async fn bring_up_to_date(url: &str, owner_url: Option<&str>) -> anyhow::Result<()> {
    let application = connect_at_start("database_url", url).await?;
    // In a transaction, because pgbouncer may have another connection for each statement without one.
    let asked = application.begin().await?;
    anyhow::ensure!(
        !postgres::is_read_only(&asked).await?,
        "PostgreSQL at {} takes no writes: it is a replica, or default_transaction_read_only is on for the server, the \
         database or the role",
        without_password(url)
    );
    let role = role(&asked).await?;
    let is_up_to_date = is_up_to_date(&asked).await?;
    asked.commit().await?;
    if let Some(owner_url) = owner_url {
        let primary = postgres::primary_of(owner_url).await?;
        let owner = connect_at_start("database_owner_url", &primary).await?;
        migrate(&owner, Some(&role.name)).await?;
        owner.close().await?;
    } else if role.is_owner || !is_up_to_date {
        migrate(&application, None).await.map_err(|error| {
            anyhow::anyhow!(
                "the schema is not up to date and {} may not change it: set database_owner_url, or run \
                 'plainclothes migrate' as the owner ({error})",
                role.name
            )
        })?;
    }
    application.close().await?;
    if role.is_above_the_wall {
        tracing::warn!(
            role = role.name,
            "this PostgreSQL role is a superuser or has BYPASSRLS: row-level security does not hold for it"
        );
    }
    Ok(())
}

/// As [`connect`], for whoever starts the program and has to find out which setting is wrong.
async fn connect_at_start(setting: &str, url: &str) -> anyhow::Result<DatabaseConnection> {
    connect(url).await.map_err(|error| {
        let address = without_password(url);
        let why = why_not(&error);
        anyhow::anyhow!("PostgreSQL cannot be used at {address} ({setting}): {why}")
    })
}

fn without_password(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return "an address that cannot be read".to_owned();
    };
    // Only an address without a host has none to take away.
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

/// A refused connection is tried again until there is no more time, and then only the time is told.
fn why_not(error: &DbErr) -> String {
    if let DbErr::Conn(RuntimeErr::SqlxError(cause)) = error {
        return match &**cause {
            SqlxError::PoolTimedOut => "nobody takes connections there".to_owned(),
            SqlxError::Database(refusal) => refusal.message().to_owned(),
            other => other.to_string(),
        };
    }
    match error {
        DbErr::ConnectionAcquire(_) => "nobody takes connections there".to_owned(),
        other => other.to_string(),
    }
}

/// One connection, for work on the schema.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| {
            postgres
                .application_name("plainclothes")
                .extra_float_digits(None)
                .statement_cache_capacity(0)
        });
    Database::connect(options).await
}

/// The same for a SQLite file.
///
/// # Errors
/// As the database has them.
pub async fn migrate_sqlite(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(db, None).await
}

async fn migrate(db: &DatabaseConnection, grant_to: Option<&str>) -> anyhow::Result<()> {
    let txn = db.begin().await?;
    txn.execute_unprepared(LOCK).await?;
    // What a migration does to rows, it does to everybody's.
    txn.execute_unprepared(&postgres::setting_of_this_transaction(Tenancy::Everything))
        .await?;
    Migrator::up(&txn, None).await?;
    row_security::put_on(&txn).await?;
    if let Some(role) = grant_to {
        row_security::grant_to(&txn, role).await?;
    }
    txn.commit().await?;
    Ok(())
}

struct Role {
    name: String,
    is_owner: bool,
    is_above_the_wall: bool,
}

async fn role(db: &impl ConnectionTrait) -> anyhow::Result<Role> {
    let question = "SELECT r.rolname::text, r.rolsuper OR r.rolbypassrls, \
         has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS \
         (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner <> r.rolname) \
         FROM pg_roles r WHERE r.rolname = current_user";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, question))
        .await?
        .ok_or_else(|| anyhow::anyhow!("PostgreSQL does not know the role that has signed in"))?;
    Ok(Role {
        name: row.try_get_by_index(0)?,
        is_above_the_wall: row.try_get_by_index(1)?,
        is_owner: row.try_get_by_index(2)?,
    })
}

async fn is_up_to_date(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let table = "SELECT to_regclass('seaql_migrations') IS NOT NULL";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, table))
        .await?;
    let is_there = match row {
        Some(row) => row.try_get_by_index::<bool>(0)?,
        None => false,
    };
    if !is_there {
        return Ok(false);
    }
    let rows = db
        .query_all_raw(Statement::from_string(
            DbBackend::Postgres,
            "SELECT version FROM seaql_migrations",
        ))
        .await?;
    let applied: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    Ok(Migrator::migrations()
        .iter()
        .all(|migration| applied.iter().any(|name| name == migration.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_told() {
        let told = without_password("postgres://app:secret@one:5432/shop?password=secret");
        assert_eq!(told, "postgres://app@one:5432/shop");
        assert!(!without_password("no address: secret").contains("secret"));
    }

    #[test]
    fn a_server_that_nobody_reached_is_told_so() {
        let late = DbErr::Conn(RuntimeErr::SqlxError(SqlxError::PoolTimedOut.into()));
        assert_eq!(why_not(&late), "nobody takes connections there");
        let wrong = SqlxError::Configuration("no such sslmode".into());
        let wrong = DbErr::Conn(RuntimeErr::SqlxError(wrong.into()));
        assert!(why_not(&wrong).contains("no such sslmode"));
    }
}
