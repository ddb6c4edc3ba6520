//! Chains, opposites, ranges and choices, each as a file and what is said about it.

use crate::domain::checklist::{Checked, Checklist, NoPictures, Severity};

const QUESTIONS: &str = "
      - {id: yes, type: yes_no, text: T}
      - {id: pick, type: choice, text: T, options: [{id: aa, text: A}, {id: bb, text: B}, {id: cc, text: C}]}
      - {id: picks, type: multi_choice, text: T, options: [{id: aa, text: A}, {id: bb, text: B}, {id: none, text: N, exclusive: true}]}
      - {id: step, type: scale, text: T, steps: [{text: A}, {text: B}, {text: C}]}
      - {id: wait, type: duration, text: T, maximum: 10m}
      - {id: day, type: date, text: T}
      - {id: shots, type: photo, text: T}
      - {id: only_one, type: choice, text: T, options: [{id: aa, text: A}]}
";

fn check(more: &str) -> Checked {
    let source = format!(
        "checklist: a\nversion: 1\nlanguages: [en]\ntitle: A\nindustry: x\nsections:\n  - id: s\n    title: S\n    weight: 1\n    questions:{QUESTIONS}{more}"
    );
    Checklist::check_yaml(&source, &NoPictures)
}

/// What is said about one question with this condition after the ones above.
#[track_caller]
fn said(condition: &str) -> Vec<String> {
    let checked = check(&format!(
        "      - {{id: q, type: yes_no, text: T, {condition}}}\n"
    ));
    words(&checked)
}

fn words(checked: &Checked) -> Vec<String> {
    let words = checked.problems.iter().map(|problem| {
        assert_eq!(
            checked.checklist.is_some(),
            checked
                .problems
                .iter()
                .all(|problem| problem.severity == Severity::Warning)
        );
        let text = problem.to_string();
        text.split_once(": ").expect("a place").1.to_owned()
    });
    words.collect()
}

fn never(condition: &str, why: &str) {
    let said = said(&format!("show_if: {condition}"));
    let expected = format!("question q: nobody can ever see this question: {why}");
    assert_eq!(said.len(), 1, "{condition}: {said:?}");
    assert!(said[0].starts_with(&expected), "{condition}: {said:?}");
}

fn sound(condition: &str) {
    assert_eq!(
        said(&format!("show_if: {condition}")),
        Vec::<String>::new(),
        "{condition}"
    );
}

#[test]
fn one_question_cannot_have_two_answers() {
    never(
        "{all: [{question: step, at_least: 3}, {question: step, at_most: 2}]}",
        "the answers to `step` can never be so; use `any` where one of them is enough",
    );
    never(
        "{all: [{question: pick, one_of: [aa, bb]}, {not: {question: pick, not_equals: cc}}]}",
        "the answers to `pick` can never be so",
    );
    never(
        "{not: {any: [{question: yes, answered: true}, {question: yes, answered: false}]}}",
        "the answers to `yes`",
    );
    never(
        "{all: [{question: yes, answered: false}, {question: yes, not_equals: true}]}",
        "the answers to `yes`",
    );
    never(
        "{question: only_one, not_equals: aa}",
        "the answers to `only_one`",
    );
    never(
        "{all: [{question: shots, answered: true}, {question: shots, answered: false}]}",
        "the answers to `shots`",
    );
    sound("{all: [{question: step, at_least: 2}, {question: step, at_most: 2}]}");
    sound("{all: [{question: pick, one_of: [aa, bb]}, {question: pick, not_equals: aa}]}");
    sound("{all: [{question: yes, answered: false}, {not: {question: yes, equals: true}}]}");
    sound("{question: shots, answered: false}");
}

#[test]
fn ranges_are_of_the_answers_that_there_can_be() {
    never(
        "{all: [{question: wait, at_least: 5m}, {question: wait, at_most: 4m59s}]}",
        "the answers to `wait`",
    );
    sound("{all: [{question: wait, at_least: 5m}, {question: wait, at_most: 5m}]}");
}

#[test]
fn several_may_be_chosen_but_nothing_beside_none_of_these() {
    sound("{all: [{question: picks, contains: aa}, {question: picks, contains: bb}]}");
    sound(
        "{all: [{question: picks, answered: true}, {not: {question: picks, contains: aa}}, {not: {question: picks, contains: none}}]}",
    );
    never(
        "{all: [{question: picks, contains: aa}, {question: picks, contains: none}]}",
        "the answers to `picks` can never be so",
    );
}

#[test]
fn what_is_hidden_is_not_answered() {
    let chain = |last: &str| {
        check(&format!(
            "      - {{id: one, type: yes_no, text: T, show_if: {{question: yes, equals: true}}}}\n      - {{id: two, type: yes_no, text: T, show_if: {{question: one, equals: true}}}}\n      - {{id: three, type: yes_no, text: T, show_if: {last}}}\n"
        ))
    };
    let impossible =
        chain("{all: [{question: two, equals: false}, {question: yes, equals: false}]}");
    assert_eq!(
        words(&impossible),
        [
            "question three: nobody can ever see this question: `yes`, `one` and `two` can never have such answers at the same time; `one` has a `show_if` of its own, and counts as not answered while it is hidden"
        ]
    );
    assert!(impossible.checklist.is_none());
    for possible in [
        "{all: [{question: two, equals: false}, {question: yes, equals: true}]}",
        "{any: [{question: two, equals: false}, {question: yes, equals: false}]}",
        "{all: [{not: {question: two, equals: false}}, {question: yes, equals: false}]}",
    ] {
        assert_eq!(words(&chain(possible)), Vec::<String>::new(), "{possible}");
    }
}

