//! A photo of a kind that is not decoded here: its metadata are read all the same.

use ::exif::Tag;

use super::super::{ImagingError, camera_facts};
use super::drawing::*;

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = (content.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(content);
    bytes
}

/// The boxes of an iPhone's photo, with `tiff` as its metadata and no picture.
fn heic(tiff: &[u8]) -> Vec<u8> {
    let ispe = [[0; 4], 4032u32.to_be_bytes(), 3024u32.to_be_bytes()].concat();
    let ipco = boxed(b"ipco", &boxed(b"ispe", &ispe));
    let ipma = boxed(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0x81]);
    let infe = boxed(b"infe", b"\x02\0\0\0\0\x02\0\0Exif\0");
    let iinf = boxed(b"iinf", &[b"\0\0\0\0\0\x01", infe.as_slice()].concat());
    let head = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    let with_metadata_at = |at: usize| {
        // offsets and lengths of four bytes; one item, in one piece
        let mut iloc = b"\0\0\0\0\x44\0\0\x01\0\x02\0\0\0\x01".to_vec();
        iloc.extend((at as u32).to_be_bytes());
        iloc.extend((tiff.len() as u32 + 4).to_be_bytes());
        let meta = [
            vec![0; 4],
            boxed(b"pitm", &[0, 0, 0, 0, 0, 1]),
            iinf.clone(),
            boxed(b"iloc", &iloc),
            boxed(b"iprp", &[ipco.clone(), ipma.clone()].concat()),
        ]
        .concat();
        let mdat = boxed(b"mdat", &[&[0; 4], tiff].concat());
        [head.clone(), boxed(b"meta", &meta), mdat].concat()
    };
    let length = with_metadata_at(0).len();
    with_metadata_at(length - tiff.len() - 4)
}

#[test]
fn what_the_camera_wrote_is_read_and_no_copy_is_made() {
    let file = heic(&metadata(&[
        text(Tag::Model, "Phone 12"),
        text(Tag::DateTimeOriginal, "2026:09:19 10:02:11"),
    ]));
    let facts = camera_facts(&file);
    assert_eq!(facts.device.as_deref(), Some("Phone 12"));
    assert_eq!(facts.taken_at.as_deref(), Some("2026-09-19T10:02:11"));
    let error = make(&file).expect_err("nothing here decodes it");
    assert!(matches!(error, ImagingError::Undecoded("HEIC")), "{error}");
}
