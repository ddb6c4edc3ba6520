//! From the YAML that people write to a [`Document`], with everything that is wrong said at once and with its line.
//!
//! Three passes: the first reads each value in its unit and notes what cannot be read; the second asks the rules about
//! the document that came out, and keeps silent about places that the first already complained of; the third looks for what is
//! allowed and cannot be meant, which published versions are never held to.

mod condition;
mod document;
#[cfg(test)]
mod editor_schema;
mod invisible;
mod keys;
mod node;
mod quantity;
mod question;
mod reader;
mod reweighting;
mod syntax;
mod texts;
mod translations;
mod units;

#[cfg(test)]
mod tests;

use self::node::Node;
use self::reader::{Place, Reader};
pub(super) use self::reweighting::parse as parse_reweighting;
use super::model::Document;
use super::problem::{ChecklistProblem, Fault, PROBLEMS_MAX, Severity, legible, overlap};
use super::{CHECKLIST_BYTES_MAX, Pictures, question_at, reach, rules, source};

/// What came of a file: the document, even when it is not sound, and what is wrong with it.
pub(super) struct Read {
    /// None when the file is no YAML at all.
    pub document: Option<Document>,
    /// In the order of the file, at most [`PROBLEMS_MAX`].
    pub problems: Vec<ChecklistProblem>,
}

pub(super) fn parse(source: &str, pictures: &dyn Pictures) -> Read {
    let refused = |problem| Read {
        document: None,
        problems: vec![problem],
    };
    if source.len() > CHECKLIST_BYTES_MAX {
        let message = format!(
            "a checklist file has at most {CHECKLIST_BYTES_MAX} bytes, and this one has more"
        );
        return refused(ChecklistProblem::error(message, None));
    }
    match node::read(source) {
        Ok(root) => of_tree(source, &root, pictures),
        Err(problem) => refused(problem),
    }
}

fn of_tree(source: &str, root: &Node, pictures: &dyn Pictures) -> Read {
    if let node::Value::Null = root.value {
        let suggestion = "a checklist begins with `checklist: ` and its name; copy one of those that come with the program";
        return Read {
            document: None,
            problems: vec![ChecklistProblem::error(
                "there is nothing in the file",
                Some(suggestion.to_owned()),
            )],
        };
    }
    let mut reader = Reader::new(pictures);
    let document = document::read(
        &mut reader,
        &Place {
            node: root,
            path: String::new(),
        },
    );
    let damaged = |path: &str| {
        let told = reader.found.iter().map(|found| &found.path);
        told.chain(&reader.meant).any(|place| overlap(place, path))
    };
    let mut faults: Vec<(Severity, Fault)> = rules::check(&document, &damaged)
        .into_iter()
        .filter(|fault| !damaged(&fault.path))
        .map(|fault| (Severity::Error, fault))
        .collect();
    let doubtful =
        |path: &str| damaged(path) || faults.iter().any(|(_, fault)| overlap(&fault.path, path));
    let never_or_always = reach::check(&document, &doubtful);
    faults.extend(never_or_always);
    faults.extend(translations::check(&document));
    faults.extend(invisible::check(root, source));
    let mut problems: Vec<ChecklistProblem> = reader
        .found
        .into_iter()
        .map(|found| {
            at(
                found.at,
                found.question,
                ChecklistProblem::error(found.message, found.suggestion),
            )
        })
        .chain(faults.into_iter().map(|(severity, fault)| {
            let question = question_at(&document, &fault.path);
            let problem = ChecklistProblem {
                severity,
                ..ChecklistProblem::error(fault.message, fault.suggestion)
            };
            at(root.position_of(&fault.path), question, problem)
        }))
        .chain(source::turned_writing(source))
        .collect();
    // No warning takes the place of an error: a file is sound when no error is told.
    problems.sort_by_key(|problem| problem.severity == Severity::Warning);
    problems.truncate(PROBLEMS_MAX);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    Read {
        document: Some(document),
        problems,
    }
}

fn at(
    position: node::Position,
    question: Option<String>,
    problem: ChecklistProblem,
) -> ChecklistProblem {
    ChecklistProblem {
        line: Some(position.line),
        column: Some(position.column),
        length: position.length,
        question: question.map(|id| legible(&id)),
        ..problem
    }
}
