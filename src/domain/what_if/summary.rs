//! The change of many audits, by location: means, ranks, and how far the order holds.
//!
//! Not here: the change of one audit (`mod.rs`).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Pair, ScoreChange};
use crate::domain::scoring::Micros;

/// How many audits came to another verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    pub newly_passed: u32,
    pub no_longer_passed: u32,
    pub newly_failed: u32,
    pub no_longer_failed: u32,
}

/// One location under both weightings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocationChange<K> {
    pub location: K,
    pub audits: u32,
    /// Audits with a total; the means are over these.
    pub scored_before: u32,
    pub scored_after: u32,
    /// Means of the totals, rounded half away from zero to millionths.
    pub mean: Pair,
    /// By the mean, from 1, the best; equal means share the better rank. None without a mean.
    pub rank_before: Option<u32>,
    pub rank_after: Option<u32>,
    pub verdicts: Verdicts,
}

/// Everything there is to say about the audits of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary<K> {
    pub audits: u32,
    /// Audits whose total is not what it was.
    pub moved: u32,
    pub verdicts: Verdicts,
    /// Pairs of locations that have both means.
    pub pairs: u64,
    /// Of these pairs those in which the better one becomes the worse one.
    pub swapped: u64,
    /// Of these pairs those that were equal and no longer are, or the other way round.
    pub tied_once: u64,
    /// By the rank after, those without one last; equal ones by location.
    pub locations: Vec<LocationChange<K>>,
}

#[derive(Default)]
struct Sums {
    audits: u32,
    /// Before and after: the number of totals and their sum.
    totals: [(u32, i64); 2],
    verdicts: Verdicts,
}

/// `changes` are audits, each with its location.
pub fn summary<K: Ord + Clone>(changes: impl IntoIterator<Item = (K, ScoreChange)>) -> Summary<K> {
    let mut sums: BTreeMap<K, Sums> = BTreeMap::new();
    let (mut audits, mut moved, mut verdicts) = (0, 0, Verdicts::default());
    for (location, change) in changes {
        let own = sums.entry(location).or_default();
        own.audits += 1;
        audits += 1;
        moved += u32::from(change.total.before != change.total.after);
        for (sum, total) in own
            .totals
            .iter_mut()
            .zip([change.total.before, change.total.after])
        {
            if let Some(Micros(micros)) = total {
                sum.0 += 1;
                sum.1 += micros;
            }
        }
        own.verdicts.count(&change);
        verdicts.count(&change);
    }
    let means: Vec<[Option<Micros>; 2]> = sums.values().map(|sums| sums.totals.map(mean)).collect();
    let ranks = [0, 1].map(|side| ranks(means.iter().map(|both| both[side]).collect()));
    let (pairs, swapped, tied_once) = pairs(&means);
    let mut locations: Vec<LocationChange<K>> = sums
        .into_iter()
        .zip(&means)
        .enumerate()
        .map(
            |(index, ((location, sums), [before, after]))| LocationChange {
                location,
                audits: sums.audits,
                scored_before: sums.totals[0].0,
                scored_after: sums.totals[1].0,
                mean: Pair::of(*before, *after),
                rank_before: ranks[0][index],
                rank_after: ranks[1][index],
                verdicts: sums.verdicts,
            },
        )
        .collect();
    // They come in the order of their keys, which a stable sort keeps among equals.
    locations.sort_by_key(|location| location.rank_after.unwrap_or(u32::MAX));
    Summary {
        audits,
        moved,
        verdicts,
        pairs,
        swapped,
        tied_once,
        locations,
    }
}

impl<K> Summary<K> {
    /// The locations whose mean moved, by how far, up or down, at most `count` of them; equal moves as in `locations`.
    pub fn largest_moves(&self, count: usize) -> Vec<&LocationChange<K>> {
        let far = |location: &LocationChange<K>| location.mean.change_micros.unwrap_or(0).abs();
        let moved = self.locations.iter().filter(|location| far(location) > 0);
        let mut moved: Vec<_> = moved.collect();
        moved.sort_by_key(|location| Reverse(far(location)));
        moved.truncate(count);
        moved
    }
}

