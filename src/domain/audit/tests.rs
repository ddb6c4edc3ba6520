//! Documents against a checklist: what the version's schema refuses, and what only the check can see.

use serde_json::{Value, json};

use super::{AuditDocument, check};
use crate::domain::checklist::Checklist;
use crate::domain::checklist::schema::audit_schema;

const YAML: &str = "
checklist: test
version: 3
languages: [en]
title: Test
industry: test
scoring: {not_applicable: exclude}
sections:
  - id: only
    title: Only
    weight: 1
    questions:
      - {id: head, type: heading, text: T}
      - {id: clean, type: yes_no, text: T, dimension: service, points: 1, photo: {min: 1, max: 2, if: {question: clean, equals: false}}}
      - {id: pick, type: choice, text: T, not_applicable: not_allowed, options: [{id: a, text: A}, {id: b, text: B}]}
      - {id: picks, type: multi_choice, text: T, required: false, options: [{id: a, text: A}, {id: b, text: B}]}
      - {id: why, type: text, text: T, words_min: 3, characters_max: 40, show_if: {question: pick, equals: b}, required_if: {question: clean, equals: false}}
      - {id: step, type: scale, text: T, required: false, steps: [{text: A}, {text: B}]}
      - {id: heat, type: number, text: T, required: false, minimum: -10, maximum: 50.5}
      - {id: wait, type: duration, text: T, required: false, maximum: 1h}
      - {id: bill, type: money, text: T, required: false, currency: EUR}
      - {id: day, type: date, text: T, required: false}
      - {id: hour, type: time, text: T, required: false}
      - {id: face, type: emotion, text: T, required: false}
      - {id: mark, type: recommend, text: T, required: false}
      - {id: proof, type: photo, text: T, required: false, photo: {min: 2, max: 3}}
";

