//! Pictures that claim more than they hold, hold more than they claim, or are none.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageBuffer, ImageFormat, Rgb, RgbaImage};

use super::bodies::deflated;
use crate::harness::{heic, picture};

type Named = (&'static str, Vec<u8>, &'static [u16]);

const NO_PHOTO: &[u16] = &[422];
const TOO_LARGE: &[u16] = &[413];
const TAKEN: &[u16] = &[204];
/// Its head is sound; whether the rest is looked at before it is acknowledged is the server's affair.
const EITHER: &[u16] = &[204, 422];

pub fn all() -> Vec<Named> {
    let mut all = of_other_kinds();
    all.extend(jpegs());
    all.extend(pngs());
    all.extend(webps());
    all.extend(heics());
    all
}

fn of_other_kinds() -> Vec<Named> {
    vec![
        ("plain words", b"not a picture at all".to_vec(), NO_PHOTO),
        ("one byte", vec![0xFF], NO_PHOTO),
        (
            "an animated GIF",
            b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04".to_vec(),
            NO_PHOTO,
        ),
        (
            "a bitmap",
            b"BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00".to_vec(),
            NO_PHOTO,
        ),
        (
            "a drawing with a script",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
            NO_PHOTO,
        ),
        (
            "a page",
            b"<!doctype html><script>alert(2)</script>".to_vec(),
            NO_PHOTO,
        ),
        (
            "a document",
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec(),
            NO_PHOTO,
        ),
        (
            "a program",
            b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00".to_vec(),
            NO_PHOTO,
        ),
        (
            "an archive",
            b"PK\x03\x04\x14\x00\x00\x00\x08\x00".to_vec(),
            NO_PHOTO,
        ),
        (
            "a TIFF",
            b"II*\x00\x08\x00\x00\x00\xff\xff".to_vec(),
            NO_PHOTO,
        ),
    ]
}

/// A JPEG that begins like any and says that it has this size.
fn claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = picture(16, 16, 3);
    let frame = bytes
        .windows(2)
        .position(|two| two == [0xFF, 0xC0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// With a segment after the first marker.
fn with_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let jpeg = picture(24, 16, 5);
    let length = u16::try_from(content.len() + 2).unwrap();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, marker]);
    bytes.extend(length.to_be_bytes());
    bytes.extend(content);
    bytes.extend(&jpeg[2..]);
    bytes
}

fn jpegs() -> Vec<Named> {
    let sound = picture(64, 48, 7);
    let mut trailing = sound.clone();
    trailing.extend(vec![0x41; 1_000_000]);
    let mut page = sound.clone();
    page.extend(b"<script>alert(3)</script>");
    let mut many = sound[..2].to_vec();
    for _ in 0..200_000 {
        many.extend([0xFF, 0xFE, 0x00, 0x03, 0x20]);
    }
    many.extend(&sound[2..]);
    let mut turning = b"Exif\0\0II*\x00\x08\x00\x00\x00".to_vec();
    turning.extend([1, 0, 0x12, 1, 3, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
    turning.extend([8, 0, 0, 0]);
    let mut cmyk = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut cmyk, 80);
    encoder
        .encode(&[90; 32 * 32 * 4], 32, 32, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    let mut progressive = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut progressive, 80);
    encoder.set_progressive_scans(64);
    encoder
        .encode(&[90; 32 * 32 * 3], 32, 32, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    vec![
        (
            "a JPEG of four billion pixels",
            claiming(65_535, 65_535),
            TOO_LARGE,
        ),
        ("a JPEG without height", claiming(100, 0), NO_PHOTO),
        ("a JPEG without width", claiming(0, 100), NO_PHOTO),
        (
            "a JPEG that claims all that is allowed",
            claiming(7_000, 7_000),
            EITHER,
        ),
        ("a line of a JPEG", claiming(65_535, 1), EITHER),
        (
            "only the beginning of a JPEG",
            sound[..2].to_vec(),
            NO_PHOTO,
        ),
        ("half a head", sound[..22].to_vec(), NO_PHOTO),
        ("half a JPEG", sound[..sound.len() - 40].to_vec(), EITHER),
        ("a megabyte after a JPEG", trailing, EITHER),
        ("a JPEG that is a page as well", page, EITHER),
        ("a JPEG of comments", many, EITHER),
        (
            "EXIF that turns in a circle",
            with_segment(0xE1, &turning),
            EITHER,
        ),
        ("EXIF of nothing", with_segment(0xE1, b"Exif\0\0"), EITHER),
        ("a JPEG for the press", cmyk, TAKEN),
        ("a JPEG in many scans", progressive, TAKEN),
        (
            "a JPEG of many pixels",
            {
                let mut bytes = Vec::new();
                let encoder = jpeg_encoder::Encoder::new(&mut bytes, 60);
                encoder
                    .encode(
                        &vec![128; 6000 * 6000],
                        6000,
                        6000,
                        jpeg_encoder::ColorType::Luma,
                    )
                    .unwrap();
                bytes
            },
            TAKEN,
        ),
    ]
}

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend(content);
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    let mut chunk = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(body);
    chunk.extend((!crc).to_be_bytes());
    chunk
}

fn png(width: u32, height: u32, extra: &[Vec<u8>]) -> Vec<u8> {
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 0, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(png_chunk(b"IHDR", &head));
    for chunk in extra {
        bytes.extend(chunk);
    }
    bytes.extend(png_chunk(b"IEND", &[]));
    bytes
}

/// What PNG calls compressed: a head, DEFLATE, and a sum that nobody gets to.
fn zlib(size_bytes: usize) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x9c];
    bytes.extend(deflated(size_bytes));
    bytes.extend([0; 4]);
    bytes
}

