//! From an expression over earlier questions to a condition of the checklist.
//!
//! The condition holds when the expression does, also before anything was answered: in a form an open question counts as an empty text,
//! so `!=` becomes `not` of `equals`, and not `not_equals`. Not here: how the parts are put together (`logic.rs`).

use std::collections::BTreeMap;

use super::decimal::{self, Decimal, Milli};
use super::draft::{Condition, Kind, Scalar, Test};
use super::expression::{Comparison, Expression, parse};
use super::logic::{Outcome, all, any, depth, not};
use crate::domain::answer::INTEGER_MAX;
use crate::domain::checklist::is_forbidden;

/// Nesting that a checklist allows.
const DEPTH_MAX: usize = 8;

/// What earlier rows of the survey are, by the names in the form.
#[derive(Debug, Default)]
pub(super) struct Scope(BTreeMap<String, Known>);

#[derive(Debug)]
enum Known {
    Asked(Facts),
    /// Not in the checklist: what it was.
    Gone(String),
    /// Several rows have the name.
    Several,
}

/// What a condition has to know about a question.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub id: String,
    pub kind: Kind,
    /// Name in the form → id in the checklist.
    pub options: BTreeMap<String, String>,
    pub minimum: Option<Milli>,
    pub maximum: Option<Milli>,
}

impl Scope {
    pub fn asked(&mut self, name: &str, facts: Facts) {
        self.put(name, Known::Asked(facts));
    }

    pub fn gone(&mut self, name: &str, what: String) {
        self.put(name, Known::Gone(what));
    }

    fn put(&mut self, name: &str, known: Known) {
        self.0
            .entry(name.to_owned())
            .and_modify(|earlier| *earlier = Known::Several)
            .or_insert(known);
    }

    fn facts(&self, name: &str) -> Result<&Facts, String> {
        match self.0.get(name) {
            Some(Known::Asked(facts)) => Ok(facts),
            Some(Known::Gone(what)) => Err(format!("`{name}` is {what}, which is not asked")),
            Some(Known::Several) => Err(format!("several questions are called `{name}`")),
            None => Err(format!("no question before it is called `{name}`")),
        }
    }

    /// What a cell such as `${q} = 'x'` says.
    ///
    /// # Errors
    /// Why no condition can say it.
    pub fn translate(&self, source: &str) -> Result<Outcome, String> {
        limited(self.outcome(&parse(source)?)?)
    }

    fn outcome(&self, expression: &Expression) -> Result<Outcome, String> {
        match expression {
            Expression::And(parts) => all(self.outcomes(parts)?),
            Expression::Or(parts) => any(self.outcomes(parts)?),
            Expression::Compare(how, left, right) => self.comparison(*how, left, right),
            Expression::Call(name, arguments) => self.call(name, arguments),
            other => Err(format!("`{other}` alone is no condition")),
        }
    }

    fn outcomes(&self, parts: &[Expression]) -> Result<Vec<Outcome>, String> {
        parts.iter().map(|part| self.outcome(part)).collect()
    }

    fn call(&self, name: &str, arguments: &[Expression]) -> Result<Outcome, String> {
        match (name, arguments) {
            ("true", []) => Ok(Outcome::Always),
            ("false", []) => Ok(Outcome::Never),
            ("not", [inside]) => Ok(not(self.outcome(inside)?)),
            ("selected", [Expression::Reference(name), choice]) => {
                let facts = self.facts(name)?;
                let choice = literal(choice)?;
                match facts.kind {
                    Kind::MultiChoice => {
                        Ok(facts.when(Test::Contains(facts.option(name, choice)?)))
                    }
                    Kind::Choice | Kind::YesNo => facts.is_option(name, choice),
                    kind => Err(format!("`{name}` is a {} and has no choices", kind.name())),
                }
            }
            _ => Err(format!("`{name}()` has no counterpart")),
        }
    }

    fn comparison(
        &self,
        how: Comparison,
        left: &Expression,
        right: &Expression,
    ) -> Result<Outcome, String> {
        match (left, right) {
            (Expression::Number(_) | Expression::Text(_), other)
                if !matches!(other, Expression::Number(_) | Expression::Text(_)) =>
            {
                self.comparison(how.turned(), right, left)
            }
            (Expression::Reference(name), Expression::Text(text)) if text.is_empty() => {
                let facts = self.facts(name)?;
                match (how, facts.kind) {
                    (_, Kind::Heading) => Err(format!("`{name}` is a note and has no answer")),
                    (Comparison::Equal, _) => Ok(facts.when(Test::Answered(false))),
                    (Comparison::Unequal, _) => Ok(facts.when(Test::Answered(true))),
                    _ => Err("an empty text is neither large nor small".to_owned()),
                }
            }
            (Expression::Reference(name), right) => {
                let facts = self.facts(name)?;
                facts.compared(name, how, literal(right)?)
            }
            (Expression::Call(function, arguments), Expression::Number(number))
                if function == "string-length" || function == "count-selected" =>
            {
                let [Expression::Reference(name)] = arguments.as_slice() else {
                    return Err(format!("`{left}` has no counterpart"));
                };
                let facts = self.facts(name)?;
                let answered =
                    match (how, number.as_str()) {
                        (Comparison::Above | Comparison::Unequal, "0")
                        | (Comparison::AtLeast, "1") => true,
                        (Comparison::Equal | Comparison::AtMost, "0")
                        | (Comparison::Below, "1") => false,
                        _ => return Err(format!("`{left}` can only be told from 0")),
                    };
                if facts.kind == Kind::Heading {
                    return Err(format!("`{name}` is a note and has no answer"));
                }
                Ok(facts.when(Test::Answered(answered)))
            }
            _ => Err(format!(
                "`{left} {right}` compares something else than an answer with a value",
            )),
        }
    }
}

