//! Conditions do in the checklist what they do in the form.

use super::{Form, survey};
use crate::domain::answer::{Answer, Answers};
use crate::domain::checklist::conditions::shown;

/// Which questions are shown when these values were answered.
fn seen(form: &Form, values: &[(&str, serde_json::Value)]) -> Vec<String> {
    let answers: Answers = values
        .iter()
        .map(|(id, value)| {
            let answer: Answer =
                serde_json::from_value(serde_json::json!({"value": value})).unwrap();
            ((*id).to_owned(), answer)
        })
        .collect();
    let shown = shown(&form.checklist, &answers);
    let ids = form.ids().into_iter().filter(|id| shown.contains(id));
    ids.map(str::to_owned).collect()
}

#[test]
fn a_visit_with_skips_shows_what_the_form_would_show() {
    let form = survey(
        "type|name|label|relevant
select_one yes_no|served|Served?|
select_multiple drink|drinks|Drinks?|${served} = 'yes'
text|why|Why not?|${served} != 'yes'
begin group|bill|The bill|selected(${drinks}, 'tea') or selected(${drinks}, 'coffee')
decimal|total|Total?|
integer|guests|Guests?|
text|dear|Dear?|${total} > 20.5 and not(${guests} >= 4)
end group|||",
    );
    assert_eq!(form.told(), Vec::<String>::new());
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    // In a form an open question is an empty text, and that is not 'yes'.
    assert_eq!(seen(&form, &[]), ["served", "why"]);
    assert_eq!(seen(&form, &[("served", json("false"))]), ["served", "why"]);
    let served = ("served", json("true"));
    assert_eq!(
        seen(&form, std::slice::from_ref(&served)),
        ["served", "drinks"]
    );
    let none = ("drinks", json("[\"none\"]"));
    assert_eq!(seen(&form, &[served.clone(), none]), ["served", "drinks"]);
    let tea = ("drinks", json("[\"tea\"]"));
    let visit = |total: i64, guests: i64| {
        let values = [
            served.clone(),
            tea.clone(),
            ("total", total.into()),
            ("guests", guests.into()),
        ];
        seen(&form, &values).contains(&"dear".to_owned())
    };
    assert!(visit(20_501, 3) && !visit(20_500, 3) && !visit(20_501, 4));
}

