//! Forms in several languages, and in none that they name.

use super::{FindingKind, form, survey};

#[test]
fn languages_come_from_the_headings() {
    let form = form(&[
        (
            "survey",
            "type|name|label::English (en)|label::Nederlands (nl)|hint::English (en)|hint::Nederlands (nl)\nselect_one l|a|Hello?|Hallo?|Look|Kijk",
        ),
        (
            "choices",
            "list_name|name|label::English (en)|label::Nederlands (nl)\nl|x|One|Een\nl|y|Two|Twee",
        ),
    ]);
    assert_eq!(form.checklist.languages, ["en", "nl"]);
    assert_eq!(form.checklist.format, 1);
    let a = form.question("a");
    assert_eq!(
        [&a.text.0["nl"], &a.help.as_ref().unwrap().0["nl"]],
        ["Hallo?", "Kijk"]
    );
}

#[test]
fn the_default_language_comes_first_and_owns_bare_columns() {
    let settings = "default_language\nnl";
    let sheet = "type|name|label|label::English (en)\ntext|a|Hallo?|Hello?";
    let form = form(&[("survey", sheet), ("settings", settings)]);
    assert_eq!(form.checklist.languages, ["nl", "en"]);
    assert_eq!(form.question("a").text.0["nl"], "Hallo?");
}

#[test]
fn a_form_that_names_no_language_is_taken_as_english() {
    let form = survey("type|name|label\ntext|a|Hello?");
    assert_eq!(form.checklist.languages, ["en"]);
    assert!(form.notes("taken as English") && form.told().is_empty());
}

#[test]
fn missing_translations_make_a_language_partial() {
    let form = form(&[(
        "survey",
        "type|name|label::English (en)|label::French (fr)\ntext|a|Hello?|Bonjour?\ntext|b|Bye?|",
    )]);
    assert_eq!(form.checklist.languages, ["en"]);
    assert_eq!(form.checklist.partial_languages, ["fr"]);
    assert_eq!(form.question("a").text.0["fr"], "Bonjour?");
    assert!(form.tells(&["language `fr`", "1 texts are missing"]));
}

#[test]
fn what_is_missing_in_the_first_language_is_taken_from_another() {
    let form = form(&[(
        "survey",
        "type|name|label::English (en)|label::French (fr)\ntext|a|Hello?|Bonjour?\ntext|b||Salut?",
    )]);
    assert_eq!(form.question("b").text.0["en"], "Salut?");
    assert!(form.tells(&["survey row 3", "no label in `en`"]));
}

#[test]
fn a_language_without_a_tag_gets_one_of_its_own() {
    let form = form(&[(
        "survey",
        "type|name|label::English|label::Klingon|label::Elvish\ntext|a|Hello?|nuqneH|Aiya",
    )]);
    assert_eq!(form.checklist.languages, ["en", "qaa", "qab"]);
    assert!(form.tells(&["Klingon", "`qaa`"]));
}

#[test]
fn languages_without_a_text_are_none() {
    let form = form(&[(
        "survey",
        "type|name|label::English (en)|label::French (fr)|media::image::German (de)\ntext|a|Hello?||x.png",
    )]);
    assert_eq!(form.checklist.languages, ["en"]);
    assert!(form.tells(&["x.png"]));
}

#[test]
fn a_question_without_any_label_is_called_by_its_name() {
    let form = survey("type|name|label\ntext|shop_front|");
    assert_eq!(form.question("shop_front").text.0["en"], "shop_front");
    assert!(
        form.findings
            .iter()
            .any(|f| f.kind == FindingKind::Changed && f.what == "no label")
    );
}

#[test]
fn a_default_language_without_texts_gives_way() {
    let form = form(&[
        ("survey", "type|name|label::English (en)\ntext|a|Hello?"),
        ("settings", "default_language\nDutch (nl)"),
    ]);
    assert_eq!(form.checklist.languages, ["en"]);
    assert!(form.tells(&["default language `nl`"]));
}

#[test]
fn characters_that_no_phone_can_show_are_left_out() {
    let form = survey(
        "type|name|label|hint|relevant\ntext|a|A\u{feff}b\u{7}?|\u{feff}|\ntext|b|B?||${a} = '\u{feff}'",
    );
    assert_eq!(form.question("a").text.0["en"], "Ab?");
    assert!(form.question("a").help.is_none() && form.show_if("b") == "null");
    assert!(form.tells(&["survey!E3", "no phone can give"]));
}
