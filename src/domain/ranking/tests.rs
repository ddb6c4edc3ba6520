//! The table as a whole: what goes in and comes out, order, edges.

use super::*;

/// Sums of the scores given in micros.
fn sums(location: u32, group: u32, scores: &[i64]) -> LocationSums<u32> {
    LocationSums {
        location,
        group,
        n: scores.len() as u32,
        sum_micros: scores.iter().sum(),
        sum_sq: scores.iter().map(|&score| i128::from(score).pow(2)).sum(),
    }
}

/// A programme of made-up visits: scores walk up and down by a fixed rule.
fn programme(locations: u32, visits: impl Fn(u32) -> u32) -> Vec<LocationSums<u32>> {
    let score = |location: u32, visit: u32| {
        620_000
            + i64::from(location * 104_729 % 200_000)
            + i64::from((location * 31 + visit) * 7_919 % 150_000)
    };
    (0..locations)
        .map(|location| {
            let scores: Vec<i64> = (0..visits(location))
                .map(|visit| score(location, visit))
                .collect();
            sums(location, location % 3, &scores)
        })
        .collect()
}

pub fn check<K>(ranking: &Ranking<K>) {
    assert!(ranking.model.tau2 >= 0.0 && ranking.model.sigma2 >= 0.0);
    assert!(ranking.model.tau2.is_finite() && ranking.model.sigma2.is_finite());
    for row in &ranking.rows {
        let ordered = [
            0,
            row.low_micros,
            row.estimate_micros,
            row.high_micros,
            1_000_000,
        ];
        assert!(ordered.is_sorted(), "{ordered:?}");
        if let Some(place) = row.place {
            assert!(
                place.rank_low <= place.rank
                    && place.rank <= place.rank_high
                    && place.expected_rank >= 1.0
            );
            assert!((0.0..=1.0).contains(&place.p_top) && (0.0..=1.0).contains(&place.p_bottom));
        }
        assert!(
            row.movement
                .is_none_or(|movement| (0.5..=1.0).contains(&movement.probability))
        );
    }
}

#[test]
fn same_data_same_table_in_whatever_order() {
    let (mut now, mut before) = (programme(40, |i| 2 + i % 7), programme(50, |i| 1 + i % 4));
    let table = rank(&now, &before, 3);
    assert_eq!(table, rank(&now, &before, 3));
    now.reverse();
    now.swap(3, 30);
    before.rotate_left(17);
    assert_eq!(table, rank(&now, &before, 3));
    check(&table);
}

/// Written down so that a changed seed, formula or order of summation, or a platform that counts differently, is seen.
#[test]
fn the_table_is_the_same_everywhere_and_tomorrow() {
    let table = rank(
        &programme(12, |i| 3 + i % 4),
        &programme(12, |i| 2 + i % 3),
        4,
    );
    let line = |row: &Row<u32>| {
        let place = row.place.map(|place| {
            (
                place.rank,
                place.rank_low,
                place.rank_high,
                place.tie_band,
                (place.p_top * 10_000.0).round() as u32,
            )
        });
        (
            row.location,
            row.estimate_micros,
            row.low_micros,
            row.high_micros,
            place,
        )
    };
    let found: Vec<_> = [0, 4, 8, 11].map(|at| line(&table.rows[at])).to_vec();
    let expected = [
        (9, 876_836, 848_858, 904_814, Some((1, 1, 2, 1, 9_420))),
        (3, 789_451, 766_915, 811_987, Some((5, 4, 6, 3, 0))),
        (2, 688_660, 663_982, 713_338, Some((9, 9, 9, 5, 0))),
        (0, 638_565, 606_008, 671_121, None),
    ];
    assert_eq!(found, expected);
}

#[test]
fn rows_come_by_rank_and_those_with_too_few_visits_last() {
    let table = rank(&programme(30, |i| 1 + i % 6), &[], 4);
    check(&table);
    let ranks: Vec<u32> = table
        .rows
        .iter()
        .map_while(|row| row.place.map(|place| place.rank))
        .collect();
    assert_eq!(ranks, (1..=15).collect::<Vec<u32>>());
    let rest = &table.rows[15..];
    assert!(rest.iter().all(|row| row.place.is_none()
        && row.n < 4
        && row.visits_needed == 4 - row.n
        && row.movement.is_none()));
    assert!(rest.is_sorted_by_key(|row| -row.estimate_micros));
    assert!(table.rows[..15].iter().all(|row| row.visits_needed == 0));
}