impl Verdicts {
    fn count(&mut self, change: &ScoreChange) {
        let passed = |passed: Option<bool>| passed == Some(true);
        let (before, after) = (passed(change.passed_before), passed(change.passed_after));
        self.newly_passed += u32::from(!before && after);
        self.no_longer_passed += u32::from(before && !after);
        let (before, after) = (change.failed_before, change.failed_after);
        self.newly_failed += u32::from(!before && after);
        self.no_longer_failed += u32::from(before && !after);
    }
}

/// Totals are not negative, so that half away from zero is half up.
fn mean((count, sum): (u32, i64)) -> Option<Micros> {
    let count = i64::from(count);
    (count > 0).then(|| Micros((2 * sum + count) / (2 * count)))
}

fn ranks(means: Vec<Option<Micros>>) -> Vec<Option<u32>> {
    let mut order: Vec<Micros> = means.iter().copied().flatten().collect();
    order.sort_unstable_by_key(|mean| Reverse(*mean));
    let rank = |mean: Micros| {
        let better = order.partition_point(|other| *other > mean);
        u32::try_from(better + 1).expect("there are fewer than four thousand million locations")
    };
    means.iter().map(|mean| mean.map(rank)).collect()
}

/// Pairs, those that swap, and those that are tied on one side only.
fn pairs(means: &[[Option<Micros>; 2]]) -> (u64, u64, u64) {
    let both: Vec<(Micros, Micros)> = means.iter().filter_map(|[b, a]| b.zip(*a)).collect();
    let (mut pairs, mut swapped, mut tied_once) = (0, 0, 0);
    for (index, one) in both.iter().enumerate() {
        for other in &both[index + 1..] {
            let (before, after) = (one.0.cmp(&other.0), one.1.cmp(&other.1));
            pairs += 1;
            if before != after {
                match before.is_eq() || after.is_eq() {
                    true => tied_once += 1,
                    false => swapped += 1,
                }
            }
        }
    }
    (pairs, swapped, tied_once)
}

/// A table for a terminal: locations by their rank after.
impl<K: fmt::Display> fmt::Display for Summary<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self
            .locations
            .iter()
            .map(|l| l.location.to_string())
            .collect();
        let longest = names.iter().map(|name| name.chars().count()).max();
        let width = longest.unwrap_or(0).max("location".len());
        writeln!(
            f,
            "{:<width$}  audits    before     after   change  rank",
            "location"
        )?;
        for (name, location) in names.iter().zip(&self.locations) {
            let mean =
                |mean: Option<Micros>| mean.map_or("–".to_owned(), |mean| mean.to_string());
            let rank = |rank: Option<u32>| rank.map_or("–".to_owned(), |rank| rank.to_string());
            let change = location.mean.change_micros.map_or("–".to_owned(), points);
            let ranks = match (location.rank_before, location.rank_after) {
                (before, after) if before == after => rank(after),
                (before, after) => format!("{} → {}", rank(before), rank(after)),
            };
            writeln!(
                f,
                "{name:<width$}  {:>6}  {:>8}  {:>8}  {change:>7}  {ranks}",
                location.audits,
                mean(location.mean.before),
                mean(location.mean.after),
            )?;
        }
        let Verdicts {
            newly_passed,
            no_longer_passed,
            newly_failed,
            no_longer_failed,
        } = self.verdicts;
        writeln!(
            f,
            "\n{} of {} audits have another total. Passed: {newly_passed} more, {no_longer_passed} fewer. \
             Failed: {newly_failed} more, {no_longer_failed} fewer.",
            self.moved, self.audits
        )?;
        writeln!(
            f,
            "Of {} pairs of locations {} change places, {} are equal before or after only.",
            self.pairs, self.swapped, self.tied_once
        )
    }
}

/// Percentage points with one decimal and a sign: `+1.5`, `−0.3`, `0.0`.
fn points(change_micros: i64) -> String {
    let tenths = (change_micros.abs() + 500) / 1_000;
    let sign = match change_micros.signum() {
        _ if tenths == 0 => "",
        1 => "+",
        _ => "−",
    };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}
