//! Programmes whose truth is known: the table must be as right, and as sure, as it says.
//!
//! The true spreads, sizes and numbers of visits vary widely. Measured figures and what plain REML would have made of the same data
//! stand in `docs/ranking.md`.

use super::normal::Normals;
use super::*;

struct World {
    normals: Normals,
}

/// One location's true means now and before, in percentage points.
struct Truth {
    now: f64,
    before: f64,
}

struct Programme {
    truth: Vec<Truth>,
    now: Vec<LocationSums<u32>>,
    before: Vec<LocationSums<u32>>,
}

impl World {
    fn new() -> Self {
        Self {
            normals: Normals::new(18),
        }
    }

    fn normal(&mut self) -> f64 {
        let mut one = [0.0];
        self.normals.fill(&mut one);
        f64::from(one[0])
    }

    fn visits(
        &mut self,
        location: u32,
        group: u32,
        n: u32,
        mean: f64,
        sigma: f64,
    ) -> LocationSums<u32> {
        let mut sums = LocationSums {
            location,
            group,
            n,
            sum_micros: 0,
            sum_sq: 0,
        };
        for _ in 0..n {
            let score = ((mean + sigma * self.normal()) * MICROS_PER_POINT).round() as i64;
            sums.sum_micros += score;
            sums.sum_sq += i128::from(score).pow(2);
        }
        sums
    }

    /// Number `p` of a series in which every combination turns up: 12 to 60 locations in 1 to 4 groups, 2 to 15 visits each,
    /// τ from 1 to 8 and σ from 4 to 13 points. `change` is the standard deviation of the true change since the period before.
    fn programme(&mut self, p: u32, change: f64) -> Programme {
        let (locations, groups) = (12 + p * 11 % 49, 1 + p % 4);
        let (tau, sigma) = (1.0 + f64::from(p * 5 % 8), 4.0 + f64::from(p * 3 % 10));
        let mut programme = Programme {
            truth: Vec::new(),
            now: Vec::new(),
            before: Vec::new(),
        };
        for location in 0..locations {
            let group = location % groups;
            let now = 60.0 + 3.0 * f64::from(group) + tau * self.normal();
            let before = now + change * self.normal();
            let (n, n_before) = (2 + (location * 5 + p * 3) % 14, 2 + (location * 3 + p) % 14);
            programme
                .now
                .push(self.visits(location, group, n, now, sigma));
            programme
                .before
                .push(self.visits(location, group, n_before, before, sigma));
            programme.truth.push(Truth { now, before });
        }
        programme
    }
}

/// Counts how often something was so.
#[derive(Default)]
struct Share {
    so: f64,
    of: f64,
}

impl Share {
    fn count(&mut self, so: bool) {
        self.so += f64::from(so);
        self.of += 1.0;
    }

    fn share(&self) -> f64 {
        self.so / self.of
    }
}

#[test]
fn intervals_hold_the_truth_and_estimates_beat_raw_means() {
    let mut world = World::new();
    let (mut covered, mut better) = (Share::default(), Share::default());
    let (mut error, mut error_raw) = (0.0, 0.0);
    for p in 0..1_000 {
        let programme = world.programme(p, 0.0);
        let (mut squares, mut squares_raw) = (0.0, 0.0);
        for row in rank_with(&programme.now, &[], 2, 1).rows {
            let truth = programme.truth[row.location as usize].now * MICROS_PER_POINT;
            covered.count((row.low_micros as f64..=row.high_micros as f64).contains(&truth));
            squares += (row.estimate_micros as f64 - truth).powi(2);
            squares_raw += (row.mean_micros as f64 - truth).powi(2);
        }
        better.count(squares < squares_raw);
        error += squares;
        error_raw += squares_raw;
    }
    assert!(
        (0.88..=0.92).contains(&covered.share()),
        "{} of the true means are inside",
        covered.share()
    );
    assert!(
        error < 0.8 * error_raw,
        "squared error is {} of the raw means'",
        error / error_raw
    );
    assert!(
        better.share() > 0.9,
        "better in {} of the programmes",
        better.share()
    );
}

