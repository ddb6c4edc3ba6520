//! Fills in any checklist as a shopper would whose visit went so and so.
//!
//! Not here: how a visit goes (`plan.rs`) and what is in the photos (`camera.rs`). Knows the kinds of question and what
//! they demand, and, but for the remarks that belong to a question, no checklist in particular.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDateTime;

use super::dice::Dice;
use super::words;
use crate::domain::answer::{Answer, Answers, Value};
use crate::domain::checklist::conditions::{Shown, shown};
use crate::domain::checklist::{Band, Checklist, NaPolicy, Question, QuestionType as Type};
use crate::domain::ids::Sha256;

/// How one visit went, from 0 to 1: what the staff did, and how it was to be there.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    pub service: f64,
    pub experience: f64,
}

/// What is settled before the questions are read: when it is, and answers that have to agree with one another.
#[derive(Debug)]
pub struct Circumstances {
    pub levels: Levels,
    pub arrived_at: NaiveDateTime,
    /// Question id → value, for questions that are shown.
    pub settled: BTreeMap<&'static str, Value>,
}

/// Takes photos: for a question with its answer, as many as are needed and not more than are allowed.
pub trait Camera {
    fn take(
        &mut self,
        question: &Question,
        answered: Answered<'_>,
        count: RangeInclusive<u32>,
    ) -> Vec<Sha256>;
}

/// An answer with whether it is a good one.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    pub value: Option<&'a Value>,
    pub well: bool,
}

/// How far the answer to a single question strays from how the visit went: a standard deviation.
const STRAY: f64 = 0.2;
const NOT_APPLICABLE: f64 = 0.04;
const CRITICAL: f64 = 0.015;

/// Answers to every question that is shown and has to be answered, and to some that need not be.
pub fn answers(
    checklist: &Checklist,
    circumstances: &Circumstances,
    dice: &mut Dice,
    camera: &mut impl Camera,
) -> Answers {
    let mut answers = Answers::new();
    for question in checklist
        .questions()
        .filter(|question| question.kind != Type::Heading)
    {
        let before = shown(checklist, &answers);
        if !before.contains(&question.id) {
            continue;
        }
        let required = before.requires(question);
        let mut shopper = Shopper {
            checklist,
            circumstances,
            question,
            dice,
        };
        let Some((answer, well)) = shopper.answer(required) else {
            continue;
        };
        answers.insert(question.id.clone(), answer);
        let photos = photos(
            question,
            &shown(checklist, &answers),
            &answers,
            well,
            camera,
        );
        if let Some(answer) = answers.get_mut(&question.id) {
            answer.photos = photos;
        }
    }
    answers.retain(|_, answer| {
        answer.value.is_some() || answer.not_applicable || !answer.photos.is_empty()
    });
    answers
}

fn photos(
    question: &Question,
    now: &Shown<'_>,
    answers: &Answers,
    well: bool,
    camera: &mut impl Camera,
) -> Vec<Sha256> {
    let answer = answers.get(&question.id);
    let Some(rule) = question
        .photo
        .as_ref()
        .filter(|_| !answer.is_some_and(|a| a.not_applicable))
    else {
        return Vec::new();
    };
    let in_force = rule
        .when
        .as_ref()
        .is_none_or(|condition| now.holds(condition));
    let asked = question.kind == Type::Photo && now.requires(question);
    let needed = if in_force { rule.min } else { 0 }.max(u32::from(asked));
    let value = answer.and_then(|answer| answer.value.as_ref());
    camera.take(question, Answered { value, well }, needed..=rule.max)
}

/// A shopper before one question.
struct Shopper<'a> {
    checklist: &'a Checklist,
    circumstances: &'a Circumstances,
    question: &'a Question,
    dice: &'a mut Dice,
}

