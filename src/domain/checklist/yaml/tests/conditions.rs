//! What is said about conditions.

use super::{around, good, says, told};

const ONE_TEST: &str = "a condition on a question has exactly one of equals, not_equals, one_of, contains, at_least, at_most, answered";

#[test]
fn conditions_are_looked_at() {
    let says = |condition: &str, place: &str, words: &str| {
        says(
            &format!("type: yes_no, show_if: {condition}"),
            &[(place, words)],
        )
    };
    says(
        "{question: gat, equals: true}",
        "gat,",
        "there is no question `gat`; did you mean `gate`?",
    );
    says(
        "{question: later, equals: true}",
        "later",
        "question `later` comes later; a condition refers to earlier questions only",
    );
    says(
        "{question: q, equals: true}",
        "q,",
        "a condition cannot depend on its own question",
    );
    says(
        "{question: gate, equals: yes}",
        "yes}",
        "true or false is wanted here, not text; write true",
    );
    says(
        "{question: gate, at_least: 3}",
        "3",
        "`at_least` cannot be asked of a yes_no question",
    );
    says(
        "{question: gate, contains: a}",
        "a}",
        "`contains` cannot be asked of a yes_no question",
    );
    says(
        "{question: gate, equals: true, at_least: 1}",
        "{question",
        &format!(
            "{ONE_TEST}; two tests are two conditions: {{all: [{{question: …, equals: …}}, {{question: …, at_least: …}}]}}"
        ),
    );
    says("{any: [{not: {question: gate}}]}", "{question", ONE_TEST);
    says("{all: []}", "[]", "`all` of nothing");
    says(
        "{}",
        "{}",
        "a condition is all, any or not, or a question with a test; such as {question: greeted, equals: true}",
    );
    let deep = format!(
        "{}{{question: gate, equals: true}}{}",
        "{not: ".repeat(8),
        "}".repeat(8)
    );
    says(&deep, "{question", "conditions nest at most 8 deep");
}

#[test]
fn conditions_compare_with_answers_that_there_can_be() {
    let conditions = [
        (
            "{question: pick, equals: c}",
            "`pick` has no option `c`; one of fixed, other",
        ),
        (
            "{question: pick, one_of: [fixed, othr]}",
            "`pick` has no option `othr`; did you mean `other`?",
        ),
        (
            "{question: picks, equals: a}",
            "`equals` cannot be asked of a multi_choice question; use `contains`",
        ),
        (
            "{question: picks, contains: x}",
            "`picks` has no option `x`; one of aa, bb",
        ),
        (
            "{question: step, at_least: 3}",
            "`step` has no answers on both sides of this bound",
        ),
        ("{question: step, equals: 0}", "`step` (scale) cannot be 0"),
        (
            "{question: face, equals: 6}",
            "`face` (emotion) cannot be 6",
        ),
        (
            "{question: proof, equals: x}",
            "`equals` cannot be asked of a photo question; use `answered`",
        ),
        (
            "{question: head, answered: true}",
            "`head` is a heading and has no answer",
        ),
        (
            "{all: [{question: pick, equals: fixed}, {question: pick, equals: other}]}",
            "`pick` cannot have two values at once; use `any` or `one_of`",
        ),
    ];
    for (condition, expected) in conditions {
        let source = around(&format!(
            "
      - {{id: pick, type: choice, text: T, options: [{{id: fixed, text: A}}, {{id: other, text: B}}]}}
      - {{id: picks, type: multi_choice, text: T, options: [{{id: aa, text: A}}, {{id: bb, text: B}}]}}
      - {{id: step, type: scale, text: T, steps: [{{text: A}}, {{text: B}}]}}
      - {{id: face, type: emotion, text: T}}
      - {{id: proof, type: photo, text: T}}
      - {{id: head, type: heading, text: T}}
      - {{id: q, type: yes_no, text: T, show_if: {condition}}}"
        ));
        let told = told(&source);
        let [only] = told.as_slice() else {
            panic!("{condition}: {told:?}")
        };
        assert_eq!(
            only.split_once("question q: ").map(|(_, said)| said),
            Some(expected),
            "{only}"
        );
    }
}

#[test]
fn a_photo_may_depend_on_the_answer_that_it_proves() {
    good(
        "      - {id: clean, type: yes_no, text: Clean, photo: {min: 1, max: 2, if: {question: clean, equals: false}}}",
    );
}

#[test]
fn a_broken_question_does_not_spoil_what_refers_to_it() {
    let questions = "      - {id: a, type: nothing_known, text: A, points: 3, options: []}\n      - {id: b, type: yes_no, text: B, show_if: {question: a, equals: 3}}";
    assert_eq!(
        told(&around(questions)).len(),
        1,
        "{:?}",
        told(&around(questions))
    );
}
