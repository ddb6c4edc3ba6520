//! What is said about files that are wrong, and what comes out of files that are right.

use crate::domain::checklist::{Checklist, ChecklistProblem, Condition, NaPolicy, Scalar, Test};

/// A checklist around `questions`, which start on line 11 and column 7.
fn around(questions: &str) -> String {
    let questions = questions.trim_matches('\n');
    format!(
        "checklist: test\nversion: 1\nlanguages: [en]\ntitle: Test\nindustry: test\nsections:\n  - id: only\n    title: Only\n    \
         weight: 1\n    questions:\n{questions}\n"
    )
}

fn told(source: &str) -> Vec<String> {
    match Checklist::parse_yaml(source) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn good(questions: &str) -> Checklist {
    Checklist::parse_yaml(&around(questions)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// One question, and exactly what is said about it: where in the text it points, and the words.
#[track_caller]
fn says(question: &str, expected: &[(&str, &str)]) {
    let source = around(&format!(
        "      - {{id: gate, type: yes_no, text: Gate}}\n      - {{id: q, text: Q, {question}}}\n      - {{id: later, type: yes_no, text: Later}}"
    ));
    let problems = Checklist::parse_yaml(&source).expect_err("something is wrong with it");
    let words: Vec<String> = problems.iter().map(words).collect();
    assert_eq!(
        words,
        expected.iter().map(|(_, words)| *words).collect::<Vec<_>>(),
        "{question}"
    );
    for (problem, (place, _)) in problems.iter().zip(expected) {
        assert_eq!(
            (problem.line, problem.question.as_deref()),
            (Some(12), Some("q"))
        );
        let line = source.lines().nth(11).unwrap();
        let pointed_at: String = line.chars().skip(problem.column.unwrap() - 1).collect();
        assert!(pointed_at.starts_with(place), "points at {pointed_at}");
    }
}

fn words(problem: &ChecklistProblem) -> String {
    match &problem.suggestion {
        Some(suggestion) => format!("{}; {suggestion}", problem.message),
        None => problem.message.clone(),
    }
}

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

#[test]
fn a_question_is_told_what_is_wrong_with_it() {
    says(
        "type: yesno",
        &[("yesno", "unknown type `yesno`; did you mean `yes_no`?")],
    );
    says(
        "type: yes_no, pionts: 1",
        &[("pionts", "unknown key `pionts`; did you mean `points`?")],
    );
    says(
        "type: yes_no, timer: false, timer: false",
        &[("timer", "key `timer` is there twice")],
    );
    says(
        "type: yes_no, not_applicable: skip",
        &[(
            "skip",
            "unknown policy `skip`; one of exclude, pass, zero, fail, not_allowed",
        )],
    );
    says(
        "type: yes_no, critical: {cap_audit_at: 101}",
        &[("101", "a percentage is between 0 and 100")],
    );
    says(
        "type: yes_no, critical: fail_adit",
        &[(
            "fail_adit",
            "unknown critical effect `fail_adit`; did you mean `fail_audit`?",
        )],
    );
    says(
        "type: yes_no, required: yes",
        &[("yes", "true or false is wanted here, not text; write true")],
    );
    says(
        "type: yes_no, required: true, required_if: {question: gate, equals: true}",
        &[("true", "`required` and `required_if` exclude each other")],
    );
    says(
        "type: heading, required: true",
        &[("true", "`required` means nothing for heading")],
    );
    says(
        "type: yes_no, bands: []",
        &[("[]", "`bands` means nothing for yes_no")],
    );
    says(
        "type: yes_no, photo: {min: 3, max: 2}",
        &[("{min", "`min` is 3 and `max` is 2")],
    );
    says(
        "type: photo, photo: {min: 0}",
        &[(
            "0",
            "a photo question is answered by at least one photo; write `required: false` when it may be left out",
        )],
    );
    says("type: money", &[("{id", "`currency` is missing")]);
    says(
        "type: money, currency: Euro",
        &[(
            "Euro",
            "`Euro` is no currency; an ISO 4217 code such as EUR",
        )],
    );
    says(
        "type: money, currency: JPY, expected: 1.5",
        &[("1.5", "`1.5` is no whole number")],
    );
    says(
        "type: number, minimum: 5, maximum: 4",
        &[("5", "`minimum` is above `maximum`")],
    );
    says(
        "type: scale, steps: [{text: One}]",
        &[("[{text", "a scale needs at least two steps")],
    );
    says(
        "type: emotion, steps: [{text: One}, {text: Two}]",
        &[(
            "[{text",
            "an emotion question has five steps or none, not 2",
        )],
    );
}

#[test]
fn points_and_dimension_agree() {
    says(
        "type: yes_no, dimension: servce, points: 1",
        &[(
            "servce",
            "unknown dimension `servce`; did you mean `service`?",
        )],
    );
    says(
        "type: yes_no, dimension: {service: 30, experience: 60}, points: 1",
        &[("{service", "the shares are 30 and 60, which is 90, not 100")],
    );
    says(
        "type: yes_no, dimension: service",
        &[("{id", "`points` is missing; or write `dimension: none`")],
    );
    says(
        "type: yes_no, points: 1",
        &[(
            "1",
            "its points earn points, but it has no dimension; say `dimension: service`, `experience` or shares of both",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: -1",
        &[(
            "-1",
            "points of a question are 0 to 1000000; a penalty is an option with negative points",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: 0",
        &[(
            "0",
            "its points earn nothing; give points, or write `dimension: none`",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: 0.0001",
        &[("0.0001", "`0.0001` has more than 3 decimals")],
    );
    says(
        "type: yes_no, bonus: true",
        &[("true", "a bonus needs a dimension and points")],
    );
    says(
        "type: text, dimension: service",
        &[(
            "service",
            "questions of this type are never scored; leave `dimension` out",
        )],
    );
    says(
        "type: money, currency: EUR, dimension: service, points: 2",
        &[("2", "`points` means nothing without `expected`")],
    );
    says(
        "type: scale, dimension: service, steps: [{text: One, points: 1}, {text: Two}]",
        &[("{text: Two", "`points` is missing")],
    );
    says(
        "type: choice, dimension: service, options: [{id: a, text: A, points: 0}]",
        &[(
            "[{id",
            "its options earn nothing; give points, or write `dimension: none`",
        )],
    );
    says(
        "type: duration, dimension: service",
        &[(
            "{id",
            "`bands` are missing; they give points to values; or write `dimension: none`",
        )],
    );
    says(
        "type: recommend, dimension: experience, points: 1, bands: [{points: 2}]",
        &[("1", "points come either from bands or from points")],
    );
}

#[test]
fn options_and_bands_are_looked_at() {
    says(
        "type: choice",
        &[("{id", "a choice question has no options")],
    );
    says(
        "type: choice, options: []",
        &[("[]", "a choice question has no options")],
    );
    says(
        "type: choice, options: [{id: a, text: A}, {id: a, text: A}]",
        &[("a, text: A}]", "option `a` is there twice")],
    );
    says(
        "type: choice, options: [{id: A!, text: A}]",
        &[(
            "A!",
            "`A!` is no option id; up to 64 lower-case letters, digits, _ and -",
        )],
    );
    let banded = |bands: &str| format!("type: duration, dimension: service, bands: {bands}");
    says(
        &banded("[{up_to: 30s, points: 1}]"),
        &[(
            "{up_to",
            "values above the last band have no points; end with a band without `up_to`, such as {points: 0}",
        )],
    );
    says(
        &banded("[{up_to: 1m, points: 1}, {up_to: 60s, points: 2}, {points: 0}]"),
        &[(
            "60s",
            "bands ascend: this one ends where or before the one above it ends",
        )],
    );
    says(
        &banded("[{points: 1}, {points: 2}]"),
        &[("{points: 1", "only the last band is without `up_to`")],
    );
    says(
        &banded("[{up_to: 30, points: 1}, {points: 2}]"),
        &[("30", "30 has no unit; write it as 30s, 2m, 1m30s or 500ms")],
    );
    says(
        "type: recommend, dimension: experience, bands: [{up_to: 10, points: 1}, {points: 2}]",
        &[(
            "10",
            "no answer can be above this band, or none in it, given the smallest and largest answer allowed",
        )],
    );
}

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
        ONE_TEST,
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

const ONE_TEST: &str = "a condition on a question has exactly one of equals, not_equals, one_of, contains, at_least, at_most, answered";

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
fn the_file_as_a_whole_is_looked_at() {
    let source = "checklist: A B\nversion: 0\nlanguages: [en, nl, e]\ntitle: {en: T, de: T, nl: ' '}\nindustry: x\nscoring: {pass_mark: 101, bonus: true}\n\
                  sections:\n  - {id: a, title: {en: A}, weight: 0, questions: []}\n  - {id: a, title: {en: A, nl: A, e: A}, weight: 0, questions: [1]}\n";
    let expected = [
        "1:12: `A B` is no slug; lower-case letters, digits and single hyphens, such as restaurant-dine-in",
        "2:10: 0 is not between 1 and 999999",
        "3:21: `e` is no language tag; such as en, nl or pt-BR",
        "4:8: the translation into e is missing",
        "4:20: `de` is none of the checklist's languages; did you mean `e`?",
        "4:27: the text in nl is empty",
        "6:22: a percentage is between 0 and 100",
        "6:27: unknown key `bonus`",
        "8:20: the translation into nl, e is missing",
        "8:37: every section has weight 0, so there is no total; give one of them a weight",
        "8:51: section `a` has no questions",
        "9:10: section `a` is there twice",
        "9:65: a map is wanted here, not a number",
    ];
    let told = told(source);
    assert_eq!(told, expected);
}

#[test]
fn an_id_is_taken_once_in_the_whole_file() {
    let twice = "      - {id: a, type: yes_no, text: A}\n      - {id: a, type: yes_no, text: A}";
    assert_eq!(
        told(&around(twice)),
        ["12:14: question a: id `a` is already taken in this section"]
    );
}

#[test]
fn what_is_no_yaml_or_too_much_is_refused() {
    let refused = |source: &str| told(source).join("\n");
    assert!(refused("a: [1").starts_with("1:"), "{}", refused("a: [1"));
    assert!(refused("").contains("a map is wanted here"));
    assert!(refused("- a").contains("a map is wanted here, not a list"));
    assert!(
        refused(&"[".repeat(5_000)).contains("limit"),
        "{}",
        refused(&"[".repeat(5_000))
    );
    assert!(refused(&format!("a: {}", " ".repeat(5 * 1024 * 1024))).contains("at most 5242880"));
    let mut bomb = "a: &a [x]\n".to_owned();
    for level in 'b'..='i' {
        let before = char::from(level as u8 - 1);
        bomb.push_str(&format!(
            "{level}: &{level} [{}]\n",
            format!("*{before},").repeat(9)
        ));
    }
    assert!(refused(&bomb).contains("limit"), "{}", refused(&bomb));
    let many: String = (0..401)
        .map(|n| format!("      - {{id: q{n}, type: yes_no, text: Q}}\n"))
        .collect();
    assert_eq!(
        told(&around(&many)),
        ["7:3: 401 questions are too many; 400 are allowed"]
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

#[test]
fn a_hostile_file_is_answered_in_time() {
    let keys: String = (0..60_000).map(|n| format!("kei{n}: 1\n")).collect();
    assert_eq!(
        told(&keys).len(),
        crate::domain::checklist::problem::PROBLEMS_MAX
    );
    let options: String = (0..20_000).map(|_| "{id: a, text: A},").collect();
    let question = format!("      - {{id: q, type: choice, text: Q, options: [{options}]}}");
    assert_eq!(
        told(&around(&question)),
        ["11:49: question q: 20000 options are too many; 100 are allowed"]
    );
}
