//! One edit each, and exactly what is told of it.

use super::{difference, lines};

#[track_caller]
fn tells(edits: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(lines(&difference(edits).changes), expected);
}

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

#[test]
fn words_of_questions() {
    tells(
        &[("en: A smile?", "en: Smiling?")],
        &["shopper question smile: text (en): “A smile?” → “Smiling?”"],
    );
    tells(
        &[(
            "        help: {en: Start at the door, nl: Start bij de deur}\n",
            "",
        )],
        &[
            "shopper question greeted: help (en): “Start at the door” → none",
            "shopper question greeted: help (nl): “Start bij de deur” → none",
        ],
    );
    tells(
        &[("{en: °C", "{en: °F")],
        &["shopper question warm: unit (en): “°C” → “°F”"],
    );
    tells(
        &[("en: Fixed", "en: Put right")],
        &["shopper question settled: option fixed (en): “Fixed” → “Put right”"],
    );
    tells(
        &[("en: Some,", "en: A bit,")],
        &["shopper question effort: step 2 (en): “Some” → “A bit”"],
    );
    tells(
        &[(
            "file: one.png, text: {en: Plants",
            "file: one.png, text: {en: Ferns",
        )],
        &["shopper question seen: picture’s caption (en): “Plants” → “Ferns”"],
    );
}

#[test]
fn conditions() {
    tells(
        &[("at_most: 5m", "at_most: 90s")],
        &[
            "both question settled: asked: when “Did you complain?” is yes and “How long?” is at most 5m → \
           when “Did you complain?” is yes and “How long?” is at most 1m30s",
        ],
    );
    tells(
        &[(
            "{id: again, ",
            "{id: again, show_if: {any: [{not: {question: seen, contains: music}}, {question: colour, answered: true}]}, ",
        )],
        &[
            "shopper question again: asked: always → when not (“What did you see?” includes “Music”) or \
           “Colour of the card?” is answered",
        ],
    );
    tells(
        &[("one_of: [nothing, other]", "not_equals: fixed")],
        &[
            "shopper question why: required: when “How was it settled?” is “Nothing” or “Something else” → \
           when “How was it settled?” is answered other than “Fixed”",
        ],
    );
    tells(
        &[(", required: false", "")],
        &["both question warm: required: never → always"],
    );
    tells(
        &[("max: 2, if: {question: smile, equals: false}", "max: 2")],
        &["shopper question smile: photos: 0 to 2, when “A smile?” is no → 0 to 2"],
    );
    tells(
        &[("min: 2, max: 4", "min: 4, max: 4")],
        &["both question shelf: photos: 2 to 4 → exactly 4"],
    );
}

#[test]
fn points() {
    tells(
        &[("points: 5,", "points: 5.5,")],
        &["score question smile: points: 5 → 5.5"],
    );
    tells(
        &[("max_points: 4", "max_points: 5")],
        &["score question seen: most points: 4 → 5"],
    );
    tells(
        &[("expect: false, ", "")],
        &["score question complained: answer that earns: no → yes"],
    );
    tells(
        &[("expect: false, ", "expect: false, bonus: true, ")],
        &["score question complained: bonus: no → yes"],
    );
    tells(
        &[("{service: 40, experience: 60}", "service")],
        &["score question settled: dimension: service 40 %, experience 60 % → service"],
    );
    tells(
        &[("up_to: 30s, points: 10", "up_to: 45s, points: 10")],
        &[
            "score question greeted: bands: up to 30s: 10, up to 1m: 6, above: 0 → up to 45s: 10, up to 1m: 6, above: 0",
        ],
    );
    tells(
        &[("{up_to: 18.5, points: 0}, ", "")],
        &["score question warm: bands: up to 18.5: 0, above: 2 → above: 2"],
    );
    tells(
        &[("expected: 12.50", "expected: 13")],
        &["score question bill: expected amount: 12.5 EUR → 13 EUR"],
    );
    tells(
        &[("tolerance: 0.50", "tolerance: 0")],
        &["score question bill: tolerance: 0.5 EUR → 0 EUR"],
    );
    tells(
        &[("within: 200m", "within: 300m")],
        &["score question there: within: 200m → 300m"],
    );
    tells(
        &[(
            "within: 200m, dimension: service, points: 1",
            "within: 300m, dimension: none",
        )],
        &[
            "score question there: dimension: service → none",
            "score question there: points: 1 → none",
            "score question there: within: 200m → 300m",
        ],
    );
    tells(
        &[("not_applicable: zero", "not_applicable: pass")],
        &["score question shelf: not applicable: zero → pass"],
    );
    tells(
        &[("not_applicable: zero", "not_applicable: not_allowed")],
        &["both question shelf: not applicable: zero → not_allowed"],
    );
    tells(
        &[("        recovery: true\n", "")],
        &["score question settled: counts towards the recovery score: yes → no"],
    );
    tells(
        &[(
            "        since: mood_before\n        dimension: experience\n        bands: [{up_to: -1, points: 0}, {points: 3}]\n",
            "        dimension: none\n",
        )],
        &[
            "score question mood_after: dimension: experience → none",
            "score question mood_after: bands: up to −1: 0, above: 3 → none",
            "both question mood_after: compared with: mood_before → none",
        ],
    );
}

