//! Values and conditions of a checklist in plain English, as its author would say or write them.
//!
//! Not here: answers (`answer_text/`), and what changed (the rest of `diff/`).

use crate::domain::checklist::conditions::{Condition, Scalar, Test};
use crate::domain::checklist::currency::minor_digits;
use crate::domain::checklist::model::{
    Band, Critical, CriticalEffect, Document, Follows, PhotoRule, Question, QuestionType,
};

/// Characters of a text that stand in a sentence; what is longer is cut.
const QUOTED_CHARACTERS_MAX: usize = 80;

/// In quotes, on one line, and not too long. What would steer a terminal, or turn its writing round, is left out.
pub fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line
        .chars()
        .filter(|character| !character.is_control() && !turns_writing(*character))
        .take(QUOTED_CHARACTERS_MAX + 1)
        .collect();
    if shown.chars().count() > QUOTED_CHARACTERS_MAX {
        shown.pop();
        shown.push('…');
    }
    format!("“{shown}”")
}

fn turns_writing(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `value` units of which `10^digits` make one, without zeros at the end.
pub fn decimal(value: i64, digits: u32) -> String {
    let one = 10_u64.pow(digits);
    let (whole, rest) = (value.unsigned_abs() / one, value.unsigned_abs() % one);
    let sign = if value < 0 { "−" } else { "" };
    let fraction = format!("{rest:0width$}", width = digits as usize);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

pub fn points(milli: i64) -> String {
    decimal(milli, 3)
}

/// Millionths as percent, with all their decimals.
pub fn percent(micros: i64) -> String {
    format!("{} %", decimal(micros, 4))
}

/// Millionths as percent with one decimal, for what is no round number anyway.
pub fn about_percent(micros: i64) -> String {
    format!("{} %", decimal((micros + 500).div_euclid(1_000), 1))
}

pub fn or_none<T>(value: Option<&T>, words: impl FnOnce(&T) -> String) -> String {
    value.map_or_else(|| "none".to_owned(), words)
}

pub fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

/// The name that a value has in a checklist.
pub fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("only names of one word are asked for, not {other:?}"),
    }
}

/// An amount in the unit of the question's answers.
pub fn quantity(question: &Question, value: i64) -> String {
    match question.kind {
        QuestionType::Duration => duration(value),
        QuestionType::LocationCheck => format!("{value}m"),
        QuestionType::Number => decimal(value, 3),
        QuestionType::Money => {
            let currency = question.currency.as_deref().unwrap_or_default();
            format!("{} {currency}", decimal(value, minor_digits(currency)))
        }
        _ => decimal(value, 0),
    }
}

fn duration(value_ms: i64) -> String {
    let mut rest = value_ms;
    let mut parts = String::new();
    for (unit, unit_ms) in [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
        if rest >= unit_ms {
            parts.push_str(&format!("{}{unit}", rest / unit_ms));
            rest %= unit_ms;
        }
    }
    if parts.is_empty() {
        parts.push_str("0s");
    }
    parts
}

pub fn critical(critical: &Critical) -> String {
    match (critical.effect, critical.cap_micros) {
        (CriticalEffect::CapAudit, Some(cap)) => {
            format!("caps the audit at {}", percent(cap))
        }
        (CriticalEffect::CapAudit, None) => "caps the audit".to_owned(),
        (CriticalEffect::FailSection, _) => "fails the section".to_owned(),
        (CriticalEffect::FailAudit, _) => "fails the audit".to_owned(),
        (CriticalEffect::ZeroSection, _) => "makes the section 0".to_owned(),
        (CriticalEffect::ZeroAudit, _) => "makes the audit 0".to_owned(),
    }
}

pub fn bands(question: &Question, bands: &[Band]) -> String {
    let band = |band: &Band| {
        let reach = match band.up_to {
            Some(up_to) => format!("up to {}", quantity(question, up_to)),
            None => "above".to_owned(),
        };
        format!("{reach}: {}", points(band.points_milli))
    };
    bands.iter().map(band).collect::<Vec<_>>().join(", ")
}

pub fn photo(document: &Document, rule: &PhotoRule) -> String {
    let PhotoRule { min, max, when } = rule;
    let number = if min == max {
        format!("exactly {min}")
    } else {
        format!("{min} to {max}")
    };
    match when {
        Some(when) => format!("{number}, when {}", condition(document, when)),
        None => number,
    }
}

pub fn follows(follows: &Follows) -> String {
    match follows.days_max {
        Some(days) => format!("{} within {days} days", follows.checklist),
        None => follows.checklist.clone(),
    }
}

/// A condition over the questions of `document`: `“Did you complain?” is yes`.
pub fn condition(document: &Document, condition: &Condition) -> String {
    clause(document, condition, true)
}

fn clause(document: &Document, condition: &Condition, outermost: bool) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| clause(document, part, parts.len() == 1 && outermost))
            .collect();
        match parts.len() {
            1 => parts.concat(),
            _ if outermost => parts.join(word),
            _ => format!("({})", parts.join(word)),
        }
    };
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not ({})", clause(document, part, true)),
        Condition::Question { question, test } => match document.question(question) {
            Some(asked) => {
                let text = asked.text.in_language("", &document.languages);
                format!("{} {}", quoted(text), predicate(document, asked, test))
            }
            None => format!("`{question}` {}", test.name()),
        },
    }
}

fn predicate(document: &Document, asked: &Question, test: &Test) -> String {
    let option = |id: &str| match asked.option(id) {
        Some(option) => quoted(option.text.in_language("", &document.languages)),
        None => format!("`{id}`"),
    };
    let value = |scalar: &Scalar| match scalar {
        Scalar::Bool(true) => "yes".to_owned(),
        Scalar::Bool(false) => "no".to_owned(),
        Scalar::Integer(number) => quantity(asked, *number),
        Scalar::Text(id) if asked.options.is_some() => option(id),
        Scalar::Text(text) => quoted(text),
    };
    match test {
        Test::Equals(scalar) => format!("is {}", value(scalar)),
        Test::NotEquals(scalar) => format!("is answered other than {}", value(scalar)),
        Test::OneOf(scalars) => {
            let values: Vec<String> = scalars.iter().map(value).collect();
            format!("is {}", values.join(" or "))
        }
        Test::Contains(id) => format!("includes {}", option(id)),
        Test::AtLeast(bound) => format!("is at least {}", quantity(asked, *bound)),
        Test::AtMost(bound) => format!("is at most {}", quantity(asked, *bound)),
        Test::Answered(true) => "is answered".to_owned(),
        Test::Answered(false) => "is not answered".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_amounts_as_a_checklist_does() {
        assert_eq!(points(2_500), "2.5");
        assert_eq!(points(-10_000), "−10");
        assert_eq!(points(-125), "−0.125");
        assert_eq!(percent(805_000), "80.5 %");
        assert_eq!(about_percent(166_667), "16.7 %");
        assert_eq!(duration(90_000), "1m30s");
        assert_eq!(duration(3_600_500), "1h500ms");
        assert_eq!(duration(0), "0s");
    }

    #[test]
    fn quotes_on_one_line_and_steers_no_terminal() {
        assert_eq!(quoted("Two\n  lines"), "“Two lines”");
        assert_eq!(quoted("red \u{1b}[31m\u{202e}"), "“red [31m”");
        let long = quoted(&"é".repeat(200));
        assert_eq!(long.chars().count(), QUOTED_CHARACTERS_MAX + 3);
        assert!(long.ends_with("…”"));
    }
}
