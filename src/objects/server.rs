//! S3 on a [`Folder`]: one bucket, whole objects. Translates requests into calls and errors into codes.
//!
//! A put is checked against every digest that came with it before it can take anybody's place. What is not supported is
//! refused, never ignored. Not here: signatures and HTTP (s3s), files (`folder`).

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::StatusCode;
use s3s::dto::*;
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use super::digests::{collect, verify};
use super::folder::{Description, Existing, Folder, Found};
use crate::domain::ids::Sha256;

/// Without a wish, as everywhere.
const LIST_KEYS: i32 = 1000;
/// Each page reads every description there is, so there had better be few pages.
pub(super) const LIST_KEYS_MAX: i32 = 20_000;

pub(super) struct FolderServer {
    bucket: String,
    folder: Arc<Folder>,
}

impl FolderServer {
    pub fn new(bucket: String, folder: Folder) -> Self {
        Self {
            bucket,
            folder: Arc::new(folder),
        }
    }

    fn check_bucket(&self, bucket: &str) -> S3Result<()> {
        if bucket != self.bucket {
            return Err(s3_error!(NoSuchBucket));
        }
        Ok(())
    }

    /// The folder's name for a key. A bucket's name holds no slash, so two different pairs never share a name.
    fn name(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket)
    }

    fn key<'a>(&self, found: &'a Found) -> &'a str {
        let name = &found.description.name;
        name.get(self.bucket.len() + 1..).unwrap_or_default()
    }

    /// Files block, so they are touched away from the runtime's threads. What has begun is finished even if the caller is gone.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, Failure> + Send + 'static,
    ) -> S3Result<T> {
        let folder = Arc::clone(&self.folder);
        tokio::task::spawn_blocking(move || work(&folder))
            .await
            .map_err(S3Error::internal_error)?
            .map_err(S3Error::from)
    }
}

/// Why work in the folder failed.
enum Failure {
    Files(io::Error),
    Refused(S3Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Files(error)
    }
}

impl From<S3Error> for Failure {
    fn from(error: S3Error) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for S3Error {
    fn from(failure: Failure) -> Self {
        let error = match failure {
            Failure::Refused(refusal) => return refusal,
            Failure::Files(error) => error,
        };
        match error.kind() {
            ErrorKind::NotFound => s3_error!(NoSuchKey),
            ErrorKind::AlreadyExists => s3_error!(PreconditionFailed),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                let code = S3ErrorCode::Custom("InsufficientStorage".into());
                let mut full = S3Error::with_message(code, error.to_string());
                full.set_status_code(StatusCode::INSUFFICIENT_STORAGE);
                full
            }
            // a file without a readable description is no object: it is missing, and may be put again
            ErrorKind::InvalidData => {
                tracing::error!(%error, "a damaged file among the objects");
                s3_error!(NoSuchKey)
            }
            _ => S3Error::with_message(S3ErrorCode::InternalError, error.to_string()),
        }
    }
}

