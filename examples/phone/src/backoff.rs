//! How long to wait after a round that failed. A value: the caller does the waiting, and brings the chance.

use std::time::Duration;

const FIRST_S: f64 = 2.0;
const LONGEST_S: f64 = 15.0 * 60.0;

/// Full jitter: anything from nothing up to a bound that doubles with each failure in a row, from 2 s to 15 min, so that
/// phones that lost the same server do not come back together. Never sooner than the server asked for.
/// `random` is from 0 up to 1.
pub fn backoff(failures_in_a_row: u32, random: f64, retry_after: Duration) -> Duration {
    let doublings = failures_in_a_row.saturating_sub(1).min(30);
    let bound_s = (FIRST_S * 2_f64.powi(doublings.cast_signed())).min(LONGEST_S);
    Duration::from_secs_f64(bound_s * random.clamp(0.0, 1.0)).max(retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_a_quarter_of_an_hour() {
        let bound = |failures| backoff(failures, 1.0, Duration::ZERO).as_secs();
        assert_eq!([1, 2, 3, 9, 10, 1_000].map(bound), [2, 4, 8, 512, 900, 900]);
        assert_eq!(backoff(5, 0.0, Duration::ZERO), Duration::ZERO);
        assert_eq!(backoff(1, 0.5, Duration::ZERO), Duration::from_secs(1));
    }

    #[test]
    fn comes_no_sooner_than_it_was_asked_to() {
        let asked = Duration::from_secs(5);
        assert_eq!(backoff(1, 0.1, asked), asked);
    }
}
