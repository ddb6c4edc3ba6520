//! One visit of the past as the phone brought it home: answers in order of time, photos, the provisional score.
//!
//! Pure and rather slow, so it is done ahead of the database. Ids come later: the document is finished in `history.rs`.

use chrono::{DateTime, Duration, FixedOffset};

use super::answers::{Circumstances, answers};
use super::camera::{PhoneCamera, Picture};
use super::dice::Dice;
use super::drawing::receipt::Receipt;
use super::places::{Brand, Place};
use super::plan::Outing;
use super::till;
use crate::domain::answer::Answers;
use crate::domain::audit::PhoneScore;
use crate::domain::checklist::Checklist;
use crate::domain::scoring;
use crate::domain::time::RecordedAt;

/// What is handed in, but for its ids.
#[derive(Debug, PartialEq, Eq)]
pub struct Filled {
    pub answers: Answers,
    pub pictures: Vec<Picture>,
    pub score: PhoneScore,
}

/// Plays a visit.
pub fn fill(
    outing: &Outing,
    brand: &'static Brand,
    place: &Place,
    checklist: &Checklist,
) -> Filled {
    // Not the dice of the plan, whose numbers are used up.
    let mut dice = Dice::of(outing.place + 1000, outing.turn);
    let purchase = match brand.checklist {
        "restaurant-dine-in" => till::dinner(&mut dice),
        _ => till::batteries(&mut dice),
    };
    let receipt = Receipt {
        brand: brand.name,
        address: place.address,
        city: place.city,
        printed_at: outing.finished_at.naive_local() - Duration::minutes(6),
        number: dice.between(10_000, 99_999),
        items: &purchase.items,
        total_minor: purchase.total_minor(),
    };
    let mut camera = PhoneCamera {
        brand,
        receipt,
        dice: Dice::of(outing.place + 2000, outing.turn),
        pictures: Vec::new(),
    };
    let circumstances = Circumstances {
        levels: outing.levels,
        arrived_at: outing.arrived_at,
        settled: purchase.settled.clone(),
    };
    let mut answers = answers(checklist, &circumstances, &mut dice, &mut camera);
    stamp(checklist, &mut answers, outing);
    let score = scoring::score(checklist, &answers);
    let score = PhoneScore {
        total_micros: score.total_micros,
        service_micros: score.service_micros,
        experience_micros: score.experience_micros,
        recovery_micros: score.recovery_micros.flatten(),
        engine: score.engine,
    };
    Filled {
        answers,
        pictures: camera.pictures,
        score,
    }
}

/// The phone's clock at an instant of the visit.
pub fn phone_time(outing: &Outing, instant: DateTime<FixedOffset>) -> RecordedAt {
    RecordedAt(instant + Duration::milliseconds(outing.phone_ahead_ms))
}

/// Answers are spread evenly over the visit.
fn stamp(checklist: &Checklist, answers: &mut Answers, outing: &Outing) {
    let visit = outing.finished_at - outing.started_at;
    let count = i32::try_from(answers.len()).unwrap_or(i32::MAX).max(1);
    let mut answered = 0;
    for question in checklist.questions() {
        if let Some(answer) = answers.get_mut(&question.id) {
            let instant = outing.started_at + visit * answered / count;
            answer.recorded_at = Some(phone_time(outing, instant));
            answered += 1;
        }
    }
}
