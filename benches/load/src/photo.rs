//! Photos by the thousand: one real picture, made larger and unlike every other by comment segments that no decoder shows.
//!
//! What this cannot stand for is the work on the pixels: it is that of the small picture, whatever the size in bytes.

use plainclothes_phone::sha256;
use plainclothes_phone::wire::photos::Photo;
use uuid::Uuid;

/// A comment segment holds so much besides its marker (2) and its length (2): ITU-T T.81, B.2.4.5.
const COMMENT_BYTES_MAX: usize = 65_533;
const SEGMENT_BYTES: usize = 4;
const START_OF_IMAGE: &[u8] = &[0xff, 0xd8];
const COMMENT: [u8; 2] = [0xff, 0xfe];
/// Where the first comment's text begins.
const TEXT_AT: usize = START_OF_IMAGE.len() + SEGMENT_BYTES;

/// Pads `picture`, a JPEG, with noise to exactly `photo_bytes`. The noise does not repeat, so that no database makes it
/// smaller.
///
/// # Errors
/// That the picture is no JPEG, or too large to be padded.
pub fn padded(picture: &[u8], photo_bytes: usize) -> anyhow::Result<Vec<u8>> {
    let rest = picture
        .strip_prefix(START_OF_IMAGE)
        .ok_or_else(|| anyhow::anyhow!("the demo's photo is no JPEG"))?;
    let least = picture.len() + SEGMENT_BYTES + size_of::<Uuid>();
    anyhow::ensure!(
        photo_bytes >= least,
        "--photo-bytes has to be at least {least}"
    );
    let mut noise = Noise(u64::from_le_bytes(*b"noisenoi"));
    let mut bytes = START_OF_IMAGE.to_vec();
    let mut left = photo_bytes - picture.len();
    while left > 0 {
        let mut text = (left - SEGMENT_BYTES).min(COMMENT_BYTES_MAX);
        // What remains has to be enough for another segment.
        let after = left - SEGMENT_BYTES - text;
        if (1..SEGMENT_BYTES).contains(&after) {
            text -= SEGMENT_BYTES;
        }
        bytes.extend(COMMENT);
        // Cannot be cut: at most 65 535.
        bytes.extend(((text + 2) as u16).to_be_bytes());
        bytes.extend((0..text).map(|_| noise.byte()));
        left -= SEGMENT_BYTES + text;
    }
    bytes.extend(rest);
    Ok(bytes)
}

/// A photo like no other: `padded` with a fresh id in its first comment.
pub fn unique(padded: &[u8]) -> Photo {
    let mut bytes = padded.to_vec();
    let id = Uuid::new_v4();
    bytes[TEXT_AT..TEXT_AT + size_of::<Uuid>()].copy_from_slice(id.as_bytes());
    jpeg(bytes)
}

/// A JPEG, ready to be sent.
pub fn jpeg(bytes: Vec<u8>) -> Photo {
    Photo {
        sha256: sha256(&bytes),
        bytes: bytes.into(),
        media_type: "image/jpeg".to_owned(),
    }
}

/// Marsaglia's xorshift64 ("Xorshift RNGs", Journal of Statistical Software 8, 2003).
struct Noise(u64);

impl Noise {
    fn byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] = b"\xff\xd8\xff\xd9";

    /// Walks the segments and returns what comes after the comments.
    fn after_comments(bytes: &[u8]) -> &[u8] {
        let mut at = START_OF_IMAGE.len();
        while bytes[at..].starts_with(&COMMENT) {
            let length = u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]);
            at += 2 + usize::from(length);
        }
        &bytes[at..]
    }

    #[test]
    fn has_the_size_that_was_asked_for_and_stays_a_jpeg() {
        let one = SEGMENT_BYTES + COMMENT_BYTES_MAX;
        for padding in [
            20,
            21,
            one - 1,
            one,
            one + 1,
            one + 3,
            one + 4,
            2 * one + 2,
            300_000,
        ] {
            let bytes = padded(PICTURE, PICTURE.len() + padding).unwrap();
            assert_eq!(bytes.len(), PICTURE.len() + padding);
            assert_eq!(after_comments(&bytes), b"\xff\xd9", "padding {padding}");
        }
        assert!(padded(PICTURE, PICTURE.len() + 19).is_err());
    }

    #[test]
    fn no_two_are_alike() {
        let padded = padded(PICTURE, 1000).unwrap();
        let (one, other) = (unique(&padded), unique(&padded));
        assert_ne!(one.sha256, other.sha256);
        assert_eq!(after_comments(&one.bytes), b"\xff\xd9");
    }
}
