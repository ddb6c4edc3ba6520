//! The little numerical toolbox of the ranking: logarithm, exponential, the normal distribution, and a stream of normal draws.
//!
//! The standard library's `ln` and `exp` may differ in their last bit from one platform to the next, and a last bit can move
//! a draw across a rank. Everything here uses only `+ - × ÷ √`, which IEEE 754 fixes to the bit, so a table that was computed on
//! one machine is the same on every other. Not here: anything that knows what a location is.

use std::f64::consts::{LN_2, SQRT_2};
use std::sync::LazyLock;

/// The 95 % point of the standard normal: between its negative and itself lie 90 %.
pub const Z95: f64 = 1.644_853_626_951_472_7;

/// Natural logarithm of a positive normal number, to about 1e-15.
///
/// `x = 2^e · m` with `m` in `[√½, √2)`, then `ln m = 2 artanh((m-1)/(m+1))` as its power series.
pub fn ln(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i32 - 1023;
    let mut m = f64::from_bits(bits & MANTISSA | 1023 << 52);
    if m >= SQRT_2 {
        m /= 2.0;
        exponent += 1;
    }
    let t = (m - 1.0) / (m + 1.0);
    let series = (0..=11)
        .rev()
        .fold(0.0, |sum, k| sum * t * t + 1.0 / f64::from(2 * k + 1));
    f64::from(exponent) * LN_2 + 2.0 * t * series
}

/// `e^x` for `x ≤ 0`, to 1e-13 of its size; 0 below -700.
pub fn exp_of_negative(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let halvings = (x / LN_2).round();
    let rest = x - halvings * LN_2;
    let series = (1..=14)
        .rev()
        .fold(1.0, |sum, k| 1.0 + sum * rest / f64::from(k));
    series * f64::from_bits(((1023 + halvings as i64) as u64) << 52)
}

/// The probability that a standard normal is at most `z`, to 7.5e-8.
///
/// Abramowitz and Stegun, Handbook of Mathematical Functions (1964), formula 26.2.17.
pub fn normal_cdf(z: f64) -> f64 {
    const P: f64 = 0.231_641_9;
    const B: [f64; 5] = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    const ONE_OVER_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
    let t = 1.0 / (1.0 + P * z.abs());
    let polynomial = B.iter().rev().fold(0.0, |sum, b| (sum + b) * t);
    let tail = ONE_OVER_SQRT_TAU * exp_of_negative(-z * z / 2.0) * polynomial;
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The `z` below which a standard normal falls with probability `p`, to 1 part in 10⁷; for `p` in 1e-11 … 1 - 1e-11.
///
/// Wichura, Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37 (1988), routine PPND7.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        let above =
            ((59.109_374_720 * r + 159.291_132_02) * r + 50.434_271_938) * r + 3.387_132_717_9;
        let below = ((67.187_563_600 * r + 78.757_757_664) * r + 17.895_169_469) * r + 1.0;
        return q * above / below;
    }
    let r = (-ln(p.min(1.0 - p))).sqrt() - 1.6;
    let above =
        ((0.170_238_211_03 * r + 1.306_728_481_6) * r + 2.756_815_390_0) * r + 1.423_437_277_7;
    let below = (0.120_211_329_75 * r + 0.737_001_642_50) * r + 1.0;
    (above / below).copysign(q)
}

/// How much wider a 90 % interval must be when the spread was itself estimated with `df` degrees of freedom: `t95(df) / z95`.
///
/// Exact for 1, 2 and 3; above, the expansion of Abramowitz and Stegun 26.7.5, to 0.2 %.
pub fn t_over_z(df: f64) -> f64 {
    if df <= 3.0 {
        let exact = if df <= 1.0 {
            6.313_752
        } else if df <= 2.0 {
            2.919_986
        } else {
            2.353_363
        };
        return exact / Z95;
    }
    let z2 = Z95 * Z95;
    let g1 = (z2 + 1.0) / 4.0;
    let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    1.0 + (g1 + (g2 + g3 / df) / df) / df
}

