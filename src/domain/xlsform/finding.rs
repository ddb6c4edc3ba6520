//! What an author is told about an import: where, what, why, and what to do.
//!
//! Not here: which cells are told (the other files do that as they read).

use std::fmt;

use super::sheet::letters;

/// How much an author should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// Something in the form has no counterpart, and is not in the checklist.
    Lost,
    /// It is in the checklist, in another shape or with other words.
    Changed,
    /// Good to know; nothing is missing.
    Note,
}

impl FindingKind {
    /// As it is written for people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "no counterpart",
            Self::Changed => "changed",
            Self::Note => "note",
        }
    }
}

/// A sheet, or a row or cell in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub sheet: String,
    /// 1-based.
    pub row: Option<u32>,
    /// 0-based.
    pub column: Option<u32>,
    /// What stands at the top of the column.
    pub heading: Option<String>,
}

impl Place {
    pub fn sheet(name: &str) -> Self {
        Self {
            sheet: name.to_owned(),
            ..Self::default()
        }
    }

    pub fn row(sheet: &str, row: u32) -> Self {
        Self {
            row: Some(row),
            ..Self::sheet(sheet)
        }
    }
}

/// `survey!C12 (relevant)`, `survey row 12`, `choices`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sheet)?;
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, "!{}{row}", letters(column))?,
            (Some(row), None) => write!(f, " row {row}")?,
            (None, Some(column)) => write!(f, " column {}", letters(column))?,
            (None, None) => {}
        }
        match &self.heading {
            Some(heading) => write!(f, " ({heading})"),
            None => Ok(()),
        }
    }
}

/// One thing that is not in the checklist as it was in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub place: Place,
    pub what: String,
    pub why: String,
    /// Empty when there is nothing to do.
    pub todo: String,
}

/// `survey!C12 (relevant): no counterpart: … : …; …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}: {}",
            self.place,
            self.kind.name(),
            self.what,
            self.why
        )?;
        if self.todo.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.todo)
        }
    }
}

/// Collects what is to be told, in the order in which it was found.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub fn lost(&mut self, place: Place, what: String, why: &str, todo: &str) {
        self.add(FindingKind::Lost, place, what, why, todo);
    }

    pub fn changed(&mut self, place: Place, what: String, why: &str, todo: &str) {
        self.add(FindingKind::Changed, place, what, why, todo);
    }

    pub fn note(&mut self, place: Place, what: String, why: &str, todo: &str) {
        self.add(FindingKind::Note, place, what, why, todo);
    }

    fn add(&mut self, kind: FindingKind, place: Place, what: String, why: &str, todo: &str) {
        self.0.push(Finding {
            kind,
            place,
            what,
            why: why.to_owned(),
            todo: todo.to_owned(),
        });
    }

    /// By sheet (`sheets` is their order), row and column.
    pub fn sorted(mut self, sheets: &[&str]) -> Vec<Finding> {
        self.0.sort_by_key(|finding| {
            let sheet = sheets.iter().position(|name| *name == finding.place.sheet);
            let place = &finding.place;
            (sheet.unwrap_or(usize::MAX), place.row, place.column)
        });
        self.0
    }
}

/// A cell's text for a message: shortened, on one line.
pub(super) fn quoted(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(CHARACTERS_MAX)
        .collect();
    let more = if text.chars().count() > CHARACTERS_MAX {
        "…"
    } else {
        ""
    };
    format!("`{line}{more}`")
}
