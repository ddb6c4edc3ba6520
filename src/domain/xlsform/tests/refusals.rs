//! What is no form, or more than a checklist.

use super::try_form;

fn refusal(sheets: &[(&str, &str)]) -> String {
    try_form(sheets).unwrap_err().to_string()
}

#[test]
fn what_is_missing_is_named() {
    for (sheets, why) in [
        (vec![], "there is no sheet `survey`"),
        (
            vec![("Surveys", "a"), ("x", "b")],
            "did you mean `surveys`?",
        ),
        (vec![("survey", "")], "the sheet `survey` is empty"),
        (
            vec![("survey", "typ|name|label\ntext|a|A")],
            "no column `type`; did you mean `typ`?",
        ),
        (
            vec![("survey", "type|nmae|label\ntext|a|A")],
            "no column `name`; did you mean `nmae`?",
        ),
        (vec![("survey", "type|name|label")], "no row of the sheet"),
        (
            vec![("survey", "type|name|label\ncalculate|a|A")],
            "no row of the sheet",
        ),
    ] {
        let refusal = refusal(&sheets);
        assert!(refusal.contains(why), "{refusal}");
    }
}

#[test]
fn too_much_is_told_as_too_much() {
    let rows = |count: usize| {
        let lines: Vec<String> = (0..count).map(|n| format!("text|q{n}|Q?")).collect();
        format!("type|name|label\n{}", lines.join("\n"))
    };
    assert!(try_form(&[("survey", &rows(400))]).is_ok());
    assert!(
        refusal(&[("survey", &rows(401))]).contains("more than 400 questions at survey row 402")
    );

    let groups = |count: usize| {
        let lines: Vec<String> = (0..count)
            .map(|n| format!("begin group|g{n}|G\ntext|q{n}|Q?\nend group||"))
            .collect();
        format!("type|name|label\n{}", lines.join("\n"))
    };
    assert!(try_form(&[("survey", &groups(100))]).is_ok());
    assert!(refusal(&[("survey", &groups(101))]).contains("more than 100 sections"));

    let deep = "begin group|g|G\n".repeat(21);
    assert!(
        refusal(&[("survey", &format!("type|name|label\n{deep}"))]).contains("more than 20 deep")
    );

    let tags: Vec<String> = (0..21_u8)
        .map(|n| format!("label::a{}", char::from(b'a' + n)))
        .collect();
    let words = ["Q?"; 21].join("|");
    let sheet = format!("type|name|{}\ntext|a|{words}", tags.join("|"));
    assert!(refusal(&[("survey", &sheet)]).contains("21 languages"));
}

#[test]
fn the_largest_checklist_is_still_read_back() {
    // Many lists of many options in several languages: near the limit it is written, beyond it is refused, never unsound.
    let choices: Vec<String> = (0..100).map(|n| format!("l|o{n}|A|B|C")).collect();
    let choices = format!(
        "list_name|name|label::en|label::nl|label::de\n{}",
        choices.join("\n")
    );
    let largest = |questions: usize| {
        let rows: Vec<String> = (0..questions)
            .map(|n| format!("select_one l|q{n}|A|B|C"))
            .collect();
        let survey = format!(
            "type|name|label::en|label::nl|label::de\n{}",
            rows.join("\n")
        );
        try_form(&[("survey", &survey), ("choices", &choices)])
    };
    assert!(largest(70).is_ok());
    let refusal = largest(400).unwrap_err().to_string();
    assert!(refusal.contains("keys and values"), "{refusal}");
    let smallest_refused = (70..400)
        .step_by(3)
        .find(|count| largest(*count).is_err())
        .unwrap();
    let refusal = largest(smallest_refused).unwrap_err().to_string();
    assert!(refusal.contains("keys and values"), "{refusal}");
}
