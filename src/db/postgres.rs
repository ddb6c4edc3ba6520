//! How PostgreSQL is reached: the servers an address names, what each connection is set to, and which of them is the primary.
//!
//! An address may name several servers, as libpq's do (`postgres://user@one:5432,two:5432/name`). The one that takes
//! writes is used. When connections break, it is looked for again, so that a failover needs no restart of this program.
//! Not here: promoting a replica, and keeping an old primary away. That is the operator's, or their tool's.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sea_orm::sqlx::Executor as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    SqlxError, Statement, TransactionTrait as _,
};

use super::tenancy::Tenancy;
use super::walled::lock;
use super::{ACQUIRE_TIMEOUT, DbError};

/// A connection that was used a moment ago is not asked whether it is still there: that would be a round trip for each
/// statement. One that has died meanwhile fails one request with a 503, which phones ask again.
const PING_AFTER_IDLE: Duration = Duration::from_secs(5);
const STATEMENT_TIMEOUT_MS: u32 = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 30_000;
/// A server that does not say in time whether it is the primary is not.
pub const PRIMARY_ANSWER_MAX: Duration = Duration::from_secs(2);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(250);
/// How long the primary is looked for after a failure; the next failure begins anew.
const LOOK_FOR_MAX: u32 = 240;
const HOSTS_MAX: usize = 8;

/// What a connection is for. Readers are read-only to the database itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Reading,
    Writing,
}

/// The servers that an address names, and which of them is used.
#[derive(Debug)]
pub struct Servers {
    /// The same address for each host alone.
    urls: Vec<String>,
    pooled: bool,
    primary: AtomicUsize,
    generation: AtomicU64,
    looking: AtomicBool,
}

impl Servers {
    /// # Errors
    /// When `url` is not an address of PostgreSQL servers.
    pub fn new(url: &str, pooled: bool) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            urls: each_host(url)?,
            pooled,
            primary: AtomicUsize::new(0),
            generation: AtomicU64::new(0),
            looking: AtomicBool::new(false),
        }))
    }

    pub fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// Grows whenever connections that were made before are not to be used any more.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The address of the server in use.
    pub fn url(&self) -> &str {
        &self.urls[self.primary.load(Ordering::Acquire)]
    }

    /// One connection, opened when it is first used; whenever it is opened, it is told what `told` says then.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn connect(
        &self,
        purpose: Purpose,
        told: Arc<Mutex<Tenancy>>,
    ) -> Result<DatabaseConnection, DbErr> {
        let mut options = ConnectOptions::new(self.url());
        options
            .connect_lazy(true)
            .max_connections(1)
            .acquire_timeout(match self.urls.len() {
                1 => ACQUIRE_TIMEOUT,
                // Another one may be the primary by now: who waits long finds that out late.
                _ => PRIMARY_ANSWER_MAX,
            })
            // both are seen to in `walled.rs`, which needs no task for each connection
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
            .sqlx_logging(false);
        if self.pooled {
            // pgbouncer hands out what it knows of a connection only, and statements by name are another client's
            options.map_sqlx_postgres_opts(|postgres| {
                postgres
                    .application_name("plainclothes")
                    .extra_float_digits(None)
                    .statement_cache_capacity(0)
            });
            return Database::connect(options).await;
        }
        options
            .map_sqlx_postgres_opts(move |postgres| {
                let postgres = match purpose {
                    Purpose::Reading => postgres.options([("default_transaction_read_only", "on")]),
                    // Whether writing is allowed is for the database to say, and for its operator to change.
                    Purpose::Writing => postgres,
                };
                postgres.application_name("plainclothes").options([
                    ("default_transaction_isolation", "read committed".to_owned()),
                    ("statement_timeout", STATEMENT_TIMEOUT_MS.to_string()),
                    (
                        "idle_in_transaction_session_timeout",
                        IDLE_IN_TRANSACTION_TIMEOUT_MS.to_string(),
                    ),
                ])
            })
            .map_sqlx_postgres_pool_opts(move |pool| {
                let told = Arc::clone(&told);
                pool.after_connect(move |connection, _| {
                    let setting = setting(*lock(&told));
                    Box::pin(async move {
                        connection
                            .execute(sea_orm::sqlx::AssertSqlSafe(setting))
                            .await
                            .map(|_| ())
                    })
                })
            });
        Database::connect(options).await
    }

    /// When `error` says that the server is gone, or takes no writes any more: gives up all connections, and looks for the
    /// primary where there are several servers.
    pub fn failed(self: &Arc<Self>, error: &DbErr) {
        if is_of_the_server(error) {
            self.give_up_connections();
        }
    }

    /// As [`Self::failed`], when it is known that the server takes no writes.
    pub fn give_up_connections(self: &Arc<Self>) {
        // What was connected before has most likely gone with it: else each connection would fail a request of its own.
        self.generation.fetch_add(1, Ordering::AcqRel);
        let is_alone = self.urls.len() == 1;
        if is_alone || self.looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let servers = Arc::clone(self);
        tokio::spawn(async move {
            servers.look_for_the_primary().await;
            servers.looking.store(false, Ordering::Release);
        });
    }

    /// Asks all servers until one says that it takes writes, and uses that one. One server alone is not asked.
    pub async fn look_for_the_primary(&self) {
        if self.urls.len() == 1 {
            return;
        }
        for _ in 0..LOOK_FOR_MAX {
            let before = self.primary.load(Ordering::Acquire);
            for at in (0..self.urls.len()).map(|next| (before + next) % self.urls.len()) {
                if takes_writes(&self.urls[at]).await {
                    if at != before {
                        tracing::warn!(
                            server = at + 1,
                            "another database server is the primary now"
                        );
                        self.primary.store(at, Ordering::Release);
                        self.generation.fetch_add(1, Ordering::AcqRel);
                    }
                    return;
                }
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }
}

/// The address of the one server that takes writes, of those that `url` names.
///
/// # Errors
/// When `url` is not an address of PostgreSQL servers.
pub async fn primary_of(url: &str) -> anyhow::Result<String> {
    let servers = Servers::new(url, false)?;
    servers.look_for_the_primary().await;
    Ok(servers.url().to_owned())
}

async fn takes_writes(url: &str) -> bool {
    let asked = async {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(1)
            .acquire_timeout(PRIMARY_ANSWER_MAX)
            .sqlx_logging(false)
            .map_sqlx_postgres_opts(|postgres| {
                postgres
                    .extra_float_digits(None)
                    .statement_cache_capacity(0)
            });
        let connection = Database::connect(options).await?;
        let question = Statement::from_string(DbBackend::Postgres, "SELECT pg_is_in_recovery()");
        // In a transaction, for pgbouncer.
        let asked = connection.begin().await?;
        let answer = asked.query_one_raw(question).await?;
        asked.commit().await?;
        connection.close().await?;
        Ok::<_, DbErr>(answer.and_then(|row| row.try_get_by_index::<bool>(0).ok()))
    };
    let answered = tokio::time::timeout(PRIMARY_ANSWER_MAX, asked).await;
    matches!(answered, Ok(Ok(Some(false))))
}

/// Whether nothing can be written on this connection: it is to a replica, or the database, the role or the server was set so.
///
/// # Errors
/// As the database has them.
pub async fn is_read_only(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let question = "SELECT current_setting('transaction_read_only')::boolean";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, question))
        .await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// Whether the server is to blame: it is away, or it is a replica (25006: a write in a read-only transaction).
