//! Every shape that the convention has, one by one.

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

#[test]
fn groups_become_sections_in_their_place() {
    let form = survey(
        "type|name|label\ntext|a|A?\nbegin group|g|Outside\ntext|b|B?\nend group||\ntext|c|C?\nbegin_group|h|\ntext|d|D?\nend_group||",
    );
    let sections: Vec<_> = form
        .checklist
        .sections
        .iter()
        .map(|s| {
            (
                s.id.as_str(),
                s.title.in_language("en", &[]),
                s.questions.len(),
            )
        })
        .collect();
    assert_eq!(
        sections,
        [
            ("questions", "form", 1),
            ("g", "Outside", 1),
            ("questions_2", "form", 1),
            ("h", "h", 1)
        ]
    );
    assert!(
        form.checklist
            .sections
            .iter()
            .all(|section| section.weight == 1)
    );
}

#[test]
fn nested_groups_are_flattened_with_both_titles() {
    let form = survey(
        "type|name|label\nbegin group|g|Outside\ntext|a|A?\nbegin group|h|Door\ntext|b|B?\nend group||\ntext|c|C?\nend group||",
    );
    let titles: Vec<_> = form
        .checklist
        .sections
        .iter()
        .map(|s| s.title.in_language("en", &[]))
        .collect();
    assert_eq!(titles, ["Outside", "Outside / Door", "Outside"]);
    assert!(form.tells(&["survey row 4", "`h` inside `g`"]));
}

#[test]
fn repeats_are_asked_once() {
    let form = survey(
        "type|name|label|repeat_count\nbegin repeat|r|Tables|${n}\ntext|a|A?|\nend repeat|||",
    );
    assert_eq!(form.ids(), ["a"]);
    assert!(form.tells(&["survey row 2", "no counterpart", "repeat `r` `${n}` times"]));
}

#[test]
fn hints_become_help() {
    let form = survey(
        "type|name|label|hint|guidance_hint\ntext|a|A?|Look up|For training\ntext|b|B?||Only here",
    );
    assert_eq!(
        form.question("a").help.as_ref().unwrap().0["en"],
        "Look up\nFor training"
    );
    assert_eq!(
        form.question("b").help.as_ref().unwrap().0["en"],
        "Only here"
    );
    assert!(form.tells(&["survey!E2 (guidance_hint)"]));
}

#[test]
fn required_may_be_an_expression() {
    let form = survey(
        "type|name|label|required\nselect_one yes_no|a|A?|true()\ntext|b|B?|${a} = 'yes'\ntext|c|C?|FALSE\ntext|d|D?|count(${a}) > 1",
    );
    assert!(form.question("a").required);
    assert!(form.question("b").required_if.is_some() && !form.question("c").required);
    assert!(form.tells(&["survey!D5 (required)", "count(${a}) > 1"]));
}

#[test]
fn columns_without_a_counterpart_are_told_cell_by_cell() {
    let headings = "type|name|label|default|calculation|choice_filter|trigger|media::image|constraint_message|required_message|parameters|bind::odk:x|colour";
    let form = survey(&format!(
        "{headings}\nselect_one drink|a|A?|tea|1+1|x=1|${{b}}|a.png|No!|Please|randomize=true|y|red"
    ));
    for (column, heading) in ["D", "E", "F", "G", "H", "I", "J", "K", "L"]
        .iter()
        .zip(headings.split('|').skip(3))
    {
        assert!(
            form.tells(&[&format!("survey!{column}2 ({heading})"), "no counterpart"]),
            "{heading}: {:#?}",
            form.told()
        );
    }
    assert!(form.tells(&["survey!M1", "column `colour`", "not known"]));
}

#[test]
fn references_and_styling_in_texts_are_told() {
    let form =
        survey("type|name|label\ntext|a|A?\nnote|b|Hello ${a}\ntext|c|**Bold** <span>x</span>");
    assert!(form.tells(&["survey!C3 (label)", "Hello ${a}", "reword"]));
    assert!(form.tells(&["survey!C4 (label)", "styling"]));
}

#[test]
fn names_become_unique_ids_and_conditions_follow() {
    let form = survey(
        "type|name|label|relevant\ninteger|No. Of Tables|N?|\ntext|Name|A?|${No. Of Tables} > 2\nbegin group|g|G|\ntext|name|B?|\nend group|||",
    );
    assert_eq!(form.ids(), ["no__of_tables", "name", "name_2"]);
    assert_eq!(
        form.show_if("name"),
        r#"{"question":"no__of_tables","at_least":3}"#
    );
    assert!(form.tells(&["survey!B2 (name)", "`no__of_tables`"]));
}

#[test]
fn settings_name_the_checklist() {
    let settings = "form_title|form_id|version|default_language|industry|instance_name|public_key\nCoffee Bar 2024|coffee_bar|2024061501|English (en)|restaurant|concat('a')|abc";
    let form = form(&[
        ("survey", "type|name|label\ntext|a|A?"),
        ("settings", settings),
    ]);
    let checklist = &form.checklist;
    assert_eq!(
        (
            checklist.checklist.as_str(),
            checklist.version,
            checklist.industry.as_str()
        ),
        ("coffee-bar", 1, "restaurant")
    );
    assert_eq!(checklist.title.0["en"], "Coffee Bar 2024");
    assert!(form.tells(&["settings!C2", "2024061501"]));
    assert!(
        form.tells(&["settings!F2", "instance_name"]) && form.tells(&["settings!G2", "public_key"])
    );
}

#[test]
fn headings_and_sheets_may_be_spelled_carelessly() {
    let form = form(&[
        (
            " Survey",
            " Type |NAME| Label :: English (en) |Relevance\nselect one from Yes_No|a|A?|\ntext|b|B?|${a} = \u{2018}yes\u{2019}",
        ),
        (
            "CHOICES",
            "List Name|Value|Label::English (en)\nYes_No|yes|Yes\nYes_No|no|No",
        ),
    ]);
    assert_eq!(form.show_if("b"), r#"{"question":"a","equals":true}"#);
    assert_eq!(form.checklist.languages, ["en"]);
}

#[test]
fn rows_of_blanks_remarks_and_disabled_ones_are_passed_over() {
    let form =
        survey("type|name|label|disabled\n|||\ntext|a|A?|\n|lonely|L|\ntext|b|B?|yes\ntxt|c|C?|");
    assert_eq!(form.ids(), ["a"]);
    assert!(form.tells(&["survey row 4", "no type"]) && form.notes("disabled"));
    assert!(form.tells(&["survey!A6", "did you mean `text`?"]));
}

#[test]
fn other_sheets_are_told() {
    let form = form(&[
        ("survey", "type|name|label\ntext|a|A?"),
        ("entities", "list_name|label\nx|y"),
        ("Notes", "a\nb"),
    ]);
    assert!(form.tells(&["entities: no counterpart"]) && form.notes("sheet `Notes`"));
}
