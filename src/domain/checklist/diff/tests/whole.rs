//! Properties: nothing changes unseen, nothing is told of what is the same, and the other way round it is as much.

use std::sync::OnceLock;

use serde_json::Value as Json;

use super::{RICH, checklist, difference, lines};
use crate::domain::checklist::diff::{Audience, diff};
use crate::domain::checklist::{Checklist, Document};

/// Every value in `json` by its pointer, objects and lists too.
fn places(json: &Json, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match json {
        Json::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{path}/{name}"), found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The document with each of a few edits at `path`, as far as they can be made.
fn edited(document: &Json, path: &str) -> Vec<Json> {
    let mut all = Vec::new();
    let mut with = |edit: &dyn Fn(&mut Json)| {
        let mut copy = document.clone();
        if let Some(place) = copy.pointer_mut(path) {
            edit(place);
        }
        all.push(copy);
    };
    match document.pointer(path) {
        Some(Json::Bool(_)) => with(&|place| *place = Json::from(place == false)),
        Some(Json::Number(_)) => {
            for more in [1, -1, 1000, 100_000] {
                with(&|place| *place = Json::from(place.as_i64().unwrap() + more));
            }
        }
        Some(Json::String(_)) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let others: &[&str] = match name {
                "type" => &["number", "text", "choice", "image/jpeg"],
                "not_applicable" | "unanswered_optional" => {
                    &["pass", "zero", "not_allowed", "exclude"]
                }
                "effect" => &["fail_section", "fail_audit", "zero_section", "zero_audit"],
                "question" | "since" => &["smile", "complained", "seen"],
                "currency" => &["USD", "JPY"],
                "sha256" => &["b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"],
                // The tags of a list of languages.
                "0" | "1" => &["fr", "de", "other"],
                _ => &["x"],
            };
            for other in others {
                with(&|place| *place = Json::from(*other));
            }
        }
        Some(Json::Array(items)) => {
            for index in 1..items.len() {
                with(&|place| place.as_array_mut().unwrap().swap(index - 1, index));
            }
            for index in 0..items.len() {
                with(&|place| drop(place.as_array_mut().unwrap().remove(index)));
            }
        }
        Some(Json::Object(members)) => {
            for name in members.keys() {
                with(&|place| drop(place.as_object_mut().unwrap().remove(name)));
            }
        }
        _ => {}
    }
    all
}

fn sound(mut json: Json) -> Option<Checklist> {
    let document: Document = serde_json::from_value(json.clone()).ok()?;
    json["format"] = document.format_needed().into();
    serde_json::from_value(json).ok()
}

/// The rich document with every edit that leaves it sound.
fn all_edits() -> &'static [(String, Checklist)] {
    static EDITS: OnceLock<Vec<(String, Checklist)>> = OnceLock::new();
    EDITS.get_or_init(make_edits)
}

fn make_edits() -> Vec<(String, Checklist)> {
    let json = serde_json::to_value(&*checklist(RICH)).unwrap();
    let mut paths = Vec::new();
    places(&json, "", &mut paths);
    let edits = paths.iter().flat_map(|path| {
        let edited = edited(&json, path).into_iter();
        edited.filter_map(|json| Some((path.clone(), sound(json)?)))
    });
    edits.collect()
}

#[test]
fn no_edit_goes_unseen() {
    let before = checklist(RICH);
    let edits = all_edits();
    assert!(edits.len() > 400, "{}", edits.len());
    for (path, after) in edits {
        if *after == before || path == "/version" {
            continue;
        }
        let there = diff(&before, after);
        assert!(!there.is_empty(), "{path}");
        let back = diff(after, &before);
        let sorted = |changes: &[super::Change]| -> Vec<Audience> {
            let mut audiences: Vec<_> = changes.iter().map(|change| change.audience).collect();
            audiences.sort();
            audiences
        };
        assert_eq!(
            sorted(&there),
            sorted(&back),
            "{path}: {:#?} and back {:#?}",
            lines(&there),
            lines(&back)
        );
    }
}

#[test]
fn the_same_is_no_difference() {
    for (_, after) in all_edits() {
        assert_eq!(diff(after, after), []);
    }
}

