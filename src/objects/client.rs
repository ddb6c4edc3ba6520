//! What can be done with objects: put, get, head, delete, and ask whether the server answers.
//!
//! No server is believed. Some ignore checksums, some ignore conditions, and any may lie after a fault; so a put has
//! succeeded when its bytes have been read back and are the same, and a get gives only bytes that have the right digest.
//!
//! Not here: when to try again. The client repeats a request a few times within seconds; longer than that is the caller's job.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::SharedHttpClient;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::{Bytes, BytesMut};

use super::calls::Calls;
use super::connection::{ATTEMPT_TIMEOUT, ATTEMPTS_MAX, connect, https};
use super::{OBJECT_BYTES_MAX, ObjectError, ObjectKey, RemoteS3, embedded};
use crate::domain::ids::Sha256;

/// A readiness check that waits longer is no answer either.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// The digest travels with each object in metadata of ours, because servers differ in which checksums they keep.
const DIGEST_METADATA: &str = "sha256";

/// The way to all objects: a bucket and a client for it. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Objects {
    client: Client,
    bucket: String,
    pub(super) calls: Calls,
}

impl Objects {
    /// Opens the server inside this process on `folder`, which is made if it is missing.
    ///
    /// Touches the disk and so blocks for a moment; meant for the start. Fails if `folder` cannot be written.
    pub fn embedded(folder: &Path) -> Result<Self, ObjectError> {
        let server = embedded::open(folder).map_err(|source| ObjectError::Folder {
            folder: folder.display().to_string(),
            source,
        })?;
        Ok(Self::new(&embedded::server(), server, 1))
    }

    /// A client for the server that `remote` names. Nothing is sent before the first call: ask [`Objects::probe`].
    pub fn remote(remote: &RemoteS3) -> Self {
        Self::new(remote, https(), ATTEMPTS_MAX)
    }

    pub(super) fn new(server: &RemoteS3, http: SharedHttpClient, attempts_max: u32) -> Self {
        Self {
            client: connect(server, http, attempts_max),
            bucket: server.bucket.clone(),
            calls: Calls::default(),
        }
    }

    /// Puts `bytes` under `key` and reads them back: when this returns, they are there and whole.
    ///
    /// An object that is there already with the same content is left alone. One with other content is replaced: keys
    /// name their content, so it can only be damaged, or a rendition made by an older version.
    pub async fn put(
        &self,
        key: &ObjectKey,
        bytes: Bytes,
        content_type: &str,
    ) -> Result<(), ObjectError> {
        let put = self.put_and_read_back(key, bytes, content_type);
        self.calls.watch("put", put).await
    }

    async fn put_and_read_back(
        &self,
        key: &ObjectKey,
        bytes: Bytes,
        content_type: &str,
    ) -> Result<(), ObjectError> {
        if bytes.len() as u64 > OBJECT_BYTES_MAX {
            return Err(ObjectError::TooLarge {
                object_bytes_max: OBJECT_BYTES_MAX,
            });
        }
        let sha256 = digest(bytes.clone()).await?;
        if let Some(expected) = key.content_sha256().filter(|expected| *expected != sha256) {
            return Err(corrupt(key, expected, sha256, bytes.len()));
        }
        if self.size(key).await? == Some(bytes.len() as u64) {
            match self.read_back(key, sha256).await {
                Ok(()) => return Ok(()),
                Err(error @ ObjectError::Corrupt { .. }) => {
                    tracing::warn!(%key, %error, "a damaged object is written again");
                }
                Err(error) => return Err(error),
            }
        }
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .checksum_sha256(BASE64.encode(sha256.0))
            .metadata(DIGEST_METADATA, sha256.to_string())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        match self.read_back(key, sha256).await {
            Err(ObjectError::NotFound) => {
                Err(unavailable("it took an object and does not have it"))
            }
            outcome => outcome,
        }
    }

    /// The content of `key`, checked against the digest that it was put with.
    pub async fn get(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        self.calls.watch("get", self.get_checked(key)).await
    }

    async fn get_checked(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        let (bytes, noted) = self.fetch(key).await?;
        let found = digest(bytes.clone()).await?;
        match key.content_sha256().or(noted) {
            Some(expected) if expected != found => Err(corrupt(key, expected, found, bytes.len())),
            _ => Ok(bytes),
        }
    }

    /// The size in bytes of `key`, or nothing if there is no such object.
    pub async fn head(&self, key: &ObjectKey) -> Result<Option<u64>, ObjectError> {
        self.calls.watch("head", self.size(key)).await
    }

