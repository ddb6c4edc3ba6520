//! The bytes of a checklist file as text: which encoding, and which characters no checklist has.
//!
//! Not here: YAML (`yaml/`).

use super::problem::ChecklistProblem;

/// The text of a file. A byte order mark of UTF-8 is left out.
///
/// # Errors
/// What the author has to do so that it can be read.
pub fn source_text(bytes: &[u8]) -> Result<&str, ChecklistProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let utf_16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        || matches!(bytes, [first, second, ..] if (*first == 0) != (*second == 0));
    if utf_16 {
        return Err(ChecklistProblem::error(
            "the file is in UTF-16, and a checklist is read as UTF-8",
            Some("save it anew and choose the encoding UTF-8".to_owned()),
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let before = std::str::from_utf8(before).expect("valid up to there");
        let byte = rest.first().copied().unwrap_or_default();
        let (line, column) = line_and_column(before);
        ChecklistProblem {
            line: Some(line),
            column: Some(column),
            ..ChecklistProblem::error(
                format!("the byte {byte:02x} (hexadecimal) is not UTF-8"),
                Some("the file was saved in another encoding, such as Windows-1252 or Latin-1; save it anew as UTF-8".to_owned()),
            )
        }
    })
}

/// 1-based, where the text after `before` begins. Lines end as YAML says: LF, CR LF, or CR alone.
fn line_and_column(before: &str) -> (usize, usize) {
    let mut place = (1, 1);
    let mut characters = before.chars().peekable();
    while let Some(character) = characters.next() {
        let ends = character == '\n' || character == '\r' && characters.peek() != Some(&'\n');
        if ends {
            place = (place.0 + 1, 1);
        } else {
            place.1 += 1;
        }
    }
    place
}

/// The first character that no text has: YAML has no way to write it as it is.
pub(super) fn forbidden(source: &str) -> Option<ChecklistProblem> {
    let (at, character) = source
        .char_indices()
        .find(|(_, character)| is_forbidden(*character))?;
    let (line, column) = line_and_column(&source[..at]);
    let name = match character {
        '\0' => " (NUL)",
        '\u{1b}' => " (escape)",
        _ => "",
    };
    Some(ChecklistProblem {
        line: Some(line),
        column: Some(column),
        ..ChecklistProblem::error(
            format!(
                "here is the control character U+{:04X}{name}, which no text has",
                u32::from(character)
            ),
            Some("delete it; it cannot be seen in most editors".to_owned()),
        )
    })
}

/// Control characters other than tab and line ends, and what stands for no character.
pub(in crate::domain) fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}

/// Invisible characters that turn the direction of the writing after them: what is read is not what is there. Marks that only
/// hint at a direction (U+200E, U+200F, U+061C) belong to Arabic and Hebrew texts.
pub(super) fn turns_writing(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Every place in `source` where writing is turned, as one warning at the first of them.
pub(super) fn turned_writing(source: &str) -> Option<ChecklistProblem> {
    const LINES_TOLD: usize = 5;
    let (at, character) = source
        .char_indices()
        .find(|(_, character)| turns_writing(*character))?;
    let (line, column) = line_and_column(&source[..at]);
    let mut others: Vec<usize> = Vec::new();
    let mut lines = line;
    for character in source[at..].chars() {
        if character == '\n' {
            lines += 1;
        } else if turns_writing(character) && lines != line && others.last() != Some(&lines) {
            others.push(lines);
        }
    }
    let mut message = format!(
        "an invisible character (U+{:04X}) turns the direction of the writing here, so that people may read something else than what the file says",
        u32::from(character)
    );
    if !others.is_empty() {
        let told: Vec<String> = others
            .iter()
            .take(LINES_TOLD)
            .map(ToString::to_string)
            .collect();
        let more = others.len().saturating_sub(LINES_TOLD);
        message.push_str(&format!("; also in line {}", told.join(", ")));
        if more > 0 {
            message.push_str(&format!(" and {more} more"));
        }
    }
    Some(ChecklistProblem {
        line: Some(line),
        column: Some(column),
        ..ChecklistProblem::warning(
            message,
            Some("delete it; Arabic and Hebrew are written without it".to_owned()),
        )
    })
}

/// The lines of a text as they can be shown on a terminal: one character for one, so that columns stay. At least one; the end
/// of the last line begins no other.
pub fn lines_for_display(source: &str) -> Vec<String> {
    let shown = |character: char| match character {
        '\t' => character,
        _ if character.is_control() || turns_writing(character) => '\u{fffd}',
        _ => character,
    };
    let source = source.replace("\r\n", "\n");
    source
        .strip_suffix(['\n', '\r'])
        .unwrap_or(&source)
        .split(['\n', '\r'])
        .map(|line| line.chars().map(shown).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        source_text(bytes).unwrap_err().to_string()
    }

    #[test]
    fn reads_utf_8_and_says_what_else_it_is() {
        assert_eq!(source_text(b"\xef\xbb\xbfa: \xc3\xa9"), Ok("a: é"));
        assert_eq!(source_text(b""), Ok(""));
        for utf_16 in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0:\0", b"\0a\0:"] {
            assert!(refusal(utf_16).contains("UTF-16"), "{utf_16:?}");
        }
        assert!(
            refusal(b"a: 1\r\nb: caf\xe9\n")
                .starts_with("2:7: the byte e9 (hexadecimal) is not UTF-8; "),
            "{}",
            refusal(b"a: 1\r\nb: caf\xe9\n")
        );
    }

    #[test]
    fn counts_lines_as_yaml_does() {
        assert_eq!(line_and_column("a\r\nb\rc\nd🙂"), (4, 3));
    }

    #[test]
    fn finds_what_cannot_be_seen() {
        assert_eq!(forbidden("a: \tb\r\n"), None);
        let found = forbidden("a: 1\nb: \u{1b}[31m").unwrap();
        assert_eq!((found.line, found.column), (Some(2), Some(4)));
        assert_eq!(turned_writing("a: \u{200f}אב"), None);
        let found = turned_writing("x\n ab\u{202e}c\n\u{2066}\u{2069}\n\n\u{202a}").unwrap();
        assert_eq!((found.line, found.column), (Some(2), Some(4)));
        assert!(
            found.message.ends_with("also in line 3, 5"),
            "{}",
            found.message
        );
        assert_eq!(
            lines_for_display("a\u{1b}\u{202e}\t\r\nb\rc\n"),
            ["a\u{fffd}\u{fffd}\t", "b", "c"]
        );
    }
}
