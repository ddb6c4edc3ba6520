//! What a row's type says about its question, before anything else is read: kind, options, bounds.
//!
//! Not here: the other columns (`question.rs`).

use std::collections::BTreeMap;

use super::choices::{ChoiceList, OPTIONS_MAX};
use super::decimal::Milli;
use super::draft::{Choice, Condition, Kind, Question, Required, Scalar, Test, Texts};
use super::finding::quoted;
use super::names::Ids;
use super::question::Context;
use super::range;
use super::score;
use super::table::Entry;
use super::types::{List, RowType};
use crate::domain::checklist::did_you_mean;

/// What the type says, before anything else is read.
pub(super) struct Shape {
    pub kind: Kind,
    pub options: Vec<Choice>,
    /// Name in the form → option id.
    pub names: BTreeMap<String, String>,
    pub decimals: Option<u32>,
    pub minimum: Option<Milli>,
    pub maximum: Option<Milli>,
    pub points: Option<Milli>,
    pub expects_no: bool,
    /// Id of the option that asks for words.
    pub other: Option<String>,
}

impl Shape {
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            options: Vec::new(),
            names: BTreeMap::new(),
            decimals: None,
            minimum: None,
            maximum: None,
            points: None,
            expects_no: false,
            other: None,
        }
    }
}

pub(super) fn shape(context: &mut Context<'_>, entry: &Entry<'_>, kind: &RowType) -> Shape {
    match kind {
        RowType::SelectOne(List::Named { list, or_other })
        | RowType::SelectMultiple(List::Named { list, or_other }) => {
            let several = matches!(kind, RowType::SelectMultiple(_));
            select(context, entry, list, *or_other, several)
        }
        RowType::SelectOne(List::Elsewhere(file))
        | RowType::SelectMultiple(List::Elsewhere(file)) => {
            tell_lost(
                context,
                entry,
                &format!("choices from {}", quoted(file)),
                "they are not in the spreadsheet; the question asks for words instead",
                "put them into the choices sheet",
            );
            Shape::of(Kind::Text)
        }
        RowType::Integer => Shape {
            decimals: Some(0),
            ..Shape::of(Kind::Number)
        },
        RowType::Decimal => Shape {
            decimals: Some(3),
            ..Shape::of(Kind::Number)
        },
        RowType::Range => {
            let range = range::read(entry, context.findings);
            Shape {
                decimals: Some(range.decimals),
                minimum: Some(range.minimum),
                maximum: Some(range.maximum),
                ..Shape::of(Kind::Number)
            }
        }
        RowType::Date => Shape::of(Kind::Date),
        RowType::DateTime => {
            tell_lost(
                context,
                entry,
                "a day with its time",
                "a question asks for one of the two; this one asks for the day",
                "add a question of type `time`",
            );
            Shape::of(Kind::Date)
        }
        RowType::Time => Shape::of(Kind::Time),
        RowType::Image => Shape::of(Kind::Photo),
        RowType::Geopoint => {
            tell_changed(
                context,
                entry,
                "type",
                "coordinates are not kept; the phone says how far it is from the visit's location",
            );
            Shape::of(Kind::LocationCheck)
        }
        RowType::Acknowledge => {
            tell_changed(
                context,
                entry,
                "type",
                "it is a choice with one option, `ok`",
            );
            let text = context.languages.everywhere("OK");
            let option = Choice {
                id: "ok".to_owned(),
                text,
                points: None,
                exclusive: false,
            };
            Shape {
                options: vec![option],
                names: [("OK".to_owned(), "ok".to_owned())].into(),
                ..Shape::of(Kind::Choice)
            }
        }
        RowType::Barcode => {
            tell_changed(
                context,
                entry,
                "type",
                "nothing is scanned; the code is typed",
            );
            Shape::of(Kind::Text)
        }
        RowType::Note => Shape::of(Kind::Heading),
        _ => Shape::of(Kind::Text),
    }
}

