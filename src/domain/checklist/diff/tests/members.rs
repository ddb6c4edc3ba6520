//! One edit of a question each, and exactly what is told of it.

use super::tells;

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
