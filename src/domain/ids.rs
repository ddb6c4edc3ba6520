//! Names of things: one newtype for each kind of id, so that a visit's id cannot stand where an audit's is wanted.
//!
//! Not here: how ids are made (`clock.rs` and the phone do that) and how they are stored (`db/values.rs`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// The tenant.
    AgencyId,
    /// A person who signs in, whatever their role.
    PersonId,
    /// One sign-in on one device.
    SessionId,
    /// A brand that is shopped.
    ClientId,
    /// A node in a client's tree.
    RegionId,
    /// One branch or helpline.
    LocationId,
    /// Which checklist is shopped where, when, for what pay.
    CampaignId,
    /// One assignment of a location to a shopper.
    VisitId,
    /// What came back from a visit; made on the phone, opaque here.
    AuditId,
    /// An audit as its client sees it; made by the server at publication and unrelated to [`AuditId`].
    PublishedAuditId,
    /// A word from a reviewer to a shopper about one audit.
    FeedbackId,
    /// Two photos of two audits that are the same or nearly so.
    PhotoPairId,
    /// A reweighting that is tried out on old audits.
    WhatIfId,
    /// The PDFs of several audits in one file.
    BundleId,
    /// A unit of background work.
    JobId,
    /// An address that events are posted to.
    WebhookId,
}

/// A SHA-256 digest; written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

/// Text that is not 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written as 64 hex digits")]
pub struct NotASha256;

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = NotASha256;
    fn from_str(text: &str) -> Result<Self, NotASha256> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotASha256)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_written_as_it_is_read() {
        let digest = Sha256::of(b"abc");
        let text = digest.to_string();
        assert!(text.starts_with("ba7816bf"));
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!("ba78".parse::<Sha256>(), Err(NotASha256));
        assert_eq!("zz".repeat(32).parse::<Sha256>(), Err(NotASha256));
    }
}