#[test]
fn what_follows_from_an_unseen_question_is_not_told_again() {
    let checked = check(
        "      - {id: one, type: yes_no, text: T, show_if: {all: [{question: step, at_least: 3}, {question: step, at_most: 2}]}}\n      - {id: two, type: yes_no, text: T, show_if: {question: one, equals: true}}\n",
    );
    assert_eq!(checked.problems.len(), 1, "{:?}", words(&checked));
}

#[test]
fn other_conditions_matter_only_while_the_question_is_shown() {
    assert_eq!(
        said("show_if: {question: yes, equals: true}, required_if: {question: yes, equals: false}"),
        ["question q: this question is never required: the answers to `yes` can never be so"]
    );
    assert_eq!(
        said(
            "show_if: {question: yes, equals: true}, required_if: {question: yes, answered: true}"
        ),
        [
            "warning: question q: this condition is always true, so the question is always required; write `required: true` instead if that is meant"
        ]
    );
    assert_eq!(
        said("photo: {min: 1, max: 1, if: {all: [{question: q, equals: true}, {question: q, equals: false}]}}").len(),
        1
    );
    assert_eq!(
        said("photo: {min: 1, max: 1, if: {question: q, answered: true}}"),
        [
            "warning: question q: this condition is always true, so the photos are always needed; leave `if` out if that is meant"
        ]
    );
    assert_eq!(
        said("photo: {min: 1, max: 1, if: {question: q, answered: false}}"),
        ["question q: its photos are never needed: the answers to `q` can never be so"]
    );
}

#[test]
fn what_says_nothing_is_warned_of() {
    let warned = said(
        "show_if: {any: [{question: yes, equals: true}, {not: {question: yes, equals: true}}]}",
    );
    assert_eq!(
        warned,
        [
            "warning: question q: this condition is always true, so the question is always shown; leave `show_if` out if that is meant"
        ]
    );
    assert_eq!(
        said("show_if: {question: step, at_least: 1}"),
        [
            "warning: question q: this is true of every answer to `step`; write `answered: true` if that is what is meant"
        ]
    );
    assert_eq!(
        said(
            "show_if: {any: [{question: yes, equals: true}, {question: only_one, not_equals: aa}]}"
        ),
        [
            "warning: question q: this is true of no answer to `only_one`; leave it out, or ask for an answer that there can be"
        ]
    );
}

#[test]
fn days_are_written_as_they_are_answered() {
    sound("{question: day, equals: \"2026-11-20\"}");
    assert_eq!(
        said("show_if: {question: day, one_of: [\"2026-11-20\", 20.11.2026]}"),
        [
            "question q: `day` is answered with a day such as \"2026-11-20\", never with `20.11.2026`; write it in the same way, in quotes"
        ]
    );
}

#[test]
fn where_it_would_take_too_long_nothing_is_said() {
    // Impossible, and no contradiction shows before the last question: either all gates and not all of them, or `yes` twice.
    let hard = |count: usize| {
        let (mut questions, mut gates) = (String::new(), Vec::new());
        for n in 0..count {
            questions.push_str(&format!("      - {{id: g{n}, type: yes_no, text: T}}\n"));
            gates.push(format!("{{question: g{n}, equals: true}}"));
        }
        let gates = gates.join(", ");
        let last = "{question: last, equals: true}";
        check(&format!(
            "{questions}      - {{id: last, type: yes_no, text: T}}\n      - {{id: q, type: yes_no, text: T, show_if: {{all: [{{any: [{{all: [{gates}]}}, {last}]}}, {{any: [{{not: {{all: [{gates}]}}}}, {last}]}}, {{question: last, equals: false}}]}}}}\n"
        ))
    };
    assert_eq!(words(&hard(5)).len(), 1);
    assert_eq!(words(&hard(40)), Vec::<String>::new());
}

#[test]
fn a_chain_is_followed_as_far_as_anybody_would() {
    let chain = |count: usize| {
        let mut questions = "      - {id: c0, type: yes_no, text: T}\n".to_owned();
        for n in 1..count {
            questions.push_str(&format!(
                "      - {{id: c{n}, type: yes_no, text: T, show_if: {{question: c{}, equals: true}}}}\n",
                n - 1
            ));
        }
        let last = count - 1;
        check(&format!(
            "{questions}      - {{id: q, type: yes_no, text: T, show_if: {{all: [{{question: c{last}, equals: true}}, {{question: c0, equals: false}}]}}}}\n"
        ))
    };
    assert_eq!(words(&chain(48)).len(), 1);
    assert_eq!(words(&chain(49)), Vec::<String>::new());
}
