//! Headers made by hand, whole, damaged and lying.

use super::*;
use proptest::prelude::*;

const LIMITS: PhotoLimits = PhotoLimits {
    photo_bytes_max: 15 << 20,
    photo_pixels_max: 50_000_000,
};

fn png(width_px: u32, height_px: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width_px.to_be_bytes());
    bytes.extend(height_px.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0");
    bytes
}

/// A start, an application segment with `note` in it, and a frame header.
fn jpeg(frame_marker: u8, note: &[u8], width_px: u16, height_px: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe1".to_vec();
    bytes.extend((note.len() as u16 + 2).to_be_bytes());
    bytes.extend(note);
    bytes.extend([0xff, frame_marker, 0, 17, 8]);
    bytes.extend(height_px.to_be_bytes());
    bytes.extend(width_px.to_be_bytes());
    bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    bytes
}

const LOSSY_640_480: &[u8] = b"\x30\x01\x00\x9d\x01\x2a\x80\x02\xe0\x01";
const LOSSLESS_640_480: [u8; 5] = [0x2f, 0x7f, 0xc2, 0x77, 0x00];
const EXTENDED_640_480: [u8; 10] = [0, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0];

fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    for (name, payload) in chunks {
        bytes.extend(*name);
        bytes.extend((payload.len() as u32).to_le_bytes());
        bytes.extend(*payload);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
    }
    bytes
}

fn size_px(bytes: &[u8]) -> Result<(PhotoFormat, u32, u32), PhotoRefusal> {
    sniff(bytes, &LIMITS).map(|facts| (facts.format, facts.width_px, facts.height_px))
}

#[test]
fn each_format_says_its_size() {
    use PhotoFormat::*;
    assert_eq!(size_px(&png(640, 480)), Ok((Png, 640, 480)));
    for frame in [0xc0, 0xc1, 0xc2] {
        assert_eq!(
            size_px(&jpeg(frame, b"", 4000, 3000)),
            Ok((Jpeg, 4000, 3000))
        );
    }
    assert_eq!(
        size_px(&webp(&[(b"VP8 ", LOSSY_640_480)])),
        Ok((WebP, 640, 480))
    );
    assert_eq!(
        size_px(&webp(&[(b"VP8L", &LOSSLESS_640_480)])),
        Ok((WebP, 640, 480))
    );
    let extended = webp(&[
        (b"VP8X", &EXTENDED_640_480),
        (b"EXIF", b"odd"),
        (b"VP8 ", LOSSY_640_480),
    ]);
    assert_eq!(size_px(&extended), Ok((WebP, 640, 480)));
}

