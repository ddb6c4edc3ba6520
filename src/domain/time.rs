//! Times, kept apart by whose they are: the phone's, and the wall clock of a location.
//!
//! Not here: what time it is (`clock.rs`), and whether a phone's clock is to be believed.

use std::fmt;

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize, Serializer};

/// When something happened by the phone's clock, with the offset that the phone had then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct RecordedAt(pub DateTime<FixedOffset>);

impl RecordedAt {
    /// The instant it names, if the phone's clock was right: milliseconds since 1970-01-01 in UTC.
    pub fn timestamp_ms(self) -> i64 {
        self.0.timestamp_millis()
    }
}

/// RFC 3339 with the offset: `2026-11-22T13:05:00.250+01:00`.
impl fmt::Display for RecordedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }
}

impl Serialize for RecordedAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A window that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    #[error("the window closes before it opens, or at once")]
    Empty,
    #[error("the time zone does not know this time")]
    OutOfRange,
}

/// The instants between which a visit may take place, from the times on the wall of its location.
///
/// Where the clock is put forward over a time, that time means the first instant after; where it is put back and a time occurs
/// twice, the window is as wide as it can be read: it opens at the first and closes at the second.
///
/// # Errors
/// [`WindowError::Empty`] when nothing is left between the two.
pub fn window_instants(
    local_opens: NaiveDateTime,
    local_closes: NaiveDateTime,
    time_zone: Tz,
) -> Result<(DateTime<Utc>, DateTime<Utc>), WindowError> {
    let opens = match time_zone.from_local_datetime(&local_opens) {
        LocalResult::Single(only) | LocalResult::Ambiguous(only, _) => only,
        LocalResult::None => after_gap(local_opens, time_zone)?,
    };
    let closes = match time_zone.from_local_datetime(&local_closes) {
        LocalResult::Single(only) | LocalResult::Ambiguous(_, only) => only,
        LocalResult::None => after_gap(local_closes, time_zone)?,
    };
    if closes <= opens {
        return Err(WindowError::Empty);
    }
    Ok((opens.to_utc(), closes.to_utc()))
}

fn after_gap(local: NaiveDateTime, time_zone: Tz) -> Result<DateTime<Tz>, WindowError> {
    GapInfo::new(&local, &time_zone)
        .and_then(|gap| gap.end)
        .ok_or(WindowError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(opens: &str, closes: &str, zone: Tz) -> Result<(String, String), WindowError> {
        let local = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        window_instants(local(opens), local(closes), zone)
            .map(|(opens, closes)| (opens.to_rfc3339(), closes.to_rfc3339()))
    }

    fn instants(opens: &str, closes: &str) -> Result<(String, String), WindowError> {
        Ok((format!("{opens}+00:00"), format!("{closes}+00:00")))
    }

    #[test]
    fn belongs_to_the_location() {
        let (opens, closes) = ("2026-11-22T11:00:00", "2026-11-22T22:00:00");
        assert_eq!(
            window(opens, closes, Tz::Europe__Amsterdam),
            instants("2026-11-22T10:00:00", "2026-11-22T21:00:00")
        );
        assert_eq!(
            window(opens, closes, Tz::Asia__Tokyo),
            instants("2026-11-22T02:00:00", "2026-11-22T13:00:00")
        );
        assert_eq!(
            window(opens, closes, Tz::Asia__Kathmandu),
            instants("2026-11-22T05:15:00", "2026-11-22T16:15:00")
        );
    }

    #[test]
    fn across_a_change_of_clocks_a_day_has_23_or_25_hours() {
        let zone = Tz::Europe__Amsterdam;
        let spring = window("2026-03-28T12:00:00", "2026-03-29T12:00:00", zone);
        assert_eq!(
            spring,
            instants("2026-03-28T11:00:00", "2026-03-29T10:00:00")
        );
        let autumn = window("2026-10-24T12:00:00", "2026-10-25T12:00:00", zone);
        assert_eq!(
            autumn,
            instants("2026-10-24T10:00:00", "2026-10-25T11:00:00")
        );
    }

    #[test]
    fn a_time_that_is_skipped_means_the_first_instant_after() {
        // 02:00 to 03:00 does not exist on 29 March in Amsterdam; 03:00 there is 01:00 UTC.
        let zone = Tz::Europe__Amsterdam;
        let opening = window("2026-03-29T02:30:00", "2026-03-29T09:00:00", zone);
        assert_eq!(
            opening,
            instants("2026-03-29T01:00:00", "2026-03-29T07:00:00")
        );
        let closing = window("2026-03-29T00:00:00", "2026-03-29T02:00:00", zone);
        assert_eq!(
            closing,
            instants("2026-03-28T23:00:00", "2026-03-29T01:00:00")
        );
        assert_eq!(
            window("2026-03-29T02:10:00", "2026-03-29T02:50:00", zone),
            Err(WindowError::Empty)
        );
        // Lord Howe Island moves by half an hour: 02:00 to 02:30 is skipped on 4 October.
        let opening = window(
            "2026-10-04T02:10:00",
            "2026-10-04T12:00:00",
            Tz::Australia__Lord_Howe,
        );
        assert_eq!(
            opening,
            instants("2026-10-03T15:30:00", "2026-10-04T01:00:00")
        );
        // Samoa skipped the whole of 30 December 2011.
        let opening = window(
            "2011-12-30T09:00:00",
            "2011-12-31T09:00:00",
            Tz::Pacific__Apia,
        );
        assert_eq!(
            opening,
            instants("2011-12-30T10:00:00", "2011-12-30T19:00:00")
        );
    }

    #[test]
    fn a_time_that_occurs_twice_opens_at_the_first_and_closes_at_the_second() {
        // 02:00 to 03:00 occurs twice on 25 October in Amsterdam: from 00:00 UTC and from 01:00 UTC.
        let zone = Tz::Europe__Amsterdam;
        let both = window("2026-10-25T02:30:00", "2026-10-25T02:30:00", zone);
        assert_eq!(both, instants("2026-10-25T00:30:00", "2026-10-25T01:30:00"));
        let new_york = window(
            "2026-11-01T01:15:00",
            "2026-11-01T01:45:00",
            Tz::America__New_York,
        );
        assert_eq!(
            new_york,
            instants("2026-11-01T05:15:00", "2026-11-01T06:45:00")
        );
    }

    #[test]
    fn an_empty_window_is_refused() {
        let zone = Tz::UTC;
        assert_eq!(
            window("2026-11-22T11:00:00", "2026-11-22T11:00:00", zone),
            Err(WindowError::Empty)
        );
        assert_eq!(
            window("2026-11-22T12:00:00", "2026-11-22T11:00:00", zone),
            Err(WindowError::Empty)
        );
    }

    #[test]
    fn times_are_written_as_they_came() {
        for text in [
            "2026-11-22T13:05:00+01:00",
            "2026-11-22T13:05:00.250-03:30",
            "2026-11-22T13:05:00+00:00",
        ] {
            let quoted = format!("\"{text}\"");
            let time: RecordedAt = serde_json::from_str(&quoted).unwrap();
            assert_eq!(serde_json::to_string(&time).unwrap(), quoted);
        }
        let zulu: RecordedAt = serde_json::from_str("\"2026-11-22T13:05:00Z\"").unwrap();
        assert_eq!(zulu.timestamp_ms(), 1_795_352_700_000);
        assert!(serde_json::from_str::<RecordedAt>("\"2026-11-22T13:05:00\"").is_err());
    }
}
