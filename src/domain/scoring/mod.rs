//! Scoring: answers and a checklist version make a score and a trace. Integers only, one rounding rule.
//!
//! The same is written in TypeScript for the phone; `tests/golden/scoring/` holds the cases that both run, and
//! `docs/scoring.md` the rules in words. Not here: the points of one question (`points.rs`), how a location stands
//! (`ranking/`).

mod points;
mod score;

pub use score::{Micros, Score, SectionScore, TraceLine, Why};

use crate::domain::answer::{Answers, Given, Value};
use crate::domain::checklist::conditions::{Shown, shown};
use crate::domain::checklist::{
    Checklist, Critical, CriticalEffect, NaPolicy, Question, Section, UnansweredPolicy,
};

/// Raised whenever the same answers to the same version could score differently than before.
pub const ENGINE: u32 = 1;

/// The score by the engine that an audit was scored with, or None when there never was such an engine. Engines stay here for
/// as long as audits do.
pub fn score_by(engine: u32, checklist: &Checklist, answers: &Answers) -> Option<Score> {
    match engine {
        1 => Some(score(checklist, answers)),
        _ => None,
    }
}

/// `a / b` rounded half away from zero; `b` is positive.
fn round_div(a: i128, b: i128) -> i128 {
    let (quotient, remainder) = (a / b, a % b);
    if remainder.abs() * 2 >= b {
        quotient + a.signum()
    } else {
        quotient
    }
}

/// The scores that everything is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Total,
    Service,
    Experience,
    Recovery,
}

impl Side {
    const ALL: [Self; 4] = [Self::Total, Self::Service, Self::Experience, Self::Recovery];

    /// Percent of a question's points that count here.
    fn share(self, question: &Question) -> u32 {
        match self {
            Self::Total => 100,
            Self::Service => question.service_share,
            Self::Experience => question.experience_share,
            Self::Recovery if question.recovery => 100,
            Self::Recovery => 0,
        }
    }
}

/// Scores whatever has been answered so far. Answers to questions that are hidden or not in the checklist do not matter, and
/// required answers may be missing: then the score is provisional.
pub fn score(checklist: &Checklist, answers: &Answers) -> Score {
    let shown = shown(checklist, answers);
    let sections: Vec<Counted<'_>> = checklist
        .sections
        .iter()
        .map(|section| count(checklist, section, &shown))
        .collect();
    let [total, service, experience, recovery] = Side::ALL.map(|side| overall(&sections, side));
    let na_failed = sections
        .iter()
        .flat_map(|section| &section.trace)
        .any(|line| line.why == Why::NaFail);
    let failed = na_failed
        || criticals(&sections).any(|(_, critical)| critical.effect == CriticalEffect::FailAudit);
    let passed = match (checklist.scoring.pass_mark_micros, total) {
        (Some(mark), Some(total)) => Some(!failed && total.0 >= mark),
        _ => None,
    };
    Score {
        engine: ENGINE,
        total_micros: total,
        service_micros: service,
        experience_micros: experience,
        balanced_micros: service
            .zip(experience)
            .map(|(service, experience)| service.min(experience)),
        recovery_micros: checklist.has_recovery().then_some(recovery),
        failed,
        passed,
        sections: sections.iter().map(Counted::published).collect(),
        trace: sections
            .into_iter()
            .flat_map(|section| section.trace)
            .collect(),
    }
}

/// A section with everything that its questions came to.
#[derive(Debug)]
struct Counted<'c> {
    section: &'c Section,
    trace: Vec<TraceLine>,
    /// Criticals that were touched off, with their questions.
    criticals: Vec<(&'c Question, Critical)>,
    /// By [`Side`]: the section's score before it is clamped from above, None when nothing was possible.
    micros: [Option<i128>; 4],
}

fn count<'c>(checklist: &'c Checklist, section: &'c Section, shown: &Shown<'_>) -> Counted<'c> {
    let trace: Vec<TraceLine> = section
        .questions
        .iter()
        .map(|question| line(checklist, question, shown))
        .collect();
    let criticals: Vec<(&Question, Critical)> = section
        .questions
        .iter()
        .flat_map(|question| {
            touched_off(question, shown.given(&question.id))
                .map(move |critical| (question, critical))
        })
        .collect();
    let micros = Side::ALL.map(|side| {
        let sum = |points: fn(&TraceLine) -> i64| -> i128 {
            let weighted = |(question, line): (&Question, &TraceLine)| {
                i128::from(points(line)) * i128::from(side.share(question))
            };
            section.questions.iter().zip(&trace).map(weighted).sum()
        };
        let (earned, possible) = (
            sum(|line| line.earned_milli),
            sum(|line| line.possible_milli),
        );
        if possible == 0 {
            return None;
        }
        let zeroed = criticals.iter().any(|(question, critical)| {
            critical.effect == CriticalEffect::ZeroSection && side.share(question) > 0
        });
        let micros = if zeroed {
            0
        } else {
            round_div(earned * 1_000_000, possible).max(0)
        };
        Some(if checklist.scoring.bonus_cap {
            micros.min(1_000_000)
        } else {
            micros
        })
    });
    Counted {
        section,
        trace,
        criticals,
        micros,
    }
}

