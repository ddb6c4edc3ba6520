//! One question as it is written in a file.
//!
//! Not here: which keys go with which type, and whether the points make sense (`rules/`).

use super::reader::{Place, Reader};
use super::{condition, keys, quantity, texts};
use crate::domain::checklist::currency::minor_digits;
use crate::domain::checklist::model::{
    Band, ChoiceOption, Critical, CriticalEffect, NaPolicy, PhotoRule, Picture, Question,
    QuestionType, Step, WITHIN_M_DEFAULT,
};

/// Photos of a photo question that does not say how many.
const PHOTO_DEFAULT: PhotoRule = PhotoRule {
    min: 1,
    max: 3,
    when: None,
};

pub(super) const NA_POLICIES: &[(&str, NaPolicy)] = &[
    ("exclude", NaPolicy::Exclude),
    ("pass", NaPolicy::Pass),
    ("zero", NaPolicy::Zero),
    ("fail", NaPolicy::Fail),
    ("not_allowed", NaPolicy::NotAllowed),
];

pub(super) const CRITICAL_EFFECTS: &[(&str, CriticalEffect)] = &[
    ("fail_section", CriticalEffect::FailSection),
    ("fail_audit", CriticalEffect::FailAudit),
    ("zero_section", CriticalEffect::ZeroSection),
    ("zero_audit", CriticalEffect::ZeroAudit),
];

/// What could not be read has been told; in its place stands something harmless, so that the rest can be looked at too.
pub(super) fn read(
    reader: &mut Reader,
    place: &Place<'_>,
    languages: &[String],
    inherited: NaPolicy,
) -> Question {
    let id = place.get("id").and_then(|id| reader.words(&id));
    reader.question.clone_from(&id);
    let map = reader.map(place, keys::QUESTION);
    if map.is_some() && place.get("id").is_none() {
        reader.required(place, "id");
    }
    let kind = map
        .and_then(|map| reader.required(map, "type"))
        .and_then(|place| kind(reader, &place));
    let text = map.and_then(|map| reader.required(map, "text"));
    let text = text
        .map(|place| texts::read(reader, &place, languages))
        .unwrap_or_default();
    let kind_or_heading = kind.unwrap_or(QuestionType::Heading);
    let (service_share, experience_share) =
        field(map, "dimension", |p| dimension(reader, p)).unwrap_or((0, 0));
    let scored = service_share + experience_share > 0;
    let currency = field(map, "currency", |p| reader.words(p));
    let digits = currency.as_deref().map_or(2, minor_digits);
    let amount =
        |reader: &mut Reader, p: &Place<'_>| quantity::amount(reader, p, kind_or_heading, digits);
    let required_if = field(map, "required_if", |p| condition::read(reader, p));
    let required = field(map, "required", |p| {
        if required_if.is_some() {
            let suggestion = Some("keep one of them".to_owned());
            reader.problem_with(
                p,
                "`required` and `required_if` exclude each other",
                suggestion,
            );
        }
        reader.boolean(p)
    });
    let required_by_default =
        !matches!(kind_or_heading, QuestionType::Heading | QuestionType::Text);
    let question = Question {
        id: id.unwrap_or_default(),
        kind: kind_or_heading,
        text,
        help: field(map, "help", |p| Some(texts::read(reader, p, languages))),
        service_share,
        experience_share,
        required: required.unwrap_or(required_if.is_none() && required_by_default),
        required_if,
        not_applicable: field(map, "not_applicable", |p| {
            reader.word(p, NA_POLICIES, "policy")
        })
        .unwrap_or(if kind_or_heading == QuestionType::Heading {
            NaPolicy::NotAllowed
        } else {
            inherited
        }),
        bonus: field(map, "bonus", |p| reader.boolean(p)).unwrap_or(false),
        show_if: field(map, "show_if", |p| condition::read(reader, p)),
        points_milli: field(map, "points", |p| reader.decimal(p, 3)),
        expect: field(map, "expect", |p| reader.boolean(p)),
        critical: field(map, "critical", |p| critical(reader, p)),
        options: field(map, "options", |p| {
            let items = reader.list(p);
            Some(
                items
                    .iter()
                    .map(|item| option(reader, item, languages, scored))
                    .collect(),
            )
        }),
        steps: field(map, "steps", |p| {
            let items = reader.list(p);
            Some(
                items
                    .iter()
                    .map(|item| step(reader, item, languages, scored))
                    .collect(),
            )
        }),
        bands: field(map, "bands", |p| {
            let items = reader.list(p);
            Some(
                items
                    .iter()
                    .map(|item| band(reader, item, kind_or_heading, digits))
                    .collect(),
            )
        }),
        max_points_milli: field(map, "max_points", |p| reader.decimal(p, 3)),
        expected_minor: field(map, "expected", |p| reader.decimal(p, digits)),
        tolerance_minor: field(map, "tolerance", |p| reader.decimal(p, digits)),
        currency,
        unit: field(map, "unit", |p| Some(texts::read(reader, p, languages))),
        decimals: field(map, "decimals", |p| reader.whole(p, 0, 3)),
        minimum: field(map, "minimum", |p| amount(reader, p)),
        maximum: field(map, "maximum", |p| amount(reader, p)),
        words_min: field(map, "words_min", |p| reader.whole(p, 1, 1_000)),
        characters_max: field(map, "characters_max", |p| reader.whole(p, 1, 100_000)),
        timer: field(map, "timer", |p| reader.boolean(p)).unwrap_or(false),
        photo: field(map, "photo", |p| photo(reader, p, kind_or_heading))
            .or((kind == Some(QuestionType::Photo)).then_some(PHOTO_DEFAULT)),
        recovery: field(map, "recovery", |p| reader.boolean(p)).unwrap_or(false),
        trap: field(map, "trap", |p| reader.boolean(p)).unwrap_or(false),
        pictures: field(map, "pictures", |p| {
            let items = reader.list(p);
            Some(
                items
                    .iter()
                    .filter_map(|item| picture(reader, item, languages))
                    .collect(),
            )
        })
        .unwrap_or_default(),
        since: field(map, "since", |p| reader.words(p)),
        within_m: field(map, "within", |p| within_m(reader, p))
            .or((kind == Some(QuestionType::LocationCheck)).then_some(WITHIN_M_DEFAULT)),
    };
    reader.question = None;
    question
}

