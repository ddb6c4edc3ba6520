//! Turns a report into the values that the template prints: every figure written, every colour
//! settled, every text fit for paper. Not layout: where things stand is the template's matter.

use typst::foundations::{Array, Dict, IntoValue, Value, dict};

use super::colour::Colour;
use super::format;
use super::report::{AuditReport, ReportQuestion, ReportSection, Scores};
use super::text::printable;
use super::words::{Words, primary};

/// A row of the table longer than this may be torn by the end of a page; a shorter one moves whole.
const ROW_CHARACTERS_MAX: usize = 1200;
/// What a line break takes of that.
const LINE_CHARACTERS: usize = 60;

/// What fits on the one line at the top of a page.
const RUNNING_HEAD_CHARACTERS_MAX: usize = 90;

/// An answer longer than this gets the width of the page instead of a column.
const COLUMN_CHARACTERS_MAX: usize = 48;

/// The template's `sys.inputs`. `photos_shown[n]` says whether the photo at position n can be
/// shown.
pub fn inputs(report: &AuditReport, photos_shown: &[bool]) -> Dict {
    let words = Words::of(&report.language);
    let colour = Colour::parse(&report.client_color);
    let mut placed = vec![false; photos_shown.len()];
    let sections: Array = report
        .sections
        .iter()
        .map(|section| section_values(section, photos_shown, &mut placed, words))
        .collect();
    let more_photos: Array = (0..placed.len())
        .filter(|n| !placed[*n])
        .map(|n| photo_values(n, "", photos_shown, words))
        .collect();
    dict! {
        "words" => word_values(words),
        "lang" => primary(&report.language),
        "colour" => dict! {
            "band" => colour.hex(),
            "ink" => colour.ink().hex(),
            "accent" => colour.on_white().hex(),
        },
        "client" => printable(&report.client_name),
        "location" => printable(&report.location_name),
        "running_head" => running_head(report),
        "city" => printable(&report.location_city),
        "region" => printable(&report.region_name),
        "campaign" => printable(&report.campaign_name),
        "checklist" => printable(&report.checklist_title),
        "day" => printable(&format::day(&report.local_day, words)),
        "reference" => printable(&report.reference),
        "verdict" => verdict(report, words),
        "service" => score_values(report, |s| s.service_micros, None, words),
        "experience" => score_values(report, |s| s.experience_micros, None, words),
        "total" => score_values(report, |s| s.total_micros, report.previous_total_micros, words),
        "balanced" => report.scores.balanced_micros.map(|micros| format::percent(micros, words)),
        "recovery" => report.recovery_micros.map(|micros| format::percent(micros, words)),
        "sections" => sections,
        "more_photos" => more_photos,
    }
}

/// Client and location on one line, cut where they are too long for it.
fn running_head(report: &AuditReport) -> String {
    let head = format!("{} \u{b7} {}", report.client_name, report.location_name);
    let head = printable(&head.replace('\n', " "));
    if head.chars().count() <= RUNNING_HEAD_CHARACTERS_MAX {
        return head;
    }
    let cut: String = head.chars().take(RUNNING_HEAD_CHARACTERS_MAX).collect();
    format!("{}\u{2026}", cut.trim_end())
}

/// Whether the audit was passed, in words; none where the checklist asks for no verdict.
fn verdict(report: &AuditReport, words: &Words) -> Value {
    let (kind, title, note) = match (report.failed, report.passed) {
        (true, _) => ("bad", words.failed, words.failed_note),
        (false, Some(false)) => ("bad", words.not_passed, words.not_passed_note),
        (false, Some(true)) => ("good", words.passed, words.passed_note),
        (false, None) => return Value::None,
    };
    dict! { "kind" => kind, "title" => title, "note" => note }.into_value()
}

/// One of the big scores with what it is compared with.
fn score_values(
    report: &AuditReport,
    pick: impl Fn(&Scores) -> Option<i64>,
    previous_micros: Option<i64>,
    words: &Words,
) -> Dict {
    let micros = pick(&report.scores);
    let compared = [
        (words.region_average, pick(&report.region_mean), true),
        (words.previous_visit, previous_micros, false),
    ];
    let comparisons: Array = compared
        .into_iter()
        .filter_map(|(label, other_micros, on_the_bar)| {
            let other_micros = other_micros?;
            let difference = micros.map(|micros| format::difference(micros, other_micros, words));
            Some(dict! {
                "label" => label,
                "score" => format::percent(other_micros, words),
                "difference" => difference,
                "tick" => on_the_bar.then(|| format::bar(other_micros)),
            })
        })
        .map(IntoValue::into_value)
        .collect();
    dict! {
        "score" => micros.map(|micros| format::percent(micros, words)),
        "bar" => micros.map(format::bar),
        "comparisons" => comparisons,
    }
}

