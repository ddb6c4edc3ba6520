//! The keys that sign receipts: one signs, one may be announced to follow it, and those that have signed before are told
//! for as long as phones keep work.
//!
//! What is in the table holds. Each node keeps what it has read for a minute, so a key that signs from a later moment on is
//! known to all of them before the first receipt bears it; that a node reads late harms nothing, since whichever key it
//! signs with, the others tell it. Not here: what a receipt says (`audits/receipt.rs`).

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _};
use rand::RngExt as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use crate::db::entities::{installation, receipt_key};
use crate::db::{Db, DbError};

/// How long a node goes by what it has read.
const READ_AGAIN_AFTER_MS: i64 = 60 * 1000;
/// A new key signs no sooner than this: every node has read it by then.
pub const ANNOUNCED_FOR_MS_MIN: i64 = 2 * READ_AGAIN_AFTER_MS;
/// How long a key is told after the last receipt that it has signed: phones keep what they have handed in for 30 days.
const TOLD_FOR_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// What a node's clock, or its last reading of the keys, may be behind another's.
const BEHIND_MS_MAX: i64 = 24 * 60 * 60 * 1000;

const ALGORITHM: &str = "ed25519:";

/// The keys as this node has last read them.
#[derive(Debug)]
pub struct ReceiptKeys {
    last_read: RwLock<(i64, Arc<Keys>)>,
    reading: tokio::sync::Mutex<()>,
}

/// All keys as they were read at one moment; by when they begin to sign, and at least one.
#[derive(Debug)]
pub struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    signs_from_ms: i64,
    private: SigningKey,
}

/// What [`rotate`] has done.
#[derive(Debug)]
pub struct Announced {
    /// As phones are told it.
    pub public_key: String,
    pub signs_from_ms: i64,
}

/// Makes a new key that is announced from now on, and signs in `after_ms`, which is [`ANNOUNCED_FOR_MS_MIN`] or more.
///
/// # Errors
/// That `after_ms` is too short, that a key is announced already; whatever the database says.
pub async fn rotate(db: &Db, now_ms: i64, after_ms: i64) -> anyhow::Result<Announced> {
    anyhow::ensure!(
        after_ms >= ANNOUNCED_FOR_MS_MIN,
        "nodes look for new keys once a minute: a key has to be announced for {} minutes at least",
        ANNOUNCED_FOR_MS_MIN / 60_000
    );
    let (signs_from_ms, private) = (now_ms + after_ms, drawn());
    let public_key = public(&private);
    db.write(move |txn| {
        Box::pin(async move {
            // One at a time.
            installation::Entity::find()
                .lock_exclusive()
                .one(txn)
                .await
                .map_err(DbError::from)?;
            let newest = Keys::read(txn).await?.newest_signs_from_ms();
            anyhow::ensure!(
                newest <= now_ms,
                "a new key is announced already: it signs from {} on",
                crate::http::views::instant(newest)
            );
            Ok(insert(txn, signs_from_ms, &private).await?)
        })
    })
    .await?;
    Ok(Announced {
        public_key,
        signs_from_ms,
    })
}

/// Removes keys that are told no more; how many they were.
///
/// # Errors
/// As the database has them.
pub async fn forget_retired(db: &Db, now_ms: i64) -> Result<u64, DbError> {
    let keys = Keys::read(db.reader()).await?;
    let oldest_told = keys.told(now_ms).first().map_or(0, |key| key.signs_from_ms);
    if keys.0.iter().all(|key| key.signs_from_ms >= oldest_told) {
        return Ok(0);
    }
    db.write(move |txn| {
        Box::pin(async move {
            let gone = receipt_key::Entity::delete_many()
                .filter(receipt_key::Column::SignsFromMs.lt(oldest_told))
                .exec(txn)
                .await?;
            Ok(gone.rows_affected)
        })
    })
    .await
}

/// The key of an installation that is being made.
pub(super) async fn make_the_first(txn: &DatabaseTransaction) -> Result<(), DbError> {
    insert(txn, 0, &drawn()).await
}

