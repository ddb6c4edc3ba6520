//! PostgreSQL connections that know whose rows they may show.
//!
//! Row-level security goes by a setting of the connection. Setting it anew for each statement would be a round trip for
//! each, so a connection keeps what it was told, and whoever comes gets one that was told the same, if there is one. A
//! connection that breaks is told again as it is made anew.
//!
//! With pgbouncer in transaction mode there is no such thing as a connection's setting: see [`Connections::begin`].
//! Not here: the rules themselves (`row_security.rs`), who is who (`tenancy.rs`).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr,
    IsolationLevel, TransactionOptions, TransactionTrait as _,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ACQUIRE_TIMEOUT;
use super::postgres::{PRIMARY_ANSWER_MAX, Purpose, Servers};
use super::tenancy::Tenancy;

/// A connection that nobody has used for so long is closed.
const IDLE_MAX: Duration = Duration::from_secs(5 * 60);
/// A database that was found to take writes is believed for so long.
const LOOK_AGAIN_WHETHER_IT_WRITES: Duration = Duration::from_secs(1);
/// What a server keeps for a connection grows with its age.
const AGE_MAX: Duration = Duration::from_secs(30 * 60);

/// A bounded number of connections for one purpose. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    servers: Arc<Servers>,
    purpose: Purpose,
    connections_max: u32,
    permits: Arc<Semaphore>,
    /// Used last stands last, so that connections that are not needed fall idle and close.
    free: Mutex<Vec<Line>>,
    /// When a look last found that the database takes writes.
    wrote: Mutex<Option<Instant>>,
}

/// One connection, which is opened when it is first used, and anew when it has broken.
#[derive(Debug)]
struct Line {
    connection: DatabaseConnection,
    /// Read by whoever opens the connection anew.
    told: Arc<Mutex<Tenancy>>,
    opened: Instant,
    used: Instant,
    /// Of [`Servers`]: a line from before a server failed, or to one that is not the primary any more, is not used again.
    generation: u64,
}

/// How many connections there are.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub connections_max: u32,
    pub used: u32,
    pub idle: u32,
}

impl Connections {
    pub fn new(servers: Arc<Servers>, purpose: Purpose, connections_max: u32) -> Self {
        Self {
            inner: Arc::new(Inner {
                servers,
                purpose,
                connections_max,
                permits: Arc::new(Semaphore::new(connections_max as usize)),
                free: Mutex::new(Vec::new()),
                wrote: Mutex::new(None),
            }),
        }
    }

    /// A connection that shows `tenancy`'s rows, for as long as the answer is held.
    ///
    /// # Errors
    /// When none becomes free in time, or the database is away.
    pub async fn take(&self, tenancy: Tenancy) -> Result<Taken, DbErr> {
        let permit = tokio::time::timeout(
            ACQUIRE_TIMEOUT,
            Arc::clone(&self.inner.permits).acquire_owned(),
        )
        .await
        .map_err(|_| DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout))?
        .map_err(|_| DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::ConnectionClosed))?;
        let mut taken = Taken {
            line: self.pick(tenancy),
            home: Arc::clone(&self.inner),
            _permit: permit,
        };
        if taken.line.is_none() {
            taken.line = Some(self.open(tenancy).await?);
        }
        taken.tell(tenancy).await?;
        Ok(taken)
    }

    /// One that was told the same; else the one that was not used for longest; none when all are used.
    fn pick(&self, tenancy: Tenancy) -> Option<Line> {
        let generation = self.inner.servers.generation();
        let mut free = lock(&self.inner.free);
        free.retain(|line| {
            line.generation == generation
                && line.used.elapsed() < IDLE_MAX
                && line.opened.elapsed() < AGE_MAX
        });
        let at = free.iter().rposition(|line| *lock(&line.told) == tenancy);
        match at {
            Some(at) => Some(free.remove(at)),
            // Who takes one is among those counted.
            None if self.used() + free.len() as u32 <= self.inner.connections_max => None,
            None if free.is_empty() => None,
            None => Some(free.remove(0)),
        }
    }

    async fn open(&self, tenancy: Tenancy) -> Result<Line, DbErr> {
        let told = Arc::new(Mutex::new(tenancy));
        let generation = self.inner.servers.generation();
        let connection = self
            .inner
            .servers
            .connect(self.inner.purpose, Arc::clone(&told))
            .await?;
        let now = Instant::now();
        Ok(Line {
            connection,
            told,
            opened: now,
            used: now,
            generation,
        })
    }

    /// Begins a transaction in which `tenancy`'s rows are visible.
    ///
    /// Behind pgbouncer the connection may be another one after each transaction, so all settings are made in it.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn begin(
        &self,
        tenancy: Tenancy,
        isolation: IsolationLevel,
    ) -> Result<(Taken, DatabaseTransaction), DbErr> {
        let taken = self.take(tenancy).await?;
        let access = match self.inner.purpose {
            Purpose::Reading => Some(AccessMode::ReadOnly),
            // Said for a writer, it would overrule an operator who has made the database read-only.
            Purpose::Writing => None,
        };
        // What a connection does by default is not said again: that would be a round trip.
        let is_default = isolation == IsolationLevel::ReadCommitted && !self.is_pooled();
        let options = if is_default {
            TransactionOptions::default()
        } else {
            TransactionOptions {
                isolation_level: Some(isolation),
                access_mode: access,
                ..TransactionOptions::default()
            }
        };
        let txn = taken.connection().begin_with_options(options).await?;
        if self.is_pooled() {
            txn.execute_unprepared(&super::postgres::settings_of_a_transaction(tenancy))
                .await?;
        }
        Ok((taken, txn))
    }

    /// Whether a connection is only ours from BEGIN to COMMIT.
    pub fn is_pooled(&self) -> bool {
        self.inner.servers.is_pooled()
    }

    /// Call with whatever went wrong: after a failover, the primary has to be looked for.
    pub fn failed(&self, error: &DbErr) {
        self.inner.servers.failed(error);
    }

    fn used(&self) -> u32 {
        let free = self.inner.permits.available_permits() as u32;
        self.inner.connections_max.saturating_sub(free)
    }

    pub fn usage(&self) -> Usage {
        Usage {
            connections_max: self.inner.connections_max,
            used: self.used(),
            idle: lock(&self.inner.free).len() as u32,
        }
    }
}

