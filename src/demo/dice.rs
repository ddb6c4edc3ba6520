//! The chance in the demo's past: the same numbers on every machine and with every release of a library.
//!
//! Not for secrets, and not for anything but the demo.

/// SplitMix64: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (OOPSLA 2014), figure 17.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of their own for `place` and `turn`, so that one more visit somewhere changes none elsewhere.
    pub fn of(place: usize, turn: usize) -> Self {
        let mut dice = Self(((place as u64) << 32) | turn as u64);
        Self(dice.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that happens with `probability`.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from `least` to `most`, both included; `least` when they are the wrong way round.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let count = most.abs_diff(least).saturating_add(1);
        if most < least {
            least
        } else {
            least.saturating_add_unsigned(self.next() % count)
        }
    }

    /// One of `all`; `None` when there is none.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.between(0, all.len() as i64 - 1) as usize)
    }

    /// About normal, mean 0, standard deviation 1: twelve uniforms have variance 1 together.
    pub fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_the_published_generator() {
        // The first outputs for the seed 1234567, as reference implementations give them.
        let mut dice = Dice(1_234_567);
        let first = [dice.next(), dice.next(), dice.next()];
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn stay_within_their_bounds_and_reach_them() {
        let mut dice = Dice::of(3, 4);
        let thrown: Vec<i64> = (0..200).map(|_| dice.between(-1, 2)).collect();
        assert_eq!(thrown.iter().min(), Some(&-1));
        assert_eq!(thrown.iter().max(), Some(&2));
        assert_eq!(dice.between(5, 4), 5);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }

    #[test]
    fn are_about_normal() {
        let mut dice = Dice::of(1, 1);
        let noise: Vec<f64> = (0..4000).map(|_| dice.noise()).collect();
        let mean = noise.iter().sum::<f64>() / 4000.0;
        let variance = noise.iter().map(|x| x * x).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.06, "{mean}");
        assert!((variance - 1.0).abs() < 0.1, "{variance}");
    }
}