fn within_m(reader: &mut Reader, place: &Place<'_>) -> Option<u32> {
    let metres = u32::try_from(reader.distance_m(place)?).ok();
    if metres.is_none() {
        reader.problem(place, "is farther than a location check looks");
    }
    metres
}

/// `{file: pictures/table.jpg, text: …}`; the file is found beside the checklist.
fn picture(reader: &mut Reader, place: &Place<'_>, languages: &[String]) -> Option<Picture> {
    let map = reader.map(place, keys::PICTURE)?;
    let text = reader
        .required(map, "text")
        .map(|place| texts::read(reader, &place, languages));
    let file = reader.required(map, "file")?;
    let name = reader.words(&file)?;
    let facts = reader
        .pictures
        .find(&name)
        .map_err(|what| reader.problem(&file, format!("`{name}` {what}")))
        .ok()?;
    Some(Picture {
        sha256: facts.sha256,
        media_type: facts.media_type,
        size_bytes: facts.size_bytes,
        text: text?,
    })
}

fn field<T>(
    map: Option<&Place<'_>>,
    key: &str,
    read: impl FnOnce(&Place<'_>) -> Option<T>,
) -> Option<T> {
    map?.get(key).and_then(|place| read(&place))
}

pub(super) fn kind(reader: &mut Reader, place: &Place<'_>) -> Option<QuestionType> {
    let kinds = QuestionType::ALL.map(|kind| (kind.name(), kind));
    reader.word(place, &kinds, "type")
}

/// `service`, `experience`, `none`, or shares of both in percent.
pub(super) fn dimension(reader: &mut Reader, place: &Place<'_>) -> Option<(u32, u32)> {
    if let super::node::Value::Text(_) = place.node.value {
        let words = [
            ("service", (100, 0)),
            ("experience", (0, 100)),
            ("none", (0, 0)),
        ];
        return reader.word(place, &words, "dimension");
    }
    let map = reader.map(place, keys::DIMENSION)?;
    let mut share = |key: &str| {
        map.get(key)
            .map_or(Some(0), |place| reader.whole(&place, 0, 100))
    };
    let (service, experience) = (share("service")?, share("experience")?);
    if service + experience != 100 {
        let message = format!(
            "the shares are {service} and {experience}, which is {}, not 100",
            service + experience
        );
        reader.problem(place, message);
        return None;
    }
    Some((service, experience))
}

/// `fail_audit` and the like, or `{cap_audit_at: 60}` in percent.
fn critical(reader: &mut Reader, place: &Place<'_>) -> Option<Critical> {
    if let super::node::Value::Map(_) = place.node.value {
        let map = reader.map(place, keys::CRITICAL)?;
        let cap = reader.required(map, "cap_audit_at")?;
        let cap_micros = texts::percent_micros(reader, &cap)?;
        return Some(Critical {
            effect: CriticalEffect::CapAudit,
            cap_micros: Some(cap_micros),
        });
    }
    let effect = reader.word(place, CRITICAL_EFFECTS, "critical effect")?;
    Some(Critical {
        effect,
        cap_micros: None,
    })
}

/// Points of an option or a step: they have to be there when the question is scored.
fn points_of(reader: &mut Reader, map: Option<&Place<'_>>, scored: bool) -> i64 {
    let place = match map {
        Some(map) if scored => reader.required(map, "points"),
        Some(map) => map.get("points"),
        None => None,
    };
    place
        .and_then(|place| reader.decimal(&place, 3))
        .unwrap_or(0)
}

fn option(
    reader: &mut Reader,
    place: &Place<'_>,
    languages: &[String],
    scored: bool,
) -> ChoiceOption {
    let map = reader.map(place, keys::OPTION);
    let id = map
        .and_then(|map| reader.required(map, "id"))
        .and_then(|id| reader.words(&id));
    let text = map.and_then(|map| reader.required(map, "text"));
    ChoiceOption {
        id: id.unwrap_or_default(),
        text: text
            .map(|place| texts::read(reader, &place, languages))
            .unwrap_or_default(),
        points_milli: points_of(reader, map, scored),
        critical: field(map, "critical", |p| critical(reader, p)),
        exclusive: field(map, "exclusive", |p| reader.boolean(p)).unwrap_or(false),
    }
}

fn step(reader: &mut Reader, place: &Place<'_>, languages: &[String], scored: bool) -> Step {
    let map = reader.map(place, keys::STEP);
    let text = map.and_then(|map| reader.required(map, "text"));
    Step {
        text: text
            .map(|place| texts::read(reader, &place, languages))
            .unwrap_or_default(),
        points_milli: points_of(reader, map, scored),
    }
}

fn band(reader: &mut Reader, place: &Place<'_>, kind: QuestionType, digits: u32) -> Band {
    let map = reader.map(place, keys::BAND);
    Band {
        up_to: field(map, "up_to", |p| quantity::amount(reader, p, kind, digits)),
        points_milli: points_of(reader, map, true),
    }
}

fn photo(reader: &mut Reader, place: &Place<'_>, kind: QuestionType) -> Option<PhotoRule> {
    let map = reader.map(place, keys::PHOTO)?;
    let mut count = |key: &str| map.get(key).map(|place| reader.whole(&place, 0, 60));
    let min_default = u32::from(kind == QuestionType::Photo);
    let min = count("min").unwrap_or(Some(min_default))?;
    let max = count("max").unwrap_or(Some(min.max(PHOTO_DEFAULT.max)))?;
    Some(PhotoRule {
        min,
        max,
        when: field(Some(map), "if", |p| condition::read(reader, p)),
    })
}
