//! The `type` column: what kind of row it is, in any of its spellings.
//!
//! Not here: what becomes of it (`survey.rs` and `question.rs`).

/// What a row of the survey is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowType {
    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,
    SelectOne(List),
    SelectMultiple(List),
    Integer,
    Decimal,
    Range,
    Text,
    Barcode,
    Note,
    Date,
    Time,
    DateTime,
    Image,
    Geopoint,
    Acknowledge,
    /// An audit says this itself.
    Recorded(&'static str),
    /// Not in a checklist: what it is, and what to do about it.
    Gone(&'static str, &'static str),
    Unknown,
}

/// Where the choices of a question come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// A list of the choices sheet; `or_other` adds a choice and a question for the rest.
    Named { list: String, or_other: bool },
    /// A file or an external sheet.
    Elsewhere(String),
}

/// Simple types that forms have, for 'did you mean'.
pub(super) const NAMES: [&str; 32] = [
    "integer",
    "decimal",
    "range",
    "text",
    "select_one",
    "select_multiple",
    "rank",
    "note",
    "geopoint",
    "geotrace",
    "geoshape",
    "date",
    "time",
    "datetime",
    "image",
    "audio",
    "video",
    "file",
    "barcode",
    "calculate",
    "acknowledge",
    "hidden",
    "xml-external",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
];

pub(super) fn read(written: &str) -> RowType {
    let words: Vec<&str> = written.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    if let Some(select) = select(&words, &lower) {
        return select;
    }
    let name = lower.join("_");
    if let Some(structure) = structure(&name) {
        return structure;
    }
    match name.as_str() {
        "integer" | "int" | "add_integer_prompt" | "q_int" => RowType::Integer,
        "decimal" | "add_decimal_prompt" | "q_decimal" => RowType::Decimal,
        "range" => RowType::Range,
        "text" | "string" | "add_text_prompt" | "q_string" => RowType::Text,
        "barcode" | "add_barcode_prompt" | "q_barcode" => RowType::Barcode,
        "note" | "add_note_prompt" | "q_note" => RowType::Note,
        "date" | "add_date_prompt" | "q_date" => RowType::Date,
        "time" => RowType::Time,
        "datetime" | "date_time" | "add_date_time_prompt" | "q_date_time" => RowType::DateTime,
        "image" | "photo" | "add_image_prompt" | "add_photo_prompt" | "q_image" | "q_picture" => {
            RowType::Image
        }
        "geopoint" | "gps" | "location" | "add_location_prompt" | "q_geopoint" | "q_location" => {
            RowType::Geopoint
        }
        "acknowledge" | "trigger" | "add_acknowledge_prompt" | "q_acknowledge" => {
            RowType::Acknowledge
        }
        "start" | "start_time" | "get_start_time" => RowType::Recorded("when it was started"),
        "end" | "end_time" | "get_end_time" => RowType::Recorded("when it was finished"),
        "today" | "get_today" => RowType::Recorded("the day on which it was filled"),
        "username" | "email" => RowType::Recorded("who filled it"),
        _ => gone(&name),
    }
}

fn gone(name: &str) -> RowType {
    let (what, todo) = match name {
        "calculate" | "add_calculate_prompt" | "q_calculate" => {
            ("a calculation", "work it out where the answers are used")
        }
        "hidden" => ("a hidden value", "leave it out"),
        "audio" | "add_audio_prompt" | "q_audio" | "background-audio" => (
            "a recording",
            "ask for it in words, with a question of type `text`",
        ),
        "video" | "add_video_prompt" | "q_video" => ("a video", "ask for photos instead"),
        "file" | "add_file_prompt" => ("a file", "ask for a photo of it instead"),
        "geotrace" | "geoshape" => ("a line on a map", "ask for it in words"),
        "start-geopoint" => ("a place", "add a question of type `location_check`"),
        "xml-external" | "csv-external" => ("a file of data", "leave it out"),
        "audit" => ("a log of the filling", "leave it out"),
        "deviceid" | "device_id" | "get_device_id" | "imei" | "subscriberid" | "subscriber_id"
        | "simserial" | "sim_id" | "phonenumber" | "phone_number" => (
            "a mark of the phone",
            "leave it out: who filled it is known",
        ),
        _ => return RowType::Unknown,
    };
    RowType::Gone(what, todo)
}

