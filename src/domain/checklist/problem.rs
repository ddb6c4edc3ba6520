//! What is wrong with a checklist, said so that its author can mend it.
//!
//! Not here: what counts as wrong (`yaml/` for how it is written, `rules/` for what it says).

use std::fmt;

/// Whether a checklist with the problem can be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    /// Sound, but hardly meant so.
    Warning,
}

/// One thing to mend. Nothing in it can steer a terminal: see [`legible`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistProblem {
    pub severity: Severity,
    /// 1-based; only known for YAML.
    pub line: Option<usize>,
    /// 1-based, in characters.
    pub column: Option<usize>,
    /// Characters from there that it is about, in the same line; at least 1.
    pub length: usize,
    /// The question's id, when it is about one.
    pub question: Option<String>,
    pub message: String,
    /// A sentence such as 'did you mean `points`?'.
    pub suggestion: Option<String>,
}

/// `12:7: question smile: unknown key `pionts`; did you mean `points`?`
impl fmt::Display for ChecklistProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "{line}:{}: ", self.column.unwrap_or(1))?;
        }
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        if let Some(question) = &self.question {
            write!(f, "question {question}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; {suggestion}"),
            None => Ok(()),
        }
    }
}

impl ChecklistProblem {
    /// That nothing can be said of a file but this.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self::error(message, None)
    }

    /// An error about a whole file or document, until it is given a place.
    pub(super) fn error(message: impl Into<String>, suggestion: Option<String>) -> Self {
        Self {
            severity: Severity::Error,
            line: None,
            column: None,
            length: 1,
            question: None,
            message: legible(&message.into()),
            suggestion: suggestion.map(|suggestion| legible(&suggestion)),
        }
    }

    pub(super) fn warning(message: impl Into<String>, suggestion: Option<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message, suggestion)
        }
    }
}

/// Characters of a message, and of an id in it; what a file says may be megabytes long.
const MESSAGE_CHARACTERS_MAX: usize = 600;

/// Words for a message: what is invisible, or would steer a terminal or turn its writing round, as `\u{1b}`; much too long
/// a text without its middle.
pub(super) fn legible(text: &str) -> String {
    let mut out = String::new();
    let count = text.chars().count();
    let cut = count > MESSAGE_CHARACTERS_MAX;
    for (index, character) in text.chars().enumerate() {
        if cut && index >= MESSAGE_CHARACTERS_MAX / 2 && index < count - MESSAGE_CHARACTERS_MAX / 2
        {
            if index == MESSAGE_CHARACTERS_MAX / 2 {
                out.push('…');
            }
        } else if character.is_control() || super::source::turns_writing(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Told at once; a file with more is beyond reading a list.
pub(super) const PROBLEMS_MAX: usize = 300;

/// A broken rule and where: a pointer in the YAML's names, such as `/sections/0/questions/3/bands/1`.
#[derive(Debug)]
pub(super) struct Fault {
    pub path: String,
    pub message: String,
    pub suggestion: Option<String>,
}

/// Whether two pointers name the same place, or one a place inside the other.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    long.strip_prefix(short)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// 'did you mean `x`?' for the known word nearest to `word`, when one is near enough to be meant.
pub(in crate::domain) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, known).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The known word nearest to `word`, when one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let near_enough = match length {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= near_enough)
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= near_enough)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal string
/// alignment distance).
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before_previous = vec![0; to.len() + 1];
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    for row in 1..=from.len() {
        let mut current = vec![row; to.len() + 1];
        for column in 1..=to.len() {
            let substitution = usize::from(from[row - 1] != to[column - 1]);
            current[column] = (previous[column] + 1)
                .min(current[column - 1] + 1)
                .min(previous[column - 1] + substitution);
            if row > 1
                && column > 1
                && from[row - 1] == to[column - 2]
                && from[row - 2] == to[column - 1]
            {
                current[column] = current[column].min(before_previous[column - 2] + 1);
            }
        }
        before_previous = previous;
        previous = current;
    }
    previous[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(edits("points", "points"), 0);
        assert_eq!(edits("pionts", "points"), 1);
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
    }

    #[test]
    fn suggests_only_what_may_be_meant() {
        assert_eq!(
            did_you_mean("pionts", ["text", "points"]),
            Some("did you mean `points`?".to_owned())
        );
        assert_eq!(did_you_mean("weather", ["text", "points"]), None);
        assert_eq!(did_you_mean("a", ["id"]), None);
    }

    #[test]
    fn a_message_steers_no_terminal_and_stays_short() {
        assert_eq!(
            legible("a\u{1b}[31m\u{202e}é🙂"),
            "a\\u{1b}[31m\\u{202e}é🙂"
        );
        let long = legible(&"x".repeat(5_000_000));
        assert_eq!(long.chars().count(), MESSAGE_CHARACTERS_MAX + 1);
    }

    #[test]
    fn knows_places_inside_places() {
        assert!(overlap("/sections/1", "/sections/1/title"));
        assert!(overlap("/sections/1/title", "/sections/1"));
        assert!(!overlap("/sections/1", "/sections/10"));
    }
}
