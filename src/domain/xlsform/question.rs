//! One row of the survey as a question.
//!
//! Not here: which section it stands in (`survey.rs`), its points (`score.rs`), columns without a counterpart (`columns.rs`).

use super::bounds::{self, Bounds};
use super::choices::{ChoiceList, Choices, OPTIONS_MAX};
use super::columns::{self, says_no, says_yes};
use super::conditions::{Facts, Scope, limited};
use super::decimal::Milli;
use super::draft::{Choice, Condition, Kind, Question, Required, Scalar, Test, Texts};
use super::finding::{Findings, quoted};
use super::languages::{Languages, clean};
use super::logic::{Outcome, all};
use super::names::Ids;
use super::range;
use super::score;
use super::table::Entry;
use super::types::{List, RowType};
use crate::domain::checklist::did_you_mean;

/// What questions share.
pub(super) struct Context<'c> {
    pub languages: &'c Languages,
    pub choices: &'c mut Choices,
    pub scope: &'c mut Scope,
    pub ids: &'c mut Ids,
    pub findings: &'c mut Findings,
}

/// What the type says, before anything else is read.
struct Shape {
    kind: Kind,
    options: Vec<Choice>,
    /// Name in the form → option id.
    names: std::collections::BTreeMap<String, String>,
    decimals: Option<u32>,
    minimum: Option<Milli>,
    maximum: Option<Milli>,
    points: Option<Milli>,
    expects_no: bool,
    /// Id of the option that asks for words.
    other: Option<String>,
}

impl Shape {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            options: Vec::new(),
            names: std::collections::BTreeMap::new(),
            decimals: None,
            minimum: None,
            maximum: None,
            points: None,
            expects_no: false,
            other: None,
        }
    }
}

/// The question of a row, and the one that `or_other` adds. `group` is what the groups around it say.
pub(super) fn read(
    context: &mut Context<'_>,
    entry: &Entry<'_>,
    kind: &RowType,
    group: &Outcome,
) -> Vec<Question> {
    let name = entry.text("name");
    let id = id(context, entry);
    let mut shape = shape(context, entry, kind);
    if says_yes(entry.text("read_only")) && shape.kind != Kind::Heading {
        tell_changed(
            context,
            entry,
            "read_only",
            "what cannot be answered is a heading",
        );
        shape = Shape::of(Kind::Heading);
    }
    let bounds = constraint(context, entry, &mut shape);
    let text = label(context, entry);
    let mut question = Question {
        text,
        help: help(context, entry),
        dimension: None,
        points: shape.points,
        expects_no: shape.expects_no,
        required: required(context, entry),
        show_if: show_if(context, entry, group),
        options: shape.options,
        decimals: shape.decimals,
        minimum: shape.minimum,
        maximum: shape.maximum,
        characters_max: bounds.characters_max.filter(|_| shape.kind == Kind::Text),
        kind: shape.kind,
        id,
    };
    score::score(&mut question, entry, context.findings);
    columns::tell(entry, context.findings);
    if !matches!(kind, RowType::Range) {
        range::tell_parameters(entry, context.findings);
    }
    let facts = Facts {
        id: question.id.clone(),
        kind: question.kind,
        options: shape.names,
        minimum: question.minimum,
        maximum: question.maximum,
    };
    if !name.is_empty() {
        context.scope.asked(name, facts);
    }
    let mut questions = vec![question];
    if let Some(other) = shape.other {
        questions.push(words_for_other(context, &questions[0], &other, name));
    }
    questions
}

fn id(context: &mut Context<'_>, entry: &Entry<'_>) -> String {
    let name = entry.text("name");
    let id = context.ids.take(name, &format!("q{}", entry.number()));
    if id != name {
        let place = entry
            .get("name")
            .map_or_else(|| entry.place(), |field| field.place());
        let why =
            format!("ids are lower-case letters, digits, _ and -, each once; it is called `{id}`");
        let what = format!("name {}", quoted(name));
        context.findings.changed(place, what, &why, "");
    }
    id
}

