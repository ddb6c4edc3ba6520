//! From standings to places: the order by expected rank, equal places, and the bands of those that cannot be told apart.
//!
//! Not here: how a standing is found (`draws.rs`, `tally.rs`).

use super::shrink::Estimate;
use super::tally::Standing;

/// What a placed location's line in the table says of its place. Ranks count from 1, the best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// By expected rank; equal ones share the best of their places.
    pub rank: u32,
    /// Mean of the ranks drawn: with little to go on it stays near the middle of the table.
    pub expected_rank: f64,
    /// Between these lie 90 % of the ranks drawn, and the rank itself.
    pub rank_low: u32,
    pub rank_high: u32,
    /// From 1, the best. A band is led by its best location, and goes on while the lead is not sure.
    pub tie_band: u32,
    /// Probability of being in the best and in the worst tenth (at least one place).
    pub p_top: f64,
    pub p_bottom: f64,
}

/// From this probability on, one location is said to be better than another.
const SURE: f64 = 0.9;

/// The place of each location of `placed`, as `(index, place)`, best first. `standings` belong to `placed`, `estimates` to all.
///
/// The first location leads band 1. Going down, a location stays in the band while the probability that the band's leader is truly
/// better is below 0.9; the first for which it is not leads the next band. 'Cannot be told apart' does not carry over from neighbour
/// to neighbour, so some rule must say where to cut; this one promises that nobody is in a band with someone surely better at its head.
pub fn places(
    placed: &[usize],
    standings: &[Standing],
    estimates: &[Estimate],
) -> Vec<(usize, Place)> {
    let mut order: Vec<(usize, &Standing)> = placed.iter().copied().zip(standings).collect();
    order.sort_by(|a, b| a.1.expected_rank.total_cmp(&b.1.expected_rank));

    let Some(&(mut leader, _)) = order.first() else {
        return Vec::new();
    };
    let (mut tie_band, mut rank, mut expected_rank) = (1, 0, f64::NAN);
    let mut places = Vec::with_capacity(order.len());
    for (above, (index, standing)) in (0..).zip(order) {
        if standing.expected_rank != expected_rank {
            rank = above + 1;
            expected_rank = standing.expected_rank;
        }
        if estimates[leader].chance_above(&estimates[index]) >= SURE {
            leader = index;
            tie_band += 1;
        }
        let place = Place {
            rank,
            expected_rank,
            rank_low: standing.rank_low.min(rank),
            rank_high: standing.rank_high.max(rank),
            tie_band,
            p_top: standing.p_top,
            p_bottom: standing.p_bottom,
        };
        places.push((index, place));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(expected_rank: f64, rank_low: u32, rank_high: u32) -> Standing {
        Standing {
            expected_rank,
            rank_low,
            rank_high,
            p_top: 0.0,
            p_bottom: 0.0,
        }
    }

    fn estimate(mean: f64, sd: f64) -> Estimate {
        Estimate { mean, sd }
    }

    /// Means 2 apart, each known to ±√2·…: the leader is surely better (Φ ≥ 0.9) from a distance of 1.2816·√2·2 = 3.6 on.
    #[test]
    fn a_band_ends_where_its_leader_is_surely_better() {
        let estimates: Vec<Estimate> = [90.0, 88.0, 86.5, 86.3, 84.0, 80.0]
            .map(|mean| estimate(mean, 2.0))
            .to_vec();
        let standings: Vec<Standing> = (1..=6)
            .map(|rank| standing(f64::from(rank), 1, 6))
            .collect();
        let bands: Vec<u32> = places(&[0, 1, 2, 3, 4, 5], &standings, &estimates)
            .iter()
            .map(|(_, place)| place.tie_band)
            .collect();
        assert_eq!(bands, [1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn places_follow_expected_rank_and_equal_ones_share() {
        let estimates = vec![estimate(70.0, 1.0); 5];
        let standings = [
            standing(3.5, 2, 4),
            standing(1.2, 1, 2),
            standing(3.5, 2, 4),
            standing(4.8, 3, 4),
        ];
        let found = places(&[0, 2, 3, 4], &standings, &estimates);
        let ranks: Vec<(usize, u32)> = found
            .iter()
            .map(|(index, place)| (*index, place.rank))
            .collect();
        assert_eq!(ranks, [(2, 1), (0, 2), (3, 2), (4, 4)]);
        assert!(found.iter().all(|(_, place)| place.tie_band == 1));
    }

    /// When little is known every location's draws spread over the table without quite reaching its ends; somebody still comes first.
    #[test]
    fn the_rank_lies_in_its_own_interval() {
        let estimates = vec![estimate(70.0, 1.0); 3];
        let standings = [
            standing(1.9, 2, 2),
            standing(2.0, 2, 2),
            standing(2.1, 2, 2),
        ];
        let ends = places(&[0, 1, 2], &standings, &estimates);
        let ends: Vec<(u32, u32)> = ends
            .iter()
            .map(|(_, place)| (place.rank_low, place.rank_high))
            .collect();
        assert_eq!(ends, [(1, 2), (2, 2), (2, 3)]);
    }

    #[test]
    fn nobody_placed() {
        assert!(places(&[], &[], &[estimate(70.0, 1.0)]).is_empty());
    }
}