/// Three visits that went well do not make a champion: the estimate goes to the group, the less the more visits there are.
#[test]
fn few_visits_are_shrunk_more() {
    let mut now = programme(20, |_| 6);
    now.push(sums(100, 0, &[960_000, 980_000, 970_000]));
    now.push(sums(101, 0, &[970_000; 20]));
    let table = rank(&now, &[], 3);
    let estimate = |location| {
        table
            .rows
            .iter()
            .find(|row| row.location == location)
            .map(|row| (row.mean_micros, row.estimate_micros))
    };
    let (few, many) = (
        estimate(100).expect("listed"),
        estimate(101).expect("listed"),
    );
    assert_eq!((few.0, many.0), (970_000, 970_000));
    assert!(few.1 < many.1 && many.1 < 970_000, "{few:?} {many:?}");
    assert_eq!(table.rows[0].location, 101);
}

/// The variances that are printed and the printed formula give the printed estimate, when there is enough data to know them.
#[test]
fn the_printed_formula_gives_the_printed_estimate() {
    let now: Vec<LocationSums<u32>> = programme(2_000, |i| 3 + i % 9)
        .into_iter()
        .map(|sums| LocationSums { group: 0, ..sums })
        .collect();
    let Ranking { model, rows } = rank_with(&now, &[], 3, 100);
    let kept = |n: u32| model.tau2 / (model.tau2 + model.sigma2 / f64::from(n));
    let weight = |row: &Row<u32>| 1.0 / (model.tau2 + model.sigma2 / f64::from(row.n));
    let group_mean = rows
        .iter()
        .map(|row| weight(row) * row.mean_micros as f64)
        .sum::<f64>()
        / rows.iter().map(weight).sum::<f64>();
    for row in &rows {
        let by_hand = group_mean + kept(row.n) * (row.mean_micros as f64 - group_mean);
        assert!(
            (row.estimate_micros as f64 - by_hand).abs() < 200.0,
            "{row:?} {by_hand}"
        );
    }
    assert_eq!(model.method, Method::Reml);
}

#[test]
fn nothing_at_all() {
    let table = rank::<u32>(&[], &[], 3);
    assert_eq!(
        (table.rows.len(), table.model.method),
        (0, Method::Fallback)
    );
    let unvisited = LocationSums {
        location: 1,
        group: 0,
        n: 0,
        sum_micros: 0,
        sum_sq: 0,
    };
    assert!(rank(&[unvisited], &programme(3, |_| 4), 3).rows.is_empty());
}

#[test]
fn one_location() {
    let table = rank(
        &[sums(7, 0, &[700_000, 800_000, 900_000])],
        &[sums(7, 0, &[600_000, 700_000])],
        3,
    );
    check(&table);
    let row = table.rows[0];
    // Student's t with 2 degrees of freedom: 2.92 · 10 points / √3 = 16.9 points to each side.
    assert_eq!(
        (row.mean_micros, row.estimate_micros, table.model.method),
        (800_000, 800_000, Method::Fallback)
    );
    assert!(
        (row.high_micros - row.estimate_micros - 168_585).abs() < 100,
        "{row:?}"
    );
    assert_eq!(
        row.place
            .map(|place| (place.rank, place.tie_band, place.rank_low, place.rank_high)),
        Some((1, 1, 1, 1))
    );
    assert!(row.movement.is_some_and(
        |movement| movement.estimate_change_micros == 150_000 && movement.probability < 0.95
    ));
}

#[test]
fn one_visit_says_nothing_of_its_own_precision() {
    let table = rank(&[sums(7, 0, &[700_000])], &[], 3);
    check(&table);
    let row = table.rows[0];
    assert_eq!(
        (
            row.estimate_micros,
            row.low_micros,
            row.high_micros,
            row.visits_needed
        ),
        (700_000, 0, 1_000_000, 2)
    );
    assert!(row.place.is_none());
}

#[test]
fn all_values_equal() {
    let now: Vec<LocationSums<u32>> = (0..30)
        .map(|i| sums(i, i % 4, &vec![333_333; 2 + (i % 5) as usize]))
        .collect();
    let table = rank(&now, &now, 2);
    check(&table);
    assert_eq!(
        (table.model.method, table.model.tau2, table.model.sigma2),
        (Method::Fallback, 0.0, 0.0)
    );
    for row in &table.rows {
        assert_eq!(
            (row.estimate_micros, row.low_micros, row.high_micros),
            (333_333, 333_333, 333_333)
        );
        assert_eq!(
            row.place.map(|place| (place.rank, place.tie_band)),
            Some((1, 1))
        );
        assert_eq!(
            row.movement,
            Some(Movement {
                estimate_change_micros: 0,
                probability: 0.5
            })
        );
    }
}

