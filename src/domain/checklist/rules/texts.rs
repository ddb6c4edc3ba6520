//! Texts are there in every language of the checklist, perhaps in its partial languages, and in no other.
//!
//! Not here: which of them is shown (`text.rs`).

use super::{Rules, did_you_mean};
use crate::domain::checklist::text::Text;

const TEXT_CHARACTERS_MAX: usize = 10_000;

pub(super) fn check_head(rules: &mut Rules<'_>) {
    let document = rules.document;
    let languages = &document.languages;
    if languages.is_empty() {
        rules.fault("/languages", "there are no languages");
    }
    let partial = document.partial_languages.iter().enumerate();
    let all = languages
        .iter()
        .enumerate()
        .map(|(index, tag)| (format!("/languages/{index}"), tag))
        .chain(partial.map(|(index, tag)| (format!("/partial_languages/{index}"), tag)));
    let mut seen: Vec<&String> = Vec::new();
    for (path, tag) in all {
        if !is_language_tag(tag) {
            rules.fault_with(
                path,
                format!("`{tag}` is no language tag"),
                Some("write it like en, nl or pt-BR".to_owned()),
            );
        } else if seen.contains(&tag) {
            rules.fault(path, format!("language `{tag}` is there twice"));
        }
        seen.push(tag);
    }
    check(rules, "/title", &document.title);
    for (path, text) in [
        ("/brief", &document.brief),
        ("/scenario", &document.scenario),
    ] {
        if let Some(text) = text {
            check(rules, path, text);
        }
    }
}

pub(super) fn check(rules: &mut Rules<'_>, path: &str, text: &Text) {
    let languages = &rules.document.languages;
    if languages.is_empty() {
        return;
    }
    let missing: Vec<&str> = languages
        .iter()
        .filter(|tag| !text.0.contains_key(*tag))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        let suggestion = "every text is there in each of `languages`; where some may be missing, list the language under `partial_languages`";
        rules.fault_with(
            path,
            format!("the translation into {} is missing", missing.join(", ")),
            Some(suggestion.to_owned()),
        );
    }
    for (tag, words) in &text.0 {
        let path = format!("{path}/{tag}");
        let partial = &rules.document.partial_languages;
        if !languages.contains(tag) && !partial.contains(tag) {
            let suggestion = did_you_mean(tag, languages.iter().chain(partial).map(String::as_str))
                .unwrap_or_else(|| "add it to `languages`, or leave this text out".to_owned());
            rules.fault_with(
                path,
                format!("`{tag}` is none of the checklist's languages"),
                Some(suggestion),
            );
        } else if words.trim().is_empty() {
            let suggestion = Some("write what people are to read, or leave it out".to_owned());
            rules.fault_with(path, format!("the text in {tag} is empty"), suggestion);
        } else if words.chars().count() > TEXT_CHARACTERS_MAX {
            rules.fault(
                path,
                format!("a text has at most {TEXT_CHARACTERS_MAX} characters"),
            );
        }
    }
}

/// The part of BCP 47 that names languages of apps: a language, then subtags for script or region.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let alphanumeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && alphanumeric(part))
}
