//! What a reweighting makes of a checklist, and what is said of one that cannot be followed.

use super::Reweighting;
use crate::domain::checklist::Checklist;
use crate::domain::checklist::diff::diff;

const CHECKLIST: &str = "\
checklist: shop
version: 1
languages: [en]
title: Shop
industry: retail
sections:
  - id: welcome
    title: Welcome
    weight: 30
    questions:
      - {id: smile, type: yes_no, text: A smile?, dimension: service, points: 5, critical: fail_audit}
      - {id: wait, type: duration, text: How long?, dimension: service, bands: [{up_to: 30s, points: 10}, {up_to: 1m, points: 5}, {points: -1}]}
      - {id: note, type: text, text: Note}
      - {id: asked, type: yes_no, text: Asked?, dimension: none}
  - id: shop
    title: Shop
    weight: 70
    questions:
      - id: seen
        type: multi_choice
        text: Seen?
        dimension: experience
        max_points: 4
        options: [{id: a, text: A, points: 3}, {id: b, text: B, points: 3, critical: zero_audit}, {id: c, text: C, points: -1}]
      - {id: effort, type: scale, text: Effort?, dimension: experience, steps: [{text: Much, points: 0}, {text: Little, points: 6}]}
      - {id: card, type: choice, text: Card?, dimension: none, options: [{id: r, text: R}, {id: s, text: S}]}
";

