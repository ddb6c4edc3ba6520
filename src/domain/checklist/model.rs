//! The checklist document: what a version says, in the units and names of its canonical JSON.
//!
//! Points are thousandths (`_milli`), shares percent, durations milliseconds, money minor units, scores millionths
//! (`_micros`). Not here: how it is written in YAML (`yaml/`), what it may not say (`rules/`), and what the two
//! together make of it (`Checklist` in `mod.rs`).

use serde::{Deserialize, Serialize};

use super::conditions::Condition;
use super::text::Text;
use crate::domain::ids::Sha256;

/// The newest document format. A document has the lowest format that can say what it says, so that a version that
/// needs nothing new keeps its bytes, and a phone that does not know a format refuses to fill it in.
pub const FORMAT: u32 = 2;

/// Lengths of a distance that a location check accepts as 'there', in metres, where a checklist does not say.
pub const WITHIN_M_DEFAULT: u32 = 250;

/// A whole checklist version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub format: u32,
    /// The slug; with `version` the edition's name for people. Its name for machines is the SHA-256.
    pub checklist: String,
    pub version: u32,
    /// Every text is there in each of them. The first one is the fallback.
    pub languages: Vec<String>,
    /// Languages in which texts may be missing; what is missing falls back. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partial_languages: Vec<String>,
    pub title: Text,
    pub industry: String,
    /// What the shopper reads before the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<Text>,
    /// Who the shopper plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// The first leg, where this checklist is the second of two. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
    pub scoring: ScoringRules,
    pub sections: Vec<Section>,
}

/// Which checklist the first leg of two is: the purchase before the return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follows {
    /// The slug of the first leg's checklist.
    pub checklist: String,
    /// The second leg's window opens at most so many days after the first leg's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_max: Option<u32>,
}

/// What holds for the whole checklist when points are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRules {
    /// Questions carry their own resolved policy; this one is what they inherited.
    pub not_applicable: NaPolicy,
    pub unanswered_optional: UnansweredPolicy,
    /// True: bonus points lift a section to 100 % at most. False: they may lift it above, so that one section's
    /// bonus can make up for another's loss; what is published is clamped either way.
    pub bonus_cap: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_mark_micros: Option<i64>,
}

/// What 'not applicable' does to a question's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NaPolicy {
    /// Neither earned nor possible.
    Exclude,
    /// As if everything were earned.
    Pass,
    /// Nothing earned of what is possible.
    Zero,
    /// As `zero`, and the audit is marked failed.
    Fail,
    /// The question has no such answer.
    NotAllowed,
}

/// What an optional question without an answer does to the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnansweredPolicy {
    Exclude,
    Zero,
}

/// Questions that are scored together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub title: Text,
    /// Relative to the other sections that have a score; 0 keeps a section out of the totals.
    pub weight: u32,
    pub questions: Vec<Question>,
}

/// The kinds of question; each decides what an answer looks like and how it can earn points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionType {
    YesNo,
    Choice,
    MultiChoice,
    Scale,
    Number,
    Duration,
    Money,
    Count,
    Text,
    Date,
    Time,
    Photo,
    Emotion,
    Recommend,
    /// How far the phone is from the location. Format 2.
    LocationCheck,
    Heading,
}

/// One question. Which optional members have a meaning depends on the type; `rules/` refuses the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: QuestionType,
    pub text: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Percent of the points that speak for service; with `experience_share` 100, or both 0: asked, not scored.
    pub service_share: u32,
    pub experience_share: u32,
    pub required: bool,
    /// Replaces `required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_if: Option<Condition>,
    pub not_applicable: NaPolicy,
    /// Earns without adding to what is possible.
    pub bonus: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points_milli: Option<i64>,
    /// yes_no: the answer that earns the points; true when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<Critical>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<ChoiceOption>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bands: Option<Vec<Band>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_points_milli: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_minor: Option<i64>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// number: decimals offered for input, 0 to 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// In the unit of the answer: thousandths, count, minor units or milliseconds; inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words_min: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub characters_max: Option<u32>,
    /// duration: offer a stopwatch.
    pub timer: bool,
    /// Photos attached to the question; a photo question always has this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoRule>,
    /// Its points also make the recovery score. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovery: bool,
    /// Somebody at the agency knows the right answer; it is kept with the campaign, never here. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trap: bool,
    /// What is meant, in pictures. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// emotion: the earlier face that this one is compared with; its bands are of the change. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// location_check: metres that count as 'there'; always present for it. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_m: Option<u32>,
}

