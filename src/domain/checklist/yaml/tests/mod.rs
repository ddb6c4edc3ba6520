//! What is said about files that are wrong, and what comes out of files that are right.

mod conditions;
mod files;
mod format2;
mod hostile;
mod manual;
mod mutations;
mod questions;
mod values;

use crate::domain::checklist::{Checklist, ChecklistProblem};

/// A checklist around `questions`, which start on line 11 and column 7.
fn around(questions: &str) -> String {
    let questions = questions.trim_matches('\n');
    format!(
        "checklist: test\nversion: 1\nlanguages: [en]\ntitle: Test\nindustry: test\nsections:\n  - id: only\n    title: Only\n    \
         weight: 1\n    questions:\n{questions}\n"
    )
}

fn told(source: &str) -> Vec<String> {
    match Checklist::parse_yaml(source) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn good(questions: &str) -> Checklist {
    Checklist::parse_yaml(&around(questions)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// One question, and exactly what is said about it: where in the text it points, and the words.
#[track_caller]
fn says(question: &str, expected: &[(&str, &str)]) {
    let source = around(&format!(
        "      - {{id: gate, type: yes_no, text: Gate}}\n      - {{id: q, text: Q, {question}}}\n      - {{id: later, type: yes_no, text: Later}}"
    ));
    let problems = Checklist::parse_yaml(&source).expect_err("something is wrong with it");
    let words: Vec<String> = problems.iter().map(words).collect();
    assert_eq!(
        words,
        expected.iter().map(|(_, words)| *words).collect::<Vec<_>>(),
        "{question}"
    );
    for (problem, (place, _)) in problems.iter().zip(expected) {
        assert_eq!(
            (problem.line, problem.question.as_deref()),
            (Some(12), Some("q"))
        );
        let line = source.lines().nth(11).unwrap();
        let pointed_at: String = line.chars().skip(problem.column.unwrap() - 1).collect();
        assert!(pointed_at.starts_with(place), "points at {pointed_at}");
    }
}

fn words(problem: &ChecklistProblem) -> String {
    match &problem.suggestion {
        Some(suggestion) => format!("{}; {suggestion}", problem.message),
        None => problem.message.clone(),
    }
}
