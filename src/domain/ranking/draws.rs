//! Where each location may stand: 10 000 programmes that could be the true one are drawn, and each is ranked.
//!
//! A draw picks a pair of variances, each group's mean and each location's true mean from their joint posterior. Each draw is ranked by
//! counting sort, so the cost is a few nanoseconds for a location and a draw. Not here: the posterior itself (`shrink.rs`).

use super::normal::{Normals, t_over_z};
use super::shrink::{Estimate, Shrunk, shrink};
use super::spread::{Sample, Spread};
use super::tally::{Standing, Tallies};

/// The same data give the same table: the seed never changes.
const SEED: u64 = 1970;
/// Steps into which the range of a draw is cut; locations on one step are ranked in an order that turns round with every draw.
const STEPS_MIN: usize = 2_048;
const STEPS_MAX: usize = 8_192;

/// Draws that are ranked before they are counted.
const BATCH: u16 = 8;

/// The standing of each of `placed` (ascending indices into the sample's observations) among them, from `draws` draws.
pub fn standings(
    sample: &Sample,
    spread: &Spread,
    placed: &[usize],
    estimates: &[Estimate],
    draws: u16,
) -> Vec<Standing> {
    if placed.is_empty() {
        return Vec::new();
    }
    let mut normals = Normals::new(SEED);
    let mut tallies = Tallies::new(placed.len());
    let mut lineup = Lineup::default();
    let mut ranks = Vec::new();
    let (mut drawn, mut share) = (0, 0.0);
    for node in &spread.nodes {
        share += node.weight;
        let until = (share * f64::from(draws)).round() as u16;
        if until > drawn {
            let shrunk: Vec<Shrunk> =
                shrink(&sample.observations, node.ratio, node.sigma2).collect();
            let group = |i: usize| sample.observations[i].group;
            let locations: Vec<_> = placed.iter().map(|&i| (group(i), shrunk[i])).collect();
            lineup.place(&locations, t_over_z(spread.df));
        }
        while drawn < until {
            let batch = BATCH.min(until - drawn);
            ranks.resize(usize::from(batch) * placed.len(), 0);
            for (draw, ranks) in (drawn..).zip(ranks.chunks_exact_mut(placed.len())) {
                lineup.draw(&mut normals);
                lineup.rank(draw % 2 == 0, ranks);
            }
            tallies.count(&ranks);
            drawn += batch;
        }
    }
    tallies.standings(placed, estimates, drawn)
}

/// What is needed to draw one location's true mean, measured in steps of the counting sort; step 0 is the best.
struct Bell {
    middle: f32,
    own_sd: f32,
    group_sd: f32,
    group: usize,
}

/// All locations at one pair of variances.
#[derive(Default)]
struct Lineup {
    bells: Vec<Bell>,
    group_noise: Vec<f32>,
    noise: Vec<f32>,
    /// The step on which each location came to stand.
    steps: Vec<u16>,
    /// For each step, how many stand on better ones.
    starts: Vec<u32>,
}

impl Lineup {
    /// Lays the locations out, so that no draw can fall off the steps. Groups ascend.
    fn place(&mut self, locations: &[(usize, Shrunk)], widen: f64) {
        let reach = |s: &Shrunk| Normals::MAX * widen * (s.own_sd + s.group_sd);
        let ends = locations
            .iter()
            .map(|(_, s)| (s.mean - reach(s), s.mean + reach(s)));
        let (worst, best) = ends
            .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
            .unwrap_or_default();
        let steps = (locations.len() * 2)
            .next_power_of_two()
            .clamp(STEPS_MIN, STEPS_MAX);
        let scale = (steps - 1) as f64 / (best - worst).max(1e-9);
        let bell = |&(group, s): &(usize, Shrunk)| Bell {
            middle: ((best - s.mean) * scale) as f32,
            own_sd: (s.own_sd * widen * scale) as f32,
            group_sd: (s.group_sd * widen * scale) as f32,
            group,
        };
        self.bells = locations.iter().map(bell).collect();
        let groups = locations.last().map_or(0, |(group, _)| group + 1);
        self.group_noise.resize(groups, 0.0);
        self.noise.resize(locations.len(), 0.0);
        self.steps.resize(locations.len(), 0);
        self.starts.resize(steps, 0);
    }

    /// Draws every location's true mean. A normal is symmetric, so that adding and subtracting are the same.
    fn draw(&mut self, normals: &mut Normals) {
        normals.fill(&mut self.group_noise);
        normals.fill(&mut self.noise);
        for ((step, bell), z) in self.steps.iter_mut().zip(&self.bells).zip(&self.noise) {
            let of_group = bell.group_sd * self.group_noise[bell.group];
            *step = (bell.middle + of_group + bell.own_sd * z) as u16;
        }
    }