#[test]
fn one_visit_each() {
    let table = rank(&programme(25, |_| 1), &programme(25, |_| 1), 1);
    check(&table);
    assert_eq!(table.model.method, Method::Fallback);
    assert!(
        table
            .rows
            .iter()
            .all(|row| row.place.is_some() && row.high_micros > row.low_micros)
    );
    // All differences are shrunk alike, by more than half.
    let group: Vec<&Row<u32>> = table
        .rows
        .iter()
        .filter(|row| row.location % 3 == 0)
        .collect();
    let mean = group.iter().map(|row| row.mean_micros).sum::<i64>() as f64 / group.len() as f64;
    let kept =
        |row: &Row<u32>| (row.estimate_micros as f64 - mean) / (row.mean_micros as f64 - mean);
    assert!(group.iter().all(|row| (kept(row) - kept(group[0])).abs() < 1e-3 && (0.2..0.5).contains(&kept(row))));
}

#[test]
fn huge_numbers_of_visits() {
    let huge = |location: u32, score: i64| {
        let n = u32::MAX - location;
        let (low, high) = (score - 50_000, score + 50_000);
        let sum_sq = i128::from(n / 2) * i128::from(low).pow(2)
            + i128::from(n - n / 2) * i128::from(high).pow(2);
        LocationSums {
            location,
            group: 0,
            n,
            sum_micros: i64::from(n / 2) * low + i64::from(n - n / 2) * high,
            sum_sq,
        }
    };
    let table = rank(
        &(0..8)
            .map(|i| huge(i, 700_000 + 1_000 * i64::from(i)))
            .collect::<Vec<_>>(),
        &[],
        3,
    );
    check(&table);
    assert_eq!(
        table
            .rows
            .iter()
            .map(|row| row.location)
            .collect::<Vec<_>>(),
        [7, 6, 5, 4, 3, 2, 1, 0]
    );
    assert!(
        table
            .rows
            .iter()
            .all(|row| (row.estimate_micros - row.mean_micros).abs() <= 1
                && row.high_micros - row.low_micros <= 10)
    );
    assert_eq!(
        table.rows[7]
            .place
            .map(|place| (place.tie_band, place.rank_low, place.rank_high)),
        Some((8, 8, 8))
    );
    assert!(
        (table.model.sigma2 - 25.0).abs() < 1e-3 && (table.model.tau2 - 0.06).abs() < 1e-3,
        "{:?}",
        table.model
    );
}

#[test]
fn a_group_of_one_among_others() {
    let mut now = programme(24, |_| 5);
    now.push(sums(99, 9, &[990_000, 970_000, 950_000]));
    let table = rank(&now, &[], 3);
    check(&table);
    let lone = table
        .rows
        .iter()
        .find(|row| row.location == 99)
        .expect("listed");
    assert_eq!(lone.estimate_micros, lone.mean_micros);
}

/// The best a location can score is 100 %, also for its interval.
#[test]
fn estimates_stay_within_what_a_score_can_be() {
    let perfect: Vec<LocationSums<u32>> = (0..9)
        .map(|i| {
            sums(
                i,
                0,
                &[1_000_000, 1_000_000 - 90_000 * i64::from(i), 1_000_000],
            )
        })
        .collect();
    let table = rank(&perfect, &[], 3);
    check(&table);
    assert_eq!(table.rows[0].high_micros, 1_000_000);
}

#[test]
fn movement_knows_whom_it_compares() {
    let now = programme(30, |_| 8);
    let mut before: Vec<LocationSums<u32>> = now
        .iter()
        .map(|s| LocationSums {
            sum_micros: s.sum_micros - 8 * 30_000,
            ..*s
        })
        .collect();
    for sums in &mut before {
        // Every visit 3 points lower: the squares follow.
        let sum = sums.sum_micros + 8 * 30_000;
        sums.sum_sq += 8 * 30_000i128.pow(2) - 2 * 30_000 * i128::from(sum);
    }
    before.truncate(29);
    let table = rank(&now, &before, 3);
    check(&table);
    for row in &table.rows {
        match row.movement {
            Some(movement) => assert!(
                (movement.estimate_change_micros - 30_000).abs() <= 1 && movement.probability > 0.9
            ),
            None => assert_eq!(row.location, 29),
        }
    }
}
