//! What is said when a file is no YAML, or more of it than a checklist needs: in the words of somebody who writes checklists.
//!
//! A parser stops at the first such place and tells where it gave up, which is often behind the mistake; the lines around say
//! more. Not here: the limits (`node.rs`), and what is wrong with a file that is YAML (`reader.rs` and on).

mod view;

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, MessageFormatter};

use self::view::{Explained, IN_QUOTES, View};
use crate::domain::checklist::problem::ChecklistProblem;

const ANCHORS_GROW: &str = "the anchors (`&`) and references to them (`*`) grow here beyond the limit of what a checklist can be";
const WRITE_OUT: &str = "write the repeated parts out";
const TOO_DEEP: &str = "lists and maps lie too deep in one another here; no checklist needs that";

/// What a parser says; whether the whole line is meant, or the word where it gave up; and what an author is told.
const SAID: &[(&str, bool, &str, &str)] = &[
    (
        "recursion limit",
        false,
        TOO_DEEP,
        "look for brackets that were never closed",
    ),
    (
        "trailing content",
        false,
        "the text in quotes has ended before this",
        "write a quote inside double quotes as \\\", and put a text with an apostrophe in double quotes",
    ),
    (
        "misplaced bracket",
        false,
        "this bracket closes nothing",
        "delete it, or put the text that it belongs to in double quotes",
    ),
    (
        "recursive",
        false,
        "an anchor holds itself here",
        "write the repeated part out",
    ),
    (
        "string scalar",
        false,
        "a key is a word",
        "write it as `key: value`",
    ),
    (
        "null into string",
        false,
        "there is no key before the colon",
        "write it as `key: value`",
    ),
    (
        "block sequence entries",
        false,
        "a list cannot begin in the line of its key",
        "begin each item on a line of its own, with a hyphen",
    ),
    (
        "'-' indicator",
        true,
        "the items above begin with a hyphen, and this does not",
        "begin it with `- `, or indent it as what it belongs to",
    ),
    (
        "expected key",
        true,
        "this line is not indented like the ones that it belongs with",
        "all keys of one question stand exactly below each other",
    ),
    (
        "block scalar",
        true,
        "after `>` or `|` the text begins on the next line",
        "move it there and indent it",
    ),
    (
        "merge value",
        false,
        "`<<` takes over the keys of a map, and this is none",
        "refer to a map above, such as `<<: *anchor`",
    ),
    (
        "breached: Depth",
        false,
        TOO_DEEP,
        "look for brackets that were never closed",
    ),
    ("breached: Aliases", false, ANCHORS_GROW, WRITE_OUT),
    ("breached: Anchors", false, ANCHORS_GROW, WRITE_OUT),
    ("breached: MergeKeys", false, ANCHORS_GROW, WRITE_OUT),
    ("breached: Recorded", false, ANCHORS_GROW, WRITE_OUT),
    (
        "budget breached",
        false,
        "the file holds more than the largest checklist can",
        "a checklist has at most 400 questions",
    ),
    ("alias replay", false, ANCHORS_GROW, WRITE_OUT),
];

/// A problem without a place only when the parser names none.
pub(super) fn explain(source: &str, error: &Error) -> ChecklistProblem {
    let at = error
        .location()
        .map(|at| (whole(at.line()), whole(at.column())));
    let said = match error {
        Error::Budget { breach, .. } => return placed(at, too_much(breach)),
        Error::MultipleDocuments { .. } => return placed(at, one_document()),
        error => serde_saphyr::DefaultMessageFormatter
            .format_message(error)
            .into_owned(),
    };
    let Some((line, column)) = at else {
        return ChecklistProblem::error(format!("this is no YAML: {said}"), None);
    };
    let view = View::new(source, line, column);
    let explained = choose(&view, &said);
    ChecklistProblem {
        line: Some(explained.line),
        column: Some(explained.column),
        length: explained.length,
        ..ChecklistProblem::error(
            explained.message,
            Some(explained.suggestion.to_owned()).filter(|text| !text.is_empty()),
        )
    }
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn placed(at: Option<(usize, usize)>, problem: ChecklistProblem) -> ChecklistProblem {
    ChecklistProblem {
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        ..problem
    }
}

fn one_document() -> ChecklistProblem {
    ChecklistProblem::error(
        "a checklist file holds one YAML document",
        Some(
            "a line of `---` or `...` begins another; give each checklist a file of its own"
                .to_owned(),
        ),
    )
}

fn too_much(breach: &BudgetBreach) -> ChecklistProblem {
    let (what, suggestion) = match breach {
        BudgetBreach::Documents { .. } => return one_document(),
        BudgetBreach::Depth { .. } => (TOO_DEEP, "look for brackets that were never closed"),
        BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => (
            "the file holds more values than the largest checklist can",
            "up to here it was read; a checklist has at most 400 questions",
        ),
        BudgetBreach::Anchors { .. }
        | BudgetBreach::Aliases { .. }
        | BudgetBreach::MergeKeys { .. } => (
            "the file has more anchors (`&`) and references to them (`*`) than any checklist needs",
            "write the repeated parts out",
        ),
        _ => (
            "the file holds more than any checklist does",
            "a checklist has at most 400 questions",
        ),
    };
    ChecklistProblem::error(what, Some(suggestion.to_owned()))
}

fn choose(view: &View<'_>, said: &str) -> Explained {
    let says = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    if says(&["found a tab", "tabs disallowed", "with a tab", "tab cannot"])
        || view.indented_with_tab()
    {
        return view.tab();
    }
    if says(&[
        "multiline quoted",
        "unclosed quote",
        "quoted scalar, found unexpected",
    ]) {
        return view.open_quote();
    }
    let colon = [
        "mapping values are not allowed",
        "simple key",
        "placement of ':'",
    ];
    if says(&["unclosed bracket", "',' or", "indentation in flow"])
        || says(&colon) && view.in_brackets()
    {
        return view.open_bracket();
    }
    if says(&colon) {
        return view.colon();
    }
    if says(&["unknown anchor"]) {
        return view.anchor();
    }
    if says(&["unsupported tag"]) {
        return view.tag();
    }
    if says(&["escape character", "hexadecimal"]) {
        return view.backslash();
    }
    if says(&["unexpected character"]) {
        let first: String = view.word().chars().take(1).collect();
        return view.here(1, format!("a text cannot begin with `{first}`"), IN_QUOTES);
    }
    for (needle, whole_line, message, suggestion) in SAID {
        if !says(&[needle]) {
            continue;
        }
        return if *whole_line {
            view.whole_line(view.line, *message, suggestion)
        } else {
            view.here(view.word().chars().count(), *message, suggestion)
        };
    }
    view.here(1, format!("this is no YAML: {said}"), "")
}
