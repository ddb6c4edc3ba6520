//! Answers of every type in three languages. Test code only.

use serde_json::{Value as Json, json};

use super::*;
use crate::domain::answer::given;

fn question(kind: &str, more: Json) -> Question {
    let mut question = json!({
        "id": "q", "type": kind, "text": {"en": "?"}, "service_share": 0, "experience_share": 0,
        "required": true, "not_applicable": "exclude", "bonus": false, "timer": false,
    });
    let more = more.as_object().expect("an object").clone();
    question.as_object_mut().expect("an object").extend(more);
    serde_json::from_value(question).expect("a question")
}

/// The answer in English, Dutch and German.
fn told(question: &Question, answer: Json) -> [String; 3] {
    let answer = serde_json::from_value(answer).expect("an answer");
    let languages = ["en".to_owned(), "nl".to_owned(), "de".to_owned()];
    ["en", "nl-BE", "de"]
        .map(|tag| answer_text(question, given(question, Some(&answer)), tag, &languages))
}

fn value(question: &Question, value: impl Into<Json>) -> [String; 3] {
    told(question, json!({ "value": value.into() }))
}

#[test]
fn yes_and_no() {
    let question = question("yes_no", json!({}));
    assert_eq!(value(&question, true), ["Yes", "Ja", "Ja"]);
    assert_eq!(value(&question, false), ["No", "Nee", "Nein"]);
}

#[test]
fn choices_are_told_by_their_texts_in_the_order_of_the_checklist() {
    let options = json!({"options": [
        {"id": "bread", "text": {"en": "Bread", "nl": "Brood"}, "points_milli": 0},
        {"id": "water", "text": {"en": "Water", "nl": "Water"}, "points_milli": 0},
    ]});
    assert_eq!(
        value(&question("choice", options.clone()), "bread"),
        ["Bread", "Brood", "Bread"]
    );
    let several = question("multi_choice", options);
    assert_eq!(
        value(&several, json!(["water", "bread"]))[1],
        "Brood, Water"
    );
    assert_eq!(
        value(&several, json!([])),
        ["None of these", "Geen van deze", "Nichts davon"]
    );
}

#[test]
fn steps_and_faces_have_words_and_a_place() {
    let steps = json!({"steps": [
        {"text": {"en": "Cold"}, "points_milli": 0}, {"text": {"en": "Warm"}, "points_milli": 1},
    ]});
    assert_eq!(
        value(&question("scale", steps), 2),
        ["Warm (2 of 2)", "Warm (2 van 2)", "Warm (2 von 2)"]
    );
    let face = question("emotion", json!({}));
    assert_eq!(
        value(&face, 1),
        [
            "Very bad (1 of 5)",
            "Heel slecht (1 van 5)",
            "Sehr schlecht (1 von 5)"
        ]
    );
    assert_eq!(
        value(&question("recommend", json!({})), 9),
        ["9 of 10", "9 van 10", "9 von 10"]
    );
}

#[test]
fn numbers_have_units_and_no_needless_zeros() {
    let degrees = question("number", json!({"unit": {"en": "degrees", "nl": "graden"}}));
    assert_eq!(
        value(&degrees, 21_500),
        ["21.5 degrees", "21,5 graden", "21,5 degrees"]
    );
    assert_eq!(value(&degrees, -10_000)[0], "\u{2212}10 degrees");
    assert_eq!(value(&question("number", json!({})), 50)[0], "0.05");
    assert_eq!(value(&question("number", json!({})), 0)[0], "0");
    assert_eq!(value(&question("count", json!({})), 1200)[0], "1200");
}

#[test]
fn durations_are_rounded_to_seconds_once() {
    let wait = question("duration", json!({}));
    assert_eq!(value(&wait, 45_000)[0], "45 s");
    assert_eq!(value(&wait, 59_499)[0], "59 s");
    assert_eq!(value(&wait, 59_500)[0], "1:00 min");
    assert_eq!(value(&wait, 125_000)[1], "2:05 min");
    assert_eq!(
        value(&wait, 3_723_000),
        ["1:02:03 h", "1:02:03 uur", "1:02:03 Std."]
    );
}

#[test]
fn money_has_the_decimals_of_its_currency() {
    let euro = question("money", json!({"currency": "EUR"}));
    assert_eq!(
        value(&euro, 6_450),
        ["€64.50", "€\u{a0}64,50", "64,50\u{a0}€"]
    );
    assert_eq!(value(&euro, -5)[0], "\u{2212}€0.05");
    assert_eq!(
        value(&question("money", json!({"currency": "JPY"})), 900)[0],
        "JPY\u{a0}900"
    );
    assert_eq!(
        value(&question("money", json!({"currency": "KWD"})), 1_250)[2],
        "1,250\u{a0}KWD"
    );
}

#[test]
fn days_are_written_out() {
    let date = question("date", json!({}));
    assert_eq!(
        value(&date, "2026-03-02"),
        ["2 March 2026", "2 maart 2026", "2. März 2026"]
    );
}

#[test]
fn a_time_of_day_is_never_told_to_the_minute() {
    let time = question("time", json!({}));
    assert_eq!(value(&time, "13:05"), ["Afternoon", "Middag", "Nachmittag"]);
    assert_eq!(value(&time, "00:00")[0], "Night");
    assert_eq!(value(&time, "23:59")[0], "Evening");
    assert_eq!(value(&time, "about 13:05, I think")[0], "");
    assert_eq!(value(&time, "99:05")[0], "");
}

#[test]
fn texts_stay_as_they_were_written() {
    assert_eq!(
        value(&question("text", json!({})), " Look up!\nOnce. ")[0],
        "Look up!\nOnce."
    );
}

#[test]
fn photos_are_counted_and_nothing_is_empty() {
    let photo = question("photo", json!({"photo": {"min": 0, "max": 3}}));
    let digest = "00".repeat(32);
    assert_eq!(
        told(&photo, json!({"photos": [digest]})),
        ["1 photo", "1 foto", "1 Foto"]
    );
    assert_eq!(
        told(&photo, json!({"photos": [digest, digest]}))[1],
        "2 foto’s"
    );
    assert_eq!(
        told(
            &question("yes_no", json!({})),
            json!({"not_applicable": true})
        )[0],
        ""
    );
    assert_eq!(value(&question("yes_no", json!({})), "maybe")[0], "");
}

#[test]
fn the_language_is_the_first_wanted_one_that_the_checklist_has() {
    let languages = ["en".to_owned(), "nl".to_owned(), "pt-BR".to_owned()];
    assert_eq!(reading_language(&languages, &["nl"]), "nl");
    assert_eq!(reading_language(&languages, &["NL-be"]), "nl");
    assert_eq!(reading_language(&languages, &["pt"]), "pt-BR");
    assert_eq!(reading_language(&languages, &["fr", "nl"]), "nl");
    assert_eq!(reading_language(&languages, &["fr", ""]), "en");
    assert_eq!(reading_language(&[], &["fr"]), "en");
}
