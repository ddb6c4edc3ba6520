//! A checklist of 45 questions with 41 answers as they are handed in, and one of 400 that repeats both.
//!
//! Not here: the load generator's documents, which are made from the same answers (`../load/src/document.rs`).

use serde_json::{Map, Value, json};

use crate::domain::checklist::Checklist;

const YAML: &str = include_str!("../../../checklists/restaurant-dine-in/v1.yaml");
const AUDIT: &str = include_str!("../../load/audit.json");
/// The most questions that a checklist may have.
const QUESTIONS_MAX: usize = 400;

/// A checklist and an audit of it, as they come in.
#[derive(Debug)]
pub struct Sample {
    pub yaml: String,
    pub checklist: Checklist,
    pub audit: Vec<u8>,
}

/// The restaurant's checklist as it is published.
///
/// # Panics
/// When it is no checklist any more.
pub fn usual() -> Sample {
    sample(YAML.to_owned(), 1)
}

/// The same again and again, under other ids, until there are as many questions as there may be.
///
/// # Panics
/// When a copy refers to something outside itself.
pub fn largest() -> Sample {
    let (head, sections) = YAML.split_once("\nsections:\n").expect("it has sections");
    let copies = QUESTIONS_MAX.div_ceil(sections.matches("\n      - id: ").count());
    let mut yaml = format!("{head}\nsections:\n");
    let mut questions = 0;
    'copies: for copy in 0..copies {
        for line in sections.lines() {
            questions += usize::from(line.starts_with("      - id: "));
            if questions > QUESTIONS_MAX {
                break 'copies;
            }
            yaml.push_str(&renamed(line, copy));
            yaml.push('\n');
        }
    }
    sample(yaml, copies)
}

/// The line with the ids of this copy, where it is one that names a section or a question.
fn renamed(line: &str, copy: usize) -> String {
    let names_one = line.starts_with("  - id: ") || line.starts_with("      - id: ");
    match line.split_once("{question: ") {
        _ if names_one => format!("{line}-{copy}"),
        Some((before, after)) => match after.split_once(',') {
            Some((id, rest)) => format!("{before}{{question: {id}-{copy},{rest}"),
            None => line.to_owned(),
        },
        None => line.to_owned(),
    }
}

fn sample(yaml: String, copies: usize) -> Sample {
    let checklist = Checklist::parse_yaml(&yaml).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let photo = "07".repeat(32);
    let at = "2026-11-22T20:15:00+01:00";
    let mut audit: Value = serde_json::from_str(AUDIT).expect("the load generator reads it, too");
    audit["audit"] = json!("019b0000-0000-7000-8000-000000000001");
    audit["visit"] = json!("019b0000-0000-7000-8000-000000000002");
    audit["checklist"] = json!(checklist.sha256());
    audit["started_at"] = json!(at);
    audit["finished_at"] = json!(at);
    audit["photos"] = json!([{"sha256": photo, "size_bytes": 300_000, "type": "image/jpeg"}]);
    audit["answers"]["receipt"]["photos"] = json!([photo]);
    let mut answers = Map::new();
    for copy in 0..copies {
        for (id, answer) in audit["answers"].as_object().into_iter().flatten() {
            let id = if copies == 1 {
                id.clone()
            } else {
                format!("{id}-{copy}")
            };
            let mut answer = answer.clone();
            answer["recorded_at"] = json!(at);
            if checklist.question(&id).is_some() {
                answers.insert(id, answer);
            }
        }
    }
    audit["answers"] = Value::Object(answers);
    Sample {
        yaml,
        checklist,
        audit: audit.to_string().into_bytes(),
    }
}
