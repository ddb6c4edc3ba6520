//! What an audit PDF must hold, whatever the report. The text of the pages is read from Typst's own
//! layout (the glyph runs that are drawn), the promises about the file from its bytes.

use typst::layout::{Frame, FrameItem};

use super::sample::{empty, hostile, jpeg, jpeg_with_metadata, large, restaurant};
use super::{AuditReport, PdfRenderer};

fn renderer() -> PdfRenderer {
    PdfRenderer::new().expect("template and fonts are built in")
}

fn render(report: &AuditReport) -> Vec<u8> {
    renderer().render(report).expect("every report prints")
}

/// The drawn text of each page, run after run.
fn page_texts(report: &AuditReport) -> Vec<String> {
    let document = renderer()
        .lay_out(report)
        .expect("every report is laid out");
    document
        .pages()
        .iter()
        .map(|page| {
            let mut text = String::new();
            read(&page.frame, &mut text);
            text
        })
        .collect()
}

fn whole_text(report: &AuditReport) -> String {
    page_texts(report).join("\n")
}

fn read(frame: &Frame, text: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => read(&group.frame, text),
            FrameItem::Text(run) => {
                text.push_str(&run.text);
                text.push(' ');
            }
            _ => {}
        }
    }
}

/// Without spaces and breaks: lines and changes of font add some of their own.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|w| w == part.as_bytes())
}

#[test]
fn a_report_prints_scores_answers_points_comments_and_photos() {
    let text = whole_text(&restaurant());
    for part in [
        "Brasserie Lindenhof",
        "Lindenhof Canal Quarter",
        "22 November 2026",
        "Passed",
        "73.4%",
        "91.3%",
        "82.3%",
        "78.1%",
        "4.7 percentage points lower",
        "2.8 percentage points higher",
        "Arrival and welcome",
        "No score",
        "3.75 / 5",
        "+2",
        "not scored",
        "Not applicable",
        "It was wiped as soon as I asked.",
        "Photo 6",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
    assert!(!text.contains("cannot be shown"));
}

#[test]
fn a_report_speaks_dutch_and_german() {
    let mut report = restaurant();
    report.language = "nl-NL".to_owned();
    let text = whole_text(&report);
    for part in [
        "82,3%",
        "22 november 2026",
        "Niet van toepassing",
        "3,75 / 5",
    ] {
        assert!(text.contains(part), "{part:?}");
    }
    report.language = "de".to_owned();
    let text = whole_text(&report);
    for part in [
        "82,3\u{a0}%",
        "22. November 2026",
        "Gesamt",
        "4,7 Prozentpunkte niedriger",
    ] {
        assert!(text.contains(part), "{part:?}");
    }
}

#[test]
fn a_failed_audit_says_so_whatever_its_score() {
    let mut report = restaurant();
    report.failed = true;
    let first = &page_texts(&report)[0];
    assert!(first.contains("Failed") && first.contains("critical requirement"));
    assert!(!first.contains("Passed"));
    report.failed = false;
    report.passed = Some(false);
    assert!(page_texts(&report)[0].contains("Not passed"));
    report.passed = None;
    let first = &page_texts(&report)[0];
    assert!(!first.contains("assed") && !first.contains("Failed"));
}

#[test]
fn the_same_report_gives_the_same_bytes_from_any_renderer_and_thread() {
    let report = restaurant();
    let shared = renderer();
    let first = shared.render(&report).expect("prints");
    let other = render(&hostile());
    assert_ne!(first, other);
    std::thread::scope(|scope| {
        let again: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| shared.render(&report).expect("prints")))
            .collect();
        for thread in again {
            assert_eq!(thread.join().expect("no panic"), first);
        }
    });
    assert_eq!(render(&report), first);
}

/// Two reports that differ in one picture, laid out before Typst forgets anything, as two threads
/// would do.
#[test]
fn a_photo_is_never_taken_from_another_report() {
    let one = restaurant();
    let mut two = restaurant();
    two.photos[0] = jpeg(320, 240, 99);
    let renderer = renderer();
    let pdfs = [&one, &two]
        .map(|report| renderer.lay_out(report).expect("is laid out"))
        .map(|document| renderer.export(&document).expect("is exported"));
    let holds = |pdf: &[u8], jpeg: &[u8]| pdf.windows(jpeg.len()).any(|w| w == jpeg);
    assert!(holds(&pdfs[0], &one.photos[0]) && !holds(&pdfs[0], &two.photos[0]));
    assert!(holds(&pdfs[1], &two.photos[0]) && !holds(&pdfs[1], &one.photos[0]));
}

#[test]
fn the_file_is_accessible_and_carries_no_trace_of_its_making() {
    let pdf = render(&restaurant());
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(contains(&pdf, "<pdfuaid:part>1</pdfuaid:part>"));
    assert!(contains(&pdf, "Lindenhof Canal Quarter"), "the title");
    assert!(contains(&pdf, "/Lang(en)") || contains(&pdf, "/Lang (en)"));
    for trace in [
        "/Author",
        "/Creator",
        "/Producer",
        "/CreationDate",
        "/ModDate",
        "Typst",
        "CreateDate",
        "dc:creator",
    ] {
        assert!(!contains(&pdf, trace), "{trace}");
    }
}

#[test]
fn what_a_photo_says_about_its_maker_stays_out() {
    let mut report = restaurant();
    let canary = "CANARY 52.0907,5.1214 Shopper's Phone";
    for photo in &mut report.photos {
        *photo = jpeg_with_metadata(photo, canary.as_bytes());
    }
    assert_eq!(render(&report), render(&restaurant()));
    assert!(!contains(&render(&report), "CANARY"));
}

#[test]
fn texts_are_printed_and_never_obeyed() {
    let report = hostile();
    let text = squeezed(&whole_text(&report));
    for part in [
        "#eval(\"1 + 1\")",
        "*bold* $x^2$",
        "= Heading",
        "\\ ` ~ @nobody <label> // none /* none */",
        "#image(\"/etc/passwd\")",
        "&amp;",
    ] {
        assert!(
            text.contains(&squeezed(part)),
            "{part:?} is missing in:\n{text}"
        );
    }
    assert!(text.contains("Thisphotocannotbeshown."));
}

#[test]
fn characters_without_a_glyph_cost_the_claim_and_not_the_report() {
    let mut report = restaurant();
    report.sections[0].questions[0].comment = Some("很好".to_owned());
    let pdf = render(&report);
    assert!(!contains(&pdf, "pdfuaid"));
    assert!(contains(&pdf, "/StructTreeRoot"), "still tagged");
    report.sections[0].questions[0].comment = Some("😀 👍🏽 ✓ مرحبا שלום Ελλάδα Київ é".to_owned());
    report.sections[0].questions[1].comment = Some("مرحبا, 2 × thé".to_owned());
    assert!(contains(&render(&report), "pdfuaid"));
}

#[test]
fn nothing_at_all_and_everything_at_once_both_print() {
    render(&empty());
    render(&hostile());
    let report = large(400, 60);
    let pages = page_texts(&report);
    assert!(pages.len() > 10, "{} pages", pages.len());
    let last = format!("Page {0} of {0}", pages.len());
    assert!(pages.last().expect("pages").contains(&last));
    let text = pages.join("\n");
    assert!(text.contains("Question 399 of many") && text.contains("Comment number 396"));
    for n in 1..=60 {
        assert!(text.contains(&format!("Photo {n} ")), "photo {n}");
    }
    let pdf = render(&report);
    assert_eq!(pdf.windows(9).filter(|w| w == b"DCTDecode").count(), 60);
}
