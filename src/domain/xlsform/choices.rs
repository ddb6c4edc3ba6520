//! The choices sheet: lists of options, with ids that a checklist can have.
//!
//! Not here: which question uses which list.

use std::collections::{BTreeMap, BTreeSet};

use super::decimal::{self, Milli};
use super::draft::{Choice, Texts};
use super::finding::{Findings, Place, quoted};
use super::languages::Languages;
use super::names::Ids;
use super::table::{Entry, Table};

/// Options of one question that a checklist allows.
pub(super) const OPTIONS_MAX: usize = 100;

pub(super) const COLUMNS: &[&str] = &["list_name", "name", "label", "points"];
/// Points that an option can have, in thousandths.
const POINTS_MAX: Milli = 1_000_000_000;

#[derive(Debug, Default)]
pub(super) struct ChoiceList {
    /// In the order of the sheet.
    pub options: Vec<Choice>,
    /// Name in the form → id in the checklist.
    pub ids: BTreeMap<String, String>,
}

/// All lists by name.
#[derive(Debug, Default)]
pub(super) struct Choices {
    pub lists: BTreeMap<String, ChoiceList>,
    used: BTreeSet<String>,
}

impl Choices {
    pub fn read(table: &Table<'_>, languages: &Languages, findings: &mut Findings) -> Self {
        let mut choices = Self::default();
        let mut taken: BTreeMap<String, Ids> = BTreeMap::new();
        for entry in table.entries() {
            let (list, name) = (entry.text("list_name"), entry.text("name"));
            if list.is_empty() || name.is_empty() {
                if entry.fields().next().is_some() {
                    findings.lost(
                        entry.place(),
                        "a row of choices".to_owned(),
                        "it has no list or no name",
                        "fill both columns",
                    );
                }
                continue;
            }
            let id = taken
                .entry(list.to_owned())
                .or_default()
                .take(name, &format!("option_{}", entry.number()));
            told_id(&entry, name, &id, findings);
            let text = label(&entry, name, languages, findings);
            let points = points(&entry, -POINTS_MAX, findings);
            let list = choices.lists.entry(list.to_owned()).or_default();
            if list.ids.contains_key(name) {
                findings.changed(
                    entry.place(),
                    format!("choice {}", quoted(name)),
                    &format!("its list has it twice; this one is called `{id}`, and conditions mean the first"),
                    "give it a name of its own",
                );
            } else {
                list.ids.insert(name.to_owned(), id.clone());
            }
            list.options.push(Choice {
                id,
                text,
                points,
                exclusive: false,
            });
        }
        choices
    }

    /// Notes that a question asks for it.
    pub fn used(&mut self, list: &str) -> Option<&ChoiceList> {
        let found = self.lists.get(list)?;
        self.used.insert(list.to_owned());
        Some(found)
    }

    pub fn tell_unused(&self, sheet: &str, findings: &mut Findings) {
        for list in self.lists.keys().filter(|list| !self.used.contains(*list)) {
            findings.note(
                Place::sheet(sheet),
                format!("list {}", quoted(list)),
                "no question in the checklist asks for it",
                "",
            );
        }
    }
}

fn told_id(entry: &Entry<'_>, name: &str, id: &str, findings: &mut Findings) {
    if id != name
        && let Some(field) = entry.get("name")
    {
        findings.changed(
            field.place(),
            format!("name {}", quoted(name)),
            &format!("ids are lower-case letters, digits, _ and -; it is called `{id}`"),
            "",
        );
    }
}

fn label(entry: &Entry<'_>, name: &str, languages: &Languages, findings: &mut Findings) -> Texts {
    let text = languages.read(entry, "label", findings);
    if !text.is_empty() {
        return text;
    }
    findings.changed(
        entry.place(),
        format!("choice {} has no label", quoted(name)),
        "its name is shown instead",
        "give it a label",
    );
    languages.everywhere(name)
}

/// The extra column `points`, at least `least`.
pub(super) fn points(entry: &Entry<'_>, least: Milli, findings: &mut Findings) -> Option<Milli> {
    let field = entry.get("points")?;
    let points = decimal::read(field.text)
        .filter(|decimal| decimal.exact && (least..=POINTS_MAX).contains(&decimal.floor));
    if points.is_none() {
        findings.lost(
            field.place(),
            format!("points {}", quoted(field.text)),
            "points are a number up to 1000000 with at most three decimals, and only choices have negative ones",
            "mend it",
        );
    }
    points.map(|decimal| decimal.floor)
}
