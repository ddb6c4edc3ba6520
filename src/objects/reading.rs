//! Reads an object from its first byte to its last. A line that breaks in the middle costs what was not read yet: the
//! rest is asked for as a range.
//!
//! Not here: what the digest must be (`client`). A server that gives other bytes under the same key in the middle of
//! things is found out by it.

use std::time::Duration;

use bytes::Bytes;
use sha2::Digest as _;

use super::client::{DIGEST_METADATA, Objects};
use super::connection::ATTEMPT_TIMEOUT;
use super::error::{chain, unavailable};
use super::{OBJECT_BYTES_MAX, ObjectError, ObjectKey, Trouble};
use crate::domain::ids::Sha256;

/// How often one reading may break off.
const BREAKS_MAX: u32 = 3;
const PAUSE_MAX: Duration = Duration::from_millis(400);
/// At most so much is handed on at a time: what is done with it may take a millisecond before others get their turn.
const PIECE_BYTES: usize = 1 << 20;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hashed {
    pub sha256: Sha256,
    pub content_bytes: u64,
}

/// How far a reading came.
enum Came {
    ToTheEnd,
    /// And how many bytes there are in all.
    BrokeOff(u64, ObjectError),
}

impl Objects {
    /// Size and digest of the content of `key`, which is not kept, and the digest noted beside it.
    pub(super) async fn hash(
        &self,
        key: &ObjectKey,
    ) -> Result<(Hashed, Option<Sha256>), ObjectError> {
        let mut hasher = sha2::Sha256::new();
        let mut content_bytes = 0;
        let noted = self
            .read(key, |piece| {
                content_bytes += piece.len() as u64;
                hasher.update(&piece);
            })
            .await?;
        let sha256 = Sha256(hasher.finalize().into());
        Ok((
            Hashed {
                sha256,
                content_bytes,
            },
            noted,
        ))
    }

    /// Hands the content of `key` to `take`, piece by piece; the digest noted beside it. Nothing of it is believed yet.
    pub(super) async fn read(
        &self,
        key: &ObjectKey,
        mut take: impl FnMut(Bytes),
    ) -> Result<Option<Sha256>, ObjectError> {
        let mut at_bytes = 0;
        let mut noted = None;
        let mut whole_bytes = None;
        for broken in 0.. {
            let came = self
                .read_on(key, &mut at_bytes, whole_bytes, &mut noted, &mut take)
                .await?;
            match came {
                Came::ToTheEnd => break,
                Came::BrokeOff(_, error) if broken == BREAKS_MAX => return Err(error),
                Came::BrokeOff(bytes, _) => whole_bytes = Some(bytes),
            }
            // drawn by lot, so that those whom one fault has broken do not come back all at once
            tokio::time::sleep(PAUSE_MAX.mul_f64(rand::random())).await;
        }
        Ok(noted)
    }

    async fn read_on(
        &self,
        key: &ObjectKey,
        at_bytes: &mut u64,
        whole_bytes: Option<u64>,
        noted: &mut Option<Sha256>,
        take: &mut impl FnMut(Bytes),
    ) -> Result<Came, ObjectError> {
        let rest = whole_bytes.map(|bytes| format!("bytes={at_bytes}-{}", bytes - 1));
        let mut object = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .set_range(rest)
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        if whole_bytes.is_some() && object.content_range().is_none() {
            // it does not know ranges and begins anew, and what was taken cannot be given back
            return Err(unavailable(
                Trouble::Refused,
                "it does not give a part of an object",
            ));
        }
        if whole_bytes.is_none() {
            *noted = object
                .metadata()
                .and_then(|metadata| metadata.get(DIGEST_METADATA))
                .and_then(|digest| digest.parse().ok());
        }
        let announced = object
            .content_length()
            .and_then(|bytes| u64::try_from(bytes).ok());
        let end_bytes = whole_bytes.or(announced);
        let reading = async {
            while let Some(piece) = object.body.next().await {
                let mut came =
                    piece.map_err(|error| unavailable(Trouble::NoAnswer, chain(&error)))?;
                *at_bytes += came.len() as u64;
                if *at_bytes > OBJECT_BYTES_MAX {
                    return Err(ObjectError::TooLarge {
                        object_bytes_max: OBJECT_BYTES_MAX,
                    });
                }
                while came.len() > PIECE_BYTES {
                    take(came.split_to(PIECE_BYTES));
                    tokio::task::yield_now().await;
                }
                take(came);
            }
            Ok(())
        };
        let outcome = tokio::time::timeout(ATTEMPT_TIMEOUT, reading)
            .await
            .unwrap_or_else(|_| {
                Err(unavailable(
                    Trouble::NoAnswer,
                    "the content does not come in time",
                ))
            });
        match (outcome, end_bytes) {
            (Err(error @ ObjectError::Unavailable { .. }), Some(end)) if *at_bytes < end => {
                Ok(Came::BrokeOff(end, error))
            }
            (Err(error), _) => Err(error),
            (Ok(()), _) => Ok(Came::ToTheEnd),
        }
    }
}
