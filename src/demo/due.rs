//! What lies before the demo's shoppers: visits that can be made now, at whatever hour the demo is started, and some to come.

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, Timelike as _, Utc};
use chrono_tz::Tz;

use super::cast::Cast;
use super::plan::Who;
use super::stage::{Spot, Stage};
use crate::app::App;
use crate::domain::ids::PersonId;
use crate::visits::commands::{self, Command, CommandKind};
use crate::visits::service::NewVisit;

/// From this hour on, 'today' goes on until tomorrow night, so that there is time left to try it.
const LATE_H: u32 = 20;
/// Feedback that the demo's shopper has not read yet.
const UNREAD: usize = 2;

/// When a visit may take place.
#[derive(Clone, Copy, Debug)]
enum When {
    Today,
    /// Any time within seven days: still there when the demo is looked at again tomorrow.
    ThisWeek,
    /// In so many days, between two hours.
    In(u64, u32, u32),
}

/// Location, shopper, time; nobody has the last ones yet.
const VISITS: [(&str, Option<Who>, When); 14] = [
    ("SW-101", Some(Who::Demo), When::Today),
    ("LH-11", Some(Who::Demo), When::Today),
    ("SW-105", Some(Who::Demo), When::Today),
    ("LH-12", Some(Who::Demo), When::Today),
    ("LH-13", Some(Who::Demo), When::ThisWeek),
    ("SW-104", Some(Who::Demo), When::In(1, 11, 22)),
    ("SW-201", Some(Who::Demo), When::In(2, 17, 23)),
    ("SW-103", Some(Who::European), When::ThisWeek),
    ("LH-22", Some(Who::European), When::In(3, 9, 20)),
    ("SW-303", Some(Who::American), When::Today),
    ("LH-32", Some(Who::American), When::In(2, 9, 20)),
    ("SW-403", Some(Who::Pacific), When::Today),
    ("SW-203", None, When::ThisWeek),
    ("LH-14", None, When::In(4, 9, 20)),
];

/// Makes the visits.
///
/// # Errors
/// As the service has them.
pub async fn assign(app: &App, cast: &Cast, stage: &Stage) -> anyhow::Result<()> {
    for (code, who, when) in VISITS {
        let spot = stage
            .spots
            .iter()
            .find(|spot| spot.place.code == code)
            .with_context(|| format!("the demo has no location {code}"))?;
        let shopper = who.map(|who| cast.shopper(who).person);
        let new = visit(spot, shopper, when, app.clock.now());
        crate::visits::service::create(app, &cast.admin, new).await?;
    }
    Ok(())
}

fn visit(spot: &Spot, shopper: Option<PersonId>, when: When, now: DateTime<Utc>) -> NewVisit {
    let (local_opens, local_closes) = window(when, spot.place.time_zone, now);
    NewVisit {
        campaign: spot.campaign,
        location: spot.location,
        shopper,
        local_opens,
        local_closes,
        follows: None,
    }
}

/// From and to, by the clock on the wall there.
fn window(when: When, time_zone: Tz, now: DateTime<Utc>) -> (NaiveDateTime, NaiveDateTime) {
    let local = now.with_timezone(&time_zone).naive_local();
    let on = |days: u64, hour: u32, minute: u32| -> NaiveDateTime {
        let day = local.date() + Days::new(days);
        day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
    };
    match when {
        When::Today => (on(0, 0, 0), on(u64::from(local.hour() >= LATE_H), 23, 59)),
        When::ThisWeek => (on(0, 0, 0), on(6, 23, 59)),
        When::In(days, opens_h, closes_h) => (on(days, opens_h, 0), on(days, closes_h, 0)),
    }
}

/// The demo's shopper has read all feedback but the newest, as the phone would report it.
///
/// # Errors
/// As the feed and the commands have them.
pub async fn read_feedback(app: &App, cast: &Cast) -> anyhow::Result<()> {
    let shopper = cast.demo();
    let page_max = app.config.limits.feed_page_max;
    let (mut cursor, mut feedback) = (None, Vec::new());
    loop {
        let page = crate::sync::changes::pull(app, shopper, cursor.as_deref(), page_max).await?;
        let entries = page
            .entries
            .into_iter()
            .filter(|entry| entry.kind == "feedback");
        feedback.extend(entries.map(|entry| entry.entity_id));
        if !page.more {
            break;
        }
        cursor = Some(page.cursor);
    }
    feedback.truncate(feedback.len().saturating_sub(UNREAD));
    for subject in feedback {
        let id = app.clock.new_uuid();
        let command = Command {
            id,
            kind: CommandKind::FeedbackRead,
            subject,
        };
        let result = commands::run(app, shopper, command).await?;
        anyhow::ensure!(
            result.outcome == "done",
            "feedback cannot be read: {:?}",
            result.detail
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::demo::plan;
    use crate::domain::time::window_instants;

    #[test]
    fn at_every_hour_there_is_time_left_today_wherever_it_is() {
        let midnight: DateTime<Utc> = "2026-11-22T00:00:00Z".parse().unwrap();
        for (_, _, place) in plan::places() {
            for half_hours in 0..48 {
                let now = midnight + Duration::minutes(30 * half_hours);
                for when in [When::Today, When::ThisWeek] {
                    let (opens, closes) = window(when, place.time_zone, now);
                    let (opens, closes) = window_instants(opens, closes, place.time_zone).unwrap();
                    assert!(opens <= now, "{} {now}", place.code);
                    assert!(closes >= now + Duration::hours(3), "{} {now}", place.code);
                }
            }
        }
    }

    #[test]
    fn every_visit_to_come_is_to_a_place_that_there_is() {
        for (code, ..) in VISITS {
            assert!(
                plan::places().any(|(_, _, place)| place.code == code),
                "{code}"
            );
        }
    }
}
