//! An author brings a form, reads what was told, and has a checklist.

use crate::file::form;
use crate::{import, import_file, plainclothes};

const SURVEY: &str = "type|name|label::English (en)|label::Nederlands (nl)|relevant|required|constraint|dimension|points
begin group|door|At the door|Bij de deur||||
select_one yes_no|greeted|Were you greeted?|Werd u begroet?||yes||service|5
integer|seconds|After how many seconds?|Na hoeveel seconden?|${greeted} = 'yes'|yes|. <= 600||
end group||||||||
text|story|What would you tell a friend?|Wat zou u een vriend vertellen?|||string-length(.) <= 2000||
calculate|minutes|||||||";
const CHOICES: &str = "list_name|name|label::English (en)|label::Nederlands (nl)\nyes_no|yes|Yes|Ja\nyes_no|no|No|Nee";
const SETTINGS: &str = "form_title|form_id|version|industry\nCoffee bar|coffee-bar|3|restaurant";

fn coffee_bar() -> Vec<u8> {
    form(&[
        ("survey", SURVEY),
        ("choices", CHOICES),
        ("settings", SETTINGS),
    ])
}

#[test]
fn a_form_becomes_a_file_that_check_calls_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (form, out) = (
        folder.path().join("form.xlsx"),
        folder.path().join("v3.yaml"),
    );
    std::fs::write(&form, coffee_bar()).unwrap();
    let (status, stdout, stderr) = import_file(&form, &["--out", out.to_str().unwrap()]);
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
    assert!(
        stderr.contains("survey!A7 (type): no counterpart: `minutes` of type `calculate`"),
        "{stderr}"
    );

    let check = plainclothes(&["checklist", "check", out.to_str().unwrap()]);
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(
        check.status.success() && said.contains("coffee-bar version 3, "),
        "{said}"
    );
}

#[test]
fn standard_output_is_the_checklist_and_nothing_else() {
    let (status, yaml, _) = import(&coffee_bar(), &["--slug", "corner-cafe"]);
    assert_eq!(status, 0);
    assert!(
        yaml.contains("\nchecklist: corner-cafe\n")
            && yaml.contains("show_if: {question: greeted, equals: true}"),
        "{yaml}"
    );
    assert!(plainclothes::domain::checklist::Checklist::parse_yaml(&yaml).is_ok());
}

#[test]
fn strict_ends_with_1_when_something_is_lost() {
    let (status, yaml, stderr) = import(&coffee_bar(), &["--strict"]);
    assert!(status == 1 && !yaml.is_empty(), "{stderr}");
    assert!(
        stderr.contains("1 things in the form have no counterpart"),
        "{stderr}"
    );
    let (status, ..) = import(
        &form(&[("survey", "type|name|label\ntext|a|A?")]),
        &["--strict"],
    );
    assert_eq!(status, 0);
}

#[test]
fn programs_read_json() {
    let (status, stdout, stderr) = import(&coffee_bar(), &["--json"]);
    assert!(status == 0 && stderr.is_empty(), "{stderr}");
    let json: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert!(
        json["yaml"]
            .as_str()
            .unwrap()
            .contains("checklist: coffee-bar")
    );
    let lost = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["kind"] == "lost")
        .unwrap();
    assert_eq!(
        (
            lost["sheet"].as_str(),
            lost["row"].as_u64(),
            lost["column"].as_str(),
            lost["heading"].as_str()
        ),
        (Some("survey"), Some(7), Some("A"), Some("type"))
    );
}

#[test]
fn a_slug_that_is_none_is_refused() {
    for slug in ["Coffee Bar", "", "a--b", "a-"] {
        let (status, stdout, stderr) = import(&coffee_bar(), &["--slug", slug]);
        assert!(
            status == 1 && stdout.is_empty() && stderr.contains("--slug is"),
            "{slug}: {stderr}"
        );
    }
}
