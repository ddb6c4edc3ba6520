//! What is wrong with a checklist file, as a person reads it on a terminal or in a log, and as JSON for a program.
//!
//! Not here: what is wrong (`domain/checklist`), and which files are looked at (`check.rs`).

use std::fmt;
use std::io::IsTerminal as _;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteHandlerOpts, MietteSpanContents, ReportHandler,
    SourceCode, SourceSpan, SpanContents,
};
use serde_json::{Value as Json, json};

use super::check::Looked;
use crate::domain::checklist::{ChecklistProblem, Severity, lines_for_display};

/// Where there is no terminal to ask.
const WIDTH_DEFAULT: usize = 100;
/// Below it nothing can be shown, so that lines are left to break as they do.
const WIDTH_MIN: usize = 40;
/// Lines around the one that a problem stands in.
const LINES_AROUND: usize = 1;

/// How reports look: in colour where standard output is a terminal that has it and NO_COLOR is not set, with lines or plain
/// ASCII as the terminal can, and as wide as it is.
pub(super) struct Style {
    handler: miette::MietteHandler,
    width: usize,
}

impl Style {
    pub fn of_stdout() -> Self {
        // Asked of standard output alone: what goes into a file must not depend on the window beside it.
        let width = std::io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten()
            .map_or(WIDTH_DEFAULT, |(width, _)| usize::from(width.0));
        let width = width.max(WIDTH_MIN);
        let handler = MietteHandlerOpts::new()
            .color(supports_color::on(supports_color::Stream::Stdout).is_some())
            .terminal_links(false)
            .force_graphical(true)
            .context_lines(LINES_AROUND)
            .width(width)
            .build();
        Self { handler, width }
    }

    /// Every problem of a file, each with the lines that it is about; nothing for a file without problems.
    pub fn report(&self, looked: &Looked) -> String {
        let lines = lines_for_display(&looked.source);
        let reports = looked.problems.iter().map(|problem| {
            let told = Told::new(problem, &looked.name, &lines, self.width);
            format!("{}\n", Rendered(&self.handler, &told))
        });
        reports.collect()
    }
}

struct Rendered<'r>(&'r miette::MietteHandler, &'r Told);

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(self.1, f)
    }
}

/// One document for all files; a file that is not sound has no version.
pub(super) fn json(files: &[Looked]) -> Json {
    let file = |looked: &Looked| {
        let sound = looked.checklist.as_ref();
        json!({
            "file": looked.name,
            "checklist": sound.map(|checklist| &checklist.checklist),
            "version": sound.map(|checklist| checklist.version),
            "sha256": sound.map(|checklist| checklist.sha256().to_string()),
            "problems": looked.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    };
    json!({ "files": files.iter().map(file).collect::<Vec<_>>() })
}

fn problem(problem: &ChecklistProblem) -> Json {
    json!({
        "severity": problem.severity,
        "line": problem.line,
        "column": problem.column,
        "length": problem.length,
        "question": problem.question,
        "message": problem.message,
        "suggestion": problem.suggestion,
    })
}

/// A problem in the shape that miette draws.
#[derive(Debug)]
struct Told {
    message: String,
    help: Option<String>,
    severity: miette::Severity,
    excerpt: Option<Excerpt>,
}

impl Told {
    fn new(problem: &ChecklistProblem, name: &str, lines: &[String], width: usize) -> Self {
        let excerpt = problem.line.map(|line| {
            let column = problem.column.unwrap_or(1);
            Excerpt::new(name, lines, (line, column, problem.length), width)
        });
        let mut message = String::new();
        if excerpt.is_none() {
            message.push_str(&format!("{name}: "));
        }
        if let Some(question) = &problem.question {
            message.push_str(&format!("question {question}: "));
        }
        message.push_str(&problem.message);
        Self {
            message,
            help: problem.suggestion.clone(),
            severity: match problem.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            excerpt,
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Told {}

impl Diagnostic for Told {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.excerpt.as_ref()?.span;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(
            None, span,
        ))))
    }
}

/// The lines that are shown of a file. Only these are given to miette, cut to the width: a file may be one line of megabytes.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// 0-based, in the file.
    first_line: usize,
    line: usize,
    column: usize,
    /// What is underlined, in bytes of `text`.
    span: SourceSpan,
}