fn checklist() -> Checklist {
    Checklist::parse_yaml(CHECKLIST).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// What the diff says of the checklist before and after.
fn changed(yaml: &str) -> Vec<String> {
    let reweighting = Reweighting::parse_yaml(yaml, &checklist())
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let after = reweighting.apply(&checklist()).unwrap();
    let changes = diff(&checklist(), &after);
    changes.iter().map(ToString::to_string).collect()
}

fn told(yaml: &str) -> Vec<String> {
    let problems = Reweighting::parse_yaml(yaml, &checklist()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn weights_and_rules() {
    assert_eq!(
        changed(
            "sections: {welcome: 60, shop: 60}\nscoring: {pass_mark: 75.5, unanswered_optional: zero, bonus_cap: false}\n"
        ),
        [
            "optional questions without an answer count as: exclude → zero",
            "bonus stops a section at 100 %: yes → no",
            "pass mark: none → 75.5 %",
            "section welcome: weight: 30 → 60, 30 % → 50 % of the total",
            "section shop: weight: 70 → 60, 70 % → 50 % of the total",
        ]
    );
}

#[test]
fn points_go_in_proportion() {
    assert_eq!(
        changed(
            "questions: {smile: {points: 8}, wait: {points: 4.5}, effort: {points: 1}, seen: {points: 6}}"
        ),
        [
            "question smile: points: 5 → 8",
            "question wait: bands: up to 30s: 10, up to 1m: 5, above: −1 → up to 30s: 4.5, up to 1m: 2.25, above: −0.45",
            // The most that it can earn is its cap, 4; 6 is half as much again.
            "question seen: most points: 4 → 6",
            "question seen: points of option a: 3 → 4.5",
            "question seen: points of option b: 3 → 4.5",
            "question seen: points of option c: −1 → −1.5",
            "question effort: points of step 2: 6 → 1",
        ]
    );
    // A tenth of 5 thousandths is half a thousandth: away from zero.
    assert_eq!(
        changed("questions: {wait: {points: 0.001}}"),
        [
            "question wait: bands: up to 30s: 10, up to 1m: 5, above: −1 → up to 30s: 0.001, up to 1m: 0.001, above: 0"
        ]
    );
}

#[test]
fn into_and_out_of_the_score() {
    assert_eq!(
        changed("questions: {asked: {dimension: {service: 30, experience: 70}, points: 2}}"),
        [
            "question asked: dimension: none → service 30 %, experience 70 %",
            "question asked: points: none → 2",
        ]
    );
    assert_eq!(
        changed("questions: {wait: {dimension: none}, seen: {dimension: none}}"),
        [
            "question wait: dimension: service → none",
            "question wait: bands: up to 30s: 10, up to 1m: 5, above: −1 → none",
            "question seen: dimension: experience → none",
            "question seen: most points: 4 → none",
            "question seen: points of option a: 3 → 0",
            "question seen: points of option b: 3 → 0",
            "question seen: points of option c: −1 → 0",
        ]
    );
}

#[test]
fn bonus_policy_and_criticals() {
    assert_eq!(
        changed(
            "questions: {smile: {bonus: true, not_applicable: zero, critical: remove}, seen: {critical: remove}}"
        ),
        [
            "question smile: not applicable: exclude → zero",
            "question smile: bonus: no → yes",
            "question smile: critical: fails the audit → none",
            "question seen: critical of option b: makes the audit 0 → none",
        ]
    );
}

#[test]
fn says_what_is_wrong_and_where() {
    assert_eq!(
        told(
            "sections:\n  welcom: 3\n  shop: 1.5\nquestions:\n  smlie: {points: 3}\n  smile: {ponts: 3, points: no}\n  wait: {critical: drop}\n"
        ),
        [
            "2:11: the checklist has no section `welcom`; did you mean `welcome`?",
            "3:9: `1.5` is no whole number",
            "5:10: question smlie: the checklist has no question `smlie`; did you mean `smile`?",
            "6:11: question smile: unknown key `ponts`; did you mean `points`?",
            "6:29: question smile: `no` is no number; write it in digits, such as 12 or 0.5",
            "7:20: question wait: unknown change of a critical `drop`; one of remove",
        ]
    );
    assert_eq!(
        told("sections: {welcome: 0, shop: 0}"),
        ["1:21: every section has weight 0, so there is no total; give one of them a weight"]
    );
    assert_eq!(
        told("sections: {shop: 1, shop: 2}"),
        ["1:21: key `shop` is there twice; delete one of them"]
    );
    assert_eq!(
        told("questions: {card: {dimension: service, points: 3}}"),
        [
            "1:48: question card: no answer to it earns, so that there is nothing to raise in proportion"
        ]
    );
    assert_eq!(
        told("questions: {asked: {points: 3}}"),
        ["1:29: question asked: it has no dimension, so that it can have no points"]
    );
    assert_eq!(
        told("questions: {asked: {dimension: service}}"),
        ["1:20: question asked: `points` is missing; give points, or write `dimension: none`"]
    );
    assert_eq!(
        told("questions: {note: {dimension: service, points: 1}}"),
        [
            "1:48: question note: `points` means nothing for text; it belongs to yes_no, money, emotion, recommend, photo, location_check",
        ]
    );
    assert_eq!(
        told("questions: {smile: {points: 0}}"),
        [
            "1:29: question smile: points are more than 0; write `dimension: none` to take the question out of the score"
        ]
    );
    assert_eq!(
        told("questions: {smile: {points: 1000001}}"),
        [
            "1:29: question smile: points of a question are 0 to 1000000; a penalty is an option with negative points"
        ]
    );
    assert_eq!(
        told("{}"),
        ["1:1: it changes nothing; name `sections`, `questions` or `scoring`"]
    );
    assert_eq!(
        told("- 1"),
        ["1:1: a map is wanted here, not a list; such as {sections: …, questions: …}"]
    );
}

#[test]
fn the_json_of_a_program_is_told_as_well() {
    let json = r#"{"sections": {"shop": 10}, "questions": {"smile": {"points_milli": 2500, "dimension": {"service": 50, "experience": 50},
                   "critical": "remove"}}, "scoring": {"pass_mark_micros": 800000}}"#;
    let reweighting: Reweighting = serde_json::from_str(json).unwrap();
    let after = reweighting.apply(&checklist()).unwrap();
    assert_eq!(diff(&checklist(), &after).len(), 6);
    let unknown: Reweighting = serde_json::from_str(r#"{"questions": {"smlie": {}}}"#).unwrap();
    assert_eq!(
        unknown.apply(&checklist()).unwrap_err().to_string(),
        "question smlie: /questions/smlie: the checklist has no question `smlie`; did you mean `smile`?"
    );
    // And JSON that people write is YAML.
    assert_eq!(
        changed(r#"{"sections": {"welcome": 30, "shop": 71}}"#).len(),
        2
    );
}
