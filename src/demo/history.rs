//! Plays the past through the same services as real use, one step after the other, with a clock that is set to each.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::cast::Cast;
use super::filling::{Filled, fill, phone_time};
use super::plan::{Fate, Outing};
use super::stage::Spot;
use crate::app::App;
use crate::clock::ManualClock;
use crate::domain::audit::{AuditDocument, ListedPhoto};
use crate::domain::ids::{AuditId, VisitId};
use crate::review::decide::{Decision, Outcome, decide};
use crate::review::feedback::Comment;
use crate::visits::service::NewVisit;

/// Visits that may be filled in ahead of the database.
const AHEAD: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Assign,
    HandIn,
    Decide,
}

/// Plays all of `outings`. `past` lives by `clock`, which ends up at the last step.
///
/// # Errors
/// As the services have them, and when an audit is not placed: the demo holds none that should not be.
pub async fn play(
    past: &App,
    clock: &ManualClock,
    cast: &Cast,
    spots: &[Spot],
    outings: Vec<Outing>,
) -> anyhow::Result<()> {
    let outings = Arc::new(outings);
    let steps = steps(&outings);
    let mut filled = fill_ahead(spots.to_vec(), Arc::clone(&outings), &steps);
    let mut visits: HashMap<usize, VisitId> = HashMap::new();
    let mut audits: HashMap<usize, AuditId> = HashMap::new();
    for (instant, step, at) in steps {
        clock.set(instant);
        let (outing, spot) = (&outings[at], &spots[outings[at].place]);
        match step {
            Step::Assign => {
                visits.insert(at, assign(past, cast, spot, outing).await?);
            }
            Step::HandIn => {
                let visit = *visits
                    .get(&at)
                    .context("handed in before it was assigned")?;
                let filled = filled.recv().await.context("nothing more was filled in")?;
                audits.insert(at, hand_in(past, cast, spot, outing, visit, filled).await?);
            }
            Step::Decide => {
                let audit = *audits
                    .get(&at)
                    .context("decided on before it was handed in")?;
                decide(past, &cast.reviewer, audit, decision(outing)).await?;
            }
        }
    }
    Ok(())
}

/// What happens, in order of time.
fn steps(outings: &[Outing]) -> Vec<(DateTime<Utc>, Step, usize)> {
    let mut steps = Vec::new();
    for (at, outing) in outings.iter().enumerate() {
        steps.push((outing.assigned_at, Step::Assign, at));
        steps.push((outing.handed_in_at, Step::HandIn, at));
        if let Fate::Approved { at: when } | Fate::Returned { at: when } = outing.fate {
            steps.push((when, Step::Decide, at));
        }
    }
    steps.sort_unstable();
    steps
}

/// Fills in on a thread of its own, in the order in which it will be asked for.
fn fill_ahead(
    spots: Vec<Spot>,
    outings: Arc<Vec<Outing>>,
    steps: &[(DateTime<Utc>, Step, usize)],
) -> mpsc::Receiver<Filled> {
    let order: Vec<usize> = steps
        .iter()
        .filter(|(_, step, _)| *step == Step::HandIn)
        .map(|(_, _, at)| *at)
        .collect();
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        for at in order {
            let spot = &spots[outings[at].place];
            let filled = fill(
                &outings[at],
                spot.brand,
                spot.place,
                &spot.checklist.checklist,
            );
            if sender.blocking_send(filled).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn assign(past: &App, cast: &Cast, spot: &Spot, outing: &Outing) -> anyhow::Result<VisitId> {
    let new = NewVisit {
        campaign: spot.campaign,
        location: spot.location,
        shopper: Some(cast.shopper(outing.who).person),
        local_opens: outing.window.0,
        local_closes: outing.window.1,
        follows: None,
    };
    Ok(crate::visits::service::create(past, &cast.admin, new)
        .await?
        .visit
        .id)
}

async fn hand_in(
    past: &App,
    cast: &Cast,
    spot: &Spot,
    outing: &Outing,
    visit: VisitId,
    filled: Filled,
) -> anyhow::Result<AuditId> {
    let shopper = cast.shopper(outing.who);
    let audit = AuditId(past.clock.new_uuid());
    let Filled {
        answers,
        pictures,
        score,
    } = filled;
    let finished_at = phone_time(outing, outing.finished_at);
    let document = AuditDocument {
        format: 1,
        audit,
        visit,
        checklist: spot.checklist.sha256,
        supersedes: None,
        started_at: phone_time(outing, outing.started_at),
        finished_at,
        elapsed_ms: (outing.finished_at - outing.started_at).num_milliseconds(),
        server_time_difference_ms: Some(outing.phone_ahead_ms),
        language: "en".to_owned(),
        answers,
        photos: pictures
            .iter()
            .map(|picture| ListedPhoto {
                sha256: picture.sha256,
                size_bytes: picture.jpeg.len() as u64,
                media_type: "image/jpeg".to_owned(),
                taken_at: Some(finished_at),
            })
            .collect(),
        score,
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let bytes = Bytes::from(serde_json::to_vec(&document)?);
    let received = crate::audits::service::receive(past, shopper, audit, bytes).await?;
    anyhow::ensure!(
        received.quarantined.is_none(),
        "an audit of the demo at {} was not placed: {:?}",
        spot.place.code,
        received.quarantined
    );
    for picture in pictures {
        use crate::photos::uploads::{append, begin};
        begin(
            past,
            shopper,
            picture.sha256,
            picture.jpeg.len() as u64,
            None,
        )
        .await?;
        append(past, shopper, picture.sha256, 0, picture.jpeg.into()).await?;
    }
    Ok(audit)
}

fn decision(outing: &Outing) -> Decision {
    if let Fate::Returned { .. } = outing.fate {
        let comment = |question: &str, text: &str| Comment {
            question: question.to_owned(),
            text: text.to_owned(),
        };
        return Decision {
            outcome: Outcome::Return,
            message: "A good report. Two small things before it can go to the client.".to_owned(),
            comments: vec![
                comment(
                    "receipt",
                    "The lower edge is cut off. Please take it again, flat and whole.",
                ),
                comment(
                    "story",
                    "What did the waiter say when you asked about nuts? One more sentence.",
                ),
            ],
        };
    }
    let message = match outing.turn % 4 {
        0 => "Clear and complete, thank you.",
        1 => "Thank you. The remarks on the waiting times are a great help.",
        _ => "Thank you.",
    };
    Decision {
        outcome: Outcome::Approve,
        message: message.to_owned(),
        comments: Vec::new(),
    }
}
