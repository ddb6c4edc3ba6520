//! Checklists: what a version says, how it is written, what is refused, and what it compiles to.
//!
//! A [`Checklist`] is a [`Document`] that broke no rule; there is no other way to have one. Not here: what answers are
//! worth (`scoring/`), which version a visit uses and how versions are kept (the `checklists` feature).

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha256;

mod canonical;
pub mod conditions;
mod currency;
pub mod diff;
mod model;
mod pictures;
mod problem;
mod reach;
pub mod reweighting;
mod rules;
pub mod schema;
mod source;
mod text;
mod yaml;

pub use conditions::{Condition, Scalar, Test};
pub use currency::minor_digits;
pub use model::{
    Band, ChoiceOption, Critical, CriticalEffect, Document, FORMAT, Follows, NaPolicy, PhotoRule,
    Picture, Question, QuestionType, ScoringRules, Section, Step, UnansweredPolicy,
    WITHIN_M_DEFAULT,
};
pub use pictures::{NoPictures, PICTURE_BYTES_MAX, PictureFacts, Pictures};
pub(in crate::domain) use problem::did_you_mean;
pub use problem::{ChecklistProblem, Severity};
pub(in crate::domain) use source::is_forbidden;
pub use source::{lines_for_display, source_text};
pub use text::Text;

/// Bytes of a checklist's source, or of its canonical form.
pub const CHECKLIST_BYTES_MAX: usize = 5 * 1024 * 1024;

/// A checklist version that follows the rules; reads as its [`Document`] and cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Document", into = "Document")]
pub struct Checklist(Document);

impl Deref for Checklist {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

impl From<Checklist> for Document {
    fn from(checklist: Checklist) -> Self {
        checklist.0
    }
}

/// What there is to say about a file.
#[derive(Debug)]
pub struct Checked {
    /// There when no problem is an error.
    pub checklist: Option<Checklist>,
    pub problems: Vec<ChecklistProblem>,
}

/// A document that breaks the rules.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct RulesBroken(pub Vec<ChecklistProblem>);

impl TryFrom<Document> for Checklist {
    type Error = RulesBroken;

    fn try_from(document: Document) -> Result<Self, RulesBroken> {
        let faults = rules::check(&document, &|_| false);
        if faults.is_empty() {
            return Ok(Self(document));
        }
        let problems = faults.into_iter().map(|fault| ChecklistProblem {
            question: question_at(&document, &fault.path),
            ..ChecklistProblem::error(
                format!("{}: {}", fault.path, fault.message),
                fault.suggestion,
            )
        });
        Err(RulesBroken(problems.collect()))
    }
}

/// Canonical bytes that cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    #[error("a checklist is at most {CHECKLIST_BYTES_MAX} bytes")]
    TooLarge,
    /// Not JSON, not the shape of a checklist, or against the rules.
    #[error("not a checklist: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the bytes are not in canonical form")]
    NotCanonical,
}

impl Checklist {
    /// Reads the YAML that people write, with the pictures that it names, and says everything about it, in the order of the
    /// file.
    pub fn check_yaml(source: &str, pictures: &dyn Pictures) -> Checked {
        let read = yaml::parse(source, pictures);
        let sound = read
            .problems
            .iter()
            .all(|problem| problem.severity == Severity::Warning);
        Checked {
            checklist: read.document.filter(|_| sound).map(Self),
            problems: read.problems,
        }
    }

    /// As [`Checklist::check_yaml`], for whoever needs a checklist and no advice, where no reference pictures are at hand.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file, warnings included.
    pub fn parse_yaml(source: &str) -> Result<Self, Vec<ChecklistProblem>> {
        Self::parse_yaml_with(source, &NoPictures)
    }

    /// As [`Checklist::check_yaml`], for whoever needs a checklist and no advice.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file, warnings included.
    pub fn parse_yaml_with(
        source: &str,
        pictures: &dyn Pictures,
    ) -> Result<Self, Vec<ChecklistProblem>> {
        let Checked {
            checklist,
            problems,
        } = Self::check_yaml(source, pictures);
        checklist.ok_or(problems)
    }

    /// Reads what [`Checklist::canonical_bytes`] wrote; any other spelling of the same document is refused, so that the
    /// digest of the bytes is always the digest of the checklist.
    ///
    /// # Errors
    /// See [`CanonicalError`].
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, CanonicalError> {
        if bytes.len() > CHECKLIST_BYTES_MAX {
            return Err(CanonicalError::TooLarge);
        }
        let checklist: Self = serde_json::from_slice(bytes)?;
        if checklist.canonical_bytes() == bytes {
            Ok(checklist)
        } else {
            Err(CanonicalError::NotCanonical)
        }
    }

