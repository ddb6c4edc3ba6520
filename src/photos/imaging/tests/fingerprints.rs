//! How far apart the fingerprints of copies lie, and those of pictures that have nothing to do with one another.

use super::drawing::*;
use crate::domain::photo::likeness::{
    ALIKE_DISTANCE_MAX, FINE_DISTANCE_MAX, FinePrint, Fingerprint,
};
use image::{DynamicImage, Rgb, RgbImage};

/// A made-up scene: light from one side, and some dozen things of different sizes standing about.
fn scene(seed: u32, width_px: u32, height_px: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(99);
    let mut next = move |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    let things: Vec<[u32; 5]> = (0..14)
        .map(|_| [next(1000), next(1000), 40 + next(260), next(200), next(2)])
        .collect();
    let slope = [next(120), next(120)];
    RgbImage::from_fn(width_px, height_px, |x, y| {
        let (x, y) = (x * 1000 / width_px, y * 1000 / height_px);
        let mut light = 60 + (slope[0] * x + slope[1] * y) / 1000;
        for [left, top, size, shade, is_round] in &things {
            let (dx, dy) = (x.abs_diff(*left), y.abs_diff(*top));
            let inside = if *is_round == 1 {
                dx * dx + dy * dy < size * size / 4
            } else {
                dx < size / 2 && dy < size / 3
            };
            if inside {
                light = *shade;
            }
        }
        let light = light as u8;
        Rgb([light, light.saturating_add(12), light.saturating_sub(9)])
    })
}

fn of(picture: &RgbImage) -> (Fingerprint, FinePrint) {
    let made = make(&jpeg(picture, None, false)).expect("renditions");
    made.fingerprint.expect("it is not flat")
}

#[test]
fn copies_are_alike_and_others_are_not() {
    let mut nearest = u32::MAX;
    let all: Vec<(Fingerprint, FinePrint)> =
        (0..24).map(|seed| of(&scene(seed, 800, 600))).collect();
    for (seed, fingerprint) in (0..).zip(&all) {
        let picture = DynamicImage::ImageRgb8(scene(seed, 800, 600));
        let copies = [
            (
                "shrunk",
                picture.resize_exact(400, 300, image::imageops::CatmullRom),
            ),
            ("brightened", picture.brighten(20)),
            ("with more contrast", picture.adjust_contrast(8.0)),
        ];
        for (what, copy) in copies {
            let copy = of(&copy.into_rgb8());
            let (distance, fine) = (
                fingerprint.0.distance(copy.0),
                fingerprint.1.distance(copy.1),
            );
            assert!(distance <= ALIKE_DISTANCE_MAX, "{seed} {what}: {distance}");
            assert!(fine <= FINE_DISTANCE_MAX, "{seed} {what}: {fine} of 256");
        }
        for other in all.iter().skip(seed as usize + 1) {
            nearest = nearest.min(fingerprint.0.distance(other.0));
        }
    }
    assert!(
        nearest > ALIKE_DISTANCE_MAX + 4,
        "nearest strangers: {nearest}"
    );
}

/// A receipt on a table: the same sheet each time, with other lines on it.
fn receipt(seed: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(7);
    let mut next = move |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    let lines: Vec<[u32; 2]> = (0..24).map(|_| [next(120), 140 + next(180)]).collect();
    RgbImage::from_fn(480, 640, |x, y| {
        if !(60..420).contains(&x) || !(50..590).contains(&y) {
            return Rgb([130, 90, (60 + x / 20) as u8]);
        }
        let [from, to] = lines[((y - 50) / 23) as usize];
        let is_ink = (y - 50) % 23 > 11 && (80 + from..80 + to).contains(&x);
        Rgb(if is_ink { [60; 3] } else { [235; 3] })
    })
}

#[test]
fn receipts_on_the_same_table_are_not_alike() {
    let all: Vec<_> = (0..12).map(|seed| of(&receipt(seed))).collect();
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let fine = one.1.distance(other.1);
            assert!(fine > FINE_DISTANCE_MAX, "{at}: {fine} of 256");
        }
        let again = DynamicImage::ImageRgb8(receipt(at as u32)).brighten(10);
        let copy = of(&again
            .resize_exact(360, 480, image::imageops::Triangle)
            .into_rgb8());
        assert!(one.0.distance(copy.0) <= ALIKE_DISTANCE_MAX);
        assert!(one.1.distance(copy.1) <= FINE_DISTANCE_MAX);
    }
}

#[test]
fn the_same_scene_written_anew_has_the_same_fingerprint() {
    let picture = scene(3, 1600, 1200);
    let once = of(&picture);
    let mut again = Vec::new();
    jpeg_encoder::Encoder::new(&mut again, 55)
        .encode(picture.as_raw(), 1600, 1200, jpeg_encoder::ColorType::Rgb)
        .expect("the fixture is drawn");
    let again = make(&again).expect("renditions").fingerprint;
    assert!(again.is_some_and(|again| again.0.distance(once.0) <= 1));
}

#[test]
fn flat_pictures_have_none() {
    let mut state = 5u32;
    for level in [0, 128, 250] {
        let plain = RgbImage::from_pixel(640, 480, Rgb([level; 3]));
        assert_eq!(make(&jpeg(&plain, None, false)).unwrap().fingerprint, None);
        // night, as a sensor sees it
        let noisy = RgbImage::from_fn(640, 480, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([level.saturating_add((state >> 28) as u8); 3])
        });
        assert_eq!(make(&jpeg(&noisy, None, false)).unwrap().fingerprint, None);
    }
}
