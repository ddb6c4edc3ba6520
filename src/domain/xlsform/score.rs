//! Points, which forms do not have: our own extra columns `dimension` and `points`.
//!
//! Not here: the weights of sections (`survey.rs`).

use super::choices::{ChoiceList, points};
use super::draft::{Dimension, Kind, Question};
use super::finding::{Findings, quoted};
use super::table::Entry;

/// Gives the question the points of its row and of its options, or takes them away where they cannot count.
pub(super) fn score(question: &mut Question, entry: &Entry<'_>, findings: &mut Findings) {
    let own = points(entry, 0, findings);
    let dimension = dimension(entry, findings);
    if let Some(own) = own {
        match question.kind {
            Kind::YesNo => {
                question.points = Some(own);
                question.expects_no = false;
            }
            Kind::Photo | Kind::LocationCheck => question.points = Some(own),
            kind => {
                let todo = match kind {
                    Kind::Choice | Kind::MultiChoice => "give points to its choices",
                    Kind::Number | Kind::Count => "give it `bands` in the file",
                    _ => "leave them out",
                };
                let why = format!("a {} question has no points of its own", kind.name());
                tell(entry, "points", "points", &why, todo, findings);
            }
        }
    }
    let earns = question.points.is_some_and(|points| points != 0)
        || question
            .options
            .iter()
            .any(|option| option.points.is_some_and(|points| points != 0));
    question.dimension = match (dimension, earns) {
        (dimension @ Some(_), true) => dimension,
        (Some(_), false) => {
            let why = format!("this {} question has no points", question.kind.name());
            let todo = match question.kind {
                Kind::Number | Kind::Count => "give it `dimension` and `bands` in the file",
                Kind::Text | Kind::Date | Kind::Time | Kind::Heading => "leave it out",
                Kind::Choice | Kind::MultiChoice => "give points to its choices",
                Kind::YesNo | Kind::Photo | Kind::LocationCheck => "fill the column `points`",
            };
            tell(entry, "dimension", "a dimension", &why, todo, findings);
            None
        }
        (None, earns) => {
            if earns {
                findings.note(
                    entry.place(),
                    "points".to_owned(),
                    "the question has no dimension, and is not scored",
                    "fill the column `dimension`: service or experience",
                );
            }
            None
        }
    };
    if question.dimension.is_none() {
        question.points = None;
        question.expects_no = false;
    }
    for option in &mut question.options {
        option.points = question.dimension.map(|_| option.points.unwrap_or(0));
    }
}

/// Whether a list is Yes and No and nothing else, and its points can be those of a yes_no question. Then these, and whether it
/// is No that earns them.
pub(super) fn yes_no(list: &ChoiceList) -> Option<(Option<i64>, bool)> {
    let [one, other] = list.options.as_slice() else {
        return None;
    };
    let (yes, no) = match (one.id.as_str(), other.id.as_str()) {
        ("yes", "no") => (one.points, other.points),
        ("no", "yes") => (other.points, one.points),
        _ => return None,
    };
    match (yes.unwrap_or(0), no.unwrap_or(0)) {
        (0, 0) => Some((None, false)),
        (points, 0) if points > 0 => Some((Some(points), false)),
        (0, points) if points > 0 => Some((Some(points), true)),
        _ => None,
    }
}

fn tell(
    entry: &Entry<'_>,
    column: &str,
    what: &str,
    why: &str,
    todo: &str,
    findings: &mut Findings,
) {
    let place = entry
        .get(column)
        .map_or_else(|| entry.place(), |field| field.place());
    findings.lost(place, what.to_owned(), why, todo);
}

/// `service`, `experience`, `none`, or shares of both such as `service 40, experience 60`.
fn dimension(entry: &Entry<'_>, findings: &mut Findings) -> Option<Dimension> {
    let field = entry.get("dimension")?;
    let lower = field.text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let share = |text: &str| text.parse::<u32>().ok().filter(|share| *share <= 100);
    let both = |service: &str, experience: &str| {
        let (service, experience) = (share(service)?, share(experience)?);
        (service + experience == 100).then_some(Dimension::Both {
            service,
            experience,
        })
    };
    let read = match words.as_slice() {
        ["none"] => return None,
        ["service"] => Some(Dimension::Service),
        ["experience"] => Some(Dimension::Experience),
        ["service", service, "experience", experience]
        | ["experience", experience, "service", service] => both(service, experience),
        _ => None,
    };
    if read.is_none() {
        findings.lost(
            field.place(),
            format!("dimension {}", quoted(field.text)),
            "it is not understood",
            "write service, experience, none, or shares such as `service 40, experience 60`",
        );
    }
    read
}
