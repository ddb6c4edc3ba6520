//! The languages of a form, as tags; and texts in them.
//!
//! Not here: which languages a checklist ends up complete in (`mod.rs`).

use std::collections::BTreeMap;

use super::draft::Texts;
use super::finding::{Findings, Place, quoted};
use super::table::{Entry, Table};
use crate::domain::checklist::is_forbidden;

/// Characters of one text that a checklist allows.
const TEXT_CHARACTERS_MAX: usize = 10_000;
const TRANSLATED: [&str; 3] = ["label", "hint", "guidance_hint"];
/// Names as they stand in forms, without an own tag in parentheses.
const NAMES: [(&str, &str); 34] = [
    ("english", "en"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("espanol", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("portugues", "pt"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("ukrainian", "uk"),
    ("українська", "uk"),
    ("arabic", "ar"),
    ("العربية", "ar"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("swahili", "sw"),
    ("kiswahili", "sw"),
    ("hindi", "hi"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("japanese", "ja"),
    ("日本語", "ja"),
    ("indonesian", "id"),
];

#[derive(Debug)]
pub(super) struct Languages {
    /// The tag of columns that name no language, and the checklist's first language.
    pub first: String,
    /// All tags, the first one first.
    pub all: Vec<String>,
    /// Language as it stands in headings → tag.
    tags: BTreeMap<String, String>,
}

impl Languages {
    /// `default` is what the settings call the default language.
    pub fn of(
        default: Option<(&str, Place)>,
        tables: &[&Table<'_>],
        findings: &mut Findings,
    ) -> Self {
        let mut tags = BTreeMap::new();
        let mut unnamed = 0;
        let mut tag_of = |written: &str, place: Place, findings: &mut Findings| {
            if let Some(tag) = tags.get(written) {
                return String::clone(tag);
            }
            let tag = tag_from(written).unwrap_or_else(|| {
                // Tags from qaa to qtz are free for everyone's own use.
                let letter = |n: u32| char::from_u32(u32::from('a') + n % 26).unwrap_or('a');
                let tag = format!("q{}{}", letter((unnamed / 26) % 20), letter(unnamed));
                unnamed += 1;
                findings.changed(
                    place,
                    format!("language {}", quoted(written)),
                    &format!("it has no language tag, and is called `{tag}`"),
                    "write the tag in parentheses, such as `label::English (en)`",
                );
                tag
            });
            tags.insert(written.to_owned(), tag.clone());
            tag
        };
        let default_tag = default.map(|(written, place)| tag_of(written, place, findings));
        let mut used = Vec::new();
        let mut bare = None;
        for table in tables {
            for heading in &table.headings {
                if !TRANSLATED.contains(&heading.name.as_str()) || !table.filled(heading.column) {
                    continue;
                }
                let place = Place {
                    column: Some(heading.column),
                    heading: Some(heading.written.to_owned()),
                    ..Place::sheet(table.name)
                };
                match &heading.language {
                    Some(written) => used.push(tag_of(written, place, findings)),
                    None => bare = bare.or(Some(place)),
                }
            }
        }
        let first = match (default_tag, bare, used.first()) {
            (Some(tag), bare, _) if bare.is_some() || used.is_empty() || used.contains(&tag) => tag,
            (Some(tag), _, Some(used)) => {
                let place = Place::sheet("settings");
                let why = format!("no text is in it; `{used}` comes first");
                findings.changed(place, format!("default language `{tag}`"), &why, "");
                used.clone()
            }
            (None, Some(place), _) => {
                findings.note(
                    place,
                    "texts without a language".to_owned(),
                    "the form does not say which language they are in; they are taken as English",
                    "say `default_language` in the settings",
                );
                "en".to_owned()
            }
            (None, None, Some(used)) => used.clone(),
            (Some(tag), _, None) => tag,
            (None, None, None) => "en".to_owned(),
        };
        let mut all = vec![first.clone()];
        for tag in used {
            if !all.contains(&tag) {
                all.push(tag);
            }
        }
        Self { first, all, tags }
    }

    /// The same words in every language: for what a form says once.
    pub fn everywhere(&self, words: &str) -> Texts {
        let words = clean(words);
        let words = if words.trim().is_empty() {
            "?".to_owned()
        } else {
            words
        };
        self.all
            .iter()
            .map(|tag| (tag.clone(), words.clone()))
            .collect()
    }

    /// The cells of a translated column. Empty when none is filled; in the first language whenever one is.
    pub fn read(&self, entry: &Entry<'_>, name: &str, findings: &mut Findings) -> Texts {
        let mut texts = Texts::new();
        let fields = || entry.fields().filter(|field| field.heading.name == name);
        // Columns that name their language win over the one that names none.
        let named = fields().filter(|field| field.heading.language.is_some());
        let bare = fields().filter(|field| field.heading.language.is_none());
        for field in named.chain(bare) {
            let tag = match &field.heading.language {
                Some(written) => self.tags.get(written),
                None => Some(&self.first),
            };
            let words = clean(field.text);
            let Some(tag) = tag.filter(|tag| !texts.contains_key(*tag) && !words.trim().is_empty())
            else {
                continue;
            };
            if words.chars().count() < field.text.chars().count()
                && words.chars().count() == TEXT_CHARACTERS_MAX
            {
                findings.changed(
                    field.place(),
                    "a long text".to_owned(),
                    &format!(
                        "a text has at most {TEXT_CHARACTERS_MAX} characters; the rest is cut off"
                    ),
                    "",
                );
            }
            if words.contains("${") {
                findings.lost(
                    field.place(),
                    format!("an answer inside a text: {}", quoted(&words)),
                    "texts are fixed, and the reference stands there as it is written",
                    "reword it",
                );
            } else if styled(&words) {
                findings.changed(
                    field.place(),
                    format!("styling in {}", quoted(&words)),
                    "texts are shown as they are written, marks included",
                    "take the marks out",
                );
            }
            texts.insert(tag.clone(), words);
        }
        if let Some(words) = texts.values().next().cloned()
            && !texts.contains_key(&self.first)
        {
            findings.changed(
                entry.place(),
                format!("no {name} in `{}`", self.first),
                "the first language has to be complete; the words of another one stand in its place",
                "translate it",
            );
            texts.insert(self.first.clone(), words);
        }
        texts
    }
}

/// `English (en)`, `en`, `English`.
fn tag_from(written: &str) -> Option<String> {
    let inside = written
        .rsplit_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(tag, _)| tag.trim());
    let tag = |text: &str| is_tag(text).then(|| text.to_owned());
    let spelled = |text: &str| {
        // Spreadsheets say EN and en_GB as well.
        let text = text.replace('_', "-");
        let (language, rest) = text
            .split_once('-')
            .map_or((text.as_str(), ""), |(l, r)| (l, r));
        let language = language.to_lowercase();
        tag(&if rest.is_empty() {
            language
        } else {
            format!("{language}-{rest}")
        })
    };
    let lower = written.trim().to_lowercase();
    let known = NAMES.iter().find(|(name, _)| *name == lower);
    inside
        .and_then(spelled)
        .or_else(|| known.map(|(_, tag)| (*tag).to_owned()))
        .or_else(|| spelled(written.trim()))
}

/// As a checklist has them: a language of two or three letters, then parts of two to eight letters or digits.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Without characters that are no text, and no longer than a checklist allows.
pub(super) fn clean(words: &str) -> String {
    words
        .chars()
        .filter(|c| !is_forbidden(*c))
        .take(TEXT_CHARACTERS_MAX)
        .collect()
}

fn styled(words: &str) -> bool {
    let tag = words.match_indices('<').any(|(at, _)| {
        let rest = words[at + 1..].trim_start_matches('/');
        rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    });
    tag || words.contains("**") || words.starts_with("# ") || words.starts_with("## ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_recognised_by_tag_or_name() {
        for (written, tag) in [
            ("English (en)", Some("en")),
            ("Nederlands", Some("nl")),
            ("pt-BR", Some("pt-BR")),
            ("Português (pt_BR)", Some("pt-BR")),
            ("FR", Some("fr")),
            ("Klingon", None),
            ("English (United Kingdom)", None),
            ("", None),
        ] {
            assert_eq!(tag_from(written), tag.map(str::to_owned), "{written}");
        }
    }
}
