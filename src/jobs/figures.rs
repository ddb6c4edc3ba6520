//! How often jobs ran, how it ended and how long it took, on this node. Not here: what waits (`metrics/rows.rs`).

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Kind;

/// Upper bounds in seconds: a PDF is tens of milliseconds, a what-if over all audits may be minutes.
const SECONDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 120.0, 600.0,
];

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// It will be tried again.
    Failed,
    /// It was given up.
    Dead,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ran {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Figures {
    runs: Family<Ran, Counter>,
    duration: Family<OfKind, Histogram>,
}

impl Figures {
    pub fn of(kinds: &[Kind]) -> Self {
        let runs = Family::<Ran, Counter>::default();
        let duration =
            Family::<OfKind, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        for Kind { name: kind, .. } in kinds {
            drop(duration.get_or_create(&OfKind { kind }));
            for outcome in [Outcome::Done, Outcome::Failed, Outcome::Dead] {
                let outcome = outcome.word();
                drop(runs.get_or_create(&Ran { kind, outcome }));
            }
        }
        Self { runs, duration }
    }

    pub fn ran(&self, kind: &'static str, outcome: Outcome, took: Duration) {
        let outcome = outcome.word();
        self.runs.get_or_create(&Ran { kind, outcome }).inc();
        self.duration
            .get_or_create(&OfKind { kind })
            .observe(took.as_secs_f64());
    }

    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "job_runs",
            "Runs of jobs on this node since its start, by how they ended",
            self.runs.clone(),
        );
        registry.register(
            "job_duration_seconds",
            "How long a run of a job took on this node",
            self.duration.clone(),
        );
    }
}
