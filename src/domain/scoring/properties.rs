//! What holds for every checklist and all answers: random ones of both, built here.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Score, Why, score};
use crate::domain::answer::{Answer, Answers};
use crate::domain::checklist::Checklist;

/// What a random question is made from.
#[derive(Clone, Debug)]
struct Seed {
    kind: usize,
    points: Vec<i64>,
    service_share: u32,
    scored: bool,
    bonus: bool,
    required: bool,
    policy: usize,
    critical: Option<usize>,
    /// Shown only when the checklist's first question is answered with yes.
    conditional: bool,
    /// Which answer is given; 0 none, 1 not applicable, 2 an unfit one, the rest by type.
    answer: i64,
}

const KINDS: [&str; 8] = [
    "yes_no",
    "choice",
    "multi_choice",
    "scale",
    "duration",
    "emotion",
    "recommend",
    "money",
];

fn seed() -> impl Strategy<Value = Seed> {
    (
        (
            0..KINDS.len(),
            prop::collection::vec(-20_000_i64..50_000, 2..5),
            0_u32..=100,
            prop::bool::weighted(0.9),
        ),
        (
            prop::bool::weighted(0.15),
            any::<bool>(),
            0_usize..5,
            prop::option::weighted(0.15, 0_usize..5),
        ),
        (prop::bool::weighted(0.3), 0_i64..14),
    )
        .prop_map(
            |(
                (kind, points, service_share, scored),
                (bonus, required, policy, critical),
                (conditional, answer),
            )| Seed {
                kind,
                points,
                service_share,
                scored,
                bonus,
                required,
                policy,
                critical,
                conditional,
                answer,
            },
        )
}

fn text() -> Json {
    json!({"en": "T"})
}

fn question(id: &str, seed: &Seed) -> Json {
    let kind = KINDS[seed.kind];
    let policies = ["exclude", "pass", "zero", "fail", "not_allowed"];
    let effects = [
        json!({"effect": "fail_section"}),
        json!({"effect": "fail_audit"}),
        json!({"effect": "zero_section"}),
        json!({"effect": "zero_audit"}),
        json!({"effect": "cap_audit", "cap_micros": 400_000}),
    ];
    let points = |n: usize| if seed.scored { seed.points[n] } else { 0 };
    let last = seed.points.len() - 1;
    // At least one of them is other than 0, as the rules want of what is scored.
    let best = seed.points[0].abs() + 1;
    let own = |n: usize| {
        if n == 0 && seed.scored {
            best
        } else {
            points(n)
        }
    };
    let mut question = json!({
        "id": id, "type": kind, "text": text(), "required": seed.required, "not_applicable": policies[seed.policy],
        "bonus": seed.bonus && seed.scored, "timer": false,
        "service_share": if seed.scored { seed.service_share } else { 0 },
        "experience_share": if seed.scored { 100 - seed.service_share } else { 0 },
    });
    let mut set = |key: &str, value: Json| {
        drop(
            question
                .as_object_mut()
                .unwrap()
                .insert(key.to_owned(), value),
        )
    };
    match kind {
        "choice" | "multi_choice" => {
            let option = |n: usize| match (n, seed.critical) {
                (1, Some(effect)) => {
                    json!({"id": format!("o{n}"), "text": text(), "points_milli": own(n), "critical": effects[effect]})
                }
                _ => json!({"id": format!("o{n}"), "text": text(), "points_milli": own(n)}),
            };
            set("options", (0..=last).map(option).collect());
        }
        "scale" => set(
            "steps",
            (0..=last)
                .map(|n| json!({"text": text(), "points_milli": own(n)}))
                .collect(),
        ),
        "duration" if seed.scored => {
            let band = |n: usize| match n {
                n if n == last => json!({"points_milli": own(n)}),
                n => json!({"up_to": n * 1_000, "points_milli": own(n)}),
            };
            set("bands", (0..=last).map(band).collect());
        }
        "money" => {
            set("currency", json!("EUR"));
            set("expected_minor", json!(1_000));
            set("tolerance_minor", json!(500));
        }
        _ => {}
    }
    if matches!(kind, "yes_no" | "emotion" | "recommend" | "money") && seed.scored {
        set("points_milli", json!(best));
    }
    if let ("yes_no" | "money", Some(effect)) = (kind, seed.critical) {
        set("critical", effects[effect].clone());
    }
    if seed.conditional {
        set("show_if", json!({"question": "gate", "equals": true}));
    }
    question
}

fn answer(seed: &Seed) -> Option<Json> {
    let n = seed.answer;
    let index = n.rem_euclid(i64::try_from(seed.points.len()).unwrap());
    let value = match (n, KINDS[seed.kind]) {
        (0, _) => return None,
        (1, _) => return Some(json!({"not_applicable": true})),
        (2, _) => json!({"unfit": 2.5}),
        (n, "yes_no") => json!(n % 2 == 0),
        (_, "choice") => json!(format!("o{index}")),
        (n, "multi_choice") => (0..=index)
            .filter(|i| n % (i + 2) != 0)
            .map(|i| json!(format!("o{i}")))
            .collect(),
        (_, "scale") => json!(index + 1),
        (n, "duration") => json!(n * 400),
        (n, "emotion") => json!(n % 5 + 1),
        (n, "recommend") => json!(n % 11),
        (n, _) => json!(n * 150),
    };
    Some(json!({"value": value}))
}

#[derive(Clone, Debug)]
struct Audit {
    checklist: Checklist,
    answers: Json,
    /// Ids of the random questions, with their seeds.
    seeds: Vec<(String, Seed)>,
}

