//! What comes out: medians over the runs, as a line of a table and as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::check::Verdict;
use crate::machine::Cores;
use crate::phone::{Task, Work};

/// One run of all phones.
#[derive(Debug)]
pub struct Run {
    seconds: u64,
    /// When it began.
    load_average: f64,
    pub cores: Cores,
    /// The most that the server held (VmRSS), if its process is known.
    pub server_mib: Option<f64>,
    /// In ascending order once the run is finished.
    latencies: Vec<Duration>,
    failures: BTreeMap<String, u64>,
}

impl Run {
    pub fn new(seconds: u64, load_average: f64) -> Self {
        Self {
            seconds,
            load_average,
            cores: Cores::default(),
            server_mib: None,
            latencies: Vec::new(),
            failures: BTreeMap::new(),
        }
    }

    /// Adds what one phone did.
    pub fn add(&mut self, work: Work) {
        self.latencies.extend(work.latencies);
        for (failure, times) in work.failures {
            *self.failures.entry(failure).or_default() += times;
        }
    }

    /// Call after the last phone.
    pub fn finish(&mut self) {
        self.latencies.sort_unstable();
    }

    fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds.max(1) as f64
    }

    fn percentile_ms(&self, percent: usize) -> f64 {
        percentile_ms(&self.latencies, percent)
    }
}

/// The nearest-rank percentile of what is in ascending order; 0 when there is nothing.
pub fn percentile_ms(latencies: &[Duration], percent: usize) -> f64 {
    let rank = (latencies.len() * percent).div_ceil(100);
    let latency = latencies.get(rank.saturating_sub(1));
    latency.map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
}

/// Everything about one kind of load.
#[derive(Debug)]
pub struct Figures {
    pub label: String,
    pub task: Task,
    pub phones: usize,
    pub seconds: u64,
    pub photo_bytes: Option<usize>,
    pub runs: Vec<Run>,
    pub verdict: Verdict,
}

impl Figures {
    fn median(&self, of: impl Fn(&Run) -> f64) -> f64 {
        let mut all: Vec<f64> = self.runs.iter().map(of).collect();
        all.sort_unstable_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    }

    fn all(&self, of: impl Fn(&Run) -> f64) -> Vec<Value> {
        self.runs.iter().map(|run| rounded(of(run), 1)).collect()
    }

    fn server_mib_max(&self) -> Option<f64> {
        let all = self.runs.iter().filter_map(|run| run.server_mib);
        all.reduce(f64::max)
    }

    fn failures(&self) -> BTreeMap<String, u64> {
        let mut all = BTreeMap::new();
        for (failure, times) in self.runs.iter().flat_map(|run| &run.failures) {
            *all.entry(failure.clone()).or_default() += times;
        }
        all
    }

    /// One line of JSON: medians, each run's rate, and what the judge found in all runs together.
    pub fn json(&self) -> Value {
        let server = self.median(|run| run.cores.server.unwrap_or_default());
        json!({
            "label": self.label,
            "task": match self.task {
                Task::Audits => "audits",
                Task::AuditsWithPhoto => "audits_with_photo",
                Task::Pull => "pull",
                Task::Changes { .. } => "pull_changes",
            },
            "phones": self.phones,
            "seconds": self.seconds,
            "photo_bytes": self.photo_bytes,
            "per_second": rounded(self.median(Run::per_second), 1),
            "per_second_of_each_run": self.all(Run::per_second),
            "p50_ms": rounded(self.median(|run| run.percentile_ms(50)), 2),
            "p99_ms": rounded(self.median(|run| run.percentile_ms(99)), 2),
            "errors": self.failures().values().sum::<u64>(),
            "errors_of_each_kind": self.failures(),
            "sent": self.verdict.sent,
            "acknowledged": self.verdict.acknowledged,
            "lost": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "altered": self.verdict.altered,
            "cores_of_server": rounded(server, 2),
            "cores_of_generator": rounded(self.median(|run| run.cores.generator), 2),
            "cores_of_machine": rounded(self.median(|run| run.cores.machine), 2),
            "server_mib_max": self.server_mib_max().map(|mib| rounded(mib, 1)),
            "load_average_of_each_run": self.all(|run| run.load_average),
        })
    }

    /// The head of the table.
    pub fn head() -> String {
        format!(
            "{:<38} {:>8} {:>17} {:>8} {:>8} {:>6} {:>9} {:>4} {:>7} {:>7} {:>15} {:>7}  {}",
            "",
            "per s",
            "each run",
            "p50 ms",
            "p99 ms",
            "errors",
            "acked",
            "lost",
            "doubled",
            "altered",
            "cores s/g/all",
            "MiB",
            "load average",
        )
    }

    /// A line of the table.
    pub fn row(&self) -> String {
        let each: Vec<String> = self
            .runs
            .iter()
            .map(|run| format!("{:.0}", run.per_second()))
            .collect();
        let loads: Vec<String> = self
            .runs
            .iter()
            .map(|run| format!("{:.1}", run.load_average))
            .collect();
        let verdict = &self.verdict;
        let cores = format!(
            "{:.2}/{:.2}/{:.2}",
            self.median(|run| run.cores.server.unwrap_or_default()),
            self.median(|run| run.cores.generator),
            self.median(|run| run.cores.machine)
        );
        format!(
            "{:<38} {:>8.0} {:>17} {:>8.1} {:>8.1} {:>6} {:>9} {:>4} {:>7} {:>7} {:>15} {:>7}  {}",
            self.label,
            self.median(Run::per_second),
            each.join("/"),
            self.median(|run| run.percentile_ms(50)),
            self.median(|run| run.percentile_ms(99)),
            self.failures().values().sum::<u64>(),
            verdict.acknowledged,
            verdict.lost,
            verdict.doubled,
            verdict.altered,
            cores,
            self.server_mib_max()
                .map_or("-".to_owned(), |mib| format!("{mib:.0}")),
            loads.join(" "),
        )
    }
}

pub fn rounded(value: f64, places: i32) -> Value {
    let scale = 10_f64.powi(places);
    ((value * scale).round() / scale).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(latencies_ms: impl IntoIterator<Item = u64>) -> Run {
        let mut run = Run::new(2, 0.5);
        run.add(Work {
            latencies: latencies_ms
                .into_iter()
                .map(Duration::from_millis)
                .collect(),
            failures: BTreeMap::from([("503 overloaded".to_owned(), 2)]),
        });
        run.finish();
        run
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let run = run((1..=200).rev());
        assert_eq!(run.percentile_ms(50), 100.0);
        assert_eq!(run.percentile_ms(99), 198.0);
        assert_eq!(run.per_second(), 100.0);
        assert_eq!(self::run([]).percentile_ms(99), 0.0);
    }

    #[test]
    fn one_slow_run_of_three_changes_nothing() {
        let figures = Figures {
            label: "x".to_owned(),
            task: Task::Audits,
            phones: 1,
            seconds: 2,
            photo_bytes: None,
            runs: vec![run(1..=10), run(1..=2), run(1..=11)],
            verdict: Verdict::default(),
        };
        let json = figures.json();
        assert_eq!(json["per_second"], 5.0);
        assert_eq!(json["errors"], 6);
        assert_eq!(json["per_second_of_each_run"], json!([5.0, 1.0, 5.5]));
    }
}