/// What the score audience is promised: an edit that only shoppers or the agency would notice scores every answer alike.
#[test]
fn what_no_score_would_notice_changes_no_score() {
    use crate::domain::scoring::score;
    let before = checklist(RICH);
    let mut compared = 0;
    for (path, after) in all_edits() {
        let difference = super::Difference::between(&before, after);
        let renames = difference.changes.iter().any(|change| {
            let ids = ["question_id", "option_id", "section_id"];
            ids.contains(
                &serde_json::to_value(change).unwrap()["kind"]
                    .as_str()
                    .unwrap(),
            )
        });
        if !difference.scores.comparable || renames {
            continue;
        }
        for answers in answers() {
            let (one, two) = (score(&before, &answers), score(after, &answers));
            let numbers = |score: &crate::domain::scoring::Score| {
                (
                    score.total_micros,
                    score.service_micros,
                    score.experience_micros,
                )
            };
            assert_eq!(
                numbers(&one),
                numbers(&two),
                "{path}: {:?}",
                lines(&difference.changes)
            );
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

fn answers() -> Vec<crate::domain::answer::Answers> {
    let good = serde_json::json!({
        "there": {"value": 20}, "mood_before": {"value": 3}, "greeted": {"value": 40_000}, "smile": {"value": true},
        "complained": {"value": true}, "settled": {"value": "other"}, "why": {"value": "because it was so"},
        "seen": {"value": ["plants", "music"]}, "effort": {"value": 2}, "colour": {"value": "red"}, "warm": {"value": 20_500},
        "shelf": {"not_applicable": true}, "bill": {"value": 1_300}, "gift": {"value": true}, "again": {"value": 9},
        "mood_after": {"value": 4},
    });
    let mut bad = good.clone();
    for (id, value) in [
        ("there", serde_json::json!(201)),
        ("smile", false.into()),
        ("settled", "nothing".into()),
        ("seen", serde_json::json!(["none"])),
        ("bill", 1_351.into()),
        ("mood_after", 2.into()),
    ] {
        bad[id]["value"] = value;
    }
    let sparse = serde_json::json!({"smile": {"value": true}, "complained": {"value": false}, "effort": {"value": 3}});
    [good, bad, sparse]
        .into_iter()
        .map(|answers| serde_json::from_value(answers).unwrap())
        .collect()
}

#[test]
fn tells_whether_scores_can_be_compared() {
    let same = difference(&[
        ("en: A smile?", "en: Smiling?"),
        ("pass_mark: 80", "pass_mark: 70"),
    ]);
    assert!(same.scores.comparable);
    assert_eq!(
        same.scores.to_string(),
        "Scores mean the same: both versions can stand in one ranking.\n\
         To know:\n  pass mark: 80 % → 70 %: other audits pass or fail\n  \
         reworded, and for you to judge whether they ask the same: smile\n"
    );
    let marks = difference(&[
        ("critical: fail_section", "critical: fail_audit"),
        ("        recovery: true\n", ""),
    ]);
    assert!(marks.scores.comparable, "{}", marks.scores);
    assert_eq!(marks.scores.notes.len(), 2);
    let renamed = difference(&[("{id: gift,", "{id: present,")]);
    assert!(renamed.scores.comparable);
    assert_eq!(
        renamed.scores.notes,
        ["question gift is present now: rankings by question start anew for it"]
    );
    let other = difference(&[
        ("points: 5,", "points: 6,"),
        ("en: A smile?", "en: Smiling?"),
    ]);
    assert!(!other.scores.comparable);
    assert_eq!(other.scores.reasons, ["question smile: points: 5 → 6"]);
    assert!(
        !difference(&[("checklist: rich", "checklist: other")])
            .scores
            .comparable
    );
}

#[test]
fn json_is_flat_and_names_its_kinds() {
    let difference = difference(&[
        ("version: 3", "version: 4"),
        ("points: 5,", "points: 6,"),
        ("[nothing, other]", "[nothing]"),
    ]);
    let json = serde_json::to_value(&difference).unwrap();
    assert_eq!(json["before"]["version"], 3);
    assert_eq!(json["after"]["version"], 4);
    assert_eq!(json["scores"]["comparable"], false);
    assert_eq!(
        json["changes"],
        serde_json::json!([
            {"audience": "score", "section": "welcome", "question": "smile", "kind": "points", "before": 5000, "after": 6000,
             "words": "points: 5 → 6"},
            {"audience": "shopper", "section": "welcome", "question": "why", "kind": "required",
             "before": {"if": {"question": "settled", "one_of": ["nothing", "other"]}},
             "after": {"if": {"question": "settled", "one_of": ["nothing"]}},
             "words": "required: when “How was it settled?” is “Nothing” or “Something else” → when “How was it settled?” is “Nothing”"},
        ])
    );
}