fn shape(context: &mut Context<'_>, entry: &Entry<'_>, kind: &RowType) -> Shape {
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

fn words_for_other(context: &mut Context<'_>, of: &Question, other: &str, name: &str) -> Question {
    let test = if of.kind == Kind::MultiChoice {
        Test::Contains(other.to_owned())
    } else {
        Test::Equals(Scalar::Text(other.to_owned()))
    };
    let id = context
        .ids
        .take(&format!("{name}_other"), &format!("{}_other", of.id));
    Question {
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

/// Reads the constraint into the shape: bounds of numbers, and choices that stand alone.
fn constraint(context: &mut Context<'_>, entry: &Entry<'_>, shape: &mut Shape) -> Bounds {
    let field = entry.get("constraint");
    let bounds = field.map_or_else(Bounds::default, |field| {
        bounds::read(field.text, shape.kind)
    });
    let mut lost = bounds.lost.clone();
    for name in &bounds.exclusive {
        let id = shape.names.get(name);
        match shape
            .options
            .iter_mut()
            .find(|option| Some(&option.id) == id)
        {
            Some(option) => option.exclusive = true,
            None => lost.push((name.clone(), "the list has no such choice".to_owned())),
        }
    }
    if shape.kind == Kind::Number {
        let unit = if shape.decimals == Some(0) { 1000 } else { 1 };
        let (minimum, maximum) = bounds.in_units_of(unit);
        shape.minimum = minimum.max(shape.minimum);
        shape.maximum = match (maximum, shape.maximum) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if shape
            .minimum
            .zip(shape.maximum)
            .is_some_and(|(least, most)| least > most)
        {
            lost.push((
                entry.text("constraint").to_owned(),
                "no number is left".to_owned(),
            ));
            (shape.minimum, shape.maximum) = (None, None);
        }
        // Whole numbers from 0 on are counts; they have no decimals to speak of.
        let below_zero = shape
            .minimum
            .or(shape.maximum)
            .is_some_and(|bound| bound < 0);
        if shape.decimals == Some(0) && !below_zero {
            shape.kind = Kind::Count;
            shape.decimals = None;
        }
    }
    if let Some(field) = field {
        for (what, why) in lost {
            let what = format!("constraint {}", quoted(&what));
            context
                .findings
                .lost(field.place(), what, &why, "say it in the hint");
        }
    }
    bounds
}

fn label(context: &mut Context<'_>, entry: &Entry<'_>) -> Texts {
    let text = context.languages.read(entry, "label", context.findings);
    if !text.is_empty() {
        return text;
    }
    let name = entry.text("name");
    context.findings.changed(
        entry.place(),
        "no label".to_owned(),
        "a question has a text; its name is shown instead",
        "give it a label",
    );
    context.languages.everywhere(name)
}

fn help(context: &mut Context<'_>, entry: &Entry<'_>) -> Texts {
    let mut help = context.languages.read(entry, "hint", context.findings);
    let guidance = context
        .languages
        .read(entry, "guidance_hint", context.findings);
    if guidance.is_empty() {
        return help;
    }
    tell_changed(
        context,
        entry,
        "guidance_hint",
        "it is shown below the question, like a hint",
    );
    for (tag, words) in guidance {
        let together = match help.get(&tag) {
            Some(hint) => format!("{hint}\n{words}"),
            None => words,
        };
        help.insert(tag, clean(&together));
    }
    help
}

fn required(context: &mut Context<'_>, entry: &Entry<'_>) -> Required {
    let text = entry.text("required");
    if says_yes(text) {
        return Required::Always;
    }
    if says_no(text) {
        return Required::Never;
    }
    match context.scope.translate(text) {
        Ok(Outcome::Always) => Required::Always,
        Ok(Outcome::Never) => Required::Never,
        Ok(Outcome::When(condition)) => Required::If(condition),
        Err(why) => {
            tell_cell(
                context,
                entry,
                "required",
                &why,
                "the question may be left open; write `required_if`",
            );
            Required::Never
        }
    }
}

fn show_if(context: &mut Context<'_>, entry: &Entry<'_>, group: &Outcome) -> Option<Condition> {
    let own = match entry.get("relevant") {
        None => Ok(Outcome::Always),
        Some(field) => context.scope.translate(field.text),
    };
    let own = own.unwrap_or_else(|why| {
        tell_cell(
            context,
            entry,
            "relevant",
            &why,
            "the question is always shown; write `show_if`",
        );
        Outcome::Always
    });
    let together = all(vec![group.clone(), own]).and_then(limited);
    match together {
        Ok(Outcome::Always) => None,
        Ok(Outcome::When(condition)) => Some(condition),
        Ok(Outcome::Never) => {
            tell_cell(
                context,
                entry,
                "relevant",
                "it can never hold",
                "the question is always shown; take it out if it is not wanted",
            );
            None
        }
        Err(why) => {
            tell_cell(
                context,
                entry,
                "relevant",
                &why,
                "the question is always shown; write `show_if`",
            );
            None
        }
    }
}

fn tell_cell(context: &mut Context<'_>, entry: &Entry<'_>, column: &str, why: &str, todo: &str) {
    let (place, text) = match entry.get(column) {
        Some(field) => (field.place(), field.text),
        None => (entry.place(), "of the groups around it"),
    };
    let what = format!("{column} {}", quoted(text));
    context.findings.lost(place, what, why, todo);
}

fn tell_changed(context: &mut Context<'_>, entry: &Entry<'_>, column: &str, why: &str) {
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
