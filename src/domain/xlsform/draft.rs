//! The checklist that a form becomes: only what a form can say.
//!
//! Not here: how it is written (`write.rs`).

use std::collections::BTreeMap;

use super::decimal::Milli;
use super::finding::Place;

/// Language tag → words.
pub(super) type Texts = BTreeMap<String, String>;

#[derive(Debug)]
pub(super) struct Draft {
    pub slug: String,
    pub version: u32,
    pub languages: Vec<String>,
    /// Languages in which texts are missing.
    pub partial_languages: Vec<String>,
    pub title: Texts,
    pub industry: String,
    pub sections: Vec<Section>,
}

#[derive(Debug)]
pub(super) struct Section {
    pub id: String,
    pub title: Texts,
    pub weight: u32,
    pub questions: Vec<Question>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    YesNo,
    Choice,
    MultiChoice,
    Number,
    Count,
    Text,
    Date,
    Time,
    Photo,
    LocationCheck,
    Heading,
}

#[derive(Debug)]
pub(super) struct Question {
    /// Where the form says when it is shown, for what is told later.
    pub place: Place,
    pub id: String,
    pub kind: Kind,
    pub text: Texts,
    pub help: Texts,
    pub dimension: Option<Dimension>,
    pub points: Option<Milli>,
    /// yes_no: No earns the points.
    pub expects_no: bool,
    pub required: Required,
    pub show_if: Option<Condition>,
    pub options: Vec<Choice>,
    /// number
    pub decimals: Option<u32>,
    /// number and count
    pub minimum: Option<Milli>,
    pub maximum: Option<Milli>,
    /// text
    pub characters_max: Option<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub id: String,
    pub text: Texts,
    /// Only where the question is scored.
    pub points: Option<Milli>,
    /// Chosen alone.
    pub exclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    Service,
    Experience,
    /// Percent of the points; 100 together.
    Both {
        service: u32,
        experience: u32,
    },
}

#[derive(Debug)]
pub(super) enum Required {
    Always,
    Never,
    If(Condition),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Question { id: String, test: Test },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Equals(Scalar),
    Contains(String),
    AtLeast(Milli),
    AtMost(Milli),
    Answered(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Bool(bool),
    Number(Milli),
    Text(String),
}

impl Kind {
    /// As it is written in a checklist.
    pub fn name(self) -> &'static str {
        match self {
            Self::YesNo => "yes_no",
            Self::Choice => "choice",
            Self::MultiChoice => "multi_choice",
            Self::Number => "number",
            Self::Count => "count",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::Photo => "photo",
            Self::LocationCheck => "location_check",
            Self::Heading => "heading",
        }
    }
}
