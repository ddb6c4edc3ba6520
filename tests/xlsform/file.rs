//! Writes small .xlsx files, sound ones and others.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A spreadsheet in the making: parts by name.
pub struct Parts(pub Vec<(String, String)>);

const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A spreadsheet of these sheets: name, and what stands in `sheetData`.
pub fn parts(sheets: &[(&str, String)]) -> Parts {
    let numbered = || (1..).zip(sheets);
    let listed: String = numbered()
        .map(|(n, (name, _))| {
            format!(
                "<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>",
                escaped(name)
            )
        })
        .collect();
    let related: String = numbered()
        .map(|(n, _)| format!("<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"))
        .collect();
    let mut parts = vec![
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "<workbook {MAIN} xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns=\"{PACKAGE}\">{related}</Relationships>"),
        ),
    ];
    parts.extend(numbered().map(|(n, (_, data))| {
        (
            format!("xl/worksheets/sheet{n}.xml"),
            format!("<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>"),
        )
    }));
    Parts(parts)
}

/// Rows of texts, from lines with `|` between the cells.
pub fn texts(lines: &str) -> String {
    (1..)
        .zip(lines.lines())
        .map(|(row, line)| {
            let cells: String = ('A'..)
                .zip(line.split('|'))
                .filter(|(_, text)| !text.is_empty())
                .map(|(column, text)| format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text)))
                .collect();
            format!("<row r=\"{row}\">{cells}</row>")
        })
        .collect()
}

pub fn form(sheets: &[(&str, &str)]) -> Vec<u8> {
    let sheets: Vec<(&str, String)> = sheets
        .iter()
        .map(|(name, lines)| (*name, texts(lines)))
        .collect();
    parts(&sheets).zipped()
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Parts {
    /// With another part, in the place of one of the same name.
    pub fn with(mut self, name: &str, content: &str) -> Self {
        self.0.retain(|(earlier, _)| earlier != name);
        self.0.push((name.to_owned(), content.to_owned()));
        self
    }

    pub fn with_shared_strings(self, start: &str, items: &str) -> Self {
        self.with("xl/sharedStrings.xml", &format!("{start}{items}</sst>"))
    }

    pub fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in &self.0 {
            zip.start_file(name, options).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}
