//! Values in the unit of their question: bounds, bands, and what a condition compares with.
//!
//! Not here: whether the question can have such a value (`rules/`).

use super::node::Value;
use super::reader::{Place, Reader};
use crate::domain::checklist::conditions::Scalar;
use crate::domain::checklist::model::QuestionType;

/// An amount in the integer unit of answers to a question of this type; `minor_digits` are those of its currency.
pub(super) fn amount(
    reader: &mut Reader,
    place: &Place<'_>,
    kind: QuestionType,
    minor_digits: u32,
) -> Option<i64> {
    match kind {
        QuestionType::Duration => reader.duration_ms(place),
        QuestionType::LocationCheck => reader.distance_m(place),
        QuestionType::Number => reader.decimal(place, 3),
        QuestionType::Money => reader.decimal(place, minor_digits),
        // A heading has no amounts, which the rules tell; and it stands in for a type that could not be read.
        QuestionType::Heading => Some(0),
        _ => reader.decimal(place, 0),
    }
}

/// A value to compare an answer to `question` with. Of a question that is not in the file it is taken as it stands; that there
/// is no such question is told by the rules.
pub(super) fn scalar(reader: &mut Reader, place: &Place<'_>, question: &str) -> Option<Scalar> {
    use QuestionType as Type;
    let Some(&(kind, minor_digits)) = reader.kinds.get(question) else {
        return match &place.node.value {
            Value::Bool(value) => Some(Scalar::Bool(*value)),
            Value::Number(_) => reader.decimal(place, 0).map(Scalar::Integer),
            _ => reader.words(place).map(Scalar::Text),
        };
    };
    match kind {
        Type::YesNo => reader.boolean(place).map(Scalar::Bool),
        Type::Scale
        | Type::Number
        | Type::Duration
        | Type::Money
        | Type::Count
        | Type::Emotion
        | Type::Recommend
        | Type::LocationCheck => amount(reader, place, kind, minor_digits).map(Scalar::Integer),
        Type::Choice
        | Type::MultiChoice
        | Type::Text
        | Type::Date
        | Type::Time
        | Type::Photo
        | Type::Heading => reader.words(place).map(Scalar::Text),
    }
}