    /// Ranks the draw by counting sort; those on one step stand in the order of the list, or in the opposite one.
    fn rank(&mut self, forward: bool, ranks: &mut [u32]) {
        let last = self.starts.len() - 1;
        self.starts.fill(0);
        for &step in &self.steps {
            self.starts[usize::from(step).min(last)] += 1;
        }
        let mut above = 0;
        for start in &mut self.starts {
            above += std::mem::replace(start, above);
        }
        let mut stand = |(rank, step): (&mut u32, &u16)| {
            let start = &mut self.starts[usize::from(*step).min(last)];
            *rank = *start;
            *start += 1;
        };
        let pairs = ranks.iter_mut().zip(&self.steps);
        if forward {
            pairs.for_each(&mut stand)
        } else {
            pairs.rev().for_each(&mut stand)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::normal::normal_cdf;
    use super::super::shrink::estimates;
    use super::super::spread::{Node, Observation};
    use super::super::tally::tenth;
    use super::*;

    /// The standings of locations that have so many visits each, at given variances.
    fn stand(
        observations: Vec<Observation>,
        ratio: f64,
        sigma2: f64,
        placed: &[usize],
        draws: u16,
    ) -> Vec<Standing> {
        let spread = Spread {
            nodes: vec![Node {
                ratio,
                sigma2,
                weight: 1.0,
            }],
            df: f64::INFINITY,
        };
        let sample = Sample::new(observations, 0.0, 1e9);
        let estimates = estimates(&sample.observations, &spread);
        standings(&sample, &spread, placed, &estimates, draws)
    }

    fn field(means: &[f64]) -> Vec<Observation> {
        means
            .iter()
            .map(|&mean| Observation {
                group: 0,
                mean,
                visits: 4.0,
            })
            .collect()
    }

    /// With nothing shrunk and noise of 5 around each mean, the better of two wins with probability Φ(10/√50).
    #[test]
    fn two_locations_agree_with_the_formula() {
        let two = stand(field(&[80.0, 70.0]), 1e9, 100.0, &[0, 1], 10_000);
        let wins = normal_cdf(10.0 / 50f64.sqrt());
        assert!(
            (two[0].p_top - wins).abs() < 0.01 && (two[1].expected_rank - 1.0 - wins).abs() < 0.01
        );
        assert_eq!(
            (
                two[0].rank_low,
                two[0].rank_high,
                two[1].rank_low,
                two[1].rank_high
            ),
            (1, 2, 1, 2)
        );
    }

    /// What is shared by a group moves it as one: with nothing but the group means unsure (73 and 70, each ± 5), both of the one
    /// group are ahead of both of the other with probability Φ(3/√50), and each comes first half as often.
    #[test]
    fn a_group_moves_as_one() {
        let observation = |group, mean| Observation {
            group,
            mean,
            visits: 2.0,
        };
        let four = [(0, 73.0), (0, 73.0), (1, 70.0), (1, 70.0)]
            .map(|(group, mean)| observation(group, mean));
        let ahead = normal_cdf(3.0 / 50f64.sqrt());
        for (standing, ahead) in stand(four.to_vec(), 0.0, 100.0, &[0, 1, 2, 3], 10_000)
            .iter()
            .zip([ahead, ahead, 1.0 - ahead, 1.0 - ahead])
        {
            assert!((standing.p_top - ahead / 2.0).abs() < 0.01, "{standing:?}");
            assert!(
                (standing.expected_rank - 3.5 + 2.0 * ahead).abs() < 0.03,
                "{standing:?}"
            );
        }
    }

    #[test]
    fn places_add_up() {
        for count in [1, 2, 9, 14, 15, 60, 300, 700] {
            let means: Vec<f64> = (0..count)
                .map(|i| 60.0 + f64::from(i * 37 % 101) / 5.0)
                .collect();
            let placed: Vec<usize> = (0..means.len()).collect();
            let all = stand(field(&means), 2.0, 60.0, &placed, 400);
            let sum = |what: fn(&Standing) -> f64| all.iter().map(what).sum::<f64>();
            let places = f64::from(count);
            assert!(
                (sum(|s| s.expected_rank) - places * (places + 1.0) / 2.0).abs()
                    < 1e-6 * places * places
            );
            assert!(
                (sum(|s| s.p_top) - f64::from(tenth(means.len()))).abs() < 1e-6,
                "top tenth of {count}"
            );
            assert!(
                (sum(|s| s.p_bottom) - f64::from(tenth(means.len()))).abs() < 1e-6,
                "bottom tenth of {count}"
            );
            let orderly = |s: &Standing| {
                1 <= s.rank_low && s.rank_low <= s.rank_high && s.rank_high <= means.len() as u32
            };
            assert!(all.iter().all(orderly));
            let inside = |s: &Standing| {
                f64::from(s.rank_low) <= s.expected_rank + 1.0
                    && s.expected_rank - 1.0 <= f64::from(s.rank_high)
            };
            assert!(all.iter().all(inside));
        }
        assert_eq!([1, 14, 15, 60, 64, 65].map(tenth), [1, 1, 2, 6, 6, 7]);
    }

    #[test]
    fn equal_locations_stand_equal() {
        let all = stand(
            field(&[80.0, 71.0, 80.0, 71.0, 80.0, 60.0]),
            1.0,
            50.0,
            &[0, 1, 2, 3, 4, 5],
            1_000,
        );
        assert_eq!(all[0], all[2]);
        assert_eq!(all[0], all[4]);
        assert_eq!(all[1], all[3]);
        let none = stand(
            field(&[50.0; 40]),
            0.0,
            0.0,
            &(0..40).collect::<Vec<_>>(),
            1_000,
        );
        assert!(
            none.iter().all(|s| (s.expected_rank - 20.5).abs() < 1e-9
                && s.rank_low < 4
                && s.rank_high > 37),
            "{:?}",
            none[0]
        );
    }

    #[test]
    fn those_without_a_place_take_none() {
        let all = stand(field(&[99.0, 80.0, 70.0, 1.0]), 1e9, 1.0, &[1, 2], 100);
        assert_eq!(
            (all.len(), all[0].expected_rank, all[1].expected_rank),
            (2, 1.0, 2.0)
        );
        assert!(stand(field(&[80.0]), 1.0, 1.0, &[], 100).is_empty());
    }
}
