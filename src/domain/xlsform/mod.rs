//! Forms in the XLSForm convention as checklists: a workbook's text in, the YAML of a checklist and a list of findings out.
//!
//! Everything that a form says is either in the checklist or in the findings. Not here: how .xlsx files are opened (the command line
//! does that), and what a checklist may say (`domain/checklist`, which reads the result before it is given out).

mod bounds;
mod choices;
mod columns;
mod conditions;
mod decimal;
mod draft;
mod expression;
mod finding;
mod head;
mod languages;
mod logic;
mod names;
mod question;
mod range;
mod score;
mod shape;
mod sheet;
mod soundness;
mod survey;
mod table;
mod types;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::choices::Choices;
use self::draft::{Draft, Kind, Section, Texts};
use self::finding::Findings;
pub use self::finding::{Finding, FindingKind, Place};
use self::head::Head;
use self::languages::Languages;
pub use self::sheet::{Cell, Row, Sheet, Workbook, letters};
use self::survey::Walk;
use self::table::Table;
use super::checklist::{ChecklistProblem, did_you_mean};

/// What the form does not say itself.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The checklist's name; made from the form's id, title or file name when left out.
    pub slug: Option<&'o str>,
    /// The file's name without folder and ending.
    pub file_stem: &'o str,
}

/// A form as a checklist.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Breaks no rule of `domain/checklist`.
    pub yaml: String,
    /// What was lost or changed, in the order of the sheets.
    pub findings: Vec<Finding>,
}

/// Why there is no checklist.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("this is no XLSForm: {0}")]
    NoForm(String),
    #[error("the form is more than a checklist can hold: {0}")]
    TooMuch(String),
    /// Only an error in this program leads here.
    #[error("the form was turned into something that is no checklist, which is an error of this program: {}",
        .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsound(Vec<ChecklistProblem>),
}

/// Turns a form into a checklist.
///
/// # Errors
/// See [`ImportError`].
pub fn import(workbook: &Workbook, options: &Options<'_>) -> Result<Imported, ImportError> {
    let mut findings = Findings::default();
    let survey = find(workbook, "survey").ok_or_else(|| no_survey(workbook))?;
    let survey = Table::read(survey, columns::COLUMNS, &mut findings)
        .ok_or_else(|| ImportError::NoForm("the sheet `survey` is empty".to_owned()))?;
    for column in ["type", "name"] {
        if !survey.has(column) {
            let headings = survey.headings.iter().map(|heading| heading.name.as_str());
            let suggestion = did_you_mean(column, headings).unwrap_or_default();
            return Err(ImportError::NoForm(
                format!("the sheet `survey` has no column `{column}`; {suggestion}")
                    .trim_end_matches("; ")
                    .to_owned(),
            ));
        }
    }
    let mut table = |name: &str, known: &[&str]| {
        find(workbook, name).and_then(|sheet| Table::read(sheet, known, &mut findings))
    };
    let choices = table("choices", choices::COLUMNS);
    let settings = table("settings", head::COLUMNS);
    tell_other_sheets(workbook, &mut findings);

    let head = Head::read(settings.as_ref(), options, &mut findings);
    let default = settings.as_ref().and_then(|settings| {
        let field = settings.entries().next()?.get("default_language")?;
        Some((field.text, field.place()))
    });
    let mut tables = vec![&survey];
    tables.extend(&choices);
    let languages = Languages::of(default, &tables, &mut findings);
    if languages.all.len() > 20 {
        let count = languages.all.len();
        let what = format!("{count} languages, and a checklist has at most 20");
        return Err(ImportError::TooMuch(what));
    }
    let mut lists = choices.as_ref().map_or_else(Choices::default, |table| {
        Choices::read(table, &languages, &mut findings)
    });
    let title = languages.everywhere(&head.title);
    let walk = Walk {
        languages: &languages,
        choices: &mut lists,
        findings: &mut findings,
        title: title.clone(),
    };
    let sections = walk.sections(&survey)?;
    if sections.is_empty() {
        let what = "no row of the sheet `survey` is a question that a checklist can ask";
        return Err(ImportError::NoForm(what.to_owned()));
    }
    if let Some(table) = &choices {
        lists.tell_unused(table.name, &mut findings);
    }
    if languages.all.len() > 1 {
        let why = "a form says it once; it stands there for every language";
        let place = Place::sheet("settings");
        findings.changed(place, "the title".to_owned(), why, "translate it");
    }
    tell_counts(survey.name, &sections, &mut findings);
    let partial_languages = partial(&languages, &sections, &mut findings);
    let mut draft = Draft {
        slug: head.slug,
        version: head.version,
        languages: languages
            .all
            .iter()
            .filter(|tag| !partial_languages.contains(tag))
            .cloned()
            .collect(),
        partial_languages,
        title,
        industry: head.industry,
        sections,
    };
    let yaml = soundness::sound(&mut draft, &mut findings)?;
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.as_str());
    Ok(Imported {
        yaml,
        findings: findings.sorted(&sheets.collect::<Vec<_>>()),
    })
}

