//! An answer as people read it: `Yes`, `Friendly (4 of 5)`, `2:05 min`, `€64.50`.
//!
//! The words around a checklist's own texts exist in English, Dutch and German; every other language gets the English
//! ones. A time of day is only ever told as a part of the day, since the minute could show who the shopper was. Not here:
//! what an answer earned, and the labels of a page or a paper.

#[cfg(test)]
mod tests;
mod words;

use chrono::{Datelike as _, NaiveDate};

use self::words::{Money, Words};
use crate::domain::answer::{Given, Value};
use crate::domain::checklist::{Question, QuestionType, minor_digits};

/// `given` in words, in `language` where question and words have it; `languages` is the checklist's own list. Empty when
/// nothing was answered, and for 'not applicable', which is no answer.
pub fn answer_text(
    question: &Question,
    given: Given<'_>,
    language: &str,
    languages: &[String],
) -> String {
    let teller = Teller {
        question,
        language,
        languages,
        words: Words::of(language),
    };
    match given {
        Given::Nothing | Given::NotApplicable => String::new(),
        Given::Photos(1) => format!("1 {}", teller.words.photo),
        Given::Photos(count) => format!("{count} {}", teller.words.photos),
        Given::Value(value) => teller.tell(value),
    }
}

/// The first of `wanted` that a checklist with these `languages` has ('nl-BE' finds 'nl'), else the checklist's first.
pub fn reading_language<'a>(languages: &'a [String], wanted: &[&str]) -> &'a str {
    let exact = |tag: &str| languages.iter().find(|has| has.eq_ignore_ascii_case(tag));
    let alike = |tag: &str| {
        languages
            .iter()
            .find(|has| base(has).eq_ignore_ascii_case(base(tag)))
    };
    wanted
        .iter()
        .find_map(|tag| exact(tag).or_else(|| alike(tag)))
        .or_else(|| languages.first())
        .map_or("en", String::as_str)
}

/// 'nl' of 'nl-BE'.
fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

struct Teller<'a> {
    question: &'a Question,
    language: &'a str,
    languages: &'a [String],
    words: &'static Words,
}

