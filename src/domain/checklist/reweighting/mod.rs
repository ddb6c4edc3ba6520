//! Other weights and points for a checklist, to try out on audits that were taken with it.
//!
//! What comes out is a checklist that asks the very same questions, so that every answer of an old audit can be scored by it;
//! it is never published. Not here: how a reweighting is written (`yaml/reweighting.rs`), and what it did to scores
//! (`domain/what_if`).

mod scale;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::diff::Shares;
use super::model::{Document, NaPolicy, Question, UnansweredPolicy};
use super::problem::{Fault, did_you_mean};
use super::{Checklist, ChecklistProblem, RulesBroken, rules, yaml};

/// What is to be different; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reweighting {
    /// Section → weight.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sections: BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub questions: BTreeMap<String, QuestionReweighting>,
    pub scoring: ScoringReweighting,
}

/// Another worth of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionReweighting {
    /// The most that it can earn. Points of options, steps and bands go with it in proportion, penalties too, each rounded
    /// half away from zero to thousandths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_milli: Option<i64>,
    /// Both 0 takes the question out of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<Shares>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bonus: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<NaPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<CriticalReweighting>,
}

/// What may happen to the criticals of a question and of its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriticalReweighting {
    Remove,
}

/// Other rules for the whole checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScoringReweighting {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_mark_micros: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered_optional: Option<UnansweredPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bonus_cap: Option<bool>,
}

impl Reweighting {
    /// Reads the YAML or JSON that people write, for this checklist.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file: what [`Reweighting::apply`] would refuse too.
    pub fn parse_yaml(source: &str, checklist: &Checklist) -> Result<Self, Vec<ChecklistProblem>> {
        yaml::parse_reweighting(source, |reweighting| {
            reweighting.applied(checklist).map(|_| ())
        })
    }

    /// The checklist with these weights; all that is not about scores is as it was.
    ///
    /// # Errors
    /// Sections and questions that it does not have, points that cannot be had, and rules that the outcome would break.
    pub fn apply(&self, checklist: &Checklist) -> Result<Checklist, RulesBroken> {
        self.applied(checklist).map_err(|faults| {
            let problem = |fault: Fault| ChecklistProblem {
                question: question_named(&fault.path),
                ..ChecklistProblem::error(
                    format!("{}: {}", fault.path, fault.message),
                    fault.suggestion,
                )
            };
            RulesBroken(faults.into_iter().map(problem).collect())
        })
    }

    /// As [`Reweighting::apply`], with faults by their place in the reweighting: `/questions/smile/points`.
    fn applied(&self, checklist: &Checklist) -> Result<Checklist, Vec<Fault>> {
        let Self {
            sections,
            questions,
            scoring,
        } = self;
        let mut document: Document = checklist.clone().into();
        let mut faults = Vec::new();
        for (id, weight) in sections {
            match document
                .sections
                .iter_mut()
                .find(|section| section.id == *id)
            {
                Some(section) => section.weight = *weight,
                None => faults.push(unknown(
                    "section",
                    id,
                    document.sections.iter().map(|section| section.id.as_str()),
                )),
            }
        }
        for (id, reweighting) in questions {
            let mut all = document
                .sections
                .iter_mut()
                .flat_map(|section| &mut section.questions);
            match all.find(|question| question.id == *id) {
                Some(question) => {
                    if let Err((key, message)) = reweighting.apply(question) {
                        faults.push(Fault {
                            path: format!("/questions/{id}/{key}"),
                            message,
                            suggestion: None,
                        });
                    }
                }
                None => faults.push(unknown(
                    "question",
                    id,
                    document.questions().map(|question| question.id.as_str()),
                )),
            }
        }
        let ScoringReweighting {
            pass_mark_micros,
            unanswered_optional,
            bonus_cap,
        } = scoring;
        let rules = &mut document.scoring;
        rules.pass_mark_micros = pass_mark_micros.or(rules.pass_mark_micros);
        rules.unanswered_optional = unanswered_optional.unwrap_or(rules.unanswered_optional);
        rules.bonus_cap = bonus_cap.unwrap_or(rules.bonus_cap);
        if faults.is_empty() {
            let broken = rules::check(&document, &|_| false);
            faults.extend(broken.into_iter().map(|fault| Fault {
                path: own_path(&document, &fault.path),
                ..fault
            }));
        }
        if faults.is_empty() {
            Ok(Checklist(document))
        } else {
            Err(faults)
        }
    }
}

fn unknown<'i>(what: &str, id: &str, known: impl Iterator<Item = &'i str>) -> Fault {
    Fault {
        path: format!("/{what}s/{id}"),
        message: format!("the checklist has no {what} `{id}`"),
        suggestion: did_you_mean(id, known),
    }
}

/// The place in a reweighting that answers for a place in the checklist.
fn own_path(document: &Document, path: &str) -> String {
    let steps: Vec<&str> = path.split('/').skip(1).collect();
    let index = |step: &str| step.parse::<usize>().ok();
    match steps.as_slice() {
        ["sections", section, "questions", question, rest @ ..] => {
            let section = index(section).and_then(|index| document.sections.get(index));
            let question = index(question).and_then(|index| section?.questions.get(index));
            let id = question.map_or("", |question| &question.id);
            format!("/questions/{id}/{}", rest.first().unwrap_or(&""))
        }
        ["sections", section, "weight"] => {
            let section = index(section).and_then(|index| document.sections.get(index));
            format!("/sections/{}", section.map_or("", |section| &section.id))
        }
        _ => path.to_owned(),
    }
}

/// The question that a place in a reweighting is about.
pub(super) fn question_named(path: &str) -> Option<String> {
    let id = path.strip_prefix("/questions/")?.split('/').next()?;
    Some(id.to_owned())
}

impl QuestionReweighting {
    /// # Errors
    /// The key that cannot be followed, and why.
    fn apply(&self, question: &mut Question) -> Result<(), (&'static str, String)> {
        let Self {
            points_milli,
            dimension,
            bonus,
            not_applicable,
            critical,
        } = self;
        if let Some(Shares {
            service,
            experience,
        }) = *dimension
        {
            (question.service_share, question.experience_share) = (service, experience);
            if !question.has_dimension() {
                scale::to_nothing(question);
            }
        }
        if let Some(points_milli) = *points_milli {
            if !question.has_dimension() {
                let message = "it has no dimension, so that it can have no points";
                return Err(("points", message.to_owned()));
            }
            scale::to(question, points_milli).map_err(|message| ("points", message))?;
        }
        question.bonus = bonus.unwrap_or(question.bonus);
        question.not_applicable = not_applicable.unwrap_or(question.not_applicable);
        if let Some(CriticalReweighting::Remove) = critical {
            question.critical = None;
            for option in question.options.iter_mut().flatten() {
                option.critical = None;
            }
        }
        Ok(())
    }
}
