//! The extra columns `dimension`, `points` and `weight`.

use super::{form, survey};

const CHOICES: &str = "list_name|name|label|points
yn|yes|Yes|5
yn|no|No|
ny|yes|Yes|
ny|no|No|3
both|yes|Yes|2
both|no|No|1
bye|thanked|Thanked|6
bye|silent|Silent|
bad|a|A|x
bad|b|B|-1.5";

fn scored(lines: &str) -> super::Form {
    form(&[("survey", lines), ("choices", CHOICES)])
}

#[test]
fn points_of_choices_count_where_there_is_a_dimension() {
    let form = scored(
        "type|name|label|dimension\nselect_one bye|a|A?|service\nselect_one bye|b|B?|\nselect_multiple bye|c|C?|service 40, experience 60",
    );
    let points = |id: &str| {
        form.question(id)
            .options
            .iter()
            .flatten()
            .map(|o| o.points_milli)
            .collect::<Vec<_>>()
    };
    assert_eq!(points("a"), [6_000, 0]);
    assert_eq!(points("b"), [0, 0]);
    assert_eq!(
        (
            form.question("c").service_share,
            form.question("c").experience_share
        ),
        (40, 60)
    );
    assert!(form.notes("no dimension"));
}

#[test]
fn yes_and_no_earn_by_their_row_or_their_list() {
    let form = scored(
        "type|name|label|dimension|points\nselect_one yn|a|A?|service|\nselect_one ny|b|B?|experience|\nselect_one yn|c|C?|service|2.5\nselect_one both|d|D?|service|",
    );
    assert_eq!(
        (form.question("a").points_milli, form.question("a").expect),
        (Some(5_000), None)
    );
    assert_eq!(
        (form.question("b").points_milli, form.question("b").expect),
        (Some(3_000), Some(false))
    );
    assert_eq!(form.question("c").points_milli, Some(2_500));
    assert_eq!(form.question("d").kind.name(), "choice");
    assert!(!form.tells(&["survey"]), "{:#?}", form.told());
}

#[test]
fn photos_earn_and_words_do_not() {
    let form = scored(
        "type|name|label|dimension|points\nimage|p|P?|service|2\ntext|t|T?|service|2\ninteger|n|N?|service|\nselect_one bye|c|C?|service|4",
    );
    assert_eq!(form.question("p").points_milli, Some(2_000));
    assert_eq!(form.question("t").service_share, 0);
    assert!(form.tells(&["survey!E3", "no points of its own"]));
    assert!(form.tells(&["survey!D4", "`bands`"]));
    assert!(form.tells(&["survey!E5", "give points to its choices"]));
}

#[test]
fn wrong_points_and_dimensions_are_told() {
    let form = scored(
        "type|name|label|dimension|points\nselect_one bad|a|A?|service|\nselect_one yn|b|B?|services|-2",
    );
    assert!(form.tells(&["choices!D10", "`x`"]));
    assert_eq!(
        form.question("a").options.as_ref().unwrap()[1].points_milli,
        -1_500
    );
    assert!(form.tells(&["survey!D3", "`services`"]) && form.tells(&["survey!E3", "`-2`"]));
}

#[test]
fn sections_have_the_weights_of_their_groups() {
    let form = scored(
        "type|name|label|weight|dimension\nbegin group|g|G|60|\nselect_one yn|a|A?||service\nend group||||\nbegin group|h|H|0|\nselect_one yn|b|B?||service\nend group||||\nbegin group|i|I|heavy|\ntext|c|C?||\nend group||||",
    );
    let weights: Vec<u32> = form
        .checklist
        .sections
        .iter()
        .map(|section| section.weight)
        .collect();
    assert_eq!(weights, [60, 0, 1]);
    assert!(form.tells(&["survey!D8", "`heavy`"]));
}

#[test]
fn some_section_has_a_weight() {
    let form = survey("type|name|label|weight\nbegin group|g|G|0\ntext|a|A?|\nend group|||");
    assert_eq!(form.checklist.sections[0].weight, 1);
    assert!(form.tells(&["no section has a weight"]));
}
