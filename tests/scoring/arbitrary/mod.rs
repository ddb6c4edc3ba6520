//! Random checklists that keep every rule, and random answers to them, good and bad.
//!
//! All of both is built from lists of numbers (`choices.rs`), so that none has to be thrown away. Not here: what is expected of them.

mod answers;
mod checklist;
mod choices;
mod conditions;
mod kinds;
mod points;
mod question;

use std::fmt;

use plainclothes::domain::answer::Answers;
use plainclothes::domain::checklist::{Checklist, Document, Question};
use proptest::prelude::*;
use serde::Deserialize as _;
use serde_json::Value as Json;

/// Sets of answers to one checklist.
const SETS: usize = 6;

/// A checklist with some sets of answers to it, all different.
#[derive(Clone)]
pub struct Audits {
    pub checklist: Checklist,
    pub sets: Vec<AnswerSet>,
    seed: Seed,
}

impl Audits {
    /// The same with one section, question, set of answers or list of decisions less. Proptest tries to leave each out
    /// once; what was needed then may be needed no more.
    pub fn smaller(&self) -> impl Iterator<Item = Self> + use<> {
        let mut seeds = Vec::new();
        for (at, section) in self.seed.sections.iter().enumerate() {
            let mut without = |change: &dyn Fn(&mut Vec<SectionSeed>)| {
                let mut seed = self.seed.clone();
                change(&mut seed.sections);
                if !seed.sections.is_empty() && seed != self.seed {
                    seeds.push(seed);
                }
            };
            without(&|sections| drop(sections.remove(at)));
            without(&|sections| sections[at].numbers.clear());
            for question in 0..section.questions.len() {
                if section.questions.len() > 1 {
                    without(&|sections| drop(sections[at].questions.remove(question)));
                }
                without(&|sections| sections[at].questions[question].numbers.clear());
                without(&|sections| sections[at].questions[question].conditions.clear());
                for set in 0..SETS {
                    without(&|sections| sections[at].questions[question].answers[set].clear());
                }
            }
        }
        let head = Seed {
            head: Vec::new(),
            ..self.seed.clone()
        };
        seeds.extend((head != self.seed).then_some(head));
        seeds.into_iter().map(build)
    }
}

/// Answers as JSON, as they would come over the wire.
#[derive(Clone)]
pub struct AnswerSet {
    pub answers: Json,
    /// Whether a phone's controls could have made them: no values of a wrong type, no unknown options, no repeated
    /// photos, 'not applicable' only where it is offered. Bounds, words and numbers of photos may still be missed.
    pub enterable: bool,
}

impl AnswerSet {
    /// # Panics
    /// Never: what is random is the value of an answer, and any JSON is one.
    pub fn read(&self) -> Answers {
        Answers::deserialize(&self.answers).expect("answers with any value can be read")
    }
}

/// As JSON, which can be read back, and given to the other program.
impl fmt::Debug for Audits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document: &Document = &self.checklist;
        let document = serde_json::to_string_pretty(document).map_err(|_| fmt::Error)?;
        writeln!(f, "checklist: {document}")?;
        for set in &self.sets {
            let by = if set.enterable { "a phone" } else { "anybody" };
            writeln!(f, "answers of {by}: {}", set.answers)?;
        }
        Ok(())
    }
}

/// The numbers that a checklist with its answers is built from, question by question: one that is taken away while
/// shrinking leaves the others as they are.
#[derive(Clone, Debug, PartialEq)]
struct Seed {
    head: Vec<u16>,
    sections: Vec<SectionSeed>,
}

#[derive(Clone, Debug, PartialEq)]
struct SectionSeed {
    numbers: Vec<u16>,
    questions: Vec<QuestionSeed>,
}

#[derive(Clone, Debug, PartialEq)]
struct QuestionSeed {
    numbers: Vec<u16>,
    conditions: Vec<u16>,
    answers: [Vec<u16>; SETS],
}

fn numbers(most: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..=most)
}

fn question() -> impl Strategy<Value = QuestionSeed> {
    let answers = prop_oneof![4 => numbers(16), 1 => Just(Vec::new())];
    let conditions = prop_oneof![2 => Just(Vec::new()), 1 => numbers(30)];
    let parts = (numbers(50), conditions, prop::array::uniform6(answers));
    parts.prop_map(|(numbers, conditions, answers)| QuestionSeed {
        numbers,
        conditions,
        answers,
    })
}

fn sections(sections: usize, questions: usize) -> impl Strategy<Value = Vec<SectionSeed>> {
    let section = (numbers(3), prop::collection::vec(question(), 1..=questions))
        .prop_map(|(numbers, questions)| SectionSeed { numbers, questions });
    prop::collection::vec(section, 1..=sections)
}

/// Small ones as a rule; once in a while as many sections, or as many questions, as there may be.
pub fn audits() -> impl Strategy<Value = Audits> {
    let sizes = prop_oneof![
        1_000 => sections(4, 6),
        2 => sections(100, 3),
        1 => sections(4, 100),
    ];
    (numbers(12), sizes).prop_map(|(head, sections)| build(Seed { head, sections }))
}

fn build(seed: Seed) -> Audits {
    let document = checklist::document(&seed);
    let problem = |error| -> Checklist { panic!("not by the rules: {error}\n{document:#?}") };
    let checklist = Checklist::try_from(document.clone()).unwrap_or_else(problem);
    let questions: Vec<&Question> = document.questions().collect();
    let seeds: Vec<&QuestionSeed> = seed
        .sections
        .iter()
        .flat_map(|section| &section.questions)
        .collect();
    let mut sets: Vec<AnswerSet> = Vec::new();
    for number in 0..SETS {
        let numbers = seeds.iter().map(|seed| seed.answers[number].as_slice());
        let set = answers::set(&questions, numbers, number % 2 == 0);
        let same =
            |other: &AnswerSet| other.answers == set.answers && (other.enterable || !set.enterable);
        if !sets.iter().any(same) {
            sets.push(set);
        }
    }
    Audits {
        checklist,
        sets,
        seed,
    }
}
