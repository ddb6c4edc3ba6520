//! Conditions refer to earlier questions and to answers that those can have; cycles cannot be written.
//!
//! Not here: whether a condition holds (`conditions.rs` one level up).

use super::{Rules, did_you_mean};
use crate::domain::answer::INTEGER_MAX;
use crate::domain::checklist::conditions::{Condition, Scalar, Test};
use crate::domain::checklist::model::{Question, QuestionType as Type};

const DEPTH_MAX: usize = 8;
const PARTS_MAX: usize = 100;

/// `number` is the question's place among all questions of the checklist.
pub(super) fn check(rules: &mut Rules<'_>, path: &str, number: usize, question: &Question) {
    let conditions = [
        ("show_if", &question.show_if, number),
        ("required_if", &question.required_if, number),
        // Whether a photo is wanted may depend on the answer that it is to prove.
        (
            "photo/if",
            &question.photo.as_ref().and_then(|photo| photo.when.clone()),
            number + 1,
        ),
    ];
    for (key, condition, before) in conditions {
        if let Some(condition) = condition {
            Walk {
                rules,
                question,
                before,
            }
            .condition(&format!("{path}/{key}"), condition, 1);
        }
    }
}

struct Walk<'w, 'd> {
    rules: &'w mut Rules<'d>,
    /// The question that has the condition.
    question: &'w Question,
    /// Questions from this number on may not be referred to.
    before: usize,
}

impl Walk<'_, '_> {
    fn condition(&mut self, path: &str, condition: &Condition, depth: usize) {
        if depth > DEPTH_MAX {
            self.rules
                .fault(path, format!("conditions nest at most {DEPTH_MAX} deep"));
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let key = if matches!(condition, Condition::All(_)) {
                    "all"
                } else {
                    "any"
                };
                let path = format!("{path}/{key}");
                if parts.is_empty() {
                    self.rules.fault(&path, format!("`{key}` of nothing"));
                }
                if parts.len() > PARTS_MAX {
                    let message = format!(
                        "{} conditions are too many; {PARTS_MAX} are allowed",
                        parts.len()
                    );
                    self.rules.fault(&path, message);
                    return;
                }
                for (index, part) in parts.iter().enumerate() {
                    self.condition(&format!("{path}/{index}"), part, depth + 1);
                }
                if key == "all" {
                    self.contradiction(&path, parts);
                }
            }
            Condition::Not(part) => self.condition(&format!("{path}/not"), part, depth + 1),
            Condition::Question { question, test } => self.reference(path, question, test),
        }
    }

    fn reference(&mut self, path: &str, id: &str, test: &Test) {
        let path_of_id = format!("{path}/question");
        let Some((number, place)) = self.rules.places.get(id).cloned() else {
            let before = self.before;
            let earlier = self
                .rules
                .places
                .iter()
                .filter(|(_, (number, _))| *number < before);
            let suggestion = did_you_mean(id, earlier.map(|(id, _)| *id));
            self.rules.fault_with(
                path_of_id,
                format!("there is no question `{id}`"),
                suggestion,
            );
            return;
        };
        if number >= self.before {
            let message = if id == self.question.id {
                "a condition cannot depend on its own question".to_owned()
            } else {
                format!("question `{id}` comes later; a condition refers to earlier questions only")
            };
            self.rules.fault(path_of_id, message);
            return;
        }
        if (self.rules.damaged)(&place) {
            return;
        }
        let Some(asked) = self.rules.document.question(id) else {
            return;
        };
        if let Err((message, suggestion)) = possible(asked, test) {
            self.rules
                .fault_with(format!("{path}/{}", test.name()), message, suggestion);
        }
    }

    /// `all` of two different values of one question, which is never true.
    fn contradiction(&mut self, path: &str, parts: &[Condition]) {
        let equals: Vec<(&String, &Scalar)> = parts
            .iter()
            .filter_map(|part| match part {
                Condition::Question {
                    question,
                    test: Test::Equals(value),
                } => Some((question, value)),
                _ => None,
            })
            .collect();
        for (index, (question, value)) in equals.iter().enumerate() {
            if equals[..index]
                .iter()
                .any(|(earlier, other)| earlier == question && other != value)
            {
                let suggestion = Some("use `any` or `one_of`".to_owned());
                self.rules.fault_with(
                    path,
                    format!("`{question}` cannot have two values at once"),
                    suggestion,
                );
                return;
            }
        }
    }
}