fn written(image: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn pngs() -> Vec<Named> {
    const MIB: usize = 1024 * 1024;
    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> = ImageBuffer::from_pixel(40, 30, Rgb([9, 99, 999]));
    let deep = written(DynamicImage::ImageRgb16(deep), ImageFormat::Png);
    let clear = written(DynamicImage::from(RgbaImage::new(20, 20)), ImageFormat::Png);
    let large = written(
        DynamicImage::from(GrayImage::new(7_000, 7_000)),
        ImageFormat::Png,
    );
    let mut profile = b"p\0\0".to_vec();
    profile.extend(zlib(64 * MIB));
    let mut words = b"w\0\0".to_vec();
    words.extend(zlib(64 * MIB));
    let frames = [0, 0, 0, 0x7f, 0, 0, 0, 0];
    let mut damaged = clear.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    vec![
        (
            "a PNG of four billion pixels",
            png(u32::MAX >> 1, 2, &[]),
            TOO_LARGE,
        ),
        (
            "a PNG of ten billion pixels",
            png(100_000, 100_000, &[]),
            TOO_LARGE,
        ),
        ("a PNG without size", png(0, 0, &[]), NO_PHOTO),
        ("a PNG without pixels", png(10, 10, &[]), EITHER),
        (
            "a PNG with more than it claims",
            png(10, 10, &[png_chunk(b"IDAT", &zlib(64 * MIB))]),
            EITHER,
        ),
        (
            "a PNG with a huge profile",
            png(
                10,
                10,
                &[png_chunk(b"iCCP", &profile), png_chunk(b"IDAT", &zlib(110))],
            ),
            EITHER,
        ),
        (
            "a PNG with many words",
            png(
                10,
                10,
                &[png_chunk(b"zTXt", &words), png_chunk(b"IDAT", &zlib(110))],
            ),
            EITHER,
        ),
        (
            "a PNG that moves",
            png(
                10,
                10,
                &[png_chunk(b"acTL", &frames), png_chunk(b"IDAT", &zlib(110))],
            ),
            EITHER,
        ),
        ("a PNG of 16 bits", deep, TAKEN),
        ("a clear PNG", clear, TAKEN),
        ("a damaged PNG", damaged, EITHER),
        ("a small PNG of 49 million pixels", large, TAKEN),
    ]
}

fn webps() -> Vec<Named> {
    let riff = |chunks: &[u8]| {
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(u32::try_from(chunks.len() + 4).unwrap().to_le_bytes());
        bytes.extend(b"WEBP");
        bytes.extend(chunks);
        bytes
    };
    // Flags, three bytes of nothing, width and height less one in three bytes each.
    let extended = |flags: u8, side: [u8; 3]| {
        let mut chunk = b"VP8X\x0a\0\0\0".to_vec();
        chunk.extend([flags, 0, 0, 0]);
        chunk.extend([side, side].concat());
        riff(&chunk)
    };
    let sound = written(
        DynamicImage::from(RgbaImage::new(30, 20)),
        ImageFormat::WebP,
    );
    vec![
        // One byte of signature, then width and height less one in fourteen bits each.
        (
            "a WebP of many pixels",
            riff(b"VP8L\x05\0\0\0\x2f\xFF\xFF\xFF\x0F\0"),
            TOO_LARGE,
        ),
        (
            "a WebP of many pixels without a picture",
            extended(0, [0xFF, 0xFF, 0xFF]),
            NO_PHOTO,
        ),
        ("a WebP that moves", extended(2, [9, 0, 0]), EITHER),
        ("a WebP of nothing", riff(&[]), NO_PHOTO),
        ("a WebP without loss", sound.clone(), TAKEN),
        ("half a WebP", sound[..sound.len() / 2].to_vec(), EITHER),
    ]
}

fn heics() -> Vec<Named> {
    let sound = heic(64, 48, 1);
    let place = |wanted: &[u8]| {
        let found = sound.windows(wanted.len()).position(|part| part == wanted);
        found.unwrap()
    };
    // The length of a box stands in the four bytes before its name.
    let with_length = |name: &[u8], length: u32| {
        let mut bytes = sound.clone();
        let at = place(name) - 4;
        bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
        bytes
    };
    let without = |name: &[u8]| {
        let mut bytes = sound.clone();
        let at = place(name);
        bytes[at..at + 4].copy_from_slice(b"free");
        bytes
    };
    let with_brand = |brand: &[u8; 4]| {
        let mut bytes = sound.clone();
        bytes[8..12].copy_from_slice(brand);
        bytes[16..20].copy_from_slice(brand);
        bytes
    };
    let mut many = sound[..24].to_vec();
    for _ in 0..500_000 {
        many.extend([0, 0, 0, 8]);
        many.extend(b"free");
    }
    many.extend(&sound[24..]);
    let mut items = sound.clone();
    let counted = place(b"ipma") + 8;
    items[counted..counted + 4].copy_from_slice(&[0xFF; 4]);
    let mut elsewhere = sound.clone();
    let primary = place(b"pitm") + 8;
    elsewhere[primary..primary + 2].copy_from_slice(&[0xFF; 2]);
    vec![
        ("a HEIC photo", sound.clone(), TAKEN),
        (
            "a HEIC of many pixels",
            heic(100_000, 100_000, 2),
            TOO_LARGE,
        ),
        (
            "a HEIC of the most pixels",
            heic(u32::MAX, u32::MAX, 3),
            TOO_LARGE,
        ),
        ("a HEIC without size", heic(0, 9, 4), NO_PHOTO),
        (
            "a HEIC that ends in its boxes",
            sound[..60].to_vec(),
            NO_PHOTO,
        ),
        ("a HEIC of its first box", sound[..24].to_vec(), NO_PHOTO),
        (
            "a box smaller than its head",
            with_length(b"meta", 4),
            NO_PHOTO,
        ),
        (
            "a box longer than the file",
            with_length(b"meta", u32::MAX),
            NO_PHOTO,
        ),
        (
            "a box longer than its parent",
            with_length(b"ipco", 400),
            NO_PHOTO,
        ),
        ("an inner box to the end", with_length(b"ispe", 0), EITHER),
        ("a HEIC without items", without(b"pitm"), NO_PHOTO),
        ("a HEIC without properties", without(b"iprp"), NO_PHOTO),
        ("a HEIC without sizes", without(b"ispe"), NO_PHOTO),
        ("a HEIC of four billion items", items, EITHER),
        ("a HEIC whose photo is elsewhere", elsewhere, NO_PHOTO),
        ("a HEIC of half a million boxes", many, EITHER),
        ("a film", with_brand(b"isom"), EITHER),
        ("a row of pictures", with_brand(b"hevc"), NO_PHOTO),
    ]
}
