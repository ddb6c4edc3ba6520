//! The survey sheet from top to bottom: groups become sections, rows become questions.
//!
//! Not here: single questions (`question.rs`).

use super::ImportError;
use super::choices::Choices;
use super::columns::{self, says_yes};
use super::conditions::{Scope, limited};
use super::draft::{Section, Texts};
use super::finding::{Findings, Place, quoted};
use super::languages::{Languages, clean};
use super::logic::{Outcome, all};
use super::names::Ids;
use super::question::{self, Context};
use super::table::{Entry, Table};
use super::types::{self, RowType};
use crate::domain::checklist::did_you_mean;

/// As many as a checklist may have; more is told at once.
const QUESTIONS_MAX: usize = 400;
const SECTIONS_MAX: usize = 100;
const GROUPS_DEEP_MAX: usize = 20;

pub(super) struct Walk<'w> {
    pub languages: &'w Languages,
    pub choices: &'w mut Choices,
    pub findings: &'w mut Findings,
    /// For questions that stand in no group.
    pub title: Texts,
}

/// A group that is open.
struct Group {
    row: u32,
    name: String,
    title: Texts,
    weight: Option<u32>,
    /// What it and the groups around it ask.
    shown: Outcome,
}

#[derive(Default)]
struct State {
    scope: Scope,
    question_ids: Ids,
    section_ids: Ids,
    open: Vec<Group>,
    /// Rows of the groups of the latest section.
    path: Option<Vec<u32>>,
    sections: Vec<Section>,
    questions: usize,
}

