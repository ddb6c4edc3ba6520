//! Every type of row that the convention has, one by one.

use super::{form, survey};
use crate::domain::checklist::QuestionType as Type;

#[test]
fn integer_becomes_count_with_its_bounds() {
    let form = survey("type|name|label|constraint\ninteger|age|How old?|. >= 18 and . <= 150");
    let age = form.question("age");
    assert_eq!(
        (age.kind, age.minimum, age.maximum),
        (Type::Count, Some(18), Some(150))
    );
    assert!(!age.required && age.service_share == 0);
    assert_eq!(form.told(), Vec::<String>::new());
}

#[test]
fn integer_below_zero_becomes_number() {
    let form = survey("type|name|label|constraint\ninteger|t|Temperature?|. > -30 and . < 50");
    let t = form.question("t");
    assert_eq!((t.kind, t.decimals), (Type::Number, Some(0)));
    assert_eq!((t.minimum, t.maximum), (Some(-29_000), Some(49_000)));
}

#[test]
fn decimal_becomes_number() {
    let form = survey("type|name|label|constraint\ndecimal|w|Weight?|. > 0 and . <= 2.5");
    let w = form.question("w");
    assert_eq!((w.kind, w.decimals), (Type::Number, Some(3)));
    assert_eq!((w.minimum, w.maximum), (Some(1), Some(2_500)));
}

#[test]
fn range_has_its_ends() {
    let form = survey(
        "type|name|label|parameters\nrange|a|A?|start=1 end=5 step=1\nrange|b|B?|\nrange|c|C?|start = 0, end = 1, step = 0.25",
    );
    assert_eq!(form.question("a").maximum, Some(5));
    assert_eq!(
        (form.question("b").minimum, form.question("b").maximum),
        (Some(0), Some(10))
    );
    let c = form.question("c");
    assert_eq!(
        (c.kind, c.decimals, c.maximum),
        (Type::Number, Some(2), Some(1_000))
    );
    assert!(form.tells(&["survey!D4", "step 0.25", "between the steps"]));
}

#[test]
fn text_with_a_length() {
    let form = survey(
        "type|name|label|constraint|appearance\ntext|t|Story?|string-length(.) <= 500|multiline",
    );
    assert_eq!(form.question("t").characters_max, Some(500));
    assert!(form.notes("appearance `multiline`") && form.told().is_empty());
}

#[test]
fn select_one_of_yes_and_no() {
    let form = survey("type|name|label|required\nselect_one yes_no|ok|All right?|yes");
    let ok = form.question("ok");
    assert_eq!((ok.kind, ok.required), (Type::YesNo, true));
}

