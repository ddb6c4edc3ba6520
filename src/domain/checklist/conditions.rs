//! Conditions: when a question is shown, must be answered, or wants a photo.
//!
//! They are data, not a language. Not here: which conditions a checklist may contain (`rules/conditions.rs`) and how they
//! are written in YAML (`yaml/condition.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Checklist;
use super::model::Question;
use crate::domain::answer::{Answers, Given, Value, given};

/// A tree over the answers to earlier questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Question { question: String, test: Test },
}

/// What is asked of one answer. Numbers are in the unit of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Equals(Scalar),
    NotEquals(Scalar),
    OneOf(Vec<Scalar>),
    /// multi_choice: this option is among the chosen.
    Contains(String),
    AtLeast(i64),
    AtMost(i64),
    Answered(bool),
}

/// A value that an answer is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Bool(bool),
    Integer(i64),
    Text(String),
}

impl Scalar {
    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::Integer(a), Value::Integer(b)) => a == b,
            (Self::Text(a), Value::Text(b)) => a == b,
            _ => false,
        }
    }
}

impl Test {
    /// As it is written in a checklist.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Equals(_) => "equals",
            Self::NotEquals(_) => "not_equals",
            Self::OneOf(_) => "one_of",
            Self::Contains(_) => "contains",
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::Answered(_) => "answered",
        }
    }

    /// Without a value every comparison is false, `not_equals` too: nothing appears because of what was not said.
    pub(super) fn holds(&self, given: Given<'_>) -> bool {
        if let Self::Answered(wanted) = self {
            return *wanted == matches!(given, Given::Value(_) | Given::Photos(_));
        }
        let Given::Value(value) = given else {
            return false;
        };
        match (self, value) {
            (Self::Equals(wanted), _) => wanted.is(value),
            (Self::NotEquals(unwanted), _) => !unwanted.is(value),
            (Self::OneOf(wanted), _) => wanted.iter().any(|scalar| scalar.is(value)),
            (Self::Contains(option), Value::Choices(chosen)) => chosen.contains(option),
            (Self::AtLeast(bound), Value::Integer(number)) => number >= bound,
            (Self::AtMost(bound), Value::Integer(number)) => number <= bound,
            _ => false,
        }
    }
}

/// The questions that are shown, each with what was answered.
#[derive(Clone, Debug)]
pub struct Shown<'a>(BTreeMap<&'a str, Given<'a>>);

/// Walks the questions in order: a question is shown when its condition holds over the *shown* questions before it. The
/// answer to a hidden question counts as not given.
pub fn shown<'a>(checklist: &'a Checklist, answers: &'a Answers) -> Shown<'a> {
    let mut shown = Shown(BTreeMap::new());
    for question in checklist.questions() {
        if question
            .show_if
            .as_ref()
            .is_none_or(|condition| shown.holds(condition))
        {
            shown
                .0
                .insert(&question.id, given(question, answers.get(&question.id)));
        }
    }
    shown
}

impl<'a> Shown<'a> {
    pub fn contains(&self, question: &str) -> bool {
        self.0.contains_key(question)
    }

    /// What was answered; nothing to a hidden question.
    pub fn given(&self, question: &str) -> Given<'a> {
        self.0.get(question).copied().unwrap_or(Given::Nothing)
    }

    pub fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Not(part) => !self.holds(part),
            Condition::Question { question, test } => test.holds(self.given(question)),
        }
    }

    /// Whether the question has to be answered now; never while it is hidden.
    pub fn requires(&self, question: &Question) -> bool {
        self.contains(&question.id)
            && match &question.required_if {
                Some(condition) => self.holds(condition),
                None => question.required,
            }
    }
}

/// The JSON shape: one object with exactly one meaning.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not: Option<Box<Condition>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    equals: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_equals: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<Scalar>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contains: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered: Option<bool>,
}

impl TryFrom<Wire> for Condition {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let tests: Vec<Test> = [
            wire.equals.map(Test::Equals),
            wire.not_equals.map(Test::NotEquals),
            wire.one_of.map(Test::OneOf),
            wire.contains.map(Test::Contains),
            wire.at_least.map(Test::AtLeast),
            wire.at_most.map(Test::AtMost),
            wire.answered.map(Test::Answered),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (
            wire.all,
            wire.any,
            wire.not,
            wire.question,
            <[Test; 1]>::try_from(tests),
        ) {
            (Some(parts), None, None, None, Err(tests)) if tests.is_empty() => Ok(Self::All(parts)),
            (None, Some(parts), None, None, Err(tests)) if tests.is_empty() => Ok(Self::Any(parts)),
            (None, None, Some(part), None, Err(tests)) if tests.is_empty() => Ok(Self::Not(part)),
            (None, None, None, Some(question), Ok([test])) => Ok(Self::Question { question, test }),
            _ => Err("a condition is one of all, any, not, or a question with exactly one test"),
        }
    }
}

impl From<Condition> for Wire {
    fn from(condition: Condition) -> Self {
        let mut wire = Self::default();
        match condition {
            Condition::All(parts) => wire.all = Some(parts),
            Condition::Any(parts) => wire.any = Some(parts),
            Condition::Not(part) => wire.not = Some(part),
            Condition::Question { question, test } => {
                wire.question = Some(question);
                match test {
                    Test::Equals(scalar) => wire.equals = Some(scalar),
                    Test::NotEquals(scalar) => wire.not_equals = Some(scalar),
                    Test::OneOf(scalars) => wire.one_of = Some(scalars),
                    Test::Contains(option) => wire.contains = Some(option),
                    Test::AtLeast(bound) => wire.at_least = Some(bound),
                    Test::AtMost(bound) => wire.at_most = Some(bound),
                    Test::Answered(wanted) => wire.answered = Some(wanted),
                }
            }
        }
        wire
    }
}