/// An endless stream of standard normal draws, the same for the same seed.
///
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) gives 64 bits at a time; each 16 of them pick one of 65 536 equally likely
/// normal values, the middles of as many slices.
pub struct Normals {
    state: u64,
}

static VALUES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let middle = |slice: u32| normal_quantile((f64::from(slice) + 0.5) / 65_536.0) as f32;
    (0..65_536).map(middle).collect()
});

impl Normals {
    /// No draw is further from 0.
    pub const MAX: f64 = 4.4;

    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Fills `noise` with independent draws.
    pub fn fill(&mut self, noise: &mut [f32]) {
        let values = VALUES.as_slice();
        for four in noise.chunks_mut(4) {
            let mut bits = self.next_bits();
            for z in four {
                *z = values[usize::from(bits as u16)];
                bits >>= 16;
            }
        }
    }

    fn next_bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.state ^ self.state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_exponential_agree_with_the_standard_library() {
        for x in [
            1e-300,
            1e-7,
            0.3,
            0.999_999,
            1.0,
            1.5,
            std::f64::consts::E,
            80.0,
            1e17,
            1e250,
        ] {
            assert!(
                (ln(x) - x.ln()).abs() <= 1e-15 * x.ln().abs().max(1.0),
                "ln {x}"
            );
        }
        for x in [0.0, -1e-9, -0.3, -0.35, -1.0, -20.0, -300.0, -699.0] {
            assert!(
                (exp_of_negative(x) / x.exp() - 1.0).abs() < 1e-13,
                "exp {x}"
            );
        }
        assert_eq!(exp_of_negative(-1e9), 0.0);
    }

    /// Values from the tables of Abramowitz and Stegun, 26.1 and 26.5.
    #[test]
    fn normal_distribution_agrees_with_printed_tables() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746),
            (1.96, 0.975_002_105),
            (-2.5, 0.006_209_665),
        ] {
            assert!((normal_cdf(z) - p).abs() < 1e-7);
            assert!((normal_quantile(p) - z).abs() < 1e-6);
        }
        assert!((normal_quantile(0.95) - Z95).abs() < 1e-6);
        assert!((normal_quantile(1e-5) + 4.264_890_794).abs() < 1e-6);
    }

    /// Student's t, 95 % points, from any printed table.
    #[test]
    fn small_samples_widen_the_interval_as_student_says() {
        for (df, t95) in [
            (1.0, 6.314),
            (2.0, 2.920),
            (3.0, 2.353),
            (4.0, 2.132),
            (10.0, 1.812),
            (30.0, 1.697),
            (1e6, 1.645),
        ] {
            assert!((t_over_z(df) * Z95 / t95 - 1.0).abs() < 2e-3, "df {df}");
        }
    }

    #[test]
    fn draws_are_standard_normal_and_repeatable() {
        let mut noise = vec![0.0; 200_001];
        Normals::new(7).fill(&mut noise);
        let n = noise.len() as f64;
        let mean = noise.iter().map(|&z| f64::from(z)).sum::<f64>() / n;
        let square = noise.iter().map(|&z| f64::from(z * z)).sum::<f64>() / n;
        let within = noise.iter().filter(|z| f64::from(z.abs()) < Z95).count() as f64 / n;
        let neighbours = noise
            .windows(2)
            .map(|z| f64::from(z[0] * z[1]))
            .sum::<f64>()
            / n;
        assert!(
            mean.abs() < 0.01
                && (square - 1.0).abs() < 0.01
                && (within - 0.9).abs() < 0.003
                && neighbours.abs() < 0.01
        );

        let mut again = vec![0.0; 200_001];
        Normals::new(7).fill(&mut again);
        assert_eq!(noise, again);
        Normals::new(8).fill(&mut again);
        assert_ne!(noise, again);
    }
}