#[async_trait::async_trait]
impl S3 for FolderServer {
    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.check_bucket(&req.input.bucket)?;
        self.run(|folder| Ok(folder.try_to_write()?)).await?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(
        &self,
        req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let has_trailer = req.trailing_headers.is_some();
        let mut input = req.input;
        self.check_bucket(&input.bucket)?;
        if has_trailer || input.if_match.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let existing = match &input.if_none_match {
            None => Existing::Replace,
            Some(ETagCondition::Any) => Existing::Keep,
            Some(ETagCondition::ETag(_)) => return Err(s3_error!(NotImplemented)),
        };
        let content = collect(input.body.take()).await?;
        let name = self.name(&input.key);
        let sha256 = self
            .run(move |folder| {
                let sha256 = verify(&input, &content)?;
                let description = Description {
                    name,
                    content_type: input.content_type,
                    sha256,
                    metadata: input.metadata.unwrap_or_default().into_iter().collect(),
                };
                folder.put(&description, &content, existing)?;
                Ok(sha256)
            })
            .await?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(e_tag(sha256)),
            checksum_sha256: Some(BASE64.encode(sha256.0)),
            ..Default::default()
        }))
    }

    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        if input.if_match.is_some()
            || input.if_none_match.is_some()
            || input.if_modified_since.is_some()
            || input.if_unmodified_since.is_some()
            || input.part_number.is_some()
            || input.version_id.is_some()
        {
            return Err(s3_error!(NotImplemented));
        }
        let name = self.name(&input.key);
        let (found, part, content) = self
            .run(move |folder| {
                folder.get(&name, |content_bytes| match input.range {
                    None => Ok(0..content_bytes),
                    Some(range) => Ok(range.check(content_bytes).map_err(S3Error::from)?),
                })
            })
            .await?;
        let content_range = input.range.filter(|_| !part.is_empty()).map(|_| {
            let (first, last) = (part.start, part.end - 1);
            format!("bytes {first}-{last}/{}", found.content_bytes)
        });
        Ok(S3Response::new(GetObjectOutput {
            content_length: Some(content.len() as i64),
            body: Some(StreamingBlob::from(s3s::Body::from(content))),
            content_range,
            accept_ranges: Some("bytes".into()),
            content_type: found.description.content_type.clone(),
            e_tag: Some(e_tag(found.description.sha256)),
            last_modified: Some(found.modified.into()),
            metadata: Some(metadata(found.description)),
            ..Default::default()
        }))
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.check_bucket(&req.input.bucket)?;
        let name = self.name(&req.input.key);
        let found = self.run(move |folder| Ok(folder.head(&name)?)).await?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(found.content_bytes as i64),
            accept_ranges: Some("bytes".into()),
            content_type: found.description.content_type.clone(),
            e_tag: Some(e_tag(found.description.sha256)),
            last_modified: Some(found.modified.into()),
            metadata: Some(metadata(found.description)),
            ..Default::default()
        }))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.check_bucket(&req.input.bucket)?;
        let name = self.name(&req.input.key);
        self.run(move |folder| Ok(folder.delete(&name)?)).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        if input.delimiter.is_some() || input.encoding_type.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        // a token is the last key of the page before
        let after = input
            .continuation_token
            .clone()
            .or(input.start_after.clone());
        let after = self.name(after.as_deref().unwrap_or_default());
        let prefix = self.name(input.prefix.as_deref().unwrap_or_default());
        let max_keys = input.max_keys.unwrap_or(LIST_KEYS).clamp(0, LIST_KEYS_MAX);
        let mut page = self
            .run(move |folder| Ok(folder.list(&prefix, &after, max_keys as usize + 1)?))
            .await?;
        let is_truncated = page.len() > max_keys as usize;
        page.truncate(max_keys as usize);
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: input.prefix,
            max_keys: Some(max_keys),
            key_count: Some(page.len() as i32),
            is_truncated: Some(is_truncated),
            next_continuation_token: page
                .last()
                .filter(|_| is_truncated)
                .map(|found| self.key(found).to_owned()),
            continuation_token: input.continuation_token,
            start_after: input.start_after,
            contents: Some(page.iter().map(|found| self.listed(found)).collect()),
            ..Default::default()
        }))
    }
}

impl FolderServer {
    fn listed(&self, found: &Found) -> Object {
        Object {
            key: Some(self.key(found).to_owned()),
            size: Some(found.content_bytes as i64),
            e_tag: Some(e_tag(found.description.sha256)),
            last_modified: Some(found.modified.into()),
            ..Default::default()
        }
    }
}

fn e_tag(sha256: Sha256) -> ETag {
    ETag::Strong(sha256.to_string())
}

fn metadata(description: Description) -> HashMap<String, String> {
    description.metadata.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_other_failures() {
        let status = |kind| {
            let failure = Failure::Files(io::Error::from(kind));
            let answer = S3Error::from(failure).to_http_response();
            answer.expect("an answer").status().as_u16()
        };
        assert_eq!(status(ErrorKind::StorageFull), 507);
        assert_eq!(status(ErrorKind::QuotaExceeded), 507);
        assert_eq!(status(ErrorKind::NotFound), 404);
        assert_eq!(status(ErrorKind::InvalidData), 404);
        assert_eq!(status(ErrorKind::AlreadyExists), 412);
        assert_eq!(status(ErrorKind::PermissionDenied), 500);
    }
}
