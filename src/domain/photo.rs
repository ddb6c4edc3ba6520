//! What a photo is, told from its header alone: format and size in pixels, or why it is refused.
//!
//! Not here: decoding. A picture is decoded (`photos/imaging.rs`) only after these facts are known, because a few bytes
//! can claim billions of pixels. Nothing here trusts a file name or a claimed media type.

pub mod camera;
mod heif;
pub mod likeness;
pub mod redaction;

/// The formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFormat {
    Jpeg,
    Png,
    WebP,
    /// HEVC in HEIF, as iPhones write it. Kept as evidence; cannot be shown here.
    Heic,
    /// AV1 in HEIF. Kept as evidence; cannot be shown here.
    Avif,
}

impl PhotoFormat {
    /// The media type to keep and serve such bytes with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
        }
    }
}

/// What a photo's header says. Width and height are those of the stored pixels, before any EXIF turn; neither is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoFacts {
    pub format: PhotoFormat,
    pub width_px: u32,
    pub height_px: u32,
}

/// How large a photo may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoLimits {
    pub photo_bytes_max: u64,
    pub photo_pixels_max: u64,
}

/// The published copies that are made of each photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenditionSize {
    Large,
    Small,
}

impl RenditionSize {
    /// The longest side that such a copy has; a smaller photo is not enlarged.
    pub fn longest_side_px(self) -> u32 {
        match self {
            Self::Large => 1280,
            Self::Small => 320,
        }
    }
}

/// Why bytes are not taken as a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRefusal {
    #[error("this is not a JPEG, PNG, WebP, HEIC or AVIF picture")]
    NotAPicture,
    #[error("the photo has {photo_bytes} bytes; at most {photo_bytes_max} are taken")]
    TooLarge {
        photo_bytes: u64,
        photo_bytes_max: u64,
    },
    #[error(
        "the photo claims {width_px} × {height_px} pixels; at most {photo_pixels_max} are taken"
    )]
    TooManyPixels {
        width_px: u32,
        height_px: u32,
        photo_pixels_max: u64,
    },
    #[error("the picture ends before it says how large it is")]
    Truncated,
    #[error("the picture's header is damaged")]
    Damaged,
    #[error(
        "animated pictures, films and rare kinds of JPEG (lossless, hierarchical, arithmetic) are not taken"
    )]
    Unsupported,
}

/// Reads format and size from the header of `bytes`, which are the whole file; takes at most one pass over them and never panics.
///
/// The rest of the picture may still be damaged: only decoding can tell.
pub fn sniff(bytes: &[u8], limits: &PhotoLimits) -> Result<PhotoFacts, PhotoRefusal> {
    let photo_bytes = bytes.len() as u64;
    if photo_bytes > limits.photo_bytes_max {
        return Err(PhotoRefusal::TooLarge {
            photo_bytes,
            photo_bytes_max: limits.photo_bytes_max,
        });
    }
    let (format, (width_px, height_px)) = if bytes.starts_with(b"\xff\xd8\xff") {
        (PhotoFormat::Jpeg, jpeg_size_px(bytes)?)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (PhotoFormat::Png, png_size_px(bytes)?)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        (PhotoFormat::WebP, webp_size_px(bytes)?)
    } else if heif::is_media_file(bytes) {
        heif::read(bytes)?
    } else {
        return Err(PhotoRefusal::NotAPicture);
    };
    if width_px == 0 || height_px == 0 {
        return Err(PhotoRefusal::Damaged);
    }
    if u64::from(width_px) * u64::from(height_px) > limits.photo_pixels_max {
        return Err(PhotoRefusal::TooManyPixels {
            width_px,
            height_px,
            photo_pixels_max: limits.photo_pixels_max,
        });
    }
    Ok(PhotoFacts {
        format,
        width_px,
        height_px,
    })
}

type SizePx = (u32, u32);

/// The `N` bytes at `at`, or the news that the file ends before them.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], PhotoRefusal> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<N>())
        .copied()
        .ok_or(PhotoRefusal::Truncated)
}

