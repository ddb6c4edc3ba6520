//! What changed since the previous period, and whether it is more than chance.
//!
//! The changes of the locations' means follow the very same model as the means do: `d = δ_g + v_i + e`, where `δ_g` is the change of
//! the group, `v_i` what the location changed beyond that, and the noise of a difference of two means is `σ²(1/n + 1/n′)`, the same
//! as that of one mean of `1/(1/n + 1/n′)` visits. So `spread.rs` finds out how much locations really change, and `shrink.rs` shrinks
//! each change towards its group's. The difference of two tables' estimates would not do: a location with few visits then and many
//! now is shrunk less now and would seem to have moved, and chance would draw an arrow three times as often (`simulation.rs`).

use std::collections::BTreeMap;

use super::shrink::estimates;
use super::spread::{Observation, Sample};
use super::{LocationSums, MICROS_PER_POINT, Movement, within};

/// The change of each location of `now` that was also visited before. `now` is sorted by group, and `groups` holds its dense numbers.
pub fn movements<K: Copy + Ord>(
    now: &[LocationSums<K>],
    groups: &[usize],
    before: &[LocationSums<K>],
) -> Vec<Option<Movement>> {
    let mut movements = vec![None; now.len()];
    let before: BTreeMap<K, &LocationSums<K>> = before
        .iter()
        .filter(|sums| sums.n > 0)
        .map(|sums| (sums.location, sums))
        .collect();
    let difference = |(at, now): (usize, &LocationSums<K>)| {
        let before = before.get(&now.location)?;
        let visits = 1.0 / (1.0 / f64::from(now.n) + 1.0 / f64::from(before.n));
        Some((
            at,
            Observation {
                group: groups[at],
                mean: now.mean() - before.mean(),
                visits,
            },
        ))
    };
    let (at, differences): (Vec<usize>, Vec<Observation>) =
        now.iter().enumerate().filter_map(difference).unzip();
    if at.is_empty() {
        return movements;
    }
    let (squares, df) = within(now.iter().chain(before.into_values()));
    let sample = Sample::new(differences, squares, df);
    for (at, change) in at
        .into_iter()
        .zip(estimates(&sample.observations, &sample.spread()))
    {
        let above = change.chance_above_zero();
        let estimate_change_micros = (change.mean * MICROS_PER_POINT).round() as i64;
        movements[at] = Some(Movement {
            estimate_change_micros,
            probability: above.max(1.0 - above),
        });
    }
    movements
}
