//! Random answers: fitting ones, and everything that may stand where an answer should.
//!
//! Not here: which questions they answer (`checklist.rs`).

use std::iter::once;

use plainclothes::domain::answer::{DISTANCE_M_MAX, INTEGER_MAX};
use plainclothes::domain::checklist::{NaPolicy, Question, QuestionType as Type};
use serde_json::{Map, Value as Json, json};

use super::AnswerSet;
use super::choices::Choices;

/// Blanks by Unicode, by JavaScript and by neither; days and hours, some that never were; all with and without words.
pub const TEXTS: [&str; 30] = [
    "T",
    "two words",
    "een\u{a0}twee\n drie",
    "",
    " \t\r\n",
    "\u{85}",
    "\u{feff}",
    "a\u{85}b\u{feff}c",
    "\u{200b}",
    "\u{1680}\u{2028}\u{3000}",
    "\u{180e}",
    "🧾🧾🧾🧾🧾🧾🧾",
    "e\u{301}e\u{301}e\u{301}",
    "שלום עליכם",
    "2026-11-22",
    "2026-02-29",
    "2028-02-29",
    "2100-02-29",
    "0000-02-29",
    "0000-01-01",
    "9999-12-31",
    "2026-13-01",
    "2026-1-1",
    "٢٠٢٦-١١-٢٢",
    "13:05",
    "00:00",
    "24:00",
    "23:60",
    "7:05",
    "13:05:00",
];

/// Answers to all of these questions, each built from its numbers.
pub fn set<'n>(
    questions: &[&Question],
    numbers: impl Iterator<Item = &'n [u16]>,
    enterable: bool,
) -> AnswerSet {
    let mut answers = Map::new();
    let mut photos = 0;
    for (question, numbers) in questions.iter().zip(numbers) {
        let choices = &mut Choices::new(numbers);
        let answer = if enterable || choices.below(3) == 0 {
            entered(choices, question, &mut photos)
        } else {
            any(choices, question)
        };
        if let Some(answer) = answer.filter(|_| question.kind != Type::Heading || !enterable) {
            answers.insert(question.id.clone(), answer);
        }
        if !enterable && choices.one_in(40) {
            answers.insert("unknown".to_owned(), json!({"value": true}));
        }
    }
    AnswerSet {
        answers: Json::Object(answers),
        enterable,
    }
}

/// What a phone's controls could make of it, if anything; no two photos are the same.
fn entered(choices: &mut Choices<'_>, question: &Question, photos: &mut usize) -> Option<Json> {
    let mut answer = json!({});
    match choices.below(6) {
        0 => {}
        1 if question.not_applicable != NaPolicy::NotAllowed => {
            answer["not_applicable"] = json!(true);
        }
        _ => {
            if let Some(value) = fitting(choices, question) {
                answer["value"] = value;
            }
        }
    }
    if question.kind == Type::LocationCheck && choices.one_in(2) {
        answer["accuracy_m"] = json!(choices.integer(0, DISTANCE_M_MAX));
    }
    if let Some(rule) = &question.photo
        && choices.below(4) != 0
    {
        let few = choices.below(4);
        let count = choices.of(&[few, few, rule.min as usize, rule.max as usize + 1]);
        answer["photos"] = (*photos..*photos + count).map(photo).collect();
        *photos += count;
    }
    if choices.one_in(8) {
        answer["comment"] = json!("late");
    }
    (answer != json!({})).then_some(answer)
}

fn photo(number: usize) -> Json {
    json!(format!("{number:064x}"))
}

