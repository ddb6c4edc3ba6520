//! A list of small numbers, read as one decision after the other.
//!
//! Whatever is built from decisions keeps the rules by construction, and 0 is always the simplest decision: so proptest
//! shrinks what was built by shortening the list and lowering its numbers. Not here: what is decided.

use std::slice::Iter;

/// 0 for ever when the list is at its end.
pub struct Choices<'c>(Iter<'c, u16>);

impl<'c> Choices<'c> {
    pub fn new(numbers: &'c [u16]) -> Self {
        Self(numbers.iter())
    }

    /// From 0 to `count - 1`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count.max(1)
    }

    /// True once in `count` times, and never without a number.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// Near 0 as a rule, and at times anywhere between the two, or at an end.
    pub fn integer(&mut self, least: i64, most: i64) -> i64 {
        let number = match self.below(8) {
            0..=3 => i64::try_from(self.below(12)).unwrap_or(0),
            4 => -i64::try_from(self.below(12)).unwrap_or(0),
            5 => {
                let wide = (0..4).fold(0_u64, |wide, _| wide << 16 | self.below(1 << 16) as u64);
                let width = most.abs_diff(least).saturating_add(1);
                least.saturating_add_unsigned(wide % width)
            }
            6 => least,
            _ => most,
        };
        number.clamp(least, most)
    }

    /// How many: few as a rule, `most` once in a while.
    pub fn count(&mut self, few: usize, most: usize) -> usize {
        if self.one_in(200) {
            most
        } else {
            self.below(few.min(most) + 1)
        }
    }
}
