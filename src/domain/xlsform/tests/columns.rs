//! Groups, columns, settings and sheets, one by one.

use super::{form, survey};

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
