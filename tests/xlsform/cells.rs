//! Cells as spreadsheet programs write them.

use crate::file::{form, parts, texts};
use crate::import;

/// A sheet `survey` with one question, whose name, hint and further cells are these.
fn survey(cells: &str) -> String {
    let headings = texts("type|name|label|hint|relevant");
    format!(
        "{headings}<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>text</t></is></c>{cells}</row>"
    )
}

fn yaml(bytes: &[u8]) -> String {
    let (status, yaml, stderr) = import(bytes, &[]);
    assert_eq!(status, 0, "{stderr}");
    yaml
}

#[test]
fn numbers_are_written_as_they_look() {
    let cells =
        "<c r=\"B2\"><v>1.0</v></c><c r=\"C2\"><v>0.1</v></c><c r=\"D2\" t=\"b\"><v>1</v></c>";
    let yaml = yaml(&parts(&[("survey", survey(cells))]).zipped());
    assert!(
        yaml.contains("id: \"1\"") && yaml.contains("en: \"0.1\"") && yaml.contains("en: \"TRUE\""),
        "{yaml}"
    );
}

#[test]
fn days_are_written_as_days() {
    let styles =
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let cells = "<c r=\"B2\" t=\"str\"><v>a</v></c><c r=\"C2\" s=\"1\"><v>45458</v></c><c r=\"D2\" s=\"1\"><v>45458.5</v></c>";
    let bytes = parts(&[("survey", survey(cells))])
        .with("xl/styles.xml", styles)
        .zipped();
    let yaml = yaml(&bytes);
    assert!(
        yaml.contains("en: \"2024-06-15\"") && yaml.contains("en: \"2024-06-15T12:00:00\""),
        "{yaml}"
    );
}

#[test]
fn shared_and_rich_texts_are_texts() {
    let strings = "<si><t>shared &amp; fine</t></si><si><r><rPr><b/></rPr><t>Rich </t></r><r><t xml:space=\"preserve\">text</t></r></si>";
    let cells = "<c r=\"B2\" t=\"str\"><v>a</v></c><c r=\"C2\" t=\"s\"><v>0</v></c><c r=\"D2\" t=\"s\"><v>1</v></c>";
    let bytes = parts(&[("survey", survey(cells))])
        .with_shared_strings("<sst count=\"2\" uniqueCount=\"2\">", strings)
        .zipped();
    let yaml = yaml(&bytes);
    assert!(
        yaml.contains("shared & fine") && yaml.contains("Richtext"),
        "{yaml}"
    );
}

#[test]
fn formulas_count_by_their_value_and_are_told_without_one() {
    let cells = "<c r=\"B2\" t=\"str\"><f>CONCAT(\"a\",\"b\")</f><v>ab</v></c><c r=\"C2\"><f>X1</f></c><c r=\"D2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>";
    let (status, yaml, stderr) = import(&parts(&[("survey", survey(cells))]).zipped(), &[]);
    assert!(status == 0 && yaml.contains("id: ab"), "{stderr}");
    assert!(
        stderr.contains("survey!C2: no counterpart: a formula: its value is not in the file"),
        "{stderr}"
    );
    assert!(
        stderr.contains("survey!D2: no counterpart: #DIV/0!"),
        "{stderr}"
    );
}

#[test]
fn blanks_cost_nothing_and_order_does_not_matter() {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t> </t></is></c></row>";
    let cells = "<c r=\"C2\" t=\"str\"><v> Hello? </v></c><c r=\"B2\" t=\"str\"><v>a</v></c>";
    let yaml = yaml(&parts(&[("survey", survey(cells) + far)]).zipped());
    assert!(yaml.contains("en: \"Hello?\""), "{yaml}");
}

#[test]
fn merged_headings_leave_a_column_without_one() {
    let sheet = "type|name|label|\ntext|a|A?|stray";
    let (_, _, stderr) = import(&form(&[("survey", sheet)]), &[]);
    assert!(
        stderr.contains("survey!D2: no counterpart: column D: it has no heading"),
        "{stderr}"
    );
}

#[test]
fn hidden_sheets_are_read_and_noted() {
    let hidden = parts(&[("survey", texts("type|name|label\ntext|a|A?"))]);
    let workbook = hidden
        .0
        .iter()
        .find(|(name, _)| name == "xl/workbook.xml")
        .unwrap()
        .1
        .replace("sheetId", "state=\"hidden\" sheetId");
    let (status, _, stderr) = import(&hidden.with("xl/workbook.xml", &workbook).zipped(), &[]);
    assert!(
        status == 0 && stderr.contains("survey: note: a hidden sheet"),
        "{stderr}"
    );
}