#[test]
fn a_webp_frame_must_have_the_size_that_its_file_claims() {
    let small_canvas = [0, 0, 0, 0, 9, 0, 0, 9, 0, 0];
    let bomb = webp(&[
        (b"VP8X", &small_canvas),
        (b"EXIF", b""),
        (b"VP8 ", LOSSY_640_480),
    ]);
    assert_eq!(size_px(&bomb), Err(PhotoRefusal::Damaged));
    let second = webp(&[
        (b"VP8X", &EXTENDED_640_480),
        (b"VP8 ", LOSSY_640_480),
        (b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a\xff\x3f\xff\x3f"),
    ]);
    assert_eq!(size_px(&second), Err(PhotoRefusal::Damaged));
    let animated = webp(&[(b"VP8X", &EXTENDED_640_480), (b"ANMF", LOSSY_640_480)]);
    assert_eq!(size_px(&animated), Err(PhotoRefusal::Unsupported));
    let empty = webp(&[(b"VP8X", &EXTENDED_640_480)]);
    assert_eq!(size_px(&empty), Err(PhotoRefusal::Truncated));
}

#[test]
fn a_frame_header_inside_a_thumbnail_is_not_the_picture_s() {
    let thumbnail = jpeg(0xc0, b"", 160, 120);
    assert_eq!(
        size_px(&jpeg(0xc0, &thumbnail, 4000, 3000)),
        Ok((PhotoFormat::Jpeg, 4000, 3000))
    );
}

#[test]
fn stray_bytes_between_jpeg_segments_are_skipped() {
    let mut bytes = jpeg(0xc0, b"", 32, 16);
    bytes.splice(6..6, *b"\x00stray\xff\xff");
    assert_eq!(size_px(&bytes), Ok((PhotoFormat::Jpeg, 32, 16)));
}

#[test]
fn a_claim_of_too_many_pixels_is_refused_unread() {
    assert_eq!(
        size_px(&png(60_000, 60_000)),
        Err(PhotoRefusal::TooManyPixels {
            width_px: 60_000,
            height_px: 60_000,
            photo_pixels_max: 50_000_000
        })
    );
    assert!(matches!(
        size_px(&png(u32::MAX, u32::MAX)),
        Err(PhotoRefusal::TooManyPixels { .. })
    ));
    assert!(size_px(&png(10_000, 5_000)).is_ok());
    assert!(size_px(&png(10_000, 5_001)).is_err());
}

#[test]
fn what_is_no_picture_is_refused_whatever_its_name() {
    assert_eq!(
        size_px(b"just text, named .jpg"),
        Err(PhotoRefusal::NotAPicture)
    );
    assert_eq!(size_px(b""), Err(PhotoRefusal::NotAPicture));
    assert_eq!(
        size_px(b"GIF89a\x10\0\x10\0"),
        Err(PhotoRefusal::NotAPicture)
    );
    assert_eq!(
        size_px(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Err(PhotoRefusal::NotAPicture)
    );
    assert_eq!(
        size_px(b"RIFF\0\0\0\0WAVEfmt "),
        Err(PhotoRefusal::NotAPicture)
    );
}

#[test]
fn too_many_bytes_are_refused_before_anything_else() {
    let limits = PhotoLimits {
        photo_bytes_max: 3,
        ..LIMITS
    };
    assert_eq!(
        sniff(b"text", &limits),
        Err(PhotoRefusal::TooLarge {
            photo_bytes: 4,
            photo_bytes_max: 3
        })
    );
}

#[test]
fn damage_and_truncation_are_told_apart() {
    assert_eq!(size_px(&png(0, 10)), Err(PhotoRefusal::Damaged));
    assert_eq!(
        size_px(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\0"),
        Err(PhotoRefusal::Damaged)
    );
    assert_eq!(size_px(&jpeg(0xc0, b"", 10, 0)), Err(PhotoRefusal::Damaged));
    assert_eq!(
        size_px(b"\xff\xd8\xff\xda\0\x0c"),
        Err(PhotoRefusal::Damaged)
    );
    assert_eq!(
        size_px(b"\xff\xd8\xff\xe1\0\x01"),
        Err(PhotoRefusal::Damaged)
    );
    for marker in [0xc3, 0xc5, 0xc9, 0xcf] {
        assert_eq!(
            size_px(&jpeg(marker, b"", 10, 10)),
            Err(PhotoRefusal::Unsupported)
        );
    }
    for whole in [png(8, 8), jpeg(0xc0, b"note", 8, 8)] {
        let header_bytes = if whole[0] == 0x89 {
            24
        } else {
            whole.len() - 10
        };
        for end in 8..header_bytes {
            assert_eq!(
                size_px(&whole[..end]),
                Err(PhotoRefusal::Truncated),
                "{end}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = size_px(&bytes);
    }

    #[test]
    fn no_mutation_of_a_header_makes_it_panic_or_pass_the_limits(
        which in 0..5usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        end in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = match which {
            0 => png(640, 480),
            1 => jpeg(0xc0, b"note", 640, 480),
            2 => webp(&[(b"VP8 ", LOSSY_640_480)]),
            3 => webp(&[(b"VP8L", &LOSSLESS_640_480)]),
            _ => webp(&[(b"VP8X", &EXTENDED_640_480), (b"VP8 ", LOSSY_640_480)]),
        };
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(end.index(bytes.len() + 1));
        if let Ok(facts) = sniff(&bytes, &LIMITS) {
            prop_assert!(facts.width_px > 0 && facts.height_px > 0);
            prop_assert!(u64::from(facts.width_px) * u64::from(facts.height_px) <= LIMITS.photo_pixels_max);
        }
    }
}
