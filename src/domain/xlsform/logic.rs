//! Conditions put together: constants fall out, nesting stays flat, and what can never hold is seen.
//!
//! Not here: single tests (`conditions.rs`).

use super::draft::{Condition, Scalar, Test};

/// Parts of one `all` or `any` that a checklist allows.
const PARTS_MAX: usize = 100;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Always,
    Never,
    When(Condition),
}

/// # Errors
/// When there are more parts than a checklist allows.
pub(super) fn all(outcomes: Vec<Outcome>) -> Result<Outcome, String> {
    let mut parts = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Always => {}
            Outcome::Never => return Ok(Outcome::Never),
            Outcome::When(Condition::All(inner)) => add(&mut parts, inner)?,
            Outcome::When(part) => add(&mut parts, vec![part])?,
        }
    }
    if contradiction(&parts) {
        return Ok(Outcome::Never);
    }
    Ok(several(parts, Outcome::Always, Condition::All))
}

/// # Errors
/// As [`all`].
pub(super) fn any(outcomes: Vec<Outcome>) -> Result<Outcome, String> {
    let mut parts = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Never => {}
            Outcome::Always => return Ok(Outcome::Always),
            Outcome::When(Condition::Any(inner)) => add(&mut parts, inner)?,
            Outcome::When(part) => add(&mut parts, vec![part])?,
        }
    }
    Ok(several(parts, Outcome::Never, Condition::Any))
}

pub(super) fn not(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Always => Outcome::Never,
        Outcome::Never => Outcome::Always,
        Outcome::When(Condition::Not(inner)) => Outcome::When(*inner),
        Outcome::When(Condition::Question {
            id,
            test: Test::Answered(wanted),
        }) => Outcome::When(Condition::Question {
            id,
            test: Test::Answered(!wanted),
        }),
        Outcome::When(other) => Outcome::When(Condition::Not(Box::new(other))),
    }
}

/// Levels of nesting; a single test has one.
pub(super) fn depth(condition: &Condition) -> usize {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            1 + parts.iter().map(depth).max().unwrap_or(0)
        }
        Condition::Not(part) => 1 + depth(part),
        Condition::Question { .. } => 1,
    }
}

fn add(parts: &mut Vec<Condition>, more: Vec<Condition>) -> Result<(), String> {
    for part in more {
        if !parts.contains(&part) {
            parts.push(part);
        }
        if parts.len() > PARTS_MAX {
            return Err(format!(
                "a condition has at most {PARTS_MAX} parts side by side"
            ));
        }
    }
    Ok(())
}

fn several(
    mut parts: Vec<Condition>,
    none: Outcome,
    together: fn(Vec<Condition>) -> Condition,
) -> Outcome {
    match parts.len() {
        0 => none,
        1 => Outcome::When(parts.remove(0)),
        _ => Outcome::When(together(parts)),
    }
}

/// Two values of one question at once, which a checklist refuses.
fn contradiction(parts: &[Condition]) -> bool {
    let equals: Vec<(&String, &Scalar)> = parts
        .iter()
        .filter_map(|part| match part {
            Condition::Question {
                id,
                test: Test::Equals(value),
            } => Some((id, value)),
            _ => None,
        })
        .collect();
    equals.iter().enumerate().any(|(at, (id, value))| {
        equals[..at]
            .iter()
            .any(|(earlier, other)| earlier == id && other != value)
    })
}
