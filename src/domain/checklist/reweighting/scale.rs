//! Another number of points for a question, whichever way it earns them.
//!
//! Not here: how points are counted (`scoring/`).

use crate::domain::checklist::model::{Question, QuestionType as Type};

/// Gives the question `points_milli` for its best answer, and everything else in proportion.
///
/// # Errors
/// Why it cannot be.
pub(super) fn to(question: &mut Question, points_milli: i64) -> Result<(), String> {
    if points_milli <= 0 {
        let instead = "write `dimension: none` to take the question out of the score";
        return Err(format!("points are more than 0; {instead}"));
    }
    match best(question) {
        None => {
            // Where there was nothing, a type that has points of its own gets them; the rules refuse the others.
            question.points_milli = Some(points_milli);
            Ok(())
        }
        Some(best) if best <= 0 => {
            Err("no answer to it earns, so that there is nothing to raise in proportion".to_owned())
        }
        Some(best) => {
            scale(question, points_milli, best);
            Ok(())
        }
    }
}

/// Takes out everything that earns.
pub(super) fn to_nothing(question: &mut Question) {
    question.points_milli = None;
    question.bonus = false;
    question.recovery = false;
    question.bands = None;
    // Labelled faces stay, and earn nothing.
    scale(question, 0, 1);
}

/// The most that an answer can earn now; None where nothing gives points.
fn best(question: &Question) -> Option<i64> {
    let options = || question.options.iter().flatten().map(|o| o.points_milli);
    if question.kind == Type::MultiChoice {
        let sum: i64 = options().filter(|points| *points > 0).sum();
        return Some(question.max_points_milli.map_or(sum, |most| sum.min(most)));
    }
    let steps = question.steps.iter().flatten().map(|s| s.points_milli);
    let bands = question.bands.iter().flatten().map(|b| b.points_milli);
    options()
        .chain(steps)
        .chain(bands)
        .chain(question.points_milli)
        .max()
}

fn scale(question: &mut Question, to: i64, from: i64) {
    let scaled = |points: i64| {
        let exact = i128::from(points) * i128::from(to);
        let from = i128::from(from);
        let rounded = (2 * exact.abs() + from) / (2 * from) * exact.signum();
        // What is too large for a question is refused by the rules.
        i64::try_from(rounded).unwrap_or(i64::MAX)
    };
    for option in question.options.iter_mut().flatten() {
        option.points_milli = scaled(option.points_milli);
    }
    for step in question.steps.iter_mut().flatten() {
        step.points_milli = scaled(step.points_milli);
    }
    for band in question.bands.iter_mut().flatten() {
        band.points_milli = scaled(band.points_milli);
    }
    question.points_milli = question.points_milli.map(scaled);
    question.max_points_milli = question
        .max_points_milli
        .map(scaled)
        .filter(|most| *most > 0);
}
