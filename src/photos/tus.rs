//! The headers of tus 1.0 (tus.io/protocols/resumable-upload): reading and writing them, nothing else.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Digest as _;

use crate::domain::ids::Sha256;
use crate::error::{Error, Result};

pub const VERSION: &str = "1.0.0";
pub const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
pub const CHECKSUMS: &str = "sha1,sha256";
pub const CHUNK_TYPE: &str = "application/offset+octet-stream";

/// Every request but OPTIONS says which version it speaks.
///
/// # Errors
/// [`Error::WrongTusVersion`].
pub fn require_version(headers: &HeaderMap) -> Result<()> {
    match headers.get("tus-resumable") {
        Some(version) if version == VERSION => Ok(()),
        _ => Err(Error::WrongTusVersion),
    }
}

/// A header that is a number of bytes.
///
/// # Errors
/// [`Error::Malformed`] when it is missing or no number.
pub fn number(headers: &HeaderMap, name: &'static str) -> Result<u64> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Error::malformed(format!("the header {name} has to be a number of bytes")))
}

/// A member of `Upload-Metadata`.
///
/// # Errors
/// [`Error::Malformed`] when it is missing or not base64 of text.
pub fn metadata(headers: &HeaderMap, name: &str) -> Result<String> {
    let all = headers
        .get("upload-metadata")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    all.split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| STANDARD.decode(value.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| {
            Error::malformed(format!(
                "Upload-Metadata needs '{name}' and its value in base64"
            ))
        })
}

/// What `Upload-Checksum` announces of a chunk.
#[derive(Debug)]
pub struct Checksum {
    is_sha1: bool,
    announced: Vec<u8>,
}

impl Checksum {
    /// What the headers announce, if they do.
    ///
    /// # Errors
    /// [`Error::Malformed`] for what cannot be read and for an algorithm that was not announced.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(header) = headers.get("upload-checksum") else {
            return Ok(None);
        };
        let unreadable =
            || Error::malformed("Upload-Checksum is an algorithm, a space, and base64");
        let (algorithm, value) = header
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .ok_or_else(unreadable)?;
        let announced = STANDARD.decode(value).map_err(|_| unreadable())?;
        match algorithm {
            "sha1" | "sha256" => Ok(Some(Self {
                is_sha1: algorithm == "sha1",
                announced,
            })),
            other => Err(Error::malformed(format!(
                "Upload-Checksum with '{other}': use {CHECKSUMS}"
            ))),
        }
    }

    /// Holds a chunk against it.
    ///
    /// # Errors
    /// [`Error::ChunkChecksumMismatch`].
    pub fn check(&self, bytes: &[u8]) -> Result<()> {
        let matches = if self.is_sha1 {
            sha1::Sha1::digest(bytes).as_slice() == self.announced
        } else {
            Sha256::of(bytes).0.as_slice() == self.announced
        };
        matches.then_some(()).ok_or(Error::ChunkChecksumMismatch)
    }
}

/// The headers that say where an upload stands.
pub fn standing(offset_bytes: u64, length_bytes: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("upload-offset", HeaderValue::from(offset_bytes));
    headers.insert("upload-length", HeaderValue::from(length_bytes));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn metadata_is_found_among_others() {
        let all = headers("upload-metadata", "filename YS5qcGc=,sha256 YWJj, empty");
        assert_eq!(metadata(&all, "sha256").unwrap(), "abc");
        assert!(metadata(&all, "filetype").is_err());
        assert!(metadata(&headers("upload-metadata", "sha256 ???"), "sha256").is_err());
    }

    #[test]
    fn a_chunk_is_held_against_its_checksum() {
        let right = format!("sha256 {}", STANDARD.encode(Sha256::of(b"chunk").0));
        let checksum = Checksum::of(&headers("upload-checksum", &right)).unwrap();
        let checksum = checksum.unwrap();
        assert!(checksum.check(b"chunk").is_ok());
        let wrong = checksum.check(b"chunl");
        assert!(matches!(wrong, Err(Error::ChunkChecksumMismatch)));
        assert!(Checksum::of(&headers("upload-checksum", "md5 abc")).is_err());
        assert!(Checksum::of(&HeaderMap::new()).unwrap().is_none());
    }
}
