//! Makes the two renditions of a photo: decoded within bounds, turned upright, shrunk, and written as JPEG without metadata.
//!
//! Not here: deciding whether bytes are a photo at all (`domain/photo.rs` did, before this is called), and keeping anything.
//! Everything is synchronous and busy on the processor: call it where blocking is allowed.

use std::borrow::Cow;
use std::io::Cursor;

use fast_image_resize as fir;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, GenericImage as _, GrayImage, ImageDecoder as _, ImageFormat,
    ImageReader, RgbImage, RgbaImage,
};
use plainclothes_likeness::{Feature, Framing, Grey, LONGER_PX};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::domain::photo::camera::CameraFacts;
use crate::domain::photo::likeness::{FinePrint, Fingerprint};
use crate::domain::photo::redaction::Redaction;
use crate::domain::photo::{PhotoFacts, PhotoFormat, RenditionSize};

mod exif;
mod fingerprint;
#[cfg(test)]
mod tests;

pub use exif::read as camera_facts;

/// What decoding one photo may take, unless configured otherwise: a 50-megapixel camera JPEG fits (150 MB).
pub const DECODE_BYTES_MAX: u64 = 152_000_000;

const JPEG_QUALITY: u8 = 82;

/// Encoders write ten or so scans; a thousand of them are an attack on the processor's time.
const PROGRESSIVE_SCANS_MAX: usize = 40;

/// Both published copies, as JPEG files, and what the original said of itself.
#[derive(Debug)]
pub struct Renditions {
    /// Longest side [`RenditionSize::Large`], or the original's own size if that is smaller.
    pub large: Vec<u8>,
    /// Longest side [`RenditionSize::Small`], or the original's own size if that is smaller.
    pub small: Vec<u8>,
    /// Size of the original as it is looked at, after the EXIF turn.
    pub width_px: u32,
    pub height_px: u32,
    pub exif: CameraFacts,
    /// By which photos much like it are found; none of one so flat that it would be like every other flat one.
    pub fingerprint: Option<(Fingerprint, FinePrint)>,
    /// By which copies are found that were turned, mirrored or cropped.
    pub features: Vec<Feature>,
}

/// Why there are no renditions. None of these passes by itself: trying the same photo again is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ImagingError {
    #[error("{0} pictures are kept as evidence, and cannot be shown here")]
    Undecoded(&'static str),
    #[error("the picture cannot be decoded: {0}")]
    Undecodable(String),
    #[error(
        "decoding the picture takes {decode_bytes} bytes of memory; at most {decode_bytes_max} are given"
    )]
    TooHeavy {
        decode_bytes: u64,
        decode_bytes_max: u64,
    },
    #[error("the rendition cannot be made: {0}")]
    NotMade(String),
}

/// Decodes the photo `bytes`, of which `facts` were read, with at most about `decode_bytes_max` bytes of memory, and covers
/// `redactions`, of which nothing is left in either copy.
///
/// A photo that is cut off or damaged in the middle gives a rendition of what can be decoded; the rest is flat.
/// A PNG or WebP whose data end early gives [`ImagingError::Undecodable`].
pub fn renditions(
    bytes: &[u8],
    facts: &PhotoFacts,
    decode_bytes_max: u64,
    redactions: &[Redaction],
) -> Result<Renditions, ImagingError> {
    let exif = exif::read(bytes);
    let picture = match facts.format {
        PhotoFormat::Jpeg => decode_jpeg(bytes, facts, decode_bytes_max)?,
        PhotoFormat::Png => decode_other(bytes, facts, ImageFormat::Png, decode_bytes_max)?,
        PhotoFormat::WebP => decode_other(bytes, facts, ImageFormat::WebP, decode_bytes_max)?,
        PhotoFormat::Heic => return Err(ImagingError::Undecoded("HEIC")),
        PhotoFormat::Avif => return Err(ImagingError::Undecoded("AVIF")),
    };
    // shrinking first makes the turn cheap
    let mut large = shrink(&picture, RenditionSize::Large)?.into_owned();
    drop(picture);
    let orientation = exif::turn(&exif);
    large.apply_orientation(orientation);
    // before the small one is made of it
    cover(&mut large, redactions);
    let small = shrink(&large, RenditionSize::Small)?;
    let (width_px, height_px) = if is_on_its_side(orientation) {
        (facts.height_px, facts.width_px)
    } else {
        (facts.width_px, facts.height_px)
    };
    Ok(Renditions {
        small: encode(&small)?,
        large: encode(&large)?,
        fingerprint: fingerprint::of(&small)?,
        features: features(&small)?,
        width_px,
        height_px,
        exif,
    })
}

