//! What a camera wrote into a photo, held against what the audit says of its visit.
//!
//! All of it is a claim by whoever made the file: a hint for a reviewer, never evidence, never a reason to refuse work,
//! and never shown to clients. Not here: reading metadata out of a file (`photos/imaging/exif.rs`).

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A photo may be taken so long before the visit begins or after it ends: clocks differ, and the front of the house is
/// photographed before the form is opened.
pub const TAKEN_TOLERANCE_MS: i64 = 10 * 60 * 1000;

/// So far from the location a photo may be taken: a mall is large, and phones err among tall houses.
pub const PLACE_TOLERANCE_M: i64 = 500;

/// So much farther the photo's place and the phone's own measure may lie apart than the phone said that it may err.
pub const OWN_PLACE_TOLERANCE_M: i64 = 300;

/// The mean radius of the Earth as the IUGG gives it.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// The claims, as far as they could be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CameraFacts {
    /// `2026-09-19T10:02:11`, with `+02:00` behind it if the camera knew its zone.
    pub taken_at: Option<String>,
    /// Both or neither; WGS 84, north and east positive.
    pub latitude_deg: Option<f64>,
    pub longitude_deg: Option<f64>,
    /// Maker and model.
    pub device: Option<String>,
    /// EXIF orientation, 1 to 8: which turn makes the stored pixels upright.
    pub orientation: Option<u8>,
}

/// A place on Earth in degrees, as WGS 84 has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub latitude_deg: f64,
    pub longitude_deg: f64,
}

impl Place {
    /// Along the great circle on a sphere (haversine), in whole metres; at most 0.6 % off the ellipsoid.
    pub fn distance_m(self, to: Self) -> i64 {
        let (from_lat, to_lat) = (self.latitude_deg.to_radians(), to.latitude_deg.to_radians());
        let half_lat = (to_lat - from_lat) / 2.0;
        let half_lon = (to.longitude_deg - self.longitude_deg).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + from_lat.cos() * to_lat.cos() * half_lon.sin().powi(2);
        (2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()).round() as i64
    }
}

impl CameraFacts {
    /// Where the camera says that it was.
    pub fn place(&self) -> Option<Place> {
        Some(Place {
            latitude_deg: self.latitude_deg?,
            longitude_deg: self.longitude_deg?,
        })
    }

    /// The instants that the camera may mean. Without a zone its clock is taken for one on the wall of the location:
    /// where that is put back, a time occurs twice; where it is put forward over the time, the camera was not, and either
    /// side may be meant.
    fn taken_ms(&self, time_zone: Tz) -> Vec<i64> {
        let Some(text) = &self.taken_at else {
            return Vec::new();
        };
        if let Ok(at) = text.parse::<DateTime<FixedOffset>>() {
            return vec![at.timestamp_millis()];
        }
        let Ok(local) = text.parse::<NaiveDateTime>() else {
            return Vec::new();
        };
        match time_zone.from_local_datetime(&local) {
            LocalResult::Single(at) => vec![at.timestamp_millis()],
            LocalResult::Ambiguous(first, second) => {
                vec![first.timestamp_millis(), second.timestamp_millis()]
            }
            LocalResult::None => [-1, 1]
                .into_iter()
                .filter_map(|days| {
                    let near = local.checked_add_signed(chrono::TimeDelta::days(days))?;
                    let offset = time_zone.offset_from_utc_datetime(&near).fix();
                    let at = local.and_local_timezone(offset).single()?;
                    Some(at.timestamp_millis())
                })
                .collect(),
        }
    }
}

/// A distance from the location as the phone measured it, with how sure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasuredDistance {
    pub distance_m: i64,
    pub accuracy_m: i64,
}

/// What an audit says of where and when it was made.
#[derive(Clone, Debug)]
pub struct VisitAsTold {
    /// Of the first revision, where the audit is a correction: its photos may be from then.
    pub started_at_ms: i64,
    pub finished_at_ms: i64,
    pub time_zone: Tz,
    pub location: Option<Place>,
    pub measured: Vec<MeasuredDistance>,
}

/// Where photo and audit disagree. Photos are named by their number in the audit, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Milliseconds before the visit began.
    TakenBefore {
        photo: usize,
        early_ms: i64,
    },
    /// Milliseconds after the visit ended.
    TakenAfter {
        photo: usize,
        late_ms: i64,
    },
    FarFromLocation {
        photo: usize,
        distance_m: i64,
    },
    /// At least so far from where the phone measured itself to be.
    FarFromPhone {
        photo: usize,
        apart_m: i64,
        measured_m: i64,
    },
    /// Photos of one audit come from several devices.
    Devices {
        names: Vec<String>,
    },
}

impl Doubt {
    /// The kind, as a word on the wire and as the audit's flag.
    pub fn flag(&self) -> PhotoFlag {
        match self {
            Self::TakenBefore { .. } | Self::TakenAfter { .. } => PhotoFlag::Time,
            Self::FarFromLocation { .. } | Self::FarFromPhone { .. } => PhotoFlag::Place,
            Self::Devices { .. } => PhotoFlag::Device,
        }
    }

