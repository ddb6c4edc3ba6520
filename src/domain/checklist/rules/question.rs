//! What goes with which type of question, and in which order and number.
//!
//! Not here: points (`points.rs`), conditions (`conditions.rs`).

use super::{Rules, identifier, texts};
use crate::domain::answer::INTEGER_MAX;
use crate::domain::checklist::model::{
    Band, Critical, CriticalEffect, Question, QuestionType as Type,
};

const BANDED: &[Type] = &[
    Type::Number,
    Type::Duration,
    Type::Money,
    Type::Count,
    Type::Recommend,
    Type::Emotion,
    Type::LocationCheck,
];
/// Types of which somebody can know the right answer beforehand.
const TRAPS: &[Type] = &[
    Type::YesNo,
    Type::Choice,
    Type::MultiChoice,
    Type::Scale,
    Type::Number,
    Type::Count,
    Type::Money,
    Type::Date,
    Type::Time,
];
const WITHIN_M: std::ops::RangeInclusive<u32> = 10..=100_000;
const OPTIONS_MAX: usize = 100;
const STEPS_MAX: usize = 20;
const BANDS_MAX: usize = 50;
const PHOTOS_MAX: u32 = 60;

pub(super) fn check(rules: &mut Rules<'_>, path: &str, question: &Question) {
    texts::check(rules, &format!("{path}/text"), &question.text);
    for (key, text) in [("help", &question.help), ("unit", &question.unit)] {
        if let Some(text) = text {
            texts::check(rules, &format!("{path}/{key}"), text);
        }
    }
    if !matches!(question.service_share + question.experience_share, 0 | 100) {
        rules.fault(
            format!("{path}/dimension"),
            "the shares of service and experience are 100 together",
        );
    }
    if (rules.damaged)(&format!("{path}/type")) {
        return;
    }
    members(rules, path, question);
    options(rules, path, question);
    steps(rules, path, question);
    if let Some(bands) = &question.bands
        && BANDED.contains(&question.kind)
    {
        check_bands(rules, &format!("{path}/bands"), question, bands);
    }
    if let Some(critical) = &question.critical {
        check_critical(rules, &format!("{path}/critical"), critical);
    }
    numbers(rules, path, question);
    photos(rules, path, question);
    marks(rules, path, question);
}

/// What a question is marked as, and what that needs.
fn marks(rules: &mut Rules<'_>, path: &str, question: &Question) {
    if question.recovery
        && !question.has_dimension()
        && !(rules.damaged)(&format!("{path}/dimension"))
    {
        rules.fault(
            format!("{path}/recovery"),
            "a question of the recovery score needs a dimension and points",
        );
    }
    if question.trap && question.has_dimension() {
        let suggestion = Some("write `dimension: none`, or leave `trap` out".to_owned());
        rules.fault_with(
            format!("{path}/trap"),
            "a trap tells about the shopper, so it earns nothing for the location",
            suggestion,
        );
    }
    if question.kind == Type::Emotion && question.bands.is_some() && question.since.is_none() {
        let suggestion = Some("give `points` or `steps`, or say `since`".to_owned());
        rules.fault_with(
            format!("{path}/bands"),
            "bands of an emotion are for the change, and there is nothing it is compared with",
            suggestion,
        );
    }
    match (question.kind, question.within_m) {
        (Type::LocationCheck, None) => rules.fault(format!("{path}/within"), "`within` is missing"),
        (Type::LocationCheck, Some(metres)) if !WITHIN_M.contains(&metres) => {
            rules.fault(
                format!("{path}/within"),
                "`within` is between 10m and 100km",
            );
        }
        _ => {}
    }
}

