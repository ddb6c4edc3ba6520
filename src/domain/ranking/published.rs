//! Published examples, computed again: dyestuff, baseball players, eight schools.

use super::shrink::{Shrunk, shrink};
use super::spread::Observation;
use super::spread::tests::sample;
use super::{LocationSums, Model, Row, rank};

fn near(found: (f64, f64), expected: (f64, f64)) {
    let close =
        |found: f64, expected: f64| (found - expected).abs() <= 1e-5 * expected.abs().max(1e-3);
    assert!(
        close(found.0, expected.0) && close(found.1, expected.1),
        "{found:?} is not {expected:?}"
    );
}

/// Yields of six batches of dyestuff (Davies, Statistical Methods in Research and Production; Box and Tiao, Bayesian
/// Inference in Statistical Analysis, 1973, section 5.1).
/// In a balanced layout REML is the analysis of variance: σ² = MSW = 2451.25, τ² = (MSB - MSW)/5 = (11271.5 - 2451.25)/5.
#[test]
fn balanced_layout_gives_the_textbook_analysis_of_variance() {
    let dyestuff = sample(&[
        (0, &[1545.0, 1440.0, 1440.0, 1520.0, 1580.0]),
        (0, &[1540.0, 1555.0, 1490.0, 1560.0, 1495.0]),
        (0, &[1595.0, 1550.0, 1605.0, 1510.0, 1560.0]),
        (0, &[1445.0, 1440.0, 1595.0, 1465.0, 1545.0]),
        (0, &[1595.0, 1630.0, 1515.0, 1635.0, 1625.0]),
        (0, &[1520.0, 1455.0, 1450.0, 1480.0, 1445.0]),
    ]);
    near(dyestuff.reml(), (1764.05, 2451.25));
    assert_eq!(dyestuff.doubt(), None);
}

/// Box and Tiao's made-up twin of it, where MSB < MSW: τ² = 0, and σ² is the mean square of all 29 differences.
#[test]
fn between_locations_there_may_be_nothing_but_chance() {
    let twin = sample(&[
        (0, &[7.298, 3.846, 2.434, 9.566, 7.990]),
        (0, &[5.220, 6.556, 0.608, 11.788, -0.892]),
        (0, &[0.110, 10.386, 13.434, 5.510, 8.166]),
        (0, &[2.212, 4.852, 7.092, 9.288, 4.980]),
        (0, &[0.282, 9.014, 4.458, 9.446, 7.198]),
        (0, &[1.722, 4.782, 8.106, 0.758, 3.758]),
    ]);
    near(twin.reml(), (0.0, 13.806_309_6));
    assert_eq!(twin.reml().0, 0.0);
}

/// Expected values from the likelihood written with full matrices (Cholesky factor of the 20 × 20 covariance) and maximised by
/// search, which shares no formula with ours.
#[test]
fn unbalanced_layout_with_groups_agrees_with_full_matrices() {
    let unbalanced = sample(&[
        (0, &[71.0, 75.0, 80.0]),
        (0, &[62.0, 66.0]),
        (0, &[90.0, 85.0, 88.0, 91.0]),
        (1, &[55.0, 70.0]),
        (1, &[60.0, 64.0, 58.0, 66.0, 61.0]),
        (1, &[77.0]),
        (1, &[49.0, 52.0, 60.0]),
    ]);
    near(unbalanced.reml(), (102.555_59, 22.278_185));
}

fn one_group(values: &[(f64, f64)]) -> Vec<Observation> {
    values
        .iter()
        .map(|&(mean, variance)| Observation {
            group: 0,
            mean,
            visits: 1.0 / variance,
        })
        .collect()
}

/// Efron and Morris, Data analysis using Stein's estimator and its generalizations, JASA 70 (1975), table 1: hits in the first 45 at bats
/// of 18 players in 1970, and the average over the rest of the season. On the scale √45·arcsin(2p-1) the variance is 1.
const BASEBALL: [(f64, f64); 18] = [
    (18.0, 0.346),
    (17.0, 0.298),
    (16.0, 0.276),
    (15.0, 0.222),
    (14.0, 0.273),
    (14.0, 0.270),
    (13.0, 0.263),
    (12.0, 0.210),
    (11.0, 0.269),
    (11.0, 0.230),
    (10.0, 0.264),
    (10.0, 0.256),
    (10.0, 0.303),
    (10.0, 0.264),
    (10.0, 0.226),
    (9.0, 0.285),
    (8.0, 0.316),
    (7.0, 0.200),
];

