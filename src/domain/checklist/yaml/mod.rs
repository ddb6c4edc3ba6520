//! From the YAML that people write to a [`Document`], with everything that is wrong said at once and with its line.
//!
//! Two passes: the first reads each value in its unit and notes what cannot be read; the second asks the rules about
//! the document that came out, and keeps silent about places that the first already complained of.

mod condition;
mod document;
#[cfg(test)]
mod editor_schema;
mod keys;
mod node;
mod quantity;
mod question;
mod reader;
mod reweighting;
mod texts;
mod units;

#[cfg(test)]
mod tests;

use self::reader::{Place, Reader};
pub(super) use self::reweighting::parse as parse_reweighting;
use super::model::Document;
use super::problem::{ChecklistProblem, PROBLEMS_MAX, overlap};
use super::{CHECKLIST_BYTES_MAX, Pictures, question_at, rules};

/// # Errors
/// All problems (at most [`PROBLEMS_MAX`]), in the order of the file.
pub(super) fn parse(
    source: &str,
    pictures: &dyn Pictures,
) -> Result<Document, Vec<ChecklistProblem>> {
    let whole_file = |at: Option<node::Position>, message: String| {
        vec![ChecklistProblem {
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
            question: None,
            message,
            suggestion: None,
        }]
    };
    if source.len() > CHECKLIST_BYTES_MAX {
        let message = format!(
            "the file has {} bytes; a checklist is at most {CHECKLIST_BYTES_MAX}",
            source.len()
        );
        return Err(whole_file(None, message));
    }
    let root = node::read(source).map_err(|(at, message)| whole_file(at, message))?;
    let mut reader = Reader::new(pictures);
    let document = document::read(
        &mut reader,
        &Place {
            node: &root,
            path: String::new(),
        },
    );
    let damaged = |path: &str| reader.found.iter().any(|found| overlap(&found.path, path));
    let faults: Vec<_> = rules::check(&document, &damaged)
        .into_iter()
        .filter(|fault| !damaged(&fault.path))
        .collect();
    if reader.found.is_empty() && faults.is_empty() {
        return Ok(document);
    }
    let mut problems: Vec<ChecklistProblem> = reader
        .found
        .into_iter()
        .map(|found| ChecklistProblem {
            line: Some(found.at.line),
            column: Some(found.at.column),
            question: found.question,
            message: found.message,
            suggestion: found.suggestion,
        })
        .chain(faults.into_iter().map(|fault| {
            let at = root.position_of(&fault.path);
            ChecklistProblem {
                line: Some(at.line),
                column: Some(at.column),
                question: question_at(&document, &fault.path),
                message: fault.message,
                suggestion: fault.suggestion,
            }
        }))
        .collect();
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems.truncate(PROBLEMS_MAX);
    Err(problems)
}
