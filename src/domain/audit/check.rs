//! Holds an audit document to its checklist version, as far as a JSON Schema cannot.
//!
//! Shapes, types, bounds and unknown question ids are for the version's schema (`checklist/schema.rs`), which comes first.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::AuditDocument;
use crate::domain::answer::{Answer, Given, Value};
use crate::domain::checklist::conditions::{Shown, shown};
use crate::domain::checklist::{Checklist, NaPolicy, Question, QuestionType as Type};
use crate::domain::ids::Sha256;

/// Something in the document that its checklist does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditProblem {
    /// A JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    pub message: String,
}

/// Every way in which `document` does not hold to `checklist`; empty when it does.
pub fn check(checklist: &Checklist, document: &AuditDocument) -> Vec<AuditProblem> {
    let shown = shown(checklist, &document.answers);
    let mut problems = Vec::new();
    let mut known = 0;
    for question in checklist
        .questions()
        .filter(|question| question.kind != Type::Heading)
    {
        let mut problem = |below: &str, message: String| {
            problems.push(AuditProblem {
                pointer: format!("/answers/{}{below}", question.id),
                message,
            });
        };
        let answer = document.answers.get(&question.id);
        known += usize::from(answer.is_some());
        match answer {
            Some(_) if !shown.contains(&question.id) => {
                problem("", "answers a question that is not shown".to_owned())
            }
            Some(answer) => check_answer(question, answer, &shown, &mut problem),
            None => {}
        }
        if shown.requires(question) && shown.given(&question.id) == Given::Nothing {
            problem("", "has to be answered".to_owned());
        }
    }
    // Hardly ever: the schema refuses them.
    if known < document.answers.len() {
        problems.extend(to_nothing(checklist, document));
    }
    photos_agree(document, &mut problems);
    problems
}

/// Answers to headings, and to questions that the checklist does not have.
fn to_nothing(checklist: &Checklist, document: &AuditDocument) -> Vec<AuditProblem> {
    let asked: BTreeSet<&str> = checklist
        .questions()
        .filter(|question| question.kind != Type::Heading)
        .map(|question| question.id.as_str())
        .collect();
    let ids = document.answers.keys();
    ids.filter(|id| !asked.contains(id.as_str()))
        .map(|id| AuditProblem {
            pointer: format!("/answers/{}", id.replace('~', "~0").replace('/', "~1")),
            message: "answers no question of this checklist".to_owned(),
        })
        .collect()
}

fn check_answer(
    question: &Question,
    answer: &Answer,
    shown: &Shown<'_>,
    problem: &mut impl FnMut(&str, String),
) {
    let given = shown.given(&question.id);
    if answer.not_applicable && question.not_applicable == NaPolicy::NotAllowed {
        problem("/not_applicable", "this question always applies".to_owned());
    }
    match (&answer.value, given) {
        (Some(_), Given::NotApplicable) => {
            problem("/value", "stands beside 'not applicable'".to_owned())
        }
        (Some(value), Given::Nothing | Given::Photos(_)) if !is_blank_text(question, value) => {
            problem(
                "/value",
                format!("is no answer to this {} question", question.kind.name()),
            );
        }
        (Some(Value::Text(text)), Given::Value(_)) => check_text(question, text, problem),
        _ => {}
    }
    let (count, rule) = (answer.photos.len(), question.photo.as_ref());
    let most = rule.map_or(0, |rule| rule.max as usize);
    let in_force = rule.filter(|rule| {
        rule.when
            .as_ref()
            .is_none_or(|condition| shown.holds(condition))
    });
    let least = match given {
        Given::Value(_) | Given::Photos(_) => in_force.map_or(0, |rule| rule.min as usize),
        Given::Nothing | Given::NotApplicable => 0,
    };
    if count > most {
        problem("/photos", format!("has {count} photos; {most} are allowed"));
    }
    if count < least {
        problem("/photos", format!("has {count} photos; {least} are needed"));
    }
    if let Some(twice) = repeated(&answer.photos) {
        problem("/photos", format!("names photo {twice} twice"));
    }
}

/// An emptied text field is the same as one that was never filled.
fn is_blank_text(question: &Question, value: &Value) -> bool {
    question.kind == Type::Text && matches!(value, Value::Text(text) if text.trim().is_empty())
}

fn check_text(question: &Question, text: &str, problem: &mut impl FnMut(&str, String)) {
    match question.kind {
        Type::Text => {
            // Words are what white space separates, in every language: the phone counts the same way.
            let (words, least) = (
                text.split_whitespace().count(),
                question.words_min.unwrap_or(0) as usize,
            );
            if words < least {
                problem("/value", format!("has {words} words; {least} are needed"));
            }
        }
        Type::Date if NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err() => {
            problem("/value", "is no date".to_owned());
        }
        Type::Time if NaiveTime::parse_from_str(text, "%H:%M").is_err() => {
            problem("/value", "is no time of day".to_owned());
        }
        _ => {}
    }
}

/// Photos named by answers are listed, and listed photos are named.
fn photos_agree(document: &AuditDocument, problems: &mut Vec<AuditProblem>) {
    let listed: Vec<Sha256> = document.photos.iter().map(|photo| photo.sha256).collect();
    let mut named = BTreeSet::new();
    for (id, answer) in &document.answers {
        for (index, sha256) in answer.photos.iter().enumerate() {
            named.insert(*sha256);
            if !listed.contains(sha256) {
                let pointer = format!("/answers/{id}/photos/{index}");
                problems.push(AuditProblem {
                    pointer,
                    message: "is not among the audit's photos".to_owned(),
                });
            }
        }
    }
    for (index, sha256) in listed.iter().enumerate() {
        if !named.contains(sha256) {
            let message = "belongs to no answer".to_owned();
            problems.push(AuditProblem {
                pointer: format!("/photos/{index}"),
                message,
            });
        }
    }
    if let Some(twice) = repeated(&listed) {
        problems.push(AuditProblem {
            pointer: "/photos".to_owned(),
            message: format!("lists photo {twice} twice"),
        });
    }
}

fn repeated(photos: &[Sha256]) -> Option<Sha256> {
    let mut seen = BTreeSet::new();
    photos.iter().copied().find(|photo| !seen.insert(*photo))
}
