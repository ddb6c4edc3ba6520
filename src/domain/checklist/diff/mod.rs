//! What is different between two versions of a checklist, told in what a shopper and what a score would notice, and whether
//! the scores of the two can stand in one ranking.
//!
//! Every member of a document is taken out by name here, so that a new one does not compile until it is told about. Not
//! here: where the versions come from, and how the list is laid out on a screen.

mod bearing;
mod comparable;
mod head;
mod lists;
mod matching;
mod question;
mod sections;
#[cfg(test)]
mod tests;
mod what;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

pub use self::comparable::Comparability;
pub use self::what::{Requirement, Shares, TextOf, What};

use self::matching::Renames;
use super::Checklist;
use super::model::Document;
use super::text::Text;
use crate::domain::ids::Sha256;

/// Who would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who fills it in; the same answers score the same.
    Shopper,
    /// The same answers may score differently; who fills it in sees nothing of it.
    Score,
    Both,
    /// Neither: names and marks that only the agency and its rankings use.
    Agency,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub audience: Audience,
    /// The section's id, as it is in the newer version; in the older one when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The question's id, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(flatten)]
    pub what: What,
    /// In plain English, without section and question: `points: 5 → 6`.
    pub words: String,
}

/// A version, as people and machines name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    pub checklist: String,
    pub version: u32,
    pub sha256: Sha256,
}

/// Everything there is to say about two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub before: Edition,
    pub after: Edition,
    pub scores: Comparability,
    pub changes: Vec<Change>,
}

impl Difference {
    pub fn between(before: &Checklist, after: &Checklist) -> Self {
        let edition = |checklist: &Checklist| Edition {
            checklist: checklist.checklist.clone(),
            version: checklist.version,
            sha256: checklist.sha256(),
        };
        let changes = diff(before, after);
        Self {
            before: edition(before),
            after: edition(after),
            scores: Comparability::of(after, &changes),
            changes,
        }
    }
}

/// The differences in the order of the newer version: the head, then section by section; what is gone comes last in its
/// section. Empty when nobody would notice anything; the version's number alone is no difference.
pub fn diff(before: &Checklist, after: &Checklist) -> Vec<Change> {
    let mut versions = Versions::of(before, after);
    head::compare(&mut versions);
    sections::compare(&mut versions);
    versions.changes
}

/// Two documents, what is known of both, and what has been told so far.
struct Versions<'d> {
    before: &'d Document,
    after: &'d Document,
    /// Languages of both versions; in the others there is nothing to compare.
    languages: BTreeSet<&'d str>,
    /// Questions that bear on a score.
    bearing_before: BTreeSet<&'d str>,
    bearing_after: BTreeSet<&'d str>,
    renames: Renames,
    /// Where changes are told to be.
    section: Option<String>,
    question: Option<String>,
    changes: Vec<Change>,
}

impl<'d> Versions<'d> {
    fn of(before: &'d Document, after: &'d Document) -> Self {
        let languages = |document: &'d Document| -> BTreeSet<&'d str> {
            let partial = document.partial_languages.iter();
            let all = document.languages.iter().chain(partial);
            all.map(String::as_str).collect()
        };
        let common = &languages(before) & &languages(after);
        Self {
            before,
            after,
            languages: common,
            bearing_before: bearing::bearing(before),
            bearing_after: bearing::bearing(after),
            renames: Renames::default(),
            section: None,
            question: None,
            changes: Vec::new(),
        }
    }

    fn tell(&mut self, audience: Audience, what: What, words: String) {
        self.changes.push(Change {
            audience,
            section: self.section.clone(),
            question: self.question.clone(),
            what,
            words,
        });
    }

    /// Tells of a member when it is not the same; `words` says each of its values.
    fn member<T: PartialEq + Clone>(
        &mut self,
        audience: Audience,
        name: &str,
        [before, after]: [&T; 2],
        words: impl Fn(&T) -> String,
        what: impl FnOnce(T, T) -> What,
    ) {
        if before != after {
            let words = format!("{name}: {} → {}", words(before), words(after));
            self.tell(audience, what(before.clone(), after.clone()), words);
        }
    }

    /// Tells of each language in which the words are not the same.
    fn text(&mut self, of: &TextOf, name: &str, before: Option<&Text>, after: Option<&Text>) {
        for language in self.languages.clone() {
            let before = before.and_then(|text| text.0.get(language));
            let after = after.and_then(|text| text.0.get(language));
            if before != after {
                let quoted = |text| words::or_none(text, |text: &&String| words::quoted(text));
                let words = format!(
                    "{name} ({language}): {} → {}",
                    quoted(before.as_ref()),
                    quoted(after.as_ref())
                );
                let what = What::Text {
                    of: of.clone(),
                    language: language.to_owned(),
                    before: before.cloned(),
                    after: after.cloned(),
                };
                self.tell(Audience::Shopper, what, words);
            }
        }
    }
}

impl Audience {
    fn of(shopper: bool, score: bool) -> Self {
        match (shopper, score) {
            (true, true) => Self::Both,
            (true, false) => Self::Shopper,
            (false, true) => Self::Score,
            (false, false) => Self::Agency,
        }
    }

    /// Whether the same answers may score differently.
    pub fn has_score(self) -> bool {
        matches!(self, Self::Score | Self::Both)
    }

    /// As it is in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shopper => "shopper",
            Self::Score => "score",
            Self::Both => "both",
            Self::Agency => "agency",
        }
    }
}

/// `question smile: points: 5 → 6`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.section, &self.question) {
            (_, Some(question)) => write!(f, "question {question}: {}", self.words),
            (Some(section), None) => write!(f, "section {section}: {}", self.words),
            (None, None) => f.write_str(&self.words),
        }
    }
}

/// What changed, by section and question, with who would notice in front; then what it means for scores.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            before,
            after,
            scores,
            changes,
        } = self;
        writeln!(f, "{before} → {after}")?;
        if changes.is_empty() {
            return writeln!(f, "\nNothing that a shopper or a score would notice.");
        }
        let mut group = None;
        let mut question = None;
        for change in changes {
            if group != Some(&change.section) {
                match &change.section {
                    Some(section) => writeln!(f, "\nsection {section}")?,
                    None => writeln!(f, "\nchecklist")?,
                }
                (group, question) = (Some(&change.section), None);
            }
            if let Some(id) = &change.question
                && question != Some(id)
            {
                writeln!(f, "  {id}")?;
            }
            question = change.question.as_ref();
            let indent = if question.is_some() { "    " } else { "  " };
            writeln!(f, "{indent}{:<9}{}", change.audience.name(), change.words)?;
        }
        write!(f, "\n{scores}")
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} version {}", self.checklist, self.version)
    }
}
