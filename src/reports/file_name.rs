//! Names for files that people save: lower-case ASCII letters, digits and hyphens, so that every system takes them and
//! no header has to be escaped.

/// Letters and digits of one part.
const PART_CHARACTERS_MAX: usize = 40;

/// The parts joined by hyphens. Letters with marks lose them; other scripts leave nothing, so a part may vanish.
pub fn file_name(parts: &[&str], extension: &str) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| plain(part))
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}.{extension}", parts.join("-"))
}

fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if plain.len() >= PART_CHARACTERS_MAX {
            break;
        }
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            'à'..='å' | 'ā' | 'ă' | 'ą' => plain.push('a'),
            'æ' => plain.push_str("ae"),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => plain.push('e'),
            'ì'..='ï' | 'ī' => plain.push('i'),
            'ł' => plain.push('l'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => plain.push('o'),
            'œ' => plain.push_str("oe"),
            'ř' => plain.push('r'),
            'ś' | 'š' => plain.push('s'),
            'ß' => plain.push_str("ss"),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => plain.push('u'),
            'ý' | 'ÿ' => plain.push('y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            // What is inside a word does not part it.
            '\'' | '’' => {}
            _ if !plain.is_empty() && !plain.ends_with('-') => plain.push('-'),
            _ => {}
        }
    }
    plain.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_plain_and_readable() {
        let parts = [
            "Brasserie Lindenhof",
            "Café «Müller's» – Nord",
            "2026-11-22",
        ];
        assert_eq!(
            file_name(&parts, "pdf"),
            "brasserie-lindenhof-cafe-mullers-nord-2026-11-22.pdf"
        );
    }

    #[test]
    fn what_cannot_be_written_vanishes() {
        assert_eq!(file_name(&["餐厅", "2026-11-22"], "pdf"), "2026-11-22.pdf");
        let hostile = file_name(&["a\"\r\nSet-Cookie: b=1; /../ö", "1"], "pdf");
        assert!(
            hostile
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        );
        assert!(!hostile.contains(".."));
    }

    #[test]
    fn long_names_are_cut() {
        assert!(file_name(&[&"x".repeat(500), "1"], "pdf").len() <= 48);
    }
}
