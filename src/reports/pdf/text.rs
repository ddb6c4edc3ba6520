//! Makes any text fit for paper: nothing that no font can draw, nothing that no line can hold.
//! Not escaping: texts reach the template as values and are never read as markup.

/// Letters and digits that may follow each other before a line may break between them. The
/// narrowest column holds about this many.
const UNBROKEN_MAX: usize = 24;

/// Where a line may break although nothing is seen there.
const BREAK_HERE: char = '\u{200b}';

/// Stands before a text whose first letter is written from the right; the template turns it round.
const RIGHT_TO_LEFT_MARK: char = '\u{200f}';

/// Means nothing inside a text, and PDF/UA forbids it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Line breaks stay, other control characters become spaces, characters that stand for nothing
/// (private use, not in Unicode) become U+FFFD, emoji lose their skin tone (they are drawn in
/// ink), and words too long for a line may be broken. A text that starts with a letter written from
/// the right gets a right-to-left mark before it.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    if text
        .chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(is_from_the_right)
    {
        printable.push(RIGHT_TO_LEFT_MARK);
    }
    let mut unbroken = 0;
    let ends = |c: char| c.is_whitespace() || c.is_control() || c == BYTE_ORDER_MARK;
    for c in text.trim_matches(ends).replace("\r\n", "\n").chars() {
        let c = match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => '\n',
            BYTE_ORDER_MARK | '\u{1f3fb}'..='\u{1f3ff}' => continue,
            c if c.is_control() => ' ',
            c if stands_for_nothing(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        unbroken = if c.is_whitespace() || matches!(c, BREAK_HERE | '-' | '/') {
            0
        } else {
            unbroken + 1
        };
        if unbroken > UNBROKEN_MAX && is_plain(c) && printable.ends_with(is_plain) {
            printable.push(BREAK_HERE);
            unbroken = 1;
        }
        printable.push(c);
    }
    printable
}

/// Letters, digits and signs between two of which a break tears nothing apart, as it would between
/// a letter and its accent or the parts of one emoji. The scripts from Thai on are left alone: most
/// of them need no space to break a line.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() || (c.is_alphanumeric() && c < '\u{e00}')
}

/// Letters of the blocks from Hebrew to Arabic Extended-A, their presentation forms, and the old
/// scripts of the supplementary plane (Unicode, Bidi_Class R and AL).
fn is_from_the_right(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

fn stands_for_nothing(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xf0000..) || code & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in [
            "Two waiters, one smile.\nThen the bill: € 12,50",
            "#eval(\"1\") *bold* = x $a$ <b> @c \\ `d` // e",
            "0197b1f2-6c1e-7d39-9f42-7f9d1c0a55e1",
            "今日はとても親切なサービスでしたまた来たいと思います本当にありがとうございました",
            "🍜 👩‍👩‍👧 中文 ناقص",
        ] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn controls_and_characters_without_meaning_are_replaced() {
        assert_eq!(printable("a\0b\tc\u{7f}d\u{85}e"), "a b c d e");
        assert_eq!(printable("a\r\nb\rc\u{2028}d"), "a\nb\nc\nd");
        assert_eq!(
            printable("\u{e000}\u{ffff}\u{10fffd}"),
            "\u{fffd}".repeat(3)
        );
        assert_eq!(printable("\u{feff} a \n"), "a");
        assert_eq!(printable("👍🏽!"), "👍!");
    }

    #[test]
    fn a_text_from_the_right_is_marked() {
        assert_eq!(printable("2 – שלום"), "\u{200f}2 – שלום");
        assert_eq!(printable("thé, ناقص"), "thé, ناقص");
    }

    #[test]
    fn long_words_may_break_but_clusters_may_not() {
        let long = printable(&"x".repeat(100));
        assert_eq!(long.replace(BREAK_HERE, ""), "x".repeat(100));
        assert!(
            long.split(BREAK_HERE)
                .all(|part| part.len() <= UNBROKEN_MAX)
        );
        let family = "👩\u{200d}👩\u{200d}👧".repeat(20);
        assert_eq!(printable(&family), family);
        let accents = "e\u{301}".repeat(40);
        assert!(!printable(&accents).contains("\u{200b}\u{301}"));
    }
}
