//! What changed in a question's options, steps and pictures.
//!
//! Not here: the members that are one value (`question.rs`).

use super::matching::Matching;
use super::question::or_no_critical;
use super::words::{points, quoted, yes_or_no};
use super::{Audience, TextOf, Versions, What};
use crate::domain::checklist::model::{ChoiceOption, Document, Picture, Step};
use crate::domain::ids::Sha256;

/// `bears`: whether the question bears on a score.
pub(super) fn options(
    versions: &mut Versions<'_>,
    bears: bool,
    before: Option<&[ChoiceOption]>,
    after: Option<&[ChoiceOption]>,
) {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let matching = Matching::options(before, after);
    for (b, a) in &matching.pairs {
        one_option(versions, bears, &before[*b], &after[*a]);
    }
    for index in &matching.added {
        let option = &after[*index];
        let text = in_first_language(versions.after, option);
        let words = format!("option added: {}", described(option, &text));
        let what = What::OptionAdded {
            option: option.id.clone(),
            points_milli: option.points_milli,
            text,
        };
        versions.tell(Audience::of(true, bears), what, words);
    }
    for index in &matching.removed {
        let option = &before[*index];
        let text = in_first_language(versions.before, option);
        let words = format!("option removed: {}", described(option, &text));
        let what = What::OptionRemoved {
            option: option.id.clone(),
            points_milli: option.points_milli,
            text,
        };
        versions.tell(Audience::of(true, bears), what, words);
    }
    if !matching.moved().is_empty() {
        let mut old_order = matching.pairs.clone();
        old_order.sort_unstable();
        let ids = |pairs: &[(usize, usize)]| -> Vec<String> {
            pairs.iter().map(|(_, a)| after[*a].id.clone()).collect()
        };
        let (before, after) = (ids(&old_order), ids(&matching.pairs));
        let words = format!(
            "order of options: {} → {}",
            before.join(", "),
            after.join(", ")
        );
        versions.tell(
            Audience::Shopper,
            What::OptionOrder { before, after },
            words,
        );
    }
}

fn in_first_language(document: &Document, option: &ChoiceOption) -> String {
    let text = option.text.in_language("", &document.languages);
    text.to_owned()
}

fn described(option: &ChoiceOption, text: &str) -> String {
    let earns = points(option.points_milli);
    format!("{} ({}), {earns} points", option.id, quoted(text))
}

fn one_option(
    versions: &mut Versions<'_>,
    bears: bool,
    before: &ChoiceOption,
    after: &ChoiceOption,
) {
    let ChoiceOption {
        id,
        text,
        points_milli,
        critical,
        exclusive,
    } = before;
    let option = || after.id.clone();
    versions.member(
        Audience::Agency,
        "option renamed",
        [id, &after.id],
        Clone::clone,
        |before, after| What::OptionId { before, after },
    );
    versions.text(
        &TextOf::Option(option()),
        &format!("option {}", after.id),
        Some(text),
        Some(&after.text),
    );
    versions.member(
        Audience::of(false, bears),
        &format!("points of option {}", after.id),
        [points_milli, &after.points_milli],
        |milli| points(*milli),
        |before, after| What::OptionPoints {
            option: option(),
            before,
            after,
        },
    );
    versions.member(
        Audience::Score,
        &format!("critical of option {}", after.id),
        [critical, &after.critical],
        or_no_critical,
        |before, after| What::OptionCritical {
            option: option(),
            before,
            after,
        },
    );
    versions.member(
        Audience::of(true, bears),
        &format!("option {} is chosen alone", after.id),
        [exclusive, &after.exclusive],
        |is| yes_or_no(*is),
        |before, after| What::OptionExclusive {
            option: option(),
            before,
            after,
        },
    );
}

/// Steps have no ids. As many as before, and not the same texts in another order: they are told one by one.
pub(super) fn steps(
    versions: &mut Versions<'_>,
    bears: bool,
    before: Option<&Vec<Step>>,
    after: Option<&Vec<Step>>,
) {
    let (old, new) = (
        before.map_or(&[][..], Vec::as_slice),
        after.map_or(&[][..], Vec::as_slice),
    );
    let matching = Matching::of(old, new, |b, a| b.text == a.text, |_, _| false);
    if old.len() != new.len() || !matching.moved().is_empty() {
        let words = |steps: &[Step], document: &Document| match steps {
            [] => "none".to_owned(),
            steps => {
                let step = |Step { text, points_milli }: &Step| {
                    let text = text.in_language("", &document.languages);
                    format!("{} {}", quoted(text), points(*points_milli))
                };
                steps.iter().map(step).collect::<Vec<_>>().join(", ")
            }
        };
        let words = format!(
            "steps: {} → {}",
            words(old, versions.before),
            words(new, versions.after)
        );
        let (before, after) = (before.cloned(), after.cloned());
        versions.tell(
            Audience::of(true, bears),
            What::Steps { before, after },
            words,
        );
        return;
    }
    for (step, (before, after)) in (1..).zip(old.iter().zip(new)) {
        let Step { text, points_milli } = before;
        versions.text(
            &TextOf::Step(step),
            &format!("step {step}"),
            Some(text),
            Some(&after.text),
        );
        versions.member(
            Audience::of(false, bears),
            &format!("points of step {step}"),
            [points_milli, &after.points_milli],
            |milli| points(*milli),
            |before, after| What::StepPoints {
                step,
                before,
                after,
            },
        );
    }
}

pub(super) fn pictures(versions: &mut Versions<'_>, before: &[Picture], after: &[Picture]) {
    let same_file = |before: &Picture, after: &Picture| {
        let Picture {
            sha256,
            media_type,
            size_bytes,
            // The caption is told by itself.
            text: _,
        } = before;
        (sha256, media_type, size_bytes) == (&after.sha256, &after.media_type, &after.size_bytes)
    };
    let matching = Matching::of(before, after, same_file, |_, _| false);
    for (b, a) in &matching.pairs {
        let (before, after) = (&before[*b], &after[*a]);
        let of = TextOf::Picture(after.sha256);
        versions.text(
            &of,
            "picture’s caption",
            Some(&before.text),
            Some(&after.text),
        );
    }
    let caption = |document: &Document, picture: &Picture| {
        quoted(picture.text.in_language("", &document.languages))
    };
    for index in matching.added {
        let picture = after[index].clone();
        let words = format!("picture added: {}", caption(versions.after, &picture));
        versions.tell(Audience::Shopper, What::PictureAdded { picture }, words);
    }
    for index in &matching.removed {
        let picture = before[*index].clone();
        let words = format!("picture removed: {}", caption(versions.before, &picture));
        versions.tell(Audience::Shopper, What::PictureRemoved { picture }, words);
    }
    let mut old_order = matching.pairs.clone();
    old_order.sort_unstable();
    if old_order != matching.pairs {
        let digests = |pairs: &[(usize, usize)]| -> Vec<Sha256> {
            pairs.iter().map(|(b, _)| before[*b].sha256).collect()
        };
        let (before, after) = (digests(&old_order), digests(&matching.pairs));
        let words = format!("order of {} pictures", after.len());
        versions.tell(
            Audience::Shopper,
            What::PictureOrder { before, after },
            words,
        );
    }
}
