//! Whatever stands in the cells, what comes out is a checklist or a refusal: never something unsound.

use proptest::prelude::*;

use super::{ImportError, Options, import, workbook};

fn cell() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> = vec![
        "",
        "",
        "a",
        "b",
        "A",
        "yes",
        "no",
        "0",
        "1",
        "-1",
        "2.5",
        "1e9",
        "9007199254740993",
        "text",
        "l",
        "m",
        "${a} = 'yes'",
        "${b} > 1",
        "${a} = '1' and ${b} != ''",
        "not(${b} < -2.5)",
        ". >= 1 and . <= 5",
        ". > 7 and . < 3",
        "selected(${a}, 'no')",
        "string-length(.) <= 100001",
        "true()",
        "service",
        "experience 50 service 50",
        "none",
        "not(selected(., 'a') and count-selected(.) > 1)",
        "start=5 end=-5 step=0.1",
        "\"quoted\" \\ 'x'",
        "- x: {y}",
        "\u{0}\u{7}",
        "\u{feff}",
        "ü 名前 🦀",
        "# a",
        "&x *y !z",
        "true",
        "null",
        "~",
        "12:30",
        "2024-01-01",
        "[",
        "}",
        "${a} = 'yes' or ${a} = 'no' or ${b} = 3",
        "English (en)",
        "  ",
    ];
    prop_oneof![
        12 => proptest::sample::select(words).prop_map(str::to_owned),
        1 => "[^|\n]{0,12}",
    ]
}

fn kind() -> impl Strategy<Value = String> {
    let kinds: Vec<&'static str> = vec![
        "integer",
        "decimal",
        "range",
        "text",
        "select_one l",
        "select_multiple l",
        "select_one m",
        "select_multiple m or_other",
        "select_one l or_other",
        "select_one nowhere",
        "rank l",
        "note",
        "geopoint",
        "date",
        "time",
        "dateTime",
        "image",
        "audio",
        "barcode",
        "calculate",
        "acknowledge",
        "hidden",
        "start",
        "begin group",
        "end group",
        "begin repeat",
        "end repeat",
        "begin group",
        "select_one_from_file x.csv",
        "",
        "nonsense",
    ];
    proptest::sample::select(kinds).prop_map(str::to_owned)
}

fn rows(columns: usize) -> impl Strategy<Value = Vec<Vec<String>>> {
    proptest::collection::vec(proptest::collection::vec(cell(), columns), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_table_is_a_checklist_or_refused(
        survey in proptest::collection::vec((kind(), proptest::collection::vec(cell(), 17)), 0..16),
        choices in rows(5),
        settings in rows(5),
    ) {
        let mut lines = vec!["type|name|label|label::fr|label::Odd|hint::nl|guidance_hint|required|relevant|constraint|read_only|parameters|dimension|points|weight|appearance|default|disabled".to_owned()];
        lines.extend(survey.iter().map(|(kind, cells)| format!("{kind}|{}", cells.join("|"))));
        let join = |head: &str, rows: &[Vec<String>]| {
            let rows: Vec<String> = rows.iter().map(|cells| cells.join("|")).collect();
            format!("{head}\n{}", rows.join("\n"))
        };
        let workbook = workbook(&[
            ("survey", &lines.join("\n")),
            ("choices", &join("list_name|name|label|label::fr|points", &choices)),
            ("settings", &join("form_title|form_id|version|default_language|industry", &settings)),
        ]);
        let options = Options { slug: None, file_stem: "Some Form (2)" };
        match import(&workbook, &options) {
            Ok(_) | Err(ImportError::NoForm(_) | ImportError::TooMuch(_)) => {}
            Err(unsound) => prop_assert!(false, "{unsound}\n{}", lines.join("\n")),
        }
    }
}
