//! One row of the survey as a question.
//!
//! Not here: which section it stands in (`survey.rs`), its points (`score.rs`), columns without a counterpart (`columns.rs`).

use super::bounds::{self, Bounds};
use super::choices::Choices;
use super::columns::{self, says_no, says_yes};
use super::conditions::{Facts, Scope, limited};
use super::draft::{Condition, Kind, Question, Required, Texts};
use super::finding::{Findings, quoted};
use super::languages::{Languages, clean};
use super::logic::{Outcome, all};
use super::names::Ids;
use super::range;
use super::score;
use super::shape::{Shape, shape, tell_changed, words_for_other};
use super::table::Entry;
use super::types::RowType;

/// What questions share.
pub(super) struct Context<'c> {
    pub languages: &'c Languages,
    pub choices: &'c mut Choices,
    pub scope: &'c mut Scope,
    pub ids: &'c mut Ids,
    pub findings: &'c mut Findings,
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
    let relevant = entry.get("relevant");
    let mut question = Question {
        place: relevant.map_or_else(|| entry.place(), |field| field.place()),
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
