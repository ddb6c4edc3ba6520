//! What is said when a file is no YAML, or more of it than a checklist needs: in the words of somebody who writes checklists.
//!
//! A parser stops at the first such place and tells where it gave up, which is often behind the mistake; the lines around say
//! more. Not here: the limits (`node.rs`), and what is wrong with a file that is YAML (`reader.rs` and on).

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, MessageFormatter};

use crate::domain::checklist::problem::ChecklistProblem;

/// Where in the file, and the two sentences.
struct Explained {
    line: usize,
    column: usize,
    length: usize,
    message: String,
    suggestion: &'static str,
}

const IN_QUOTES: &str = "put the whole text in double quotes";
const SPACES: &str = "indent with spaces, two for each level";

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
    let view = View {
        lines: source.lines().collect(),
        line,
        column,
    };
    let explained = view.explain(&said);
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
        BudgetBreach::Depth { .. } => (
            "lists and maps lie too deep in one another here; no checklist needs that",
            "look for brackets that were never closed",
        ),
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

/// The lines of the file, and where the parser gave up.
struct View<'s> {
    lines: Vec<&'s str>,
    line: usize,
    column: usize,
}

impl View<'_> {
    fn text(&self, line: usize) -> &str {
        line.checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or_default()
    }

    fn here(
        &self,
        length: usize,
        message: impl Into<String>,
        suggestion: &'static str,
    ) -> Explained {
        Explained {
            line: self.line,
            column: self.column,
            length: length.max(1),
            message: message.into(),
            suggestion,
        }
    }

    /// Everything of a line but its indentation.
    fn whole_line(
        &self,
        line: usize,
        message: impl Into<String>,
        suggestion: &'static str,
    ) -> Explained {
        let text = self.text(line);
        let words = text.trim();
        Explained {
            line,
            column: text.chars().count() - text.trim_start().chars().count() + 1,
            length: words.chars().count().max(1),
            message: message.into(),
            suggestion,
        }
    }

    /// The last line before this one that has something in it.
    fn line_before(&self) -> Option<usize> {
        (1..self.line)
            .rev()
            .find(|line| !self.text(*line).trim().is_empty())
    }

    /// What stands where the parser gave up, to the next white space.
    fn word(&self) -> String {
        self.text(self.line)
            .chars()
            .skip(self.column.saturating_sub(1))
            .take_while(|character| !character.is_whitespace())
            .take(40)
            .collect()
    }

    fn explain(&self, said: &str) -> Explained {
        let says = |part: &str| said.contains(part);
        if says("tab") || self.indented_with_tab() {
            return self.tab();
        }
        if says("mapping values are not allowed")
            || says("simple key")
            || says("illegal placement of ':'")
        {
            return self.colon();
        }
        if says("quoted scalar") && says("trailing") {
            return self.here(
                self.word().chars().count(),
                "the text in quotes has ended before this",
                "write a quote inside double quotes as \\\", or put a text with an apostrophe in double quotes",
            );
        }
        if says("multiline quoted")
            || says("unclosed quote")
            || says("quoted scalar, found unexpected")
        {
            return self.open_quote();
        }
        if says("unclosed bracket") || says("',' or") || says("indentation in flow") {
            return self.open_bracket();
        }
        if says("misplaced bracket") {
            return self.here(
                1,
                "this bracket closes nothing",
                "delete it, or put the text that it belongs to in double quotes",
            );
        }
        if says("unknown anchor") {
            let message = format!("`{}` refers to an anchor that there is not", self.word());
            return self.here(
                self.word().chars().count(),
                message,
                "a text that begins with * has to stand in double quotes",
            );
        }
        if says("recursive") {
            return self.here(
                1,
                "an anchor holds itself here",
                "write the repeated part out",
            );
        }
        if says("unsupported tag") {
            return self.here(
                self.word().chars().count(),
                "a word that begins with `!` means something else in YAML",
                IN_QUOTES,
            );
        }
        if says("unexpected character") {
            return self.here(
                1,
                format!(
                    "a text cannot begin with `{}`",
                    self.word().chars().take(1).collect::<String>()
                ),
                IN_QUOTES,
            );
        }
        if says("escape character") || says("hexadecimal") {
            return self.here(
                1,
                "a backslash in double quotes begins a special character, and this is none",
                "write \\\\ for a backslash",
            );
        }
        if says("string scalar") || says("null into string") {
            return self.here(
                self.word().chars().count(),
                "a key is a word",
                "write it as `key: value`",
            );
        }
        if says("block sequence entries") {
            return self.here(
                1,
                "a list cannot begin in the line of its key",
                "begin each item on a line of its own, with a hyphen",
            );
        }
        if says("'-' indicator") {
            return self.whole_line(
                self.line,
                "the items above begin with a hyphen, and this does not",
                "begin it with `- `, or indent it as what it belongs to",
            );
        }
        if says("expected key") {
            return self.whole_line(
                self.line,
                "this line is not indented like the ones that it belongs with",
                "all keys of one question stand exactly below each other",
            );
        }
        if says("block scalar") {
            return self.whole_line(
                self.line,
                "after `>` or `|` the text begins on the next line",
                "move it there and indent it",
            );
        }
        if says("merge value") {
            return self.here(
                1,
                "`<<` takes over the keys of a map, and this is none",
                "refer to a map above, such as `<<: *anchor`",
            );
        }
        if says("alias replay") || says("alias expansion") {
            return self.here(1, "the anchors (`&`) and references to them (`*`) grow here beyond the limit of what a checklist can be", "write the repeated parts out");
        }
        self.here(1, format!("this is no YAML: {said}"), "")
    }

    fn indented_with_tab(&self) -> bool {
        let text = self.text(self.line);
        text[..text.len() - text.trim_start().len()].contains('\t')
    }

    fn tab(&self) -> Explained {
        // Some parsers notice a tab only in the line after it.
        let line = [Some(self.line), self.line_before(), Some(self.line + 1)]
            .into_iter()
            .flatten()
            .find(|line| {
                let text = self.text(*line);
                text[..text.len() - text.trim_start().len()].contains('\t')
            })
            .unwrap_or(self.line);
        let text = self.text(line);
        let column = text
            .chars()
            .position(|character| character == '\t')
            .unwrap_or_default()
            + 1;
        Explained {
            line,
            column,
            length: text
                .chars()
                .skip(column - 1)
                .take_while(|character| *character == '\t')
                .count()
                .max(1),
            message: "YAML cannot be indented with a tab".to_owned(),
            suggestion: SPACES,
        }
    }

    /// A colon where none can be: it belongs to a text, or the line above lacks something.
    fn colon(&self) -> Explained {
        let before: String = self
            .text(self.line)
            .chars()
            .take(self.column.saturating_sub(1))
            .collect();
        let key = before
            .find(": ")
            .filter(|_| !before.trim_start().starts_with('#'));
        if key.is_some() {
            return self.here(
                1,
                "a text without quotes cannot have a colon with a space after it",
                IN_QUOTES,
            );
        }
        let above = self.line_before();
        let squeezed = [above, Some(self.line)].into_iter().flatten().find(|line| {
            let text = self.text(*line).trim().trim_start_matches("- ");
            text.split_once(':').is_some_and(|(key, value)| {
                !value.is_empty()
                    && !value.starts_with(' ')
                    && key
                        .chars()
                        .all(|character| character.is_ascii_alphanumeric() || character == '_')
            })
        });
        if let Some(line) = squeezed {
            return self.whole_line(
                line,
                "there is no space after the colon",
                "write `key: value`",
            );
        }
        if let Some(line) = above.filter(|line| !self.text(*line).contains(':')) {
            return self.whole_line(
                line,
                "this line is neither a key with a value nor an item of a list",
                "write `key: value`, or put a text of several lines in double quotes",
            );
        }
        self.whole_line(
            self.line,
            "this line is indented as if it belonged to the value above it",
            "all keys of one question stand exactly below each other",
        )
    }

    /// The last line up to here that opens a quote and does not close it.
    fn open_quote(&self) -> Explained {
        for line in (1..=self.line).rev() {
            let text = self.text(line);
            for quote in ['"', '\''] {
                let places: Vec<usize> = text
                    .char_indices()
                    .filter(|(at, character)| *character == quote && !text[..*at].ends_with('\\'))
                    .map(|(at, _)| at)
                    .collect();
                let opens = places.first().copied().filter(|at| {
                    text[..*at].trim_end().ends_with([':', '-', ',', '[', '{']) || *at == 0
                });
                if let Some(at) = opens.filter(|_| places.len() % 2 == 1) {
                    return Explained {
                        line,
                        column: text[..at].chars().count() + 1,
                        length: text[at..].trim_end().chars().count(),
                        message: "this text in quotes is never closed".to_owned(),
                        suggestion: "end it with the same quote",
                    };
                }
            }
        }
        self.here(
            1,
            "a text in quotes above is not closed, or its lines are not indented",
            "end it with the same quote",
        )
    }

    /// The nearest bracket before here that nothing closes; texts in quotes are not looked into.
    fn open_bracket(&self) -> Explained {
        let mut open: Vec<(usize, usize, char)> = Vec::new();
        let mut quote = None;
        for line in 1..=self.line {
            for (index, character) in self.text(line).chars().enumerate() {
                match (quote, character) {
                    (Some(opened), character) if opened == character => quote = None,
                    (Some(_), _) => {}
                    (None, '"') => quote = Some('"'),
                    (None, '#') => break,
                    (None, '{' | '[') => open.push((line, index + 1, character)),
                    (None, '}' | ']') => {
                        open.pop();
                    }
                    _ => {}
                }
            }
        }
        match open.pop() {
            Some((line, column, bracket)) => Explained {
                line,
                column,
                length: 1,
                message: format!("`{bracket}` is opened here and not closed"),
                suggestion: if bracket == '{' {
                    "close it with `}`, and put commas between its parts"
                } else {
                    "close it with `]`, and put commas between its parts"
                },
            },
            None => self.here(
                1,
                "something is missing in this list or map in brackets",
                "put commas between its parts, and texts in double quotes",
            ),
        }
    }
}