/// The paper finds S = 18.96, a shrinkage of .791 towards the mean, and total squared errors of 17.56 before and 5.01 after, 3.5 times
/// less. James and Stein estimate B by `1 - (k-3)/S`; the τ² that has this B is given to the formula that we use.
#[test]
fn baseball_players_of_1970_are_shrunk_as_published() {
    let arcsine = |p: f64| 45f64.sqrt() * (2.0 * p - 1.0).asin();
    let observed: Vec<(f64, f64)> = BASEBALL
        .iter()
        .map(|(hits, _)| (arcsine(hits / 45.0), 1.0))
        .collect();
    let truth: Vec<f64> = BASEBALL.iter().map(|&(_, p)| arcsine(p)).collect();
    let mean = observed.iter().map(|(x, _)| x).sum::<f64>() / 18.0;
    let squares: f64 = observed.iter().map(|(x, _)| (x - mean).powi(2)).sum();
    assert!((squares - 18.96).abs() < 0.005, "S = {squares}");
    let kept = 1.0 - 15.0 / squares;
    assert!((1.0 - kept - 0.791).abs() < 5e-4);

    let shrunk: Vec<Shrunk> = shrink(&one_group(&observed), kept / (1.0 - kept), 1.0).collect();
    let error = |estimates: &mut dyn Iterator<Item = f64>| {
        estimates
            .zip(&truth)
            .map(|(x, truth)| (x - truth).powi(2))
            .sum::<f64>()
    };
    let before = error(&mut observed.iter().map(|&(x, _)| x));
    let after = error(&mut shrunk.iter().map(|s| s.mean));
    assert!(
        (before - 17.56).abs() < 0.02 && (after - 5.01).abs() < 0.02,
        "{before} {after}"
    );
    assert!((before / after - 3.50).abs() < 0.02);

    let as_average = |x: f64| ((x / 45f64.sqrt()).sin() + 1.0) / 2.0;
    assert!(
        (as_average(shrunk[0].mean) - 0.290).abs() < 5e-4,
        "Clemente, who hit .400"
    );
    assert!(
        (as_average(shrunk[17].mean) - 0.239).abs() < 5e-4,
        "Alvis, who hit .156"
    );
}

/// Rubin, Estimation in parallel randomized experiments, Journal of Educational Statistics 6 (1981): effects and standard errors.
const SCHOOLS: [(f64, f64); 8] = [
    (28.39, 14.9),
    (7.94, 10.2),
    (-2.75, 16.3),
    (6.82, 11.0),
    (-0.64, 9.4),
    (0.63, 11.4),
    (18.01, 10.4),
    (12.16, 17.6),
];

/// Gelman et al., Bayesian Data Analysis, section 5.5: if τ were 0, all effects would be 7.9 with variance 17.4.
#[test]
fn eight_schools_are_one_when_tau_is_nought() {
    let schools: Vec<(f64, f64)> = SCHOOLS
        .iter()
        .map(|&(effect, error)| (effect, error * error))
        .collect();
    for school in shrink(&one_group(&schools), 0.0, 1.0) {
        assert!(
            (school.mean - 7.9).abs() < 0.05
                && (school.group_sd.powi(2) - 17.4).abs() < 0.06
                && school.own_sd == 0.0
        );
    }
    for (school, &(effect, error)) in shrink(&one_group(&schools), 1e12, 1.0).zip(&SCHOOLS) {
        assert!(
            (school.mean - effect).abs() < 1e-6
                && (school.own_sd - error).abs() < 1e-6
                && school.group_sd < 1e-3
        );
    }
}

/// Given τ = 10, with the figures rounded as the book prints them. Expected: means and standard deviations from inverting the joint
/// 9 × 9 precision matrix of the eight effects and their mean in exact fractions.
#[test]
fn eight_schools_given_tau() {
    let printed = [
        (28.0, 15.0),
        (8.0, 10.0),
        (-3.0, 16.0),
        (7.0, 11.0),
        (-1.0, 9.0),
        (1.0, 11.0),
        (18.0, 10.0),
        (12.0, 18.0),
    ];
    let means = [
        14.2414, 8.0632, 5.0011, 7.6168, 3.0842, 4.9018, 13.0632, 9.0400,
    ];
    let sds = [
        9.1561, 7.5906, 9.3630, 7.9928, 7.1312, 7.9928, 7.5906, 9.7061,
    ];
    let schools: Vec<(f64, f64)> = printed
        .iter()
        .map(|&(effect, error)| (effect, error * error))
        .collect();
    for ((school, mean), sd) in shrink(&one_group(&schools), 100.0, 1.0).zip(means).zip(sds) {
        assert!(
            (school.mean - mean).abs() < 1e-4
                && (school.own_sd.hypot(school.group_sd) - sd).abs() < 1e-4
        );
    }
}

