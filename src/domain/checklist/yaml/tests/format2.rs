//! What format 2 added: how it is read, and what of it is refused.

use crate::domain::checklist::{Checklist, PictureFacts, Pictures};
use crate::domain::ids::Sha256;

struct Shelf;

impl Pictures for Shelf {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        let size_bytes = match file {
            "table.png" => 1_000,
            "large.png" => 600_000,
            _ => return Err("is not in the folder".to_owned()),
        };
        Ok(PictureFacts {
            sha256: Sha256::of(file.as_bytes()),
            media_type: "image/png".to_owned(),
            size_bytes,
        })
    }
}

fn with_questions(head: &str, questions: &str) -> String {
    format!(
        "checklist: a\nversion: 1\nlanguages: [en]\ntitle: A\nindustry: x\n{head}sections:\n  - id: s\n    title: S\n    weight: 1\n    questions:\n      \
         - {{id: base, type: yes_no, text: B, dimension: service, points: 1}}\n{questions}"
    )
}

fn question(rest: &str) -> String {
    format!("      - {{id: q, text: Q, {rest}}}\n")
}

fn problems(source: &str) -> Vec<String> {
    match Checklist::parse_yaml_with(source, &Shelf) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn refused(head: &str, rest: &str, wanted: &str) {
    let problems = problems(&with_questions(head, &question(rest)));
    assert!(
        problems.iter().any(|problem| problem.contains(wanted)),
        "{rest}: {problems:?}"
    );
}

#[test]
fn a_version_has_the_lowest_format_that_says_it() {
    let old = Checklist::parse_yaml(&with_questions("", "")).unwrap();
    assert_eq!(old.format, 1);
    for (head, rest) in [
        ("partial_languages: [nl]\n", "type: text"),
        ("follows: {checklist: b}\n", "type: text"),
        ("", "type: location_check"),
        ("", "type: yes_no, trap: true, dimension: none"),
        ("", "type: text, pictures: [{file: table.png, text: Set}]"),
        (
            "",
            "type: multi_choice, dimension: none, options: [{id: a, text: A}, {id: n, text: N, exclusive: true}]",
        ),
    ] {
        let source = with_questions(head, &question(rest));
        let new = Checklist::parse_yaml_with(&source, &Shelf).unwrap_or_else(|problems| {
            panic!("{rest}: {problems:#?}");
        });
        assert_eq!(new.format, 2, "{rest}");
        let bytes = new.canonical_bytes();
        assert_eq!(Checklist::from_canonical(&bytes).unwrap(), new);
        let pretended = String::from_utf8(bytes)
            .unwrap()
            .replace("\"format\":2", "\"format\":1");
        assert!(Checklist::from_canonical(pretended.as_bytes()).is_err());
    }
}

#[test]
fn a_location_check_says_what_is_near() {
    let source = with_questions("", &question("type: location_check, within: 1.5km"));
    let checklist = Checklist::parse_yaml(&source).unwrap();
    assert_eq!(checklist.question("q").unwrap().within_m, Some(1_500));
    let source = with_questions(
        "",
        &question(
            "type: location_check, dimension: experience, bands: [{up_to: 50m, points: 2}, {points: 0}]",
        ),
    );
    let checklist = Checklist::parse_yaml(&source).unwrap();
    assert_eq!(checklist.question("q").unwrap().within_m, Some(250));
    refused(
        "",
        "type: location_check, within: 5m",
        "between 10m and 100km",
    );
    refused("", "type: location_check, within: 200", "has no unit");
    refused("", "type: yes_no, within: 50m", "means nothing for yes_no");
    refused(
        "",
        "type: location_check, dimension: service",
        "nothing that earns",
    );
}

#[test]
fn a_pair_is_of_two_faces_in_order() {
    let pair = |rest: &str| {
        format!(
            "      - {{id: before, type: emotion, text: B, dimension: none}}\n      - {{id: after, type: emotion, text: A, {rest}}}\n"
        )
    };
    let good = pair(
        "since: before, dimension: experience, bands: [{up_to: -1, points: 0}, {up_to: 0, points: 2}, {points: 5}]",
    );
    assert_eq!(problems(&with_questions("", &good)), Vec::<String>::new());
    for (rest, wanted) in [
        ("since: befor, dimension: none", "did you mean `before`?"),
        ("since: base, dimension: none", "is no emotion question"),
        ("since: after, dimension: none", "does not come before"),
        (
            "dimension: experience, bands: [{up_to: 0, points: 2}, {points: 5}]",
            "nothing it is compared with",
        ),
        (
            "since: before, dimension: experience, bands: [{up_to: 4, points: 2}, {points: 5}]",
            "no answer can be above this band",
        ),
    ] {
        let found = problems(&with_questions("", &pair(rest)));
        assert!(
            found.iter().any(|problem| problem.contains(wanted)),
            "{rest}: {found:?}"
        );
    }
}

#[test]
fn recovery_needs_a_first_leg_and_points() {
    let follows = "follows: {checklist: b, days_max: 14}\n";
    let scored = "type: yes_no, dimension: service, points: 3, recovery: true";
    let source = with_questions(follows, &question(scored));
    assert_eq!(problems(&source), Vec::<String>::new());
    refused("", scored, "not a second leg");
    refused(
        follows,
        "type: yes_no, dimension: none, recovery: true",
        "needs a dimension",
    );
    refused("follows: {checklist: a}\n", scored, "cannot follow itself");
    refused(
        "follows: {checklist: b, days_max: 0}\n",
        scored,
        "is not between 1 and 366",
    );
}

#[test]
fn a_trap_earns_nothing() {
    refused(
        "",
        "type: yes_no, dimension: service, points: 1, trap: true",
        "earns nothing for the location",
    );
    refused("", "type: text, trap: true", "means nothing for text");
}

#[test]
fn only_multi_choice_has_exclusive_options() {
    refused(
        "",
        "type: choice, dimension: none, options: [{id: a, text: A}, {id: n, text: N, exclusive: true}]",
        "is for options of a multi_choice",
    );
}

#[test]
fn pictures_are_looked_up_and_counted() {
    refused(
        "",
        "type: text, pictures: [{file: chair.png, text: C}]",
        "`chair.png` is not in the folder",
    );
    refused(
        "",
        "type: text, pictures: [{file: large.png, text: L}]",
        "has at most 524288",
    );
    refused(
        "",
        "type: text, pictures: [{file: table.png}]",
        "`text` is missing",
    );
    let five = ["{file: table.png, text: T}"; 5].join(", ");
    refused(
        "",
        &format!("type: text, pictures: [{five}]"),
        "4 are allowed",
    );
    let source = with_questions(
        "",
        &question("type: text, pictures: [{file: table.png, text: T}]"),
    );
    let refused = Checklist::parse_yaml(&source).unwrap_err();
    assert!(refused[0].message.contains("cannot be looked up here"));
}

#[test]
fn texts_may_be_missing_in_partial_languages_only() {
    let source = with_questions("partial_languages: [nl]\n", "")
        .replace("title: A", "title: {en: A, nl: Een}");
    assert_eq!(problems(&source), Vec::<String>::new());
    let twice = with_questions("partial_languages: [en]\n", "");
    assert!(problems(&twice)[0].contains("language `en` is there twice"));
    let other = source.replace("nl: Een", "fr: Une");
    assert!(problems(&other)[0].contains("none of the checklist's languages"));
}
