//! Words shown to people, in every language of a checklist.
//!
//! Not here: which languages a checklist has, and whether a text is complete (`rules/texts.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Language tag → text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// The text in `language` (a tag such as `nl` or `nl-BE`), else in its base language, else in the
    /// first of `languages` (the checklist's own list) that has one, else in whatever there is.
    /// Empty only when the text has no language at all, which no valid checklist has.
    pub fn in_language(&self, language: &str, languages: &[String]) -> &str {
        let base = language.split('-').next().unwrap_or(language);
        self.0
            .get(language)
            .or_else(|| self.0.get(base))
            .or_else(|| languages.iter().find_map(|tag| self.0.get(tag)))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pairs: &[(&str, &str)]) -> Text {
        Text(
            pairs
                .iter()
                .map(|(tag, words)| ((*tag).into(), (*words).into()))
                .collect(),
        )
    }

    #[test]
    fn falls_back_to_the_base_language_then_to_the_first_of_the_checklist() {
        let greeting = text(&[("de", "Guten Tag"), ("en", "Hello"), ("nl", "Hallo")]);
        let languages = ["en".to_owned(), "nl".to_owned(), "de".to_owned()];
        assert_eq!(greeting.in_language("nl", &languages), "Hallo");
        assert_eq!(greeting.in_language("nl-BE", &languages), "Hallo");
        assert_eq!(greeting.in_language("fr", &languages), "Hello");
        assert_eq!(greeting.in_language("fr", &[]), "Guten Tag");
        assert_eq!(Text::default().in_language("fr", &languages), "");
    }
}
