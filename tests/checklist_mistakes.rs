//! What an author reads about every kind of mistake: each `tests/checklist_mistakes/<name>.yaml` is checked by the program itself,
//! and its report is the `<name>.txt` beside it, to the letter.
//!
//! After a change of words, `EXPECT=write cargo test --workspace --test checklist_mistakes` writes the reports anew; read each of
//! them aloud before it is committed. Not here: what is not wrong (`src/domain/checklist/yaml/tests/`).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checklist_mistakes")
}

/// Standard output is no terminal, so that it is plain and 100 columns wide wherever the test runs.
fn check(arguments: &[&str]) -> Output {
    program(arguments).output().expect("the program starts")
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plainclothes"));
    command
        .args(["checklist", "check"])
        .args(arguments)
        .current_dir(folder())
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder exists")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("reports are UTF-8")
}

#[test]
fn every_mistake_is_told_in_words_that_teach() {
    let write = std::env::var_os("EXPECT").is_some_and(|value| value == "write");
    let names = names();
    let mut wrong = Vec::new();
    for name in &names {
        let output = check(&[&format!("{name}.yaml")]);
        let report = text(&output.stdout);
        assert_eq!(text(&output.stderr), "", "{name}");
        let only_warnings = !report.contains("not sound");
        assert_eq!(
            output.status.code(),
            Some(if only_warnings { 0 } else { 1 }),
            "{name}"
        );
        let expected_file = folder().join(format!("{name}.txt"));
        if write {
            std::fs::write(&expected_file, &report).expect("written");
        }
        let expected = std::fs::read_to_string(&expected_file).unwrap_or_default();
        if report != expected {
            wrong.push(format!(
                "{name}: expected\n{expected}\nbut the program says\n{report}"
            ));
        }
        assert!(
            report.contains('×') || report.contains('⚠'),
            "{name} has no mistake"
        );
        let mut drawn = report
            .lines()
            .filter(|line| !line.starts_with(name.as_str()));
        assert!(
            drawn.all(|line| line.chars().count() <= 100),
            "{name}: wider than 100 columns"
        );
        assert!(
            !report.chars().any(|c| c.is_control() && c != '\n'),
            "{name}: a control character reaches the terminal"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(names.len() >= 45, "only {} mistakes", names.len());
}

#[test]
fn json_says_the_same_and_nothing_else() {
    let files = [
        "key-misspelt.yaml",
        "partial-language.yaml",
        "not-there.yaml",
    ];
    let output = check(&[&["--json"][..], &files[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = document["files"].as_array().expect("a list");
    assert_eq!(found.len(), 3);
    assert_eq!(
        found[0],
        serde_json::json!({
            "file": "key-misspelt.yaml", "checklist": null, "version": null, "sha256": null,
            "problems": [{
                "severity": "error", "line": 15, "column": 9, "length": 6, "question": "greeted",
                "message": "unknown key `pionts`", "suggestion": "did you mean `points`?",
            }],
        })
    );
    assert_eq!(
        (&found[1]["checklist"], &found[1]["version"]),
        (&"coffee-bar".into(), &1.into())
    );
    assert_eq!(found[1]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(found[1]["problems"][0]["severity"], "warning");
    assert_eq!(found[2]["problems"][0]["line"], serde_json::Value::Null);
    let message = found[2]["problems"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.starts_with("it cannot be read: "), "{message}");
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let output = check(&["not-there.yaml", "partial-language.yaml"]);
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        report.contains("not-there.yaml: it cannot be read: "),
        "{report}"
    );
    assert!(
        report.contains("partial-language.yaml: coffee-bar version 1, "),
        "{report}"
    );
    assert!(
        report.ends_with("2 files, 1 not sound: 1 error, 1 warning\n"),
        "{report}"
    );
}

#[test]
fn standard_input_is_a_file_too() {
    let mut child = program(&["-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("starts");
    let source = std::fs::read(folder().join("type-misspelt.yaml")).expect("readable");
    let mut input = child.stdin.take().expect("piped");
    input.write_all(&source).expect("taken");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stdout).contains("[-:12:15]"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn used_wrongly_it_ends_with_2() {
    assert_eq!(check(&[]).status.code(), Some(2));
    assert_eq!(check(&["--jsn", "empty.yaml"]).status.code(), Some(2));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let colourful = program(&["key-misspelt.yaml"])
        .env_remove("NO_COLOR")
        .env("FORCE_COLOR", "1")
        .output()
        .expect("starts");
    assert!(text(&colourful.stdout).contains("\u{1b}["));
    let plain = program(&["key-misspelt.yaml"])
        .env_remove("NO_COLOR")
        .output()
        .expect("starts");
    assert!(!text(&plain.stdout).contains('\u{1b}'));
}