/// Members that mean nothing for the type.
fn members(rules: &mut Rules<'_>, path: &str, question: &Question) {
    use Type::{
        Choice, Count, Duration, Emotion, LocationCheck, Money, MultiChoice, Number, Photo,
        Recommend, Scale, Text, YesNo,
    };
    let not_heading: Vec<Type> = Type::ALL
        .into_iter()
        .filter(|kind| *kind != Type::Heading)
        .collect();
    let present: [(&str, bool, &[Type]); 24] = [
        (
            "points",
            question.points_milli.is_some(),
            &[YesNo, Money, Emotion, Recommend, Photo, LocationCheck],
        ),
        ("expect", question.expect.is_some(), &[YesNo]),
        ("critical", question.critical.is_some(), &[YesNo, Money]),
        (
            "options",
            question.options.is_some(),
            &[Choice, MultiChoice],
        ),
        ("steps", question.steps.is_some(), &[Scale, Emotion]),
        ("bands", question.bands.is_some(), BANDED),
        (
            "max_points",
            question.max_points_milli.is_some(),
            &[MultiChoice],
        ),
        ("expected", question.expected_minor.is_some(), &[Money]),
        ("tolerance", question.tolerance_minor.is_some(), &[Money]),
        ("currency", question.currency.is_some(), &[Money]),
        ("unit", question.unit.is_some(), &[Number, Count]),
        ("decimals", question.decimals.is_some(), &[Number]),
        (
            "minimum",
            question.minimum.is_some(),
            &[Number, Count, Money, Duration],
        ),
        (
            "maximum",
            question.maximum.is_some(),
            &[Number, Count, Money, Duration],
        ),
        ("words_min", question.words_min.is_some(), &[Text]),
        ("characters_max", question.characters_max.is_some(), &[Text]),
        ("timer", question.timer, &[Duration]),
        ("photo", question.photo.is_some(), &not_heading),
        ("required", question.required, &not_heading),
        ("required_if", question.required_if.is_some(), &not_heading),
        ("recovery", question.recovery, &not_heading),
        ("trap", question.trap, TRAPS),
        ("since", question.since.is_some(), &[Emotion]),
        ("within", question.within_m.is_some(), &[LocationCheck]),
    ];
    for (key, is_there, kinds) in present {
        if is_there && !kinds.contains(&question.kind) {
            let kinds_with_it = || kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>();
            let suggestion = match (key, question.kind) {
                ("points", Choice | MultiChoice) => Some("give points to its options".to_owned()),
                ("points", Scale) => Some("give points to its steps".to_owned()),
                ("points", Number | Duration | Count) => Some("give points by `bands`".to_owned()),
                ("critical", Choice | MultiChoice) => {
                    Some("put it on the option that is critical".to_owned())
                }
                ("maximum", Text) => Some("`characters_max` limits a text".to_owned()),
                ("minimum", Text) => Some("`words_min` is the least of a text".to_owned()),
                _ if kinds.len() < 8 => {
                    Some(format!("it belongs to {}", kinds_with_it().join(", ")))
                }
                _ => None,
            };
            rules.fault_with(
                format!("{path}/{key}"),
                format!("`{key}` means nothing for {}", question.kind.name()),
                suggestion,
            );
        }
    }
}

fn too_many(rules: &mut Rules<'_>, path: &str, what: &str, count: usize, most: usize) -> bool {
    if count > most {
        rules.fault(
            path,
            format!("{count} {what} are too many; {most} are allowed"),
        );
    }
    count > most
}

fn options(rules: &mut Rules<'_>, path: &str, question: &Question) {
    if !matches!(question.kind, Type::Choice | Type::MultiChoice) {
        return;
    }
    let path = format!("{path}/options");
    let options = question.options.as_deref().unwrap_or_default();
    if options.is_empty() {
        let suggestion = Some("give it `options`, each with an id and a text".to_owned());
        rules.fault_with(
            &path,
            format!("a {} question has no options", question.kind.name()),
            suggestion,
        );
    }
    if too_many(rules, &path, "options", options.len(), OPTIONS_MAX) {
        return;
    }
    for (index, option) in options.iter().enumerate() {
        let path = format!("{path}/{index}");
        identifier(rules, &format!("{path}/id"), &option.id, "option");
        if !option.id.is_empty()
            && options[..index]
                .iter()
                .any(|earlier| earlier.id == option.id)
        {
            rules.fault_with(
                format!("{path}/id"),
                format!("option `{}` is there twice", option.id),
                Some("each option of a question has an id of its own".to_owned()),
            );
        }
        texts::check(rules, &format!("{path}/text"), &option.text);
        if let Some(critical) = &option.critical {
            check_critical(rules, &format!("{path}/critical"), critical);
        }
        if option.exclusive && question.kind != Type::MultiChoice {
            rules.fault(
                format!("{path}/exclusive"),
                "`exclusive` is for options of a multi_choice; of a choice only one is chosen anyway",
            );
        }
    }
}

fn steps(rules: &mut Rules<'_>, path: &str, question: &Question) {
    let path = format!("{path}/steps");
    match (question.kind, question.steps.as_ref().map(Vec::len)) {
        (Type::Scale, None | Some(0 | 1)) => rules.fault(&path, "a scale needs at least two steps"),
        (Type::Emotion, Some(count)) if count != 5 => {
            rules.fault(
                &path,
                format!("an emotion question has five steps or none, not {count}"),
            );
        }
        _ => {}
    }
    let steps = question.steps.as_deref().unwrap_or_default();
    if too_many(rules, &path, "steps", steps.len(), STEPS_MAX) {
        return;
    }
    for (index, step) in steps.iter().enumerate() {
        texts::check(rules, &format!("{path}/{index}/text"), &step.text);
    }
}

