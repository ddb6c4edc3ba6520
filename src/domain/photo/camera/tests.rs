//! Photos held against visits: clocks that change, places that differ, devices that are several.

use super::*;

const MINUTE_MS: i64 = 60_000;

fn ms(text: &str) -> i64 {
    text.parse::<DateTime<FixedOffset>>()
        .unwrap()
        .timestamp_millis()
}

fn taken(at: &str) -> CameraFacts {
    CameraFacts {
        taken_at: Some(at.to_owned()),
        ..CameraFacts::default()
    }
}

fn at(latitude_deg: f64, longitude_deg: f64) -> CameraFacts {
    CameraFacts {
        latitude_deg: Some(latitude_deg),
        longitude_deg: Some(longitude_deg),
        ..CameraFacts::default()
    }
}

/// A visit in Amsterdam, on the Dam.
fn visit(started_at: &str, finished_at: &str) -> VisitAsTold {
    VisitAsTold {
        started_at_ms: ms(started_at),
        finished_at_ms: ms(finished_at),
        time_zone: Tz::Europe__Amsterdam,
        location: Some(Place {
            latitude_deg: 52.370216,
            longitude_deg: 4.895168,
        }),
        measured: Vec::new(),
    }
}

fn noon() -> VisitAsTold {
    visit("2026-09-14T12:00:00+02:00", "2026-09-14T12:30:00+02:00")
}

#[test]
fn a_camera_with_a_zone_is_believed_wherever_it_was_set() {
    for within in [
        "2026-09-14T12:10:00+02:00",
        "2026-09-14T19:10:00+09:00",
        "2026-09-14T10:10:00+00:00",
    ] {
        assert_eq!(doubts(&[taken(within)], &noon()), [], "{within}");
    }
    // noon on a wall in Tokyo is seven hours before
    assert_eq!(
        doubts(&[taken("2026-09-14T12:10:00+09:00")], &noon()),
        [Doubt::TakenBefore {
            photo: 1,
            early_ms: (6 * 60 + 50) * MINUTE_MS
        }]
    );
}

#[test]
fn a_camera_without_a_zone_shows_the_wall_of_the_location() {
    assert_eq!(doubts(&[taken("2026-09-14T12:10:00")], &noon()), []);
    let tokyo = VisitAsTold {
        time_zone: Tz::Asia__Tokyo,
        ..noon()
    };
    assert_eq!(doubts(&[taken("2026-09-14T19:10:00")], &tokyo), []);
    assert_eq!(doubts(&[taken("2026-09-14T12:10:00")], &tokyo).len(), 1);
}

#[test]
fn ten_minutes_are_allowed_on_either_side() {
    for (at, wanted) in [
        ("2026-09-14T11:50:00", None),
        ("2026-09-14T11:49:59", Some(PhotoFlag::Time)),
        ("2026-09-14T12:40:00", None),
        ("2026-09-14T12:40:01", Some(PhotoFlag::Time)),
    ] {
        let found = doubts(&[taken(at)], &noon());
        assert_eq!(found.first().map(Doubt::flag), wanted, "{at}");
    }
}

#[test]
fn a_time_that_occurs_twice_is_read_as_the_one_that_fits() {
    // 02:00 to 03:00 occurs twice on 25 October: the visit is in the second of them, and in the first
    for offset in ["+02:00", "+01:00"] {
        let night = visit(
            &format!("2026-10-25T02:20:00{offset}"),
            &format!("2026-10-25T02:40:00{offset}"),
        );
        assert_eq!(doubts(&[taken("2026-10-25T02:30:00")], &night), []);
    }
    // a visit an hour after the second is too far from both
    let later = visit("2026-10-25T03:30:00+01:00", "2026-10-25T03:40:00+01:00");
    assert_eq!(
        doubts(&[taken("2026-10-25T02:30:00")], &later),
        [Doubt::TakenBefore {
            photo: 1,
            early_ms: 60 * MINUTE_MS
        }]
    );
}

#[test]
fn a_time_that_was_skipped_is_read_from_either_side() {
    // 02:00 to 03:00 does not exist on 29 March: a camera that was not put forward says 02:30 at 03:30
    let after = visit("2026-03-29T03:25:00+02:00", "2026-03-29T03:35:00+02:00");
    assert_eq!(doubts(&[taken("2026-03-29T02:30:00")], &after), []);
    // and one that was put forward too early says it at 01:30
    let before = visit("2026-03-29T01:25:00+01:00", "2026-03-29T01:35:00+01:00");
    assert_eq!(doubts(&[taken("2026-03-29T02:30:00")], &before), []);
    let noon = visit("2026-03-29T12:00:00+02:00", "2026-03-29T12:10:00+02:00");
    assert_eq!(doubts(&[taken("2026-03-29T02:30:00")], &noon).len(), 1);
}

