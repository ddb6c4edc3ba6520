//! Answers, score and photos of one audit put side by side, question by question. Pure: what it is given is all it knows.

use std::collections::BTreeMap;

use super::views::{PublishedQuestion, PublishedSection};
use crate::domain::answer::{Answers, Given};
use crate::domain::answer_text::answer_text;
use crate::domain::checklist::conditions::{Shown, shown};
use crate::domain::checklist::{Checklist, Question, QuestionType};
use crate::domain::ids::Sha256;
use crate::domain::scoring::{Score, TraceLine, Why};

/// A photo with the question that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedPhoto {
    /// From 1, in the order in which a reader meets them.
    pub number: u32,
    pub question: String,
    pub sha256: Sha256,
}

/// Numbers photos in the order of the checklist's questions, those of one question as they were given.
pub fn number(checklist: &Checklist, photos: Vec<(String, Sha256)>) -> Vec<NumberedPhoto> {
    let places: BTreeMap<&str, usize> = checklist
        .questions()
        .enumerate()
        .map(|(at, question)| (question.id.as_str(), at))
        .collect();
    let mut photos = photos;
    photos
        .sort_by_key(|(question, _)| places.get(question.as_str()).copied().unwrap_or(usize::MAX));
    (1..)
        .zip(photos)
        .map(|(number, (question, sha256))| NumberedPhoto {
            number,
            question,
            sha256,
        })
        .collect()
}

/// What a reader is told in `language`: every question that was asked, in order. Headings ask nothing and are left out.
pub fn sections(
    checklist: &Checklist,
    answers: &Answers,
    score: &Score,
    photos: &[NumberedPhoto],
    language: &str,
) -> Vec<PublishedSection> {
    let told = Told {
        checklist,
        answers,
        shown: shown(checklist, answers),
        trace: score
            .trace
            .iter()
            .map(|line| (line.question.as_str(), line))
            .collect(),
        photos,
        language,
    };
    checklist
        .sections
        .iter()
        .map(|section| {
            let scored = score.sections.iter().find(|scored| scored.id == section.id);
            let questions = section.questions.iter();
            PublishedSection {
                id: section.id.clone(),
                title: section.title.0.clone(),
                micros: scored
                    .and_then(|scored| scored.micros)
                    .map(|micros| micros.0),
                service_micros: scored
                    .and_then(|scored| scored.service_micros)
                    .map(|micros| micros.0),
                experience_micros: scored
                    .and_then(|scored| scored.experience_micros)
                    .map(|micros| micros.0),
                questions: questions
                    .filter_map(|question| told.question(question))
                    .collect(),
            }
        })
        .collect()
}

struct Told<'a> {
    checklist: &'a Checklist,
    answers: &'a Answers,
    shown: Shown<'a>,
    trace: BTreeMap<&'a str, &'a TraceLine>,
    photos: &'a [NumberedPhoto],
    language: &'a str,
}

impl Told<'_> {
    fn question(&self, question: &Question) -> Option<PublishedQuestion> {
        let id = question.id.as_str();
        if !is_for_clients(question) || !self.shown.contains(id) {
            return None;
        }
        let photos: Vec<u32> = self
            .photos
            .iter()
            .filter(|photo| photo.question == id)
            .map(|photo| photo.number)
            .collect();
        let given = match self.shown.given(id) {
            // A photo that was waived is not counted: nobody will find it.
            Given::Photos(_) if photos.is_empty() => Given::Nothing,
            Given::Photos(_) => Given::Photos(photos.len()),
            other => other,
        };
        let line = self.trace.get(id);
        let comment = self
            .answers
            .get(id)
            .and_then(|answer| answer.comment.as_deref());
        Some(PublishedQuestion {
            id: id.to_owned(),
            text: question.text.0.clone(),
            answer: answer_text(question, given, self.language, &self.checklist.languages),
            not_applicable: matches!(given, Given::NotApplicable),
            earned_milli: line.map_or(0, |line| line.earned_milli),
            possible_milli: line.map_or(0, |line| line.possible_milli),
            scored: line.is_some_and(|line| line.why != Why::NotScored),
            comment: comment
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            photos,
        })
    }
}