#[test]
fn rank_intervals_hold_the_true_rank_and_top_tenths_are_as_likely_as_said() {
    let mut world = World::new();
    let mut covered = Share::default();
    let (mut said, mut sure) = (0.0, Share::default());
    for p in 0..200 {
        let programme = world.programme(p, 0.0);
        for row in rank_with(&programme.now, &[], 2, 200).rows {
            let truth = programme.truth[row.location as usize].now;
            let rank = 1 + programme
                .truth
                .iter()
                .filter(|other| other.now > truth)
                .count() as u32;
            let place = row.place.expect("everyone has two visits");
            covered.count((place.rank_low..=place.rank_high).contains(&rank));
            if place.p_top > 0.5 {
                said += place.p_top;
                sure.count(rank <= ((programme.truth.len() + 5) / 10) as u32);
            }
        }
    }
    assert!(
        (0.88..=0.96).contains(&covered.share()),
        "{} of the true ranks are inside",
        covered.share()
    );
    assert!(
        (said / sure.of - sure.share()).abs() < 0.05,
        "said {}, was {}",
        said / sure.of,
        sure.share()
    );
}

#[test]
fn arrows_are_rare_where_nothing_changed_and_right_where_something_did() {
    let mut world = World::new();
    let (mut false_alarms, mut naive, mut right) =
        (Share::default(), Share::default(), Share::default());
    for p in 0..200 {
        let still = world.programme(p, 0.0);
        let now = rank_with(&still.now, &still.before, 2, 1);
        let before = rank_with(&still.before, &[], 2, 1);
        for row in &now.rows {
            false_alarms.count(
                row.movement
                    .is_some_and(|movement| movement.probability >= 0.9),
            );
            // The control: two tables' estimates, taken as independent.
            let estimate = |row: &Row<u32>| Estimate {
                mean: row.estimate_micros as f64,
                sd: (row.high_micros - row.low_micros) as f64 / 3.29,
            };
            let earlier = before
                .rows
                .iter()
                .find(|earlier| earlier.location == row.location)
                .expect("everyone was visited");
            let above = estimate(row).chance_above(&estimate(earlier));
            naive.count(above.max(1.0 - above) >= 0.9);
        }
        let moving = world.programme(p, 5.0);
        for row in rank_with(&moving.now, &moving.before, 2, 1).rows {
            let movement = row.movement.expect("everyone was visited");
            let truth = &moving.truth[row.location as usize];
            if movement.probability >= 0.9 {
                right.count((movement.estimate_change_micros > 0) == (truth.now > truth.before));
            }
        }
    }
    assert!(
        false_alarms.share() < 0.06,
        "{} arrows where nothing changed",
        false_alarms.share()
    );
    assert!(
        naive.share() > 2.0 * false_alarms.share(),
        "the control draws {}",
        naive.share()
    );
    assert!(
        right.share() > 0.9,
        "{} of the arrows point the right way",
        right.share()
    );
}

/// Tables of anything that can come in: few and many, alike and apart, at the ends of the scale.
#[test]
fn no_table_is_malformed() {
    let mut world = World::new();
    for p in 0..400 {
        let locations = p % 14;
        let (spread, sigma) = (
            [0.0, 0.001, 10.0, 60.0][p as usize % 4],
            [0.0, 0.000_1, 8.0, 300.0][p as usize / 4 % 4],
        );
        let mut period = |shift: u32| -> Vec<LocationSums<u32>> {
            let groups = 1 + p / 16 % 5;
            let mut sums = Vec::new();
            for location in 0..locations {
                let mean = 50.0 + spread * world.normal();
                let n = (location * 7 + p + shift) % [1, 2, 3, 9, 1_000][p as usize / 16 % 5]
                    + u32::from(p % 3 > 0);
                let visits = world.visits(location, location % groups, n.min(40), mean, sigma);
                // What cannot come in is a score outside the scale.
                let sum_micros = visits.sum_micros.clamp(0, i64::from(visits.n) * 1_000_000);
                sums.push(LocationSums {
                    sum_micros,
                    ..visits
                });
            }
            sums
        };
        let (now, before) = (period(0), period(3));
        super::tests::check(&rank_with(&now, &before, p % 4, 50));
    }
}