    async fn size(&self, key: &ObjectKey) -> Result<Option<u64>, ObjectError> {
        let request = self.client.head_object().bucket(&self.bucket);
        match request
            .key(key.as_str())
            .send()
            .await
            .map_err(|error| self.failure(error))
        {
            Ok(head) => Ok(head
                .content_length()
                .and_then(|bytes| bytes.try_into().ok())),
            Err(ObjectError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes `key`; it is no error if it is not there.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        self.calls.watch("delete", self.remove(key)).await
    }

    async fn remove(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        let request = self.client.delete_object().bucket(&self.bucket);
        match request
            .key(key.as_str())
            .send()
            .await
            .map_err(|error| self.failure(error))
        {
            Ok(_) | Err(ObjectError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether the server answers, knows the bucket and accepts the credentials; the embedded one also tries to write.
    pub async fn probe(&self) -> Result<(), ObjectError> {
        self.calls.watch("probe", self.head_bucket()).await
    }

    async fn head_bucket(&self) -> Result<(), ObjectError> {
        let request = self.client.head_bucket().bucket(&self.bucket).send();
        match tokio::time::timeout(PROBE_TIMEOUT, request).await {
            Err(_) => Err(unavailable("no answer in time")),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => match self.failure(error) {
                // an answer to HEAD has no body that could say what is missing
                ObjectError::NotFound => Err(self.no_bucket()),
                other => Err(other),
            },
        }
    }

    async fn read_back(&self, key: &ObjectKey, expected: Sha256) -> Result<(), ObjectError> {
        let (bytes, _) = self.fetch(key).await?;
        let found_bytes = bytes.len();
        let found = digest(bytes).await?;
        if found != expected {
            return Err(corrupt(key, expected, found, found_bytes));
        }
        Ok(())
    }

    /// Content and the digest noted beside it, neither believed yet.
    async fn fetch(&self, key: &ObjectKey) -> Result<(Bytes, Option<Sha256>), ObjectError> {
        let request = self.client.get_object().bucket(&self.bucket);
        let object = request
            .key(key.as_str())
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        let noted = object
            .metadata()
            .and_then(|metadata| metadata.get(DIGEST_METADATA))
            .and_then(|digest| digest.parse().ok());
        let content = tokio::time::timeout(ATTEMPT_TIMEOUT, collect(object.body))
            .await
            .map_err(|_| unavailable("the content does not come in time"))??;
        Ok((content, noted))
    }
    /// What a failed call means to callers. The text is for operators: status, code and message, no headers and no keys.
    fn failure<E>(&self, error: SdkError<E, HttpResponse>) -> ObjectError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let SdkError::ServiceError(refusal) = &error else {
            return unavailable(chain(&error));
        };
        let status = refusal.raw().status().as_u16();
        match (status, refusal.err().code()) {
            (_, Some("NoSuchBucket")) => self.no_bucket(),
            (404, _) => ObjectError::NotFound,
            (507, _) => ObjectError::Full,
            // an answer to HEAD says no more than its status
            (403, None) => unavailable("403: the keys are wrong, or have no right to this bucket"),
            (_, code) => {
                let message = refusal.err().message().unwrap_or("no message");
                unavailable(format_args!(
                    "{status} {}: {message}",
                    code.unwrap_or("no code")
                ))
            }
        }
    }

    fn no_bucket(&self) -> ObjectError {
        unavailable(format_args!("there is no bucket {}", self.bucket))
    }
}

async fn collect(mut body: ByteStream) -> Result<Bytes, ObjectError> {
    let mut content = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| unavailable(chain(&error)))?;
        if (content.len() + chunk.len()) as u64 > OBJECT_BYTES_MAX {
            return Err(ObjectError::TooLarge {
                object_bytes_max: OBJECT_BYTES_MAX,
            });
        }
        if content.is_empty() && body.size_hint().1 == Some(0) {
            return Ok(chunk);
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content.freeze())
}

/// Off the runtime's threads: 15 MiB take long enough to hold up others.
async fn digest(bytes: Bytes) -> Result<Sha256, ObjectError> {
    tokio::task::spawn_blocking(move || Sha256::of(&bytes))
        .await
        .map_err(unavailable)
}

fn unavailable(reason: impl fmt::Display) -> ObjectError {
    ObjectError::Unavailable(reason.to_string())
}

fn corrupt(key: &ObjectKey, expected: Sha256, found: Sha256, found_bytes: usize) -> ObjectError {
    ObjectError::Corrupt {
        key: key.to_string(),
        expected,
        found,
        found_bytes: found_bytes as u64,
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