fn select(
    context: &mut Context<'_>,
    entry: &Entry<'_>,
    list: &str,
    or_other: bool,
    several: bool,
) -> Shape {
    let size = context.choices.used(list).map(|list| list.options.len());
    let Some(size @ 1..=OPTIONS_MAX) = size.map(|size| size + usize::from(or_other)) else {
        let (why, todo) = match size {
            Some(_) => (
                format!(
                    "a question has at most {OPTIONS_MAX} options; this one asks for words instead"
                ),
                "split the list".to_owned(),
            ),
            None => {
                let lists = context.choices.lists.keys().map(String::as_str);
                let todo = did_you_mean(list, lists);
                let why =
                    "no such list is in the choices sheet; the question asks for words instead";
                (
                    why.to_owned(),
                    todo.unwrap_or_else(|| "add it there".to_owned()),
                )
            }
        };
        tell_lost(
            context,
            entry,
            &format!("list {}", quoted(list)),
            &why,
            &todo,
        );
        return Shape::of(Kind::Text);
    };
    let list = &context.choices.lists[list];
    debug_assert!(size <= OPTIONS_MAX);
    let yes_no = (!several && !or_other)
        .then(|| score::yes_no(list))
        .flatten();
    if let Some((points, expects_no)) = yes_no {
        let names = list.ids.clone();
        if let Some(other_words) = other_words(list, &context.languages.first) {
            let why =
                format!("it is a yes_no question, with the words Yes and No and not {other_words}");
            tell_changed(context, entry, "type", &why);
        }
        return Shape {
            names,
            points,
            expects_no,
            ..Shape::of(Kind::YesNo)
        };
    }
    let kind = if several {
        Kind::MultiChoice
    } else {
        Kind::Choice
    };
    let mut shape = Shape {
        options: list.options.clone(),
        names: list.ids.clone(),
        ..Shape::of(kind)
    };
    if or_other {
        let mut taken = Ids::default();
        for option in &shape.options {
            taken.take(&option.id, "option");
        }
        let other = taken.take("other", "other");
        shape.options.push(Choice {
            id: other.clone(),
            text: context.languages.everywhere("Other"),
            points: None,
            exclusive: false,
        });
        shape
            .names
            .entry("other".to_owned())
            .or_insert_with(|| other.clone());
        shape.other = Some(other);
        tell_changed(
            context,
            entry,
            "type",
            "`or_other` is an option and a question for its words, both in English",
        );
    }
    shape
}

/// The labels of a list of yes and no, when they say more than that.
fn other_words(list: &ChoiceList, language: &str) -> Option<String> {
    let labels: Vec<&String> = list
        .options
        .iter()
        .filter_map(|option| option.text.get(language))
        .collect();
    // Yes and No have few letters in any language.
    let longer = labels
        .iter()
        .any(|label| label.split_whitespace().count() > 1);
    longer.then(|| {
        let labels: Vec<String> = labels.iter().map(|label| quoted(label)).collect();
        labels.join(" and ")
    })
}

pub(super) fn words_for_other(
    context: &mut Context<'_>,
    of: &Question,
    other: &str,
    name: &str,
) -> Question {
    let test = if of.kind == Kind::MultiChoice {
        Test::Contains(other.to_owned())
    } else {
        Test::Equals(Scalar::Text(other.to_owned()))
    };
    let id = context
        .ids
        .take(&format!("{name}_other"), &format!("{}_other", of.id));
    Question {
        place: of.place.clone(),
        kind: Kind::Text,
        text: context.languages.everywhere("Specify other."),
        help: Texts::new(),
        dimension: None,
        points: None,
        expects_no: false,
        required: Required::Never,
        show_if: Some(Condition::Question {
            id: of.id.clone(),
            test,
        }),
        options: Vec::new(),
        decimals: None,
        minimum: None,
        maximum: None,
        characters_max: None,
        id,
    }
}

pub(super) fn tell_changed(context: &mut Context<'_>, entry: &Entry<'_>, column: &str, why: &str) {
    if let Some(field) = entry.get(column) {
        let what = format!("{column} {}", quoted(field.text));
        context.findings.changed(field.place(), what, why, "");
    }
}

fn tell_lost(context: &mut Context<'_>, entry: &Entry<'_>, what: &str, why: &str, todo: &str) {
    if let Some(field) = entry.get("type") {
        context
            .findings
            .lost(field.place(), what.to_owned(), why, todo);
    }
}
