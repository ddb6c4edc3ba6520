//! From any bytes to a spreadsheet that is safe to read: small enough, and with nothing in it that asks for memory.
//!
//! The reader of spreadsheets unpacks without bound and sets memory aside by counts that stand in the file. So everything is
//! unpacked here first, counted while it comes out, and packed again without compression and without those counts.
//! Not here: cells (`cells.rs`).

use std::io::{Cursor, Read, Write};

use anyhow::{Context as _, bail, ensure};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

pub(super) const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Of all parts together.
pub(super) const UNPACKED_BYTES_MAX: usize = 64 * 1024 * 1024;
pub(super) const ENTRIES_MAX: usize = 1_000;
/// Tags of all parts together; each can become an object many times its size.
const TAGS_MAX: usize = 2_000_000;
/// Formats of cells are copied for each of their uses, so that they are kept small, and left out when they are not.
const STYLES_BYTES_MAX: usize = 1024 * 1024;
const STYLE_BYTES_MAX: usize = 1024;

/// The first bytes of the container of older and of password-protected files.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The whole file.
///
/// # Errors
/// When it cannot be read, or is too large.
pub(super) fn limited(file: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() <= FILE_BYTES_MAX,
        "the file is larger than {} MiB; take pictures and old sheets out of it",
        FILE_BYTES_MAX / 1024 / 1024
    );
    Ok(bytes)
}

/// The same spreadsheet, uncompressed, with its texts and tables and nothing else.
///
/// # Errors
/// When it is no .xlsx file, damaged, or more than a form needs; says which, and what to do.
pub(super) fn plain(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    look_at_start(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).context(
        "the file is damaged: it begins like a spreadsheet and ends too early or in disorder",
    )?;
    ensure!(
        archive.len() <= ENTRIES_MAX,
        "the file has {} parts; a form has at most {ENTRIES_MAX}",
        archive.len()
    );
    look_at_names(&archive)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let (mut unpacked, mut tags) = (0, 0);
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .context("a part of the file cannot be read")?;
        let name = part.name()?.into_owned();
        let lower = name.to_lowercase();
        let wanted = lower.ends_with(".xml") || lower.ends_with(".rels");
        if !wanted || lower.contains("/theme/") || lower.contains("/drawings/") {
            continue;
        }
        let mut text = Vec::new();
        part.by_ref()
            .take((UNPACKED_BYTES_MAX - unpacked) as u64 + 1)
            .read_to_end(&mut text)
            .with_context(|| format!("the part {name} is damaged"))?;
        unpacked += text.len();
        ensure!(
            unpacked <= UNPACKED_BYTES_MAX,
            "unpacked the file is larger than {} MiB",
            UNPACKED_BYTES_MAX / 1024 / 1024
        );
        let text = plain_text(&name, text)?;
        tags += text.matches('<').count();
        ensure!(
            tags <= TAGS_MAX,
            "the file has more than {TAGS_MAX} elements"
        );
        let text = match lower.rsplit('/').next() {
            Some("styles.xml") if too_rich(&text) => continue,
            Some("sharedstrings.xml") => without_count(text)?,
            _ => text,
        };
        out.start_file(name, options)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}

fn look_at_start(bytes: &[u8]) -> anyhow::Result<()> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    if bytes.starts_with(&COMPOUND_FILE) {
        let package: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        if bytes.windows(package.len()).any(|window| window == package) {
            bail!("the file is protected with a password; save it without one");
        }
        bail!("this is an old .xls file; open it in a spreadsheet program and save it as .xlsx");
    }
    ensure!(!bytes.is_empty(), "the file is empty");
    bail!("this is no .xlsx file; open it in a spreadsheet program and save it as .xlsx");
}

fn look_at_names(archive: &ZipArchive<Cursor<&[u8]>>) -> anyhow::Result<()> {
    let has = |ending: &str| {
        archive
            .file_names()
            .filter_map(Result::ok)
            .any(|name| name.to_lowercase().ends_with(ending))
    };
    if has("workbook.xml") {
        return Ok(());
    }
    if has("workbook.bin") {
        bail!("this is an .xlsb file; save it as .xlsx");
    }
    if has("content.xml") {
        bail!("this is an .ods file; open it in a spreadsheet program and save it as .xlsx");
    }
    bail!("this is a zip file without a spreadsheet in it");
}

/// UTF-8 without control characters, which is what XML may be here: so that a word is found wherever it stands.
fn plain_text(name: &str, bytes: Vec<u8>) -> anyhow::Result<String> {
    let text = String::from_utf8(bytes).ok().filter(|text| {
        text.bytes()
            .all(|byte| byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'))
    });
    text.with_context(|| format!("the part {name} is not written in UTF-8; save the file anew"))
}

fn too_rich(styles: &str) -> bool {
    styles.len() > STYLES_BYTES_MAX || styles.split('<').any(|tag| tag.len() > STYLE_BYTES_MAX)
}

/// Without the number of texts that the part claims to have, for which memory would be set aside.
fn without_count(text: String) -> anyhow::Result<String> {
    const COUNT: &str = "uniqueCount";
    match text.matches(COUNT).count() {
        0 => Ok(text),
        1 => Ok(text.replace(COUNT, "formerCount")),
        // Somebody plays games, or writes forms about spreadsheets.
        _ => bail!("the texts of the file speak of `{COUNT}`; take that word out"),
    }
}
