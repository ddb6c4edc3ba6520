//! One edit of the head, of sections or of what is in them each, and exactly what is told of it.

use super::{difference, lines, tells};

#[test]
fn the_head() {
    tells(
        &[("title: {en: Rich", "title: {en: Very rich")],
        &["shopper title (en): “Rich” → “Very rich”"],
    );
    tells(
        &[("de: Reich", "de: Sehr reich")],
        &["shopper title (de): “Reich” → “Sehr reich”"],
    );
    tells(
        &[(", de: Reich", "")],
        &["shopper title (de): “Reich” → none"],
    );
    tells(
        &[("brief: {en: Go there, nl: Ga erheen}\n", "")],
        &[
            "shopper brief (en): “Go there” → none",
            "shopper brief (nl): “Ga erheen” → none",
        ],
    );
    tells(
        &[("en: You are a guest", "en: You are rich")],
        &["shopper scenario (en): “You are a guest” → “You are rich”"],
    );
    tells(
        &[("industry: retail", "industry: hotel")],
        &["agency industry: retail → hotel"],
    );
    tells(
        &[
            ("partial_languages: [de]", "partial_languages: [fr]"),
            (", de: Reich", ""),
        ],
        &["shopper partial languages: de → fr"],
    );
    tells(
        &[("languages: [en, nl]", "languages: [nl, en]")],
        &["shopper languages: en, nl → nl, en"],
    );
    tells(
        &[("days_max: 14", "days_max: 7")],
        &["shopper follows a visit of: first-leg within 14 days → first-leg within 7 days"],
    );
    tells(
        &[("checklist: rich", "checklist: other")],
        &["score another checklist: rich → other"],
    );
    tells(&[("version: 3", "version: 4")], &[]);
}

#[test]
fn the_scoring_rules() {
    tells(
        &[("pass_mark: 80", "pass_mark: 82.5")],
        &["score pass mark: 80 % → 82.5 %"],
    );
    tells(
        &[(", pass_mark: 80", "")],
        &["score pass mark: 80 % → none"],
    );
    tells(
        &[("bonus_cap: true", "bonus_cap: false")],
        &["score bonus stops a section at 100 %: yes → no"],
    );
    tells(
        &[("unanswered_optional: exclude", "unanswered_optional: zero")],
        &["score optional questions without an answer count as: exclude → zero"],
    );
    let inherited =
        lines(&difference(&[("{not_applicable: exclude", "{not_applicable: not_allowed")]).changes);
    assert_eq!(
        inherited[..2],
        [
            "agency not applicable where a question does not say: exclude → not_allowed",
            "both question there: not applicable: exclude → not_allowed"
        ]
    );
    // One more does not count, and `shelf` has a policy of its own.
    assert!(
        inherited
            .contains(&"shopper question again: not applicable: exclude → not_allowed".to_owned())
    );
    assert!(!inherited.iter().any(|line| line.contains("shelf")));
}

#[test]
fn sections() {
    tells(
        &[("title: {en: Welcome", "title: {en: Hello")],
        &["shopper section welcome: title (en): “Welcome” → “Hello”"],
    );
    tells(
        &[("weight: 30", "weight: 50")],
        &[
            "score section welcome: weight: 30 → 50, 30 % → 41.7 % of the total",
            "score section shop: weight: still 50, 50 % → 41.7 % of the total",
            "score section paying: weight: still 20, 20 % → 16.7 % of the total",
        ],
    );
    tells(
        &[
            ("weight: 30", "weight: 60"),
            ("weight: 50", "weight: 100"),
            ("weight: 20", "weight: 40"),
        ],
        &[
            "agency section welcome: weight: 30 → 60, still 30 % of the total",
            "agency section shop: weight: 50 → 100, still 50 % of the total",
            "agency section paying: weight: 20 → 40, still 20 % of the total",
        ],
    );
    tells(
        &[("- id: shop\n", "- id: store\n")],
        &["agency section store: id: shop → store"],
    );
}

#[test]
fn sections_come_go_and_move() {
    let yaml = super::RICH;
    let last = &yaml[yaml.find("  - id: paying").unwrap()..];
    tells(
        &[(last, "")],
        &[
            "score section welcome: weight: still 30, 30 % → 37.5 % of the total",
            "score section shop: weight: still 50, 50 % → 62.5 % of the total",
            "both section paying: removed: “Paying”, weight 20 (20 % of the total), 4 questions",
            "both question bill: removed: “The bill?”, money, scored",
            "both question gift: removed: “A gift?”, yes_no, scored",
            "shopper question again: removed: “Would you return?”, recommend, not scored",
            "both question mood_after: removed: “Mood after”, emotion, scored",
        ],
    );
    let asides = "  - {id: asides, title: {en: Asides, nl: Terzijde}, weight: 10, questions: \
                  [{id: note, type: text, text: {en: Note, nl: Notitie}}]}\n";
    tells(
        &[(last, &format!("{last}{asides}"))],
        &[
            "shopper section asides: added: “Asides”, weight 10 (0 % of the total), 1 question",
            "shopper question note: added: “Note”, text, not scored",
        ],
    );
    let shop = &yaml[yaml.find("  - id: shop").unwrap()..yaml.find("  - id: paying").unwrap()];
    tells(
        &[(shop, ""), (last, &format!("{last}{shop}"))],
        &["shopper section shop: place in the checklist: 2 → 3"],
    );
}

#[test]
fn questions_come_go_and_move() {
    let gift = "      - {id: gift, type: yes_no, text: {en: A gift?, nl: Een cadeau?}, dimension: service, points: 1, bonus: true}\n";
    tells(
        &[(gift, "")],
        &["both question gift: removed: “A gift?”, yes_no, scored"],
    );
    tells(
        &[
            (gift, ""),
            ("      - id: seen\n", &format!("{gift}      - id: seen\n")),
        ],
        &["both question gift: moved here from section paying"],
    );
    tells(
        &[
            (gift, ""),
            ("      - {id: bill,", &format!("{gift}      - {{id: bill,")),
        ],
        &["shopper question bill: place in the section: 1 → 2"],
    );
    tells(
        &[("{id: gift,", "{id: present,")],
        &["agency question present: renamed, and ranked by question anew: gift → present"],
    );
    tells(
        &[
            ("{id: gift,", "{id: present,"),
            ("en: A gift?", "en: A present?"),
        ],
        &[
            "both question present: added: “A present?”, yes_no, scored",
            "both question gift: removed: “A gift?”, yes_no, scored",
        ],
    );
    // Conditions that refer to what was only renamed are the same conditions.
    tells(
        &[
            ("{id: complained,", "{id: complaint,"),
            (
                "{question: complained, equals",
                "{question: complaint, equals",
            ),
            ("{id: nothing,", "{id: nil,"),
            ("[nothing, other]", "[nil, other]"),
        ],
        &[
            "agency question complaint: renamed, and ranked by question anew: complained → complaint",
            "agency question settled: option renamed: nothing → nil",
        ],
    );
}
