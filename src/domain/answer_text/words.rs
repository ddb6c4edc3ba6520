//! The words and marks around an answer in English, Dutch and German.

/// How a language writes an amount of money.
#[derive(Clone, Copy)]
pub enum Money {
    Before,
    BeforeApart,
    After,
}

/// What the answers of one language are made with.
pub struct Words {
    pub decimal_mark: char,
    pub money: Money,
    pub yes: &'static str,
    pub no: &'static str,
    pub none_of_these: &'static str,
    /// '4 of 5'.
    pub of: &'static str,
    pub hours: &'static str,
    pub photo: &'static str,
    pub photos: &'static str,
    /// From the worst face to the best.
    pub moods: [&'static str; 5],
    /// Six hours each, from midnight.
    pub parts_of_day: [&'static str; 4],
    pub months: [&'static str; 12],
    /// What stands after the day of the month.
    pub day_mark: &'static str,
}

impl Words {
    /// The words for a language tag; English where there are none.
    pub fn of(language: &str) -> &'static Self {
        match super::base(language).to_ascii_lowercase().as_str() {
            "nl" => &DUTCH,
            "de" => &GERMAN,
            _ => &ENGLISH,
        }
    }
}

#[rustfmt::skip]
static ENGLISH: Words = Words {
    decimal_mark: '.',
    money: Money::Before,
    yes: "Yes",
    no: "No",
    none_of_these: "None of these",
    of: "of",
    hours: "h",
    photo: "photo",
    photos: "photos",
    moods: ["Very bad", "Bad", "Neutral", "Good", "Very good"],
    parts_of_day: ["Night", "Morning", "Afternoon", "Evening"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December"],
    day_mark: "",
};

#[rustfmt::skip]
static DUTCH: Words = Words {
    decimal_mark: ',',
    money: Money::BeforeApart,
    yes: "Ja",
    no: "Nee",
    none_of_these: "Geen van deze",
    of: "van",
    hours: "uur",
    photo: "foto",
    photos: "foto’s",
    moods: ["Heel slecht", "Slecht", "Neutraal", "Goed", "Heel goed"],
    parts_of_day: ["Nacht", "Ochtend", "Middag", "Avond"],
    months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
        "november", "december"],
    day_mark: "",
};

#[rustfmt::skip]
static GERMAN: Words = Words {
    decimal_mark: ',',
    money: Money::After,
    yes: "Ja",
    no: "Nein",
    none_of_these: "Nichts davon",
    of: "von",
    hours: "Std.",
    photo: "Foto",
    photos: "Fotos",
    moods: ["Sehr schlecht", "Schlecht", "Neutral", "Gut", "Sehr gut"],
    parts_of_day: ["Nacht", "Vormittag", "Nachmittag", "Abend"],
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
        "November", "Dezember"],
    day_mark: ".",
};
