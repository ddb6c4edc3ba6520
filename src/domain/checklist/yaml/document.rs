//! A whole file: its head and its sections.
//!
//! Not here: single questions (`question.rs`), and limits and sense (`rules/`).

use super::reader::{Place, Reader};
use super::{keys, question, texts};
use crate::domain::checklist::NoPictures;
use crate::domain::checklist::currency::minor_digits;
use crate::domain::checklist::model::{
    Document, Follows, NaPolicy, QuestionType, ScoringRules, Section, UnansweredPolicy,
};
use crate::domain::checklist::text::Text;

pub(super) const UNANSWERED_POLICIES: &[(&str, UnansweredPolicy)] = &[
    ("exclude", UnansweredPolicy::Exclude),
    ("zero", UnansweredPolicy::Zero),
];

/// What could not be read has been told, and is left empty.
pub(super) fn read(reader: &mut Reader, root: &Place<'_>) -> Document {
    let map = reader.map(root, keys::DOCUMENT).cloned();
    let map = map.as_ref();
    let mut required = |key: &str| map.and_then(|map| reader.required(map, key));
    let [checklist, version, languages, title, industry, sections] = [
        "checklist",
        "version",
        "languages",
        "title",
        "industry",
        "sections",
    ]
    .map(&mut required);
    let sections = sections
        .map(|place| reader.list(&place))
        .unwrap_or_default();
    note_kinds(reader, &sections);
    let languages = languages
        .map(|place| reader.list(&place))
        .unwrap_or_default();
    let languages: Vec<String> = languages
        .iter()
        .map(|tag| reader.words(tag).unwrap_or_default())
        .collect();
    let partial_languages = map
        .and_then(|map| map.get("partial_languages"))
        .map(|place| reader.list(&place))
        .unwrap_or_default()
        .iter()
        .map(|tag| reader.words(tag).unwrap_or_default())
        .collect();
    let follows = map
        .and_then(|map| map.get("follows"))
        .and_then(|place| follows(reader, &place));
    let scoring = scoring(reader, map.and_then(|map| map.get("scoring")));
    let mut optional_text = |key: &str| {
        map.and_then(|map| map.get(key))
            .map(|place| texts::read(reader, &place, &languages))
    };
    let (brief, scenario) = (optional_text("brief"), optional_text("scenario"));
    let mut document = Document {
        format: 1,
        checklist: checklist
            .and_then(|place| reader.words(&place))
            .unwrap_or_default(),
        version: version
            .and_then(|place| reader.whole(&place, 1, 999_999))
            .unwrap_or_default(),
        title: title
            .map(|place| texts::read(reader, &place, &languages))
            .unwrap_or_default(),
        industry: industry
            .and_then(|place| reader.words(&place))
            .unwrap_or_default(),
        brief,
        scenario,
        follows,
        sections: sections
            .iter()
            .map(|place| section(reader, place, &languages, scoring.not_applicable))
            .collect(),
        scoring,
        languages,
        partial_languages,
    };
    document.format = document.format_needed();
    document
}

fn follows(reader: &mut Reader, place: &Place<'_>) -> Option<Follows> {
    let map = reader.map(place, keys::FOLLOWS)?;
    let checklist = reader.required(map, "checklist")?;
    Some(Follows {
        checklist: reader.words(&checklist)?,
        days_max: map
            .get("days_max")
            .and_then(|place| reader.whole(&place, 1, 366)),
    })
}

fn scoring(reader: &mut Reader, place: Option<Place<'_>>) -> ScoringRules {
    let map = place
        .as_ref()
        .and_then(|place| reader.map(place, keys::SCORING));
    let get = |key: &str| map.and_then(|map| map.get(key));
    let not_applicable = get("not_applicable")
        .and_then(|place| reader.word(&place, question::NA_POLICIES, "policy"));
    let unanswered = get("unanswered_optional")
        .and_then(|place| reader.word(&place, UNANSWERED_POLICIES, "policy"));
    ScoringRules {
        not_applicable: not_applicable.unwrap_or(NaPolicy::Exclude),
        unanswered_optional: unanswered.unwrap_or(UnansweredPolicy::Exclude),
        bonus_cap: get("bonus_cap")
            .and_then(|place| reader.boolean(&place))
            .unwrap_or(true),
        pass_mark_micros: get("pass_mark").and_then(|place| texts::percent_micros(reader, &place)),
    }
}

fn section(
    reader: &mut Reader,
    place: &Place<'_>,
    languages: &[String],
    inherited: NaPolicy,
) -> Section {
    let map = reader.map(place, keys::SECTION);
    let mut required = |key: &str| map.and_then(|map| reader.required(map, key));
    let [id, title, weight, questions] = ["id", "title", "weight", "questions"].map(&mut required);
    let questions = questions
        .map(|place| reader.list(&place))
        .unwrap_or_default();
    Section {
        id: id
            .and_then(|place| reader.words(&place))
            .unwrap_or_default(),
        title: title.map_or_else(Text::default, |place| {
            texts::read(reader, &place, languages)
        }),
        weight: weight
            .and_then(|place| reader.whole(&place, 0, 10_000))
            .unwrap_or_default(),
        questions: questions
            .iter()
            .map(|place| question::read(reader, place, languages, inherited))
            .collect(),
    }
}

/// Looks ahead at the type of every question, silently: what is wrong with it is told when it is read.
fn note_kinds(reader: &mut Reader, sections: &[Place<'_>]) {
    let mut silent = Reader::new(&NoPictures);
    for question in sections
        .iter()
        .filter_map(|section| section.node.get("questions"))
        .flat_map(|list| list.items())
    {
        let place = Place {
            node: question,
            path: String::new(),
        };
        let mut words = |key: &str| place.get(key).and_then(|place| silent.words(&place));
        let (id, currency) = (words("id"), words("currency"));
        let kind: Option<QuestionType> = place
            .get("type")
            .and_then(|place| question::kind(&mut silent, &place));
        if let (Some(id), Some(kind)) = (id, kind) {
            let digits = currency.as_deref().map_or(2, minor_digits);
            reader.kinds.entry(id).or_insert((kind, digits));
        }
    }
}