fn features(small: &DynamicImage) -> Result<Vec<Feature>, ImagingError> {
    let picture = DynamicImage::ImageLuma8(small.to_luma8());
    Ok(plainclothes_likeness::features(&grey(&*within(
        &picture, LONGER_PX,
    )?)))
}

fn grey(picture: &DynamicImage) -> Grey {
    let picture = picture.to_luma8();
    Grey {
        width_px: picture.width() as usize,
        height_px: picture.height() as usize,
        levels: picture.iter().map(|level| f32::from(*level)).collect(),
    }
}

/// How much of the larger picture the smaller one shows, from 0 to 1, if one is a copy of the other or of part of it, laid on
/// it as `framing` has it. Both are small renditions, as JPEG.
pub fn copied(one: &[u8], other: &[u8], framing: &Framing) -> Result<Option<f32>, ImagingError> {
    let decoded = |jpeg| {
        image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg)
            .map_err(undecodable)
            .map(|picture| grey(&picture))
    };
    Ok(plainclothes_likeness::copied(
        &decoded(one)?,
        &decoded(other)?,
        framing,
    ))
}

fn is_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(
        orientation,
        Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH
    )
}

fn undecodable(error: impl std::fmt::Display) -> ImagingError {
    ImagingError::Undecodable(error.to_string())
}

fn not_made(error: impl std::fmt::Display) -> ImagingError {
    ImagingError::NotMade(error.to_string())
}

/// Refuses before anything is allocated.
fn afford(decode_bytes: u64, decode_bytes_max: u64) -> Result<(), ImagingError> {
    if decode_bytes > decode_bytes_max {
        return Err(ImagingError::TooHeavy {
            decode_bytes,
            decode_bytes_max,
        });
    }
    Ok(())
}

fn decode_jpeg(
    bytes: &[u8],
    facts: &PhotoFacts,
    decode_bytes_max: u64,
) -> Result<DynamicImage, ImagingError> {
    let options = DecoderOptions::default()
        .set_max_width(facts.width_px as usize)
        .set_max_height(facts.height_px as usize)
        .jpeg_set_max_scans(PROGRESSIVE_SCANS_MAX)
        // a photo cut short by a full card still shows something
        .set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(undecodable)?;
    let info = decoder
        .info()
        .ok_or_else(|| undecodable("it has no header"))?;
    let size_px = (u32::from(info.width), u32::from(info.height));
    if size_px != (facts.width_px, facts.height_px) {
        return Err(undecodable("it claims two sizes"));
    }

    let is_grey = info.components == 1;
    let channels: u64 = if is_grey { 1 } else { 3 };
    // a progressive picture is kept whole as 16-bit coefficients before any of it becomes pixels
    let coefficient_bytes = match info.sof.is_sequential_dct() {
        true => 0,
        false => 2 * u64::from(info.components),
    };
    let pixels = u64::from(size_px.0) * u64::from(size_px.1);
    afford(pixels * (channels + coefficient_bytes), decode_bytes_max)?;

    let colours = if is_grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    };
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(colours));
    let samples = decoder.decode().map_err(undecodable)?;
    from_samples(size_px, channels as usize, samples)
}

/// PNG and WebP. What is transparent is laid on white.
fn decode_other(
    bytes: &[u8],
    facts: &PhotoFacts,
    format: ImageFormat,
    decode_bytes_max: u64,
) -> Result<DynamicImage, ImagingError> {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(facts.width_px);
    limits.max_image_height = Some(facts.height_px);
    limits.max_alloc = Some(decode_bytes_max);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(undecodable)?;
    if decoder.dimensions() != (facts.width_px, facts.height_px) {
        return Err(undecodable("it claims two sizes"));
    }

    // the decoders keep to their limits only in part, so what they take is reckoned here
    let pixels = u64::from(facts.width_px) * u64::from(facts.height_px);
    let keeps_its_pixels = matches!(
        decoder.color_type(),
        ColorType::L8 | ColorType::Rgb8 | ColorType::Rgba8
    );
    let beside_the_result = match (format, keeps_its_pixels) {
        // a second copy inside the decoder
        (ImageFormat::WebP, _) => 4 * pixels,
        (_, true) => 0,
        // 16 bits a channel, or grey with alpha: a second copy for the conversion
        (_, false) => 4 * pixels,
    };
    afford(decoder.total_bytes() + beside_the_result, decode_bytes_max)?;

    let picture = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    Ok(match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => picture,
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(picture.into_luma8()),
        other if !other.color().has_alpha() => DynamicImage::ImageRgb8(other.into_rgb8()),
        other => {
            let mut pixels = other.into_rgba8();
            for pixel in pixels.pixels_mut() {
                let [red, green, blue, alpha] = pixel.0;
                let on_white = |colour: u8| {
                    let mixed =
                        u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
                    ((mixed + 127) / 255) as u8
                };
                pixel.0 = [on_white(red), on_white(green), on_white(blue), 255];
            }
            DynamicImage::ImageRgba8(pixels)
        }
    })
}

