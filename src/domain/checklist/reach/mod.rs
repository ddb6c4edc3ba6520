//! Conditions that can never hold, or always do, whatever a shopper answers; questions that nobody can ever see.
//!
//! A hidden question counts as not answered, so what decides whether a question is shown is followed through the questions
//! that it depends on. The search is exact, and says nothing where it would take too long.
//!
//! Not here: conditions on questions and answers that there are not (`rules/conditions.rs`). These checks belong to the reading
//! of YAML alone: a published version is never held to them.

#[cfg(test)]
mod exactness;
mod outcomes;
mod search;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::outcomes::{is_answer, outcomes};
use self::search::{Asked, OutOfSteps, Search, Steps, Tree};
use super::conditions::{Condition, Scalar, Test};
use super::model::{Document, Question, QuestionType as Type};
use super::problem::{Fault, Severity};

/// Tests that are looked at for one condition, and for a whole file: together some milliseconds.
const STEPS_OF_ONE_MAX: u64 = 100_000;
const STEPS_MAX: u64 = 1_000_000;

/// What a condition is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Show,
    Require,
    Photo,
}

/// Everything that is found; `doubtful` are places in which something else is wrong, from which nothing is concluded.
pub(super) fn check(
    document: &Document,
    doubtful: &dyn Fn(&str) -> bool,
) -> Vec<(Severity, Fault)> {
    let mut reach = Reach::new(document, doubtful);
    for number in 0..reach.questions.len() {
        reach.question(number);
    }
    reach.faults
}

struct Reach<'d> {
    /// In order, each with its pointer.
    questions: Vec<(&'d Question, String)>,
    numbers: BTreeMap<&'d str, usize>,
    doubtful: &'d dyn Fn(&str) -> bool,
    /// Questions whose answers are taken as they come: something else is wrong with them, or nobody sees them, which is told
    /// once.
    free: BTreeSet<usize>,
    steps: Steps,
    faults: Vec<(Severity, Fault)>,
}

impl<'d> Reach<'d> {
    fn new(document: &'d Document, doubtful: &'d dyn Fn(&str) -> bool) -> Self {
        let questions: Vec<(&Question, String)> = document
            .sections
            .iter()
            .enumerate()
            .flat_map(|(section_index, section)| {
                section
                    .questions
                    .iter()
                    .enumerate()
                    .map(move |(index, question)| {
                        (
                            question,
                            format!("/sections/{section_index}/questions/{index}"),
                        )
                    })
            })
            .collect();
        let mut numbers = BTreeMap::new();
        for (number, (question, _)) in questions.iter().enumerate() {
            numbers.entry(question.id.as_str()).or_insert(number);
        }
        let matters = [
            "id", "type", "options", "steps", "minimum", "maximum", "show_if",
        ];
        let free = questions
            .iter()
            .enumerate()
            .filter(|(_, (_, path))| matters.iter().any(|key| doubtful(&format!("{path}/{key}"))))
            .map(|(number, _)| number)
            .collect();
        Self {
            questions,
            numbers,
            doubtful,
            free,
            steps: Steps(STEPS_MAX),
            faults: Vec::new(),
        }
    }

    fn question(&mut self, number: usize) {
        let (question, path) = self.questions[number].clone();
        let photo = question
            .photo
            .as_ref()
            .and_then(|photo| photo.when.as_ref());
        let conditions = [
            (Use::Show, "show_if", question.show_if.as_ref()),
            (Use::Require, "required_if", question.required_if.as_ref()),
            (Use::Photo, "photo/if", photo),
        ];
        for (purpose, key, condition) in conditions {
            let path = format!("{path}/{key}");
            let Some(condition) = condition.filter(|_| !(self.doubtful)(&path)) else {
                continue;
            };
            if self.impossible_words(&path, condition) {
                // Told, and enough for this question.
                self.free.insert(number);
                return;
            }
            if self.free.contains(&number) {
                return;
            }
            let never = self.never_or_always(number, purpose, &path, condition);
            if never && purpose == Use::Show {
                self.free.insert(number);
                return;
            }
            if !never {
                self.single_tests(&path, condition);
            }
        }
    }

    /// Whether the condition can never hold while it matters; tells that, and when it always does.
    fn never_or_always(
        &mut self,
        number: usize,
        purpose: Use,
        path: &str,
        condition: &'d Condition,
    ) -> bool {
        let question = self.questions[number].0;
        let mut conditions = vec![condition];
        if purpose != Use::Show {
            conditions.extend(&question.show_if);
        }
        let lookup = |id: &str| {
            let number = *self.numbers.get(id)?;
            Some(Asked {
                number,
                question: self.questions[number].0,
                free: self.free.contains(&number),
            })
        };
        let Some((mut search, mut trees)) = Search::new(&conditions, &lookup) else {
            return false;
        };
        if purpose == Use::Photo {
            for variable in &mut search.variables {
                variable.answered = variable.question.id == question.id;
            }
        }
        let mut steps = Steps(STEPS_OF_ONE_MAX.min(self.steps.0));
        let before = steps.0;
        let own = trees.remove(0);
        let found = examine(&mut search, own, trees, &mut steps);
        self.steps.0 -= before - steps.0;
        match found {
            Ok(Found::Sometimes) | Err(OutOfSteps) => false,
            Ok(Found::Always) => {
                self.faults.push((Severity::Warning, always(purpose, path)));
                false
            }
            Ok(Found::Never(ids)) => {
                let fault = self.never(purpose, path, condition, &ids);
                self.faults.push((Severity::Error, fault));
                true
            }
        }
    }

