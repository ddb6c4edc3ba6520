//! What changed in a question that is in both versions.
//!
//! Not here: its options, steps and pictures (`lists.rs`), and that it moved (`sections.rs`).

use super::words::{self, name, or_none, points, quantity, yes_or_no};
use super::{Audience, Requirement, Shares, TextOf, Versions, What, lists};
use crate::domain::checklist::conditions::Condition;
use crate::domain::checklist::model::{Critical, NaPolicy, PhotoRule, Question, QuestionType};

/// Whether the question bears on a score in one of the two versions.
pub(super) fn bears(versions: &Versions<'_>, before: &Question, after: &Question) -> bool {
    versions.bearing_before.contains(before.id.as_str())
        || versions.bearing_after.contains(after.id.as_str())
}

pub(super) fn compare(versions: &mut Versions<'_>, before: &Question, after: &Question) {
    let Question {
        id,
        kind,
        text,
        help,
        service_share,
        experience_share,
        required,
        required_if,
        not_applicable,
        bonus,
        show_if,
        points_milli,
        expect,
        critical,
        options,
        steps,
        bands,
        max_points_milli,
        expected_minor,
        tolerance_minor,
        currency,
        unit,
        decimals,
        minimum,
        maximum,
        words_min,
        characters_max,
        timer,
        photo,
        recovery,
        trap,
        pictures,
        since,
        within_m,
    } = before;
    let bears = bears(versions, before, after);
    let score_only = Audience::of(false, bears);
    let both = Audience::of(true, bears);

    versions.member(
        Audience::Agency,
        "renamed, and ranked by question anew",
        [id, &after.id],
        Clone::clone,
        |before, after| What::QuestionId { before, after },
    );
    versions.member(both, "type", [kind, &after.kind], name, |before, after| {
        What::Type { before, after }
    });
    versions.text(&TextOf::Question, "text", Some(text), Some(&after.text));
    versions.text(&TextOf::Help, "help", help.as_ref(), after.help.as_ref());
    lists::pictures(versions, pictures, &after.pictures);
    conditions(
        versions,
        both,
        [
            (*required, required_if),
            (after.required, &after.required_if),
        ],
        [show_if, &after.show_if],
    );
    let offered = |policy: NaPolicy| policy != NaPolicy::NotAllowed;
    versions.member(
        Audience::of(
            offered(*not_applicable) != offered(after.not_applicable),
            bears,
        ),
        "not applicable",
        [not_applicable, &after.not_applicable],
        name,
        |before, after| What::NotApplicable { before, after },
    );

    let shares = |service: u32, experience: u32| Shares {
        service,
        experience,
    };
    versions.member(
        Audience::Score,
        "dimension",
        [
            &shares(*service_share, *experience_share),
            &shares(after.service_share, after.experience_share),
        ],
        dimension,
        |before, after| What::Dimension { before, after },
    );
    versions.member(
        score_only,
        "bonus",
        [bonus, &after.bonus],
        |is| yes_or_no(*is),
        |before, after| What::Bonus { before, after },
    );
    versions.member(
        Audience::Score,
        "counts towards the recovery score",
        [recovery, &after.recovery],
        |is| yes_or_no(*is),
        |before, after| What::Recovery { before, after },
    );
    let or_no_points = |milli: &Option<i64>| or_none(milli.as_ref(), |milli| points(*milli));
    versions.member(
        score_only,
        "points",
        [points_milli, &after.points_milli],
        or_no_points,
        |before, after| What::Points { before, after },
    );
    versions.member(
        score_only,
        "most points",
        [max_points_milli, &after.max_points_milli],
        or_no_points,
        |before, after| What::MaxPoints { before, after },
    );
    versions.member(
        score_only,
        "answer that earns",
        [&expect.unwrap_or(true), &after.expect.unwrap_or(true)],
        |expect| yes_or_no(*expect),
        |before, after| What::Expect { before, after },
    );
    versions.member(
        Audience::Score,
        "critical",
        [critical, &after.critical],
        or_no_critical,
        |before, after| What::Critical { before, after },
    );
    lists::options(
        versions,
        bears,
        options.as_deref(),
        after.options.as_deref(),
    );
    lists::steps(versions, bears, steps.as_ref(), after.steps.as_ref());
    if *bands != after.bands {
        let words = |question: &Question| {
            or_none(question.bands.as_ref(), |bands| {
                words::bands(question, bands)
            })
        };
        let words = format!("bands: {} → {}", words(before), words(after));
        let (before, after) = (bands.clone(), after.bands.clone());
        versions.tell(score_only, What::Bands { before, after }, words);
    }

    let amount = |name: &str, was: Option<i64>, is: Option<i64>| {
        let of = |question, value: Option<i64>| or_none(value.as_ref(), |v| quantity(question, *v));
        (was != is).then(|| format!("{name}: {} → {}", of(before, was), of(after, is)))
    };
    let (was, is) = (*expected_minor, after.expected_minor);
    if let Some(words) = amount("expected amount", was, is) {
        versions.tell(
            score_only,
            What::Expected {
                before: was,
                after: is,
            },
            words,
        );
    }
    let (was, is) = (*tolerance_minor, after.tolerance_minor);
    if let Some(words) = amount("tolerance", was, is) {
        versions.tell(
            score_only,
            What::Tolerance {
                before: was,
                after: is,
            },
            words,
        );
    }
    let (was, is) = (*minimum, after.minimum);
    if let Some(words) = amount("least answer", was, is) {
        versions.tell(
            Audience::Shopper,
            What::Minimum {
                before: was,
                after: is,
            },
            words,
        );
    }
    let (was, is) = (*maximum, after.maximum);
    if let Some(words) = amount("largest answer", was, is) {
        versions.tell(
            Audience::Shopper,
            What::Maximum {
                before: was,
                after: is,
            },
            words,
        );
    }
    versions.member(
        both,
        "currency",
        [currency, &after.currency],
        |code| or_none(code.as_ref(), Clone::clone),
        |before, after| What::Currency { before, after },
    );
    versions.text(&TextOf::Unit, "unit", unit.as_ref(), after.unit.as_ref());
    let number = |number: &Option<u32>| or_none(number.as_ref(), ToString::to_string);
    versions.member(
        Audience::Shopper,
        "decimals",
        [decimals, &after.decimals],
        number,
        |before, after| What::Decimals { before, after },
    );
    versions.member(
        Audience::Shopper,
        "fewest words",
        [words_min, &after.words_min],
        number,
        |before, after| What::WordsMin { before, after },
    );
    versions.member(
        Audience::Shopper,
        "most characters",
        [characters_max, &after.characters_max],
        number,
        |before, after| What::CharactersMax { before, after },
    );
    versions.member(
        Audience::Shopper,
        "timer",
        [timer, &after.timer],
        |is| yes_or_no(*is),
        |before, after| What::Timer { before, after },
    );
    // Only a photo question earns by its photos.
    let by_photos = bears
        && [before, after]
            .iter()
            .any(|question| question.kind == QuestionType::Photo);
    photos(versions, Audience::of(true, by_photos), photo, &after.photo);
    versions.member(
        Audience::Agency,
        "trap",
        [trap, &after.trap],
        |is| yes_or_no(*is),
        |before, after| What::Trap { before, after },
    );
    pairs(versions, bears, before, since.as_ref(), after);
    // Beside bands, and without points, the distance only flags an audit for its reviewer.
    let by_distance = points_milli.or(after.points_milli).is_some();
    versions.member(
        Audience::of(false, by_distance),
        "within",
        [within_m, &after.within_m],
        |metres| or_none(metres.as_ref(), |metres| format!("{metres}m")),
        |before, after| What::Within { before, after },
    );
}