impl Shopper<'_> {
    /// The answer, without its photos, and whether it is a good one; `None` for a question that is left out.
    fn answer(&mut self, required: bool) -> Option<(Answer, bool)> {
        let question = self.question;
        if !required && question.kind != Type::Photo && self.dice.chance(0.4) {
            return None;
        }
        let may_not_apply = !matches!(
            question.not_applicable,
            NaPolicy::NotAllowed | NaPolicy::Fail
        );
        if may_not_apply && self.dice.chance(NOT_APPLICABLE) {
            return Some((
                Answer {
                    not_applicable: true,
                    ..Answer::default()
                },
                true,
            ));
        }
        let aim = (self.level() + STRAY * self.dice.noise()).clamp(0.0, 1.0);
        let settled = self
            .circumstances
            .settled
            .get(question.id.as_str())
            .cloned();
        let value = settled.or_else(|| self.value(aim));
        let well = match (&value, question.expected_minor) {
            (Some(Value::Bool(answer)), _) => *answer == question.expect.unwrap_or(true),
            (Some(Value::Integer(amount)), Some(expected)) => *amount == expected,
            _ => aim >= 0.5,
        };
        let comment = value.as_ref().and_then(|_| self.comment(well));
        Some((
            Answer {
                value,
                comment,
                ..Answer::default()
            },
            well,
        ))
    }

    /// How the visit went as far as this question goes; somewhat well where it asks for neither.
    fn level(&self) -> f64 {
        let Levels {
            service,
            experience,
        } = self.circumstances.levels;
        if !self.question.has_dimension() {
            return 0.7;
        }
        (f64::from(self.question.service_share) * service
            + f64::from(self.question.experience_share) * experience)
            / 100.0
    }

    fn comment(&mut self, well: bool) -> Option<String> {
        let question = self.question;
        let always = question.bonus && well || question.critical.is_some() && !well;
        let often = if well { 0.06 } else { 0.4 };
        (always || self.dice.chance(often))
            .then(|| words::remark(&question.id, well))
            .flatten()
            .map(str::to_owned)
    }

    fn value(&mut self, aim: f64) -> Option<Value> {
        let question = self.question;
        Some(match question.kind {
            Type::YesNo => Value::Bool(self.yes_no(aim)),
            Type::Choice => Value::Text(self.choice(aim)?),
            Type::MultiChoice => Value::Choices(self.choices(aim)),
            Type::Scale | Type::Emotion if question.steps.is_some() => {
                let steps = question.steps.iter().flatten();
                let points: Vec<i64> = steps.map(|step| step.points_milli).collect();
                Value::Integer(nearest(&points, aim, self.dice)? as i64 + 1)
            }
            Type::Emotion => Value::Integer(1 + (aim * 4.0).round() as i64),
            Type::Recommend => Value::Integer((aim * 10.0).round() as i64),
            Type::Number | Type::Duration | Type::Count => Value::Integer(self.amount(aim)),
            Type::Money => Value::Integer(self.money(aim)),
            Type::Text => Value::Text(self.text()),
            Type::Date => Value::Text(self.circumstances.arrived_at.format("%Y-%m-%d").to_string()),
            Type::Time => Value::Text(self.circumstances.arrived_at.format("%H:%M").to_string()),
            Type::LocationCheck => Value::Integer(self.distance_m()),
            Type::Scale | Type::Photo | Type::Heading => return None,
        })
    }

    /// At the location, as near as phones can tell.
    fn distance_m(&mut self) -> i64 {
        self.dice.between(0, 60)
    }

    fn yes_no(&mut self, aim: f64) -> bool {
        let question = self.question;
        let well = if question.critical.is_some() {
            !self.dice.chance(CRITICAL)
        } else if question.bonus {
            self.dice.chance(0.25 * aim)
        } else if question.has_dimension() {
            aim >= 0.5
        } else {
            // A fact such as 'did you complain': seldom so, and more seldom after a good visit.
            let Levels {
                service,
                experience,
            } = self.circumstances.levels;
            self.dice.chance(0.3 * (1.0 - service.min(experience)))
        };
        well == question.expect.unwrap_or(true)
    }

    fn choice(&mut self, aim: f64) -> Option<String> {
        let may_be_critical = self.dice.chance(CRITICAL * 5.0);
        let options: Vec<_> = self
            .question
            .options
            .iter()
            .flatten()
            .filter(|option| option.critical.is_none() || may_be_critical)
            .collect();
        if !self.question.has_dimension() {
            return self.dice.pick(&options).map(|option| option.id.clone());
        }
        let points: Vec<i64> = options.iter().map(|option| option.points_milli).collect();
        nearest(&points, aim, self.dice).map(|at| options[at].id.clone())
    }

    /// Of the options that earn, about as many as the visit was good; 'none of these' goes with no other.
    fn choices(&mut self, aim: f64) -> Vec<String> {
        let (good, other): (Vec<_>, Vec<_>) = self
            .question
            .options
            .iter()
            .flatten()
            .partition(|option| option.points_milli > 0);
        let chosen: Vec<String> = good
            .into_iter()
            .filter(|_| self.dice.chance(aim))
            .map(|option| option.id.clone())
            .collect();
        if chosen.is_empty() {
            let none = other.iter().find(|option| option.exclusive);
            let none = none.or(other.first());
            none.map(|o| o.id.clone()).into_iter().collect()
        } else {
            chosen
        }
    }

    /// A number in the band whose points come nearest.
    fn amount(&mut self, aim: f64) -> i64 {
        let question = self.question;
        let step = match question.kind {
            Type::Number => 10_i64.pow(3 - question.decimals.unwrap_or(0).min(3)),
            Type::Duration => 1000,
            _ => 1,
        };
        let least = question.minimum.unwrap_or(0);
        let most = question.maximum.unwrap_or(i64::MAX);
        let (from, to) = match &question.bands {
            Some(bands) => within_band(bands, aim, step, self.dice),
            None if question.kind == Type::Count => (0, 6),
            None => (0, 100_000),
        };
        let (from, to) = (from.max(least).min(most), to.min(most));
        self.dice
            .between((from + step - 1).div_euclid(step), to.div_euclid(step))
            * step
    }

    /// Nearly always what it should be; else somewhat more.
    fn money(&mut self, aim: f64) -> i64 {
        let question = self.question;
        let least = question.minimum.unwrap_or(0).max(500);
        let Some(expected) = question.expected_minor else {
            return self
                .dice
                .between(least, question.maximum.unwrap_or(least + 5000));
        };
        let tolerance = question.tolerance_minor.unwrap_or(0);
        if aim < 0.25 {
            expected + tolerance + self.dice.between(20, 400)
        } else {
            expected
        }
    }

    fn text(&mut self) -> String {
        let Levels {
            service,
            experience,
        } = self.circumstances.levels;
        let well = (service >= 0.65, experience >= 0.65);
        let words_min = self.question.words_min.unwrap_or(0) as usize;
        let text = if self.question.show_if.is_some() && words_min == 0 {
            words::wish(well, self.dice)
        } else {
            words::story(&self.checklist.industry, well, words_min, self.dice)
        };
        let most = self
            .question
            .characters_max
            .map_or(usize::MAX, |most| most as usize);
        text.chars().take(most).collect()
    }
}

