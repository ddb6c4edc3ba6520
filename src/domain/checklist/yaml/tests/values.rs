//! What comes out of files that are right.

use super::{around, good};
use crate::domain::checklist::{Checklist, Condition, NaPolicy, Scalar, Test};

#[test]
fn units_become_integers() {
    let checklist = good(
        "
      - {id: wait, type: duration, text: Wait, dimension: service, minimum: 0s, maximum: 1h, bands: [{up_to: 1m30s, points: 2.5}, {points: -0.125}]}
      - {id: heat, type: number, text: Heat, dimension: experience, minimum: -20.5, bands: [{up_to: 36.6, points: 1}, {points: 0}]}
      - {id: bill, type: money, currency: EUR, text: Bill, dimension: {service: 30, experience: 70}, expected: \"12.50\", tolerance: 0.05, points: 4}
      - {id: yen, type: money, currency: JPY, text: Yen, maximum: 500}
      - {id: after, type: yes_no, text: After, show_if: {all: [{question: wait, at_least: 45s}, {question: heat, at_most: 0.5}, {question: bill, equals: 12.5}]}}
      - {id: cut, type: yes_no, text: Cut, critical: {cap_audit_at: 62.5}}
",
    );
    let question = |id: &str| checklist.question(id).unwrap();
    let bands = question("wait").bands.as_deref().unwrap();
    assert_eq!(
        (bands[0].up_to, bands[0].points_milli, bands[1].points_milli),
        (Some(90_000), 2_500, -125)
    );
    assert_eq!(
        (question("wait").minimum, question("wait").maximum),
        (Some(0), Some(3_600_000))
    );
    assert_eq!(
        (
            question("heat").minimum,
            question("heat").bands.as_ref().unwrap()[0].up_to
        ),
        (Some(-20_500), Some(36_600))
    );
    let bill = question("bill");
    assert_eq!(
        (bill.expected_minor, bill.tolerance_minor, bill.points_milli),
        (Some(1_250), Some(5), Some(4_000))
    );
    assert_eq!((bill.service_share, bill.experience_share), (30, 70));
    assert_eq!(question("yen").maximum, Some(500));
    let condition = serde_json::to_value(question("after").show_if.as_ref().unwrap()).unwrap();
    let expected = serde_json::json!({"all": [
        {"question": "wait", "at_least": 45_000}, {"question": "heat", "at_most": 500}, {"question": "bill", "equals": 1_250},
    ]});
    assert_eq!(condition, expected);
    assert_eq!(question("cut").critical.unwrap().cap_micros, Some(625_000));
}

#[test]
fn defaults_are_resolved() {
    let source = around(
        "
      - {id: head, type: heading, text: Head}
      - {id: words, type: text, text: Words}
      - {id: yes, type: yes_no, text: Yes, not_applicable: exclude}
      - {id: maybe, type: yes_no, text: Maybe, required_if: {question: yes, equals: true}}
      - {id: proof, type: photo, text: Proof}
",
    )
    .replace("sections:", "scoring: {not_applicable: zero}\nsections:");
    let checklist = Checklist::parse_yaml(&source).unwrap();
    let rows: Vec<_> = checklist
        .questions()
        .map(|question| (question.required, question.not_applicable))
        .collect();
    let expected = [
        (false, NaPolicy::NotAllowed),
        (false, NaPolicy::Zero),
        (true, NaPolicy::Exclude),
        (false, NaPolicy::Zero),
        (true, NaPolicy::Zero),
    ];
    assert_eq!(rows, expected);
    let photo = checklist.question("proof").unwrap().photo.clone().unwrap();
    assert_eq!((photo.min, photo.max), (1, 3));
}

#[test]
fn words_that_look_like_something_else_stay_words() {
    let checklist = good(
        "      - {id: time, type: time, text: No}\n      - {id: n, type: yes_no, text: 'true', show_if: {question: time, equals: 07:30}}",
    );
    assert_eq!(checklist.question("time").unwrap().text.0["en"], "No");
    let condition = checklist.question("n").unwrap().show_if.clone().unwrap();
    let Condition::Question {
        test: Test::Equals(Scalar::Text(time)),
        ..
    } = condition
    else {
        panic!("{condition:?}");
    };
    assert_eq!(time, "07:30");
}

#[test]
fn anchors_and_merge_keys_are_expanded() {
    let checklist = good(
        "
      - &yes {id: one, type: yes_no, text: One, dimension: service, points: 2}
      - {<<: *yes, id: two}
",
    );
    assert_eq!(checklist.question("two").unwrap().points_milli, Some(2_000));
}