/// Traps and distances tell about the shopper, and are for the agency alone.
fn is_for_clients(question: &Question) -> bool {
    !question.trap
        && !matches!(
            question.kind,
            QuestionType::Heading | QuestionType::LocationCheck
        )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::scoring;

    const CHECKLIST: &str = r#"
checklist: counter
version: 1
languages: [en, nl]
title: {en: Counter, nl: Balie}
industry: retail
scoring: {not_applicable: exclude, unanswered_optional: exclude, bonus_cap: true}
sections:
  - id: service
    title: {en: Service, nl: Bediening}
    weight: 1
    questions:
      - {id: part, type: heading, text: {en: "At the counter", nl: "Aan de balie"}}
      - {id: smiled, type: yes_no, text: {en: "A smile?", nl: "Een lach?"}, dimension: service, points: 4, photo: {min: 0, max: 2}}
      - id: why
        type: text
        text: {en: "Why not?", nl: "Waarom niet?"}
        show_if: {question: smiled, equals: false}
        dimension: none
      - {id: bag, type: yes_no, text: {en: "A bag?", nl: "Een tas?"}, dimension: service, points: 2}
      - {id: arrived, type: time, text: {en: "When?", nl: "Hoe laat?"}, dimension: none, required: false}
      - {id: near, type: location_check, text: {en: "Where are you?", nl: "Waar bent u?"}, dimension: none}
      - {id: card, type: yes_no, text: {en: "A blue card?", nl: "Een blauwe kaart?"}, dimension: none, trap: true}
      - {id: front, type: photo, text: {en: "The front", nl: "De gevel"}, dimension: none, required: false, photo: {min: 1, max: 2}}
"#;

    fn checklist() -> Checklist {
        Checklist::parse_yaml(CHECKLIST).expect("a sound checklist")
    }

    fn answers() -> Answers {
        let digest = "00".repeat(32);
        serde_json::from_value(json!({
            "smiled": {"value": true, "comment": "  At once. ", "recorded_at": "2026-11-22T13:37:00+01:00"},
            "bag": {"not_applicable": true, "comment": " "},
            "arrived": {"value": "13:37"},
            "front": {"photos": [digest]},
        }))
        .expect("answers")
    }

    fn photo(question: &str, digest: u8) -> (String, Sha256) {
        (question.to_owned(), Sha256([digest; 32]))
    }

    fn told(photos: &[NumberedPhoto], language: &str) -> Vec<PublishedQuestion> {
        let (checklist, answers) = (checklist(), answers());
        let score = scoring::score(&checklist, &answers);
        let mut sections = sections(&checklist, &answers, &score, photos, language);
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].micros, Some(1_000_000));
        sections.remove(0).questions
    }

    #[test]
    fn photos_are_numbered_as_a_reader_meets_them() {
        let photos = vec![photo("front", 1), photo("smiled", 3), photo("smiled", 2)];
        let numbered = number(&checklist(), photos);
        let order: Vec<_> = numbered.iter().map(|p| (p.number, p.sha256.0[0])).collect();
        assert_eq!(order, [(1, 3), (2, 2), (3, 1)]);
    }

    #[test]
    fn what_was_asked_is_told_in_words_and_what_was_hidden_is_not() {
        let numbered = number(&checklist(), vec![photo("front", 1), photo("smiled", 2)]);
        let questions = told(&numbered, "nl");
        let ids: Vec<&str> = questions
            .iter()
            .map(|question| question.id.as_str())
            .collect();
        assert_eq!(ids, ["smiled", "bag", "arrived", "front"]);
        let [smiled, bag, arrived, front] = questions.try_into().expect("four questions");
        assert_eq!(
            (smiled.answer.as_str(), smiled.comment.as_deref()),
            ("Ja", Some("At once."))
        );
        assert_eq!(
            (smiled.earned_milli, smiled.possible_milli, smiled.scored),
            (4_000, 4_000, true)
        );
        assert_eq!(smiled.photos, [1]);
        assert!(bag.not_applicable && bag.scored && bag.answer.is_empty() && bag.comment.is_none());
        assert!(!arrived.scored);
        assert_eq!((front.answer.as_str(), front.photos), ("1 foto", vec![2]));
    }

    #[test]
    fn a_photo_that_was_waived_is_not_promised() {
        let questions = told(&[], "en");
        assert_eq!(
            questions.last().map(|front| front.answer.as_str()),
            Some("")
        );
    }

    #[test]
    fn no_time_of_day_is_told() {
        let questions = serde_json::to_string(&told(&[], "en")).expect("JSON");
        assert!(questions.contains("Afternoon"));
        assert!(!questions.contains("13:37"), "{questions}");
    }
}
