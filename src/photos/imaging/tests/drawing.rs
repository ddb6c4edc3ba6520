//! Draws the pictures, writes their metadata, and compares colours.

use std::io::Cursor;

use ::exif::experimental::Writer;
use ::exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::ColorType as Colours;

use super::super::{DECODE_BYTES_MAX, ImagingError, Renditions, renditions};
use crate::domain::photo::{PhotoLimits, sniff};

pub const LIMITS: PhotoLimits = PhotoLimits {
    photo_bytes_max: 15 << 20,
    photo_pixels_max: 50_000_000,
};

pub const RED: [u8; 3] = [220, 20, 20];
pub const GREEN: [u8; 3] = [20, 200, 20];
pub const BLUE: [u8; 3] = [20, 20, 220];
pub const YELLOW: [u8; 3] = [230, 220, 20];

pub fn make(bytes: &[u8]) -> Result<Renditions, ImagingError> {
    let facts = sniff(bytes, &LIMITS).expect("the picture is refused before it is decoded");
    renditions(bytes, &facts, DECODE_BYTES_MAX, &[])
}

pub fn open(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg)
        .expect("a rendition is not a JPEG")
        .into_rgb8()
}

pub fn assert_near(found: Rgb<u8>, wanted: [u8; 3], what: &str) {
    let far = (0..3).any(|i| found.0[i].abs_diff(wanted[i]) > 24);
    assert!(!far, "{what}: found {:?}, wanted {wanted:?}", found.0);
}

/// Red, green, blue and yellow quarters: left to right, top to bottom.
pub fn quarters(width_px: u32, height_px: u32) -> RgbImage {
    RgbImage::from_fn(width_px, height_px, |x, y| {
        Rgb(match (x < width_px / 2, y < height_px / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
}

pub fn assert_corners(picture: &RgbImage, wanted: [[u8; 3]; 4], what: &str) {
    let (right, bottom) = (picture.width() - 4, picture.height() - 4);
    let places = [(3, 3), (right, 3), (3, bottom), (right, bottom)];
    for ((x, y), wanted) in places.into_iter().zip(wanted) {
        assert_near(*picture.get_pixel(x, y), wanted, what);
    }
}

pub fn jpeg(picture: &RgbImage, exif: Option<&[u8]>, is_progressive: bool) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 92);
    encoder.set_progressive(is_progressive);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).expect("metadata fit");
    }
    let (width_px, height_px) = (picture.width() as u16, picture.height() as u16);
    encoder
        .encode(picture, width_px, height_px, Colours::Rgb)
        .expect("the fixture is drawn");
    file
}

pub fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture
        .write_to(&mut file, ImageFormat::Png)
        .expect("the fixture is drawn");
    file.into_inner()
}

pub fn field(tag: Tag, value: Value) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    }
}

pub fn text(tag: Tag, text: &str) -> Field {
    field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]))
}

pub fn angle(tag: Tag, parts: [(u32, u32); 3]) -> Field {
    let parts = parts.map(|(num, denom)| Rational { num, denom });
    field(tag, Value::Rational(parts.to_vec()))
}

pub fn metadata(fields: &[Field]) -> Vec<u8> {
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = Cursor::new(Vec::new());
    writer
        .write(&mut bytes, false)
        .expect("metadata are written");
    bytes.into_inner()
}

pub fn turned(orientation: u16) -> Vec<u8> {
    metadata(&[field(Tag::Orientation, Value::Short(vec![orientation]))])
}
