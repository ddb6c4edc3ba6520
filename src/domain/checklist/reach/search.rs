//! Whether answers exist that make a condition true: every combination is tried, as far as the tests can tell answers apart.
//!
//! Not here: which conditions are asked about (`mod.rs`), and what answers a question can have (`outcomes.rs`).

use std::collections::BTreeMap;

use super::outcomes::{Outcome, outcomes};
use crate::domain::checklist::conditions::{Condition, Test};
use crate::domain::checklist::model::Question;

/// Questions that one condition depends on, directly or by a chain; nobody keeps track of more.
const VARIABLES_MAX: usize = 48;

/// A condition over variables: questions in the order in which they are asked.
pub(super) enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    Leaf { variable: usize, test: usize },
}

/// A question that the condition depends on.
pub(super) struct Variable<'d> {
    pub question: &'d Question,
    /// None: always shown.
    shown: Option<Tree>,
    outcomes: Vec<Outcome>,
    /// Nothing is known about its answers: they may be anything.
    pub free: bool,
    /// Only combinations in which it is answered count.
    pub answered: bool,
}

/// The search took more steps than it is allowed, so that nothing can be said.
pub(super) struct OutOfSteps;

/// Steps that are left, counted in tests looked at.
pub(super) struct Steps(pub u64);

impl Steps {
    fn take(&mut self) -> Result<(), OutOfSteps> {
        self.0 = self.0.checked_sub(1).ok_or(OutOfSteps)?;
        Ok(())
    }
}

/// A question by its id.
pub(super) struct Asked<'d> {
    /// Its place among all questions.
    pub number: usize,
    pub question: &'d Question,
    /// Whether its answers are to be taken as they come, without looking at its condition.
    pub free: bool,
}

/// What a search is about.
pub(super) struct Search<'d> {
    pub variables: Vec<Variable<'d>>,
}

impl<'d> Search<'d> {
    /// Sets up the questions that `conditions` depend on, directly or through what decides whether they are shown, and the
    /// conditions over them. None when these are too many, or the answers of one of them are too many to tell apart.
    ///
    /// `lookup` is None for what is no question.
    pub fn new(
        conditions: &[&'d Condition],
        lookup: &dyn Fn(&str) -> Option<Asked<'d>>,
    ) -> Option<(Self, Vec<Tree>)> {
        let mut questions: BTreeMap<usize, (&'d Question, bool)> = BTreeMap::new();
        let mut tests: BTreeMap<&'d str, Vec<&'d Test>> = BTreeMap::new();
        let mut open: Vec<&'d Condition> = conditions.to_vec();
        while let Some(condition) = open.pop() {
            let mut leaves = Vec::new();
            collect(condition, &mut leaves);
            for (id, test) in leaves {
                let Asked {
                    number,
                    question,
                    free,
                } = lookup(id)?;
                let asked = tests.entry(id).or_default();
                if !asked.contains(&test) {
                    asked.push(test);
                }
                if questions.insert(number, (question, free)).is_none() && !free {
                    open.extend(&question.show_if);
                }
                if questions.len() > VARIABLES_MAX {
                    return None;
                }
            }
        }
        let numbers: BTreeMap<&str, usize> = questions
            .values()
            .enumerate()
            .map(|(variable, (question, _))| (question.id.as_str(), variable))
            .collect();
        let tree = |condition: &Condition| tree(condition, &numbers, &tests);
        let mut variables = Vec::new();
        for (question, free) in questions.into_values() {
            let asked = tests
                .get(question.id.as_str())
                .map_or(&[][..], Vec::as_slice);
            variables.push(Variable {
                question,
                shown: question.show_if.as_ref().filter(|_| !free).map(tree),
                outcomes: outcomes(question, asked)?,
                free,
                answered: false,
            });
        }
        let trees = conditions.iter().copied().map(tree).collect();
        Some((Self { variables }, trees))
    }

    /// Whether some answers make `target` true.
    pub fn can_hold(&self, target: &Tree, steps: &mut Steps) -> Result<bool, OutOfSteps> {
        let mut chosen = vec![None; self.variables.len()];
        self.try_from(0, target, &mut chosen, steps)
    }

    fn try_from(
        &self,
        variable: usize,
        target: &Tree,
        chosen: &mut Vec<Option<usize>>,
        steps: &mut Steps,
    ) -> Result<bool, OutOfSteps> {
        // What is still open can always be left without an answer, so a target that holds already holds.
        if let Some(known) = self.value(target, chosen, steps)? {
            return Ok(known);
        }
        let Some(of) = self.variables.get(variable) else {
            // Only questions that may say anything are open.
            return Ok(true);
        };
        if of.free {
            return self.try_from(variable + 1, target, chosen, steps);
        }
        let shown = match &of.shown {
            Some(shown) => self.value(shown, chosen, steps)?,
            None => Some(true),
        };
        let possible = match shown {
            Some(false) => 0..1,
            _ => usize::from(of.answered)..of.outcomes.len(),
        };
        for outcome in possible {
            chosen[variable] = Some(outcome);
            if self.try_from(variable + 1, target, chosen, steps)? {
                return Ok(true);
            }
        }
        chosen[variable] = None;
        Ok(false)
    }

    /// None while it depends on what is not chosen yet.
    fn value(
        &self,
        tree: &Tree,
        chosen: &[Option<usize>],
        steps: &mut Steps,
    ) -> Result<Option<bool>, OutOfSteps> {
        match tree {
            Tree::Leaf { variable, test } => {
                steps.take()?;
                Ok(chosen[*variable]
                    .map(|outcome| self.variables[*variable].outcomes[outcome][*test]))
            }
            Tree::Not(part) => Ok(self.value(part, chosen, steps)?.map(|value| !value)),
            Tree::All(parts) => self.first(parts, false, chosen, steps),
            Tree::Any(parts) => self.first(parts, true, chosen, steps),
        }
    }

    /// `decisive` as soon as one part is; the opposite when all parts are; else unknown.
    fn first(
        &self,
        parts: &[Tree],
        decisive: bool,
        chosen: &[Option<usize>],
        steps: &mut Steps,
    ) -> Result<Option<bool>, OutOfSteps> {
        let mut open = false;
        for part in parts {
            match self.value(part, chosen, steps)? {
                Some(value) if value == decisive => return Ok(Some(decisive)),
                Some(_) => {}
                None => open = true,
            }
        }
        Ok((!open).then_some(!decisive))
    }
}

/// Every question with a test in a condition.
fn collect<'c>(condition: &'c Condition, leaves: &mut Vec<(&'c str, &'c Test)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| collect(part, leaves));
        }
        Condition::Not(part) => collect(part, leaves),
        Condition::Question { question, test } => leaves.push((question, test)),
    }
}

fn tree(
    condition: &Condition,
    numbers: &BTreeMap<&str, usize>,
    tests: &BTreeMap<&str, Vec<&Test>>,
) -> Tree {
    let part = |part: &Condition| tree(part, numbers, tests);
    match condition {
        Condition::All(parts) => Tree::All(parts.iter().map(part).collect()),
        Condition::Any(parts) => Tree::Any(parts.iter().map(part).collect()),
        Condition::Not(inner) => Tree::Not(Box::new(part(inner))),
        Condition::Question { question, test } => Tree::Leaf {
            variable: numbers[question.as_str()],
            test: tests[question.as_str()]
                .iter()
                .position(|asked| *asked == test)
                .expect("every test was collected"),
        },
    }
}
