//! The fingerprint of a picture: 64 marks of how its brightness lies, the same for a copy that was brightened, shrunk or
//! written anew, and nearly the same for one that lost its edges.
//!
//! The picture is brought to 64 × 64 grey pixels; of its discrete cosine transform the 8 × 8 slowest waves are kept, and
//! each is marked when it is above their median; the 16 × 16 slowest make the fine print in the same way. A picture that was turned or mirrored has another fingerprint.
//! Not here: when two fingerprints are alike (`domain/photo/likeness.rs`).

use std::f32::consts::PI;

use image::DynamicImage;

use super::{ImagingError, resized};
use crate::domain::photo::likeness::{FinePrint, Fingerprint};

const SIDE: usize = 64;
const WAVES: usize = 8;
const FINE_WAVES: usize = 16;

/// Standard deviation of grey levels (of 255) below which a picture is flat: a finger on the lens, a white wall, night. What
/// is left of its waves is noise, and every flat picture would be like every other.
const FLAT_DEVIATION_MAX: f32 = 6.0;

/// Fingerprint and fine print of `picture`; none of a flat one.
pub(super) fn of(picture: &DynamicImage) -> Result<Option<(Fingerprint, FinePrint)>, ImagingError> {
    let grey = DynamicImage::ImageLuma8(picture.to_luma8());
    let small = resized(&grey, (SIDE as u32, SIDE as u32))?;
    let mut pixels = [[0f32; SIDE]; SIDE];
    for (row, bytes) in pixels.iter_mut().zip(small.as_bytes().chunks_exact(SIDE)) {
        for (pixel, byte) in row.iter_mut().zip(bytes) {
            *pixel = f32::from(*byte);
        }
    }
    if deviation(&pixels) < FLAT_DEVIATION_MAX {
        return Ok(None);
    }
    let fine = waves(&pixels);
    let slowest: [f32; WAVES * WAVES] =
        std::array::from_fn(|at| fine[at / WAVES * FINE_WAVES + at % WAVES]);
    let [fingerprint] = marks(&slowest);
    Ok(Some((Fingerprint(fingerprint), FinePrint(marks(&fine)))))
}

/// A mark for each wave above the median of all, 64 in a part.
fn marks<const PARTS: usize>(waves: &[f32]) -> [u64; PARTS] {
    let mut sorted = waves.to_vec();
    sorted.sort_by(f32::total_cmp);
    let median = f32::midpoint(sorted[waves.len() / 2 - 1], sorted[waves.len() / 2]);
    let mark = |marks: u64, wave: &f32| marks << 1 | u64::from(*wave > median);
    std::array::from_fn(|part| waves[part * 64..(part + 1) * 64].iter().fold(0, mark))
}

fn deviation(pixels: &[[f32; SIDE]; SIDE]) -> f32 {
    let all = (SIDE * SIDE) as f32;
    let mean = pixels.as_flattened().iter().sum::<f32>() / all;
    let squares = pixels.as_flattened().iter().map(|p| (p - mean).powi(2));
    (squares.sum::<f32>() / all).sqrt()
}

/// The slowest waves of the transform (DCT-II), row by row.
fn waves(pixels: &[[f32; SIDE]; SIDE]) -> [f32; FINE_WAVES * FINE_WAVES] {
    let cosines: [[f32; SIDE]; FINE_WAVES] = std::array::from_fn(|wave| {
        std::array::from_fn(|at| ((2 * at + 1) as f32 * wave as f32 * PI / (2 * SIDE) as f32).cos())
    });
    let across: [[f32; FINE_WAVES]; SIDE] = std::array::from_fn(|row| {
        std::array::from_fn(|wave| {
            let products = pixels[row].iter().zip(&cosines[wave]).map(|(p, c)| p * c);
            products.sum()
        })
    });
    std::array::from_fn(|at| {
        let (down, wave) = (at / FINE_WAVES, at % FINE_WAVES);
        let products = across
            .iter()
            .zip(&cosines[down])
            .map(|(row, c)| row[wave] * c);
        products.sum()
    })
}
