//! How often the objects are asked for what, how it ended, and how long it took.

use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tracing::Instrument as _;

use super::{ObjectError, Objects};

/// Upper bounds in seconds; an operation ends after 150 at the latest.
const SECONDS: [f64; 11] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 150.0,
];
const OPERATIONS: [&str; 7] = ["put", "get", "head", "delete", "probe", "list", "check"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    operation: &'static str,
}

/// The figures of calls.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    called: Family<Called, Counter>,
    duration: Family<Operation, Histogram>,
}

impl Default for Calls {
    fn default() -> Self {
        let called = Family::<Called, Counter>::default();
        for operation in OPERATIONS {
            for outcome in ["done", "failed"] {
                drop(called.get_or_create(&Called { operation, outcome }));
            }
        }
        Self {
            called,
            duration: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        }
    }
}

impl Calls {
    /// Runs a call and notes how it went. That an object is not there is an answer like any other.
    pub async fn watch<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, ObjectError>>,
    ) -> Result<T, ObjectError> {
        let began = Instant::now();
        let span = crate::traces::step("objects", operation);
        let result = call.instrument(span).await;
        let outcome = match &result {
            Ok(_) => "done",
            Err(ObjectError::NotFound) => "missing",
            Err(ObjectError::Unavailable { .. }) => "unavailable",
            Err(ObjectError::Full) => "full",
            Err(ObjectError::Corrupt { .. }) => "corrupt",
            Err(_) => "failed",
        };
        let seconds = began.elapsed().as_secs_f64();
        let of = Operation { operation };
        self.duration.get_or_create(&of).observe(seconds);
        self.called
            .get_or_create(&Called { operation, outcome })
            .inc();
        result
    }
}

impl Objects {
    /// Enters the figures under their names.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "objects_requests",
            "Calls to the objects since the start, by what became of them",
            self.calls.called.clone(),
        );
        registry.register(
            "objects_request_duration_seconds",
            "A call to the objects with all its tries; a put includes reading back",
            self.calls.duration.clone(),
        );
    }
}
