//! Runs the golden vectors of `tests/golden/`, which the TypeScript of the phone runs too.
//!
//! Not here: the rules (`src/domain/scoring/`), and what a vector means (`tests/golden/README.md`).

use std::collections::BTreeMap;
use std::path::Path;

use plainclothes::domain::answer::Answers;
use plainclothes::domain::checklist::Checklist;
use plainclothes::domain::scoring::{Score, score};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    checklists: BTreeMap<String, Checklist>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    checklist: CaseChecklist,
    answers: Answers,
    expected: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CaseChecklist {
    Shared(String),
    Own(Box<Checklist>),
}

#[test]
fn scoring_gives_what_was_reasoned_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/scoring");
    let mut cases = 0;
    let mut wrong = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("readable");
        let file: File = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &file.cases {
            let checklist = match &case.checklist {
                CaseChecklist::Shared(name) => &file.checklists[name],
                CaseChecklist::Own(checklist) => checklist,
            };
            let got = score(checklist, &case.answers);
            let expected: Score = serde_json::from_value(case.expected.clone()).expect("a score");
            if got != expected {
                wrong.push(format!(
                    "{}: {}\n  expected {expected:?}\n  got      {got:?}",
                    path.display(),
                    case.name
                ));
            }
            // The score is also written exactly as the vector has it, members and nulls included.
            assert_eq!(
                serde_json::to_value(&expected).expect("JSON"),
                case.expected,
                "{}",
                case.name
            );
            cases += 1;
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        cases >= 60,
        "only {cases} cases were found in {}",
        folder.display()
    );
}