/// A sheet by its name, however it is spelled.
fn find<'w>(workbook: &'w Workbook, name: &str) -> Option<&'w Sheet> {
    let spelled = |sheet: &&Sheet| sheet.name.trim().eq_ignore_ascii_case(name);
    let exact = workbook.sheets.iter().find(|sheet| sheet.name == name);
    exact.or_else(|| workbook.sheets.iter().find(spelled))
}

fn no_survey(workbook: &Workbook) -> ImportError {
    let names: Vec<&str> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    let lower: BTreeMap<String, &str> = names
        .iter()
        .map(|name| (name.trim().to_lowercase(), *name))
        .collect();
    let near = did_you_mean("survey", lower.keys().map(String::as_str));
    let advice = near.unwrap_or_else(|| "name the sheet with the questions so".to_owned());
    ImportError::NoForm(format!(
        "there is no sheet `survey` among {}; {advice}",
        names.join(", ")
    ))
}

fn tell_other_sheets(workbook: &Workbook, findings: &mut Findings) {
    for sheet in &workbook.sheets {
        let place = Place::sheet(&sheet.name);
        let what = format!("sheet `{}`", sheet.name);
        match sheet.name.trim().to_lowercase().as_str() {
            "survey" | "choices" | "settings" => {}
            "external_choices" | "entities" | "osm" if !sheet.rows.is_empty() => {
                findings.lost(place, what, "a checklist has nothing of the kind", "");
            }
            _ => findings.note(place, what, "it is no part of a form, and is not read", ""),
        }
    }
}

/// Whole numbers of a form may be negative; that is said once, not at each.
fn tell_counts(sheet: &str, sections: &[Section], findings: &mut Findings) {
    let questions = sections.iter().flat_map(|section| &section.questions);
    let open = questions
        .filter(|question| question.kind == Kind::Count && question.minimum.is_none())
        .count();
    if open > 0 {
        findings.note(
            Place::sheet(sheet),
            format!("whole numbers ({open})"),
            "they count from 0; a constraint that allows less makes them a `number`",
            "",
        );
    }
}

/// Languages in which something is missing; each is told once.
fn partial(languages: &Languages, sections: &[Section], findings: &mut Findings) -> Vec<String> {
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut look = |texts: &Texts| {
        for tag in languages
            .all
            .iter()
            .filter(|tag| !texts.is_empty() && !texts.contains_key(*tag))
        {
            *missing.entry(tag).or_default() += 1;
        }
    };
    for section in sections {
        look(&section.title);
        for question in &section.questions {
            look(&question.text);
            look(&question.help);
            question
                .options
                .iter()
                .for_each(|option| look(&option.text));
        }
    }
    for (tag, count) in &missing {
        findings.changed(
            Place::sheet("survey"),
            format!("language `{tag}`"),
            &format!(
                "{count} texts are missing in it; `{}` is shown where they would stand",
                languages.first
            ),
            "translate them, and move the tag from `partial_languages` to `languages`",
        );
    }
    missing.into_keys().map(str::to_owned).collect()
}