impl Excerpt {
    fn new(
        name: &str,
        lines: &[String],
        (line, column, length): (usize, usize, usize),
        width: usize,
    ) -> Self {
        // The parser may tell a place one line beyond the last.
        let line = (line - 1).min(lines.len().saturating_sub(1));
        let first_line = line.saturating_sub(LINES_AROUND);
        let last_line = (line + LINES_AROUND).min(lines.len().saturating_sub(1));
        let gutter = (last_line + 1).to_string().len() + 4;
        let room = width.saturating_sub(gutter).max(WIDTH_MIN / 2);
        let mut text = String::new();
        let mut span = SourceSpan::from((0, 0));
        for (index, words) in lines
            .iter()
            .enumerate()
            .take(last_line + 1)
            .skip(first_line)
        {
            let shown = if index == line {
                let cut = Cut::around(words, column - 1, length, room);
                span = SourceSpan::from((text.len() + cut.marked.start, cut.marked.len()));
                cut.text
            } else {
                Cut::around(words, 0, 1, room).text
            };
            text.push_str(&shown);
            text.push('\n');
        }
        Self {
            name: name.to_owned(),
            text,
            first_line,
            line,
            column: column - 1,
            span,
        }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without lines around it is asked where the problem stands, else what is shown.
        let (line, column) = match lines_before {
            0 => (self.line, self.column),
            _ => (self.first_line, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            SourceSpan::from((0, self.text.len())),
            line,
            column,
            self.text.lines().count(),
        )))
    }
}

/// A line cut to some room, and the bytes of it that are marked.
struct Cut {
    text: String,
    marked: std::ops::Range<usize>,
}

impl Cut {
    /// Keeps the `length` characters from `start` in view, or as many as there is room for.
    fn around(line: &str, start: usize, length: usize, room: usize) -> Self {
        let start = start.min(line.chars().count());
        let mut used = 0;
        let fits = line.chars().all(|character| {
            used += columns(character);
            used <= room
        });
        let first = if fits {
            0
        } else {
            // Some of what stands before it, unless that leaves too little for itself.
            start.saturating_sub((room / 3).max(room.saturating_sub(length + 2)))
        };
        let mut text = String::new();
        if first > 0 {
            text.push('…');
        }
        let mut used = text.chars().count();
        let mut marked = None;
        let mut characters = line.chars().enumerate().skip(first).peekable();
        while let Some((index, character)) = characters.next() {
            used += columns(character);
            if used >= room && characters.peek().is_some() {
                text.push('…');
                break;
            }
            let at = text.len();
            text.push(character);
            if (start..start + length).contains(&index) {
                marked = Some(
                    marked.map_or(at, |marked: std::ops::Range<usize>| marked.start)..text.len(),
                );
            }
        }
        Self {
            marked: marked.unwrap_or(text.len()..text.len()),
            text,
        }
    }
}

/// About how wide it is on a terminal: East Asian characters and pictures take two columns.
fn columns(character: char) -> usize {
    if character >= '\u{1100}' { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, start: usize, length: usize, room: usize) -> (String, String) {
        let Cut { text, marked } = Cut::around(line, start, length, room);
        (text.clone(), text[marked].to_owned())
    }

    #[test]
    fn a_line_is_cut_around_what_is_meant() {
        let line = "0123456789abcdefghij";
        assert_eq!(cut(line, 3, 2, 20), (line.into(), "34".into()));
        assert_eq!(cut(line, 3, 2, 9), ("01234567…".into(), "34".into()));
        assert_eq!(cut(line, 15, 2, 9), ("…abcdefg…".into(), "fg".into()));
        assert_eq!(cut(line, 15, 50, 9), ("…cdefghij".into(), "fghij".into()));
        assert_eq!(cut(line, 19, 1, 9), ("…defghij".into(), "j".into()));
        assert_eq!(cut(line, 40, 1, 30), (line.into(), String::new()));
        assert_eq!(cut("", 0, 1, 9), (String::new(), String::new()));
        // Wide characters take two columns.
        assert_eq!(
            cut("您受到欢迎了吗", 1, 1, 9),
            ("您受到欢…".into(), "受".into())
        );
    }
}