    fn never(&self, purpose: Use, path: &str, condition: &Condition, ids: &[String]) -> Fault {
        let names: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        let why = match names.as_slice() {
            [only] => format!("the answers to {only} can never be so"),
            [first @ .., last] => {
                format!(
                    "{} and {last} can never have such answers at the same time",
                    first.join(", ")
                )
            }
            [] => "its condition can never be true".to_owned(),
        };
        let what = match purpose {
            Use::Show => "nobody can ever see this question",
            Use::Require => "this question is never required",
            Use::Photo => "its photos are never needed",
        };
        let hidden = ids.iter().find(|id| {
            self.numbers
                .get(id.as_str())
                .is_some_and(|number| self.questions[*number].0.show_if.is_some())
        });
        let suggestion = match (hidden, condition) {
            (Some(id), _) if ids.len() > 1 => Some(format!(
                "`{id}` has a `show_if` of its own, and counts as not answered while it is hidden"
            )),
            (_, Condition::All(_)) => Some("use `any` where one of them is enough".to_owned()),
            _ => None,
        };
        Fault {
            path: path.to_owned(),
            message: format!("{what}: {why}"),
            suggestion,
        }
    }

    /// Days and times that no shopper can answer; true when there are any.
    fn impossible_words(&mut self, path: &str, condition: &Condition) -> bool {
        let mut found = false;
        walk(path, condition, &mut |path, id, test| {
            let Some(asked) = self.numbers.get(id).map(|number| self.questions[*number].0) else {
                return;
            };
            let like = match asked.kind {
                Type::Date => "a day such as \"2026-11-20\"",
                Type::Time => "a time such as \"19:30\"",
                _ => return,
            };
            let named: Vec<&Scalar> = match test {
                Test::Equals(scalar) | Test::NotEquals(scalar) => vec![scalar],
                Test::OneOf(scalars) => scalars.iter().collect(),
                _ => Vec::new(),
            };
            for scalar in named {
                if let Scalar::Text(text) = scalar
                    && !is_answer(asked.kind, text)
                {
                    found = true;
                    self.faults.push((
                        Severity::Error,
                        Fault {
                            path: path.to_owned(),
                            message: format!("`{id}` is answered with {like}, never with `{text}`"),
                            suggestion: Some("write it in the same way, in quotes".to_owned()),
                        },
                    ));
                }
            }
        });
        found
    }

    /// Tests that say the same of every answer.
    fn single_tests(&mut self, path: &str, condition: &Condition) {
        walk(path, condition, &mut |path, id, test| {
            let Some(number) = self
                .numbers
                .get(id)
                .copied()
                .filter(|number| !self.free.contains(number))
            else {
                return;
            };
            if matches!(test, Test::Answered(_)) {
                return;
            }
            let Some(outcomes) = outcomes(self.questions[number].0, &[test]) else {
                return;
            };
            let (message, suggestion) = match &outcomes[1..] {
                [only] if only == &[true] => (
                    format!("this is true of every answer to `{id}`"),
                    "write `answered: true` if that is what is meant",
                ),
                [only] if only == &[false] => (
                    format!("this is true of no answer to `{id}`"),
                    "leave it out, or ask for an answer that there can be",
                ),
                _ => return,
            };
            self.faults.push((
                Severity::Warning,
                Fault {
                    path: path.to_owned(),
                    message,
                    suggestion: Some(suggestion.to_owned()),
                },
            ));
        });
    }
}

/// What a condition comes to.
enum Found {
    Sometimes,
    Always,
    /// With the questions that make it impossible.
    Never(Vec<String>),
}

/// `own` is the condition; `while_shown` has to hold beside it.
fn examine(
    search: &mut Search<'_>,
    own: Tree,
    while_shown: Vec<Tree>,
    steps: &mut Steps,
) -> Result<Found, OutOfSteps> {
    let mut parts = vec![own];
    parts.extend(while_shown);
    let mut target = Tree::All(parts);
    if search.can_hold(&target, steps)? {
        if let Tree::All(parts) = &mut target {
            let own = parts.remove(0);
            parts.insert(0, Tree::Not(Box::new(own)));
        }
        return Ok(if search.can_hold(&target, steps)? {
            Found::Sometimes
        } else {
            Found::Always
        });
    }
    // Whatever makes it possible when it may be anything is part of what makes it impossible.
    let mut ids = Vec::new();
    for variable in 0..search.variables.len() {
        if search.variables[variable].free {
            continue;
        }
        search.variables[variable].free = true;
        // Not to know more about the reasons is no reason to say nothing.
        if search.can_hold(&target, steps).unwrap_or(false) {
            ids.push(search.variables[variable].question.id.clone());
        }
        search.variables[variable].free = false;
    }
    Ok(Found::Never(ids))
}

fn always(purpose: Use, path: &str) -> Fault {
    let (message, suggestion) = match purpose {
        Use::Show => (
            "this condition is always true, so the question is always shown",
            "leave `show_if` out if that is meant",
        ),
        Use::Require => (
            "this condition is always true, so the question is always required",
            "write `required: true` instead if that is meant",
        ),
        Use::Photo => (
            "this condition is always true, so the photos are always needed",
            "leave `if` out if that is meant",
        ),
    };
    Fault {
        path: path.to_owned(),
        message: message.to_owned(),
        suggestion: Some(suggestion.to_owned()),
    }
}

/// Every test of a condition, with its pointer and its question.
fn walk(path: &str, condition: &Condition, tell: &mut impl FnMut(&str, &str, &Test)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            let key = if matches!(condition, Condition::All(_)) {
                "all"
            } else {
                "any"
            };
            for (index, part) in parts.iter().enumerate() {
                walk(&format!("{path}/{key}/{index}"), part, tell);
            }
        }
        Condition::Not(part) => walk(&format!("{path}/not"), part, tell),
        Condition::Question { question, test } => {
            tell(&format!("{path}/{}", test.name()), question, test);
        }
    }
}
