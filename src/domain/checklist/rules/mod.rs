//! What a checklist may not say, however it was written.
//!
//! The rules look at the document, so that they hold for YAML and for canonical JSON alike; places are named by pointers in
//! the YAML's key names. Not here: how values are written (`yaml/`).
//!
//! A published version is read back through these rules for ever: a rule that refuses what was accepted before belongs with a
//! new document format, or with the reading of YAML.

mod conditions;
mod head;
mod legs;
mod pairs;
mod pictures;
mod points;
mod question;
mod texts;

use std::collections::BTreeMap;

use super::model::{Document, Question};
use super::problem::{Fault, did_you_mean};

const ID_CHARACTERS_MAX: usize = 64;

/// Collects faults; knows the document as a whole.
struct Rules<'d> {
    document: &'d Document,
    /// Question id → its number in the whole document and its pointer; the first one where an id is repeated.
    places: BTreeMap<&'d str, (usize, String)>,
    /// Whether something at or in this place could not be read, so that it is no ground for a fault elsewhere.
    damaged: &'d dyn Fn(&str) -> bool,
    faults: Vec<Fault>,
}

impl Rules<'_> {
    fn fault(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.fault_with(path, message, None);
    }

    fn fault_with(
        &mut self,
        path: impl Into<String>,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.faults.push(Fault {
            path: path.into(),
            message: message.into(),
            suggestion,
        });
    }
}

/// Every broken rule.
pub(super) fn check(document: &Document, damaged: &dyn Fn(&str) -> bool) -> Vec<Fault> {
    let mut rules = Rules {
        document,
        places: BTreeMap::new(),
        damaged,
        faults: Vec::new(),
    };
    if !head::sizes(&mut rules) {
        return rules.faults;
    }
    head::check(&mut rules);
    texts::check_head(&mut rules);
    legs::check(&mut rules);
    pictures::check_number(&mut rules);
    let mut number = 0;
    for (index, section) in document.sections.iter().enumerate() {
        let path = format!("/sections/{index}");
        identifier(&mut rules, &format!("{path}/id"), &section.id, "section");
        if document.sections[..index]
            .iter()
            .any(|earlier| earlier.id == section.id && !section.id.is_empty())
        {
            rules.fault(
                format!("{path}/id"),
                format!("section `{}` is there twice", section.id),
            );
        }
        texts::check(&mut rules, &format!("{path}/title"), &section.title);
        if section.questions.is_empty() {
            rules.fault(
                format!("{path}/questions"),
                format!("section `{}` has no questions", section.id),
            );
        }
        for (index, question) in section.questions.iter().enumerate() {
            one_question(
                &mut rules,
                &format!("{path}/questions/{index}"),
                number,
                question,
            );
            number += 1;
        }
    }
    // Only now are all places known, so that a condition on a later question can be told from one on none.
    let mut number = 0;
    for (section_index, section) in document.sections.iter().enumerate() {
        for (index, question) in section.questions.iter().enumerate() {
            let path = format!("/sections/{section_index}/questions/{index}");
            conditions::check(&mut rules, &path, number, question);
            pairs::check(&mut rules, &path, number, question);
            number += 1;
        }
    }
    rules.faults
}

fn one_question<'d>(rules: &mut Rules<'d>, path: &str, number: usize, question: &'d Question) {
    identifier(rules, &format!("{path}/id"), &question.id, "question");
    if !question.id.is_empty() {
        let earlier = rules
            .places
            .get(question.id.as_str())
            .map(|(_, earlier)| earlier.clone());
        match earlier {
            Some(earlier) => {
                let same_section = earlier.rsplit_once('/').map(|(list, _)| list)
                    == path.rsplit_once('/').map(|(list, _)| list);
                let place = if same_section {
                    "in this section"
                } else {
                    "in another section"
                };
                rules.fault_with(
                    format!("{path}/id"),
                    format!("id `{}` is already taken {place}", question.id),
                    Some("each question of a checklist has an id of its own".to_owned()),
                );
            }
            None => {
                rules.places.insert(&question.id, (number, path.to_owned()));
            }
        }
    }
    question::check(rules, path, question);
    pictures::check(rules, path, question);
    points::check(rules, path, question);
}

/// Ids of sections, questions and options stand in addresses, exports and conditions.
fn identifier(rules: &mut Rules<'_>, path: &str, id: &str, what: &str) {
    let is_plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
    };
    if id.is_empty() || id.len() > ID_CHARACTERS_MAX || !id.bytes().all(is_plain) {
        let example = plain(id, '_').map_or_else(String::new, |id| format!(", such as `{id}`"));
        let suggestion = Some(format!(
            "up to {ID_CHARACTERS_MAX} lower-case letters, digits, _ and -{example}"
        ));
        rules.fault_with(path, format!("`{id}` is no {what} id"), suggestion);
    }
}

/// What is left of a name in lower-case letters and digits, with `between` in place of anything else; None when that is no
/// name either.
fn plain(name: &str, between: char) -> Option<String> {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let plain = parts.join(&between.to_string());
    (1..=ID_CHARACTERS_MAX)
        .contains(&plain.len())
        .then_some(plain)
}
