//! Reports and pictures for the tests of this folder. Test code only.

use super::{AuditReport, ReportQuestion, ReportSection, Scores};

/// A small JPEG of a slanted gradient; `seed` makes each its own.
pub fn jpeg(width_px: u16, height_px: u16, seed: u8) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(width_px) * usize::from(height_px) * 3);
    for y in 0..u32::from(height_px) {
        for x in 0..u32::from(width_px) {
            let red = 255 * x / u32::from(width_px);
            let green = 255 * y / u32::from(height_px);
            pixels.extend([red as u8, green as u8, seed.wrapping_mul(41)]);
        }
    }
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 80)
        .encode(&pixels, width_px, height_px, jpeg_encoder::ColorType::Rgb)
        .expect("pixels of the right number");
    bytes
}

/// The same picture with `text` in an EXIF segment, an ICC segment, a comment and behind its end.
pub fn jpeg_with_metadata(jpeg: &[u8], text: &[u8]) -> Vec<u8> {
    let mut laden = jpeg[..2].to_vec();
    for (marker, prefix) in [
        (0xe1, &b"Exif\0\0"[..]),
        (0xe2, b"ICC_PROFILE\0"),
        (0xfe, b""),
    ] {
        let length = u16::try_from(2 + prefix.len() + text.len()).expect("a short text");
        laden.extend([0xff, marker]);
        laden.extend(length.to_be_bytes());
        laden.extend(prefix);
        laden.extend(text);
    }
    laden.extend(&jpeg[2..]);
    laden.extend(text);
    laden
}

/// An audit of a restaurant as a client would get it: three sections, six photos, comments, an
/// answer that did not apply, a question that is not scored.
pub fn restaurant() -> AuditReport {
    let question = |text: &str, answer: &str, earned_milli, possible_milli| ReportQuestion {
        text: text.to_owned(),
        answer: answer.to_owned(),
        earned_milli,
        possible_milli,
        scored: true,
        ..ReportQuestion::default()
    };
    let scores = |total, service, experience| Scores {
        total_micros: total,
        service_micros: service,
        experience_micros: experience,
        balanced_micros: None,
    };
    AuditReport {
        reference: "0197b1f2-6c1e-7d39-9f42-7f9d1c0a55e1".to_owned(),
        client_name: "Brasserie Lindenhof".to_owned(),
        client_color: "#7a1f2b".to_owned(),
        location_name: "Lindenhof Canal Quarter".to_owned(),
        location_city: "Utrecht".to_owned(),
        region_name: "Central".to_owned(),
        campaign_name: "Autumn round 2026".to_owned(),
        checklist_title: "Restaurant, full visit".to_owned(),
        local_day: "2026-11-22".to_owned(),
        language: "en".to_owned(),
        scores: Scores {
            balanced_micros: Some(734_375),
            ..scores(Some(823_400), Some(734_375), Some(913_043))
        },
        region_mean: scores(Some(801_200), Some(781_050), Some(846_300)),
        previous_total_micros: Some(795_500),
        failed: false,
        passed: Some(true),
        recovery_micros: None,
        sections: vec![
            ReportSection {
                title: "Arrival and welcome".to_owned(),
                scores: scores(Some(700_000), Some(625_000), Some(1_000_000)),
                questions: vec![
                    question("Were you greeted within one minute?", "No", 0, 3_000),
                    question("How friendly was the greeting?", "4 of 5: friendly", 3_750, 5_000),
                    ReportQuestion {
                        comment: Some(
                            "The table by the window was sticky, and the menu had a stain.\nIt was \
                             wiped as soon as I asked."
                                .to_owned(),
                        ),
                        photos: vec![0, 1],
                        ..question("Was your table clean and set?", "Yes, after asking", 2_000, 2_000)
                    },
                    ReportQuestion {
                        not_applicable: true,
                        ..question("Was your coat taken?", "", 0, 0)
                    },
                ],
            },
            ReportSection {
                title: "Food and service at the table".to_owned(),
                scores: scores(Some(861_000), Some(812_500), Some(909_500)),
                questions: vec![
                    question("How long did the first drink take?", "6 min 20 s", 2_500, 5_000),
                    ReportQuestion {
                        comment: Some("Warm plate, crisp skin; the best I have had this year.".to_owned()),
                        photos: vec![2, 3],
                        ..question("How was the main course?", "5 of 5: excellent", 5_000, 5_000)
                    },
                    question("Which of these did the waiter offer?", "Bread, water, dessert", 3_000, 4_000),
                    question("Did the waiter recommend something of their own accord?", "Yes", 2_000, 0),
                    ReportQuestion {
                        scored: false,
                        ..question(
                            "What would you tell the waiter?",
                            "You knew the menu by heart and it showed. Look up once in a while: we sat \
                             with empty glasses for ten minutes while you polished cutlery.",
                            0,
                            0,
                        )
                    },
                ],
            },
            ReportSection {
                title: "Atmosphere and bill".to_owned(),
                scores: scores(Some(893_000), None, Some(893_000)),
                questions: vec![
                    question("How cosy was the room?", "4 of 5", 4_000, 5_000),
                    ReportQuestion {
                        photos: vec![4],
                        ..question("Were the toilets clean?", "Yes", 4_000, 4_000)
                    },
                    question("Was the bill right?", "€ 64,50, as on the menu", 3_000, 3_000),
                    ReportQuestion {
                        scored: false,
                        photos: vec![5],
                        ..question("Photo of the receipt", "", 0, 0)
                    },
                    question("How likely are you to come back?", "9 of 10", 3_571, 4_000),
                ],
            },
        ],
        photos: vec![
            jpeg(320, 240, 1),
            jpeg(240, 320, 2),
            jpeg(320, 240, 3),
            jpeg(320, 180, 4),
            jpeg(320, 240, 5),
            jpeg(240, 320, 6),
        ],
    }
}

