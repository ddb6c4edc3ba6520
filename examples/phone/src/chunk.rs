//! How much of a photo is sent at a time: a chunk should just fit between two cuts of a bad line.

use std::time::Duration;

use bytes::Bytes;

const FIRST_BYTES: usize = 256 * 1024;
const SMALLEST_BYTES: usize = 16 * 1024;
const LARGEST_BYTES: usize = 4 * 1024 * 1024;
/// A chunk that took no longer than this might as well have been twice as large.
const QUICK: Duration = Duration::from_secs(2);

/// Learns from each chunk. Belongs to a phone, not to a photo: the line is the same for the next.
#[derive(Clone, Debug)]
pub struct Pace {
    chunk_bytes: usize,
    /// What the server takes at most.
    most_bytes: usize,
    line_is_cut: bool,
    line_damages: bool,
}

impl Pace {
    /// `chunk_bytes_max` is the server's limit.
    pub fn new(chunk_bytes_max: u64) -> Self {
        let mut pace = Self {
            chunk_bytes: FIRST_BYTES,
            most_bytes: LARGEST_BYTES,
            line_is_cut: false,
            line_damages: false,
        };
        pace.limit(chunk_bytes_max);
        pace
    }

    /// The server's limit is another than was thought. What was learned of the line stays.
    pub fn limit(&mut self, chunk_bytes_max: u64) {
        self.most_bytes = usize::try_from(chunk_bytes_max)
            .unwrap_or(LARGEST_BYTES)
            .clamp(1, LARGEST_BYTES);
        self.chunk_bytes = self.chunk_bytes.min(self.most_bytes);
    }

    /// The next chunk from `at`.
    pub fn chunk(&self, photo: &Bytes, at: u64) -> Bytes {
        let from = usize::try_from(at).unwrap_or(usize::MAX).min(photo.len());
        photo.slice(from..photo.len().min(from + self.chunk_bytes))
    }

    /// Whether the next chunk carries a checksum. With one, it is taken as a whole or not at all; without, the server
    /// keeps what has come when the line breaks in the middle. So none on a line that is cut, unless it damages what it
    /// carries, too.
    pub fn is_checked(&self) -> bool {
        self.line_damages || !self.line_is_cut
    }

    pub fn went_well(&mut self, took: Duration) {
        if took <= QUICK {
            self.chunk_bytes = (self.chunk_bytes * 2).min(self.most_bytes);
            // As large as at the beginning again: the line holds.
            self.line_is_cut &= self.chunk_bytes < FIRST_BYTES.min(self.most_bytes);
        }
    }

    pub fn was_cut(&mut self) {
        self.chunk_bytes = (self.chunk_bytes / 2)
            .max(SMALLEST_BYTES)
            .min(self.most_bytes);
        self.line_is_cut = true;
    }

    /// From now on every chunk is checked when it arrives, so that no whole photo is sent in vain again.
    pub fn was_damaged(&mut self) {
        self.line_damages = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 5 * 1024 * 1024;

    fn sizes(pace: &mut Pace, times: usize, event: impl Fn(&mut Pace)) -> Vec<usize> {
        let photo = Bytes::from(vec![0; 6 * 1024 * 1024]);
        let sizes = (0..times).map(|_| {
            event(pace);
            pace.chunk(&photo, 0).len() / 1024
        });
        sizes.collect()
    }

    #[test]
    fn shrinks_with_cuts_and_grows_with_quick_successes() {
        let mut pace = Pace::new(LIMIT);
        assert_eq!(sizes(&mut pace, 5, Pace::was_cut), [128, 64, 32, 16, 16]);
        assert!(!pace.is_checked());
        let slow = sizes(&mut pace, 2, |pace| pace.went_well(QUICK * 2));
        assert_eq!(slow, [16, 16]);
        let quick = sizes(&mut pace, 9, |pace| pace.went_well(QUICK));
        assert_eq!(quick, [32, 64, 128, 256, 512, 1024, 2048, 4096, 4096]);
        assert!(pace.is_checked());
    }

    #[test]
    fn a_line_that_damages_is_checked_even_when_it_is_cut() {
        let mut pace = Pace::new(LIMIT);
        pace.was_damaged();
        pace.was_cut();
        assert!(pace.is_checked());
    }

    #[test]
    fn what_was_learned_of_the_line_outlives_a_new_hello() {
        let mut pace = Pace::new(LIMIT);
        pace.was_cut();
        pace.limit(LIMIT);
        assert_eq!(sizes(&mut pace, 1, |_| ()), [128]);
        assert!(!pace.is_checked());
        pace.limit(10 * 1024);
        assert_eq!(sizes(&mut pace, 1, |_| ()), [10]);
    }

    #[test]
    fn no_chunk_is_larger_than_the_server_takes() {
        let mut pace = Pace::new(10 * 1024);
        let all = sizes(&mut pace, 3, |pace| pace.went_well(QUICK));
        assert_eq!(all, [10, 10, 10]);
        assert_eq!(sizes(&mut pace, 1, Pace::was_cut), [10]);
        assert_eq!(pace.chunk(&Bytes::from(vec![0; 100]), 90).len(), 10);
    }
}
