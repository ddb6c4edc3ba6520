//! Where a location stands, and how sure we are: estimates, places, ties and movement from sums of scores.
//!
//! With three visits a location's mean is mostly noise, and a league table of raw means rewards luck. So a location's score is
//! estimated together with all others: how much locations differ (`spread.rs`), what that makes of each (`shrink.rs`), which places are
//! possible (`draws.rs`) and which differ (`places.rs`), what changed (`movement.rs`). `docs/ranking.md` says the same in plain words,
//! with an example.
//!
//! Only sums go in, so the cost is by locations and never by audits. Not here: which audits count, what a period is, who may see it.

mod draws;
mod movement;
mod normal;
mod places;
#[cfg(test)]
mod published;
mod shrink;
#[cfg(test)]
mod simulation;
mod spread;
mod tally;
#[cfg(test)]
mod tests;

pub use places::Place;
use shrink::Estimate;
use spread::{Observation, Sample, Spread};

/// The probability that an interval is meant to hold.
pub const INTERVAL_LEVEL: f64 = 0.9;
/// Draws behind every place.
const DRAWS: u16 = 10_000;
const MICROS_PER_POINT: f64 = 10_000.0;
const MICROS_MAX: f64 = 1_000_000.0;

const NOTE_NOTHING: &str = "There are no scored visits in this period.";
const NOTE_ALL_CHANCE: &str = "The locations differ no more than chance alone would make them: read nothing into their order.";
const NOTE_REML: &str = "How much locations differ, and how much visits to one location do, is estimated from all visits together.";

/// All that the ranking needs to know of one location in one period: additive, so that any period is a sum of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationSums<K> {
    pub location: K,
    /// Region or format, to whose mean the location is compared. Any numbers will do, but the last digits of the table depend on
    /// their order: give a group the same number each time.
    pub group: u32,
    /// Published audits that have a score.
    pub n: u32,
    pub sum_micros: i64,
    /// Sum of squares, in micros².
    pub sum_sq: i128,
}

/// The table of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking<K> {
    pub model: Model,
    /// By rank; then those with fewer visits than asked for, by estimate.
    pub rows: Vec<Row<K>>,
}

/// What was found out about all locations together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Mean of the locations' estimates; 0 when there are none.
    pub mean_micros: i64,
    /// Variance between locations, in (percentage points)².
    pub tau2: f64,
    /// Variance between visits to one location, in (percentage points)².
    pub sigma2: f64,
    pub method: Method,
    /// What a reader should know before trusting the table, in plain English.
    pub note: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The variances are the REML estimates.
    Reml,
    /// The data hardly tell the variances; those given are the middle of what is possible.
    Fallback,
}

/// One location.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<K> {
    pub location: K,
    pub n: u32,
    /// The raw mean.
    pub mean_micros: i64,
    /// The estimate of the true mean, shrunk towards the group's, and the ends of its 90 % interval.
    pub estimate_micros: i64,
    pub low_micros: i64,
    pub high_micros: i64,
    /// None with fewer visits than asked for.
    pub place: Option<Place>,
    /// How many more visits would place it; 0 when placed.
    pub visits_needed: u32,
    /// None without visits in the previous period.
    pub movement: Option<Movement>,
}

/// The change since the previous period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    /// Of the true mean, shrunk towards the group's change; so it is seldom the difference of two tables' estimates.
    pub estimate_change_micros: i64,
    /// That the true change has this direction: ½ (no idea) to 1.
    pub probability: f64,
}

/// Ranks the locations of `now`; `before` is the previous period, empty when there is none. Locations with `n` below `visits_min` are
/// listed without a place, but help to find the variances; those with `n = 0` are left out. Each location occurs once in a period.
///
/// The same data give the same table, to the bit, in whatever order they come and on whatever machine.
pub fn rank<K: Copy + Ord>(
    now: &[LocationSums<K>],
    before: &[LocationSums<K>],
    visits_min: u32,
) -> Ranking<K> {
    rank_with(now, before, visits_min, DRAWS)
}

