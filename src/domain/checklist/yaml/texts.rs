//! Texts in several languages, and percentages, as they are written in a file.
//!
//! Not here: whether every language is there (`rules/texts.rs`).

use super::node::Value;
use super::reader::{Place, Reader};
use crate::domain::checklist::text::Text;

/// `{en: Hello, nl: Hallo}`; just `Hello` where the checklist has one language only.
pub(super) fn read(reader: &mut Reader, place: &Place<'_>, languages: &[String]) -> Text {
    let mut text = Text::default();
    match (&place.node.value, languages) {
        (Value::Map(entries), _) => {
            // Which tags are welcome is for the rules to say; here the first of each counts.
            for (key, node) in entries {
                let path = format!("{}/{}", place.path, key.name);
                let entry = Place { node, path };
                if text.0.contains_key(&key.name) {
                    reader.problem(&entry, format!("key `{}` is there twice", key.name));
                } else if let Some(words) = reader.words(&entry) {
                    text.0.insert(key.name.clone(), words);
                }
            }
        }
        (_, [only]) => {
            if let Some(words) = reader.words(place) {
                text.0.insert(only.clone(), words);
            }
        }
        // That there are no languages is told by itself.
        (_, []) => {}
        _ => {
            let example = languages
                .iter()
                .map(|tag| format!("{tag}: …"))
                .collect::<Vec<_>>()
                .join(", ");
            let message = match place.node.value {
                Value::Text(_) => {
                    "this text is wanted in each language of the checklist".to_owned()
                }
                _ => format!(
                    "a text in each language is wanted here, not {}",
                    place.node.kind()
                ),
            };
            reader.problem_with(place, message, Some(format!("write {{{example}}}")));
        }
    }
    text
}

/// Percent from 0 to 100 with up to four decimals, as millionths.
pub(super) fn percent_micros(reader: &mut Reader, place: &Place<'_>) -> Option<i64> {
    let micros = reader.decimal(place, 4)?;
    if (0..=1_000_000).contains(&micros) {
        return Some(micros);
    }
    reader.problem(place, "a percentage is between 0 and 100");
    None
}
