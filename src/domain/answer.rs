//! What a shopper said to one question, and how it is read against that question.
//!
//! Not here: whether an answer may be handed in (`audit/check.rs`) and what it earns (`scoring/`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::checklist::{NaPolicy, Question, QuestionType};
use crate::domain::ids::Sha256;
use crate::domain::time::RecordedAt;

/// The largest integer that a phone's JavaScript holds exactly; no answer is further from 0.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// No two places on Earth are further apart: half its circumference, in metres, rounded up.
pub const DISTANCE_M_MAX: i64 = 20_040_000;

/// Question id → answer.
pub type Answers = BTreeMap<String, Answer>;

/// One answer as it comes from the phone. Members this version does not know are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Stands instead of a value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_applicable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// location_check: how sure the phone was of its place, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<i64>,
    /// In the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Sha256>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<RecordedAt>,
}

/// The value of an answer; its unit is its question's: thousandths (number), milliseconds (duration), minor units
/// (money), 1-based step (scale), 1 to 5 (emotion), 0 to 10 (recommend), metres (location_check).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Bool(bool),
    Integer(i64),
    Text(String),
    Choices(Vec<String>),
    /// What no question is answered with, such as 2.5; kept so that the audit's schema can say where it stands.
    Other(serde_json::Value),
}

/// By what the JSON is, without trying one variant after the other: an audit has hundreds of these.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde_json::Value as Json;
        let strings = |items: &[Json]| items.iter().all(Json::is_string);
        Ok(match Json::deserialize(deserializer)? {
            Json::Bool(answer) => Self::Bool(answer),
            Json::String(text) => Self::Text(text),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Self::Integer(integer),
                None => Self::Other(number.into()),
            },
            Json::Array(items) if strings(&items) => {
                let text = |item| match item {
                    Json::String(text) => Some(text),
                    _ => None,
                };
                Self::Choices(items.into_iter().filter_map(text).collect())
            }
            other => Self::Other(other),
        })
    }
}

/// What an answer amounts to for its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<'a> {
    /// No answer, or one that the question cannot have.
    Nothing,
    NotApplicable,
    Value(&'a Value),
    /// How many, at least 1; only for photo questions.
    Photos(usize),
}

/// Reads `answer` against its question. A value of the wrong type, an integer beyond [`INTEGER_MAX`], an option or step that the question does not have,
/// a text of blanks, an exclusive option beside others, and 'not applicable' where it is not allowed are [`Given::Nothing`]; bounds such as `minimum` are not
/// looked at. An empty list of choices is an answer: none of these.
pub fn given<'a>(question: &Question, answer: Option<&'a Answer>) -> Given<'a> {
    let Some(answer) = answer else {
        return Given::Nothing;
    };
    if answer.not_applicable {
        return match question.not_applicable {
            NaPolicy::NotAllowed => Given::Nothing,
            _ => Given::NotApplicable,
        };
    }
    if question.kind == QuestionType::Photo {
        return match answer.photos.len() {
            0 => Given::Nothing,
            photos => Given::Photos(photos),
        };
    }
    match &answer.value {
        Some(value) if fits(question, value) => Given::Value(value),
        _ => Given::Nothing,
    }
}

fn fits(question: &Question, value: &Value) -> bool {
    use QuestionType as Type;
    match (question.kind, value) {
        (Type::YesNo, Value::Bool(_)) => true,
        (Type::Choice, Value::Text(id)) => question.option(id).is_some(),
        (Type::MultiChoice, Value::Choices(ids)) => {
            let mut seen = BTreeSet::new();
            let alone = |id: &String| question.option(id).is_some_and(|option| option.exclusive);
            ids.iter()
                .all(|id| question.option(id).is_some() && seen.insert(id))
                && (ids.len() < 2 || !ids.iter().any(alone))
        }
        (Type::Scale, Value::Integer(step)) => {
            let steps = question.steps.as_ref().map_or(0, Vec::len);
            usize::try_from(*step).is_ok_and(|step| (1..=steps).contains(&step))
        }
        (Type::Emotion, Value::Integer(face)) => (1..=5).contains(face),
        (Type::Recommend, Value::Integer(mark)) => (0..=10).contains(mark),
        (Type::LocationCheck, Value::Integer(metres)) => (0..=DISTANCE_M_MAX).contains(metres),
        (Type::Number | Type::Duration | Type::Money | Type::Count, Value::Integer(amount)) => {
            amount.abs_diff(0) <= INTEGER_MAX.unsigned_abs()
        }
        (Type::Text | Type::Date | Type::Time, Value::Text(text)) => !text.trim().is_empty(),
        _ => false,
    }
}
