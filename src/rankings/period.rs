//! A run of days at the locations, both ends included.

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};

/// From one local day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Period {
    /// # Errors
    /// [`Error::Malformed`] when it ends before it begins.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self> {
        if to < from {
            return Err(Error::refused("to", "lies before from"));
        }
        Ok(Self { from, to })
    }

    /// The days up to and including `to`, `days` of them.
    pub fn ending(to: NaiveDate, days: u64) -> Self {
        let earlier = Days::new(days.saturating_sub(1));
        Self {
            from: to.checked_sub_days(earlier).unwrap_or(NaiveDate::MIN),
            to,
        }
    }

    /// The period of the same length that ends the day before; none at the beginning of time.
    pub fn previous(self) -> Option<Self> {
        let days = u64::try_from((self.to - self.from).num_days()).ok()? + 1;
        let to = self.from.pred_opt()?;
        Some(Self {
            from: self.from.checked_sub_days(Days::new(days))?,
            to,
        })
    }

    /// Both ends as they are written in a row's `local_day`.
    pub fn local_days(self) -> (String, String) {
        (self.from.to_string(), self.to.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_previous_period_is_as_long_and_ends_the_day_before() {
        let quarter = Period::new(day("2026-07-01"), day("2026-09-30")).unwrap();
        let before = quarter.previous().unwrap();
        assert_eq!(
            before.local_days(),
            ("2026-03-31".to_owned(), "2026-06-30".to_owned())
        );
        let one = Period::new(day("2026-03-01"), day("2026-03-01")).unwrap();
        assert_eq!(
            one.previous().unwrap(),
            Period::new(day("2026-02-28"), day("2026-02-28")).unwrap()
        );
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        assert!(Period::new(day("2026-07-02"), day("2026-07-01")).is_err());
    }

    #[test]
    fn so_many_days_up_to_a_day() {
        let days = Period::ending(day("2026-03-02"), 3);
        assert_eq!(
            days,
            Period::new(day("2026-02-28"), day("2026-03-02")).unwrap()
        );
        assert_eq!(
            Period::ending(day("2026-03-02"), 1).local_days().0,
            "2026-03-02"
        );
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        let all = Period::new(NaiveDate::MIN, NaiveDate::MAX).unwrap();
        assert_eq!(all.previous(), None);
        assert_eq!(
            Period::ending(NaiveDate::MIN, 90),
            Period {
                from: NaiveDate::MIN,
                to: NaiveDate::MIN
            }
        );
    }
}
