//! Counts of the ranks that were drawn, and what they say of each location's place.
//!
//! Not here: how a draw is made and ranked (`draws.rs`).

use super::shrink::Estimate;

/// Above this many locations ranks are tallied in runs of neighbours, which blurs the ends of a rank interval by less than 1 %.
const TALLY_COLUMNS_MAX: usize = 256;

/// What the draws say about one location's place; ranks count from 1, which is the best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    pub expected_rank: f64,
    /// Between these lie 90 % of the draws.
    pub rank_low: u32,
    pub rank_high: u32,
    /// Share of draws in the best and in the worst tenth.
    pub p_top: f64,
    pub p_bottom: f64,
}

/// How often each location took which rank (from 0).
pub struct Tallies {
    tenth: u32,
    /// Ranks to a column, as a power of two.
    shift: u32,
    columns: usize,
    sums: Vec<u64>,
    tops: Vec<u32>,
    bottoms: Vec<u32>,
    /// `columns` counts for each location.
    counts: Vec<u16>,
}

impl Tallies {
    pub fn new(locations: usize) -> Self {
        let shift = (0..32)
            .find(|shift| (locations >> shift) <= TALLY_COLUMNS_MAX)
            .unwrap_or(0);
        let columns = (locations >> shift) + 1;
        Self {
            tenth: tenth(locations),
            shift,
            columns,
            sums: vec![0; locations],
            tops: vec![0; locations],
            bottoms: vec![0; locations],
            counts: vec![0; locations * columns],
        }
    }

    /// Counts a batch of draws, each a list of ranks. Location by location, since its row of counts then stays at hand.
    pub fn count(&mut self, ranks: &[u32]) {
        let locations = self.sums.len();
        let worst = locations as u32 - self.tenth;
        for (at, row) in self.counts.chunks_exact_mut(self.columns).enumerate() {
            let (mut sum, mut top, mut bottom) = (0, 0, 0);
            for draw in ranks.chunks_exact(locations) {
                let rank = draw[at];
                sum += u64::from(rank);
                top += u32::from(rank < self.tenth);
                bottom += u32::from(rank >= worst);
                row[(rank >> self.shift) as usize] += 1;
            }
            self.sums[at] += sum;
            self.tops[at] += top;
            self.bottoms[at] += bottom;
        }
    }

    /// Locations with the same estimate and interval are the same to the model, so they share what the draws say of them:
    /// chance in the draws must not set one above the other.
    pub fn standings(&self, placed: &[usize], estimates: &[Estimate], draws: u16) -> Vec<Standing> {
        let key = |&at: &usize| {
            (
                estimates[placed[at]].mean.to_bits(),
                estimates[placed[at]].sd.to_bits(),
            )
        };
        let mut order: Vec<usize> = (0..placed.len()).collect();
        order.sort_unstable_by_key(key);
        let mut standings = vec![None; placed.len()];
        for same in order.chunk_by(|a, b| key(a) == key(b)) {
            let standing = self.standing(same, draws);
            same.iter().for_each(|&at| standings[at] = Some(standing));
        }
        standings.into_iter().flatten().collect()
    }

    fn standing(&self, same: &[usize], draws: u16) -> Standing {
        let total = same.len() as u64 * u64::from(draws);
        let share = |counts: &[u32]| {
            same.iter().map(|&at| u64::from(counts[at])).sum::<u64>() as f64 / total as f64
        };
        let in_column = |column: usize| {
            same.iter()
                .map(|&at| u64::from(self.counts[at * self.columns + column]))
                .sum::<u64>()
        };
        // The first column at which so many draws have gone by.
        let column = |twentieths: u64| {
            let mut passed = 0;
            let reaches = |&column: &usize| {
                passed += in_column(column);
                20 * passed >= twentieths * total
            };
            (0..self.columns).find(reaches).unwrap_or(self.columns - 1) as u32
        };
        let last = (((column(19) + 1) << self.shift) as usize).min(self.sums.len());
        Standing {
            expected_rank: 1.0
                + same.iter().map(|&at| self.sums[at]).sum::<u64>() as f64 / total as f64,
            rank_low: 1 + (column(1) << self.shift),
            rank_high: last as u32,
            p_top: share(&self.tops),
            p_bottom: share(&self.bottoms),
        }
    }
}

/// How many places the best tenth has: the nearest whole number, at least 1.
pub fn tenth(locations: usize) -> u32 {
    ((locations + 5) / 10).max(1) as u32
}
