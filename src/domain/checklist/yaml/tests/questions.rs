//! What is said about single questions.

use super::says;

#[test]
fn a_question_is_told_what_is_wrong_with_it() {
    says(
        "type: yesno",
        &[("yesno", "unknown type `yesno`; did you mean `yes_no`?")],
    );
    says(
        "type: yes_no, pionts: 1",
        &[("pionts", "unknown key `pionts`; did you mean `points`?")],
    );
    says(
        "type: yes_no, timer: false, timer: false",
        &[("timer", "key `timer` is there twice; delete one of them")],
    );
    says(
        "type: yes_no, not_applicable: skip",
        &[(
            "skip",
            "unknown policy `skip`; one of exclude, pass, zero, fail, not_allowed",
        )],
    );
    says(
        "type: yes_no, critical: {cap_audit_at: 101}",
        &[("101", "a percentage is between 0 and 100")],
    );
    says(
        "type: yes_no, critical: fail_adit",
        &[(
            "fail_adit",
            "unknown critical effect `fail_adit`; did you mean `fail_audit`?",
        )],
    );
    says(
        "type: yes_no, required: yes",
        &[("yes", "true or false is wanted here, not text; write true")],
    );
    says(
        "type: yes_no, required: true, required_if: {question: gate, equals: true}",
        &[(
            "true",
            "`required` and `required_if` exclude each other; keep one of them",
        )],
    );
    says(
        "type: heading, required: true",
        &[("true", "`required` means nothing for heading")],
    );
    says(
        "type: yes_no, bands: []",
        &[(
            "[]",
            "`bands` means nothing for yes_no; it belongs to number, duration, money, count, recommend, emotion, location_check",
        )],
    );
    says(
        "type: yes_no, photo: {min: 3, max: 2}",
        &[("{min", "`min` is 3 and `max` is 2")],
    );
    says(
        "type: photo, photo: {min: 0}",
        &[(
            "0",
            "a photo question is answered by at least one photo; write `required: false` when it may be left out",
        )],
    );
    says("type: money", &[("{id", "`currency` is missing")]);
    says(
        "type: money, currency: Euro",
        &[(
            "Euro",
            "`Euro` is no currency; an ISO 4217 code such as EUR",
        )],
    );
    says(
        "type: money, currency: JPY, expected: 1.5",
        &[("1.5", "`1.5` is no whole number")],
    );
    says(
        "type: number, minimum: 5, maximum: 4",
        &[("5", "`minimum` is above `maximum`")],
    );
    says(
        "type: scale, steps: [{text: One}]",
        &[("[{text", "a scale needs at least two steps")],
    );
    says(
        "type: emotion, steps: [{text: One}, {text: Two}]",
        &[(
            "[{text",
            "an emotion question has five steps or none, not 2",
        )],
    );
}

#[test]
fn points_and_dimension_agree() {
    says(
        "type: yes_no, dimension: servce, points: 1",
        &[(
            "servce",
            "unknown dimension `servce`; did you mean `service`?",
        )],
    );
    says(
        "type: yes_no, dimension: {service: 30, experience: 60}, points: 1",
        &[("{service", "the shares are 30 and 60, which is 90, not 100")],
    );
    says(
        "type: yes_no, dimension: service",
        &[(
            "{id",
            "`points` is missing; give points, or write `dimension: none`",
        )],
    );
    says(
        "type: yes_no, points: 1",
        &[(
            "1",
            "it has points, but no dimension that they count for; say `dimension: service`, `experience` or shares of both",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: -1",
        &[(
            "-1",
            "points of a question are 0 to 1000000; a penalty is an option with negative points",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: 0",
        &[(
            "0",
            "its points earn nothing; give points, or write `dimension: none`",
        )],
    );
    says(
        "type: yes_no, dimension: service, points: 0.0001",
        &[("0.0001", "`0.0001` has more than 3 decimals")],
    );
    says(
        "type: yes_no, bonus: true",
        &[("true", "a bonus needs a dimension and points")],
    );
    says(
        "type: text, dimension: service",
        &[(
            "service",
            "questions of this type are never scored; leave `dimension` out",
        )],
    );
    says(
        "type: money, currency: EUR, dimension: service, points: 2",
        &[("2", "`points` means nothing without `expected`")],
    );
    says(
        "type: scale, dimension: service, steps: [{text: One, points: 1}, {text: Two}]",
        &[("{text: Two", "`points` is missing")],
    );
    says(
        "type: choice, dimension: service, options: [{id: a, text: A, points: 0}]",
        &[(
            "[{id",
            "its options earn nothing; give points, or write `dimension: none`",
        )],
    );
    says(
        "type: duration, dimension: service",
        &[(
            "{id",
            "`bands` are missing; give points to values with them, or write `dimension: none`",
        )],
    );
    says(
        "type: recommend, dimension: experience, points: 1, bands: [{points: 2}]",
        &[("1", "points come either from bands or from points")],
    );
}

#[test]
fn options_and_bands_are_looked_at() {
    says(
        "type: choice",
        &[(
            "{id",
            "a choice question has no options; give it `options`, each with an id and a text",
        )],
    );
    says(
        "type: choice, options: []",
        &[(
            "[]",
            "a choice question has no options; give it `options`, each with an id and a text",
        )],
    );
    says(
        "type: choice, options: [{id: a, text: A}, {id: a, text: A}]",
        &[(
            "a, text: A}]",
            "option `a` is there twice; each option of a question has an id of its own",
        )],
    );
    says(
        "type: choice, options: [{id: A!, text: A}]",
        &[(
            "A!",
            "`A!` is no option id; up to 64 lower-case letters, digits, _ and -, such as `a`",
        )],
    );
    let banded = |bands: &str| format!("type: duration, dimension: service, bands: {bands}");
    says(
        &banded("[{up_to: 30s, points: 1}]"),
        &[(
            "{up_to",
            "values above the last band have no points; end with a band without `up_to`, such as {points: 0}",
        )],
    );
    says(
        &banded("[{up_to: 1m, points: 1}, {up_to: 60s, points: 2}, {points: 0}]"),
        &[(
            "60s",
            "bands ascend: this one ends where or before the one above it ends; put the smallest first",
        )],
    );
    says(
        &banded("[{points: 1}, {points: 2}]"),
        &[("{points: 1", "only the last band is without `up_to`")],
    );
    says(
        &banded("[{up_to: 30, points: 1}, {points: 2}]"),
        &[("30", "30 has no unit; write it as 30s, 2m, 1m30s or 500ms")],
    );
    says(
        "type: recommend, dimension: experience, bands: [{up_to: 10, points: 1}, {points: 2}]",
        &[(
            "10",
            "no answer can be above this band, or none in it, given the smallest and largest answer allowed",
        )],
    );
}
