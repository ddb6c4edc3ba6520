//! The past that is to be played: who was where, when, how it went, and what became of it.
//!
//! Pure: the same `now` gives the same plan. Not here: doing it (`history.rs`).

use anyhow::Context as _;
use chrono::{DateTime, Days, Duration, FixedOffset, NaiveDateTime, NaiveTime, Utc};

use super::answers::Levels;
use super::dice::Dice;
use super::places::{BRANDS, Brand, Place, Region, Shoppers};
use crate::domain::time::window_instants;

/// How far back the first visits lie.
const DAYS: i64 = 90;
/// Visits older than this have been decided on.
const SETTLED_DAYS: i64 = 4;
/// A standard deviation of a visit around what its location is really like.
const MOOD: f64 = 0.09;
/// Phones are a little off; this one is off by enough to be flagged.
const CLOCK_WRONG_MS: i64 = 412_000;

/// One of the demo's four shoppers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Demo,
    European,
    American,
    Pacific,
}

/// What became of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Approved { at: DateTime<Utc> },
    Returned { at: DateTime<Utc> },
    Waiting,
}

/// A visit of the past.
#[derive(Clone, Debug)]
pub struct Outing {
    /// Into the places of both brands, in order.
    pub place: usize,
    /// Which of the place's visits this is, from 0.
    pub turn: usize,
    pub who: Who,
    /// Local times.
    pub window: (NaiveDateTime, NaiveDateTime),
    pub arrived_at: NaiveDateTime,
    /// By a clock that is right, with the place's offset.
    pub started_at: DateTime<FixedOffset>,
    pub finished_at: DateTime<FixedOffset>,
    pub phone_ahead_ms: i64,
    pub assigned_at: DateTime<Utc>,
    pub handed_in_at: DateTime<Utc>,
    pub fate: Fate,
    pub levels: Levels,
}