    /// Which photo it is about, if it is about one.
    pub fn photo(&self) -> Option<usize> {
        match self {
            Self::TakenBefore { photo, .. }
            | Self::TakenAfter { photo, .. }
            | Self::FarFromLocation { photo, .. }
            | Self::FarFromPhone { photo, .. } => Some(*photo),
            Self::Devices { .. } => None,
        }
    }

    /// In plain English, with the numbers.
    pub fn words(&self) -> String {
        match self {
            Self::TakenBefore { photo, early_ms } => format!(
                "photo {photo}: by its camera it was taken {} before the visit began",
                span(*early_ms)
            ),
            Self::TakenAfter { photo, late_ms } => format!(
                "photo {photo}: by its camera it was taken {} after the visit ended",
                span(*late_ms)
            ),
            Self::FarFromLocation { photo, distance_m } => format!(
                "photo {photo}: by its camera it was taken {} from the location",
                length(*distance_m)
            ),
            Self::FarFromPhone {
                photo,
                apart_m,
                measured_m,
            } => format!(
                "photo {photo}: by its camera it was taken at least {} from where the phone measured itself, {} from the location",
                length(*apart_m),
                length(*measured_m)
            ),
            Self::Devices { names } => format!(
                "the photos come from {} devices: {}",
                names.len(),
                names.join(", ")
            ),
        }
    }
}

/// What a reviewer should look at because of an audit's photos; set when they have been looked at, which is after arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFlag {
    Time,
    Place,
    Device,
    /// The same photo, or one much like it, stands in another audit.
    Reused,
}

impl PhotoFlag {
    pub const ALL: [Self; 4] = [Self::Time, Self::Place, Self::Device, Self::Reused];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Time => "photo_time",
            Self::Place => "photo_place",
            Self::Device => "photo_device",
            Self::Reused => "photo_reused",
        }
    }
}

/// Holds the photos of an audit, in its order, against what the audit says. What a camera did not write raises no doubt.
pub fn doubts(photos: &[CameraFacts], visit: &VisitAsTold) -> Vec<Doubt> {
    let mut found = Vec::new();
    for (photo, facts) in (1..).zip(photos) {
        found.extend(doubt_of_time(photo, facts, visit));
        found.extend(doubt_of_place(photo, facts, visit));
    }
    let mut names: Vec<String> = photos.iter().filter_map(|one| one.device.clone()).collect();
    names.sort();
    names.dedup();
    if names.len() > 1 {
        found.push(Doubt::Devices { names });
    }
    found
}

fn doubt_of_time(photo: usize, facts: &CameraFacts, visit: &VisitAsTold) -> Option<Doubt> {
    // negative before the visit, positive after it
    let outside_ms = |at_ms: i64| match at_ms {
        _ if at_ms < visit.started_at_ms => at_ms - visit.started_at_ms,
        _ if at_ms > visit.finished_at_ms => at_ms - visit.finished_at_ms,
        _ => 0,
    };
    let nearest_ms = facts
        .taken_ms(visit.time_zone)
        .into_iter()
        .map(outside_ms)
        .min_by_key(|ms| ms.abs())?;
    match nearest_ms {
        ms if ms < -TAKEN_TOLERANCE_MS => Some(Doubt::TakenBefore {
            photo,
            early_ms: -ms,
        }),
        ms if ms > TAKEN_TOLERANCE_MS => Some(Doubt::TakenAfter { photo, late_ms: ms }),
        _ => None,
    }
}

fn doubt_of_place(photo: usize, facts: &CameraFacts, visit: &VisitAsTold) -> Option<Doubt> {
    let distance_m = facts.place()?.distance_m(visit.location?);
    if distance_m > PLACE_TOLERANCE_M {
        return Some(Doubt::FarFromLocation { photo, distance_m });
    }
    // Two places at different distances from a third are at least the difference apart.
    visit.measured.iter().find_map(|measured| {
        let apart_m = (distance_m - measured.distance_m).abs() - measured.accuracy_m.max(0);
        (apart_m > OWN_PLACE_TOLERANCE_M).then_some(Doubt::FarFromPhone {
            photo,
            apart_m,
            measured_m: measured.distance_m,
        })
    })
}

/// The two largest units of a time that is not negative: `2 days 3 h`, `1 h 5 min`, `11 min`.
pub(super) fn span(ms: i64) -> String {
    let minutes = ms / 60_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, 0, _) => format!("{days} days"),
        (days, hours, _) if days < 7 => format!("{days} days {hours} h"),
        (days, ..) => format!("{days} days"),
    }
}

fn length(m: i64) -> String {
    match m {
        ..1000 => format!("{m} m"),
        1000..100_000 => format!("{}.{} km", m / 1000, m % 1000 / 100),
        _ => format!("{} km", m / 1000),
    }
}

#[cfg(test)]
mod tests;
