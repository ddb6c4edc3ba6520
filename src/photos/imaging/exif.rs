//! Reads what a camera wrote into a photo: time, place, device and how it was held.
//!
//! What the claims are worth is said in `domain/photo/camera.rs`. Broken metadata are no reason to refuse a photo: what cannot be read is left out.

use std::io::Cursor;

use exif::{DateTime, Exif, In, Reader, Tag, Value};
use image::metadata::Orientation;

use crate::domain::photo::camera::CameraFacts;

/// Device names are free text from strangers.
const DEVICE_CHARS_MAX: usize = 80;

/// Reads the metadata out of a whole file of any of the formats.
pub fn read(bytes: &[u8]) -> CameraFacts {
    let exif = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}));
    let Ok(exif) = exif else {
        return CameraFacts::default();
    };
    let place = coordinate(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, 90.0).zip(coordinate(
        &exif,
        Tag::GPSLongitude,
        Tag::GPSLongitudeRef,
        180.0,
    ));
    CameraFacts {
        taken_at: taken_at(&exif),
        latitude_deg: place.map(|(latitude, _)| latitude),
        longitude_deg: place.map(|(_, longitude)| longitude),
        device: device(&exif),
        orientation: exif
            .get_field(Tag::Orientation, In::PRIMARY)
            .and_then(|field| field.value.get_uint(0))
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| (1..=8).contains(value)),
    }
}

/// The turn that makes the picture upright; none if the camera said nothing.
pub(super) fn turn(facts: &CameraFacts) -> Orientation {
    facts
        .orientation
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}

fn taken_at(exif: &Exif) -> Option<String> {
    let at = DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    let date = chrono::NaiveDate::from_ymd_opt(at.year.into(), at.month.into(), at.day.into())?;
    let time = date.and_hms_opt(at.hour.into(), at.minute.into(), at.second.into())?;
    let zone = ascii(exif, Tag::OffsetTimeOriginal)
        .and_then(|text| std::str::from_utf8(text).ok())
        .and_then(|text| text.trim().parse::<chrono::FixedOffset>().ok())
        .map(|zone| zone.to_string())
        .unwrap_or_default();
    Some(format!("{}{zone}", time.format("%Y-%m-%dT%H:%M:%S")))
}

/// Degrees, minutes and seconds as one signed number of degrees.
fn coordinate(exif: &Exif, tag: Tag, sign_tag: Tag, degrees_max: f64) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let [degrees, minutes, seconds] = parts.as_slice() else {
        return None;
    };
    let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    // a part over zero is not a number, or endless
    if !(0.0..=degrees_max).contains(&size) {
        return None;
    }
    match ascii(exif, sign_tag)?.first()? {
        b'N' | b'E' => Some(size),
        b'S' | b'W' => Some(-size),
        _ => None,
    }
}

/// Maker and model, without the maker twice (many models begin with it).
fn device(exif: &Exif) -> Option<String> {
    let text = |tag| {
        let text = String::from_utf8_lossy(ascii(exif, tag)?);
        let printable: String = text
            .chars()
            .filter(|char| !char.is_control())
            .take(DEVICE_CHARS_MAX)
            .collect();
        Some(printable.trim().to_owned()).filter(|text| !text.is_empty())
    };
    match (text(Tag::Make), text(Tag::Model)) {
        (Some(make), Some(model)) if !model.starts_with(&make) => Some(format!("{make} {model}")),
        (make, model) => model.or(make),
    }
}
