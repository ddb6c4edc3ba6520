//! What can be done with objects: put, get, head, delete.
//!
//! No server is believed. Some ignore checksums, some ignore conditions, and any may lie after a fault; so a put has
//! succeeded when its bytes have been read back and are the same, and a get gives only bytes that have the right digest.
//!
//! Not here: when to try again. The client repeats a request a few times within seconds; longer than that is the caller's job.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{SharedCredentialsProvider, SharedHttpClient};
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::{Bytes, BytesMut};

use super::calls::Calls;
use super::connection::{ATTEMPTS_MAX, connect, credentials, https};
use super::error::unavailable;
use super::presigned::Public;
use super::reading::Hashed;
use super::{OBJECT_BYTES_MAX, ObjectError, ObjectKey, RemoteS3, Trouble, embedded};
use crate::domain::ids::Sha256;

/// An object larger than this is sent in parts of this size, so that a line that breaks costs a part and not the whole.
/// Servers refuse parts below 5 MiB.
const PART_BYTES: usize = 8 << 20;

/// The digest travels with each object in metadata of ours, because servers differ in which checksums they keep.
pub(super) const DIGEST_METADATA: &str = "sha256";

/// The way to all objects: a bucket and a client for it. Clones share their connections.
#[derive(Clone)]
pub struct Objects {
    pub(super) client: Client,
    pub(super) bucket: String,
    pub(super) keys: SharedCredentialsProvider,
    pub(super) public: Option<Arc<Public>>,
    /// Whether the server is in this process. Then there is no line that could break, and nothing goes in parts.
    pub(super) is_inside: bool,
    pub(super) calls: Calls,
    /// Cleared for good by a server that does not know `If-None-Match`.
    asks_if_absent: Arc<AtomicBool>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
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
        Ok(Self::inside(server))
    }

    /// A client for a server inside this process, which is reached by `http`.
    pub(super) fn inside(http: SharedHttpClient) -> Self {
        let keys = SharedCredentialsProvider::new(embedded::keys());
        let mut objects = Self::new(&embedded::server(), keys, http, 1);
        objects.is_inside = true;
        objects
    }

    /// A client for the server that `remote` names. Nothing is sent before the first call: ask [`Objects::probe`].
    ///
    /// # Errors
    /// [`ObjectError::CaFile`].
    pub async fn remote(remote: &RemoteS3) -> Result<Self, ObjectError> {
        let http = https(remote.ca_file.as_deref())?;
        let keys = credentials(remote).await?;
        Ok(Self::new(remote, keys, http, ATTEMPTS_MAX))
    }

    pub(super) fn new(
        server: &RemoteS3,
        keys: SharedCredentialsProvider,
        http: SharedHttpClient,
        attempts_max: u32,
    ) -> Self {
        Self {
            client: connect(server, keys.clone(), http.clone(), attempts_max),
            bucket: server.bucket.clone(),
            public: Public::of(server, &keys, http).map(Arc::new),
            keys,
            is_inside: false,
            calls: Calls::default(),
            asks_if_absent: Arc::new(AtomicBool::new(true)),
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
            return Err(corrupt(
                key,
                expected,
                Hashed {
                    sha256,
                    content_bytes: bytes.len() as u64,
                },
            ));
        }
        if !self.is_inside && bytes.len() > PART_BYTES {
            if self.size(key).await? == Some(bytes.len() as u64) && self.has(key, sha256).await? {
                return Ok(());
            }
            self.put_parts(key, bytes, PART_BYTES, content_type, sha256)
                .await?;
        } else {
            let put =
                |if_absent| self.put_whole(key, bytes.clone(), content_type, sha256, if_absent);
            if put(true).await? == Put::WasThere {
                if self.has(key, sha256).await? {
                    return Ok(());
                }
                put(false).await?;
            }
        }
        match self.read_back(key, sha256).await {
            Err(ObjectError::NotFound) => Err(unavailable(
                Trouble::Refused,
                "it took an object and does not have it",
            )),
            outcome => outcome,
        }
    }

    /// One request. `if_absent` is a wish, for the sake of what need not be written again: servers that know no
    /// conditions write all the same, and where keys name their content that does no harm.
    async fn put_whole(
        &self,
        key: &ObjectKey,
        bytes: Bytes,
        content_type: &str,
        sha256: Sha256,
        if_absent: bool,
    ) -> Result<Put, ObjectError> {
        let if_absent = if_absent && self.asks_if_absent.load(Ordering::Relaxed);
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .checksum_sha256(BASE64.encode(sha256.0))
            .metadata(DIGEST_METADATA, sha256.to_string())
            .set_if_none_match(if_absent.then(|| "*".to_owned()))
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await;
        let Err(error) = put else {
            return Ok(Put::Written);
        };
        if if_absent && let SdkError::ServiceError(refusal) = &error {
            match (refusal.raw().status().as_u16(), refusal.err().code()) {
                // 409: somebody else is writing the same at this moment
                (412, _) | (409, Some("ConditionalRequestConflict")) => return Ok(Put::WasThere),
                (501, _) | (_, Some("NotImplemented")) => {
                    self.asks_if_absent.store(false, Ordering::Relaxed);
                    return Ok(Put::WasThere);
                }
                _ => {}
            }
        }
        Err(self.failure(error))
    }

    /// Whether `key` is there with this content. Damage is told to the log: whoever asks is about to mend it.
    async fn has(&self, key: &ObjectKey, sha256: Sha256) -> Result<bool, ObjectError> {
        match self.read_back(key, sha256).await {
            Ok(()) => Ok(true),
            Err(ObjectError::NotFound) => Ok(false),
            Err(error @ ObjectError::Corrupt { .. }) => {
                tracing::warn!(%key, %error, "a damaged object is written again");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The content of `key`, checked against the digest that it was put with.
    pub async fn get(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        self.calls.watch("get", self.get_checked(key)).await
    }

    async fn get_checked(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        let mut pieces = Vec::new();
        let noted = self.read(key, |piece| pieces.push(piece)).await?;
        let content = match <[Bytes; 1]>::try_from(pieces) {
            Ok([whole]) => whole,
            Err(pieces) => {
                let mut content = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
                pieces
                    .iter()
                    .for_each(|piece| content.extend_from_slice(piece));
                content.freeze()
            }
        };
        let found = Hashed {
            sha256: digest(content.clone()).await?,
            content_bytes: content.len() as u64,
        };
        match key.content_sha256().or(noted) {
            Some(expected) if expected != found.sha256 => Err(corrupt(key, expected, found)),
            _ => Ok(content),
        }
    }

    /// Reads `key` through without keeping it and compares it with the digest that it was put with; its size in bytes.
    pub async fn check(&self, key: &ObjectKey) -> Result<u64, ObjectError> {
        self.calls.watch("check", self.read_and_compare(key)).await
    }

    async fn read_and_compare(&self, key: &ObjectKey) -> Result<u64, ObjectError> {
        let (found, noted) = self.hash(key).await?;
        match key.content_sha256().or(noted) {
            Some(expected) if expected != found.sha256 => Err(corrupt(key, expected, found)),
            _ => Ok(found.content_bytes),
        }
    }

    async fn read_back(&self, key: &ObjectKey, expected: Sha256) -> Result<(), ObjectError> {
        let (found, _) = self.hash(key).await?;
        if found.sha256 != expected {
            return Err(corrupt(key, expected, found));
        }
        Ok(())
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
}

/// What came of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Put {
    Written,
    /// Or the server does not know what it was asked: then nothing was written either.
    WasThere,
}

/// Off the runtime's threads: 15 MiB take long enough to hold up others.
async fn digest(bytes: Bytes) -> Result<Sha256, ObjectError> {
    tokio::task::spawn_blocking(move || Sha256::of(&bytes))
        .await
        .map_err(|error| unavailable(Trouble::Refused, error))
}

fn corrupt(key: &ObjectKey, expected: Sha256, found: Hashed) -> ObjectError {
    ObjectError::Corrupt {
        key: key.to_string(),
        expected,
        found: found.sha256,
        found_bytes: found.content_bytes,
    }
}