fn rank_with<K: Copy + Ord>(
    now: &[LocationSums<K>],
    before: &[LocationSums<K>],
    visits_min: u32,
    draws: u16,
) -> Ranking<K> {
    let mut sums: Vec<LocationSums<K>> = now.iter().filter(|sums| sums.n > 0).copied().collect();
    if sums.is_empty() {
        let model = Model {
            mean_micros: 0,
            tau2: 0.0,
            sigma2: 0.0,
            method: Method::Fallback,
            note: NOTE_NOTHING,
        };
        return Ranking {
            model,
            rows: Vec::new(),
        };
    }
    // One order for one set of data: sums of floats and draws depend on it.
    sums.sort_unstable_by_key(|s| (s.group, s.n, s.sum_micros, s.sum_sq, s.location));
    let groups = dense_groups(&sums);
    let observe = |(s, &group): (&LocationSums<K>, &usize)| Observation {
        group,
        mean: s.mean(),
        visits: f64::from(s.n),
    };
    let (squares, df) = within(sums.iter());
    let sample = Sample::new(sums.iter().zip(&groups).map(observe).collect(), squares, df);
    let spread = sample.spread();
    let estimates = shrink::estimates(&sample.observations, &spread);

    let placed: Vec<usize> = (0..sums.len())
        .filter(|&i| sums[i].n >= visits_min)
        .collect();
    let standings = draws::standings(&sample, &spread, &placed, &estimates, draws);
    let mut places = vec![None; sums.len()];
    for (at, place) in places::places(&placed, &standings, &estimates) {
        places[at] = Some(place);
    }
    let movements = movement::movements(&sums, &groups, before);

    let mut rows: Vec<Row<K>> = (0..sums.len())
        .map(|i| {
            let (low, high) = estimates[i].interval();
            Row {
                location: sums[i].location,
                n: sums[i].n,
                mean_micros: score_micros(sums[i].mean()),
                estimate_micros: score_micros(estimates[i].mean),
                low_micros: score_micros(low),
                high_micros: score_micros(high),
                place: places[i],
                visits_needed: visits_min.saturating_sub(sums[i].n),
                movement: movements[i],
            }
        })
        .collect();
    rows.sort_by_key(|row| {
        (
            row.place.map_or(u32::MAX, |place| place.rank),
            -row.estimate_micros,
            row.location,
        )
    });
    Ranking {
        model: model(&sample, &spread, &estimates),
        rows,
    }
}

impl<K> LocationSums<K> {
    /// The raw mean in percentage points.
    fn mean(&self) -> f64 {
        self.sum_micros as f64 / f64::from(self.n) / MICROS_PER_POINT
    }

    /// The squares of the visits around their mean, in (percentage points)²: exact until the division, so never below 0.
    fn squares(&self) -> f64 {
        let n = i128::from(self.n);
        let times_n = n * self.sum_sq - i128::from(self.sum_micros).pow(2);
        times_n.max(0) as f64 / n as f64 / (MICROS_PER_POINT * MICROS_PER_POINT)
    }
}

/// Squares around the locations' own means, and their degrees of freedom.
fn within<'a, K: 'a>(sums: impl Iterator<Item = &'a LocationSums<K>>) -> (f64, f64) {
    sums.fold((0.0, 0.0), |(squares, df), s| {
        (squares + s.squares(), df + f64::from(s.n - 1))
    })
}

/// Numbers from 0 for the groups of a list that is sorted by group.
fn dense_groups<K>(sums: &[LocationSums<K>]) -> Vec<usize> {
    sums.chunk_by(|a, b| a.group == b.group)
        .enumerate()
        .flat_map(|(number, group)| vec![number; group.len()])
        .collect()
}

fn model(sample: &Sample, spread: &Spread, estimates: &[Estimate]) -> Model {
    let mean = estimates.iter().map(|estimate| estimate.mean).sum::<f64>() / estimates.len() as f64;
    let (method, note, (tau2, sigma2)) = match sample.doubt() {
        Some(doubt) => (Method::Fallback, doubt, sample.middle(spread)),
        None => {
            let (tau2, sigma2) = sample.reml();
            let note = if tau2 > 0.0 {
                NOTE_REML
            } else {
                NOTE_ALL_CHANCE
            };
            (Method::Reml, note, (tau2, sigma2))
        }
    };
    Model {
        mean_micros: score_micros(mean),
        tau2,
        sigma2,
        method,
        note,
    }
}

/// Percentage points as micros, kept within what a score can be.
fn score_micros(points: f64) -> i64 {
    (points * MICROS_PER_POINT).clamp(0.0, MICROS_MAX).round() as i64
}
