//! A random question of any type, with any of the members that its type may have.
//!
//! Not here: what only some types have (`kinds.rs`), and what a condition says (`conditions.rs`).

use plainclothes::domain::checklist::{
    Condition, PhotoRule, Picture, Question, QuestionType as Type,
};
use plainclothes::domain::ids::Sha256;

use super::checklist::{Head, POLICIES};
use super::choices::Choices;
use super::conditions::condition;
use super::{QuestionSeed, kinds};

const DEPTH_MAX: usize = 8;
/// Types that never score.
const MUTE: [Type; 4] = [Type::Text, Type::Date, Type::Time, Type::Heading];
/// Types of which somebody can know the right answer.
const TRAPS: [Type; 9] = [
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

pub fn question(id: String, seed: &QuestionSeed, head: &Head, earlier: &[Question]) -> Question {
    let choices = &mut Choices::new(&seed.numbers);
    let kind = loop {
        let kind = choices.of(&Type::ALL);
        if kind != Type::LocationCheck || head.format_2 {
            break kind;
        }
    };
    let earns = !MUTE.contains(&kind) && choices.below(5) != 4;
    let service_share = choices.of(&[100, 0, 30, 50, 1, 99]);
    let asked = kind != Type::Heading;
    let mut question = Question {
        id,
        kind,
        text: head.text(choices),
        help: None,
        service_share: if earns { service_share } else { 0 },
        experience_share: if earns { 100 - service_share } else { 0 },
        required: asked && choices.below(3) != 2,
        required_if: None,
        not_applicable: if choices.one_in(2) {
            choices.of(&POLICIES)
        } else {
            head.not_applicable
        },
        bonus: earns && choices.one_in(8),
        show_if: None,
        points_milli: None,
        expect: None,
        critical: None,
        options: None,
        steps: None,
        bands: None,
        max_points_milli: None,
        expected_minor: None,
        tolerance_minor: None,
        currency: None,
        unit: None,
        decimals: None,
        minimum: None,
        maximum: None,
        words_min: None,
        characters_max: None,
        timer: false,
        photo: None,
        recovery: earns && head.is_second_leg && choices.below(3) == 0,
        trap: head.format_2 && !earns && TRAPS.contains(&kind) && choices.one_in(3),
        pictures: Vec::new(),
        since: None,
        within_m: None,
    };
    kinds::fill(choices, &mut question, head, earlier, earns);
    if asked && (kind == Type::Photo || choices.one_in(6)) {
        question.photo = Some(photo(choices, kind));
    }
    if choices.one_in(20) {
        question.help = Some(head.text(choices));
    }
    if head.format_2 && choices.one_in(20) {
        question.pictures = vec![Picture {
            sha256: Sha256([choices.below(3) as u8; 32]),
            media_type: choices
                .of(&["image/jpeg", "image/png", "image/webp"])
                .to_owned(),
            size_bytes: choices.of(&[1, 512 * 1024]),
            text: head.text(choices),
        }];
    }
    conditions(&mut Choices::new(&seed.conditions), &mut question, earlier);
    question
}

fn conditions(choices: &mut Choices<'_>, question: &mut Question, earlier: &[Question]) {
    let mut earlier: Vec<&Question> = earlier
        .iter()
        .filter(|earlier| earlier.kind != Type::Heading)
        .collect();
    // The id was decided by the first two.
    choices.below(1);
    choices.below(1);
    let any = |choices: &mut Choices<'_>, earlier: &[&Question]| -> Option<Condition> {
        choices
            .one_in(2)
            .then(|| condition(choices, earlier, DEPTH_MAX))
            .flatten()
    };
    question.show_if = any(choices, &earlier);
    if question.kind != Type::Heading {
        question.required_if = any(choices, &earlier);
    }
    if question.kind != Type::Photo && question.photo.is_some() {
        // Whether a photo is wanted may depend on the answer that it is to prove.
        let itself = question.clone();
        earlier.push(&itself);
        let when = any(choices, &earlier);
        if let Some(photo) = &mut question.photo {
            photo.when = when;
        }
    }
}

/// Without its condition.
fn photo(choices: &mut Choices<'_>, kind: Type) -> PhotoRule {
    let min = choices
        .of(&[1, 0, 2, 60])
        .max(u32::from(kind == Type::Photo));
    PhotoRule {
        min,
        max: choices.of(&[3, 1, 60]).max(min),
        when: None,
    }
}