#[test]
fn criticals() {
    tells(
        &[("critical: fail_section", "critical: fail_audit")],
        &["score question smile: critical: fails the section → fails the audit"],
    );
    tells(
        &[(", critical: zero_audit", "")],
        &["score question bill: critical: makes the audit 0 → none"],
    );
    tells(
        &[("{cap_audit_at: 60}", "{cap_audit_at: 40}")],
        &[
            "score question settled: critical of option nothing: caps the audit at 60 % → caps the audit at 40 %",
        ],
    );
}

#[test]
fn options_steps_and_pictures() {
    tells(
        &[("nl: Planten}, points: 2", "nl: Planten}, points: 1")],
        &["score question seen: points of option plants: 2 → 1"],
    );
    tells(
        &[(", exclusive: true", "")],
        &["both question seen: option none is chosen alone: yes → no"],
    );
    tells(
        &[(", {id: blue, text: {en: Blue, nl: Blauw}}", "")],
        &["shopper question colour: option removed: blue (“Blue”), 0 points"],
    );
    tells(
        &[(
            "          - {id: other, ",
            "          - {id: refund, text: {en: Refund, nl: Terugbetaald}, points: 8}\n          - {id: other, ",
        )],
        &["both question settled: option added: refund (“Refund”), 8 points"],
    );
    tells(
        &[(
            "[{id: red, text: {en: Red, nl: Rood}}, {id: blue, text: {en: Blue, nl: Blauw}}]",
            "[{id: blue, text: {en: Blue, nl: Blauw}}, {id: red, text: {en: Red, nl: Rood}}]",
        )],
        &["shopper question colour: order of options: red, blue → blue, red"],
    );
    tells(
        &[("nl: Enige}, points: 3", "nl: Enige}, points: 4")],
        &["score question effort: points of step 2: 3 → 4"],
    );
    tells(
        &[("{text: {en: Some, nl: Enige}, points: 3}, ", "")],
        &["both question effort: steps: “Much” 0, “Some” 3, “None” 6 → “Much” 0, “None” 6"],
    );
    tells(
        &[(
            "          - {file: two.png, text: {en: Music, nl: Muziek}}\n",
            "",
        )],
        &["shopper question seen: picture removed: “Music”"],
    );
    tells(
        &[("file: two.png", "file: three.png")],
        &[
            "shopper question seen: picture added: “Music”",
            "shopper question seen: picture removed: “Music”",
        ],
    );
    tells(
        &[
            (
                "file: one.png, text: {en: Plants, nl: Planten}",
                "file: two.png, text: {en: Music, nl: Muziek}",
            ),
            (
                "          - {file: two.png, text: {en: Music, nl: Muziek}}\n      - id: effort",
                "          - {file: one.png, text: {en: Plants, nl: Planten}}\n      - id: effort",
            ),
        ],
        &["shopper question seen: order of 2 pictures"],
    );
}

#[test]
fn how_answers_are_given() {
    tells(
        &[("maximum: 1h", "maximum: 30m")],
        &["shopper question greeted: largest answer: 1h → 30m"],
    );
    tells(
        &[("minimum: -10", "minimum: -20.5")],
        &["shopper question warm: least answer: −10 → −20.5"],
    );
    tells(
        &[("decimals: 1", "decimals: 2")],
        &["shopper question warm: decimals: 1 → 2"],
    );
    tells(
        &[("words_min: 5", "words_min: 10")],
        &["shopper question why: fewest words: 5 → 10"],
    );
    tells(
        &[(", characters_max: 500", "")],
        &["shopper question why: most characters: 500 → none"],
    );
    tells(
        &[("        timer: true\n", "")],
        &["shopper question greeted: timer: yes → no"],
    );
    tells(
        &[(", trap: true", "")],
        &["agency question colour: trap: yes → no"],
    );
    tells(
        &[("currency: EUR", "currency: USD")],
        &["both question bill: currency: EUR → USD"],
    );
    tells(
        &[("type: recommend", "type: count")],
        &["shopper question again: type: recommend → count"],
    );
    tells(
        &[
            ("{id: again, ", "{id: again, bands: [{points: 1}], "),
            (
                "Kom je terug?}, dimension: none",
                "Kom je terug?}, dimension: service",
            ),
        ],
        &[
            "score question again: dimension: none → service",
            "score question again: bands: none → above: 1",
        ],
    );
}
