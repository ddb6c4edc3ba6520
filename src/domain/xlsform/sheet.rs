//! A workbook as plain text: what a reader of .xlsx files hands over.
//!
//! Not here: how a file is opened (the command line does that), and what columns mean (`table.rs`).

/// The sheets, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
}

#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    /// Rows with at least one cell, ascending.
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Row {
    /// 1-based, as a spreadsheet program shows it.
    pub number: u32,
    /// Cells with text, in the order of their columns.
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub struct Cell {
    /// 0-based: A is 0.
    pub column: u32,
    /// Without blanks at its ends, and never empty.
    pub text: String,
}

/// The letters of a 0-based column: A, Z, AA.
pub fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).expect("a remainder of 26 is small");
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn names_columns_as_spreadsheets_do() {
        assert_eq!(
            [0, 25, 26, 51, 701, 702].map(letters),
            ["A", "Z", "AA", "AZ", "ZZ", "AAA"]
        );
        assert_eq!(letters(u32::MAX), "MWLQKWV");
    }
}
