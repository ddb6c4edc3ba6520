//! Random points, bands and criticals of a question.
//!
//! Not here: which question has which of them (`question.rs`).

use plainclothes::domain::checklist::{Band, Critical, CriticalEffect};

use super::choices::Choices;

/// The most points that there may be, in thousandths.
pub const POINTS_MILLI_MAX: i64 = 1_000_000_000;

/// Thousandths; often whole points, at times penalties, or as many or as few as there may be.
pub fn points(choices: &mut Choices<'_>) -> i64 {
    let whole = 1_000;
    match choices.below(12) {
        0..=3 => whole * (1 + choices.below(10) as i64),
        4 => 0,
        5 | 6 => -whole * (1 + choices.below(10) as i64),
        7 => 1 + choices.below(999) as i64,
        8 => choices.integer(-POINTS_MILLI_MAX, POINTS_MILLI_MAX),
        9 => POINTS_MILLI_MAX,
        10 => -POINTS_MILLI_MAX,
        _ => whole * choices.below(100) as i64 + choices.of(&[0, 250, 500, 1, 999]),
    }
}

/// Points of a whole question: above 0 when it earns, else 0 where they are written at all.
pub fn own_points(choices: &mut Choices<'_>, earns: bool) -> Option<i64> {
    if earns {
        Some(points(choices).abs().max(1))
    } else {
        choices.one_in(4).then_some(0)
    }
}

/// As many as `count`: other than 0 somewhere when the question earns, else 0 everywhere.
pub fn list(choices: &mut Choices<'_>, count: usize, earns: bool) -> Vec<i64> {
    let mut list: Vec<i64> = (0..count).map(|_| points(choices)).collect();
    if !earns {
        list.fill(0);
    } else if list.iter().all(|points| *points == 0) {
        list[0] = 1_000;
    }
    list
}

/// Ascending, from `least` to below `most`; the last one without a bound.
pub fn bands(choices: &mut Choices<'_>, least: i64, most: i64, earns: bool) -> Vec<Band> {
    let count = choices.count(4, 49);
    let mut bounds: Vec<i64> = (0..count)
        .map(|_| choices.integer(least, most))
        .filter(|bound| *bound < most)
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    let points = list(choices, bounds.len() + 1, earns);
    let bounds = bounds.into_iter().map(Some).chain([None]);
    bounds
        .zip(points)
        .map(|(up_to, points_milli)| Band {
            up_to,
            points_milli,
        })
        .collect()
}

pub fn critical(choices: &mut Choices<'_>, once_in: usize) -> Option<Critical> {
    if !choices.one_in(once_in) {
        return None;
    }
    let effect = choices.of(&[
        CriticalEffect::CapAudit,
        CriticalEffect::ZeroSection,
        CriticalEffect::ZeroAudit,
        CriticalEffect::FailSection,
        CriticalEffect::FailAudit,
    ]);
    let cap_micros = match effect {
        CriticalEffect::CapAudit => {
            Some(choices.of(&[600_000, 0, 1_000_000, 1, 999_999, 333_333, 500_000, 750_000]))
        }
        _ => None,
    };
    Some(Critical { effect, cap_micros })
}