impl Teller<'_> {
    fn tell(&self, value: &Value) -> String {
        use QuestionType as Type;
        match (self.question.kind, value) {
            (Type::YesNo, Value::Bool(true)) => self.words.yes.to_owned(),
            (Type::YesNo, Value::Bool(false)) => self.words.no.to_owned(),
            (Type::Choice, Value::Text(id)) => self.options(std::slice::from_ref(id)),
            (Type::MultiChoice, Value::Choices(ids)) if ids.is_empty() => {
                self.words.none_of_these.to_owned()
            }
            (Type::MultiChoice, Value::Choices(ids)) => self.options(ids),
            (Type::Scale, Value::Integer(step)) => self.step(*step, ""),
            (Type::Emotion, Value::Integer(face)) => {
                let at = usize::try_from(face - 1).unwrap_or(usize::MAX);
                self.step(*face, self.words.moods.get(at).unwrap_or(&""))
            }
            (Type::Recommend, Value::Integer(mark)) => self.of(*mark, 10),
            (Type::Number, Value::Integer(thousandths)) => {
                self.with_unit(decimal(*thousandths, 3, self.words).trimmed())
            }
            (Type::Count, Value::Integer(count)) => self.with_unit(count.to_string()),
            (Type::Duration, Value::Integer(ms)) => duration(*ms, self.words),
            (Type::Money, Value::Integer(minor)) => self.money(*minor),
            (Type::LocationCheck, Value::Integer(metres)) => format!("{metres}{NO_BREAK}m"),
            (Type::Text, Value::Text(text)) => text.trim().to_owned(),
            (Type::Date, Value::Text(text)) => day(text, self.words),
            (Type::Time, Value::Text(text)) => part_of_day(text, self.words).to_owned(),
            _ => String::new(),
        }
    }

    /// In the checklist's order, whatever the order of choosing was.
    fn options(&self, chosen: &[String]) -> String {
        let texts: Vec<&str> = self
            .question
            .options
            .iter()
            .flatten()
            .filter(|option| chosen.contains(&option.id))
            .map(|option| option.text.in_language(self.language, self.languages))
            .collect();
        texts.join(", ")
    }

    /// The words of a step of a scale or of a face, with the place of the step; `otherwise` where the checklist has none.
    fn step(&self, step: i64, otherwise: &str) -> String {
        let steps = self.question.steps.as_deref().unwrap_or_default();
        let of = if steps.is_empty() { 5 } else { steps.len() };
        let words = usize::try_from(step - 1)
            .ok()
            .and_then(|at| steps.get(at))
            .map_or(otherwise, |step| {
                step.text.in_language(self.language, self.languages)
            });
        format!("{words} ({})", self.of(step, of))
    }

    fn of(&self, part: i64, whole: usize) -> String {
        format!("{part} {} {whole}", self.words.of)
    }

    fn with_unit(&self, number: String) -> String {
        match &self.question.unit {
            Some(unit) => format!(
                "{number} {}",
                unit.in_language(self.language, self.languages)
            ),
            None => number,
        }
    }

    fn money(&self, minor: i64) -> String {
        let currency = self.question.currency.as_deref().unwrap_or_default();
        let Decimal { sign, digits } = decimal(minor, minor_digits(currency), self.words);
        let symbol = match currency {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            code => code,
        };
        match self.words.money {
            Money::Before if symbol != currency => format!("{sign}{symbol}{digits}"),
            Money::Before | Money::BeforeApart => format!("{sign}{symbol}{NO_BREAK}{digits}"),
            Money::After => format!("{sign}{digits}{NO_BREAK}{symbol}"),
        }
    }
}

/// Keeps an amount and its currency on one line.
const NO_BREAK: char = '\u{a0}';
const MINUS: &str = "\u{2212}";

struct Decimal {
    sign: &'static str,
    digits: String,
}

impl Decimal {
    /// Without zeros that say nothing.
    fn trimmed(self) -> String {
        let digits = self
            .digits
            .trim_end_matches('0')
            .trim_end_matches(['.', ',']);
        format!("{}{digits}", self.sign)
    }
}

/// A whole number of units of which 10 to the power of `decimals` make 1.
fn decimal(number: i64, decimals: u32, words: &Words) -> Decimal {
    let unit = 10_u64.pow(decimals);
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    let digits = match decimals as usize {
        0 => whole.to_string(),
        width => format!("{whole}{}{rest:0width$}", words.decimal_mark),
    };
    Decimal {
        sign: if number < 0 { MINUS } else { "" },
        digits,
    }
}

/// Whole seconds, rounded half up: `45 s`, `2:05 min`, `1:02:03 h`.
fn duration(ms: i64, words: &Words) -> String {
    let seconds = ms.max(0).saturating_add(500) / 1000;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} s"),
        (0, _) => format!("{minutes}:{rest:02} min"),
        _ => format!("{hours}:{minutes:02}:{rest:02} {}", words.hours),
    }
}

/// `2026-11-22` as '22 November 2026'; nothing of what is no day, which might tell more.
fn day(text: &str, words: &Words) -> String {
    let Ok(day) = text.parse::<NaiveDate>() else {
        return String::new();
    };
    let month = words.months[day.month0() as usize];
    format!("{}{} {month} {}", day.day(), words.day_mark, day.year())
}

/// `13:05` as 'Afternoon'; nothing of what is no time.
fn part_of_day(text: &str, words: &Words) -> &'static str {
    let hour = text
        .split(':')
        .next()
        .and_then(|hour| hour.parse::<usize>().ok());
    hour.and_then(|hour| words.parts_of_day.get(hour / 6))
        .copied()
        .unwrap_or_default()
}
