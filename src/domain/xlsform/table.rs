//! A sheet by its headings, however they are spelled.
//!
//! Spaces, case, older names and `bind::` in front do not matter. Not here: what the columns mean.

use std::collections::BTreeSet;

use super::finding::{Findings, Place};
use super::sheet::{Cell, Row, Sheet, letters};
use crate::domain::checklist::did_you_mean;

/// A sheet with its first filled row as headings.
#[derive(Debug)]
pub(super) struct Table<'s> {
    pub name: &'s str,
    pub headings: Vec<Heading<'s>>,
    pub rows: &'s [Row],
}

/// `label::English (en)` is `label` in `English (en)`.
#[derive(Debug)]
pub(super) struct Heading<'s> {
    /// 0-based.
    pub column: u32,
    pub written: &'s str,
    pub name: String,
    pub language: Option<String>,
}

/// A row seen through the headings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'t> {
    table: &'t Table<'t>,
    row: &'t Row,
}

/// A filled cell below a heading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'t> {
    pub heading: &'t Heading<'t>,
    pub text: &'t str,
    sheet: &'t str,
    row: u32,
}

/// Columns whose cells may be there in several languages.
const TRANSLATED: [&str; 9] = [
    "label",
    "hint",
    "guidance_hint",
    "constraint_message",
    "required_message",
    "media::image",
    "media::big-image",
    "media::audio",
    "media::video",
];

impl<'s> Table<'s> {
    /// None when the sheet is empty. `known` are the names of columns that mean something; others are told.
    pub fn read(sheet: &'s Sheet, known: &[&str], findings: &mut Findings) -> Option<Self> {
        let (first, rows) = sheet.rows.split_first()?;
        let mut headings: Vec<Heading<'s>> = Vec::new();
        let doubled = first.cells.iter().any(|cell| cell.text.contains("::"));
        for cell in &first.cells {
            let heading = heading(cell, doubled);
            let filled = || rows.iter().any(|row| find(row, cell.column).is_some());
            let place = || Place {
                row: Some(first.number),
                column: Some(cell.column),
                ..Place::sheet(&sheet.name)
            };
            let earlier = headings.iter().find(|earlier| {
                earlier.name == heading.name && earlier.language == heading.language
            });
            if let Some(earlier) = earlier {
                if filled() {
                    findings.lost(
                        place(),
                        format!("column `{}`", cell.text),
                        &format!("it is the same column as `{}`", earlier.written),
                        "keep one of the two",
                    );
                }
                continue;
            }
            let is_known = known.contains(&heading.name.as_str())
                || ["body::", "bind::", "instance::", "control::", "media::"]
                    .iter()
                    .any(|prefix| heading.name.starts_with(prefix));
            if !is_known && filled() {
                let suggestion = did_you_mean(&heading.name, known.iter().copied());
                findings.lost(
                    place(),
                    format!("column `{}`", cell.text),
                    "it is not known",
                    &suggestion.unwrap_or_default(),
                );
            }
            headings.push(heading);
        }
        tell_headless(sheet, first, rows, findings);
        Some(Self {
            name: &sheet.name,
            headings,
            rows,
        })
    }

    /// Whether anything stands below a heading.
    pub fn filled(&self, column: u32) -> bool {
        self.rows.iter().any(|row| find(row, column).is_some())
    }

    pub fn has(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading.name == name)
    }

    pub fn entries(&'s self) -> impl Iterator<Item = Entry<'s>> {
        self.rows.iter().map(|row| Entry { table: self, row })
    }
}

impl<'t> Entry<'t> {
    /// 1-based.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    pub fn place(&self) -> Place {
        Place::row(self.table.name, self.row.number)
    }

    pub fn get(&self, name: &str) -> Option<Field<'t>> {
        self.fields().find(|field| field.heading.name == name)
    }

    /// The text below a heading, or nothing.
    pub fn text(&self, name: &str) -> &'t str {
        self.get(name).map_or("", |field| field.text)
    }

    /// Filled cells, in the order of their columns.
    pub fn fields(&self) -> impl Iterator<Item = Field<'t>> + use<'t> {
        let Self { table, row } = *self;
        table.headings.iter().filter_map(move |heading| {
            Some(Field {
                heading,
                text: &find(row, heading.column)?.text,
                sheet: table.name,
                row: row.number,
            })
        })
    }
}

