//! Keys, columns, turns, and how features of two photos are made to meet.

use super::*;

/// Surroundings that look like nothing in particular, from a number.
fn surroundings(seed: u32) -> [i8; WAVES] {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(17);
    std::array::from_fn(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 24) as u8).cast_signed() / 3
    })
}

fn some(count: u32) -> Vec<Feature> {
    (0..count)
        .map(|at| Feature {
            x: 0.1 + 0.07 * (at * 5 % 11) as f32,
            y: 0.1 + 0.05 * (at * 7 % 12) as f32,
            size: 0.02 + 0.01 * (at % 3) as f32,
            is_light: at % 2 == 0,
            waves: surroundings(at),
        })
        .collect()
}

#[test]
fn a_column_gives_back_what_it_was_given() {
    let features = some(FEATURES_MAX as u32);
    let column = to_column(&features);
    assert_eq!(column.len(), 42 * FEATURES_MAX);
    let back = from_column(&column).expect("whole features");
    for (one, other) in features.iter().zip(&back) {
        assert_eq!((one.is_light, one.waves), (other.is_light, other.waves));
        assert!((one.x - other.x).abs() + (one.y - other.y).abs() < 1e-4);
        assert_eq!(one.key(), other.key());
    }
    assert_eq!(from_column(&column[1..]), None);
    assert_eq!(from_column(&[]), Some(Vec::new()));
}

#[test]
fn waves_are_in_the_order_that_turns_count_on() {
    assert_eq!(ORDER[0], (0, 1));
    assert_eq!(ORDER[WAVES - 1], (7, 0));
    for (at, (across, down)) in ORDER.iter().enumerate() {
        let sum = across + down;
        assert_eq!(sum * (sum + 1) / 2 - 1 + across, at);
    }
}

#[test]
fn every_turn_has_one_that_undoes_it_and_probes_hold_its_key() {
    let feature = &some(1)[0];
    for turn in Turn::all() {
        let turned = turn.of_waves(&feature.waves);
        let undone = Turn::all().any(|back| back.of_waves(&turned) == feature.waves);
        assert!(undone, "{turn:?}");
        let there = Feature {
            waves: turned,
            ..feature.clone()
        };
        assert!(feature.probes(turn).any(|key| key == there.key()));
        assert_eq!(feature.probes(turn).count(), 8);
        let corner = turn.of_point((0.0, 0.0), (1.0, 0.75));
        let sides = match turn.is_on_its_side() {
            true => (0.75, 1.0),
            false => (1.0, 0.75),
        };
        assert!([0.0, sides.0].contains(&corner.0) && [0.0, sides.1].contains(&corner.1));
    }
    let told: Vec<Turned> = Turn::all().map(Turn::told).collect();
    assert!(Turned::ALL.iter().all(|one| told.contains(one)));
    for one in Turned::ALL {
        assert_eq!(Turned::parse(one.as_str()), Some(one));
    }
}

#[test]
fn one_weak_wave_that_changed_its_sign_is_found() {
    let mut feature = some(1)[0].clone();
    feature.waves[5] = 1;
    let mut other = feature.clone();
    other.waves[5] = -1;
    assert_ne!(feature.key(), other.key());
    let upright = Turn::all().next().expect("the first");
    assert!(feature.probes(upright).any(|key| key == other.key()));
}

#[test]
fn a_cropped_and_turned_copy_is_laid_where_it_belongs() {
    let whole = some(20);
    let sides = (1.0, 0.75);
    for turn in Turn::all() {
        // what is left of the whole from 0.1, 0.05 on, 0.8 of its longer side
        let turned: Vec<Feature> = whole
            .iter()
            .map(|feature| {
                let from = ((feature.x - 0.1) / 0.8, (feature.y - 0.05) / 0.8);
                let (x, y) = turn.of_point(from, sides);
                Feature {
                    x,
                    y,
                    size: feature.size / 0.8,
                    is_light: feature.is_light,
                    waves: turn.of_waves(&feature.waves),
                }
            })
            .collect();
        // found by laying the whole, turned, on the copy
        let scaled = framing(&whole, turn, &turned);
        assert!(scaled.meet >= 15, "{turn:?}: {}", scaled.meet);
        assert!((scaled.scale.0 - 1.25).abs() < 0.02, "{scaled:?}");
    }
    let strangers: Vec<Feature> = some(40).split_off(20);
    for turn in Turn::all() {
        assert!(framing(&whole, turn, &strangers).meet < 3);
    }
}

#[test]
fn a_point_goes_where_a_mirror_or_a_quarter_takes_it() {
    let to: Vec<(f32, f32)> = Turn::all()
        .map(|turn| turn.of_point((0.25, 0.5), (1.0, 0.75)))
        .collect();
    let upright = [(0.25, 0.5), (0.75, 0.5), (0.25, 0.25), (0.75, 0.25)];
    assert_eq!(to[..4], upright);
    assert_eq!(to[4..], upright.map(|(x, y)| (y, x)));
}
