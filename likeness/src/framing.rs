//! How one photo must be laid on another so that most of their features meet.

use super::{Feature, Turn, likeness};

/// Features whose surroundings are less alike are not taken for the same thing.
const LIKENESS_MIN: f32 = 0.8;
/// Farther from where it should be (of the longer side), a feature does not meet the other.
const OFF_MAX: f32 = 0.025;
/// By how much a size may be off: the natural logarithm of the ratio.
const SIZE_OFF_MAX: f32 = 0.3;
/// How much larger or smaller things may be than in the other photo, of the longer sides.
const SCALES: std::ops::Range<f32> = 0.5..2.0;
/// Pairs of features that are looked at; photos with nothing but the same small thing all over have hundreds.
const MATCHES_MAX: usize = 80;

/// Points of one photo as points of another, in fractions of the longer sides. The one is turned within a square whose sides
/// are its longer one: how long the other is matters only to who lays one on the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    pub turn: Turn,
    pub scale: (f32, f32),
    pub shift: (f32, f32),
    /// Features that meet.
    pub meet: usize,
}

struct Match {
    one: usize,
    other: usize,
    from: (f32, f32),
    to: (f32, f32),
    scale: f32,
}

/// The way to lay one photo, turned by `turn`, on another so that most of its features meet the other's.
pub fn framing(one: &[Feature], turn: Turn, other: &[Feature]) -> Framing {
    let matches = matches(one, turn, other);
    let mut best = Framing {
        turn,
        scale: (1.0, 1.0),
        shift: (0.0, 0.0),
        meet: 0,
    };
    let mut hold = |scale: f32, shift: (f32, f32)| {
        let meet = meeting(&matches, scale, shift);
        if meet > best.meet {
            best = Framing {
                scale: (scale, scale),
                shift,
                meet,
                ..best
            };
        }
    };
    for (at, a) in matches.iter().enumerate() {
        hold(a.scale, shift(a.scale, a.from, a.to));
        for b in &matches[at + 1..] {
            let apart = (a.from.0 - b.from.0).abs() + (a.from.1 - b.from.1).abs();
            if apart < 0.1 {
                continue;
            }
            let scale = ((a.to.0 - b.to.0).abs() + (a.to.1 - b.to.1).abs()) / apart;
            if SCALES.contains(&scale) {
                let middle = |one: (f32, f32), other: (f32, f32)| {
                    (f32::midpoint(one.0, other.0), f32::midpoint(one.1, other.1))
                };
                let (from, to) = (middle(a.from, b.from), middle(a.to, b.to));
                hold(scale, shift(scale, from, to));
            }
        }
    }
    best
}

fn shift(scale: f32, from: (f32, f32), to: (f32, f32)) -> (f32, f32) {
    (to.0 - scale * from.0, to.1 - scale * from.1)
}

fn matches(one: &[Feature], turn: Turn, other: &[Feature]) -> Vec<Match> {
    let mut found = Vec::new();
    for (at, feature) in one.iter().enumerate() {
        let waves = turn.of_waves(&feature.waves);
        let from = turn.of_point((feature.x, feature.y), (1.0, 1.0));
        for (other_at, there) in other.iter().enumerate() {
            let scale = there.size / feature.size.max(f32::EPSILON);
            if there.is_light == feature.is_light
                && SCALES.contains(&scale)
                && likeness(&waves, &there.waves) > LIKENESS_MIN
            {
                found.push(Match {
                    one: at,
                    other: other_at,
                    from,
                    to: (there.x, there.y),
                    scale,
                });
            }
        }
    }
    found.truncate(MATCHES_MAX);
    found
}

/// How many features meet, each counted once.
fn meeting(matches: &[Match], scale: f32, shift: (f32, f32)) -> usize {
    let (mut ones, mut others) = (0u32, 0u32);
    for found in matches {
        let off = (scale * found.from.0 + shift.0 - found.to.0)
            .abs()
            .max((scale * found.from.1 + shift.1 - found.to.1).abs());
        let (one, other) = (1u32 << found.one, 1u32 << found.other);
        if off < OFF_MAX
            && (found.scale / scale).ln().abs() < SIZE_OFF_MAX
            && ones & one == 0
            && others & other == 0
        {
            ones |= one;
            others |= other;
        }
    }
    ones.count_ones() as usize
}
