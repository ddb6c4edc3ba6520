//! Takes in what a put sends, and checks it against every digest that came with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use futures::TryStreamExt as _;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256 as Hasher};
use s3s::dto::{PutObjectInput, StreamingBlob};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::OBJECT_BYTES_MAX;
use crate::domain::ids::Sha256;

/// The whole content, within the bounds of an object.
pub(super) async fn collect(body: Option<StreamingBlob>) -> S3Result<Vec<Bytes>> {
    let mut content = Vec::new();
    let mut content_bytes = 0;
    let Some(mut body) = body else {
        return Ok(content);
    };
    // the stream itself fails when the content is not what was signed
    while let Some(chunk) = body
        .try_next()
        .await
        .map_err(|error| S3Error::with_source(S3ErrorCode::BadDigest, error))?
    {
        content_bytes += chunk.len() as u64;
        if content_bytes > OBJECT_BYTES_MAX {
            return Err(s3_error!(EntityTooLarge));
        }
        content.push(chunk);
    }
    Ok(content)
}

/// Compares the content with its length and with every digest that came with it; gives its SHA-256.
pub(super) fn verify(input: &PutObjectInput, content: &[Bytes]) -> S3Result<Sha256> {
    let content_bytes: usize = content.iter().map(Bytes::len).sum();
    if input
        .content_length
        .is_some_and(|claimed| claimed != content_bytes as i64)
    {
        return Err(s3_error!(IncompleteBody));
    }
    let mut hasher = ChecksumHasher {
        crc32: input.checksum_crc32.as_ref().map(|_| Crc32::new()),
        crc32c: input.checksum_crc32c.as_ref().map(|_| Crc32c::new()),
        crc64nvme: input.checksum_crc64nvme.as_ref().map(|_| Crc64Nvme::new()),
        sha1: input.checksum_sha1.as_ref().map(|_| Sha1::new()),
        sha256: None,
    };
    let mut md5 = input.content_md5.as_ref().map(|_| Md5::new());
    let mut sha256 = Hasher::new();
    for part in content {
        hasher.update(part);
        sha256.update(part);
        if let Some(md5) = &mut md5 {
            md5.update(part);
        }
    }
    let found = hasher.finalize();
    let sha256 = Sha256(sha256.finalize());
    let pairs = [
        (&input.checksum_crc32, found.checksum_crc32),
        (&input.checksum_crc32c, found.checksum_crc32c),
        (&input.checksum_crc64nvme, found.checksum_crc64nvme),
        (&input.checksum_sha1, found.checksum_sha1),
        (&input.checksum_sha256, Some(BASE64.encode(sha256.0))),
        (
            &input.content_md5,
            md5.map(|md5| BASE64.encode(md5.finalize())),
        ),
    ];
    for (claimed, found) in pairs {
        if claimed.is_some() && *claimed != found {
            return Err(s3_error!(BadDigest));
        }
    }
    Ok(sha256)
}
