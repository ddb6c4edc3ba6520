//! HEIC and AVIF: format and size out of the boxes of an ISO base media file (ISO/IEC 14496-12, 23008-12).
//!
//! The size is that of the primary item, found by way of `pitm`, `ipma` and `ispe`; a photo of many tiles has many other
//! sizes beside it. Not here: decoding, which nothing in this program does.

use super::{PhotoFormat, PhotoRefusal, SizePx, array};

const BRANDS_MAX: usize = 64;

/// Whether `bytes` begin as such a file, of whatever brand.
pub(super) fn is_media_file(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
}

/// Format and size in stored pixels, before any turn.
pub(super) fn read(bytes: &[u8]) -> Result<(PhotoFormat, SizePx), PhotoRefusal> {
    let mut boxes = Boxes(bytes);
    let (_, brands) = boxes.next_one()?;
    let format = format_of(brands)?;
    loop {
        match boxes.next_one()? {
            (b"meta", content) => {
                // version and flags
                let content = content.get(4..).ok_or(PhotoRefusal::Damaged)?;
                return Ok((format, size_px(content)?));
            }
            (b"moov", _) => return Err(PhotoRefusal::Unsupported),
            _ => {}
        }
    }
}

/// The brands name the codec; 'any codec' (`mif1`) alone says too little to keep something by.
fn format_of(brands: &[u8]) -> Result<PhotoFormat, PhotoRefusal> {
    let major = brands.first_chunk::<4>().ok_or(PhotoRefusal::Truncated)?;
    // a version stands between the first brand and the others
    let compatible = brands.get(8..).unwrap_or_default();
    let all = std::iter::once(major).chain(compatible.as_chunks::<4>().0.iter().take(BRANDS_MAX));
    for brand in all {
        match brand {
            b"heic" | b"heix" | b"heim" | b"heis" => return Ok(PhotoFormat::Heic),
            b"avif" => return Ok(PhotoFormat::Avif),
            // sequences of pictures
            b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"avis" | b"msf1" => {
                return Err(PhotoRefusal::Unsupported);
            }
            _ => {}
        }
    }
    Err(PhotoRefusal::NotAPicture)
}

fn size_px(meta: &[u8]) -> Result<SizePx, PhotoRefusal> {
    let primary = primary_item(child(meta, b"pitm")?)?;
    let properties = child(meta, b"iprp")?;
    let sizes = sizes(child(properties, b"ipco")?)?;
    let owned = properties_of(child(properties, b"ipma")?, primary)?;
    owned
        .into_iter()
        .find_map(|at| sizes.iter().find(|(index, _)| *index == at))
        .map(|(_, size)| *size)
        .ok_or(PhotoRefusal::Damaged)
}

fn child<'a>(boxes: &'a [u8], wanted: &[u8; 4]) -> Result<&'a [u8], PhotoRefusal> {
    let mut boxes = Boxes(boxes);
    while !boxes.0.is_empty() {
        let (kind, content) = boxes.next_one()?;
        if kind == wanted {
            return Ok(content);
        }
    }
    Err(PhotoRefusal::Damaged)
}

fn primary_item(pitm: &[u8]) -> Result<u32, PhotoRefusal> {
    match array::<1>(pitm, 0)? {
        [0] => Ok(u16::from_be_bytes(array(pitm, 4)?).into()),
        _ => Ok(u32::from_be_bytes(array(pitm, 4)?)),
    }
}

/// Every `ispe` with its place among the properties, from 1.
fn sizes(ipco: &[u8]) -> Result<Vec<(u16, SizePx)>, PhotoRefusal> {
    let mut found = Vec::new();
    let mut boxes = Boxes(ipco);
    for index in 1..=u16::MAX {
        if boxes.0.is_empty() {
            break;
        }
        if let (b"ispe", content) = boxes.next_one()? {
            let side_px = |at| Ok(u32::from_be_bytes(array(content, at)?));
            found.push((index, (side_px(4)?, side_px(8)?)));
        }
    }
    Ok(found)
}

/// Which properties an item has, by their places.
fn properties_of(ipma: &[u8], item: u32) -> Result<Vec<u16>, PhotoRefusal> {
    let [version, _, _, flags] = array::<4>(ipma, 0)?;
    let has_wide_places = flags & 1 == 1;
    let items = u32::from_be_bytes(array(ipma, 4)?);
    let mut at = 8;
    // each turn takes at least three bytes or ends
    for _ in 0..items {
        let found = if version == 0 {
            at += 2;
            u16::from_be_bytes(array(ipma, at - 2)?).into()
        } else {
            at += 4;
            u32::from_be_bytes(array(ipma, at - 4)?)
        };
        let [count] = array(ipma, at)?;
        at += 1;
        let mut places = Vec::new();
        for _ in 0..count {
            // the highest bit says whether a reader has to know the property
            places.push(if has_wide_places {
                at += 2;
                u16::from_be_bytes(array(ipma, at - 2)?) & 0x7fff
            } else {
                at += 1;
                u16::from(array::<1>(ipma, at - 1)?[0] & 0x7f)
            });
        }
        if found == item {
            return Ok(places);
        }
    }
    Err(PhotoRefusal::Damaged)
}

/// What is left of a row of boxes.
struct Boxes<'a>(&'a [u8]);

impl<'a> Boxes<'a> {
    /// The next box, its type and its content. Each takes at least its own head, so a row of them ends.
    fn next_one(&mut self) -> Result<(&'a [u8; 4], &'a [u8]), PhotoRefusal> {
        let short = u32::from_be_bytes(array(self.0, 0)?);
        let kind = self
            .0
            .get(4..)
            .and_then(<[u8]>::first_chunk::<4>)
            .ok_or(PhotoRefusal::Truncated)?;
        let (head, length) = match short {
            // to the end of the file
            0 => (8, self.0.len()),
            1 => {
                let long = u64::from_be_bytes(array(self.0, 8)?);
                (
                    16,
                    usize::try_from(long).map_err(|_| PhotoRefusal::Damaged)?,
                )
            }
            _ => (8, short as usize),
        };
        if length < head {
            return Err(PhotoRefusal::Damaged);
        }
        let (this, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(PhotoRefusal::Truncated)?;
        self.0 = rest;
        Ok((kind, &this[head..]))
    }
}

#[cfg(test)]
pub(super) mod tests;