/// A reference picture; its bytes are kept beside the version, under their digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub sha256: Sha256,
    /// A media type.
    #[serde(rename = "type")]
    pub media_type: String,
    pub size_bytes: u64,
    /// The caption, which is also read aloud in the picture's place.
    pub text: Text,
}

/// An answer of a choice or multi_choice question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    pub id: String,
    pub text: Text,
    pub points_milli: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<Critical>,
    /// multi_choice: chosen alone or not at all, as 'none of these'. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
}

/// A labelled step of a scale, or one of the five faces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub text: Text,
    pub points_milli: i64,
}

/// Points up to and including a value; the last band has no bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<i64>,
    pub points_milli: i64,
}

/// What a bad enough answer does beyond its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Critical {
    pub effect: CriticalEffect,
    /// Only with `cap_audit`, and always there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_micros: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriticalEffect {
    FailSection,
    FailAudit,
    ZeroSection,
    ZeroAudit,
    CapAudit,
}

/// How many photos go with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoRule {
    pub min: u32,
    pub max: u32,
    /// While it does not hold, `min` is 0.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

impl Document {
    /// Every question, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }

    /// Whether there is a recovery score to be had.
    pub fn has_recovery(&self) -> bool {
        self.questions().any(|question| question.recovery)
    }

    /// Every picture, in order; the same one may come twice.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.questions().flat_map(|question| &question.pictures)
    }

    /// The lowest format that can say what this document says.
    pub fn format_needed(&self) -> u32 {
        let new = !self.partial_languages.is_empty()
            || self.follows.is_some()
            || self.questions().any(Question::is_format_2);
        if new { 2 } else { 1 }
    }
}

impl Question {
    fn is_format_2(&self) -> bool {
        self.kind == QuestionType::LocationCheck
            || self.recovery
            || self.trap
            || !self.pictures.is_empty()
            || self.since.is_some()
            || self.within_m.is_some()
            || self.options.iter().flatten().any(|option| option.exclusive)
    }

    /// Whether its points count at all.
    pub fn has_dimension(&self) -> bool {
        self.service_share + self.experience_share > 0
    }

    pub fn option(&self, id: &str) -> Option<&ChoiceOption> {
        self.options.iter().flatten().find(|option| option.id == id)
    }
}

impl QuestionType {
    pub const ALL: [Self; 16] = [
        Self::YesNo,
        Self::Choice,
        Self::MultiChoice,
        Self::Scale,
        Self::Number,
        Self::Duration,
        Self::Money,
        Self::Count,
        Self::Text,
        Self::Date,
        Self::Time,
        Self::Photo,
        Self::Emotion,
        Self::Recommend,
        Self::LocationCheck,
        Self::Heading,
    ];

    /// As it is written in a checklist.
    pub fn name(self) -> &'static str {
        match self {
            Self::YesNo => "yes_no",
            Self::Choice => "choice",
            Self::MultiChoice => "multi_choice",
            Self::Scale => "scale",
            Self::Number => "number",
            Self::Duration => "duration",
            Self::Money => "money",
            Self::Count => "count",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::Photo => "photo",
            Self::Emotion => "emotion",
            Self::Recommend => "recommend",
            Self::LocationCheck => "location_check",
            Self::Heading => "heading",
        }
    }
}