fn from_samples(
    (width_px, height_px): (u32, u32),
    channels: usize,
    samples: Vec<u8>,
) -> Result<DynamicImage, ImagingError> {
    match channels {
        1 => GrayImage::from_raw(width_px, height_px, samples).map(DynamicImage::ImageLuma8),
        3 => RgbImage::from_raw(width_px, height_px, samples).map(DynamicImage::ImageRgb8),
        _ => RgbaImage::from_raw(width_px, height_px, samples).map(DynamicImage::ImageRgba8),
    }
    .ok_or_else(|| not_made("samples and size do not agree"))
}

/// The picture within the size's longest side; itself if it is no larger.
fn shrink(
    picture: &DynamicImage,
    size: RenditionSize,
) -> Result<Cow<'_, DynamicImage>, ImagingError> {
    within(picture, size.longest_side_px())
}

/// The picture with its longer side of at most this.
fn within(picture: &DynamicImage, wanted_px: u32) -> Result<Cow<'_, DynamicImage>, ImagingError> {
    let (width_px, height_px) = (picture.width(), picture.height());
    let longest_px = width_px.max(height_px);
    if longest_px <= wanted_px {
        return Ok(Cow::Borrowed(picture));
    }
    let scaled = |side_px: u32| {
        let side_px = u64::from(side_px) * u64::from(wanted_px) + u64::from(longest_px) / 2;
        ((side_px / u64::from(longest_px)) as u32).max(1)
    };
    let shrunk_px = (scaled(width_px), scaled(height_px));
    resized(picture, shrunk_px).map(Cow::Owned)
}

/// The picture at exactly this size.
fn resized(picture: &DynamicImage, wanted_px: (u32, u32)) -> Result<DynamicImage, ImagingError> {
    let channels = usize::from(picture.color().channel_count());
    let pixel_type = match channels {
        1 => fir::PixelType::U8,
        3 => fir::PixelType::U8x3,
        _ => fir::PixelType::U8x4,
    };
    let (width_px, height_px) = (picture.width(), picture.height());
    let source = fir::images::ImageRef::new(width_px, height_px, picture.as_bytes(), pixel_type)
        .map_err(not_made)?;
    let mut shrunk = fir::images::Image::new(wanted_px.0, wanted_px.1, pixel_type);
    let options = fir::ResizeOptions::new()
        .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::CatmullRom))
        // nothing is transparent any more, and weighing alpha would copy the whole picture
        .use_alpha(false);
    fir::Resizer::new()
        .resize(&source, &mut shrunk, &options)
        .map_err(not_made)?;
    from_samples(wanted_px, channels, shrunk.into_vec())
}

/// What a covered part looks like: flat, and unlike anything that a camera takes.
const COVER: [u8; 4] = [32, 32, 32, 255];

fn cover(picture: &mut DynamicImage, redactions: &[Redaction]) {
    let (width_px, height_px) = (picture.width(), picture.height());
    for redaction in redactions {
        let covered = redaction.covered(width_px, height_px);
        for y in covered.top_px..covered.bottom_px {
            for x in covered.left_px..covered.right_px {
                picture.put_pixel(x, y, image::Rgba(COVER));
            }
        }
    }
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>, ImagingError> {
    let colours = match picture.color().channel_count() {
        1 => jpeg_encoder::ColorType::Luma,
        3 => jpeg_encoder::ColorType::Rgb,
        _ => jpeg_encoder::ColorType::Rgba,
    };
    // an original of at most 1280 pixels a side, or a shrunk one
    let side = |side_px: u32| u16::try_from(side_px).map_err(not_made);
    let (width_px, height_px) = (side(picture.width())?, side(picture.height())?);
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, JPEG_QUALITY);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder
        .encode(picture.as_bytes(), width_px, height_px, colours)
        .map_err(not_made)?;
    Ok(file)
}