impl Audit {
    fn answers(&self) -> Answers {
        serde_json::from_value(self.answers.clone()).unwrap()
    }

    fn score(&self) -> Score {
        score(&self.checklist, &self.answers())
    }
}

fn audit() -> impl Strategy<Value = Audit> {
    let sections = prop::collection::vec((0_u32..6, prop::collection::vec(seed(), 1..5)), 1..4);
    (sections, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(sections, bonus_cap, zero, gate)| {
        let mut seeds = Vec::new();
        let mut answers = json!({"gate": {"value": gate}});
        let mut built = vec![json!({"id": "first", "title": text(), "weight": 1, "questions": [
            {"id": "gate", "type": "yes_no", "text": text(), "service_share": 0, "experience_share": 0, "required": true,
             "not_applicable": "exclude", "bonus": false, "timer": false},
        ]})];
        for (section, (weight, questions)) in sections.iter().enumerate() {
            let mut list = Vec::new();
            for (number, seed) in questions.iter().enumerate() {
                let id = format!("q{section}-{number}");
                list.push(question(&id, seed));
                if let Some(answer) = answer(seed) {
                    answers.as_object_mut().unwrap().insert(id.clone(), answer);
                }
                seeds.push((id, seed.clone()));
            }
            built.push(json!({"id": format!("s{section}"), "title": text(), "weight": weight, "questions": list}));
        }
        let checklist = serde_json::from_value(json!({
            "format": 1, "checklist": "random", "version": 1, "languages": ["en"], "title": text(), "industry": "test",
            "scoring": {"not_applicable": "exclude", "unanswered_optional": if zero { "zero" } else { "exclude" },
                        "bonus_cap": bonus_cap, "pass_mark_micros": 500_000},
            "sections": built,
        }));
        Audit { checklist: checklist.unwrap_or_else(|error| panic!("{error}")), answers, seeds }
    })
}

/// Every published number of a score.
fn published(score: &Score) -> Vec<i64> {
    let sections = score.sections.iter().flat_map(|section| {
        [
            section.micros,
            section.service_micros,
            section.experience_micros,
        ]
    });
    [
        score.total_micros,
        score.service_micros,
        score.experience_micros,
        score.balanced_micros,
    ]
    .into_iter()
    .chain(sections)
    .flatten()
    .map(|micros| micros.0)
    .collect()
}

proptest! {
    #[test]
    fn published_scores_lie_between_0_and_1(audit in audit()) {
        let score = audit.score();
        prop_assert!(published(&score).iter().all(|micros| (0..=1_000_000).contains(micros)), "{score:?}");
        prop_assert_eq!(score.trace.len(), audit.checklist.questions().count());
        prop_assert_eq!(score.balanced_micros, score.service_micros.zip(score.experience_micros).map(|(a, b)| a.min(b)));
    }

    #[test]
    fn the_order_of_answers_does_not_matter(audit in audit(), shift in 0_usize..20) {
        let answers = audit.answers.as_object().unwrap();
        let mut shuffled: Vec<_> = answers.iter().rev().collect();
        shuffled.rotate_left(shift % answers.len());
        let members: Vec<String> = shuffled.iter().map(|(id, answer)| format!("\"{id}\":{answer}")).collect();
        let answers: Answers = serde_json::from_str(&format!("{{{}}}", members.join(","))).unwrap();
        prop_assert_eq!(score(&audit.checklist, &answers), audit.score());
    }

    #[test]
    fn an_excluded_answer_leaves_the_other_questions_alone(audit in audit(), which in any::<prop::sample::Index>()) {
        let (id, _) = &audit.seeds[which.index(audit.seeds.len())];
        let mut answers = audit.answers();
        answers.insert(id.clone(), Answer { not_applicable: true, ..Answer::default() });
        let (before, after) = (audit.score(), score(&audit.checklist, &answers));
        for (before, after) in before.trace.iter().zip(&after.trace) {
            if before.question != *id {
                prop_assert_eq!(before, after);
            } else if after.why == Why::NaExcluded {
                prop_assert_eq!((after.earned_milli, after.possible_milli), (0, 0));
            }
        }
    }

    #[test]
    fn more_points_never_lower_a_score(audit in audit(), which in any::<prop::sample::Index>(), other in 3_i64..14) {
        let (id, seed) = &audit.seeds[which.index(audit.seeds.len())];
        let changed = Seed { answer: other, ..seed.clone() };
        let mut better = audit.clone();
        better.answers.as_object_mut().unwrap().insert(id.clone(), answer(&changed).unwrap());
        let (one, two) = (audit.score(), better.score());
        let line = |score: &Score| score.trace.iter().find(|line| line.question == *id).unwrap().clone();
        let (before, after) = (line(&one), line(&two));
        // Of criticals an answer with more points may touch off another; of possible points nothing may change.
        prop_assume!(seed.critical.is_none() && before.possible_milli == after.possible_milli && before.why == after.why);
        let (worse, better) = if before.earned_milli <= after.earned_milli { (one, two) } else { (two, one) };
        for (worse, better) in published(&worse).iter().zip(published(&better)) {
            prop_assert!(*worse <= better, "{worse} > {better}");
        }
    }

    #[test]
    fn canonical_bytes_are_read_back(audit in audit()) {
        let bytes = audit.checklist.canonical_bytes();
        let back = Checklist::from_canonical(&bytes).unwrap();
        prop_assert_eq!(back.sha256(), audit.checklist.sha256());
        prop_assert_eq!(back, audit.checklist);
    }
}
