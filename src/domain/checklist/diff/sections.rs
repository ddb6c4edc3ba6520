//! What changed in sections, and which questions came, went and moved.
//!
//! Not here: what changed in a question that stayed (`question.rs`).

use super::bearing::Share;
use super::matching::Matching;
use super::words::{about_percent, quoted};
use super::{Audience, TextOf, Versions, What, bearing, question};
use crate::domain::checklist::model::{Document, Question, Section};

/// A document's questions, each with the index of its section and its place there, from 0.
struct Placed<'d> {
    questions: Vec<&'d Question>,
    places: Vec<(usize, usize)>,
}

impl<'d> Placed<'d> {
    fn of(document: &'d Document) -> Self {
        let sections = document.sections.iter().enumerate();
        let (questions, places) = sections
            .flat_map(|(number, section)| {
                let questions = section.questions.iter().enumerate();
                questions.map(move |(place, question)| (question, (number, place)))
            })
            .unzip();
        Self { questions, places }
    }
}

pub(super) fn compare(versions: &mut Versions<'_>) {
    let (before, after) = (versions.before, versions.after);
    let shares = (Share::of_sections(before), Share::of_sections(after));
    let sections = Matching::sections(before, after);
    let (old, new) = (Placed::of(before), Placed::of(after));
    let questions = Matching::questions(&old.questions, &new.questions);
    note_renames(versions, &questions, &old, &new);
    let moved_sections = sections.moved();
    let partner = |section: usize| sections.pairs.iter().find(|(_, a)| *a == section);
    for (number, section) in after.sections.iter().enumerate() {
        versions.section = Some(section.id.clone());
        let share = shares.1[number];
        match partner(number) {
            None => versions.tell(
                Audience::of(true, bearing::is_scored(section)),
                What::SectionAdded {
                    weight: section.weight,
                    share_micros: share.micros(),
                    questions: section.questions.len(),
                },
                format!("added: {}", described(after, section, share)),
            ),
            Some(&(was, _)) => {
                let is_moved = moved_sections
                    .iter()
                    .any(|pair| sections.pairs[*pair].1 == number);
                let places = is_moved.then_some((was + 1, number + 1));
                let old_share = shares.0[was];
                one(
                    versions,
                    &before.sections[was],
                    section,
                    [old_share, share],
                    places,
                );
            }
        }
        let stayed = Matching {
            pairs: questions
                .pairs
                .iter()
                .copied()
                .filter(|(b, a)| {
                    new.places[*a].0 == number
                        && partner(number).is_some_and(|(was, _)| *was == old.places[*b].0)
                })
                .collect(),
            removed: Vec::new(),
            added: Vec::new(),
        };
        let moved: Vec<usize> = stayed
            .moved()
            .iter()
            .map(|pair| stayed.pairs[*pair].1)
            .collect();
        for (a, question) in new.questions.iter().enumerate() {
            if new.places[a].0 != number {
                continue;
            }
            versions.question = Some(question.id.clone());
            let pair = questions.pairs.iter().find(|(_, after)| *after == a);
            match pair {
                None => added_or_removed(versions, question, true),
                Some(&(b, _)) => {
                    let (from, to) = (old.places[b], new.places[a]);
                    if !stayed.pairs.contains(&(b, a)) {
                        other_section(versions, old.questions[b], question, from.0, to.0);
                    } else if moved.contains(&a) {
                        let what = What::QuestionPlace {
                            before: from.1 + 1,
                            after: to.1 + 1,
                        };
                        let words = format!("place in the section: {} → {}", from.1 + 1, to.1 + 1);
                        versions.tell(Audience::Shopper, what, words);
                    }
                    question::compare(versions, old.questions[b], question);
                }
            }
        }
        if let Some(&(was, _)) = partner(number) {
            gone(versions, &questions, &old, was);
        }
        versions.question = None;
    }
    for index in &sections.removed {
        let section = &before.sections[*index];
        versions.section = Some(section.id.clone());
        versions.tell(
            Audience::of(true, bearing::is_scored(section)),
            What::SectionRemoved {
                weight: section.weight,
                share_micros: shares.0[*index].micros(),
                questions: section.questions.len(),
            },
            format!("removed: {}", described(before, section, shares.0[*index])),
        );
        gone(versions, &questions, &old, *index);
        versions.question = None;
    }
    versions.section = None;
}