/// The example of `docs/ranking.md`: scores in percent, this quarter's and the one before.
const EXAMPLE: [(&str, &[i64], &[i64]); 8] = [
    (
        "Harbour",
        &[97, 84, 93, 99, 88, 91, 86, 95, 92],
        &[81, 72, 90, 76, 85, 79],
    ),
    ("Station", &[96, 89, 97], &[88, 73, 85]),
    ("Old Town", &[88, 69, 94, 81], &[86, 92, 71]),
    ("University", &[90, 72, 83, 86, 74], &[81, 88, 69, 90]),
    ("Castle", &[59, 83, 68, 74], &[67, 79, 81, 60]),
    ("Museum", &[71, 84, 60], &[75, 80, 62, 70]),
    ("Airport", &[66, 74, 58, 61, 82, 69], &[72, 80, 54, 69, 65]),
    ("Market", &[93, 89], &[84, 66, 80, 88]),
];

#[test]
fn the_example_of_the_documentation_is_true() {
    let sums = |location: &'static str, scores: &[i64]| LocationSums {
        location,
        group: 0,
        n: scores.len() as u32,
        sum_micros: scores.iter().map(|score| score * 10_000).sum(),
        sum_sq: scores
            .iter()
            .map(|score| i128::from(score * 10_000).pow(2))
            .sum(),
    };
    let now: Vec<_> = EXAMPLE
        .iter()
        .map(|(name, now, _)| sums(name, now))
        .collect();
    let before: Vec<_> = EXAMPLE
        .iter()
        .map(|(name, _, before)| sums(name, before))
        .collect();
    let table = rank(&now, &before, 3);
    let rounded = |micros: i64| (micros as f64 / 1e3).round() / 10.0;
    let line = |row: &Row<&'static str>| {
        let place = row
            .place
            .map(|place| (place.rank, place.rank_low, place.rank_high, place.tie_band));
        (
            row.location,
            rounded(row.mean_micros),
            rounded(row.estimate_micros),
            rounded(row.low_micros),
            rounded(row.high_micros),
            place,
        )
    };
    let expected = [
        ("Harbour", 91.7, 90.4, 85.6, 95.1, Some((1, 1, 3, 1))),
        ("Station", 94.0, 90.4, 82.7, 98.2, Some((2, 1, 3, 1))),
        ("Old Town", 83.0, 82.6, 76.2, 89.0, Some((3, 2, 5, 2))),
        ("University", 81.0, 81.0, 75.2, 86.9, Some((4, 2, 5, 2))),
        ("Museum", 71.7, 74.4, 66.9, 81.8, Some((5, 4, 7, 3))),
        ("Castle", 71.0, 73.4, 66.6, 80.1, Some((6, 4, 7, 3))),
        ("Airport", 68.3, 70.5, 64.7, 76.4, Some((7, 5, 7, 3))),
        ("Market", 91.0, 87.5, 78.8, 96.1, None),
    ];
    assert_eq!(table.rows.iter().map(line).collect::<Vec<_>>(), expected);

    let Model {
        mean_micros,
        tau2,
        sigma2,
        ..
    } = table.model;
    assert_eq!(
        (rounded(mean_micros), tau2.round(), sigma2.round()),
        (81.3, 88.0, 65.0)
    );
    let arrows = table.rows.iter().filter(|row| {
        row.movement
            .is_some_and(|movement| movement.probability >= 0.9)
    });
    assert_eq!(
        arrows.map(|row| row.location).collect::<Vec<_>>(),
        ["Harbour", "Station", "Market"]
    );
    let harbour = table.rows[0].movement.expect("visited in both quarters");
    assert_eq!(
        (
            rounded(harbour.estimate_change_micros),
            (harbour.probability * 100.0).round()
        ),
        (7.1, 98.0)
    );
    assert_eq!(
        table.rows[1]
            .place
            .map(|place| (place.p_top * 100.0).round()),
        Some(49.0)
    );
}
