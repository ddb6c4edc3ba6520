//! The kinds of change, with what was there before and after, in the units and names of the canonical JSON.
//!
//! Not here: how they are found (`head.rs`, `sections.rs`, `question.rs`, `lists.rs`) and told in words (`words.rs`).

use serde::{Deserialize, Serialize};

use crate::domain::checklist::conditions::Condition;
use crate::domain::checklist::model::{
    Band, Critical, Follows, NaPolicy, PhotoRule, Picture, QuestionType, Step, UnansweredPolicy,
};
use crate::domain::ids::Sha256;

/// One difference. In JSON `kind` says which, and `before` and `after` what it was; null is 'nothing'.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    // Of the whole checklist.
    /// Another slug: not two versions of one checklist.
    Checklist {
        before: String,
        after: String,
    },
    Industry {
        before: String,
        after: String,
    },
    Languages {
        before: Vec<String>,
        after: Vec<String>,
    },
    PartialLanguages {
        before: Vec<String>,
        after: Vec<String>,
    },
    Follows {
        before: Option<Follows>,
        after: Option<Follows>,
    },
    /// What questions inherit; each question's own policy is told with the question.
    InheritedNotApplicable {
        before: NaPolicy,
        after: NaPolicy,
    },
    UnansweredOptional {
        before: UnansweredPolicy,
        after: UnansweredPolicy,
    },
    BonusCap {
        before: bool,
        after: bool,
    },
    PassMark {
        before: Option<i64>,
        after: Option<i64>,
    },

    /// Words in one language, of whatever has words.
    Text {
        of: TextOf,
        language: String,
        before: Option<String>,
        after: Option<String>,
    },

    // Of sections. Places count from 1.
    SectionAdded {
        weight: u32,
        share_micros: i64,
        questions: usize,
    },
    SectionRemoved {
        weight: u32,
        share_micros: i64,
        questions: usize,
    },
    SectionId {
        before: String,
        after: String,
    },
    SectionPlace {
        before: usize,
        after: usize,
    },
    /// The weight, or with the same weight what it is of the total: its part of the weights of all sections that can
    /// have a score.
    Weight {
        before: u32,
        after: u32,
        share_before_micros: i64,
        share_after_micros: i64,
    },

    // Of questions.
    QuestionAdded {
        question_type: QuestionType,
        scored: bool,
        text: String,
    },
    QuestionRemoved {
        question_type: QuestionType,
        scored: bool,
        text: String,
    },
    QuestionId {
        before: String,
        after: String,
    },
    QuestionSection {
        before: String,
        after: String,
    },
    QuestionPlace {
        before: usize,
        after: usize,
    },
    Type {
        before: QuestionType,
        after: QuestionType,
    },
    Dimension {
        before: Shares,
        after: Shares,
    },
    Required {
        before: Requirement,
        after: Requirement,
    },
    NotApplicable {
        before: NaPolicy,
        after: NaPolicy,
    },
    Bonus {
        before: bool,
        after: bool,
    },
    ShowIf {
        before: Option<Condition>,
        after: Option<Condition>,
    },
    Points {
        before: Option<i64>,
        after: Option<i64>,
    },
    /// yes_no: the answer that earns the points.
    Expect {
        before: bool,
        after: bool,
    },
    Critical {
        before: Option<Critical>,
        after: Option<Critical>,
    },
    Bands {
        before: Option<Vec<Band>>,
        after: Option<Vec<Band>>,
    },
    MaxPoints {
        before: Option<i64>,
        after: Option<i64>,
    },
    Expected {
        before: Option<i64>,
        after: Option<i64>,
    },
    Tolerance {
        before: Option<i64>,
        after: Option<i64>,
    },
    Currency {
        before: Option<String>,
        after: Option<String>,
    },
    Decimals {
        before: Option<u32>,
        after: Option<u32>,
    },
    Minimum {
        before: Option<i64>,
        after: Option<i64>,
    },
    Maximum {
        before: Option<i64>,
        after: Option<i64>,
    },
    WordsMin {
        before: Option<u32>,
        after: Option<u32>,
    },
    CharactersMax {
        before: Option<u32>,
        after: Option<u32>,
    },
    Timer {
        before: bool,
        after: bool,
    },
    Photo {
        before: Option<PhotoRule>,
        after: Option<PhotoRule>,
    },
    Recovery {
        before: bool,
        after: bool,
    },
    Trap {
        before: bool,
        after: bool,
    },
    Since {
        before: Option<String>,
        after: Option<String>,
    },
    Within {
        before: Option<u32>,
        after: Option<u32>,
    },

    // Of a question's options, steps and pictures.
    OptionAdded {
        option: String,
        points_milli: i64,
        text: String,
    },
    OptionRemoved {
        option: String,
        points_milli: i64,
        text: String,
    },
    OptionId {
        before: String,
        after: String,
    },
    /// The ids of the options that are in both, in their order.
    OptionOrder {
        before: Vec<String>,
        after: Vec<String>,
    },
    OptionPoints {
        option: String,
        before: i64,
        after: i64,
    },
    OptionCritical {
        option: String,
        before: Option<Critical>,
        after: Option<Critical>,
    },
    OptionExclusive {
        option: String,
        before: bool,
        after: bool,
    },
    /// Other steps, or the same in another order: the whole list.
    Steps {
        before: Option<Vec<Step>>,
        after: Option<Vec<Step>>,
    },
    /// Steps count from 1.
    StepPoints {
        step: usize,
        before: i64,
        after: i64,
    },
    PictureAdded {
        picture: Picture,
    },
    PictureRemoved {
        picture: Picture,
    },
    PictureOrder {
        before: Vec<Sha256>,
        after: Vec<Sha256>,
    },
}

/// Whose words they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextOf {
    Title,
    Brief,
    Scenario,
    SectionTitle,
    Question,
    Help,
    Unit,
    /// An option's id.
    Option(String),
    /// A step's number, from 1.
    Step(usize),
    /// The caption of the picture with this digest.
    Picture(Sha256),
}

/// Percent of a question's points that speak for each; both 0: not scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    pub service: u32,
    pub experience: u32,
}

/// When a question has to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    Always,
    Never,
    If(Condition),
}