impl Walk<'_> {
    /// The sections, none without a question.
    ///
    /// # Errors
    /// When there is more than a checklist can hold.
    pub fn sections(mut self, table: &Table<'_>) -> Result<Vec<Section>, ImportError> {
        let mut state = State::default();
        for entry in table.entries() {
            self.row(&mut state, &entry)?;
        }
        for group in &state.open {
            let place = Place::row(table.name, group.row);
            let what = format!("group {}", quoted(&group.name));
            self.findings.note(
                place,
                what,
                "it is never ended; it goes on to the end of the sheet",
                "",
            );
        }
        if state.sections.iter().all(|section| section.weight == 0)
            && let Some(first) = state.sections.first_mut()
        {
            first.weight = 1;
            let place = Place::sheet(table.name);
            let why = "some section counts for the total; the first one has weight 1";
            let what = "no section has a weight".to_owned();
            self.findings.changed(place, what, why, "");
        }
        Ok(state.sections)
    }

    fn row(&mut self, state: &mut State, entry: &Entry<'_>) -> Result<(), ImportError> {
        let written = entry.text("type");
        if says_yes(entry.text("disabled")) {
            let what = format!("row {}", quoted(entry.text("name")));
            self.findings
                .note(entry.place(), what, "it is disabled, and left out", "");
            return Ok(());
        }
        if written.is_empty() {
            // A row of nothing but remarks.
            if !entry.text("name").is_empty() || entry.fields().any(|f| f.heading.name == "label") {
                let what = format!("row {}", quoted(entry.text("name")));
                self.findings
                    .lost(entry.place(), what, "it has no type", "give it one");
            }
            return Ok(());
        }
        match types::read(written) {
            RowType::BeginGroup => self.begin(state, entry, false),
            RowType::BeginRepeat => self.begin(state, entry, true),
            RowType::EndGroup | RowType::EndRepeat => {
                if state.open.pop().is_none() {
                    let why = "no group is open here";
                    self.findings.note(entry.place(), quoted(written), why, "");
                }
                Ok(())
            }
            RowType::Recorded(what) => {
                state
                    .scope
                    .gone(entry.text("name"), format!("a `{written}`"));
                let why = format!("an audit says {what} by itself");
                self.findings
                    .note(entry.place(), format!("type {}", quoted(written)), &why, "");
                Ok(())
            }
            RowType::Gone(what, todo) => {
                state.scope.gone(entry.text("name"), what.to_owned());
                let why = format!("{what} has no place in a checklist; the row is left out");
                self.left_out(entry, written, &why, todo);
                Ok(())
            }
            RowType::Unknown => {
                state
                    .scope
                    .gone(entry.text("name"), format!("a `{written}`"));
                let first = written.split_whitespace().next().unwrap_or_default();
                let todo = did_you_mean(&first.to_lowercase(), types::NAMES);
                let why = "the type is not known; the row is left out";
                self.left_out(entry, written, why, &todo.unwrap_or_default());
                Ok(())
            }
            kind => self.question(state, entry, &kind),
        }
    }

    fn left_out(&mut self, entry: &Entry<'_>, written: &str, why: &str, todo: &str) {
        let place = entry
            .get("type")
            .map_or_else(|| entry.place(), |field| field.place());
        let what = format!("{} of type {}", quoted(entry.text("name")), quoted(written));
        self.findings.lost(place, what, why, todo);
    }

    fn begin(
        &mut self,
        state: &mut State,
        entry: &Entry<'_>,
        repeat: bool,
    ) -> Result<(), ImportError> {
        if state.open.len() >= GROUPS_DEEP_MAX {
            return Err(ImportError::TooMuch(format!(
                "groups nest more than {GROUPS_DEEP_MAX} deep at {}",
                entry.place()
            )));
        }
        let name = entry.text("name").to_owned();
        if repeat {
            let count = entry.text("repeat_count");
            let times = if count.is_empty() {
                String::new()
            } else {
                format!(" {} times", quoted(count))
            };
            self.findings.lost(
                entry.place(),
                format!("repeat {}{times}", quoted(&name)),
                "every question is asked once",
                "repeat the questions in the file, or make a visit for each",
            );
        }
        let own = self.languages.read(entry, "label", self.findings);
        let mut title = if own.is_empty() {
            self.languages.everywhere(&name)
        } else {
            own
        };
        if let Some(around) = state.open.last() {
            self.findings.changed(
                entry.place(),
                format!("group {} inside {}", quoted(&name), quoted(&around.name)),
                "sections do not nest; it is a section of its own, with both titles",
                "",
            );
            // Where one of the two is not translated, neither is the whole.
            title = title
                .iter()
                .filter_map(|(tag, words)| {
                    let around = around.title.get(tag)?;
                    Some((tag.clone(), clean(&format!("{around} / {words}"))))
                })
                .collect();
        }
        let around = state
            .open
            .last()
            .map_or(Outcome::Always, |group| group.shown.clone());
        let shown = self.shown(state, entry, around);
        columns::tell(entry, self.findings);
        let weight = self.weight(entry);
        state.open.push(Group {
            row: entry.number(),
            weight,
            name,
            title,
            shown,
        });
        Ok(())
    }

    fn shown(&mut self, state: &State, entry: &Entry<'_>, around: Outcome) -> Outcome {
        let Some(field) = entry.get("relevant") else {
            return around;
        };
        let own = state.scope.translate(field.text);
        let together = own
            .and_then(|own| all(vec![around.clone(), own]))
            .and_then(limited);
        let why = match together {
            Ok(Outcome::Never) => "it can never hold".to_owned(),
            Ok(outcome) => return outcome,
            Err(why) => why,
        };
        let what = format!("relevant {}", quoted(field.text));
        let todo = "its questions are always shown; write `show_if` at each";
        self.findings.lost(field.place(), what, &why, todo);
        around
    }

    /// The extra column `weight`.
    fn weight(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let field = entry.get("weight")?;
        let weight = field.text.parse().ok().filter(|weight| *weight <= 10_000);
        if weight.is_none() {
            let what = format!("weight {}", quoted(field.text));
            let why = "a weight is a whole number from 0 to 10000; it is 1";
            self.findings.changed(field.place(), what, why, "");
        }
        weight
    }

    fn question(
        &mut self,
        state: &mut State,
        entry: &Entry<'_>,
        kind: &RowType,
    ) -> Result<(), ImportError> {
        let group = state
            .open
            .last()
            .map_or(Outcome::Always, |group| group.shown.clone());
        let mut context = Context {
            languages: self.languages,
            choices: self.choices,
            scope: &mut state.scope,
            ids: &mut state.question_ids,
            findings: self.findings,
        };
        let questions = question::read(&mut context, entry, kind, &group);
        state.questions += questions.len();
        if state.questions > QUESTIONS_MAX {
            return Err(ImportError::TooMuch(format!(
                "there are more than {QUESTIONS_MAX} questions at {}; make several checklists of it",
                entry.place()
            )));
        }
        let path: Vec<u32> = state.open.iter().map(|group| group.row).collect();
        if state.path.as_ref() != Some(&path) {
            self.section(state, entry)?;
            state.path = Some(path);
        }
        if let Some(section) = state.sections.last_mut() {
            section.questions.extend(questions);
        }
        Ok(())
    }

    fn section(&mut self, state: &mut State, entry: &Entry<'_>) -> Result<(), ImportError> {
        if state.sections.len() == SECTIONS_MAX {
            return Err(ImportError::TooMuch(format!(
                "there are more than {SECTIONS_MAX} sections at {}; put questions together in groups",
                entry.place()
            )));
        }
        let (name, title, weight) = match state.open.last() {
            Some(group) => (group.name.as_str(), group.title.clone(), group.weight),
            None => ("questions", self.title.clone(), None),
        };
        let id = state
            .section_ids
            .take(name, &format!("section_{}", entry.number()));
        state.sections.push(Section {
            id,
            title,
            weight: weight.unwrap_or(1),
            questions: Vec::new(),
        });
        Ok(())
    }
}