impl Field<'_> {
    pub fn place(&self) -> Place {
        Place {
            column: Some(self.heading.column),
            heading: Some(self.heading.written.to_owned()),
            ..Place::row(self.sheet, self.row)
        }
    }
}

/// Cells below no heading, such as those beside a merged one.
fn tell_headless(sheet: &Sheet, first: &Row, rows: &[Row], findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for row in rows {
        for cell in &row.cells {
            if find(first, cell.column).is_none() && told.insert(cell.column) {
                let place = Place {
                    column: Some(cell.column),
                    ..Place::row(&sheet.name, row.number)
                };
                findings.lost(
                    place,
                    format!("column {}", letters(cell.column)),
                    "it has no heading; nothing in it is read",
                    "give it one, and unmerge the headings if they are merged",
                );
            }
        }
    }
}

fn find(row: &Row, column: u32) -> Option<&Cell> {
    let at = row.cells.binary_search_by_key(&column, |cell| cell.column);
    at.ok().map(|at| &row.cells[at])
}

/// `doubled`: some heading of the sheet has `::`, so that a single colon is only a colon.
fn heading(cell: &Cell, doubled: bool) -> Heading<'_> {
    let written = cell.text.as_str();
    let mut parts: Vec<&str> = written.split("::").map(str::trim).collect();
    if parts.len() == 1
        && !doubled
        && let Some((base, language)) = written.split_once(':')
        && TRANSLATED.contains(&canonical(base).as_str())
    {
        parts = vec![base.trim(), language.trim()];
    }
    // The longest beginning that is a translated column; what follows is the language.
    for length in [2, 1] {
        if parts.len() > length {
            let name = canonical(&parts[..length].join("::"));
            if TRANSLATED.contains(&name.as_str()) {
                return Heading {
                    column: cell.column,
                    written,
                    name,
                    language: Some(parts[length..].join("::")),
                };
            }
        }
    }
    Heading {
        column: cell.column,
        written,
        name: canonical(&parts.join("::")),
        language: None,
    }
}

/// One spelling for each column.
fn canonical(written: &str) -> String {
    let words: Vec<String> = written.split_whitespace().map(str::to_lowercase).collect();
    let name = words.join("_");
    let name = match name.as_str() {
        "bind::relevant" | "relevance" => "relevant",
        "bind::required" => "required",
        "bind::constraint" => "constraint",
        "bind::calculate" | "calculate" => "calculation",
        "bind::readonly" | "readonly" => "read_only",
        "bind::jr:constraintmsg" | "constraining_message" => "constraint_message",
        "bind::jr:requiredmsg" | "requiredmsg" => "required_message",
        "control::appearance" | "body::appearance" => "appearance",
        "control::jr:count" | "jr:count" | "count" => "repeat_count",
        "image" => "media::image",
        "big-image" => "media::big-image",
        "audio" => "media::audio",
        "video" => "media::video",
        "caption" => "label",
        "command" => "type",
        "tag" | "value" => "name",
        other => other,
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str, doubled: bool) -> (String, Option<String>) {
        let cell = Cell {
            column: 0,
            text: written.to_owned(),
        };
        let heading = heading(&cell, doubled);
        (heading.name, heading.language)
    }

    #[test]
    fn headings_have_one_name_however_they_are_spelled() {
        for (written, name, language) in [
            ("Label", "label", None),
            ("List Name", "list_name", None),
            ("bind::relevant", "relevant", None),
            ("label::English (en)", "label", Some("English (en)")),
            ("Label :: Français (fr)", "label", Some("Français (fr)")),
            (
                "media::image::English (en)",
                "media::image",
                Some("English (en)"),
            ),
            ("image::nl", "media::image", Some("nl")),
            ("media::image", "media::image", None),
            ("bind::jr:constraintMsg", "constraint_message", None),
            ("body::accuracyThreshold", "body::accuracythreshold", None),
        ] {
            assert_eq!(
                read(written, true),
                (name.to_owned(), language.map(str::to_owned)),
                "{written}"
            );
        }
        assert_eq!(
            read("label:Dutch", false),
            ("label".into(), Some("Dutch".into()))
        );
        assert_eq!(read("label:Dutch", true), ("label:dutch".into(), None));
    }
}
