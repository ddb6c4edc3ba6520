//! What a JPEG needs before it may go into a PDF: its size is read, and every segment that could
//! say who took the picture, where and with what (EXIF, XMP, ICC, maker's notes, comments,
//! anything behind the end) is left out. Not a decoder: pixels are neither looked at nor changed.
//!
//! Renditions come without such segments; this is the last wall before paper.
//! Markers: ITU-T T.81, table B.1.

/// A picture that is only pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarePhoto {
    pub bytes: Vec<u8>,
    pub width_px: u16,
    pub height_px: u16,
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP0_JFIF: u8 = 0xe0;
/// Adobe's segment: it says how the colours are coded, and nothing else.
const APP14_ADOBE: u8 = 0xee;
const COMMENT: u8 = 0xfe;

/// Copies a JPEG without its metadata; `None` where it is no complete grey or colour JPEG.
pub fn bare(jpeg: &[u8]) -> Option<BarePhoto> {
    let mut rest = jpeg.strip_prefix(&[0xff, START])?;
    let mut bytes = Vec::with_capacity(jpeg.len());
    bytes.extend([0xff, START]);
    let mut size_px = None;
    let mut scanned = false;
    loop {
        let marker = next_marker(&mut rest)?;
        if marker == END {
            bytes.extend([0xff, END]);
            break;
        }
        let segment = take_segment(&mut rest)?;
        if is_frame(marker) {
            size_px = Some(frame_size(segment)?);
        }
        if is_kept(marker, segment) {
            bytes.extend([0xff, marker]);
            bytes.extend(segment);
        }
        if marker == SCAN {
            let length = scan_length(rest)?;
            let (scan, after) = rest.split_at_checked(length)?;
            bytes.extend(scan);
            rest = after;
            scanned = true;
        }
    }
    let (width_px, height_px) = size_px.filter(|_| scanned)?;
    Some(BarePhoto {
        bytes,
        width_px,
        height_px,
    })
}

/// Steps over the next marker and the fill bytes that may stand before it.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    let after = rest.strip_prefix(&[0xff])?;
    let fill = after.iter().take_while(|b| **b == 0xff).count();
    let (marker, after) = after.get(fill..)?.split_first()?;
    *rest = after;
    Some(*marker)
}

/// Takes a segment with the two bytes of its length.
fn take_segment<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
    let (segment, after) = rest.split_at_checked(usize::from(length))?;
    *rest = after;
    (length >= 2).then_some(segment)
}

/// Start-of-frame markers, without the four of their row that mean something else.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Width and height of a frame of one or three components (grey, colour).
fn frame_size(segment: &[u8]) -> Option<(u16, u16)> {
    let &[_, _, _, h1, h0, w1, w0, components, ..] = segment else {
        return None;
    };
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    (width > 0 && height > 0 && matches!(components, 1 | 3)).then_some((width, height))
}

fn is_kept(marker: u8, segment: &[u8]) -> bool {
    match marker {
        // a JFIF header of 16 bytes has no room for a thumbnail
        APP0_JFIF => segment.len() == 16 && segment[2..].starts_with(b"JFIF\0"),
        APP14_ADOBE => segment.len() == 14 && segment[2..].starts_with(b"Adobe"),
        0xe1..=0xef | COMMENT => false,
        _ => true,
    }
}

/// Bytes of coded picture up to the next marker that is neither stuffing nor a restart.
fn scan_length(rest: &[u8]) -> Option<usize> {
    rest.windows(2)
        .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::pdf::sample::{jpeg, jpeg_with_metadata};

    #[test]
    fn metadata_goes_and_the_picture_stays() {
        let plain = jpeg(64, 48, 7);
        let laden = jpeg_with_metadata(&plain, b"CANARY");
        assert!(laden.windows(6).any(|w| w == b"CANARY"));
        let bare = bare(&laden).expect("a JPEG");
        assert_eq!((bare.width_px, bare.height_px), (64, 48));
        assert_eq!(bare.bytes, plain);
    }

    #[test]
    fn what_is_no_whole_jpeg_is_none() {
        let whole = jpeg(64, 48, 7);
        for cut in [0, 1, 2, 3, 20, 100, whole.len() / 2, whole.len() - 1] {
            assert_eq!(bare(&whole[..cut]), None, "cut at {cut}");
        }
        assert_eq!(bare(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(bare(&[0xff, START, 0xff, END]), None);
        assert_eq!(bare(&[0xff, START, 0xff, COMMENT, 0, 0]), None);
    }
}