fn check_bands(rules: &mut Rules<'_>, path: &str, question: &Question, bands: &[Band]) {
    let Some((last, bounded)) = bands.split_last() else {
        rules.fault(path, "there are no bands");
        return;
    };
    if too_many(rules, path, "bands", bands.len(), BANDS_MAX) {
        return;
    }
    if last.up_to.is_some() {
        let suggestion = Some("end with a band without `up_to`, such as {points: 0}".to_owned());
        rules.fault_with(
            format!("{path}/{}", bounded.len()),
            "values above the last band have no points",
            suggestion,
        );
    }
    let (least, most) = match question.kind {
        Type::Recommend => (Some(0), Some(10)),
        Type::Emotion => (Some(-4), Some(4)),
        Type::LocationCheck => (Some(0), None),
        _ => (question.minimum, question.maximum),
    };
    let mut previous: Option<i64> = None;
    for (index, band) in bounded.iter().enumerate() {
        let place = format!("{path}/{index}");
        let Some(up_to) = band.up_to else {
            rules.fault(place, "only the last band is without `up_to`");
            continue;
        };
        if previous.is_some_and(|previous| up_to <= previous) {
            rules.fault_with(
                format!("{place}/up_to"),
                "bands ascend: this one ends where or before the one above it ends",
                Some("put the smallest first".to_owned()),
            );
        } else if least.is_some_and(|least| up_to < least) || most.is_some_and(|most| up_to >= most)
        {
            let what = "no answer can be above this band, or none in it, given the smallest and largest answer allowed";
            rules.fault(format!("{place}/up_to"), what);
        }
        previous = Some(up_to);
    }
}

fn check_critical(rules: &mut Rules<'_>, path: &str, critical: &Critical) {
    let fits = match (critical.effect, critical.cap_micros) {
        (CriticalEffect::CapAudit, Some(cap)) => (0..=1_000_000).contains(&cap),
        (CriticalEffect::CapAudit, None) => false,
        (_, cap) => cap.is_none(),
    };
    if !fits {
        rules.fault(
            path,
            "a cap is between 0 and 100 percent, and only `cap_audit_at` has one",
        );
    }
}

fn numbers(rules: &mut Rules<'_>, path: &str, question: &Question) {
    let numbers = [
        ("minimum", question.minimum),
        ("maximum", question.maximum),
        ("expected", question.expected_minor),
        ("tolerance", question.tolerance_minor),
    ];
    for (key, number) in numbers {
        let negative_allowed = question.kind == Type::Number;
        if number.is_some_and(|number| {
            number > INTEGER_MAX || number < if negative_allowed { -INTEGER_MAX } else { 0 }
        }) {
            rules.fault(format!("{path}/{key}"), "is outside what an answer can be");
        }
    }
    if let (Some(minimum), Some(maximum)) = (question.minimum, question.maximum)
        && minimum > maximum
    {
        rules.fault(format!("{path}/minimum"), "`minimum` is above `maximum`");
    }
    if question.decimals.is_some_and(|decimals| decimals > 3) {
        rules.fault(format!("{path}/decimals"), "at most 3 decimals are kept");
    }
    match (&question.currency, question.kind) {
        (None, Type::Money) => rules.fault(format!("{path}/currency"), "`currency` is missing"),
        (Some(code), Type::Money)
            if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) =>
        {
            let suggestion = Some("an ISO 4217 code such as EUR".to_owned());
            rules.fault_with(
                format!("{path}/currency"),
                format!("`{code}` is no currency"),
                suggestion,
            );
        }
        _ => {}
    }
}

fn photos(rules: &mut Rules<'_>, path: &str, question: &Question) {
    let path = format!("{path}/photo");
    match (&question.photo, question.kind) {
        (None, Type::Photo) => rules.fault(path, "a photo question says how many photos it wants"),
        (None, _) => {}
        (Some(photo), kind) => {
            if photo.min > photo.max {
                rules.fault(
                    &path,
                    format!("`min` is {} and `max` is {}", photo.min, photo.max),
                );
            }
            if photo.max == 0 || photo.max > PHOTOS_MAX {
                rules.fault(
                    format!("{path}/max"),
                    format!("`max` is between 1 and {PHOTOS_MAX}"),
                );
            }
            if kind == Type::Photo && photo.min == 0 {
                let suggestion = Some("write `required: false` when it may be left out".to_owned());
                rules.fault_with(
                    format!("{path}/min"),
                    "a photo question is answered by at least one photo",
                    suggestion,
                );
            }
            if kind == Type::Photo && photo.when.is_some() {
                let suggestion = Some("use `show_if` or `required_if`".to_owned());
                rules.fault_with(
                    format!("{path}/if"),
                    "a photo question is nothing but its photos",
                    suggestion,
                );
            }
        }
    }
}
