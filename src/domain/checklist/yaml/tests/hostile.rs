//! Files that are made to hurt: what is said of them. How long that takes is measured, not tested.

use super::{around, told};
use crate::domain::checklist::{Checked, Checklist, NoPictures, Severity};

fn only(source: &str) -> String {
    let told = told(source);
    assert_eq!(told.len(), 1, "{told:?}");
    told.into_iter().next().unwrap()
}

#[test]
fn numbers_are_read_digit_by_digit() {
    let scored = |points: &str| {
        around(&format!(
            "      - {{id: q, type: yes_no, text: Q, dimension: service, points: {points}}}"
        ))
    };
    for (points, wanted) in [
        // A float would make 0.1 of it.
        ("0.1000000000000000000000000001", "has more than 3 decimals"),
        ("0.1234567890123456789", "has more than 3 decimals"),
        ("9007199254740992.5", "is too large"),
        ("99999999999999999999999999", "is too large"),
        ("1e400", "is no number"),
        ("1e3", "is no number"),
        (".inf", "is no number"),
        (".nan", "is no number"),
        ("0x10", "is no number"),
        ("+5", "is no number; did you mean `5`?"),
        (".5", "is no number"),
        ("1_000", "is no number; did you mean `1000`?"),
    ] {
        assert!(
            only(&scored(points)).contains(&format!("`{points}` {wanted}")),
            "{}",
            only(&scored(points))
        );
    }
    let checklist = Checklist::parse_yaml(&scored("2.500")).unwrap();
    assert_eq!(checklist.question("q").unwrap().points_milli, Some(2_500));
    // The number that an alias brings in is the one that stands at the anchor.
    let aliased = around(
        "      - {id: a, type: yes_no, text: Q, dimension: service, points: &p 0.125}\n      - {id: b, type: yes_no, text: Q, dimension: service, points: *p}",
    );
    let checklist = Checklist::parse_yaml(&aliased).unwrap();
    assert_eq!(checklist.question("b").unwrap().points_milli, Some(125));
}

#[test]
fn a_name_without_end_makes_a_short_message() {
    let long = "x".repeat(300_000);
    for source in [
        format!("{long}: 1\nchecklist: a\n"),
        format!("checklist: \"{long}\"\n"),
        around(&format!("      - {{id: {long}, type: yes_no, text: Q}}")),
        around(&format!("      - {{id: q, type: yes_no, text: {long}}}")),
        format!("checklist: [{}", "[],".repeat(40_000)),
        format!("# {long}\n"),
        format!("checklist: |\n  {long}\n"),
    ] {
        let said = told(&source);
        assert!(!said.is_empty());
        assert!(
            said.iter().all(|words| words.chars().count() < 2_000),
            "{}",
            said[0].len()
        );
    }
}

#[test]
fn merged_maps_have_a_limit_too() {
    let mut bomb = "a: &a {x: 1}\n".to_owned();
    for level in 'b'..='i' {
        let before = char::from(level as u8 - 1);
        bomb.push_str(&format!(
            "{level}: &{level} {{<<: [{}], k{level}: {{<<: *{before}}}}}\n",
            format!("*{before},").repeat(9)
        ));
    }
    assert!(only(&bomb).contains("beyond the limit"), "{}", only(&bomb));
}

#[test]
fn warnings_never_hide_an_error() {
    let warned = (0..399).map(|n| {
        format!("      - {{id: w{n}, type: yes_no, text: Q, show_if: {{question: first, at_least: 0}}}}\n")
    });
    let questions: String = warned.collect();
    let source = around(&format!(
        "      - {{id: first, type: recommend, text: Q}}\n{questions}"
    ))
    .replace("weight: 1", "weight: one");
    let Checked {
        checklist,
        problems,
    } = Checklist::check_yaml(&source, &NoPictures);
    assert!(checklist.is_none());
    assert!(
        problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    );
    assert!(problems.len() >= 300, "{}", problems.len());
}
