//! Lays one picture on another as exactly as pixels allow, and says whether they show the same, part by part.
//!
//! Two receipts of one shop look alike at a glance, and differ in some corner; a copy is the same in every corner.
//! Not here: which pictures are worth it.

use super::Framing;
use super::grey::Grey;

/// Of how many parts a side what both show is made.
const PARTS: usize = 10;
/// A part with less to see (variance of levels) says nothing.
const VARIANCE_MIN: f32 = 30.0;
/// With fewer parts that say something the pictures are too plain to tell.
const PARTS_MIN: usize = 8;
/// How much the parts must be alike, all but the worst of twenty: copies that were written anew, shrunk to 0.6, cropped and
/// brightened have 0.96 and more, receipts of one shop at most 0.88.
const PART_MIN: f32 = 0.95;
/// At the first, coarse look pictures that are less alike are no copies.
const COARSE_MIN: f32 = 0.85;
/// Of one of the two, at least so much must be within the other: a copy shows nothing that its original does not.
const WITHIN_MIN: f32 = 0.985;
/// Both must show at least so much of the other.
const SHARE_MIN: f32 = 0.4;

/// `x` of the one picture is `scale.0 * x + shift.0` of the other, in fractions of the longer sides; `y` likewise.
#[derive(Clone, Copy)]
struct Laid {
    scale: (f32, f32),
    shift: (f32, f32),
}

/// What both show, in fractions of the one's longer side: left, top, right, bottom.
type Common = [f32; 4];

/// How much of the larger picture the smaller one shows, from 0 to 1, if one is a copy of the other or of part of it.
pub fn copied(one: &Grey, other: &Grey, framing: &Framing) -> Option<f32> {
    // the framing turns a photo within a square, of which it fills the longer side alone
    let in_square = framing.turn.of_point((0.0, 0.0), (1.0, 1.0));
    let in_place = framing.turn.of_point((0.0, 0.0), one.sides());
    let one = pyramid(&one.turned(framing.turn));
    let other = pyramid(other);
    let mut laid = Laid {
        scale: framing.scale,
        shift: (
            framing.shift.0 + framing.scale.0 * (in_square.0 - in_place.0),
            framing.shift.1 + framing.scale.1 * (in_square.1 - in_place.1),
        ),
    };
    // from coarse to fine: points a side, and steps
    let looks = [(32, 8), (40, 5), (64, 4), (96, 3)];
    for (level, (points, steps)) in looks.into_iter().enumerate() {
        let (one, other) = (&one[3 - level], &other[3 - level]);
        for _ in 0..steps {
            laid = closer(one, other, laid, points)?;
        }
        if level == 1 {
            let (left, right) = samples(one, other, laid, (points, points))?;
            if correlation(&left, &right) < COARSE_MIN {
                return None;
            }
        }
    }
    let [left, top, right, bottom] = common(&one[0], &other[0], laid)?;
    let area = (right - left) * (bottom - top);
    let sides = |of: &Grey| of.sides().0 * of.sides().1;
    let of_one = area / sides(&one[0]);
    let of_other = area * laid.scale.0 * laid.scale.1 / sides(&other[0]);
    let (within, share) = (of_one.max(of_other), of_one.min(of_other));
    (within >= WITHIN_MIN && share >= SHARE_MIN && is_same_everywhere(&one[0], &other[0], laid)?)
        .then_some(share.min(1.0))
}

/// The picture, and halved three times.
fn pyramid(picture: &Grey) -> [Grey; 4] {
    let half = picture.halved();
    let quarter = half.halved();
    let eighth = quarter.halved();
    [picture.clone(), half, quarter, eighth]
}

fn common(one: &Grey, other: &Grey, laid: Laid) -> Option<Common> {
    let within = |side: f32, other: f32, scale: f32, shift: f32| {
        let (from, to) = (
            (-shift / scale).max(0.0),
            ((other - shift) / scale).min(side),
        );
        (to - from > 0.3 * side).then_some((from, to))
    };
    let ((width, height), (far, deep)) = (one.sides(), other.sides());
    let (left, right) = within(width, far, laid.scale.0, laid.shift.0)?;
    let (top, bottom) = within(height, deep, laid.scale.1, laid.shift.1)?;
    Some([left, top, right, bottom])
}

/// Middles of `count` parts of the stretch.
fn middles(from: f32, to: f32, count: usize) -> impl Iterator<Item = f32> {
    (0..count).map(move |at| from + (to - from) * (at as f32 + 0.5) / count as f32)
}

/// The levels of both pictures at the same points of what both show, row by row.
fn samples(
    one: &Grey,
    other: &Grey,
    laid: Laid,
    (columns, rows): (usize, usize),
) -> Option<(Vec<f32>, Vec<f32>)> {
    let [left, top, right, bottom] = common(one, other, laid)?;
    let (near, far) = (one.longer_px(), other.longer_px());
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for y in middles(top, bottom, rows) {
        let there_y = (laid.scale.1 * y + laid.shift.1) * far - 0.5;
        for x in middles(left, right, columns) {
            let there_x = (laid.scale.0 * x + laid.shift.0) * far - 0.5;
            ones.push(one.at(x * near - 0.5, y * near - 0.5));
            others.push(other.at(there_x, there_y));
        }
    }
    Some((ones, others))
}