/// Why a question counts as it does; the order of the questions asked here is part of the rules.
fn line(checklist: &Checklist, question: &Question, shown: &Shown<'_>) -> TraceLine {
    let given = shown.given(&question.id);
    let possible = points::possible(question);
    let (why, earned, possible) = match (possible, given) {
        _ if !shown.contains(&question.id) => (Why::Hidden, 0, 0),
        (None, _) => (Why::NotScored, 0, 0),
        (Some(possible), given) => {
            let possible_milli = if question.bonus { 0 } else { possible };
            match given {
                Given::NotApplicable => match question.not_applicable {
                    NaPolicy::Exclude | NaPolicy::NotAllowed => (Why::NaExcluded, 0, 0),
                    NaPolicy::Pass => (Why::NaPass, possible_milli, possible_milli),
                    NaPolicy::Zero => (Why::NaZero, 0, possible_milli),
                    NaPolicy::Fail => (Why::NaFail, 0, possible_milli),
                },
                Given::Nothing => match checklist.scoring.unanswered_optional {
                    UnansweredPolicy::Zero if !shown.requires(question) => {
                        (Why::UnansweredZero, 0, possible_milli)
                    }
                    _ => (Why::Unanswered, 0, 0),
                },
                Given::Value(_) if points::lacks_its_pair(question, shown) => {
                    (Why::Unanswered, 0, 0)
                }
                Given::Value(_) | Given::Photos(_) => {
                    let why = if question.bonus {
                        Why::Bonus
                    } else {
                        Why::Scored
                    };
                    (why, points::earned(question, given, shown), possible_milli)
                }
            }
        }
    };
    TraceLine {
        question: question.id.clone(),
        earned_milli: earned,
        possible_milli: possible,
        why,
    }
}

/// The criticals of a question that its answer touches off, whether or not the question earns points.
fn touched_off<'a>(
    question: &'a Question,
    given: Given<'a>,
) -> impl Iterator<Item = Critical> + 'a {
    let own = match given {
        Given::Value(Value::Bool(answer)) if *answer != question.expect.unwrap_or(true) => {
            question.critical
        }
        Given::Value(Value::Integer(amount)) if !points::within_tolerance(question, *amount) => {
            question.critical
        }
        _ => None,
    };
    let value = match given {
        Given::Value(value) => Some(value),
        _ => None,
    };
    let options = value
        .into_iter()
        .flat_map(|value| points::chosen(question, value));
    own.into_iter()
        .chain(options.filter_map(|option| option.critical))
}

fn criticals<'s>(sections: &'s [Counted<'_>]) -> impl Iterator<Item = (&'s Question, Critical)> {
    sections.iter().flat_map(|section| {
        section
            .criticals
            .iter()
            .map(|(question, critical)| (*question, *critical))
    })
}

/// The weighted mean of the sections that have a score, clamped; then the criticals: zero, then cap. (Failing comes last and
/// changes no number.)
fn overall(sections: &[Counted<'_>], side: Side) -> Option<Micros> {
    let scored = || {
        sections.iter().filter_map(|section| {
            section.micros[side as usize].map(|micros| (i128::from(section.section.weight), micros))
        })
    };
    let weights: i128 = scored().map(|(weight, _)| weight).sum();
    if weights == 0 {
        return None;
    }
    let mean = round_div(
        scored().map(|(weight, micros)| weight * micros).sum(),
        weights,
    );
    let mut micros = published(mean);
    let acting = || {
        criticals(sections)
            .filter(|(question, _)| side.share(question) > 0)
            .map(|(_, critical)| critical)
    };
    if acting().any(|critical| critical.effect == CriticalEffect::ZeroAudit) {
        micros = Micros::ZERO;
    }
    for cap in acting().filter(|critical| critical.effect == CriticalEffect::CapAudit) {
        micros = micros.min(cap.cap_micros.map_or(micros, Micros));
    }
    Some(micros)
}

fn published(micros: i128) -> Micros {
    i64::try_from(micros).map_or(Micros::ONE, |micros| Micros(micros.clamp(0, Micros::ONE.0)))
}

impl Counted<'_> {
    fn published(&self) -> SectionScore {
        let [micros, service_micros, experience_micros, _] =
            self.micros.map(|micros| micros.map(published));
        let failed = self
            .criticals
            .iter()
            .any(|(_, critical)| critical.effect == CriticalEffect::FailSection);
        SectionScore {
            id: self.section.id.clone(),
            micros,
            service_micros,
            experience_micros,
            failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::round_div;

    #[test]
    fn rounds_half_away_from_zero() {
        let rounded = [5, 4, -5, -4, 7, -7, 0, 15].map(|a| round_div(a, 10));
        assert_eq!(rounded, [1, 0, -1, 0, 1, -1, 0, 2]);
        assert_eq!(round_div(1, 3), 0);
        assert_eq!(round_div(2, 3), 1);
        assert_eq!(
            round_div(i128::from(i64::MAX) * 1_000_000, 1),
            i128::from(i64::MAX) * 1_000_000
        );
    }
}