fn section_values(
    section: &ReportSection,
    photos_shown: &[bool],
    placed: &mut [bool],
    words: &Words,
) -> Value {
    let score = |micros: Option<i64>| {
        dict! {
            "score" => micros.map(|micros| format::percent(micros, words)),
            "bar" => micros.map(format::bar),
        }
    };
    let mut photos = Array::new();
    let mut questions = Array::new();
    for question in &section.questions {
        questions.push(question_values(question, photos_shown.len(), words));
        for &n in &question.photos {
            // a photo that several questions name is shown once, at the first
            if let Some(placed) = placed.get_mut(n)
                && !std::mem::replace(placed, true)
            {
                photos.push(photo_values(n, &question.text, photos_shown, words));
            }
        }
    }
    dict! {
        "title" => printable(&section.title),
        "total" => score(section.scores.total_micros),
        "service" => score(section.scores.service_micros),
        "experience" => score(section.scores.experience_micros),
        "questions" => questions,
        "photos" => photos,
    }
    .into_value()
}

fn question_values(question: &ReportQuestion, photos: usize, words: &Words) -> Value {
    let answer = printable(&question.answer);
    let answer = if question.not_applicable {
        words.not_applicable.to_owned()
    } else if answer.is_empty() && question.photos.is_empty() {
        words.no_answer.to_owned()
    } else {
        answer
    };
    let counts = question.scored && (question.possible_milli != 0 || question.earned_milli != 0);
    let points = if counts {
        let earned = format::points(question.earned_milli, words);
        if question.possible_milli == 0 {
            format!("+{earned}")
        } else {
            format!(
                "{earned} / {}",
                format::points(question.possible_milli, words)
            )
        }
    } else {
        String::new()
    };
    let numbers: Array = question
        .photos
        .iter()
        .filter(|n| **n < photos)
        .map(|n| number(*n).into_value())
        .collect();
    let text = printable(&question.text);
    let comment = question.comment.as_deref().map(printable);
    let row_characters: usize = [Some(&text), Some(&answer), comment.as_ref()]
        .into_iter()
        .flatten()
        .map(|part| part.chars().count() + LINE_CHARACTERS * part.matches('\n').count())
        .sum();
    dict! {
        "text" => text,
        "keep" => row_characters <= ROW_CHARACTERS_MAX,
        "wide" => answer.chars().count() > COLUMN_CHARACTERS_MAX || answer.contains('\n'),
        "answered" => !question.not_applicable && !question.answer.trim().is_empty(),
        "answer" => answer,
        "points" => points,
        "lost" => counts && question.earned_milli < question.possible_milli,
        "scored" => question.scored,
        "comment" => comment.filter(|text| !text.is_empty()),
        "photos" => numbers,
    }
    .into_value()
}

fn photo_values(n: usize, caption: &str, photos_shown: &[bool], words: &Words) -> Value {
    let number = number(n);
    let caption = printable(caption);
    let alt = if caption.is_empty() {
        format!("{} {number}", words.photo)
    } else {
        format!("{} {number}: {caption}", words.photo)
    };
    let file = photos_shown
        .get(n)
        .is_some_and(|shown| *shown)
        .then(|| format!("photo-{n}.svg"));
    dict! { "number" => number, "caption" => caption, "alt" => alt, "file" => file }.into_value()
}

/// The number that people see: photos are counted from 1.
fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX - 1) + 1
}

fn word_values(words: &Words) -> Dict {
    dict! {
        "report" => words.report,
        "visited_on" => words.visited_on,
        "region" => words.region,
        "campaign" => words.campaign,
        "checklist" => words.checklist,
        "reference" => words.reference,
        "page" => words.page,
        "page_of" => words.page_of,
        "service" => words.service,
        "experience" => words.experience,
        "total" => words.total,
        "balanced" => words.balanced,
        "balanced_note" => words.balanced_note,
        "recovery" => words.recovery,
        "no_score" => words.no_score,
        "by_section" => words.by_section,
        "section" => words.section,
        "bar_note" => words.bar_note,
        "question" => words.question,
        "answer" => words.answer,
        "points" => words.points,
        "no_questions" => words.no_questions,
        "not_scored" => words.not_scored,
        "comment" => words.comment,
        "photo" => words.photo,
        "photos" => words.photos,
        "more_photos" => words.more_photos,
        "photo_missing" => words.photo_missing,
    }
}
