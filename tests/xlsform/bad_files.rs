//! Files that are no forms, are broken, or mean harm: each is refused with what to do, in bounded memory.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::file::{form, parts, texts};
use crate::import;

const SURVEY: &str = "type|name|label\ntext|a|A?";

fn refused(bytes: &[u8], why: &str) {
    let (status, stdout, stderr) = import(bytes, &[]);
    assert!(
        status == 1 && stdout.is_empty(),
        "{why}: {status} {stdout} {stderr}"
    );
    assert!(stderr.contains(why), "{why}: {stderr}");
}

/// A zip file with one deflated part of `bytes` zeros or other bytes, written piece by piece.
fn bomb(name: &str, start: &str, piece: &str, times: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (other, content) in parts(&[("survey", texts(SURVEY))]).0 {
        if other != name {
            zip.start_file(other, options).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
    }
    zip.start_file(name, options).unwrap();
    zip.write_all(start.as_bytes()).unwrap();
    for _ in 0..times {
        zip.write_all(piece.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_spreadsheet_is_named() {
    let compound = |more: &str| {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.extend([0; 600]);
        bytes.extend(more.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    refused(b"", "the file is empty");
    refused(b"type,name,label\n", "this is no .xlsx file");
    refused(&compound("Workbook"), "this is an old .xls file");
    refused(&compound("EncryptedPackage"), "protected with a password");
    refused(&parts(&[]).with("xl/workbook.xml", "").zipped(), "damaged");
    let only = |name: &str| {
        let mut parts = parts(&[]).with(name, "<x/>");
        parts.0.retain(|(other, _)| other == name);
        parts.zipped()
    };
    refused(&only("content.xml"), "this is an .ods file");
    refused(&only("xl/workbook.bin"), "this is an .xlsb file");
    refused(&only("readme.txt"), "a zip file without a spreadsheet");
    refused(
        &form(&[("Survey2", SURVEY), ("choices", "a")]),
        "there is no sheet `survey` among Survey2, choices; did you mean `survey2`?",
    );
}

#[test]
fn limits_have_names() {
    refused(&vec![b'P'; 5 * 1024 * 1024 + 1], "larger than 5 MiB");
    let mut many = parts(&[("survey", texts(SURVEY))]);
    many.0
        .extend((0..1_000).map(|n| (format!("x{n}.txt"), String::new())));
    refused(&many.zipped(), "at most 1000");
    let cell = |place: &str, text: &str| {
        format!("<row><c r=\"{place}\" t=\"str\"><v>{text}</v></c></row>")
    };
    refused(
        &parts(&[("survey", texts(SURVEY) + &cell("A20001", "x"))]).zipped(),
        "below row 20000",
    );
    refused(
        &parts(&[("survey", texts(SURVEY) + &cell("SG2", "x"))]).zipped(),
        "to the right of column 500",
    );
    refused(
        &parts(&[("survey", texts(SURVEY) + &cell("D2", &"x".repeat(32_768)))]).zipped(),
        "survey!D2 has 32768 characters",
    );
    let wide: String = (1..=500)
        .map(|row| {
            format!(
                "<row r=\"{row}\">{}</row>",
                "<c t=\"str\"><v>x</v></c>".repeat(450)
            )
        })
        .collect();
    refused(
        &parts(&[("survey", wide)]).zipped(),
        "more than 200000 filled cells",
    );
}

#[test]
fn bombs_do_not_go_off() {
    let megabyte = " ".repeat(1024 * 1024);
    refused(
        &bomb("xl/worksheets/sheet1.xml", "<worksheet>", &megabyte, 1_024),
        "unpacked the file is larger than 64 MiB",
    );
    refused(
        &bomb("xl/extra.xml", "<x>", &megabyte, 70),
        "larger than 64 MiB",
    );
    // Pictures are not unpacked at all.
    let (status, ..) = import(&bomb("xl/media/image1.png", "", &megabyte, 1_024), &[]);
    assert_eq!(status, 0);
    // Elements cost more than the bytes that they are written in.
    refused(
        &bomb(
            "xl/sharedStrings.xml",
            "<sst>",
            &"<si/>".repeat(200_000),
            60,
        ),
        "more than 2000000 elements",
    );
    // One long text in many cells.
    let rows: String = (3..2_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"D{row}\" t=\"s\"><v>0</v></c></row>"))
        .collect();
    let long = format!("<si><t>{}</t></si>", "x".repeat(32_000));
    let bytes = parts(&[("survey", texts(SURVEY) + &rows)])
        .with_shared_strings("<sst>", &long)
        .zipped();
    refused(&bytes, "more than 16 MiB of text");
    // Formats are copied for each of their uses.
    let styles = format!(
        "<styleSheet><fonts><font><name val=\"{}\"/></font></fonts><cellXfs>{}</cellXfs></styleSheet>",
        "x".repeat(500_000),
        "<xf fontId=\"0\"/>".repeat(100_000)
    );
    let bytes = parts(&[("survey", texts(SURVEY))])
        .with("xl/styles.xml", &styles)
        .zipped();
    assert_eq!(import(&bytes, &[]).0, 0);
}

#[test]
fn counts_in_the_file_are_not_believed() {
    let items = "<si><t>text</t></si>";
    for count in ["4000000000", "18446744073709551615", "1152921504606846975"] {
        let start = format!("<sst uniqueCount=\"{count}\" count=\"1\">");
        let bytes = parts(&[("survey", texts(SURVEY))])
            .with_shared_strings(&start, items)
            .zipped();
        assert_eq!(import(&bytes, &[]).0, 0, "{count}");
    }
    let twice = "<!-- uniqueCount --><sst uniqueCount=\"4000000000\">";
    refused(
        &parts(&[("survey", texts(SURVEY))])
            .with_shared_strings(twice, items)
            .zipped(),
        "speak of `uniqueCount`",
    );
    let sixteen: Vec<u16> = "<sst uniqueCount=\"4000000000\"></sst>"
        .encode_utf16()
        .collect();
    let text: String = sixteen
        .iter()
        .flat_map(|unit| unit.to_le_bytes())
        .map(char::from)
        .collect();
    refused(
        &parts(&[("survey", texts(SURVEY))])
            .with("xl/sharedStrings.xml", &text)
            .zipped(),
        "not written in UTF-8",
    );
    let shared = "<row r=\"3\"><c r=\"A3\"><f t=\"shared\" si=\"4000000000\" ref=\"A3:A4\">1</f><v>1</v></c></row>";
    let (status, _, stderr) = import(&parts(&[("survey", texts(SURVEY) + shared)]).zipped(), &[]);
    assert_eq!(status, 0, "{stderr}");
    let sheet = format!(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{}</sheetData></worksheet>",
        texts(SURVEY)
    );
    let bytes = parts(&[("survey", String::new())])
        .with("xl/worksheets/sheet1.xml", &sheet)
        .zipped();
    assert_eq!(import(&bytes, &[]).0, 0);
}

#[test]
fn a_sheet_that_ends_before_it_begins_does_not_end_the_program() {
    let sheet = format!(
        "<worksheet><dimension ref=\"C9:A1\"/><sheetData>{}</sheetData></worksheet>",
        texts(SURVEY)
    );
    let bytes = parts(&[("survey", String::new())])
        .with("xl/worksheets/sheet1.xml", &sheet)
        .zipped();
    // Arithmetic is checked in test builds only.
    let (status, _, stderr) = import(&bytes, &[]);
    assert!(
        status == 0 || (status == 1 && stderr.contains("contradicts itself")),
        "{status} {stderr}"
    );
}

#[test]
fn torn_and_scratched_files_are_refused_or_read() {
    let whole = form(&[
        ("survey", SURVEY),
        ("choices", "list_name|name|label\nl|a|A"),
    ]);
    for length in (0..whole.len()).step_by(whole.len() / 60) {
        let (status, _, stderr) = import(&whole[..length], &[]);
        assert_eq!(status, 1, "{length}: {stderr}");
    }
    // Each byte in turn, spread over the file, is another one.
    for at in (0..whole.len()).step_by(whole.len() / 150) {
        let mut scratched = whole.clone();
        scratched[at] = scratched[at].wrapping_mul(31).wrapping_add(17);
        let (status, _, stderr) = import(&scratched, &[]);
        assert!((0..=1).contains(&status), "byte {at}: {stderr}");
        assert!(
            !stderr.contains("error of this program"),
            "byte {at}: {stderr}"
        );
    }
}
