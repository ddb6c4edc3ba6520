//! Pictures drawn here, made into renditions, and looked at again.

use ::exif::{Tag, Value};
use image::{ImageEncoder, Luma, LumaA, Rgb, Rgba};
use jpeg_encoder::ColorType as Colours;
use proptest::prelude::*;

use super::*;
use crate::domain::photo::sniff;

mod covered;
mod drawing;
mod fingerprints;
mod heif;
use drawing::*;

#[test]
fn each_of_the_eight_turns_comes_out_upright() {
    // what the camera stored, for an upright picture of red, green / blue, yellow
    let upright = DynamicImage::ImageRgb8(quarters(400, 300));
    let stored = [
        upright.clone(),
        upright.fliph(),
        upright.rotate180(),
        upright.flipv(),
        upright.rotate270().flipv(),
        upright.rotate270(),
        upright.rotate90().flipv(),
        upright.rotate90(),
    ];
    for (orientation, stored) in (1u16..).zip(stored) {
        let file = jpeg(&stored.into_rgb8(), Some(&turned(orientation)), false);
        let made = make(&file).expect("renditions");
        let what = format!("orientation {orientation}");
        assert_eq!(made.exif.orientation, Some(orientation as u8), "{what}");
        assert_eq!((made.width_px, made.height_px), (400, 300), "{what}");
        let (large, small) = (open(&made.large), open(&made.small));
        assert_eq!(large.dimensions(), (400, 300), "{what}");
        assert_eq!(small.dimensions(), (320, 240), "{what}");
        assert_corners(&large, [RED, GREEN, BLUE, YELLOW], &what);
        assert_corners(&small, [RED, GREEN, BLUE, YELLOW], &what);
    }
}

#[test]
fn png_and_webp_are_turned_too() {
    let stored = DynamicImage::ImageRgb8(quarters(400, 300))
        .rotate270()
        .into_rgb8();
    let (width_px, height_px) = stored.dimensions();
    let mut as_png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut as_png);
    encoder
        .set_exif_metadata(turned(6))
        .expect("PNG keeps EXIF");
    encoder
        .write_image(&stored, width_px, height_px, image::ExtendedColorType::Rgb8)
        .expect("the fixture is drawn");
    let mut as_webp = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut as_webp);
    encoder
        .set_exif_metadata(turned(6))
        .expect("WebP keeps EXIF");
    encoder
        .write_image(&stored, width_px, height_px, image::ExtendedColorType::Rgb8)
        .expect("the fixture is drawn");
    for file in [as_png, as_webp] {
        let made = make(&file).expect("renditions");
        assert_eq!((made.width_px, made.height_px), (400, 300));
        assert_corners(&open(&made.large), [RED, GREEN, BLUE, YELLOW], "turned");
    }
}

#[test]
fn what_the_camera_wrote_is_read_and_not_published() {
    let exif = metadata(&[
        text(Tag::Make, "Fairphone"),
        text(Tag::Model, "FP5 canary-model"),
        text(Tag::DateTimeOriginal, "2026:09:19 10:02:11"),
        text(Tag::OffsetTimeOriginal, "+02:00"),
        angle(Tag::GPSLatitude, [(52, 1), (31, 1), (1200, 100)]),
        text(Tag::GPSLatitudeRef, "N"),
        angle(Tag::GPSLongitude, [(13, 1), (24, 1), (0, 1)]),
        text(Tag::GPSLongitudeRef, "W"),
    ]);
    let file = jpeg(&quarters(640, 480), Some(&exif), false);
    let made = make(&file).expect("renditions");
    assert_eq!(
        made.exif,
        CameraFacts {
            taken_at: Some("2026-09-19T10:02:11+02:00".into()),
            latitude_deg: Some(52.0 + 31.0 / 60.0 + 12.0 / 3600.0),
            longitude_deg: Some(-13.4),
            device: Some("Fairphone FP5 canary-model".into()),
            orientation: None,
        }
    );
    let holds = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    assert!(holds(&file, b"Exif\0\0") && holds(&file, b"canary-model"));
    for rendition in [&made.large, &made.small] {
        for word in [
            &b"Exif"[..],
            b"canary",
            b"Fairphone",
            b"2026:09",
            b"xmp",
            b"ICC_PROFILE",
        ] {
            assert!(!holds(rendition, word), "{}", String::from_utf8_lossy(word));
        }
        let segments = exif::read(rendition);
        assert_eq!(segments, CameraFacts::default());
        assert!(!holds(rendition, b"\xff\xe1") && !holds(rendition, b"\xff\xfe"));
    }
}