/// Walks the segments to the frame header (ITU-T T.81, B.1 and B.2.2).
///
/// Bytes that stand between segments and belong to none are skipped, as every common decoder does: some cameras write them.
fn jpeg_size_px(bytes: &[u8]) -> Result<SizePx, PhotoRefusal> {
    let mut at = 2;
    loop {
        while array::<1>(bytes, at)? != [0xff] {
            at += 1;
        }
        while array::<1>(bytes, at)? == [0xff] {
            at += 1;
        }
        let [marker] = array(bytes, at)?;
        at += 1;
        match marker {
            // stuffing, TEM, restarts and a second start stand alone: no length follows
            0x00 | 0x01 | 0xd0..=0xd8 => continue,
            0xc0..=0xc2 => {
                // length (2), precision (1), height (2), width (2)
                let [_, _, _, h1, h0, w1, w0] = array(bytes, at)?;
                return Ok((
                    u16::from_be_bytes([w1, w0]).into(),
                    u16::from_be_bytes([h1, h0]).into(),
                ));
            }
            // DHT, JPG and DAC sit among the frame markers without being any
            0xc4 | 0xc8 | 0xcc => {}
            0xc3..=0xcf => return Err(PhotoRefusal::Unsupported),
            // picture data, or the end, before any frame header
            0xd9 | 0xda => return Err(PhotoRefusal::Damaged),
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(array(bytes, at)?));
        if length < 2 {
            return Err(PhotoRefusal::Damaged);
        }
        at += length;
    }
}

/// IHDR is the first chunk (PNG, third edition, 11.2.1): length 13, name, width, height.
fn png_size_px(bytes: &[u8]) -> Result<SizePx, PhotoRefusal> {
    if &array::<8>(bytes, 8)? != b"\0\0\0\x0dIHDR" {
        return Err(PhotoRefusal::Damaged);
    }
    Ok((
        u32::from_be_bytes(array(bytes, 16)?),
        u32::from_be_bytes(array(bytes, 20)?),
    ))
}

/// The first chunk of a WebP file says the size (RFC 9649, 2.5 to 2.7; RFC 6386, 9.1).
fn webp_size_px(bytes: &[u8]) -> Result<SizePx, PhotoRefusal> {
    match &array::<4>(bytes, 12)? {
        b"VP8X" => webp_extended_size_px(bytes),
        name => webp_frame_size_px(name, bytes, 20)?.ok_or(PhotoRefusal::Damaged),
    }
}

/// The size of a `VP8 ` or `VP8L` frame whose payload starts at `at`; nothing for any other chunk.
fn webp_frame_size_px(
    name: &[u8; 4],
    bytes: &[u8],
    at: usize,
) -> Result<Option<SizePx>, PhotoRefusal> {
    match name {
        b"VP8 " => {
            let [tag, _, _, s0, s1, s2, w0, w1, h0, h1] = array(bytes, at)?;
            let is_key_frame = tag & 1 == 0;
            if !is_key_frame || [s0, s1, s2] != [0x9d, 0x01, 0x2a] {
                return Err(PhotoRefusal::Damaged);
            }
            // the two bits above each size ask for upscaling, which nobody does
            let side_px = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Ok(Some((side_px(w0, w1), side_px(h0, h1))))
        }
        b"VP8L" => {
            let [signature, packed @ ..] = array::<5>(bytes, at)?;
            if signature != 0x2f {
                return Err(PhotoRefusal::Damaged);
            }
            let packed = u32::from_le_bytes(packed);
            Ok(Some(((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1)))
        }
        _ => Ok(None),
    }
}

/// An extended file claims a canvas and then holds a frame with a size of its own. Decoders believe the frame, so a small
/// canvas around a huge frame would pass the limits: both must agree. Animations are no photos.
fn webp_extended_size_px(bytes: &[u8]) -> Result<SizePx, PhotoRefusal> {
    let [w0, w1, w2, h0, h1, h2] = array(bytes, 24)?;
    let canvas = (
        u32::from_le_bytes([w0, w1, w2, 0]) + 1,
        u32::from_le_bytes([h0, h1, h2, 0]) + 1,
    );
    let mut at = 12;
    let mut has_frame = false;
    while let Ok(name) = array::<4>(bytes, at) {
        let Ok(length) = array(bytes, at + 4).map(u32::from_le_bytes) else {
            break;
        };
        if &name == b"ANIM" || &name == b"ANMF" {
            return Err(PhotoRefusal::Unsupported);
        }
        if let Some(frame) = webp_frame_size_px(&name, bytes, at + 8)? {
            if frame != canvas {
                return Err(PhotoRefusal::Damaged);
            }
            has_frame = true;
        }
        // chunks are padded to an even length
        at = at
            .saturating_add(8)
            .saturating_add(length as usize)
            .saturating_add((length % 2) as usize);
    }
    if !has_frame {
        return Err(PhotoRefusal::Truncated);
    }
    Ok(canvas)
}

#[cfg(test)]
mod tests;
