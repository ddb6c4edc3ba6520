//! Boxes made by hand, whole, cut and lying.

use crate::domain::photo::{PhotoFacts, PhotoFormat, PhotoLimits, PhotoRefusal, sniff};
use proptest::prelude::*;

const LIMITS: PhotoLimits = PhotoLimits {
    photo_bytes_max: 15 << 20,
    photo_pixels_max: 50_000_000,
};

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = (content.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(content);
    bytes
}

fn full(kind: &[u8; 4], version: u8, flags: u8, content: &[u8]) -> Vec<u8> {
    let mut inside = vec![version, 0, 0, flags];
    inside.extend(content);
    boxed(kind, &inside)
}

fn ispe(width_px: u32, height_px: u32) -> Vec<u8> {
    full(
        b"ispe",
        0,
        0,
        &[width_px.to_be_bytes(), height_px.to_be_bytes()].concat(),
    )
}

fn ftyp(brands: &[&[u8; 4]]) -> Vec<u8> {
    let mut content = brands[0].to_vec();
    content.extend([0; 4]);
    content.extend(brands.iter().flat_map(|brand| **brand));
    boxed(b"ftyp", &content)
}

/// As iPhones write them: tiles of 512 pixels (item 1) and the grid of them (item 49), which is the primary item.
fn photo(brands: &[&[u8; 4]], width_px: u32, height_px: u32) -> Vec<u8> {
    let colour = boxed(b"colr", b"nclx\0\x01\0\x0d\0\x06\x80");
    let ipco = boxed(
        b"ipco",
        &[colour, ispe(512, 512), ispe(width_px, height_px)].concat(),
    );
    let ipma = full(
        b"ipma",
        0,
        0,
        &[0, 0, 0, 2, 0, 1, 2, 0x81, 2, 0, 49, 2, 1, 3],
    );
    let meta = [
        full(b"hdlr", 0, 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        full(b"pitm", 0, 0, &49u16.to_be_bytes()),
        boxed(b"iprp", &[ipco, ipma].concat()),
    ]
    .concat();
    [
        ftyp(brands),
        full(b"meta", 0, 0, &meta),
        boxed(b"mdat", &[7; 400]),
    ]
    .concat()
}

#[test]
fn the_size_is_the_primary_items_and_not_a_tiles() {
    for (brands, format) in [
        (&[b"heic", b"mif1"], PhotoFormat::Heic),
        (&[b"mif1", b"heix"], PhotoFormat::Heic),
        (&[b"avif", b"mif1"], PhotoFormat::Avif),
    ] {
        let facts = PhotoFacts {
            format,
            width_px: 4032,
            height_px: 3024,
        };
        assert_eq!(sniff(&photo(brands, 4032, 3024), &LIMITS), Ok(facts));
    }
}

#[test]
fn wide_items_and_long_boxes_are_read() {
    let ipco = boxed(b"ipco", &ispe(64, 48));
    let ipma = full(b"ipma", 1, 1, &[0, 0, 0, 1, 0, 1, 0, 0, 1, 0x80, 1]);
    let iprp = boxed(b"iprp", &[ipco, ipma].concat());
    let pitm = full(b"pitm", 1, 0, &0x1_0000u32.to_be_bytes());
    let mut meta = 1u32.to_be_bytes().to_vec();
    meta.extend(b"meta");
    meta.extend((16 + 4 + pitm.len() as u64 + iprp.len() as u64).to_be_bytes());
    meta.extend([0; 4]);
    meta.extend([pitm, iprp].concat());
    let file = [ftyp(&[b"heic"]), meta].concat();
    let facts = sniff(&file, &LIMITS).expect("a photo");
    assert_eq!((facts.width_px, facts.height_px), (64, 48));
}

#[test]
fn other_media_files_are_no_photos() {
    let refused = |brands: &[&[u8; 4]]| sniff(&photo(brands, 8, 8), &LIMITS);
    assert_eq!(refused(&[b"isom", b"mp42"]), Err(PhotoRefusal::NotAPicture));
    assert_eq!(refused(&[b"mif1"]), Err(PhotoRefusal::NotAPicture));
    assert_eq!(refused(&[b"hevc", b"heic"]), Err(PhotoRefusal::Unsupported));
    assert_eq!(refused(&[b"avis", b"avif"]), Err(PhotoRefusal::Unsupported));
    let film = [ftyp(&[b"heic"]), boxed(b"moov", &[])].concat();
    assert_eq!(sniff(&film, &LIMITS), Err(PhotoRefusal::Unsupported));
}

#[test]
fn limits_hold_as_for_every_format() {
    let heic: &[&[u8; 4]] = &[b"heic"];
    assert!(matches!(
        sniff(&photo(heic, u32::MAX, u32::MAX), &LIMITS),
        Err(PhotoRefusal::TooManyPixels { .. })
    ));
    assert_eq!(
        sniff(&photo(heic, 0, 100), &LIMITS),
        Err(PhotoRefusal::Damaged)
    );
}

#[test]
fn what_lies_or_ends_early_is_refused() {
    let whole = photo(&[b"heic"], 640, 480);
    let head = whole.len() - 408;
    for end in 8..head {
        assert!(sniff(&whole[..end], &LIMITS).is_err(), "cut at {end}");
    }
    // boxes that are smaller than their own head, or larger than anything
    for length in [[0, 0, 0, 2], [0, 0, 0, 7], [0xff; 4]] {
        let mut bytes = ftyp(&[b"heic"]);
        bytes.extend(length);
        bytes.extend(b"meta\0\0\0\0\0\0\0\0");
        assert!(sniff(&bytes, &LIMITS).is_err(), "{length:?}");
    }
    let mut endless = ftyp(&[b"heic"]);
    endless.extend([0, 0, 0, 1]);
    endless.extend(b"meta");
    endless.extend([0xff; 8]);
    assert!(sniff(&endless, &LIMITS).is_err());
    // a primary item that has no properties
    let missing = [
        ftyp(&[b"heic"]),
        full(
            b"meta",
            0,
            0,
            &[
                full(b"pitm", 0, 0, &[0, 9]),
                boxed(
                    b"iprp",
                    &[
                        boxed(b"ipco", &ispe(9, 9)),
                        full(b"ipma", 0, 0, &[0xff, 0xff, 0xff, 0xff, 0, 1, 1, 1]),
                    ]
                    .concat(),
                ),
            ]
            .concat(),
        ),
    ]
    .concat();
    assert!(sniff(&missing, &LIMITS).is_err());
}

proptest! {
    /// Whatever becomes of the boxes, they are read or refused.
    #[test]
    fn no_damage_makes_it_panic(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..16),
        end in any::<proptest::sample::Index>(),
    ) {
        let mut file = photo(&[b"heic", b"mif1"], 4032, 3024);
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        file.truncate(end.index(file.len()) + 1);
        let _ = sniff(&file, &LIMITS);
    }
}
