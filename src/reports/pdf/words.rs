//! The words of an audit PDF in English, Dutch and German, and how those languages write a
//! decimal and a date. Not the words of questions and answers: those come with the report.

/// Every label of the template in one language.
#[derive(Debug)]
pub struct Words {
    pub decimal_mark: char,
    /// What stands after a percentage, with its space where the language has one.
    pub percent: &'static str,
    pub months: [&'static str; 12],
    /// What stands after the day of the month.
    pub day_mark: &'static str,
    pub report: &'static str,
    pub visited_on: &'static str,
    pub region: &'static str,
    pub campaign: &'static str,
    pub checklist: &'static str,
    pub reference: &'static str,
    pub page: &'static str,
    pub page_of: &'static str,
    pub service: &'static str,
    pub experience: &'static str,
    pub total: &'static str,
    pub balanced: &'static str,
    pub balanced_note: &'static str,
    pub recovery: &'static str,
    pub no_score: &'static str,
    pub region_average: &'static str,
    pub previous_visit: &'static str,
    pub points_higher: &'static str,
    pub points_lower: &'static str,
    pub no_difference: &'static str,
    pub failed: &'static str,
    pub failed_note: &'static str,
    pub passed: &'static str,
    pub passed_note: &'static str,
    pub not_passed: &'static str,
    pub not_passed_note: &'static str,
    pub by_section: &'static str,
    pub section: &'static str,
    pub bar_note: &'static str,
    pub question: &'static str,
    pub answer: &'static str,
    pub points: &'static str,
    pub no_questions: &'static str,
    pub no_answer: &'static str,
    pub not_applicable: &'static str,
    pub not_scored: &'static str,
    pub comment: &'static str,
    pub photo: &'static str,
    pub photos: &'static str,
    pub more_photos: &'static str,
    pub photo_missing: &'static str,
}

impl Words {
    /// The words for a language tag ('de-AT' reads as 'de'); English where there are none.
    pub fn of(language: &str) -> &'static Words {
        match primary(language).as_str() {
            "nl" => &DUTCH,
            "de" => &GERMAN,
            _ => &ENGLISH,
        }
    }
}

/// The first part of a language tag in lower case, where it is one of two or three letters
/// (ISO 639), else 'en'.
pub fn primary(language: &str) -> String {
    let first = language.split(['-', '_']).next().unwrap_or_default();
    if matches!(first.len(), 2..=3) && first.bytes().all(|b| b.is_ascii_alphabetic()) {
        first.to_ascii_lowercase()
    } else {
        "en".to_owned()
    }
}

static ENGLISH: Words = Words {
    decimal_mark: '.',
    percent: "%",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    day_mark: "",
    report: "Audit report",
    visited_on: "Visited on",
    region: "Region",
    campaign: "Campaign",
    checklist: "Checklist",
    reference: "Reference",
    page: "Page",
    page_of: "of",
    service: "Service",
    experience: "Experience",
    total: "Total",
    balanced: "Balanced score",
    balanced_note: "The balanced score is the lower of service and experience.",
    recovery: "How well things were put right:",
    no_score: "No score",
    region_average: "Region average",
    previous_visit: "Previous visit",
    points_higher: "percentage points higher",
    points_lower: "percentage points lower",
    no_difference: "no difference",
    failed: "Failed",
    failed_note: "A critical requirement was not met. The audit counts as failed, whatever its score.",
    passed: "Passed",
    passed_note: "The total reaches the pass mark.",
    not_passed: "Not passed",
    not_passed_note: "The total does not reach the pass mark.",
    by_section: "Scores by section",
    section: "Section",
    bar_note: "The bar is the section’s score.",
    question: "Question",
    answer: "Answer",
    points: "Points",
    no_questions: "No questions were asked in this section.",
    no_answer: "No answer",
    not_applicable: "Not applicable",
    not_scored: "not scored",
    comment: "Comment",
    photo: "Photo",
    photos: "Photos",
    more_photos: "More photos",
    photo_missing: "This photo cannot be shown.",
};

