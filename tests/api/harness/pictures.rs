//! Pictures that are not flat, with what cameras write into them, and files that no decoder here can read.

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{Rgb, RgbImage};

/// A made-up scene, another for each seed.
pub fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(99);
    let mut next = move |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    let things: Vec<[u32; 4]> = (0..14)
        .map(|_| [next(1000), next(1000), 40 + next(260), next(200)])
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 1000 / width, y * 1000 / height);
        let mut light = 60 + x / 12;
        for [left, top, size, shade] in &things {
            if x.abs_diff(*left) < size / 2 && y.abs_diff(*top) < size / 3 {
                light = *shade;
            }
        }
        Rgb([light as u8, (light + 12) as u8, light as u8])
    })
}

pub fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    let (width, height) = (width.try_into().unwrap(), height.try_into().unwrap());
    jpeg_encoder::Encoder::new(&mut bytes, quality)
        .encode(
            picture.as_raw(),
            width,
            height,
            jpeg_encoder::ColorType::Rgb,
        )
        .unwrap();
    bytes
}

/// The same photo as a camera would have written it: when by its clock, where in thousandths of a degree, and with what.
pub fn with_camera(jpeg: &[u8], taken: &str, place_milli_deg: (u32, u32), model: &str) -> Vec<u8> {
    let field = |tag, value| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    };
    let text = |tag, text: &str| field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]));
    let degrees = |tag, milli_deg: u32| {
        let parts = [(milli_deg, 1000), (0, 1), (0, 1)];
        let parts = parts.map(|(num, denom)| Rational { num, denom });
        field(tag, Value::Rational(parts.to_vec()))
    };
    let fields = [
        text(Tag::Model, model),
        text(Tag::DateTimeOriginal, taken),
        degrees(Tag::GPSLatitude, place_milli_deg.0),
        text(Tag::GPSLatitudeRef, "N"),
        degrees(Tag::GPSLongitude, place_milli_deg.1),
        text(Tag::GPSLongitudeRef, "E"),
    ];
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut tiff = std::io::Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    let content = [b"Exif\0\0".as_slice(), &tiff.into_inner()].concat();
    let length = u16::try_from(content.len() + 2).unwrap();
    [
        &jpeg[..2],
        &[0xff, 0xe1],
        &length.to_be_bytes(),
        &content,
        &jpeg[2..],
    ]
    .concat()
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap();
    [&length.to_be_bytes(), kind.as_slice(), content].concat()
}

/// The boxes of a HEIC photo around bytes that are no picture; each `seed` is another file.
pub fn heic(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let ispe = [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
    let ipco = boxed(b"ipco", &boxed(b"ispe", &ispe));
    let ipma = boxed(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0x81]);
    let meta = [
        vec![0; 4],
        boxed(b"pitm", &[0, 0, 0, 0, 0, 1]),
        boxed(b"iprp", &[ipco, ipma].concat()),
    ]
    .concat();
    [
        boxed(b"ftyp", b"heic\0\0\0\0heicmif1"),
        boxed(b"meta", &meta),
        boxed(b"mdat", &[seed; 600]),
    ]
    .concat()
}