#[test]
fn yes_and_no_in_any_case_and_with_more_words() {
    let choices = "list_name|name|label\nyn|No|No, nobody\nyn|YES|Yes, somebody";
    let form = form(&[
        (
            "survey",
            "type|name|label|relevant\nselect_one yn|a|A?|\ntext|b|B?|${a} = 'YES'",
        ),
        ("choices", choices),
    ]);
    assert_eq!(form.question("a").kind, Type::YesNo);
    assert_eq!(form.show_if("b"), r#"{"question":"a","equals":true}"#);
    assert!(form.tells(&["Yes, somebody"]));
}

#[test]
fn select_one_and_select_multiple() {
    let form = survey("type|name|label\nselect_one drink|a|A?\nselect_multiple drink|b|B?");
    assert_eq!(
        [form.question("a").kind, form.question("b").kind],
        [Type::Choice, Type::MultiChoice]
    );
    let ids: Vec<_> = form
        .question("b")
        .options
        .iter()
        .flatten()
        .map(|o| o.id.as_str())
        .collect();
    assert_eq!(ids, ["tea", "coffee", "none"]);
}

#[test]
fn a_choice_that_stands_alone() {
    let form = survey(
        "type|name|label|constraint\nselect_multiple drink|b|B?|not(selected(., 'none') and count-selected(.) > 1)",
    );
    let alone: Vec<_> = form
        .question("b")
        .options
        .iter()
        .flatten()
        .map(|o| o.exclusive)
        .collect();
    assert_eq!(alone, [false, false, true]);
    assert!(form.told().is_empty() && form.checklist.format == 2);
}

#[test]
fn choice_names_become_ids() {
    let choices = "list name|name|label\nl|Yes 1|One\nl|yes_1|Two\nl|ÄÖ|Three\nl|2|Four";
    let form = form(&[
        (
            "survey",
            "type|name|label|relevant\nselect_one l|a|A?|\ntext|b|B?|${a} = 'Yes 1'\ntext|c|C?|${a} = 2",
        ),
        ("choices", choices),
    ]);
    let ids: Vec<_> = form
        .question("a")
        .options
        .iter()
        .flatten()
        .map(|o| o.id.as_str())
        .collect();
    assert_eq!(ids, ["yes_1", "yes_1_2", "option_4", "2"]);
    assert_eq!(form.show_if("b"), r#"{"question":"a","equals":"yes_1"}"#);
    assert_eq!(form.show_if("c"), r#"{"question":"a","equals":"2"}"#);
    assert!(form.tells(&["choices!B2", "Yes 1", "`yes_1`"]));
}

#[test]
fn or_other_is_an_option_and_a_question() {
    let form = survey(
        "type|name|label\nselect_multiple drink or_other|d|Drinks?\nselect_one drink or_other|e|Drink?",
    );
    assert_eq!(form.ids(), ["d", "d_other", "e", "e_other"]);
    assert_eq!(
        form.show_if("d_other"),
        r#"{"question":"d","contains":"other"}"#
    );
    assert_eq!(
        form.show_if("e_other"),
        r#"{"question":"e","equals":"other"}"#
    );
    assert!(form.tells(&["survey!A2", "or_other"]));
}

#[test]
fn choices_from_files_and_missing_lists_ask_for_words() {
    let form = survey(
        "type|name|label\nselect_one_from_file places.csv|a|A?\nselect_multiple_from_file p.xml|b|B?\nselect_one_external x|c|C?\nselect_one drnk|d|D?",
    );
    assert!(
        form.checklist
            .questions()
            .all(|question| question.kind == Type::Text)
    );
    assert!(form.tells(&["survey!A2", "places.csv"]));
    assert!(form.tells(&["survey!A5", "drnk", "did you mean `drink`?"]));
}

#[test]
fn note_becomes_heading() {
    let form = survey("type|name|label|required\nnote|n|Read this|yes\ntext|t|T?|");
    assert_eq!(form.question("n").kind, Type::Heading);
    assert!(!form.question("n").required);
}

#[test]
fn read_only_becomes_heading() {
    let form = survey("type|name|label|readonly\ntext|n|Read this|yes\ntext|t|T?|no");
    assert_eq!(
        [form.question("n").kind, form.question("t").kind],
        [Type::Heading, Type::Text]
    );
}

#[test]
fn dates_and_times() {
    let form = survey("type|name|label\ndate|a|A?\ntime|b|B?\ndateTime|c|C?");
    let kinds: Vec<_> = form
        .checklist
        .questions()
        .map(|question| question.kind)
        .collect();
    assert_eq!(kinds, [Type::Date, Type::Time, Type::Date]);
    assert!(form.tells(&["survey!A4", "a day with its time"]));
}

#[test]
fn image_becomes_photo() {
    let form = survey("type|name|label|parameters\nimage|p|Photo?|max-pixels=1000");
    let photo = form.question("p").photo.clone().unwrap();
    assert_eq!((photo.min, photo.max), (1, 1));
    assert!(form.notes("max-pixels=1000"));
}

#[test]
fn geopoint_becomes_a_location_check() {
    let form = survey("type|name|label|body::accuracyThreshold\ngeopoint|here|Here?|1.5");
    assert_eq!(form.question("here").kind, Type::LocationCheck);
    assert!(form.tells(&["survey!A2", "coordinates are not kept"]));
    assert!(form.tells(&["survey!D2", "1.5", "other programs"]));
}

#[test]
fn barcode_and_acknowledge() {
    let form = survey(
        "type|name|label|relevant\nbarcode|b|Code?|\nacknowledge|k|Understood?|\ntext|t|T?|${k} = 'OK'",
    );
    assert_eq!(
        [form.question("b").kind, form.question("k").kind],
        [Type::Text, Type::Choice]
    );
    assert_eq!(form.show_if("t"), r#"{"question":"k","equals":"ok"}"#);
}

#[test]
fn what_a_checklist_cannot_ask_is_left_out_and_told() {
    let rows = [
        "audio",
        "video",
        "file",
        "geotrace",
        "geoshape",
        "rank drink",
        "calculate",
        "hidden",
        "xml-external",
        "audit",
        "deviceid",
        "simserial",
        "background-audio",
        "range drink x",
    ];
    let lines: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(at, kind)| format!("{kind}|q{at}|L"))
        .collect();
    let form = survey(&format!("type|name|label\ntext|t|T?\n{}", lines.join("\n")));
    assert_eq!(form.ids(), ["t"]);
    for (at, kind) in rows.iter().enumerate() {
        assert!(
            form.tells(&[&format!("survey!A{}", at + 3), kind, "left out"]),
            "{kind}"
        );
    }
}

#[test]
fn what_an_audit_records_is_only_noted() {
    let form =
        survey("type|name|label\nstart|start|\nend|end|\ntoday|today|\nusername|user|\ntext|t|T?");
    assert!(form.ids() == ["t"] && form.told().is_empty() && form.notes("when it was started"));
}
