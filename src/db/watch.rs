//! What the database's connections and writes look like from outside. Not here: what is in its rows.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::reader::Lines;
use super::walled::Usage;
use super::{Db, Writing};

/// Upper bounds in seconds: a shared COMMIT is a few milliseconds, a lock that is waited for may be seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    pool: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPool {
    pool: &'static str,
}

/// The figures of one open database.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub write_seconds: Histogram,
    connections: Family<InState, Gauge>,
    connections_max: Family<OfPool, Gauge>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            write_seconds: Histogram::new(SECONDS),
            connections: Family::default(),
            connections_max: Family::default(),
        }
    }
}

impl Db {
    /// Enters the figures under their names.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "db_write_duration_seconds",
            "A write from being handed over to its COMMIT or failure",
            self.watch.write_seconds.clone(),
        );
        registry.register(
            "db_pool_connections",
            "Connections that this node holds",
            self.watch.connections.clone(),
        );
        registry.register(
            "db_pool_connections_max",
            "Connections that this node may hold",
            self.watch.connections_max.clone(),
        );
    }

    /// Looks how many connections are idle and how many are used. SQLite's one writing connection is not looked at.
    pub fn observe_pools(&self) {
        for (pool, usage) in self.usage() {
            for (state, count) in [("idle", usage.idle), ("used", usage.used)] {
                let labels = InState { pool, state };
                let gauge = self.watch.connections.get_or_create(&labels);
                gauge.set(i64::from(count));
            }
            let gauge = self.watch.connections_max.get_or_create(&OfPool { pool });
            gauge.set(i64::from(usage.connections_max));
        }
    }

    fn usage(&self) -> Vec<(&'static str, Usage)> {
        let reader = match &self.reader.lines {
            Lines::Sqlite(connection) => {
                let pool = connection.get_sqlite_connection_pool();
                let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
                Usage {
                    connections_max: pool.options().get_max_connections(),
                    used: pool.size().saturating_sub(idle),
                    idle,
                }
            }
            Lines::Postgres(connections) => connections.usage(),
        };
        let mut all = vec![("reader", reader)];
        if let Writing::AtOnce(connections) = &self.writer {
            all.push(("writer", connections.usage()));
        }
        all
    }
}
