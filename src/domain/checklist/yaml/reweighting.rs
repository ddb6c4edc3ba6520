//! A reweighting as people write it, in YAML or JSON, with the names and units that a checklist has.
//!
//! Not here: whether the checklist has such sections and questions (`reweighting/`).

use super::at;
use super::document::UNANSWERED_POLICIES;
use super::node::{self, Value};
use super::question::{NA_POLICIES, dimension};
use super::reader::{Place, Reader};
use super::texts;
use crate::domain::checklist::diff::Shares;
use crate::domain::checklist::problem::{Fault, overlap};
use crate::domain::checklist::reweighting::{
    CriticalReweighting, QuestionReweighting, Reweighting, ScoringReweighting, question_named,
};
use crate::domain::checklist::{CHECKLIST_BYTES_MAX, ChecklistProblem, NoPictures};

const ROOT: &[&str] = &["sections", "questions", "scoring"];
const QUESTION: &[&str] = &["points", "dimension", "bonus", "not_applicable", "critical"];
const SCORING: &[&str] = &["pass_mark", "unanswered_optional", "bonus_cap"];
const CRITICAL: &[(&str, CriticalReweighting)] = &[("remove", CriticalReweighting::Remove)];

/// `check` says what is wrong with what was read, by its place.
///
/// # Errors
/// All problems, in the order of the file.
pub(in crate::domain::checklist) fn parse(
    source: &str,
    check: impl FnOnce(&Reweighting) -> Result<(), Vec<Fault>>,
) -> Result<Reweighting, Vec<ChecklistProblem>> {
    if source.len() > CHECKLIST_BYTES_MAX {
        let message = format!("the file has more than {CHECKLIST_BYTES_MAX} bytes");
        return Err(vec![ChecklistProblem::of_file(message)]);
    }
    let root = node::read(source).map_err(|problem| vec![problem])?;
    let mut reader = Reader::new(&NoPictures);
    let place = Place {
        node: &root,
        path: String::new(),
    };
    let reweighting = read(&mut reader, &place);
    let faults = check(&reweighting).err().unwrap_or_default();
    let damaged = |path: &str| reader.found.iter().any(|found| overlap(&found.path, path));
    let mut problems: Vec<ChecklistProblem> = faults
        .into_iter()
        .filter(|fault| !damaged(&fault.path))
        .map(|fault| {
            at(
                root.position_of(&fault.path),
                question_named(&fault.path),
                ChecklistProblem::error(fault.message, fault.suggestion),
            )
        })
        .collect();
    problems.extend(reader.found.into_iter().map(|found| {
        at(
            found.at,
            found.question,
            ChecklistProblem::error(found.message, found.suggestion),
        )
    }));
    problems.sort_by_key(|problem| (problem.line, problem.column));
    if problems.is_empty() {
        Ok(reweighting)
    } else {
        Err(problems)
    }
}

fn read(reader: &mut Reader, root: &Place<'_>) -> Reweighting {
    let mut reweighting = Reweighting::default();
    let Some(map) = reader.map(root, ROOT) else {
        return reweighting;
    };
    for place in by_id(reader, map.get("sections")) {
        if let Some(weight) = reader.whole(&place, 0, 10_000) {
            reweighting.sections.insert(id(&place), weight);
        }
    }
    for place in by_id(reader, map.get("questions")) {
        let id = id(&place);
        reader.question = Some(id.clone());
        reweighting.questions.insert(id, question(reader, &place));
        reader.question = None;
    }
    if let Some(place) = map.get("scoring") {
        reweighting.scoring = scoring(reader, &place);
    }
    let nothing = reweighting == Reweighting::default();
    if nothing && reader.found.is_empty() {
        let suggestion = "name `sections`, `questions` or `scoring`".to_owned();
        reader.problem_with(root, "it changes nothing", Some(suggestion));
    }
    reweighting
}

/// The entries of a map whose keys are ids.
fn by_id<'n>(reader: &mut Reader, place: Option<Place<'n>>) -> Vec<Place<'n>> {
    let Some(place) = place else {
        return Vec::new();
    };
    let names: Vec<&str> = match &place.node.value {
        Value::Map(entries) => entries.iter().map(|(key, _)| key.name.as_str()).collect(),
        _ => Vec::new(),
    };
    // Whether there are such ids is not known here; that none comes twice is.
    let Some(map) = reader.map(&place, &names) else {
        return Vec::new();
    };
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
        .into_iter()
        .filter_map(|name| map.get(name))
        .collect()
}

fn id(place: &Place<'_>) -> String {
    let last = place.path.rsplit('/').next();
    last.unwrap_or_default().to_owned()
}

fn question(reader: &mut Reader, place: &Place<'_>) -> QuestionReweighting {
    let Some(map) = reader.map(place, QUESTION) else {
        return QuestionReweighting::default();
    };
    QuestionReweighting {
        points_milli: map
            .get("points")
            .and_then(|place| reader.decimal(&place, 3)),
        dimension: map
            .get("dimension")
            .and_then(|place| dimension(reader, &place))
            .map(|(service, experience)| Shares {
                service,
                experience,
            }),
        bonus: map.get("bonus").and_then(|place| reader.boolean(&place)),
        not_applicable: map
            .get("not_applicable")
            .and_then(|place| reader.word(&place, NA_POLICIES, "policy")),
        critical: map
            .get("critical")
            .and_then(|place| reader.word(&place, CRITICAL, "change of a critical")),
    }
}

fn scoring(reader: &mut Reader, place: &Place<'_>) -> ScoringReweighting {
    let Some(map) = reader.map(place, SCORING) else {
        return ScoringReweighting::default();
    };
    ScoringReweighting {
        pass_mark_micros: map
            .get("pass_mark")
            .and_then(|place| texts::percent_micros(reader, &place)),
        unanswered_optional: map
            .get("unanswered_optional")
            .and_then(|place| reader.word(&place, UNANSWERED_POLICIES, "policy")),
        bonus_cap: map
            .get("bonus_cap")
            .and_then(|place| reader.boolean(&place)),
    }
}
