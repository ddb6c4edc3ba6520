//! The only place that asks what time it is and makes new ids. Everything else is given them.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use rand::RngExt as _;
use uuid::Uuid;

/// Where the time comes from: the system, or a test that moves it.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 1970-01-01 in UTC.
    fn now_ms(&self) -> i64;

    /// The same as a date and time.
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default()
    }

    /// A new id: UUIDv7 of this clock's time.
    fn new_uuid(&self) -> Uuid {
        let random: [u8; 10] = rand::rng().random();
        uuid::Builder::from_unix_timestamp_millis(self.now_ms().unsigned_abs(), &random).into_uuid()
    }
}

/// The time of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of now()")]
    fn now_ms(&self) -> i64 {
        Utc::now().timestamp_millis()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now_ms: AtomicI64,
}

impl ManualClock {
    /// Stands at `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            now_ms: AtomicI64::new(start.timestamp_millis()),
        }
    }

    /// Moves on, or back when negative.
    pub fn advance(&self, by: chrono::Duration) {
        self.now_ms
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Moves to `instant`.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.now_ms
            .store(instant.timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }
}