/// Texts that try to be markup, to run, to overflow or to have no glyph, in every text there is.
pub fn hostile() -> AuditReport {
    let mut report = restaurant();
    let long_word = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(12);
    report.client_name = "#eval(\"1 + 1\") \u{0} *bold* $x^2$".to_owned();
    report.location_name = format!("= Heading {long_word}");
    report.location_city = "مطعم الياسمين".to_owned();
    report.region_name = "https://example.com/?q=<b>&amp;".repeat(9);
    report.campaign_name = "\\ ` ~ @nobody <label> // none /* none */".to_owned();
    report.checklist_title = "中文の質問票 — 한국어".to_owned();
    report.reference = "#image(\"/etc/passwd\")".to_owned();
    report.client_color = "#ffffff".to_owned();
    report.language = "zz-!!".to_owned();
    report.failed = true;
    report.photos[1] = b"no picture".to_vec();
    report.sections[0].title = long_word.clone();
    report.sections[0].questions[0].text = "هل استقبلك أحد خلال دقيقة واحدة؟".to_owned();
    report.sections[0].questions[0].answer = "לא, אף אחד לא בירך אותי".to_owned();
    report.sections[0].questions[1].comment =
        Some("😀 👩‍👩‍👧 🍜 𝔘𝔫𝔦 𐍈 \u{e000}\u{10ffff} 🇳🇱 e\u{301}\u{200d}\u{202e}abc".to_owned());
    report.sections[0].questions[2].comment =
        Some(format!("{long_word}\n\n{}", "wait ".repeat(900)));
    report.sections[0].questions[2].photos = vec![0, 1, 99, usize::MAX];
    report.sections[1].questions[0].answer = long_word;
    report.sections[1].questions[1].answer = "a\nb\n".repeat(200);
    report.sections[1].scores.total_micros = Some(i64::MAX);
    report.sections[1].scores.service_micros = Some(i64::MIN);
    report.sections[1].questions[2].earned_milli = i64::MIN;
    report.sections[2].questions.clear();
    report
}

/// An audit with nothing in it at all.
pub fn empty() -> AuditReport {
    AuditReport::default()
}

/// As many questions and photos as asked for, in sections of forty questions.
pub fn large(questions: usize, photos: usize) -> AuditReport {
    let mut report = restaurant();
    let model = report.sections[0].questions[2].clone();
    report.sections = (0..questions)
        .collect::<Vec<_>>()
        .chunks(40)
        .map(|numbers| ReportSection {
            title: format!("Section from question {}", numbers[0]),
            scores: report.scores,
            questions: numbers
                .iter()
                .map(|n| ReportQuestion {
                    text: format!("Question {n} of many: was everything as it should be?"),
                    photos: (0..photos).filter(|p| p % questions == *n).collect(),
                    comment: (n % 4 == 0)
                        .then(|| format!("Comment number {n} is a sentence of its own.")),
                    ..model.clone()
                })
                .collect(),
        })
        .collect();
    report.photos = (0..photos)
        .map(|n| jpeg(160, 120, u8::try_from(n % 250).expect("under 250")))
        .collect();
    report
}
