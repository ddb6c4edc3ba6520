//! A random checklist's head and sections.
//!
//! Not here: its questions (`question.rs`).

use std::collections::BTreeSet;

use plainclothes::domain::checklist::{
    Document, Follows, NaPolicy, Question, ScoringRules, Section, Text, UnansweredPolicy,
};

use super::choices::Choices;
use super::{Seed, question};

pub const POLICIES: [NaPolicy; 5] = [
    NaPolicy::Exclude,
    NaPolicy::Pass,
    NaPolicy::Zero,
    NaPolicy::Fail,
    NaPolicy::NotAllowed,
];

/// What every question has to know of the checklist that it stands in.
pub struct Head {
    pub languages: Vec<String>,
    pub partial_languages: Vec<String>,
    pub is_second_leg: bool,
    /// Only once in a while: a checklist that says nothing new is one of format 1.
    pub format_2: bool,
    /// What questions inherit.
    pub not_applicable: NaPolicy,
}

impl Head {
    /// A text in every language, and perhaps in the partial ones.
    pub fn text(&self, choices: &mut Choices<'_>) -> Text {
        let words = choices.of(&["T", "Was it clean?", "שלום", "🧾 naïve\u{85}", "\u{feff}x"]);
        let mut tags = self.languages.clone();
        if choices.one_in(2) {
            tags.extend_from_slice(&self.partial_languages);
        }
        Text(
            tags.into_iter()
                .map(|tag| (tag, words.to_owned()))
                .collect(),
        )
    }
}

pub fn document(seed: &Seed) -> Document {
    let choices = &mut Choices::new(&seed.head);
    let format_2 = choices.one_in(2);
    let scoring = ScoringRules {
        not_applicable: choices.of(&POLICIES),
        unanswered_optional: choices.of(&[UnansweredPolicy::Exclude, UnansweredPolicy::Zero]),
        bonus_cap: choices.below(3) != 2,
        pass_mark_micros: choices.of(&[
            None,
            Some(500_000),
            Some(800_000),
            Some(0),
            Some(1_000_000),
        ]),
    };
    let languages: &[&str] = choices.of(&[&["en"], &["nl-BE", "en", "pt-BR"]]);
    let partial: &[&str] = if format_2 {
        choices.of(&[&[], &["de", "fr"]])
    } else {
        &[]
    };
    let follows = (format_2 && choices.one_in(2)).then(|| Follows {
        checklist: "first-leg".to_owned(),
        days_max: choices.of(&[None, Some(14), Some(366)]),
    });
    let owned = |tags: &[&str]| -> Vec<String> { tags.iter().map(|tag| (*tag).into()).collect() };
    let head = Head {
        languages: owned(languages),
        partial_languages: owned(partial),
        is_second_leg: follows.is_some(),
        format_2,
        not_applicable: scoring.not_applicable,
    };
    let sections = sections(seed, &head);
    let mut document = Document {
        format: 1,
        checklist: "random".to_owned(),
        version: 1,
        title: head.text(choices),
        brief: choices.one_in(4).then(|| head.text(choices)),
        scenario: choices.one_in(4).then(|| head.text(choices)),
        languages: head.languages,
        partial_languages: head.partial_languages,
        industry: "test".to_owned(),
        follows,
        scoring,
        sections,
    };
    document.format = document.format_needed();
    document
}

fn sections(seed: &Seed, head: &Head) -> Vec<Section> {
    let mut earlier: Vec<Question> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut sections = Vec::new();
    for (index, section) in seed.sections.iter().enumerate() {
        let choices = &mut Choices::new(&section.numbers);
        let first = earlier.len();
        for question in &section.questions {
            let id = id(
                &mut Choices::new(&question.conditions),
                earlier.len(),
                &mut ids,
            );
            let question = question::question(id, question, head, &earlier);
            earlier.push(question);
        }
        sections.push(Section {
            id: format!("s{index}"),
            title: head.text(choices),
            weight: choices.of(&[1, 0, 20, 3, 10_000, 7, 9_999]),
            questions: earlier[first..].to_vec(),
        });
    }
    if sections.iter().all(|section| section.weight == 0) {
        sections[0].weight = 1;
    }
    sections
}

/// Once in a while a name that a program could trip over.
fn id(choices: &mut Choices<'_>, number: usize, taken: &mut BTreeSet<String>) -> String {
    let odd = choices.of(&["", "", "", "", "", "", "constructor", "__proto__", "0"]);
    let long = "a".repeat(64);
    let odd = if choices.one_in(50) { &long } else { odd };
    if !odd.is_empty() && taken.insert(odd.to_owned()) {
        return odd.to_owned();
    }
    format!("q{number}")
}
