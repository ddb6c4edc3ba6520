//! Reckoned by hand.

use serde_json::json;

use super::{Pair, Verdicts, compare, summary};
use crate::domain::answer::Answers;
use crate::domain::checklist::Checklist;
use crate::domain::checklist::reweighting::Reweighting;
use crate::domain::scoring::{Micros, Score, score};

/// Two sections of one question each, worth 1 : 1, and a pass mark of 60.
const CHECKLIST: &str = "\
checklist: two
version: 1
languages: [en]
title: Two
industry: test
scoring: {pass_mark: 60}
sections:
  - {id: a, title: A, weight: 1, questions: [{id: scale, type: scale, text: Q, dimension: service, steps: [{text: 0, points: 0}, {text: 1, points: 1}, {text: 2, points: 2}, {text: 3, points: 3}]}]}
  - {id: b, title: B, weight: 1, questions: [{id: yes, type: yes_no, text: Q, dimension: experience, points: 1, critical: fail_audit}]}
";

fn checklist() -> Checklist {
    let quoted = (0..4).fold(CHECKLIST.to_owned(), |yaml, n| {
        yaml.replace(&format!("text: {n}"), &format!("text: '{n}'"))
    });
    Checklist::parse_yaml(&quoted).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Three parts for the first section, one for the second, which fails nothing any more.
fn reweighted() -> Checklist {
    let yaml = "sections: {a: 3, b: 1}\nquestions: {yes: {critical: remove}}\n";
    let reweighting = Reweighting::parse_yaml(yaml, &checklist()).unwrap();
    reweighting.apply(&checklist()).unwrap()
}

fn scores(step: i64, yes: bool) -> (Score, Score) {
    let answers: Answers =
        serde_json::from_value(json!({"scale": {"value": step}, "yes": {"value": yes}})).unwrap();
    (
        score(&checklist(), &answers),
        score(&reweighted(), &answers),
    )
}

fn pair(before: i64, after: i64) -> Pair {
    Pair {
        before: Some(Micros(before)),
        after: Some(Micros(after)),
        change_micros: Some(after - before),
    }
}

#[test]
fn compares_the_two_scores_of_an_audit() {
    // Section a: 2 of 3 points, 666 667. Section b: 0.
    let (before, after) = scores(3, false);
    let change = compare(&before, &after);
    assert_eq!(change.total, pair(333_334, 500_000));
    assert_eq!(change.service, pair(666_667, 666_667));
    assert_eq!(change.experience, pair(0, 0));
    assert_eq!(change.balanced, pair(0, 0));
    assert_eq!(change.recovery, None);
    assert_eq!((change.failed_before, change.failed_after), (true, false));
    assert_eq!(
        (change.passed_before, change.passed_after),
        (Some(false), Some(false))
    );
    let sections: Vec<_> = change
        .sections
        .iter()
        .map(|s| (s.id.as_str(), s.score))
        .collect();
    assert_eq!(sections, [("a", pair(666_667, 666_667)), ("b", pair(0, 0))]);
}

/// Totals before and after of an audit: steps 1 to 4 are 0, 333 333, 666 667 and 1 000 000 for section a.
fn audits() -> Vec<(&'static str, i64, bool)> {
    vec![
        // 500 000 → 250 000 and 833 334 → 750 000: mean 666 667 → 500 000
        ("Ghent", 1, true),
        ("Ghent", 3, true),
        // 500 000 → 750 000; failed before, passed after
        ("Liège", 4, false),
        // 666 667 → 500 000
        ("Bruges", 2, true),
        // 500 000 → 750 000, as Liège
        ("Mons", 4, false),
    ]
}

fn of_all() -> super::Summary<&'static str> {
    summary(audits().into_iter().map(|(location, step, yes)| {
        let (before, after) = scores(step, yes);
        (location, compare(&before, &after))
    }))
}

#[test]
fn sums_up_by_location() {
    let summary = of_all();
    let lines: Vec<_> = summary
        .locations
        .iter()
        .map(|l| (l.location, l.audits, l.mean, l.rank_before, l.rank_after))
        .collect();
    assert_eq!(
        lines,
        [
            ("Liège", 1, pair(500_000, 750_000), Some(3), Some(1)),
            ("Mons", 1, pair(500_000, 750_000), Some(3), Some(1)),
            ("Bruges", 1, pair(666_667, 500_000), Some(1), Some(3)),
            ("Ghent", 2, pair(666_667, 500_000), Some(1), Some(3)),
        ]
    );
    assert_eq!((summary.audits, summary.moved), (5, 5));
    // Bruges and Ghent are equal twice, so are Liège and Mons; the other four pairs swap.
    assert_eq!(
        (summary.pairs, summary.swapped, summary.tied_once),
        (6, 4, 0)
    );
    assert_eq!(
        summary.verdicts,
        Verdicts {
            newly_passed: 2,
            // Bruges, and the first of Ghent never passed: 50 %.
            no_longer_passed: 1,
            newly_failed: 0,
            no_longer_failed: 2
        }
    );
    let moves: Vec<_> = summary
        .largest_moves(3)
        .iter()
        .map(|l| l.location)
        .collect();
    assert_eq!(moves, ["Liège", "Mons", "Bruges"]);
}

#[test]
fn means_are_rounded_half_away_from_zero_and_ties_share_the_better_rank() {
    let with_total = |before: Option<i64>, after: Option<i64>| {
        let (mut one, mut two) = scores(1, true);
        one.total_micros = before.map(Micros);
        two.total_micros = after.map(Micros);
        compare(&one, &two)
    };
    let summary = summary([
        ("a", with_total(Some(1), Some(4))),
        ("a", with_total(Some(2), None)),
        ("b", with_total(Some(2), Some(3))),
        ("c", with_total(Some(1), Some(3))),
        ("d", with_total(None, Some(9))),
    ]);
    let lines: Vec<_> = summary
        .locations
        .iter()
        .map(|l| {
            (
                l.location,
                l.scored_before,
                l.scored_after,
                l.rank_before,
                l.rank_after,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("d", 0, 1, None, Some(1)),
            // 1.5 is 2, as much as b has.
            ("a", 2, 1, Some(1), Some(2)),
            ("b", 1, 1, Some(1), Some(3)),
            ("c", 1, 1, Some(3), Some(3)),
        ]
    );
    // a and b are equal before only, b and c after only, a stays before c; d has one mean and is in no pair.
    assert_eq!(
        (summary.pairs, summary.swapped, summary.tied_once),
        (3, 0, 2)
    );
    assert_eq!(summary.locations[0].mean.change_micros, None);
}

#[test]
fn is_shown_as_a_table() {
    assert_eq!(
        of_all().to_string(),
        "\
location  audits    before     after   change  rank
Liège          1    50.0 %    75.0 %    +25.0  3 → 1
Mons           1    50.0 %    75.0 %    +25.0  3 → 1
Bruges         1    66.7 %    50.0 %    −16.7  1 → 3
Ghent          2    66.7 %    50.0 %    −16.7  1 → 3

5 of 5 audits have another total. Passed: 2 more, 1 fewer. Failed: 0 more, 2 fewer.
Of 6 pairs of locations 4 change places, 0 are equal before or after only.
"
    );
}

#[test]
fn nothing_comes_of_nothing() {
    let summary = summary(Vec::<(&str, super::ScoreChange)>::new());
    assert_eq!((summary.audits, summary.pairs), (0, 0));
    assert!(summary.locations.is_empty() && summary.largest_moves(3).is_empty());
}