#[test]
fn nonsense_in_the_metadata_is_left_out_and_the_picture_is_made() {
    let exif = metadata(&[
        text(Tag::Make, " \u{7} "),
        text(Tag::DateTimeOriginal, "2026:13:41 10:02:11"),
        angle(Tag::GPSLatitude, [(1, 0), (0, 0), (0, 1)]),
        text(Tag::GPSLatitudeRef, "N"),
        angle(Tag::GPSLongitude, [(13, 1), (24, 1), (0, 1)]),
        text(Tag::GPSLongitudeRef, "E"),
        field(Tag::Orientation, Value::Short(vec![77])),
    ]);
    let made = make(&jpeg(&quarters(64, 48), Some(&exif), false)).expect("renditions");
    assert_eq!(made.exif, CameraFacts::default());
    assert_corners(&open(&made.large), [RED, GREEN, BLUE, YELLOW], "upright");
}

#[test]
fn the_longest_side_is_bounded_and_nothing_is_enlarged() {
    for (stored, large, small) in [
        ((2000, 1000), (1280, 640), (320, 160)),
        ((1000, 2000), (640, 1280), (160, 320)),
        ((1281, 1281), (1280, 1280), (320, 320)),
        ((1000, 800), (1000, 800), (320, 256)),
        ((200, 100), (200, 100), (200, 100)),
        ((5000, 1), (1280, 1), (320, 1)),
        ((1, 1), (1, 1), (1, 1)),
        ((7, 3), (7, 3), (7, 3)),
    ] {
        let samples = vec![90; (stored.0 * stored.1 * 3) as usize];
        let plain = RgbImage::from_raw(stored.0, stored.1, samples).expect("it fits");
        let made = make(&jpeg(&plain, None, false)).expect("renditions");
        assert_eq!((made.width_px, made.height_px), stored);
        assert_eq!(open(&made.large).dimensions(), large, "{stored:?}");
        assert_eq!(open(&made.small).dimensions(), small, "{stored:?}");
    }
}

#[test]
fn a_progressive_jpeg_is_read() {
    let made = make(&jpeg(&quarters(640, 480), None, true)).expect("renditions");
    assert_corners(&open(&made.large), [RED, GREEN, BLUE, YELLOW], "large");
    assert_corners(&open(&made.small), [RED, GREEN, BLUE, YELLOW], "small");
}

#[test]
fn grey_and_cmyk_jpegs_keep_their_colours() {
    let mut grey = Vec::new();
    jpeg_encoder::Encoder::new(&mut grey, 92)
        .encode(&[90; 64 * 64], 64, 64, Colours::Luma)
        .expect("the fixture is drawn");
    let made = make(&grey).expect("renditions");
    assert_near(*open(&made.large).get_pixel(30, 30), [90, 90, 90], "grey");

    // full cyan, half black
    let ink: Vec<u8> = [255, 0, 0, 128].repeat(64 * 64);
    for colours in [Colours::Cmyk, Colours::CmykAsYcck] {
        let mut cmyk = Vec::new();
        jpeg_encoder::Encoder::new(&mut cmyk, 92)
            .encode(&ink, 64, 64, colours)
            .expect("the fixture is drawn");
        let made = make(&cmyk).expect("renditions");
        assert_near(*open(&made.large).get_pixel(30, 30), [0, 127, 127], "ink");
    }
}