/// The index of the points that come nearest to the share `aim` of the best; one of those that come equally near.
fn nearest(points: &[i64], aim: f64, dice: &mut Dice) -> Option<usize> {
    let best = points.iter().copied().max()?.max(1);
    let distance = |points: i64| (points as f64 / best as f64 - aim).abs();
    let least = points
        .iter()
        .map(|points| distance(*points))
        .fold(f64::INFINITY, f64::min);
    let near: Vec<usize> = (0..points.len())
        .filter(|at| distance(points[*at]) <= least + 1e-9)
        .collect();
    dice.pick(&near).copied()
}

/// The bounds of the band whose points come nearest. The first is taken from a sixth of its bound, the last goes on for
/// half as much again.
fn within_band(bands: &[Band], aim: f64, step: i64, dice: &mut Dice) -> (i64, i64) {
    let points: Vec<i64> = bands.iter().map(|band| band.points_milli).collect();
    let Some(at) = nearest(&points, aim, dice) else {
        return (0, 0);
    };
    let below = at.checked_sub(1).and_then(|before| bands[before].up_to);
    match (below, bands[at].up_to) {
        (None, Some(up_to)) => (up_to / 6, up_to),
        (Some(below), Some(up_to)) => (below + step, up_to),
        (Some(below), None) => (below + step, below + step + below / 2),
        (None, None) => (0, 100_000),
    }
}