async fn insert(
    txn: &DatabaseTransaction,
    signs_from_ms: i64,
    private: &SigningKey,
) -> Result<(), DbError> {
    let row = receipt_key::ActiveModel {
        signs_from_ms: Set(signs_from_ms),
        private_key: Set(private.to_bytes().to_vec()),
    };
    receipt_key::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn drawn() -> SigningKey {
    let bytes: [u8; 32] = rand::rng().random();
    SigningKey::from_bytes(&bytes)
}

fn public(key: &SigningKey) -> String {
    format!(
        "{ALGORITHM}{}",
        STANDARD.encode(key.verifying_key().to_bytes())
    )
}

impl ReceiptKeys {
    /// # Errors
    /// As the database has them.
    pub async fn load(db: &Db, now_ms: i64) -> Result<Self, DbError> {
        let keys = Keys::read(db.reader()).await?;
        Ok(Self {
            last_read: RwLock::new((now_ms, Arc::new(keys))),
            reading: tokio::sync::Mutex::default(),
        })
    }

    /// The keys, read anew when they were read a minute ago. One caller reads while others go by what is known; a database
    /// that does not answer changes nothing.
    pub async fn current(&self, db: &Db, now_ms: i64) -> Arc<Keys> {
        if self.is_old(now_ms)
            && let Ok(_reading) = self.reading.try_lock()
            && self.is_old(now_ms)
        {
            match Keys::read(db.reader()).await {
                Ok(keys) => {
                    let mut last_read = self
                        .last_read
                        .write()
                        .unwrap_or_else(PoisonError::into_inner);
                    *last_read = (now_ms, Arc::new(keys));
                }
                Err(error) => tracing::warn!(%error, "the keys of receipts could not be read anew"),
            }
        }
        Arc::clone(&self.known().1)
    }

    fn is_old(&self, now_ms: i64) -> bool {
        (now_ms - self.known().0).abs() >= READ_AGAIN_AFTER_MS
    }

    fn known(&self) -> std::sync::RwLockReadGuard<'_, (i64, Arc<Keys>)> {
        self.last_read
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    async fn read(db: &impl ConnectionTrait) -> Result<Self, DbError> {
        let rows = receipt_key::Entity::find()
            .order_by_asc(receipt_key::Column::SignsFromMs)
            .all(db)
            .await?;
        let keys = rows.into_iter().map(|row| {
            let bytes = row.private_key.try_into();
            let bytes: [u8; 32] =
                bytes.map_err(|_| DbError::Corrupt("a receipt key has not 32 bytes".to_owned()))?;
            Ok(Key {
                signs_from_ms: row.signs_from_ms,
                private: SigningKey::from_bytes(&bytes),
            })
        });
        let keys = keys.collect::<Result<Vec<_>, DbError>>()?;
        if keys.is_empty() {
            return Err(DbError::Corrupt("there is no receipt key".to_owned()));
        }
        Ok(Self(keys))
    }

    /// `ed25519:` and the signature of `bytes` in base64, by the key that signs at `at_ms`; the same bytes at the same
    /// moment always give the same text.
    pub fn sign(&self, at_ms: i64, bytes: &[u8]) -> String {
        let signature = self.signing(at_ms).private.sign(bytes);
        format!("{ALGORITHM}{}", STANDARD.encode(signature.to_bytes()))
    }

    /// `ed25519:` and, in base64, the public half of the key that signs at `at_ms`.
    pub fn signing_key(&self, at_ms: i64) -> String {
        public(&self.signing(at_ms).private)
    }

    /// All keys that a receipt may bear that a phone sees from `now_ms` on, each as [`Self::signing_key`] has it.
    pub fn told_keys(&self, now_ms: i64) -> Vec<String> {
        let told = self.told(now_ms).iter();
        told.map(|key| public(&key.private)).collect()
    }

    /// Whether phones are told, at `now_ms`, the key under which `bytes` were signed when they were received.
    pub fn can_check(
        &self,
        bytes: &[u8],
        signature: &str,
        received_at_ms: i64,
        now_ms: i64,
    ) -> bool {
        let told = self.told(now_ms);
        // Nearly always this is all there is to ask.
        if told.first().is_some_and(|oldest| {
            oldest.signs_from_ms == 0 || received_at_ms - oldest.signs_from_ms >= BEHIND_MS_MAX
        }) {
            return true;
        }
        let signature = signature
            .strip_prefix(ALGORITHM)
            .and_then(|text| STANDARD.decode(text).ok())
            .and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| {
            told.iter().any(|key| {
                let public = key.private.verifying_key();
                public.verify(bytes, &signature).is_ok()
            })
        })
    }

    fn signing(&self, at_ms: i64) -> &Key {
        let begun = self.0.partition_point(|key| key.signs_from_ms <= at_ms);
        &self.0[begun.saturating_sub(1)]
    }

    fn told(&self, now_ms: i64) -> &[Key] {
        let retired = |next: &Key| next.signs_from_ms + TOLD_FOR_MS <= now_ms;
        let dropped = self.0[1..].iter().take_while(|next| retired(next)).count();
        &self.0[dropped..]
    }

    fn newest_signs_from_ms(&self) -> i64 {
        self.0.last().map_or(0, |key| key.signs_from_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    fn keys(from_ms: &[i64]) -> Keys {
        let key = |(n, signs_from_ms): (usize, &i64)| Key {
            signs_from_ms: *signs_from_ms,
            private: SigningKey::from_bytes(&[u8::try_from(n).unwrap() + 1; 32]),
        };
        Keys(from_ms.iter().enumerate().map(key).collect())
    }

    #[test]
    fn each_moment_has_the_key_that_signs() {
        let keys = keys(&[0, 100, 200]);
        let all = keys.told_keys(0);
        for (at_ms, expected) in [(-5, 0), (0, 0), (99, 0), (100, 1), (199, 1), (200, 2)] {
            assert_eq!(keys.signing_key(at_ms), all[expected], "at {at_ms}");
        }
    }

    #[test]
    fn a_key_is_told_from_its_announcement_until_phones_have_let_go_of_what_it_signed() {
        let keys = keys(&[0, DAY_MS, 2 * DAY_MS]);
        let told = |now_ms| keys.told_keys(now_ms).len();
        assert_eq!(told(0), 3);
        assert_eq!(told(31 * DAY_MS - 1), 3);
        assert_eq!(told(31 * DAY_MS), 2);
        assert_eq!(told(32 * DAY_MS), 1);
        assert_eq!(told(9000 * DAY_MS), 1, "the one that signs stays");
    }

    #[test]
    fn what_a_dropped_key_signed_cannot_be_checked_any_more() {
        let keys = keys(&[0, DAY_MS]);
        let (words, later) = (b"words".as_slice(), 31 * DAY_MS);
        let old = keys.sign(0, words);
        let new = keys.sign(DAY_MS, words);
        assert!(keys.can_check(words, &old, 0, later - 1));
        assert!(!keys.can_check(words, &old, 0, later));
        assert!(keys.can_check(words, &new, DAY_MS, later));
        // A node that had not heard yet signed with the old one after its time.
        assert!(!keys.can_check(words, &old, DAY_MS + 1, later));
        assert!(!keys.can_check(words, "", 0, later));
    }
}