#[test]
fn every_kind_of_png_is_read_and_transparency_is_white() {
    use DynamicImage::*;
    let grey = [90, 90, 90];
    for (picture, wanted) in [
        (
            ImageLuma8(image::ImageBuffer::from_pixel(40, 30, Luma([90]))),
            grey,
        ),
        (
            ImageLuma16(image::ImageBuffer::from_pixel(40, 30, Luma([90 * 257]))),
            grey,
        ),
        (
            ImageRgb16(image::ImageBuffer::from_pixel(
                40,
                30,
                Rgb(RED.map(|c| u16::from(c) * 257)),
            )),
            RED,
        ),
        (
            ImageLumaA8(image::ImageBuffer::from_pixel(40, 30, LumaA([0, 0]))),
            [255, 255, 255],
        ),
        (
            ImageRgba8(image::ImageBuffer::from_pixel(40, 30, Rgba([0, 0, 0, 127]))),
            [128, 128, 128],
        ),
        (
            ImageRgba16(image::ImageBuffer::from_pixel(40, 30, Rgba([0, 0, 0, 0]))),
            [255, 255, 255],
        ),
    ] {
        let colours = picture.color();
        let made = make(&png(&picture)).expect("renditions");
        let found = *open(&made.large).get_pixel(20, 15);
        assert_near(found, wanted, &format!("{colours:?}"));
    }
}

#[test]
fn a_jpeg_cut_short_shows_what_there_is() {
    let whole = jpeg(&quarters(640, 480), None, false);
    let made = make(&whole[..whole.len() * 6 / 10]).expect("renditions");
    let large = open(&made.large);
    assert_eq!(large.dimensions(), (640, 480));
    assert_near(*large.get_pixel(10, 10), RED, "top left");
    assert_near(*large.get_pixel(630, 10), GREEN, "top right");
}

#[test]
fn a_png_cut_short_says_so() {
    let whole = png(&DynamicImage::ImageRgb8(quarters(300, 200)));
    let error = make(&whole[..whole.len() / 2]).expect_err("half a PNG");
    assert!(matches!(error, ImagingError::Undecodable(_)), "{error}");
}

#[test]
fn what_would_take_too_much_memory_is_refused_before_it_is_taken() {
    let picture = quarters(100, 100);
    let mut webp = Cursor::new(Vec::new());
    picture
        .write_to(&mut webp, ImageFormat::WebP)
        .expect("the fixture is drawn");
    let rgba16 = DynamicImage::ImageRgba16(image::ImageBuffer::new(100, 100));
    for (file, wanted_bytes) in [
        (jpeg(&picture, None, false), 30_000),
        (jpeg(&picture, None, true), 90_000),
        (png(&DynamicImage::ImageRgb8(picture.clone())), 30_000),
        (png(&rgba16), 120_000),
        (webp.into_inner(), 70_000),
    ] {
        let facts = sniff(&file, &LIMITS).expect("a picture");
        let at_a_loss = renditions(&file, &facts, wanted_bytes - 1, &[]);
        let Err(ImagingError::TooHeavy { decode_bytes, .. }) = at_a_loss else {
            panic!("{at_a_loss:?}");
        };
        assert_eq!(decode_bytes, wanted_bytes);
        renditions(&file, &facts, wanted_bytes, &[]).expect("renditions");
    }
}

#[test]
fn a_file_that_does_not_bear_out_its_facts_is_not_decoded() {
    let files = [
        jpeg(&quarters(64, 48), None, false),
        png(&DynamicImage::ImageRgb8(quarters(64, 48))),
    ];
    for file in files {
        let facts = sniff(&file, &LIMITS).expect("a picture");
        for other in [
            PhotoFacts {
                width_px: 63,
                ..facts
            },
            PhotoFacts {
                height_px: 49,
                ..facts
            },
        ] {
            let error = renditions(&file, &other, DECODE_BYTES_MAX, &[]).expect_err("other facts");
            assert!(matches!(error, ImagingError::Undecodable(_)), "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever becomes of a file on its way, it gives renditions or an error, and never a panic.
    #[test]
    fn no_damage_makes_it_panic(
        which in 0..5usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        end in any::<proptest::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let picture = quarters(90, 70);
        let mut file = match which {
            0 => jpeg(&picture, Some(&turned(6)), false),
            1 => jpeg(&picture, None, true),
            2 => png(&DynamicImage::ImageRgb8(picture)),
            3 => png(&DynamicImage::ImageRgba16(image::ImageBuffer::new(30, 30))),
            _ => {
                let mut file = Cursor::new(Vec::new());
                picture.write_to(&mut file, ImageFormat::WebP).expect("the fixture is drawn");
                file.into_inner()
            }
        };
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        if is_cut {
            file.truncate(end.index(file.len()) + 1);
        }
        if let Ok(facts) = sniff(&file, &LIMITS) {
            let _ = renditions(&file, &facts, 20_000_000, &[]);
        }
    }
}