/// One step closer (Gauss and Newton): the change of scale and shift that best explains, beside a change of brightness and
/// contrast, where the pictures differ.
fn closer(one: &Grey, other: &Grey, laid: Laid, points: usize) -> Option<Laid> {
    const UNKNOWN: usize = 6;
    let [left, top, right, bottom] = common(one, other, laid)?;
    let (near, far) = (one.longer_px(), other.longer_px());
    let mut sums = [[0f64; UNKNOWN + 1]; UNKNOWN];
    for y in middles(top, bottom, points) {
        let there_y = (laid.scale.1 * y + laid.shift.1) * far - 0.5;
        for x in middles(left, right, points) {
            let there_x = (laid.scale.0 * x + laid.shift.0) * far - 0.5;
            let slope_x =
                (other.at(there_x + 1.0, there_y) - other.at(there_x - 1.0, there_y)) / 2.0 * far;
            let slope_y =
                (other.at(there_x, there_y + 1.0) - other.at(there_x, there_y - 1.0)) / 2.0 * far;
            let row = [
                -slope_x * x,
                -slope_x,
                -slope_y * y,
                -slope_y,
                one.at(x * near - 0.5, y * near - 0.5),
                1.0,
                other.at(there_x, there_y),
            ]
            .map(f64::from);
            for (at, sum) in sums.iter_mut().enumerate() {
                for (to, value) in sum.iter_mut().enumerate() {
                    *value += row[at] * row[to];
                }
            }
        }
    }
    let [scale_x, shift_x, scale_y, shift_y, ..] = solved(sums)?.map(|value| value as f32);
    let laid = Laid {
        scale: (laid.scale.0 + scale_x, laid.scale.1 + scale_y),
        shift: (laid.shift.0 + shift_x, laid.shift.1 + shift_y),
    };
    let is_sane = |scale: f32| (0.3..3.0).contains(&scale);
    (is_sane(laid.scale.0) && is_sane(laid.scale.1)).then_some(laid)
}

/// The solution of linear equations, the right side last in each row; nothing when there is none to tell.
fn solved<const COUNT: usize, const WIDE: usize>(
    mut rows: [[f64; WIDE]; COUNT],
) -> Option<[f64; COUNT]> {
    for at in 0..COUNT {
        let size = |row: &[f64; WIDE]| row[at].abs();
        let largest = (at..COUNT).max_by(|a, b| size(&rows[*a]).total_cmp(&size(&rows[*b])))?;
        rows.swap(at, largest);
        if rows[at][at].abs() < 1e-9 {
            return None;
        }
        let pivot = rows[at];
        for (other, row) in rows.iter_mut().enumerate() {
            if other != at {
                let factor = row[at] / pivot[at];
                for (value, above) in row.iter_mut().zip(pivot) {
                    *value -= factor * above;
                }
            }
        }
    }
    Some(std::array::from_fn(|at| rows[at][COUNT] / rows[at][at]))
}

fn is_same_everywhere(one: &Grey, other: &Grey, laid: Laid) -> Option<bool> {
    let [left, top, right, bottom] = common(one, other, laid)?;
    // as many points as the coarser of the two has pixels
    let finest = one.longer_px().min(other.longer_px() * laid.scale.0);
    let columns = (((right - left) * finest) as usize).max(4 * PARTS);
    let rows = (((bottom - top) * finest) as usize).max(4 * PARTS);
    let (ones, others) = samples(one, other, laid, (columns, rows))?;
    let (ones, others) = (details(ones, columns), details(others, columns));
    let mut alike = Vec::new();
    for row in 0..PARTS {
        for column in 0..PARTS {
            let part = |of: &[f32]| -> Vec<f32> {
                (row * rows / PARTS..(row + 1) * rows / PARTS)
                    .flat_map(|y| {
                        let (from, to) = (column * columns / PARTS, (column + 1) * columns / PARTS);
                        of[y * columns + from..y * columns + to].iter().copied()
                    })
                    .collect()
            };
            let (ones, others) = (part(&ones), part(&others));
            if variance(&ones).max(variance(&others)) >= VARIANCE_MIN {
                alike.push(correlation(&ones, &others));
            }
        }
    }
    alike.sort_by(f32::total_cmp);
    Some(alike.len() >= PARTS_MIN && alike[alike.len() / 20] >= PART_MIN)
}

/// What is left of the levels without slow changes of light and without the noise of single pixels.
fn details(levels: Vec<f32>, width_px: usize) -> Vec<f32> {
    let height_px = levels.len() / width_px;
    let picture = Grey {
        width_px,
        height_px,
        levels,
    };
    let fine = picture.blurred(0.8);
    // the slow changes, from a quarter of the pixels: a wide blur of all of them takes long
    let slow = picture.halved().halved().blurred(2.0);
    let level = |at: usize| {
        let (x, y) = ((at % width_px) as f32, (at / width_px) as f32);
        fine.levels[at] - slow.at((x - 1.5) / 4.0, (y - 1.5) / 4.0)
    };
    (0..fine.levels.len()).map(level).collect()
}

fn mean(of: &[f32]) -> f32 {
    of.iter().sum::<f32>() / of.len() as f32
}

fn variance(of: &[f32]) -> f32 {
    let mean = mean(of);
    of.iter().map(|level| (level - mean).powi(2)).sum::<f32>() / of.len() as f32
}

/// From -1 to 1, whatever brightness and contrast are.
fn correlation(ones: &[f32], others: &[f32]) -> f32 {
    let (mean, other_mean) = (mean(ones), mean(others));
    let (mut both, mut left, mut right) = (0.0, 0.0, 0.0);
    for (one, other) in ones.iter().zip(others) {
        let (one, other) = (one - mean, other - other_mean);
        both += one * other;
        left += one * one;
        right += other * other;
    }
    both / (left * right).sqrt().max(1e-3)
}