type Verdict = Result<(), (String, Option<String>)>;

/// Whether an answer to `asked` could ever satisfy or fail the test.
fn possible(asked: &Question, test: &Test) -> Verdict {
    let kind = asked.kind.name();
    let wrong_test = || {
        Err((
            format!("`{}` cannot be asked of a {kind} question", test.name()),
            None,
        ))
    };
    match (asked.kind, test) {
        (Type::Heading, _) => Err((
            format!("`{}` is a heading and has no answer", asked.id),
            None,
        )),
        (_, Test::Answered(_)) => Ok(()),
        (Type::Photo, _) => Err((
            format!("`{}` cannot be asked of a photo question", test.name()),
            Some("use `answered`".to_owned()),
        )),
        (Type::MultiChoice, Test::Contains(id)) => has_option(asked, id),
        (Type::MultiChoice, _) => Err((
            format!(
                "`{}` cannot be asked of a multi_choice question",
                test.name()
            ),
            Some("use `contains`".to_owned()),
        )),
        (_, Test::Contains(_)) => wrong_test(),
        (_, Test::Equals(value) | Test::NotEquals(value)) => has_value(asked, value),
        (_, Test::OneOf(values)) if values.is_empty() => Err(("`one_of` nothing".to_owned(), None)),
        (_, Test::OneOf(values)) => values.iter().try_for_each(|value| has_value(asked, value)),
        (_, Test::AtLeast(bound) | Test::AtMost(bound)) => match range(asked) {
            None => wrong_test(),
            Some((least, most)) if (least..=most).contains(bound) => Ok(()),
            Some(_) => Err((
                format!("`{}` has no answers on both sides of this bound", asked.id),
                None,
            )),
        },
    }
}

fn has_value(asked: &Question, value: &Scalar) -> Verdict {
    let fits = match (asked.kind, value) {
        (Type::YesNo, Scalar::Bool(_)) => true,
        (Type::Choice, Scalar::Text(id)) => return has_option(asked, id),
        (Type::Text | Type::Date | Type::Time, Scalar::Text(text)) => !text.trim().is_empty(),
        (_, Scalar::Integer(number)) => {
            range(asked).is_some_and(|(least, most)| (least..=most).contains(number))
        }
        _ => false,
    };
    let written = match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Text(text) => text.clone(),
    };
    if fits {
        Ok(())
    } else {
        Err((
            format!("`{}` ({}) cannot be {written}", asked.id, asked.kind.name()),
            None,
        ))
    }
}

fn has_option(asked: &Question, id: &str) -> Verdict {
    if asked.option(id).is_some() {
        return Ok(());
    }
    let ids = || {
        asked
            .options
            .iter()
            .flatten()
            .map(|option| option.id.as_str())
    };
    let suggestion = did_you_mean(id, ids())
        .unwrap_or_else(|| format!("one of {}", ids().collect::<Vec<_>>().join(", ")));
    Err((
        format!("`{}` has no option `{id}`", asked.id),
        Some(suggestion),
    ))
}

/// The smallest and the largest answer, in the answer's unit; None where answers have no order.
fn range(asked: &Question) -> Option<(i64, i64)> {
    let bounds = |least: i64| {
        (
            asked.minimum.unwrap_or(least),
            asked.maximum.unwrap_or(INTEGER_MAX),
        )
    };
    match asked.kind {
        Type::Scale => Some((
            1,
            asked
                .steps
                .as_ref()
                .and_then(|steps| i64::try_from(steps.len()).ok())
                .unwrap_or_default(),
        )),
        Type::Emotion => Some((1, 5)),
        Type::Recommend => Some((0, 10)),
        Type::Number => Some(bounds(-INTEGER_MAX)),
        Type::Duration | Type::Money | Type::Count | Type::LocationCheck => Some(bounds(0)),
        _ => None,
    }
}
