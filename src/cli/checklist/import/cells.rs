//! The cells of a spreadsheet as text, row by row, within limits.
//!
//! Not here: whether the file is safe to read (`unpack.rs` has seen to that).

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{anyhow, ensure};
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};

use crate::domain::xlsform::{Cell, Finding, FindingKind, Place, Row, Sheet, Workbook};

pub(super) const ROWS_MAX: u32 = 20_000;
pub(super) const COLUMNS_MAX: u32 = 500;
/// Of one cell, which is what spreadsheet programs allow.
pub(super) const CELL_CHARACTERS_MAX: usize = 32_767;
/// Filled cells of all sheets together.
pub(super) const CELLS_MAX: usize = 200_000;
/// Texts of all cells together: one long text may stand in many cells.
pub(super) const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Sheets that are part of a form; cells of others are not read.
const FORM_SHEETS: [&str; 6] = [
    "survey",
    "choices",
    "settings",
    "external_choices",
    "entities",
    "osm",
];

/// Reads what [`super::unpack::plain`] made.
///
/// # Errors
/// When it is damaged, or more than a form needs.
pub(super) fn read(file: Vec<u8>) -> anyhow::Result<(Workbook, Vec<Finding>)> {
    // Some nonsense in a file (a table that ends before it begins) makes the reader panic.
    catch_unwind(AssertUnwindSafe(|| open(file)))
        .unwrap_or_else(|_| Err(anyhow!("the spreadsheet contradicts itself; save it anew")))
}

#[derive(Default)]
struct Sums {
    cells: usize,
    bytes: usize,
    findings: Vec<Finding>,
}

fn open(file: Vec<u8>) -> anyhow::Result<(Workbook, Vec<Finding>)> {
    let damaged = |error| anyhow!("the spreadsheet is damaged: {error}");
    let mut xlsx = Xlsx::new(Cursor::new(file)).map_err(damaged)?;
    let sheets: Vec<_> = xlsx.sheets_metadata().to_vec();
    let mut workbook = Workbook::default();
    let mut sums = Sums::default();
    for sheet in sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
    {
        let name = sheet.name.as_str();
        let is_form = FORM_SHEETS.contains(&name.trim().to_lowercase().as_str());
        if is_form && sheet.visible != SheetVisible::Visible {
            sums.tell(
                FindingKind::Note,
                Place::sheet(name),
                "a hidden sheet",
                "it is read like any other",
                "",
            );
        }
        let rows = if is_form {
            rows(&mut xlsx, name, &mut sums)?
        } else {
            Vec::new()
        };
        workbook.sheets.push(Sheet {
            name: name.to_owned(),
            rows,
        });
    }
    Ok((workbook, sums.findings))
}

fn rows(
    xlsx: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    sums: &mut Sums,
) -> anyhow::Result<Vec<Row>> {
    let damaged = |error| anyhow!("the sheet {sheet} is damaged: {error}");
    let mut reader = xlsx.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(damaged)? {
        let (row, column) = cell.pos;
        let place = || Place {
            column: Some(column),
            ..Place::row(sheet, row.saturating_add(1))
        };
        let text = match text(&cell.value) {
            Ok(text) => text,
            Err(code) => {
                let why = "a formula went wrong there; the cell counts as empty";
                sums.tell(FindingKind::Lost, place(), &code, why, "mend the formula");
                continue;
            }
        };
        let text = text.trim();
        if text.is_empty() {
            if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
                let why = "its value is not in the file; the cell counts as empty";
                let todo = "open the file in a spreadsheet program and save it";
                sums.tell(FindingKind::Lost, place(), "a formula", why, todo);
            }
            continue;
        }
        ensure!(
            row < ROWS_MAX,
            "the sheet {sheet} has text below row {ROWS_MAX}"
        );
        ensure!(
            column < COLUMNS_MAX,
            "the sheet {sheet} has text to the right of column {COLUMNS_MAX}"
        );
        let characters = text.chars().count();
        ensure!(
            characters <= CELL_CHARACTERS_MAX,
            "{} has {characters} characters; a cell has at most {CELL_CHARACTERS_MAX}",
            place()
        );
        sums.cells += 1;
        sums.bytes += text.len();
        ensure!(
            sums.cells <= CELLS_MAX && sums.bytes <= TEXT_BYTES_MAX,
            "the form has more than {CELLS_MAX} filled cells, or more than {} MiB of text",
            TEXT_BYTES_MAX / 1024 / 1024
        );
        let filled = Cell {
            column,
            text: text.to_owned(),
        };
        match rows.last_mut() {
            Some(last) if last.number == row + 1 => last.cells.push(filled),
            _ => rows.push(Row {
                number: row + 1,
                cells: vec![filled],
            }),
        }
    }
    // A file may have its cells in any order, and some of them twice.
    rows.sort_by_key(|row| row.number);
    rows.dedup_by(|later, earlier| {
        let same = later.number == earlier.number;
        if same {
            earlier.cells.append(&mut later.cells);
        }
        same
    });
    for row in &mut rows {
        row.cells.sort_by_key(|cell| cell.column);
        row.cells.dedup_by_key(|cell| cell.column);
    }
    Ok(rows)
}

impl Sums {
    fn tell(&mut self, kind: FindingKind, place: Place, what: &str, why: &str, todo: &str) {
        // Beyond that nobody reads on.
        const FINDINGS_MAX: usize = 1_000;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding {
                kind,
                place,
                what: what.to_owned(),
                why: why.to_owned(),
                todo: todo.to_owned(),
            });
        }
    }
}

/// # Errors
/// The code of a formula's error, such as `#REF!`.
fn text(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        // Before it is copied: one long text may stand in many cells.
        DataRef::SharedString(text) => text.chars().take(CELL_CHARACTERS_MAX + 1).collect(),
        DataRef::Int(number) => number.to_string(),
        // The shortest spelling of a float is what stood in the cell: 1 and not 1.0.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(date) => day_and_time(*date),
        DataRef::Error(code) => return Err(code.to_string()),
        DataRef::Empty => String::new(),
    })
}

/// `2024-06-15`, with a time only where there is one; a time of day alone is `10:30:00`.
fn day_and_time(date: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if date.as_f64() < 1.0 {
        return time;
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if date.as_f64().fract() == 0.0 {
        day
    } else {
        format!("{day}T{time}")
    }
}