/// A value of the right type; None for types that have none.
fn fitting(choices: &mut Choices<'_>, question: &Question) -> Option<Json> {
    let options = question.options.as_deref().unwrap_or_default();
    let value = match question.kind {
        Type::YesNo => json!(choices.below(2) == 0),
        Type::Choice => json!(options[choices.below(options.len())].id),
        Type::MultiChoice => {
            // An option that stands alone does so; the others in any order.
            let alone = choices.one_in(4);
            let mut ids: Vec<&str> = Vec::new();
            for option in options.iter().filter(|option| option.exclusive == alone) {
                let room = !alone || ids.is_empty();
                if room && choices.one_in(2) {
                    ids.insert(choices.below(ids.len() + 1), &option.id);
                }
            }
            json!(ids)
        }
        Type::Scale => json!(1 + choices.below(question.steps.as_ref().map_or(1, Vec::len))),
        Type::Emotion => json!(1 + choices.below(5)),
        Type::Recommend => json!(choices.below(11)),
        Type::LocationCheck => json!(amount(choices, question).clamp(0, DISTANCE_M_MAX)),
        Type::Number | Type::Duration | Type::Money | Type::Count => {
            json!(amount(choices, question).clamp(-INTEGER_MAX, INTEGER_MAX))
        }
        Type::Text | Type::Date | Type::Time => json!(choices.of(&TEXTS)),
        Type::Photo | Type::Heading => return None,
    };
    Some(value)
}

/// As a rule near something that matters for this question.
fn amount(choices: &mut Choices<'_>, question: &Question) -> i64 {
    let tolerance = question.tolerance_minor.unwrap_or(0);
    let expected = question.expected_minor;
    let bands = question
        .bands
        .iter()
        .flatten()
        .filter_map(|band| band.up_to);
    let own = [
        question.minimum,
        question.maximum,
        expected.map(|expected| expected.saturating_sub(tolerance)),
        expected.map(|expected| expected.saturating_add(tolerance)),
        question.within_m.map(i64::from),
    ];
    let edges: Vec<i64> = once(0)
        .chain(bands)
        .chain(own.into_iter().flatten())
        .collect();
    if choices.below(4) == 0 {
        return choices.integer(-INTEGER_MAX, INTEGER_MAX);
    }
    choices.of(&edges).saturating_add(choices.of(&[0, 1, -1]))
}

/// Anything but a member that no program could read. Left out are numbers such as 1.0 and -0, which JavaScript cannot
/// tell from 1 and 0, and which no phone writes.
fn any(choices: &mut Choices<'_>, question: &Question) -> Option<Json> {
    let mut answer = json!({});
    let value = match choices.below(8) {
        0 => None,
        1..=3 => fitting(choices, question),
        _ => Some(unfit(choices, question)),
    };
    if let Some(value) = value {
        answer["value"] = value;
    }
    if choices.one_in(4) {
        answer["not_applicable"] = json!(choices.below(3) != 2);
    }
    if choices.one_in(4) {
        answer["photos"] = (0..choices.below(5))
            .map(|_| photo(choices.below(3)))
            .collect();
    }
    if choices.one_in(8) {
        answer["comment"] = json!(choices.of(&TEXTS));
    }
    Some(answer)
}

fn unfit(choices: &mut Choices<'_>, question: &Question) -> Json {
    let option = question
        .options
        .iter()
        .flatten()
        .next()
        .map_or("o0", |option| &option.id);
    let integers = [
        0,
        -1,
        1,
        6,
        11,
        21,
        INTEGER_MAX,
        -INTEGER_MAX,
        INTEGER_MAX + 1,
        -INTEGER_MAX - 1,
        i64::MAX,
        i64::MIN,
        DISTANCE_M_MAX + 1,
    ];
    match choices.below(16) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(2.5),
        3 => json!(1e300),
        4 => json!(u64::MAX),
        5 => json!([]),
        6 => json!([option, option]),
        7 => json!([option, "nope"]),
        8 => json!(["nope"]),
        9 => json!([option, 1]),
        10 => json!({}),
        11 => json!({"value": 1}),
        12 => json!(option),
        13 => json!(choices.of(&["toString", "constructor", "__proto__", "1", "true"])),
        14 => question
            .options
            .iter()
            .flatten()
            .map(|option| json!(option.id))
            .collect(),
        _ => json!(choices.of(&integers)),
    }
}