/// The newest visit of some places has not been decided on, or was sent back: code, days ago, and what is odd about it.
const OPEN: [(&str, u64, Oddity); 7] = [
    ("SW-102", 1, Oddity::None),
    ("SW-103", 3, Oddity::SentBack),
    ("SW-201", 1, Oddity::None),
    ("SW-301", 2, Oddity::ClockWrong),
    ("SW-401", 3, Oddity::None),
    ("LH-12", 1, Oddity::None),
    ("LH-21", 2, Oddity::TooLate),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Oddity {
    None,
    SentBack,
    ClockWrong,
    TooLate,
}

/// Both brands' places, in order.
pub fn places() -> impl Iterator<Item = (&'static Brand, &'static Region, &'static Place)> {
    BRANDS.iter().flat_map(|brand| {
        brand
            .places()
            .map(move |(region, place)| (brand, region, place))
    })
}

/// Every visit of the three months before `now`, by place.
///
/// # Errors
/// When a table names a time that its zone does not know.
pub fn outings(now: DateTime<Utc>) -> anyhow::Result<Vec<Outing>> {
    let mut outings = Vec::new();
    for (at, (brand, region, place)) in places().enumerate() {
        for turn in 0..place.audits {
            let slot = Slot {
                at,
                turn,
                brand,
                region,
                place,
                dice: Dice::of(at, turn),
            };
            outings.push(slot.outing(now)?);
        }
    }
    Ok(outings)
}

struct Slot {
    at: usize,
    turn: usize,
    brand: &'static Brand,
    region: &'static Region,
    place: &'static Place,
    dice: Dice,
}

impl Slot {
    fn outing(mut self, now: DateTime<Utc>) -> anyhow::Result<Outing> {
        let open = OPEN
            .iter()
            .find(|(code, ..)| *code == self.place.code && self.turn + 1 == self.place.audits);
        // Evenly over the three months, give or take.
        let reached = (self.turn as f64 + 0.15 + 0.7 * self.dice.unit()) / self.place.audits as f64;
        let days_ago = match open {
            Some((_, days_ago, _)) => *days_ago,
            None => (DAYS - (reached * (DAYS - SETTLED_DAYS) as f64) as i64).unsigned_abs(),
        };
        let oddity = open.map_or(Oddity::None, |(_, _, oddity)| *oddity);
        let levels = self.levels(reached);
        let today = now.with_timezone(&self.place.time_zone).date_naive();
        let day = today
            .checked_sub_days(Days::new(days_ago))
            .context("a day before all days")?;
        let midnight = day.and_time(NaiveTime::MIN);
        let hours = |hours: u32| midnight + Duration::hours(hours.into());
        let spare =
            i64::from(self.brand.closes_h - self.brand.opens_h) * 60 - self.brand.visit_minutes;
        let arrived_at =
            hours(self.brand.opens_h) + Duration::minutes(self.dice.between(60, spare - 60));
        let took = Duration::minutes(self.brand.visit_minutes + self.dice.between(1, 12));
        let (started_at, finished_at) =
            window_instants(arrived_at, arrived_at + took, self.place.time_zone)?;
        let closes = match oddity {
            Oddity::TooLate => arrived_at + took / 2,
            _ => hours(self.brand.closes_h),
        };
        let line_is_slow = if open.is_some() { 40 } else { 200 };
        let handed_in_at = finished_at + Duration::minutes(self.dice.between(2, line_is_slow));
        let decided_at = handed_in_at + Duration::minutes(self.dice.between(20 * 60, 32 * 60));
        let local =
            |instant: DateTime<Utc>| instant.with_timezone(&self.place.time_zone).fixed_offset();
        Ok(Outing {
            place: self.at,
            turn: self.turn,
            who: if oddity == Oddity::SentBack {
                Who::Demo
            } else {
                self.who()
            },
            window: (hours(self.brand.opens_h), closes),
            arrived_at,
            started_at: local(started_at),
            finished_at: local(finished_at),
            phone_ahead_ms: match oddity {
                Oddity::ClockWrong => CLOCK_WRONG_MS,
                _ => self.dice.between(-1500, 1500),
            },
            assigned_at: started_at - Duration::minutes(self.dice.between(3 * 1440, 8 * 1440)),
            handed_in_at,
            fate: match (open, oddity) {
                (None, _) => Fate::Approved { at: decided_at },
                (Some(_), Oddity::SentBack) => Fate::Returned { at: decided_at },
                (Some(_), _) => Fate::Waiting,
            },
            levels,
        })
    }

    fn who(&self) -> Who {
        match self.region.shopper {
            Shoppers::Shared if self.turn.is_multiple_of(3) => Who::Demo,
            Shoppers::Shared | Shoppers::European => Who::European,
            Shoppers::American => Who::American,
            Shoppers::Pacific => Who::Pacific,
        }
    }

    /// What the place is really like by then, and how the day happened to be.
    fn levels(&mut self, reached: f64) -> Levels {
        let truth = self.place.truth;
        let risen = f64::from(truth.rise) * (reached - 0.5);
        let mut level = |percent: i32| {
            ((f64::from(percent) + risen) / 100.0 + MOOD * self.dice.noise()).clamp(0.05, 0.99)
        };
        Levels {
            service: level(truth.service),
            experience: level(truth.experience),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hours of several days, one with a change of clocks, so that every zone is at every time of its day.
    fn moments() -> impl Iterator<Item = DateTime<Utc>> {
        ["2026-03-29", "2026-11-22"].into_iter().flat_map(|day| {
            let midnight: DateTime<Utc> = format!("{day}T00:05:00Z").parse().unwrap();
            (0..24).map(move |hour| midnight + Duration::hours(hour))
        })
    }

    #[test]
    fn everything_has_happened_by_now_and_in_its_order() {
        for now in moments() {
            for outing in outings(now).unwrap() {
                let mut steps = vec![
                    outing.assigned_at,
                    outing.started_at.to_utc(),
                    outing.finished_at.to_utc(),
                ];
                steps.push(outing.handed_in_at);
                match outing.fate {
                    Fate::Approved { at } | Fate::Returned { at } => steps.push(at),
                    Fate::Waiting => {}
                }
                steps.push(now);
                assert!(steps.is_sorted(), "{now}: {outing:?}");
                assert!(now - outing.assigned_at < Duration::days(DAYS + 10));
            }
        }
    }

    #[test]
    fn six_wait_and_one_was_sent_back_to_the_demo_shopper() {
        let outings = outings("2026-11-22T12:00:00Z".parse().unwrap()).unwrap();
        let count = |wanted: fn(&Fate) -> bool| outings.iter().filter(|o| wanted(&o.fate)).count();
        assert_eq!(count(|fate| *fate == Fate::Waiting), 6);
        assert_eq!(count(|fate| matches!(fate, Fate::Returned { .. })), 1);
        let returned = outings
            .iter()
            .find(|o| matches!(o.fate, Fate::Returned { .. }))
            .unwrap();
        assert_eq!(returned.who, Who::Demo);
        assert!(
            outings
                .iter()
                .any(|o| o.fate == Fate::Waiting && o.who == Who::Demo)
        );
    }

    #[test]
    fn the_tables_hold_what_is_promised() {
        assert_eq!(places().count(), 24);
        let audits: Vec<usize> = places().map(|(_, _, place)| place.audits).collect();
        assert_eq!(
            (audits.iter().min(), audits.iter().max()),
            (Some(&2), Some(&15))
        );
        let mut codes: Vec<&str> = places().map(|(_, _, place)| place.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 24);
        assert!(OPEN.iter().all(|(code, ..)| codes.contains(code)));
    }
}
