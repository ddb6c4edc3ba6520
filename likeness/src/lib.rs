//! What stands out in a photo, whether two photos show the same things in the same places, and whether they are the same in
//! every corner: how a copy is found that was turned, mirrored or cropped.
//!
//! A photo has at most [`FEATURES_MAX`] features: blobs that are lighter or darker than what is around them, each with its
//! place, its size and the 35 slowest waves of its surroundings. The signs of the waves make a key, and features of the
//! same thing in two photos mostly stand under the same key. A turn moves waves and changes signs, no more: so the features
//! of all eight turns of a photo are known without looking at it again.
//!
//! A crate of its own, because it is optimised in builds for development too. Not here: files and colours, where keys are kept,
//! what a copy means.

mod alignment;
mod blobs;
mod framing;
mod grey;
mod turn;

pub use alignment::copied;
pub use blobs::{LONGER_PX, features};
pub use framing::{Framing, framing};
pub use grey::Grey;
pub use turn::{Turn, Turned};

/// More cost more rows of the index for each photo, and find few copies more.
pub const FEATURES_MAX: usize = 24;

/// Waves with `across + down` from 1 to this.
const WAVES_SLOWEST: usize = 7;
pub const WAVES: usize = 35;

/// Signs that may have changed: those of the weakest waves. Each doubles the keys that are asked for.
const UNSURE: u32 = 3;

/// Waves across and down, in the order in which a feature has them.
pub const ORDER: [(usize, usize); WAVES] = {
    let mut order = [(0, 0); WAVES];
    let (mut at, mut sum) = (0, 1);
    while sum <= WAVES_SLOWEST {
        let mut across = 0;
        while across <= sum {
            order[at] = (across, sum - across);
            at += 1;
            across += 1;
        }
        sum += 1;
    }
    order
};

/// Something that stands out. Lengths are fractions of the photo's longer side.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    /// Lighter than what is around it.
    pub is_light: bool,
    /// Its surroundings; their common scale means nothing.
    pub waves: [i8; WAVES],
}

const BYTES: usize = 7 + WAVES;

impl Feature {
    /// The key under which it stands in the index: 36 bits.
    pub fn key(&self) -> i64 {
        key(self.is_light, &self.waves)
    }

    /// Keys under which the same thing may stand in a photo from which this one was made by `turn`'s opposite.
    pub fn probes(&self, turn: Turn) -> impl Iterator<Item = i64> {
        let waves = turn.of_waves(&self.waves);
        let key = key(self.is_light, &waves);
        let mut weakest: Vec<usize> = (0..WAVES).collect();
        weakest.sort_by_key(|at| waves[*at].unsigned_abs());
        (0..1u32 << UNSURE).map(move |some| {
            (0..UNSURE)
                .filter(|bit| some >> bit & 1 == 1)
                .fold(key, |key, bit| {
                    key ^ (1 << (WAVES - 1 - weakest[bit as usize]))
                })
        })
    }
}

fn key(is_light: bool, waves: &[i8; WAVES]) -> i64 {
    waves.iter().fold(i64::from(is_light), |key, wave| {
        key << 1 | i64::from(*wave > 0)
    })
}

/// For a column: 42 bytes each.
pub fn to_column(features: &[Feature]) -> Vec<u8> {
    let mut column = Vec::with_capacity(features.len() * BYTES);
    for feature in features {
        for length in [feature.x, feature.y, feature.size] {
            let length = (length.clamp(0.0, 1.0) * 65535.0).round() as u16;
            column.extend(length.to_be_bytes());
        }
        column.push(u8::from(feature.is_light));
        column.extend(feature.waves.map(i8::cast_unsigned));
    }
    column
}

/// As a column keeps them; nothing where that is no whole number of features.
pub fn from_column(column: &[u8]) -> Option<Vec<Feature>> {
    let (features, []) = column.as_chunks::<BYTES>() else {
        return None;
    };
    let feature = |bytes: &[u8; BYTES]| {
        let length =
            |at: usize| f32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]])) / 65535.0;
        Feature {
            x: length(0),
            y: length(2),
            size: length(4),
            is_light: bytes[6] == 1,
            waves: std::array::from_fn(|at| bytes[7 + at].cast_signed()),
        }
    };
    Some(features.iter().map(feature).collect())
}

/// From -1 to 1: how much the surroundings of two features are alike.
fn likeness(one: &[i8; WAVES], other: &[i8; WAVES]) -> f32 {
    let (mut both, mut left, mut right) = (0i32, 0i32, 0i32);
    for (a, b) in one.iter().zip(other) {
        let (a, b) = (i32::from(*a), i32::from(*b));
        both += a * b;
        left += a * a;
        right += b * b;
    }
    both as f32 / (left as f32 * right as f32).sqrt().max(1.0)
}

#[cfg(test)]
mod tests;
