//! Large objects in parts, and what is left of those that were never finished.
//!
//! A part has its own checksum and is tried again by itself. Until all of them are there the object is not, and its
//! parts take room: an upload that fails is therefore given up at once, and what a crash leaves can be found and removed.

use std::time::Duration;

use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;

use super::client::{DIGEST_METADATA, Objects};
use super::error::unavailable;
use super::{ObjectError, ObjectKey, Trouble};
use crate::domain::ids::Sha256;

/// An object of which only parts are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    pub key: String,
    pub upload: String,
    pub begun_at_ms: i64,
}

impl Objects {
    /// Sends `bytes` in parts of `part_bytes` (at least 5 MiB).
    pub(super) async fn put_parts(
        &self,
        key: &ObjectKey,
        bytes: Bytes,
        part_bytes: usize,
        content_type: &str,
        sha256: Sha256,
    ) -> Result<(), ObjectError> {
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .metadata(DIGEST_METADATA, sha256.to_string())
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        let upload = begun.upload_id.ok_or_else(|| {
            unavailable(Trouble::Refused, "it gave no name for an upload in parts")
        })?;
        let sent = self.send_parts(key, &upload, bytes, part_bytes).await;
        if sent.is_err()
            && let Err(error) = self.give_up(key.as_str(), &upload).await
        {
            tracing::warn!(%key, %error, "the parts of an upload that failed are still there");
        }
        sent
    }

    async fn send_parts(
        &self,
        key: &ObjectKey,
        upload: &str,
        mut bytes: Bytes,
        part_bytes: usize,
    ) -> Result<(), ObjectError> {
        let mut parts = Vec::new();
        while !bytes.is_empty() {
            let part = bytes.split_to(part_bytes.min(bytes.len()));
            let number = parts.len() as i32 + 1;
            let checksum = {
                let part = part.clone();
                tokio::task::spawn_blocking(move || BASE64.encode(Sha256::of(&part).0))
                    .await
                    .map_err(|error| unavailable(Trouble::Refused, error))?
            };
            let taken = self
                .client
                .upload_part()
                .bucket(&self.bucket)
                .key(key.as_str())
                .upload_id(upload)
                .part_number(number)
                .checksum_sha256(&checksum)
                .body(ByteStream::from(part))
                .send()
                .await
                .map_err(|error| self.failure(error))?;
            parts.push(
                CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(taken.e_tag)
                    .checksum_sha256(checksum)
                    .build(),
            );
        }
        let whole = CompletedMultipartUpload::builder().set_parts(Some(parts));
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key.as_str())
            .upload_id(upload)
            .multipart_upload(whole.build())
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        Ok(())
    }

    /// Uploads in parts that were begun at least `age` ago and never finished; at most a thousand of them, the server's page.
    pub async fn unfinished(
        &self,
        now_ms: i64,
        age: Duration,
    ) -> Result<Vec<Unfinished>, ObjectError> {
        if self.is_inside {
            return Ok(Vec::new());
        }
        let page = self
            .client
            .list_multipart_uploads()
            .bucket(&self.bucket)
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        let begun_until_ms = now_ms.saturating_sub(age.as_millis() as i64);
        let uploads = page.uploads.unwrap_or_default().into_iter();
        Ok(uploads
            .filter_map(|upload| {
                let begun_at_ms = upload
                    .initiated
                    .and_then(|at: DateTime| at.to_millis().ok())?;
                Some(Unfinished {
                    key: upload.key?,
                    upload: upload.upload_id?,
                    begun_at_ms,
                })
            })
            .filter(|upload| upload.begun_at_ms <= begun_until_ms)
            .collect())
    }

    /// Removes the parts of an unfinished upload; it is no error if they are gone.
    pub async fn give_up(&self, key: &str, upload: &str) -> Result<(), ObjectError> {
        let request = self.client.abort_multipart_upload();
        let given_up = request
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .send()
            .await
            .map_err(|error| self.failure(error));
        match given_up {
            Ok(_) | Err(ObjectError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
