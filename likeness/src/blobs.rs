//! Finds what stands out in a picture: blobs of every size (extremes of the difference between a picture blurred more and
//! less; Lowe 2004), with the slowest waves of what is around each.
//!
//! Not here: what features are good for.

use std::f32::consts::PI;

use super::grey::Grey;
use super::{FEATURES_MAX, Feature, ORDER, WAVES};

/// The longer side of what is looked at. Smaller things than some 3 of these pixels are not seen.
pub const LONGER_PX: u32 = 128;
/// A blob is stronger by so many levels, or noise.
const STRENGTH_MIN: f32 = 1.5;
/// The blur from which each doubling of size begins, in pixels, and steps to the doubling.
const BLUR_PX: f32 = 1.6;
const STEPS: usize = 3;
/// How far the surroundings of a blob reach, in its sizes, and in how many points a side they are taken.
const REACH: f32 = 6.0;
const POINTS: usize = 12;
/// Beyond this a blob is part of an edge: anywhere along it there would be another.
const EDGE_MAX: f32 = 12.1;
/// A photo whose sides are shorter has nothing to find.
const SIDE_MIN_PX: usize = 12;

struct Blob {
    feature: Feature,
    strength: f32,
}

/// The strongest features of a picture, at most [`FEATURES_MAX`].
pub fn features(picture: &Grey) -> Vec<Feature> {
    let longer = picture.longer_px();
    let mut found = Vec::new();
    // a camera's pixel counts for half a pixel of blur
    let mut base = picture.blurred((BLUR_PX * BLUR_PX - 0.25).sqrt());
    let mut doubled = 1.0;
    while base.width_px.min(base.height_px) >= SIDE_MIN_PX {
        let levels = blurred(base);
        at_one_size(&levels, doubled / longer, &mut found);
        base = halved(&levels[STEPS]);
        doubled *= 2.0;
    }
    found.sort_by(|one, other| other.strength.total_cmp(&one.strength));
    let mut kept: Vec<Feature> = Vec::new();
    for blob in found {
        if kept.len() == FEATURES_MAX {
            break;
        }
        if !kept.iter().any(|other| is_same(other, &blob.feature)) {
            kept.push(blob.feature);
        }
    }
    kept
}

fn is_same(one: &Feature, other: &Feature) -> bool {
    let apart = (one.x - other.x).hypot(one.y - other.y);
    apart < 0.5 * one.size.max(other.size) && (one.size / other.size).ln().abs() < 0.4
}

fn step() -> f32 {
    2f32.powf(1.0 / STEPS as f32)
}

/// The picture blurred more and more, up to over twice as much.
fn blurred(base: Grey) -> Vec<Grey> {
    let further = (step() * step() - 1.0).sqrt();
    let mut levels = vec![base];
    for at in 0..STEPS + 2 {
        let deviation_px = BLUR_PX * step().powi(at as i32) * further;
        levels.push(levels[at].blurred(deviation_px));
    }
    levels
}

/// Every second pixel: it was blurred enough for that.
fn halved(level: &Grey) -> Grey {
    let (width_px, height_px) = (level.width_px / 2, level.height_px / 2);
    let pixel = |at: usize| 2 * (at / width_px) * level.width_px + 2 * (at % width_px);
    Grey {
        width_px,
        height_px,
        levels: (0..width_px * height_px)
            .map(|at| level.levels[pixel(at)])
            .collect(),
    }
}