#[test]
fn the_day_before_a_change_of_clocks_is_an_hour_nearer_or_farther() {
    // noon to noon over the spring change: 23 hours
    let sunday = visit("2026-03-29T12:00:00+02:00", "2026-03-29T12:30:00+02:00");
    assert_eq!(
        doubts(&[taken("2026-03-28T12:00:00")], &sunday),
        [Doubt::TakenBefore {
            photo: 1,
            early_ms: 23 * 60 * MINUTE_MS
        }]
    );
}

#[test]
fn what_the_camera_did_not_write_or_wrote_badly_raises_no_doubt() {
    for at in ["", "yesterday", "2026-13-41T10:00:00"] {
        assert_eq!(doubts(&[taken(at)], &noon()), [], "{at}");
    }
    assert_eq!(doubts(&[CameraFacts::default()], &noon()), []);
    let nowhere = VisitAsTold {
        location: None,
        ..noon()
    };
    assert_eq!(doubts(&[at(0.0, 0.0)], &nowhere), []);
}

#[test]
fn far_is_farther_than_a_mall_is_long() {
    let dam = (52.370216, 4.895168);
    // a ten-thousandth of a degree of latitude is 11.1 m
    assert_eq!(doubts(&[at(dam.0 + 0.0044, dam.1)], &noon()), []);
    let found = doubts(&[at(dam.0, dam.1), at(dam.0 + 0.0046, dam.1)], &noon());
    assert_eq!(
        found,
        [Doubt::FarFromLocation {
            photo: 2,
            distance_m: 511
        }]
    );
    // Amsterdam to Utrecht
    let [Doubt::FarFromLocation { distance_m, .. }] = doubts(&[at(52.0907, 5.1214)], &noon())[..]
    else {
        panic!("it is far");
    };
    assert!((34_500..35_000).contains(&distance_m), "{distance_m}");
}

#[test]
fn across_the_date_line_near_is_near() {
    let suva = Place {
        latitude_deg: -17.0,
        longitude_deg: 179.999,
    };
    let over = Place {
        latitude_deg: -17.0,
        longitude_deg: -179.999,
    };
    assert_eq!(suva.distance_m(over), 213);
    let pole = Place {
        latitude_deg: 90.0,
        longitude_deg: 0.0,
    };
    let other_pole = Place {
        latitude_deg: -90.0,
        longitude_deg: 77.0,
    };
    assert_eq!(pole.distance_m(other_pole), 20_015_114);
}

#[test]
fn the_phones_own_measure_is_held_against_the_photo() {
    let measured = |distance_m, accuracy_m| VisitAsTold {
        measured: vec![MeasuredDistance {
            distance_m,
            accuracy_m,
        }],
        ..noon()
    };
    let on_the_spot = [at(52.370216, 4.895168)];
    assert_eq!(doubts(&on_the_spot, &measured(300, 0)), []);
    assert_eq!(doubts(&on_the_spot, &measured(2000, 1700)), []);
    assert_eq!(
        doubts(&on_the_spot, &measured(2000, 100)),
        [Doubt::FarFromPhone {
            photo: 1,
            apart_m: 1900,
            measured_m: 2000
        }]
    );
    // an accuracy below zero is nobody's
    assert_eq!(doubts(&on_the_spot, &measured(301, -500)).len(), 1);
}

#[test]
fn several_devices_in_one_audit_are_told_once() {
    let by = |device: &str| CameraFacts {
        device: Some(device.to_owned()),
        ..CameraFacts::default()
    };
    assert_eq!(
        doubts(&[by("FP5"), by("FP5"), CameraFacts::default()], &noon()),
        []
    );
    let found = doubts(&[by("Pixel 9"), by("FP5"), by("Pixel 9")], &noon());
    assert_eq!(
        found,
        [Doubt::Devices {
            names: vec!["FP5".to_owned(), "Pixel 9".to_owned()]
        }]
    );
    assert_eq!(
        found[0].words(),
        "the photos come from 2 devices: FP5, Pixel 9"
    );
}

#[test]
fn the_numbers_stand_in_the_words() {
    for (ms, words) in [
        (11 * MINUTE_MS + 59_999, "11 min"),
        (60 * MINUTE_MS, "1 h"),
        (65 * MINUTE_MS, "1 h 5 min"),
        (24 * 60 * MINUTE_MS, "1 day"),
        (51 * 60 * MINUTE_MS, "2 days 3 h"),
        (12 * 1440 * MINUTE_MS + 60 * MINUTE_MS, "12 days"),
    ] {
        assert_eq!(span(ms), words);
    }
    for (m, words) in [(999, "999 m"), (34_760, "34.7 km"), (1_234_567, "1234 km")] {
        assert_eq!(length(m), words);
    }
    let far = Doubt::FarFromLocation {
        photo: 2,
        distance_m: 12_400,
    };
    assert_eq!(
        far.words(),
        "photo 2: by its camera it was taken 12.4 km from the location"
    );
}