/// Before anything is compared: conditions are read in the newer ids.
fn note_renames(
    versions: &mut Versions<'_>,
    matching: &Matching,
    old: &Placed<'_>,
    new: &Placed<'_>,
) {
    for (b, a) in &matching.pairs {
        let (before, after) = (old.questions[*b], new.questions[*a]);
        if before.id != after.id {
            let ids = (before.id.clone(), after.id.clone());
            versions.renames.questions.insert(ids.0, ids.1);
        }
        let lists = [before, after].map(|question| question.options.as_deref().unwrap_or_default());
        for (b, a) in Matching::options(lists[0], lists[1]).pairs {
            let (option, new_id) = (&lists[0][b].id, &lists[1][a].id);
            if option != new_id {
                let key = (before.id.clone(), option.clone());
                versions.renames.options.insert(key, new_id.clone());
            }
        }
    }
}

fn described(document: &Document, section: &Section, share: Share) -> String {
    let number = section.questions.len();
    let title = section.title.in_language("", &document.languages);
    format!(
        "{}, weight {} ({} of the total), {number} question{}",
        quoted(title),
        section.weight,
        about_percent(share.micros()),
        if number == 1 { "" } else { "s" }
    )
}

/// A section that is in both; `places` when it moved, counted from 1.
fn one(
    versions: &mut Versions<'_>,
    before: &Section,
    after: &Section,
    [share_before, share_after]: [Share; 2],
    places: Option<(usize, usize)>,
) {
    let Section {
        id,
        title,
        weight,
        // Compared one by one.
        questions: _,
    } = before;
    versions.member(
        Audience::Agency,
        "id",
        [id, &after.id],
        Clone::clone,
        |before, after| What::SectionId { before, after },
    );
    versions.text(
        &TextOf::SectionTitle,
        "title",
        Some(title),
        Some(&after.title),
    );
    if let Some((before, after)) = places {
        let words = format!("place in the checklist: {before} → {after}");
        versions.tell(
            Audience::Shopper,
            What::SectionPlace { before, after },
            words,
        );
    }
    let share_changed = share_before != share_after;
    let (share_before_micros, share_after_micros) = (share_before.micros(), share_after.micros());
    if *weight != after.weight || share_changed {
        let (was, is) = (
            about_percent(share_before_micros),
            about_percent(share_after_micros),
        );
        let of_total = if share_changed {
            format!("{was} → {is} of the total")
        } else {
            format!("still {is} of the total")
        };
        let words = if *weight == after.weight {
            format!("weight: still {weight}, {of_total}")
        } else {
            format!("weight: {weight} → {}, {of_total}", after.weight)
        };
        let what = What::Weight {
            before: *weight,
            after: after.weight,
            share_before_micros,
            share_after_micros,
        };
        versions.tell(Audience::of(false, share_changed), what, words);
    }
}

/// Questions of the older version's section that the newer version does not have anywhere.
fn gone(versions: &mut Versions<'_>, questions: &Matching, old: &Placed<'_>, section: usize) {
    for b in &questions.removed {
        if old.places[*b].0 == section {
            versions.question = Some(old.questions[*b].id.clone());
            added_or_removed(versions, old.questions[*b], false);
        }
    }
}

fn added_or_removed(versions: &mut Versions<'_>, question: &Question, added: bool) {
    let (document, bearing) = if added {
        (versions.after, &versions.bearing_after)
    } else {
        (versions.before, &versions.bearing_before)
    };
    let audience = Audience::of(true, bearing.contains(question.id.as_str()));
    let scored = question.has_dimension();
    let text = question
        .text
        .in_language("", &document.languages)
        .to_owned();
    let details = format!(
        "{}, {}, {}",
        quoted(&text),
        question.kind.name(),
        if scored { "scored" } else { "not scored" }
    );
    let question_type = question.kind;
    let (what, words) = if added {
        let what = What::QuestionAdded {
            question_type,
            scored,
            text,
        };
        (what, format!("added: {details}"))
    } else {
        let what = What::QuestionRemoved {
            question_type,
            scored,
            text,
        };
        (what, format!("removed: {details}"))
    };
    versions.tell(audience, what, words);
}

fn other_section(
    versions: &mut Versions<'_>,
    before: &Question,
    after: &Question,
    from: usize,
    to: usize,
) {
    let from = versions.before.sections[from].id.clone();
    let to = versions.after.sections[to].id.clone();
    let bears = question::bears(versions, before, after);
    let words = format!("moved here from section {from}");
    let what = What::QuestionSection {
        before: from,
        after: to,
    };
    versions.tell(Audience::of(true, bears), what, words);
}