fn is_of_the_server(error: &DbErr) -> bool {
    if let DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) =
        error
        && let SqlxError::Database(refusal) = &**cause
    {
        let code = refusal.code().unwrap_or_default();
        return code.starts_with("57P") || code.starts_with("08") || code == "25006";
    }
    matches!(DbError::from_ref(error), DbError::Unavailable(_))
}

/// The statement that makes a connection show `tenancy`'s rows.
pub fn setting(tenancy: Tenancy) -> String {
    format!("SET plainclothes.agency = '{}'", tenancy.setting())
}

/// The same until the transaction ends.
pub fn setting_of_this_transaction(tenancy: Tenancy) -> String {
    format!("SET LOCAL plainclothes.agency = '{}'", tenancy.setting())
}

/// Everything that a connection of one's own is set to once, for one transaction on somebody else's.
pub fn settings_of_a_transaction(tenancy: Tenancy) -> String {
    format!(
        "{}; SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}; \
         SET LOCAL idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_TIMEOUT_MS}",
        setting_of_this_transaction(tenancy)
    )
}

/// `postgres://user@one:1,two:2/name?x` as one address for each host.
fn each_host(url: &str) -> anyhow::Result<Vec<String>> {
    let unusable = || anyhow::anyhow!("database_url has to be postgres://user@host:port/name");
    let (scheme, rest) = url.split_once("://").ok_or_else(unusable)?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (format!("{user}@"), hosts),
        None => (String::new(), authority),
    };
    let urls: Vec<String> = hosts
        .split(',')
        .map(|host| format!("{scheme}://{user}{host}{path}"))
        .collect();
    anyhow::ensure!(
        urls.len() <= HOSTS_MAX,
        "database_url names {} servers; at most {HOSTS_MAX} are taken",
        urls.len()
    );
    let is_missing = urls.len() > 1 && hosts.split(',').any(str::is_empty);
    anyhow::ensure!(!is_missing, "database_url names a server without a name");
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_name_several_servers() {
        let url = "postgres://app:p%40ss@one:5432,two:5433/shop?sslmode=require";
        assert_eq!(
            each_host(url).unwrap(),
            [
                "postgres://app:p%40ss@one:5432/shop?sslmode=require",
                "postgres://app:p%40ss@two:5433/shop?sslmode=require"
            ]
        );
        assert_eq!(
            each_host("postgres://one/shop").unwrap(),
            ["postgres://one/shop"]
        );
        assert_eq!(each_host("postgres:///shop").unwrap(), ["postgres:///shop"]);
        assert!(each_host("postgres://one,,two/shop").is_err());
        assert!(each_host("postgres://a,a,a,a,a,a,a,a,a/shop").is_err());
    }
}
