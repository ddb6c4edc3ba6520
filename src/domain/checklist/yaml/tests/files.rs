//! What is said about files as a whole, and about files that are no checklists at all.

use super::{around, told};
use crate::domain::checklist::problem::PROBLEMS_MAX;

#[test]
fn the_file_as_a_whole_is_looked_at() {
    let source = "checklist: A B\nversion: 0\nlanguages: [en, nl, e]\ntitle: {en: T, de: T, nl: ' '}\nindustry: x\nscoring: {pass_mark: 101, bonus: true}\n\
                  sections:\n  - {id: a, title: {en: A}, weight: 0, questions: []}\n  - {id: a, title: {en: A, nl: A, e: A}, weight: 0, questions: [1]}\n";
    let expected = [
        "1:12: `A B` is no slug; lower-case letters, digits and single hyphens, such as `a-b`",
        "2:10: 0 is not between 1 and 999999",
        "3:21: `e` is no language tag; write it like en, nl or pt-BR",
        "4:8: the translation into e is missing; every text is there in each of `languages`; where some may be missing, list the language under `partial_languages`",
        "4:20: `de` is none of the checklist's languages; did you mean `e`?",
        "4:27: the text in nl is empty; write what people are to read, or leave it out",
        "6:22: a percentage is between 0 and 100",
        "6:27: unknown key `bonus`",
        "8:20: the translation into nl, e is missing; every text is there in each of `languages`; where some may be missing, list the language under `partial_languages`",
        "8:37: every section has weight 0, so there is no total; give one of them a weight",
        "8:51: section `a` has no questions",
        "9:10: section `a` is there twice",
        "9:65: a map is wanted here, not a number; such as {id: …, type: …}",
    ];
    let told = told(source);
    assert_eq!(told, expected);
}

#[test]
fn an_id_is_taken_once_in_the_whole_file() {
    let twice = "      - {id: a, type: yes_no, text: A}\n      - {id: a, type: yes_no, text: A}";
    assert_eq!(
        told(&around(twice)),
        [
            "12:14: question a: id `a` is already taken in this section; each question of a checklist has an id of its own"
        ]
    );
}

#[test]
fn what_is_no_yaml_or_too_much_is_refused() {
    let refused = |source: &str| told(source).join("\n");
    assert!(refused("a: [1").starts_with("1:"), "{}", refused("a: [1"));
    assert!(refused("").contains("nothing in the file"));
    assert_eq!(
        refused("a: 1\n---\na: 2"),
        "2:1: a checklist file holds one YAML document; a line of `---` or `...` begins another; give each checklist a file of its own"
    );
    assert!(refused("- a").contains("a map is wanted here, not a list"));
    assert!(
        refused(&"[".repeat(5_000)).contains("too deep"),
        "{}",
        refused(&"[".repeat(5_000))
    );
    assert!(refused(&format!("a: {}", " ".repeat(5 * 1024 * 1024))).contains("at most 5242880"));
    let mut bomb = "a: &a [x]\n".to_owned();
    for level in 'b'..='i' {
        let before = char::from(level as u8 - 1);
        bomb.push_str(&format!(
            "{level}: &{level} [{}]\n",
            format!("*{before},").repeat(9)
        ));
    }
    assert!(refused(&bomb).contains("limit"), "{}", refused(&bomb));
    let nodes = refused(&format!("a: [{}]", "1,".repeat(150_000)));
    assert!(
        nodes.contains("more values than the largest checklist can"),
        "{nodes}"
    );
    let many: String = (0..401)
        .map(|n| format!("      - {{id: q{n}, type: yes_no, text: Q}}\n"))
        .collect();
    assert_eq!(
        told(&around(&many)),
        ["7:3: 401 questions are too many; 400 are allowed"]
    );
}

#[test]
fn a_hostile_file_is_answered_in_time() {
    let keys: String = (0..20_000).map(|n| format!("kei{n}: 1\n")).collect();
    assert_eq!(told(&keys).len(), PROBLEMS_MAX);
    let options: String = (0..5_000).map(|_| "{id: a, text: A},").collect();
    let question = format!("      - {{id: q, type: choice, text: Q, options: [{options}]}}");
    assert_eq!(
        told(&around(&question)),
        ["11:49: question q: 5000 options are too many; 100 are allowed"]
    );
}