static DUTCH: Words = Words {
    decimal_mark: ',',
    percent: "%",
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    day_mark: "",
    report: "Auditrapport",
    visited_on: "Bezocht op",
    region: "Regio",
    campaign: "Campagne",
    checklist: "Vragenlijst",
    reference: "Kenmerk",
    page: "Pagina",
    page_of: "van",
    service: "Service",
    experience: "Beleving",
    total: "Totaal",
    balanced: "Balansscore",
    balanced_note: "De balansscore is de laagste van service en beleving.",
    recovery: "Hoe goed het werd rechtgezet:",
    no_score: "Geen score",
    region_average: "Regiogemiddelde",
    previous_visit: "Vorig bezoek",
    points_higher: "procentpunt hoger",
    points_lower: "procentpunt lager",
    no_difference: "geen verschil",
    failed: "Gezakt",
    failed_note: "Aan een kritieke eis is niet voldaan. De audit geldt als gezakt, ongeacht de score.",
    passed: "Geslaagd",
    passed_note: "Het totaal haalt de norm.",
    not_passed: "Niet geslaagd",
    not_passed_note: "Het totaal haalt de norm niet.",
    by_section: "Scores per onderdeel",
    section: "Onderdeel",
    bar_note: "De balk is de score van het onderdeel.",
    question: "Vraag",
    answer: "Antwoord",
    points: "Punten",
    no_questions: "In dit onderdeel zijn geen vragen gesteld.",
    no_answer: "Geen antwoord",
    not_applicable: "Niet van toepassing",
    not_scored: "telt niet mee",
    comment: "Toelichting",
    photo: "Foto",
    photos: "Foto’s",
    more_photos: "Meer foto’s",
    photo_missing: "Deze foto kan niet worden getoond.",
};

static GERMAN: Words = Words {
    decimal_mark: ',',
    percent: "\u{a0}%",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    day_mark: ".",
    report: "Auditbericht",
    visited_on: "Besucht am",
    region: "Region",
    campaign: "Kampagne",
    checklist: "Checkliste",
    reference: "Kennung",
    page: "Seite",
    page_of: "von",
    service: "Service",
    experience: "Erlebnis",
    total: "Gesamt",
    balanced: "Balance-Wert",
    balanced_note: "Der Balance-Wert ist der niedrigere Wert von Service und Erlebnis.",
    recovery: "Wie gut es wieder in Ordnung gebracht wurde:",
    no_score: "Keine Wertung",
    region_average: "Schnitt der Region",
    previous_visit: "Voriger Besuch",
    points_higher: "Prozentpunkte höher",
    points_lower: "Prozentpunkte niedriger",
    no_difference: "kein Unterschied",
    failed: "Durchgefallen",
    failed_note: "Eine kritische Anforderung wurde nicht erfüllt. Das Audit gilt unabhängig vom Ergebnis als nicht bestanden.",
    passed: "Bestanden",
    passed_note: "Das Gesamtergebnis erreicht die Bestehensgrenze.",
    not_passed: "Nicht bestanden",
    not_passed_note: "Das Gesamtergebnis erreicht die Bestehensgrenze nicht.",
    by_section: "Ergebnisse nach Abschnitt",
    section: "Abschnitt",
    bar_note: "Der Balken ist das Ergebnis des Abschnitts.",
    question: "Frage",
    answer: "Antwort",
    points: "Punkte",
    no_questions: "In diesem Abschnitt wurden keine Fragen gestellt.",
    no_answer: "Keine Antwort",
    not_applicable: "Nicht zutreffend",
    not_scored: "nicht gewertet",
    comment: "Anmerkung",
    photo: "Foto",
    photos: "Fotos",
    more_photos: "Weitere Fotos",
    photo_missing: "Dieses Foto kann nicht gezeigt werden.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_its_language_and_an_unknown_one_gets_english() {
        assert_eq!(Words::of("nl-BE").total, "Totaal");
        assert_eq!(Words::of("DE_at").total, "Gesamt");
        for tag in ["", "fr", "x", "deutsch", "\u{1F600}"] {
            assert_eq!(Words::of(tag).total, "Total", "{tag:?}");
        }
        assert_eq!(primary("pt-BR"), "pt");
        assert_eq!(primary("??"), "en");
    }
}