fn checklist() -> Checklist {
    Checklist::parse_yaml(YAML).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn photo(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

/// A document with these answers, which lists the photos that they name.
fn document(answers: Value) -> Value {
    let named = answers
        .as_object()
        .unwrap()
        .values()
        .filter_map(|answer| answer["photos"].as_array())
        .flatten();
    let mut listed: Vec<&Value> = Vec::new();
    for photo in named {
        if !listed.contains(&photo) {
            listed.push(photo);
        }
    }
    let photos: Vec<Value> = listed
        .iter()
        .map(|sha256| json!({"sha256": sha256, "size_bytes": 70_000, "type": "image/jpeg", "taken_at": "2026-11-22T12:10:00+01:00"}))
        .collect();
    json!({
        "format": 1,
        "audit": "019b0000-0000-7000-8000-000000000001",
        "visit": "019b0000-0000-7000-8000-000000000002",
        "checklist": checklist().sha256().to_string(),
        "started_at": "2026-11-22T12:00:00.125+01:00",
        "finished_at": "2026-11-22T12:40:00+01:00",
        "elapsed_ms": 2_400_000,
        "server_time_difference_ms": -250,
        "language": "en",
        "answers": answers,
        "photos": photos,
        "score": {"total_micros": 1_000_000, "service_micros": 1_000_000, "experience_micros": null, "engine": 1},
        "app_version": "0.1.0",
        "a_member_of_a_later_phone": {"anything": true},
    })
}

/// The least that has to be answered, with `more` on top; null takes an answer away.
fn answers(more: Value) -> Value {
    let mut answers = json!({"clean": {"value": true}, "pick": {"value": "a"}});
    for (id, answer) in more.as_object().unwrap() {
        match answer {
            Value::Null => answers.as_object_mut().unwrap().remove(id),
            answer => answers
                .as_object_mut()
                .unwrap()
                .insert(id.clone(), answer.clone()),
        };
    }
    answers
}

fn schema_refuses(document: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(&audit_schema(&checklist())).unwrap();
    validator
        .iter_errors(document)
        .map(|error| error.instance_path().to_string())
        .collect()
}

fn check_says(document: &Value) -> Vec<(String, String)> {
    let document: AuditDocument = serde_json::from_value(document.clone()).unwrap();
    check(&checklist(), &document)
        .into_iter()
        .map(|problem| (problem.pointer, problem.message))
        .collect()
}

#[track_caller]
fn sound(more: Value) {
    let document = document(answers(more));
    assert_eq!(schema_refuses(&document), Vec::<String>::new());
    assert_eq!(check_says(&document), []);
}

/// The schema is content, the check is not.
#[track_caller]
fn unsound(more: Value, expected: &[(&str, &str)]) {
    let document = document(answers(more));
    assert_eq!(schema_refuses(&document), Vec::<String>::new());
    let said = check_says(&document);
    let said: Vec<(&str, &str)> = said
        .iter()
        .map(|(pointer, message)| (pointer.as_str(), message.as_str()))
        .collect();
    assert_eq!(said, expected);
}

#[test]
fn sound_documents_pass_both() {
    sound(json!({}));
    sound(json!({"clean": {"not_applicable": true, "comment": "closed"}}));
    sound(
        json!({"picks": {"value": []}, "step": {"value": 2}, "heat": {"value": -10_000}, "wait": {"value": 0}, "bill": {"value": 1_250},
        "day": {"value": "2028-02-29"}, "hour": {"value": "23:59"}, "face": {"value": 5}, "mark": {"value": 0}}),
    );
    sound(
        json!({"clean": {"value": false, "photos": [photo(1)], "recorded_at": "2026-11-22T12:01:00Z", "mood": "later phone"}}),
    );
    sound(json!({"pick": {"value": "b"}, "why": {"value": ""}}));
    sound(
        json!({"pick": {"value": "b"}, "clean": {"value": false, "photos": [photo(1)]}, "why": {"value": "it was dusty"}}),
    );
    sound(json!({"proof": {"photos": [photo(1), photo(2)]}}));
    // One photo may prove two answers.
    sound(
        json!({"proof": {"photos": [photo(1), photo(2)]}, "clean": {"value": true, "photos": [photo(1)]}}),
    );
}

#[test]
fn the_schema_refuses_shapes_types_and_bounds() {
    let refused = |more: Value, pointer: &str| {
        let refusals = schema_refuses(&document(answers(more.clone())));
        assert_eq!(refusals, [pointer], "{more}");
    };
    refused(json!({"nobody": {"value": true}}), "/answers");
    refused(json!({"head": {"value": true}}), "/answers");
    refused(json!({"clean": {"value": "yes"}}), "/answers/clean/value");
    refused(
        json!({"clean": {"value": true, "not_applicable": true}}),
        "/answers/clean",
    );
    refused(
        json!({"clean": {"not_applicable": false}}),
        "/answers/clean/not_applicable",
    );
    refused(
        json!({"clean": {"value": true, "photos": [photo(1), photo(2), photo(3)]}}),
        "/answers/clean/photos",
    );
    refused(
        json!({"clean": {"value": true, "photos": [photo(1), photo(1)]}}),
        "/answers/clean/photos",
    );
    refused(
        json!({"clean": {"value": true, "recorded_at": "2026-11-22T12:01:00"}}),
        "/answers/clean/recorded_at",
    );
    refused(json!({"pick": {"value": "c"}}), "/answers/pick/value");
    refused(
        json!({"pick": {"not_applicable": true}}),
        "/answers/pick/not_applicable",
    );
    refused(
        json!({"pick": {"value": "a", "photos": [photo(1)]}}),
        "/answers/pick/photos",
    );
    refused(
        json!({"picks": {"value": ["a", "c"]}}),
        "/answers/picks/value/1",
    );
    refused(
        json!({"picks": {"value": ["a", "a"]}}),
        "/answers/picks/value",
    );
    refused(json!({"step": {"value": 3}}), "/answers/step/value");
    refused(json!({"heat": {"value": 50_501}}), "/answers/heat/value");
    refused(json!({"heat": {"value": 20.5}}), "/answers/heat/value");
    refused(json!({"wait": {"value": 3_600_001}}), "/answers/wait/value");
    refused(json!({"wait": {"value": -1}}), "/answers/wait/value");
    refused(
        json!({"bill": {"value": 9_007_199_254_740_992_i64}}),
        "/answers/bill/value",
    );
    refused(
        json!({"day": {"value": "22-11-2026"}}),
        "/answers/day/value",
    );
    refused(json!({"hour": {"value": "9:30"}}), "/answers/hour/value");
    refused(json!({"face": {"value": 0}}), "/answers/face/value");
    refused(json!({"mark": {"value": 11}}), "/answers/mark/value");
    refused(json!({"proof": {"value": true}}), "/answers/proof/value");
    refused(
        json!({"pick": {"value": "b"}, "why": {"value": "x".repeat(41)}}),
        "/answers/why/value",
    );
}

#[test]
fn the_schema_refuses_what_is_not_this_document() {
    let refused = |change: fn(&mut Value), pointer: &str| {
        let mut document = document(answers(json!({"proof": {"photos": [photo(1), photo(2)]}})));
        change(&mut document);
        assert_eq!(schema_refuses(&document), [pointer]);
    };
    refused(|document| document["format"] = json!(2), "/format");
    refused(
        |document| document["checklist"] = json!("00".repeat(32)),
        "/checklist",
    );
    refused(|document| document["audit"] = json!("1"), "/audit");
    refused(
        |document| document["started_at"] = json!("yesterday"),
        "/started_at",
    );
    refused(|document| document["elapsed_ms"] = json!(-1), "/elapsed_ms");
    refused(
        |document| document["photos"][1]["size_bytes"] = json!(0),
        "/photos/1/size_bytes",
    );
    refused(
        |document| document["photos"][0]["type"] = json!("text/html"),
        "/photos/0/type",
    );
    refused(
        |document| document["score"]["total_micros"] = json!(1_000_001),
        "/score/total_micros",
    );
    refused(
        |document| drop(document.as_object_mut().unwrap().remove("app_version")),
        "",
    );
    refused(
        |document| {
            document["photos"] = (0..61)
                .map(|n| json!({"sha256": photo(n), "size_bytes": 1, "type": "image/jpeg"}))
                .collect()
        },
        "/photos",
    );
}

#[test]
fn what_is_shown_and_required_is_answered() {
    unsound(
        json!({"clean": null}),
        &[("/answers/clean", "has to be answered")],
    );
    unsound(
        json!({"clean": {"comment": "?"}}),
        &[("/answers/clean", "has to be answered")],
    );
    unsound(
        json!({"why": {"value": "not asked for this"}}),
        &[("/answers/why", "answers a question that is not shown")],
    );
    unsound(
        json!({"pick": {"value": "b"}, "clean": {"value": false, "photos": [photo(1)]}}),
        &[("/answers/why", "has to be answered")],
    );
    unsound(
        json!({"pick": {"value": "b"}, "clean": {"value": false, "photos": [photo(1)]}, "why": {"value": "  "}}),
        &[("/answers/why", "has to be answered")],
    );
}

#[test]
fn words_dates_and_times_are_real() {
    unsound(
        json!({"pick": {"value": "b"}, "why": {"value": "too few"}}),
        &[("/answers/why/value", "has 2 words; 3 are needed")],
    );
    unsound(
        json!({"day": {"value": "2026-02-29"}}),
        &[("/answers/day/value", "is no date")],
    );
    unsound(
        json!({"hour": {"value": "24:00"}}),
        &[("/answers/hour/value", "is no time of day")],
    );
}

#[test]
fn photos_are_enough_and_agree_with_the_list() {
    unsound(
        json!({"clean": {"value": false}}),
        &[("/answers/clean/photos", "has 0 photos; 1 are needed")],
    );
    unsound(
        json!({"proof": {"photos": [photo(1)]}}),
        &[("/answers/proof/photos", "has 1 photos; 2 are needed")],
    );
    let mut one_too_many = document(answers(json!({"proof": {"photos": [photo(1), photo(2)]}})));
    let mut one_too_few = one_too_many.clone();
    let another = json!({"sha256": photo(9), "size_bytes": 1, "type": "image/png"});
    one_too_many["photos"]
        .as_array_mut()
        .unwrap()
        .extend([another.clone(), another]);
    assert_eq!(schema_refuses(&one_too_many), Vec::<String>::new());
    let expected = [
        ("/photos/2", "belongs to no answer".to_owned()),
        ("/photos/3", "belongs to no answer".to_owned()),
        ("/photos", format!("lists photo {} twice", photo(9))),
    ];
    assert_eq!(
        check_says(&one_too_many),
        expected.map(|(pointer, message)| (pointer.to_owned(), message))
    );
    one_too_few["photos"].as_array_mut().unwrap().remove(0);
    let expected = (
        "/answers/proof/photos/0".to_owned(),
        "is not among the audit's photos".to_owned(),
    );
    assert_eq!(check_says(&one_too_few), [expected]);
}

#[test]
fn the_check_alone_also_sees_answers_that_do_not_fit() {
    let says = |more: Value| check_says(&document(answers(more)));
    let one = |pointer: &str, message: &str| vec![(pointer.to_owned(), message.to_owned())];
    let three = json!({"clean": {"value": true, "photos": [photo(1), photo(2), photo(3)]}});
    assert_eq!(
        says(three),
        one("/answers/clean/photos", "has 3 photos; 2 are allowed")
    );
    let unfit = "is no answer to this multi_choice question";
    assert_eq!(
        says(json!({"picks": {"value": ["c"]}})),
        one("/answers/picks/value", unfit)
    );
    assert_eq!(
        says(json!({"a/b~": {"value": 1}})),
        one("/answers/a~1b~0", "answers no question of this checklist")
    );
    assert_eq!(
        says(json!({"head": {"value": 1}})),
        one("/answers/head", "answers no question of this checklist")
    );
    let both = says(json!({"clean": {"value": true, "not_applicable": true}}));
    assert_eq!(
        both,
        one("/answers/clean/value", "stands beside 'not applicable'")
    );
    let never = says(json!({"pick": {"not_applicable": true}}));
    assert_eq!(
        never[0],
        one(
            "/answers/pick/not_applicable",
            "this question always applies"
        )[0]
    );
}

#[test]
fn a_schema_refers_to_nothing_outside_itself() {
    let text = audit_schema(&checklist()).to_string();
    let references = text.matches("\"$ref\":\"").count();
    assert!(references > 0);
    assert_eq!(text.matches("\"$ref\":\"#/$defs/").count(), references);
}
