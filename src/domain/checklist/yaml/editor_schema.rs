//! Holds `checklists/checklist.schema.json`, by which editors complete and check, to what the program reads.
//!
//! Only tests: the program itself does not use that schema, since it says more and better.

use serde_json::{Value as Json, json};

use super::node::{self, Node, Value};
use super::{keys, question};
use crate::domain::checklist::{Checklist, PictureFacts, Pictures, QuestionType};
use crate::domain::ids::Sha256;

const SCHEMA: &str = include_str!("../../../../checklists/checklist.schema.json");

fn schema() -> Json {
    serde_json::from_str(SCHEMA).unwrap()
}

fn as_json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(text) => text
            .parse::<i64>()
            .map_or_else(|_| json!(text.parse::<f64>().unwrap()), |n| json!(n)),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(as_json).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, node)| (key.name.clone(), as_json(node)))
            .collect(),
    }
}

fn refusals(source: &str) -> Vec<String> {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let document = as_json(&node::read(source).unwrap());
    validator
        .iter_errors(&document)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect()
}

#[test]
fn names_the_keys_that_are_read() {
    let schema = schema();
    let places = [
        ("document", keys::DOCUMENT),
        ("scoring", keys::SCORING),
        ("section", keys::SECTION),
        ("question", keys::QUESTION),
        ("shares", keys::DIMENSION),
        ("option", keys::OPTION),
        ("step", keys::STEP),
        ("band", keys::BAND),
        ("photo", keys::PHOTO),
        ("picture", keys::PICTURE),
        ("follows", keys::FOLLOWS),
        ("cap", keys::CRITICAL),
        ("condition", keys::CONDITION),
    ];
    for (place, keys) in places {
        let definition = &schema["$defs"][place];
        let mut named: Vec<&str> = definition["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut read = keys.to_vec();
        named.sort_unstable();
        read.sort_unstable();
        assert_eq!(named, read, "{place}");
        for key in &read {
            // What an editor shows while somebody types; a sentence, and not only the key's name again.
            let description = definition["properties"][key]["description"].as_str();
            assert!(
                description.is_some_and(|text| text.len() > 15 && text.ends_with('.')),
                "{place}/{key}: {description:?}"
            );
        }
        assert_eq!(definition["additionalProperties"], json!(false), "{place}");
    }
}

#[test]
fn names_the_words_that_are_read() {
    let schema = schema();
    let properties = &schema["$defs"]["question"]["properties"];
    assert_eq!(
        properties["type"]["enum"],
        json!(QuestionType::ALL.map(QuestionType::name))
    );
    let policies: Vec<&str> = question::NA_POLICIES
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(properties["not_applicable"]["enum"], json!(policies));
    assert_eq!(
        schema["$defs"]["scoring"]["properties"]["not_applicable"]["enum"],
        json!(policies)
    );
    let effects: Vec<&str> = question::CRITICAL_EFFECTS
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(
        schema["$defs"]["critical"]["oneOf"][0]["enum"],
        json!(effects)
    );
}

/// The pictures that lie in a checklist's folder.
struct Beside(std::path::PathBuf);

impl Pictures for Beside {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        let bytes = std::fs::read(self.0.join(file)).map_err(|error| error.to_string())?;
        let media_type = if bytes.starts_with(b"\x89PNG") {
            "image/png"
        } else {
            "image/jpeg"
        };
        Ok(PictureFacts {
            sha256: Sha256::of(&bytes),
            media_type: media_type.to_owned(),
            size_bytes: bytes.len() as u64,
        })
    }
}

#[test]
fn the_checklists_that_come_with_the_program_hold_to_schema_and_rules() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checklists");
    let mut found = 0;
    for slug in std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
    {
        let files = std::fs::read_dir(slug.path()).unwrap();
        for file in files
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        {
            let source = std::fs::read_to_string(&file).unwrap();
            assert_eq!(
                refusals(&source),
                Vec::<String>::new(),
                "{}",
                file.display()
            );
            let checklist = Checklist::parse_yaml_with(&source, &Beside(slug.path()))
                .unwrap_or_else(|problems| panic!("{}: {problems:#?}", file.display()));
            let path = format!("{}/v{}.yaml", checklist.checklist, checklist.version);
            assert!(file.ends_with(&path), "{} holds {path}", file.display());
            found += 1;
        }
    }
    assert!(found >= 11, "only {found} checklists");
}

#[test]
fn refuses_what_it_can_see() {
    let good = "checklist: a\nversion: 1\nlanguages: [en]\ntitle: T\nindustry: x\nsections:\n  - id: s\n    title: T\n    weight: 1\n    \
                questions:\n      - {id: q, type: duration, text: T, maximum: 1m30s, show_if: {question: p, at_least: 3}}\n";
    assert_eq!(refusals(good), Vec::<String>::new());
    let changes = [
        ("type: duration", "type: durations"),
        ("maximum:", "maxmum:"),
        ("1m30s", "90 seconds"),
        ("at_least: 3", "at_least: 3, at_most: 4"),
        ("question: p, ", ""),
        ("weight: 1", "weight: -1"),
        ("version: 1\n", ""),
        ("maximum: 1m30s", "pictures: [{file: a.jpg}]"),
        ("maximum: 1m30s", "recovery: yes"),
        ("sections:", "follows: {checklist: b, days: 3}\nsections:"),
        ("sections:", "partial_languages: [Dutch]\nsections:"),
        ("maximum: 1m30s", "within: 200"),
    ];
    for (from, to) in changes {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert_ne!(refusals(&bad), Vec::<String>::new(), "{to}");
        assert!(Checklist::parse_yaml(&bad).is_err());
    }
}