/// The blobs among pictures blurred by a factor of two; a pixel of theirs is `pixel` of the photo's longer side.
fn at_one_size(levels: &[Grey], pixel: f32, found: &mut Vec<Blob>) {
    let (width, height) = (levels[0].width_px, levels[0].height_px);
    let differences: Vec<Vec<f32>> = levels
        .windows(2)
        .map(|pair| {
            let both = pair[1].levels.iter().zip(&pair[0].levels);
            both.map(|(more, less)| more - less).collect()
        })
        .collect();
    for (level, three) in (1..).zip(differences.windows(3)) {
        for y in 1..height - 1 {
            for x in 1..width - 1 {
                let at = y * width + x;
                if three[1][at].abs() < STRENGTH_MIN || !is_extreme(three, at, width) {
                    continue;
                }
                let Some((right, down, size)) = place(three, at, width) else {
                    continue;
                };
                let (x, y) = (x as f32 + right, y as f32 + down);
                let size_px = BLUR_PX * step().powf(level as f32 + size);
                found.push(Blob {
                    feature: Feature {
                        x: x * pixel,
                        y: y * pixel,
                        size: size_px * pixel,
                        is_light: three[1][at] < 0.0,
                        waves: surroundings(&levels[level], (x, y), REACH * size_px),
                    },
                    strength: three[1][at].abs(),
                });
            }
        }
    }
}

/// Whether the middle is above, or below, all its 26 neighbours.
fn is_extreme(three: &[Vec<f32>], at: usize, width: usize) -> bool {
    let value = three[1][at];
    three.iter().enumerate().all(|(level, values)| {
        [at - width, at, at + width].into_iter().all(|row| {
            (row - 1..=row + 1).all(|other| {
                (level == 1 && other == at)
                    || (value > 0.0 && values[other] < value)
                    || (value < 0.0 && values[other] > value)
            })
        })
    })
}

/// How far from the middle of its pixel, and of its step, the extreme lies; nothing on an edge.
fn place(three: &[Vec<f32>], at: usize, width: usize) -> Option<(f32, f32, f32)> {
    let values = &three[1];
    let value = values[at];
    let top = |before: f32, after: f32| {
        let bend = before - 2.0 * value + after;
        if bend.abs() < 1e-6 {
            0.0
        } else {
            ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5)
        }
    };
    let across = values[at + 1] + values[at - 1] - 2.0 * value;
    let down = values[at + width] + values[at - width] - 2.0 * value;
    let both = (values[at + width + 1] - values[at + width - 1] - values[at - width + 1]
        + values[at - width - 1])
        / 4.0;
    let (trace, determinant) = (across + down, across * down - both * both);
    if determinant <= 0.0 || trace * trace / determinant > EDGE_MAX {
        return None;
    }
    Some((
        top(values[at - 1], values[at + 1]),
        top(values[at - width], values[at + width]),
        top(three[0][at], three[2][at]),
    ))
}

/// The slowest waves of what lies within `reach_px` of a point.
fn surroundings(level: &Grey, (x, y): (f32, f32), reach_px: f32) -> [i8; WAVES] {
    let off = |at: usize| ((at as f32 + 0.5) / POINTS as f32 * 2.0 - 1.0) * reach_px;
    let points: [[f32; POINTS]; POINTS] = std::array::from_fn(|row| {
        std::array::from_fn(|column| level.at(x + off(column), y + off(row)))
    });
    let cosine = |wave: usize, at: usize| {
        ((2 * at + 1) as f32 * wave as f32 * PI / (2 * POINTS) as f32).cos()
    };
    let cosines: [[f32; POINTS]; 8] =
        std::array::from_fn(|wave| std::array::from_fn(|at| cosine(wave, at)));
    let across: [[f32; 8]; POINTS] = std::array::from_fn(|row| {
        std::array::from_fn(|wave| {
            let products = points[row].iter().zip(&cosines[wave]).map(|(p, c)| p * c);
            products.sum()
        })
    });
    let wave = |(wave, down): (usize, usize)| {
        let products = across
            .iter()
            .zip(&cosines[down])
            .map(|(row, c)| row[wave] * c);
        // waves along one side only would weigh twice as much
        products.sum::<f32>() * if wave == 0 || down == 0 { 0.7 } else { 1.0 }
    };
    let waves = ORDER.map(wave);
    let length = waves.iter().map(|w| w * w).sum::<f32>().sqrt().max(1e-3);
    waves.map(|wave| (wave / length * 127.0).round() as i8)
}