fn structure(name: &str) -> Option<RowType> {
    Some(match name {
        "begin_group" | "begin_lgroup_group" => RowType::BeginGroup,
        "end_group" => RowType::EndGroup,
        "begin_repeat" | "begin_loop" | "begin_lgroup" | "begin_looped_group" => {
            RowType::BeginRepeat
        }
        "end_repeat" | "end_loop" | "end_lgroup" | "end_looped_group" => RowType::EndRepeat,
        name if name.starts_with("begin_loop_over_") => RowType::BeginRepeat,
        _ => return None,
    })
}

/// `select_one list`, `select all that apply from list or_other`, `select_one_from_file list.csv`, `rank list`.
fn select(words: &[&str], lower: &[&str]) -> Option<RowType> {
    const SPELLINGS: [(&[&str], bool); 17] = [
        (&["select_one"], false),
        (&["select1"], false),
        (&["add", "select", "one", "prompt", "using"], false),
        (&["select", "one", "from", "file"], false),
        (&["select", "one", "from"], false),
        (&["select", "one", "using"], false),
        (&["select", "one"], false),
        (&["select_one_from_file"], false),
        (&["select_one_external"], false),
        (&["select_multiple"], true),
        (&["add", "select", "multiple", "prompt", "using"], true),
        (&["select", "all", "that", "apply", "from"], true),
        (&["select", "all", "that", "apply"], true),
        (&["select", "multiple", "from", "file"], true),
        (&["select", "multiple", "from"], true),
        (&["select", "multiple"], true),
        (&["select_multiple_from_file"], true),
    ];
    if lower.first() == Some(&"rank") {
        return Some(RowType::Gone(
            "an order of choices",
            "ask what comes first, with a question of type `select_one`",
        ));
    }
    let (spelling, several) = SPELLINGS
        .iter()
        .find(|(spelling, _)| lower.starts_with(spelling))?;
    let mut list = &words[spelling.len()..];
    let mut or_other = false;
    if let [before @ .., "or_other"] = list {
        (list, or_other) = (before, true);
    } else if let [before @ .., "or", "specify", "other"] = list {
        (list, or_other) = (before, true);
    }
    let list = list.join(" ");
    let elsewhere = spelling.last().is_some_and(|last| {
        *last == "file" || last.ends_with("_file") || last.ends_with("_external")
    });
    let list = if elsewhere {
        List::Elsewhere(list)
    } else {
        List::Named { list, or_other }
    };
    Some(if *several {
        RowType::SelectMultiple(list)
    } else {
        RowType::SelectOne(list)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(list: &str, or_other: bool) -> List {
        let list = list.to_owned();
        List::Named { list, or_other }
    }

    #[test]
    fn types_are_read_in_their_spellings() {
        for (written, read_as) in [
            ("integer", RowType::Integer),
            ("dateTime", RowType::DateTime),
            (" Begin  Group ", RowType::BeginGroup),
            ("begin_repeat", RowType::BeginRepeat),
            ("end repeat", RowType::EndRepeat),
            (
                "select_one yes_no",
                RowType::SelectOne(named("yes_no", false)),
            ),
            (
                "select one from Cities",
                RowType::SelectOne(named("Cities", false)),
            ),
            ("select1 a", RowType::SelectOne(named("a", false))),
            (
                "select_multiple a or_other",
                RowType::SelectMultiple(named("a", true)),
            ),
            (
                "select all that apply from a or specify other",
                RowType::SelectMultiple(named("a", true)),
            ),
            (
                "select_one_from_file a.csv",
                RowType::SelectOne(List::Elsewhere("a.csv".into())),
            ),
            (
                "select_one_external a",
                RowType::SelectOne(List::Elsewhere("a".into())),
            ),
            (
                "select multiple from file a.csv",
                RowType::SelectMultiple(List::Elsewhere("a.csv".into())),
            ),
            ("sellect_one a", RowType::Unknown),
        ] {
            assert_eq!(read(written), read_as, "{written}");
        }
        for name in NAMES {
            assert_ne!(read(name), RowType::Unknown, "{name}");
        }
    }
}
