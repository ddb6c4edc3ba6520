//! Names from a spreadsheet as ids of a checklist: lower-case letters, digits, `_` and `-`, unique.
//!
//! Not here: who is told when a name changes.

use std::collections::BTreeSet;

const ID_CHARACTERS_MAX: usize = 64;

/// Ids that are taken; gives each name one of its own.
#[derive(Debug, Default)]
pub(super) struct Ids(BTreeSet<String>);

impl Ids {
    /// An id as near to `name` as can be; `fallback` (itself a valid id) where nothing of the name is left.
    pub fn take(&mut self, name: &str, fallback: &str) -> String {
        let plain = id_from(name);
        let wanted = if plain.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            plain
        } else {
            fallback.to_owned()
        };
        let mut id = wanted.clone();
        let mut number = 1_u32;
        while !self.0.insert(id.clone()) {
            number += 1;
            let ending = format!("_{number}");
            let stem = &wanted[..wanted.len().min(ID_CHARACTERS_MAX - ending.len())];
            id = format!("{stem}{ending}");
        }
        id
    }
}

fn id_from(name: &str) -> String {
    name.chars()
        .map(|c| match c.to_ascii_lowercase() {
            plain if plain.is_ascii_alphanumeric() || plain == '_' || plain == '-' => plain,
            _ => '_',
        })
        .take(ID_CHARACTERS_MAX)
        .collect()
}

/// A slug as near to `text` as can be: lower-case words with single hyphens. None when nothing is left.
pub(super) fn slug_from(text: &str) -> Option<String> {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let slug = words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-");
    let slug = slug[..slug.len().min(ID_CHARACTERS_MAX)].trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_that_nothing_else_has() {
        let mut ids = Ids::default();
        assert_eq!(ids.take("Age", "q"), "age");
        assert_eq!(ids.take("age", "q"), "age_2");
        assert_eq!(ids.take("Yes 1", "q"), "yes_1");
        assert_eq!(ids.take("größe.m²", "q"), "gr__e_m_");
        assert_eq!(ids.take("___", "q4"), "q4");
        assert_eq!(ids.take("名前", "q4"), "q4_2");
        let long = "x".repeat(80);
        assert_eq!(ids.take(&long, "q").len(), 64);
        let second = ids.take(&long, "q");
        assert!(second.len() == 64 && second.ends_with("_2"));
    }

    #[test]
    fn slugs_have_single_hyphens() {
        assert_eq!(
            slug_from("Coffee Bar (2024)"),
            Some("coffee-bar-2024".into())
        );
        assert_eq!(slug_from("__a__"), Some("a".into()));
        assert_eq!(slug_from("名前"), None);
        assert_eq!(
            slug_from(&format!("{}-b", "a".repeat(63))),
            Some("a".repeat(63))
        );
    }
}
