//! Every YAML example of the authors' manual is what the program reads.
//!
//! Not here: whether the manual is right in what it says about them.

use crate::domain::checklist::{Checklist, PictureFacts, Pictures};
use crate::domain::ids::Sha256;

const PAGES: [&str; 2] = [
    include_str!("../../../../../checklists/README.md"),
    include_str!("../../../../../checklists/wording.md"),
];

/// The manual shows names of pictures, not pictures.
struct AnyPicture;

impl Pictures for AnyPicture {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        Ok(PictureFacts {
            sha256: Sha256::of(file.as_bytes()),
            media_type: "image/png".to_owned(),
            size_bytes: 1,
        })
    }
}

fn examples() -> impl Iterator<Item = &'static str> {
    PAGES.into_iter().flat_map(|page| {
        let blocks = page.split("```yaml\n").skip(1);
        blocks.map(|rest| rest.split_once("```").expect("a block ends").0)
    })
}

/// What an example leaves out, put around it: a whole checklist, keys of its head, or questions.
fn completed(example: &str) -> String {
    let mut source = String::new();
    let head = [
        ("checklist", "test"),
        ("version", "1"),
        ("languages", "[en]"),
        ("title", "Test"),
        ("industry", "test"),
        ("follows", "{checklist: first-leg}"),
    ];
    let whole = example.starts_with("checklist:");
    for (key, value) in head {
        let is_there = example.lines().any(|line| line.starts_with(key));
        if !whole && !is_there {
            source.push_str(&format!("{key}: {value}\n"));
        }
    }
    let words = if example.contains("languages: [en, nl]") {
        "{en: T, nl: T}"
    } else {
        "T"
    };
    let sections =
        format!("sections:\n  - id: only\n    title: {words}\n    weight: 1\n    questions:\n");
    let question = format!("      - {{id: q, type: heading, text: {words}}}\n");
    if whole {
        source.push_str(example);
    } else if example.starts_with(' ') {
        source.push_str(&(sections + example));
    } else {
        source.push_str(&(example.to_owned() + &sections + &question));
    }
    source
}

#[test]
fn every_example_of_the_manual_is_read() {
    let mut count = 0;
    for example in examples() {
        let source = completed(example);
        if let Err(problems) = Checklist::parse_yaml_with(&source, &AnyPicture) {
            panic!("{source}\n{problems:#?}");
        }
        count += 1;
    }
    assert!(count >= 10, "only {count} examples were found");
}
