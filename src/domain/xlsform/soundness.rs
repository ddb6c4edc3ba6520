//! Nothing leaves that is no checklist: the reader of checklists has the last word.
//!
//! It knows what no single expression shows, such as conditions that exclude each other from question to question. What it refuses
//! of them is taken out again and told in its own words. Not here: what it refuses (`domain/checklist`).

use super::ImportError;
use super::draft::{Draft, Required};
use super::finding::Findings;
use super::write;
use crate::domain::checklist::{CHECKLIST_BYTES_MAX, Checklist, ChecklistProblem};

/// Keys and values of a checklist file; its reader takes 150 000.
const NODES_MAX: usize = 120_000;

/// The YAML of a draft, which breaks no rule.
///
/// # Errors
/// When it is too large, or breaks a rule that has nothing to do with conditions.
pub(super) fn sound(draft: &mut Draft, findings: &mut Findings) -> Result<String, ImportError> {
    loop {
        let (yaml, nodes) = write::yaml(draft);
        if nodes > NODES_MAX || yaml.len() > CHECKLIST_BYTES_MAX {
            return Err(ImportError::TooMuch(format!(
                "{} bytes with {nodes} keys and values",
                yaml.len()
            )));
        }
        let Err(problems) = Checklist::parse_yaml(&yaml) else {
            return Ok(yaml);
        };
        let mut taken_out = 0;
        for problem in &problems {
            taken_out += usize::from(take_out(draft, &yaml, problem, findings));
        }
        // Each round has fewer conditions than the one before.
        if taken_out == 0 {
            return Err(ImportError::Unsound(problems));
        }
    }
}

/// Takes the condition out that a problem is about; false when it is about something else, or is out already.
fn take_out(
    draft: &mut Draft,
    yaml: &str,
    problem: &ChecklistProblem,
    findings: &mut Findings,
) -> bool {
    let (Some(line), Some(id)) = (problem.line, &problem.question) else {
        return false;
    };
    let line = yaml.lines().nth(line - 1).unwrap_or_default().trim_start();
    let mut questions = draft
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.questions);
    let Some(question) = questions.find(|question| question.id == *id) else {
        return false;
    };
    let (what, todo) = if line.starts_with("show_if:") && question.show_if.take().is_some() {
        (
            "when it is shown",
            "the question is always shown; write `show_if`",
        )
    } else if line.starts_with("required_if:") && matches!(question.required, Required::If(_)) {
        question.required = Required::Never;
        (
            "when it is required",
            "the question may be left open; write `required_if`",
        )
    } else {
        return false;
    };
    let what = format!("question `{id}`, {what}");
    findings.lost(question.place.clone(), what, &problem.message, todo);
    true
}