impl Inner {
    fn is_time_to_look(&self) -> bool {
        lock(&self.wrote).is_none_or(|at| at.elapsed() >= LOOK_AGAIN_WHETHER_IT_WRITES)
    }
}

/// A connection for as long as this is held.
#[derive(Debug)]
pub struct Taken {
    line: Option<Line>,
    home: Arc<Inner>,
    _permit: OwnedSemaphorePermit,
}

impl Taken {
    pub fn connection(&self) -> &DatabaseConnection {
        match &self.line {
            Some(line) => &line.connection,
            None => unreachable!("a connection is taken out only when this is dropped"),
        }
    }

    /// Call when the work of a transaction has failed: a connection on which nothing can be written is not used again, nor
    /// are the others of its time. A database that takes writes again may say so to new connections only.
    ///
    /// Most work fails because it was refused, so this is done now and then only. Nobody waits for it: a server that is away
    /// takes its time.
    pub fn look_whether_it_writes(self) {
        if self.home.purpose == Purpose::Reading || !self.home.is_time_to_look() {
            return;
        }
        tokio::spawn(async move {
            let asked = takes_no_writes(self.connection());
            match tokio::time::timeout(PRIMARY_ANSWER_MAX, asked).await {
                Ok(true) => self.home.servers.give_up_connections(),
                _ => *lock(&self.home.wrote) = Some(Instant::now()),
            }
        });
    }

    /// A caller that hangs up in the middle of this takes the connection with it: nobody could know what it was told.
    async fn tell(&mut self, tenancy: Tenancy) -> Result<(), DbErr> {
        let is_told = |line: &Line| *lock(&line.told) == tenancy;
        if self.home.servers.is_pooled() || self.line.as_ref().is_none_or(is_told) {
            return Ok(());
        }
        if let Some(line) = self.line.take() {
            let setting = super::postgres::setting(tenancy);
            if let Err(error) = line.connection.execute_unprepared(&setting).await {
                self.home.servers.failed(&error);
                return Err(error);
            }
            *lock(&line.told) = tenancy;
            self.line = Some(line);
        }
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(mut line) = self.line.take() {
            line.used = Instant::now();
            lock(&self.home.free).push(line);
        }
    }
}

async fn takes_no_writes(connection: &DatabaseConnection) -> bool {
    let asked = async {
        // In a transaction, for pgbouncer.
        let asked = connection.begin().await?;
        let is_read_only = super::postgres::is_read_only(&asked).await?;
        asked.commit().await?;
        Ok::<_, DbErr>(is_read_only)
    };
    asked.await.unwrap_or(false)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
