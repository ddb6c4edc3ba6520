//! Forms written as tables, and what becomes of them.

mod any_table;
mod behaviour;
mod columns;
mod languages;
mod refusals;
mod scoring;
mod shapes;

use super::{
    Cell, Finding, FindingKind, ImportError, Imported, Options, Row, Sheet, Workbook, import,
};
use crate::domain::checklist::{Checklist, Question};

/// A sheet from lines of cells with `|` between them; the first line is the headings.
fn sheet(name: &str, lines: &str) -> Sheet {
    let rows = (1..).zip(lines.lines()).map(|(number, line)| Row {
        number,
        cells: (0..)
            .zip(line.split('|'))
            .map(|(column, text)| (column, text.trim()))
            .filter(|(_, text)| !text.is_empty())
            .map(|(column, text)| Cell {
                column,
                text: text.to_owned(),
            })
            .collect(),
    });
    Sheet {
        name: name.to_owned(),
        rows: rows.filter(|row: &Row| !row.cells.is_empty()).collect(),
    }
}

fn workbook(sheets: &[(&str, &str)]) -> Workbook {
    Workbook {
        sheets: sheets
            .iter()
            .map(|(name, lines)| sheet(name, lines))
            .collect(),
    }
}

fn try_form(sheets: &[(&str, &str)]) -> Result<Imported, ImportError> {
    let options = Options {
        slug: None,
        file_stem: "form",
    };
    import(&workbook(sheets), &options)
}

/// A form of these sheets as a checklist.
struct Form {
    checklist: Checklist,
    findings: Vec<Finding>,
}

fn form(sheets: &[(&str, &str)]) -> Form {
    let imported = try_form(sheets).unwrap();
    Form {
        checklist: Checklist::parse_yaml(&imported.yaml).unwrap(),
        findings: imported.findings,
    }
}

/// A form with one question of each line, with the headings given.
fn survey(lines: &str) -> Form {
    form(&[("survey", lines), ("choices", CHOICES)])
}

const CHOICES: &str = "list_name|name|label
yes_no|yes|Yes
yes_no|no|No
drink|tea|Tea
drink|coffee|Coffee
drink|none|Nothing";

impl Form {
    fn question(&self, id: &str) -> &Question {
        self.checklist.question(id).unwrap()
    }

    fn ids(&self) -> Vec<&str> {
        self.checklist
            .questions()
            .map(|question| question.id.as_str())
            .collect()
    }

    /// `survey!C2: no counterpart: why`, without notes.
    fn told(&self) -> Vec<String> {
        let serious = |finding: &&Finding| finding.kind != FindingKind::Note;
        self.findings
            .iter()
            .filter(serious)
            .map(ToString::to_string)
            .collect()
    }

    /// Whether one of the findings that are more than a note has all these words.
    fn tells(&self, words: &[&str]) -> bool {
        self.told()
            .iter()
            .any(|line| words.iter().all(|word| line.contains(word)))
    }

    fn notes(&self, words: &str) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.kind == FindingKind::Note && finding.to_string().contains(words))
    }

    fn show_if(&self, id: &str) -> String {
        serde_json::to_string(&self.question(id).show_if).unwrap()
    }
}