/// When it is asked, and when it has to be answered.
fn conditions(
    versions: &mut Versions<'_>,
    audience: Audience,
    required: [(bool, &Option<Condition>); 2],
    [show_if, show_if_after]: [&Option<Condition>; 2],
) {
    let in_new_ids = |versions: &Versions<'_>, condition: &Option<Condition>| {
        let condition = condition.as_ref();
        condition.map(|condition| versions.renames.condition(condition))
    };
    let (old, new) = (versions.before, versions.after);
    if in_new_ids(versions, show_if) != *show_if_after {
        let words = |document, condition: &Option<Condition>| match condition {
            Some(condition) => format!("when {}", words::condition(document, condition)),
            None => "always".to_owned(),
        };
        let words = format!(
            "asked: {} → {}",
            words(old, show_if),
            words(new, show_if_after)
        );
        let (before, after) = (show_if.clone(), show_if_after.clone());
        versions.tell(audience, What::ShowIf { before, after }, words);
    }
    let [was, is] = required;
    if (was.0, in_new_ids(versions, was.1)) != (is.0, is.1.clone()) {
        let (before, after) = (requirement(was.0, was.1), requirement(is.0, is.1));
        let words = |document, requirement: &Requirement| match requirement {
            Requirement::Always => "always".to_owned(),
            Requirement::Never => "never".to_owned(),
            Requirement::If(condition) => {
                format!("when {}", words::condition(document, condition))
            }
        };
        let words = format!("required: {} → {}", words(old, &before), words(new, &after));
        versions.tell(audience, What::Required { before, after }, words);
    }
}

