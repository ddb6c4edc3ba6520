//! Points and dimension agree: what speaks for service or experience can earn, and what earns speaks for something.
//!
//! Not here: how points are counted (`scoring/`).

use super::Rules;
use crate::domain::checklist::model::{Question, QuestionType as Type};

/// A million points, far above any use and far below any overflow.
const POINTS_MILLI_MAX: i64 = 1_000_000_000;

pub(super) fn check(rules: &mut Rules<'_>, path: &str, question: &Question) {
    if (rules.damaged)(&format!("{path}/type")) {
        return;
    }
    sizes(rules, path, question);
    money(rules, path, question);
    let sources = sources(question);
    // That points are no member of such a question has been told.
    let misplaced = matches!(
        question.kind,
        Type::Choice | Type::MultiChoice | Type::Scale
    );
    if sources.len() > 1 && !misplaced {
        let message = format!(
            "points come either from {} or from {}",
            sources[0].0, sources[1].0
        );
        rules.fault(format!("{path}/{}", sources[1].0), message);
    }
    let earns = sources.iter().any(|(_, can_move)| *can_move);
    match (question.has_dimension(), sources.first()) {
        (true, None) => {
            let (key, message, suggestion) = match question.kind {
                Type::Text | Type::Date | Type::Time | Type::Heading => (
                    "dimension",
                    "questions of this type are never scored",
                    "leave `dimension` out",
                ),
                // Their absence is told by itself.
                Type::Choice | Type::MultiChoice | Type::Scale => return,
                Type::YesNo | Type::Photo => (
                    "points",
                    "`points` is missing",
                    "give points, or write `dimension: none`",
                ),
                Type::Number | Type::Duration | Type::Count => (
                    "bands",
                    "`bands` are missing",
                    "give points to values with them, or write `dimension: none`",
                ),
                Type::Money => (
                    "points",
                    "it has a dimension, but nothing that earns",
                    "give `expected` and `points`, or `bands`, or write `dimension: none`",
                ),
                Type::Emotion => (
                    "points",
                    "it has a dimension, but nothing that earns",
                    "give `points` or `steps`, or write `dimension: none`",
                ),
                Type::LocationCheck => (
                    "points",
                    "it has a dimension, but nothing that earns",
                    "give `points` or `bands`, or write `dimension: none`",
                ),
                Type::Recommend => (
                    "points",
                    "it has a dimension, but nothing that earns",
                    "give `points` or `bands`, or write `dimension: none`",
                ),
            };
            rules.fault_with(
                format!("{path}/{key}"),
                message,
                Some(suggestion.to_owned()),
            );
        }
        (true, Some((source, _))) if !earns => {
            let suggestion = Some("give points, or write `dimension: none`".to_owned());
            rules.fault_with(
                format!("{path}/{source}"),
                format!("its {source} earn nothing"),
                suggestion,
            );
        }
        (false, Some((source, _))) if earns && !(rules.damaged)(&format!("{path}/dimension")) => {
            let suggestion =
                Some("say `dimension: service`, `experience` or shares of both".to_owned());
            let message = match *source {
                "points" => "it has points, but no dimension that they count for".to_owned(),
                source => {
                    format!("its {source} earn points, but it has no dimension that they count for")
                }
            };
            rules.fault_with(format!("{path}/{source}"), message, suggestion);
        }
        _ => {}
    }
    if question.bonus && !question.has_dimension() && !(rules.damaged)(&format!("{path}/dimension"))
    {
        rules.fault(
            format!("{path}/bonus"),
            "a bonus needs a dimension and points",
        );
    }
}

/// What could earn points, and whether any of it is other than 0.
fn sources(question: &Question) -> Vec<(&'static str, bool)> {
    let mut sources = Vec::new();
    if let Some(options) = question
        .options
        .as_ref()
        .filter(|options| !options.is_empty())
    {
        sources.push((
            "options",
            options.iter().any(|option| option.points_milli != 0),
        ));
    }
    if let Some(steps) = question.steps.as_ref().filter(|steps| !steps.is_empty()) {
        sources.push(("steps", steps.iter().any(|step| step.points_milli != 0)));
    }
    if let Some(bands) = question.bands.as_ref().filter(|bands| !bands.is_empty()) {
        sources.push(("bands", bands.iter().any(|band| band.points_milli != 0)));
    }
    if let Some(points) = question.points_milli {
        sources.push(("points", points != 0));
    }
    sources
}

fn money(rules: &mut Rules<'_>, path: &str, question: &Question) {
    if question.kind != Type::Money || (rules.damaged)(&format!("{path}/expected")) {
        return;
    }
    let needs_expected = [
        ("points", question.points_milli.is_some()),
        ("tolerance", question.tolerance_minor.is_some()),
        ("critical", question.critical.is_some()),
    ];
    for (key, is_there) in needs_expected {
        if is_there && question.expected_minor.is_none() {
            rules.fault(
                format!("{path}/{key}"),
                format!("`{key}` means nothing without `expected`"),
            );
        }
    }
}

fn sizes(rules: &mut Rules<'_>, path: &str, question: &Question) {
    let own = [
        ("points", question.points_milli, 0),
        ("max_points", question.max_points_milli, 1),
    ];
    for (key, points, least) in own {
        if points.is_some_and(|points| !(least..=POINTS_MILLI_MAX).contains(&points)) {
            let suggestion =
                (key == "points").then(|| "a penalty is an option with negative points".to_owned());
            rules.fault_with(
                format!("{path}/{key}"),
                "points of a question are 0 to 1000000",
                suggestion,
            );
        }
    }
    let lists = [
        (
            "options",
            question
                .options
                .iter()
                .flatten()
                .map(|option| option.points_milli)
                .collect::<Vec<_>>(),
        ),
        (
            "steps",
            question
                .steps
                .iter()
                .flatten()
                .map(|step| step.points_milli)
                .collect(),
        ),
        (
            "bands",
            question
                .bands
                .iter()
                .flatten()
                .map(|band| band.points_milli)
                .collect(),
        ),
    ];
    for (key, points) in lists {
        for (index, _) in points
            .iter()
            .enumerate()
            .filter(|(_, points)| points.abs() > POINTS_MILLI_MAX)
        {
            rules.fault(
                format!("{path}/{key}/{index}/points"),
                "points are -1000000 to 1000000",
            );
        }
    }
}
