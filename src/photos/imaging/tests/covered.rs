//! What is covered is gone from both copies, and from nothing else.

use super::super::{COVER, DECODE_BYTES_MAX, renditions};
use super::drawing::*;
use crate::domain::photo::redaction::Redaction;
use crate::domain::photo::sniff;
use image::Rgb;

/// The lower right quarter, without its edges.
const CORNER: Redaction = Redaction {
    left_micros: 550_000,
    top_micros: 550_000,
    width_micros: 400_000,
    height_micros: 400_000,
};

fn covered(file: &[u8], redactions: &[Redaction]) -> [image::RgbImage; 2] {
    let facts = sniff(file, &LIMITS).expect("a picture");
    let made = renditions(file, &facts, DECODE_BYTES_MAX, redactions).expect("renditions");
    [open(&made.large), open(&made.small)]
}

#[test]
fn a_covered_part_is_flat_in_both_copies_and_the_rest_is_as_it_was() {
    // noise, of which any trace would show
    let mut state = 7u32;
    let noise = image::RgbImage::from_fn(1600, 1200, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    let file = jpeg(&noise, None, false);
    let plain = covered(&file, &[]);
    for (with, without) in covered(&file, &[CORNER]).iter().zip(&plain) {
        let (width, height) = with.dimensions();
        let inside = |x: u32, y: u32| {
            let (x, y) = (x * 1000 / width, y * 1000 / height);
            (550..950).contains(&x) && (550..950).contains(&y)
        };
        let mut far = 0;
        for (x, y, pixel) in with.enumerate_pixels() {
            if inside(x, y) {
                let near = pixel.0.iter().all(|c| c.abs_diff(COVER[0]) <= 40);
                far += u32::from(!near);
            } else if x < width / 2 {
                let before = without.get_pixel(x, y);
                assert!((0..3).all(|i| pixel.0[i].abs_diff(before.0[i]) <= 40));
            }
        }
        assert_eq!(far, 0, "{width} × {height}");
        // flat: no block of the middle holds any wave
        let middle: Vec<_> = (660..880)
            .step_by(20)
            .map(|at| *with.get_pixel(at * width / 1000, at * height / 1000))
            .collect();
        assert!(middle.iter().all(|pixel| *pixel == middle[0]), "{middle:?}");
    }
}

#[test]
fn rectangles_are_on_the_upright_picture() {
    // stored lying on its side, shown upright: red, green / blue, yellow
    let stored = image::DynamicImage::ImageRgb8(quarters(400, 300)).rotate270();
    let file = jpeg(&stored.into_rgb8(), Some(&turned(6)), false);
    for copy in covered(&file, &[CORNER]) {
        let (width, height) = copy.dimensions();
        let at = |x: u32, y: u32| *copy.get_pixel(width * x / 100, height * y / 100);
        assert_near(at(75, 75), [32, 32, 32], "covered");
        assert_near(at(25, 75), BLUE, "lower left");
        assert_near(at(75, 25), GREEN, "upper right");
    }
}

#[test]
fn grey_and_tiny_pictures_are_covered_too() {
    let whole = Redaction {
        left_micros: 0,
        top_micros: 0,
        width_micros: 1_000_000,
        height_micros: 1_000_000,
    };
    let grey =
        image::DynamicImage::ImageLuma8(image::GrayImage::from_pixel(5, 3, image::Luma([200])));
    for copy in covered(&png(&grey), &[whole]) {
        assert!(copy.pixels().all(|pixel| pixel.0[0] < 60));
    }
}