fn requirement(required: bool, required_if: &Option<Condition>) -> Requirement {
    match required_if {
        Some(condition) => Requirement::If(condition.clone()),
        None if required => Requirement::Always,
        None => Requirement::Never,
    }
}

fn photos(
    versions: &mut Versions<'_>,
    audience: Audience,
    before: &Option<PhotoRule>,
    after: &Option<PhotoRule>,
) {
    let in_new_ids = before
        .as_ref()
        .map(|PhotoRule { min, max, when }| PhotoRule {
            min: *min,
            max: *max,
            when: when.as_ref().map(|when| versions.renames.condition(when)),
        });
    if in_new_ids != *after {
        let words = |document, rule: &Option<PhotoRule>| {
            or_none(rule.as_ref(), |rule| words::photo(document, rule))
        };
        let words = format!(
            "photos: {} → {}",
            words(versions.before, before),
            words(versions.after, after)
        );
        let (before, after) = (before.clone(), after.clone());
        versions.tell(audience, What::Photo { before, after }, words);
    }
}

/// The earlier face that it is compared with: for points with bands, else for show.
fn pairs(
    versions: &mut Versions<'_>,
    bears: bool,
    question: &Question,
    before: Option<&String>,
    after: &Question,
) {
    let in_new_ids = before.map(|id| versions.renames.question(id));
    if in_new_ids != after.since {
        let id = |id: Option<&String>| or_none(id, |id| (*id).clone());
        let words = format!(
            "compared with: {} → {}",
            id(before),
            id(after.since.as_ref())
        );
        let by_change = question.bands.is_some() || after.bands.is_some();
        let (before, after) = (before.cloned(), after.since.clone());
        let audience = Audience::of(true, bears && by_change);
        versions.tell(audience, What::Since { before, after }, words);
    }
}

pub(super) fn or_no_critical(critical: &Option<Critical>) -> String {
    or_none(critical.as_ref(), words::critical)
}

fn dimension(
    Shares {
        service,
        experience,
    }: &Shares,
) -> String {
    match (service, experience) {
        (0, 0) => "none".to_owned(),
        (100, 0) => "service".to_owned(),
        (0, 100) => "experience".to_owned(),
        _ => format!("service {service} %, experience {experience} %"),
    }
}