    /// The bytes that name this version: see `canonical.rs`.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let value =
            serde_json::to_value(&self.0).expect("a document has string keys and integers only");
        canonical::to_bytes(&value)
    }

    /// The version's name: the digest of its canonical bytes.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.canonical_bytes())
    }
}

/// The id of the question that a pointer such as `/sections/0/questions/3/bands` lies in.
fn question_at(document: &Document, path: &str) -> Option<String> {
    let mut steps = path.split('/').skip(1);
    let (Some("sections"), Some(section), Some("questions"), Some(question)) =
        (steps.next(), steps.next(), steps.next(), steps.next())
    else {
        return None;
    };
    let section = document.sections.get(section.parse::<usize>().ok()?)?;
    let question = section.questions.get(question.parse::<usize>().ok()?)?;
    (!question.id.is_empty()).then(|| question.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "checklist: a\nversion: 1\nlanguages: [en]\ntitle: A\nindustry: x\nsections:\n  - {id: s, title: S, weight: 1, \
                        questions: [{id: q, type: duration, text: Q, dimension: service, bands: [{up_to: 60s, points: 1}, {points: 0}]}]}\n";

    const CANONICAL: &str = r#"{"checklist":"a","format":1,"industry":"x","languages":["en"],"scoring":{"bonus_cap":true,"not_applicable":"exclude","unanswered_optional":"exclude"},"sections":[{"id":"s","questions":[{"bands":[{"points_milli":1000,"up_to":60000},{"points_milli":0}],"bonus":false,"experience_share":0,"id":"q","not_applicable":"exclude","required":true,"service_share":100,"text":{"en":"Q"},"timer":false,"type":"duration"}],"title":{"en":"S"},"weight":1}],"title":{"en":"A"},"version":1}"#;

    #[test]
    fn the_canonical_form_does_not_depend_on_how_it_was_written() {
        let one = Checklist::parse_yaml(YAML).unwrap();
        let other = YAML
            .replace("60s", "1m")
            .replace("[en]", "\n  - en   # English");
        let other = Checklist::parse_yaml(&other).unwrap();
        assert_eq!(String::from_utf8(one.canonical_bytes()).unwrap(), CANONICAL);
        assert_eq!(other.sha256(), one.sha256());
        assert_eq!(one.sha256(), Sha256::of(CANONICAL.as_bytes()));
    }

    #[test]
    fn only_canonical_bytes_are_read_back() {
        let checklist = Checklist::from_canonical(CANONICAL.as_bytes()).unwrap();
        assert_eq!(checklist, Checklist::parse_yaml(YAML).unwrap());
        let spaced = format!("{CANONICAL} ");
        assert!(matches!(
            Checklist::from_canonical(spaced.as_bytes()),
            Err(CanonicalError::NotCanonical)
        ));
        let unsorted = CANONICAL.replace(
            r#""checklist":"a","format":1,"#,
            r#""format":1,"checklist":"a","#,
        );
        assert!(matches!(
            Checklist::from_canonical(unsorted.as_bytes()),
            Err(CanonicalError::NotCanonical)
        ));
        for (from, to) in [
            (r#""weight":1"#, r#""weight":0"#),
            (r#""format":1"#, r#""format":2"#),
            (r#""format":1"#, r#""format":3"#),
            (r#""timer""#, r#""timr""#),
        ] {
            let broken = CANONICAL.replace(from, to);
            assert!(
                matches!(
                    Checklist::from_canonical(broken.as_bytes()),
                    Err(CanonicalError::Malformed(_))
                ),
                "{to}"
            );
        }
        let large = vec![b' '; CHECKLIST_BYTES_MAX + 1];
        assert!(matches!(
            Checklist::from_canonical(&large),
            Err(CanonicalError::TooLarge)
        ));
    }

    #[test]
    fn broken_rules_are_told_with_question_and_place() {
        let document: Document = serde_json::from_str(
            &CANONICAL.replace(r#"{"points_milli":0}"#, r#"{"points_milli":0,"up_to":1}"#),
        )
        .unwrap();
        let RulesBroken(problems) = Checklist::try_from(document).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].question.as_deref(), Some("q"));
        assert!(
            problems[0]
                .message
                .starts_with("/sections/0/questions/0/bands/1: "),
            "{}",
            problems[0].message
        );
    }
}