#[test]
fn bounds_of_conditions_are_exact() {
    for (relevant, condition) in [
        ("${n} > 3", r#"{"question":"n","at_least":4}"#),
        ("3 < ${n}", r#"{"question":"n","at_least":4}"#),
        ("${n} < 3", r#"{"question":"n","at_most":2}"#),
        ("${n} >= 2.5", r#"{"question":"n","at_least":3}"#),
        ("${n} <= 2.5", r#"{"question":"n","at_most":2}"#),
        ("${n} = '4'", r#"{"question":"n","equals":4}"#),
        ("${n} >= 0", r#"{"question":"n","answered":true}"#),
        ("${n} != ''", r#"{"question":"n","answered":true}"#),
        ("${n} = ''", r#"{"question":"n","answered":false}"#),
        ("not(${n} = '')", r#"{"question":"n","answered":true}"#),
        ("${n} != 4", r#"{"not":{"question":"n","equals":4}}"#),
        ("${d} > 1.2345", r#"{"question":"d","at_least":1235}"#),
        ("${d} < 1.2", r#"{"question":"d","at_most":1199}"#),
        ("${c} = 'tea'", r#"{"question":"c","equals":"tea"}"#),
        (
            "selected(${c}, 'tea')",
            r#"{"question":"c","equals":"tea"}"#,
        ),
        ("${y} = 'no'", r#"{"question":"y","equals":false}"#),
        ("selected(${y}, 'yes')", r#"{"question":"y","equals":true}"#),
        ("${t} = 'Hall'", r#"{"question":"t","equals":"Hall"}"#),
        (
            "string-length(${t}) > 0",
            r#"{"question":"t","answered":true}"#,
        ),
        (
            "count-selected(${m}) >= 1",
            r#"{"question":"m","answered":true}"#,
        ),
        ("${n} = 4 and true()", r#"{"question":"n","equals":4}"#),
        (
            "(${n} = 4 or ${n} = 5) and ${y} = 'yes'",
            r#"{"all":[{"any":[{"question":"n","equals":4},{"question":"n","equals":5}]},{"question":"y","equals":true}]}"#,
        ),
    ] {
        let form = survey(&format!(
            "type|name|label|relevant\ninteger|n|N?|\ndecimal|d|D?|\nselect_one drink|c|C?|\nselect_one yes_no|y|Y?|\nselect_multiple drink|m|M?|\ntext|t|T?|\ntext|last|L?|{relevant}"
        ));
        assert_eq!(form.show_if("last"), condition, "{relevant}");
        assert_eq!(form.told(), Vec::<String>::new(), "{relevant}");
    }
}

#[test]
fn what_no_condition_can_say_is_told_with_its_words() {
    for (relevant, why) in [
        ("${n} + 1 > 3", "`+` is calculation"),
        ("${later} = 'x'", "no question before it is called `later`"),
        ("${sum} > 3", "`sum` is a calculation, which is not asked"),
        ("${m} = 'tea'", "write selected(${m}, 'tea')"),
        ("${c} = 'Tea'", "`c` has no choice `Tea`"),
        ("${c} > 'tea'", "answers to `c` (choice) have no order"),
        ("${n} > ${d}", "`${d}` is no fixed value"),
        ("count-selected(${m}) > 2", "can only be told from 0"),
        ("${h} = 'x'", "`h` is a note and has no answer"),
        ("today() > '2024-01-01'", "compares something else"),
        ("pulldata('a','b','c','d') = 1", "compares something else"),
        ("${n} = 1 and ${n} = 2", "it can never hold"),
        ("${n} < 0", "it can never hold"),
        ("${n} = 1.5", "it can never hold"),
        ("false()", "it can never hold"),
        ("${n} = 'many'", "`many` is no number"),
        ("${twice} = 'x'", "several questions are called `twice`"),
        ("${n}", "`${n}` alone is no condition"),
        ("../n = 1", "`..` is a path"),
    ] {
        let form = survey(&format!(
            "type|name|label|relevant\ninteger|n|N?|\ndecimal|d|D?|\nselect_one drink|c|C?|\nselect_multiple drink|m|M?|\nnote|h|H|\ncalculate|sum||\ntext|twice|A?|\ntext|twice|B?|\ntext|last|L?|{relevant}\ntext|later|X?|"
        ));
        assert_eq!(form.show_if("last"), "null", "{relevant}");
        assert!(
            form.tells(&["survey!D10 (relevant)", relevant, why]),
            "{relevant}: {:#?}",
            form.told()
        );
    }
}

#[test]
fn deep_and_wide_expressions_are_told() {
    let wide: Vec<String> = (0..101).map(|n| format!("${{n}} = {n}")).collect();
    let mut deep = "${n} = 1".to_owned();
    for level in 0..9 {
        let word = if level % 2 == 0 { "and" } else { "or" };
        deep = format!("(${{n}} != {level} {word} {deep})");
    }
    for (relevant, why) in [
        (wide.join(" or "), "at most 100 parts"),
        (deep, "more than 8 deep"),
    ] {
        let form = survey(&format!(
            "type|name|label|relevant\ninteger|n|N?|\ntext|last|L?|{relevant}"
        ));
        assert!(
            form.show_if("last") == "null" && form.tells(&[why]),
            "{:#?}",
            form.told()
        );
    }
}

#[test]
fn groups_ask_for_all_their_questions() {
    let form = survey(
        "type|name|label|relevant\nselect_one yes_no|a|A?|\ninteger|n|N?|\nbegin group|g|G|${a} = 'yes'\nbegin group|h|H|${n} > 2\ntext|b|B?|${n} < 9\nend group|||\ntext|c|C?|\nend group|||\nbegin group|i|I|position(..) = 1\ntext|d|D?|\nend group|||",
    );
    assert_eq!(
        form.show_if("b"),
        r#"{"all":[{"question":"a","equals":true},{"question":"n","at_least":3},{"question":"n","at_most":8}]}"#
    );
    assert_eq!(form.show_if("c"), r#"{"question":"a","equals":true}"#);
    assert_eq!(form.show_if("d"), "null");
    assert!(form.tells(&["survey!D10 (relevant)", "position(..) = 1"]));
}

#[test]
fn conditions_that_exclude_each_other_from_question_to_question_are_told() {
    let form = survey(
        "type|name|label|relevant|required
select_one yes_no|a|A?||
date|day|Day?||
text|b|B?|${a} = 'yes'|
text|c|C?|${a} = 'no' and ${b} != ''|
text|d|D?|${day} = 'today'|
text|e|E?|${a} = 'yes'|${a} = 'no'",
    );
    assert_eq!([form.show_if("c"), form.show_if("d")], ["null", "null"]);
    assert!(form.tells(&["survey!D5 (relevant)", "question `c`, when it is shown"]));
    assert!(form.tells(&["survey!D6 (relevant)", "never with `today`"]));
    assert!(form.question("e").required_if.is_none() && !form.question("e").required);
    assert!(form.tells(&["question `e`, when it is required"]));
    assert_ne!(form.show_if("b"), "null");
}