/// # Errors
/// When it nests deeper than a checklist allows.
pub(super) fn limited(outcome: Outcome) -> Result<Outcome, String> {
    match &outcome {
        Outcome::When(condition) if depth(condition) > DEPTH_MAX => {
            Err(format!("it nests more than {DEPTH_MAX} deep"))
        }
        _ => Ok(outcome),
    }
}

fn literal(expression: &Expression) -> Result<&str, String> {
    match expression {
        Expression::Number(text) | Expression::Text(text) => Ok(text),
        other => Err(format!("`{other}` is no fixed value")),
    }
}

impl Facts {
    fn when(&self, test: Test) -> Outcome {
        let id = self.id.clone();
        Outcome::When(Condition::Question { id, test })
    }

    fn option(&self, name: &str, choice: &str) -> Result<String, String> {
        let id = self.options.get(choice).cloned();
        id.ok_or_else(|| format!("`{name}` has no choice `{choice}`"))
    }

    fn is_option(&self, name: &str, choice: &str) -> Result<Outcome, String> {
        let id = self.option(name, choice)?;
        Ok(self.when(Test::Equals(if self.kind == Kind::YesNo {
            Scalar::Bool(id == "yes")
        } else {
            Scalar::Text(id)
        })))
    }

    fn compared(&self, name: &str, how: Comparison, value: &str) -> Result<Outcome, String> {
        let same = match self.kind {
            Kind::Number | Kind::Count => {
                let number = decimal::read(value.trim())
                    .ok_or_else(|| format!("`{value}` is no number that can be kept"))?;
                return Ok(self.number(how, number));
            }
            Kind::YesNo | Kind::Choice => self.is_option(name, value),
            Kind::Text | Kind::Date | Kind::Time if value.trim().is_empty() => {
                Err("an answer is never blank".to_owned())
            }
            Kind::Text | Kind::Date | Kind::Time if value.contains(is_forbidden) => {
                Err("no phone can give that character".to_owned())
            }
            Kind::Text | Kind::Date | Kind::Time => {
                Ok(self.when(Test::Equals(Scalar::Text(value.to_owned()))))
            }
            Kind::MultiChoice => Err(format!(
                "`{name}` has several answers; write selected(${{{name}}}, '{value}')"
            )),
            Kind::Photo => Err(format!("`{name}` is a photo")),
            Kind::LocationCheck => Err(format!("`{name}` is a place")),
            Kind::Heading => Err(format!("`{name}` is a note and has no answer")),
        }?;
        match how {
            Comparison::Equal => Ok(same),
            Comparison::Unequal => Ok(not(same)),
            _ => Err(format!(
                "answers to `{name}` ({}) have no order",
                self.kind.name()
            )),
        }
    }

    /// Bounds move to the nearest value that can be answered: a count `> 3` is `at_least: 4`.
    fn number(&self, how: Comparison, number: Decimal) -> Outcome {
        let (unit, floor, exact) = if self.kind == Kind::Count {
            let (whole, exact) = number.whole();
            (1000, whole * 1000, exact)
        } else {
            (1, number.floor, number.exact)
        };
        let smallest = if self.kind == Kind::Count {
            0
        } else {
            -INTEGER_MAX
        };
        let least = self.minimum.unwrap_or(smallest);
        let most = self.maximum.unwrap_or(INTEGER_MAX);
        let at_least = |bound: Milli| match bound {
            bound if bound <= least => self.when(Test::Answered(true)),
            bound if bound > most => Outcome::Never,
            bound => self.when(Test::AtLeast(bound)),
        };
        let at_most = |bound: Milli| match bound {
            bound if bound >= most => self.when(Test::Answered(true)),
            bound if bound < least => Outcome::Never,
            bound => self.when(Test::AtMost(bound)),
        };
        let equal = || {
            if exact && (least..=most).contains(&floor) {
                self.when(Test::Equals(Scalar::Number(floor)))
            } else {
                Outcome::Never
            }
        };
        match how {
            Comparison::Equal => equal(),
            Comparison::Unequal => not(equal()),
            Comparison::Above => at_least(floor + unit),
            Comparison::AtLeast if exact => at_least(floor),
            Comparison::AtLeast => at_least(floor + unit),
            Comparison::AtMost => at_most(floor),
            Comparison::Below if exact => at_most(floor - unit),
            Comparison::Below => at_most(floor),
        }
    }
}
