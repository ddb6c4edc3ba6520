//! Cells of the survey that no question of a checklist has a place for.
//!
//! Not here: cells that become something (`question.rs`, `logic.rs`, `score.rs`).

use super::finding::{Findings, quoted};
use super::table::Entry;

pub(super) const COLUMNS: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "default",
    "calculation",
    "choice_filter",
    "parameters",
    "repeat_count",
    "read_only",
    "trigger",
    "disabled",
    "save_to",
    "autoplay",
    "rows",
    "intent",
    "noapperrorstring",
    "no_app_error_string",
    "dimension",
    "points",
    "weight",
];

/// `parameters` and `repeat_count` are told by whoever reads them.
pub(super) fn tell(entry: &Entry<'_>, findings: &mut Findings) {
    for field in entry.fields() {
        let name = field.heading.name.as_str();
        let (why, todo) = match name {
            "appearance" if field.text.contains("search(") => (
                "choices do not come from a file",
                "put them into the choices sheet",
            ),
            "appearance" => {
                let what = format!("appearance {}", quoted(field.text));
                let why = "the phone shows every question of a type in the same way";
                findings.note(field.place(), what, why, "");
                continue;
            }
            "default" => (
                "no answer is there before it is given",
                "say it in the hint",
            ),
            "calculation" | "trigger" => ("a checklist does not calculate", ""),
            "choice_filter" => (
                "every choice is offered",
                "ask it in several questions, each with `show_if`",
            ),
            "constraint_message" | "required_message" => (
                "the phone says in its own words what is wrong",
                "say it in the hint",
            ),
            "media::image" | "media::big-image" => (
                "the file is not in the spreadsheet",
                "add it under `pictures` of the question",
            ),
            "media::audio" | "media::video" | "autoplay" => {
                ("questions have no sound and no film", "say it in words")
            }
            "save_to" => ("answers are not kept in lists", ""),
            "intent" | "noapperrorstring" | "no_app_error_string" => {
                ("other apps are not called", "")
            }
            "rows" => continue,
            other if other.contains("::") => ("it is for other programs", ""),
            _ => continue,
        };
        let what = format!("{} {}", field.heading.name, quoted(field.text));
        findings.lost(field.place(), what, why, todo);
    }
}

/// Whether a cell says yes.
pub(super) fn says_yes(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "yes" | "y" | "true" | "true()" | "1"
    )
}

/// Whether a cell says no, or nothing.
pub(super) fn says_no(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "" | "no" | "n" | "false" | "false()" | "0"
    )
}
