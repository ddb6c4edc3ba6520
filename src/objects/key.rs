//! What objects are called. Keys are made here and nowhere else, so that no caller can reach into another agency's objects.

use std::fmt;

use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::RenditionSize;

/// The name of one object. Its agency comes first, so that all that an agency has stands under one prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    path: String,
    content: Option<Sha256>,
}

impl ObjectKey {
    /// A photo as it was taken, named by its own digest.
    pub fn evidence(agency: AgencyId, sha256: Sha256) -> Self {
        Self {
            path: format!("agencies/{agency}/evidence/{sha256}"),
            content: Some(sha256),
        }
    }

    /// A published copy of the photo whose digest is `original`.
    pub fn rendition(agency: AgencyId, original: Sha256, size: RenditionSize) -> Self {
        let longest_side_px = size.longest_side_px();
        Self {
            path: format!("agencies/{agency}/renditions/{original}/{longest_side_px}.jpg"),
            content: None,
        }
    }

    /// What is published of the photo whose digest is `original` while its redactions have that version.
    pub fn published(
        agency: AgencyId,
        original: Sha256,
        version: i32,
        size: RenditionSize,
    ) -> Self {
        let longest_side_px = size.longest_side_px();
        Self {
            path: format!("agencies/{agency}/published/{original}/{version}/{longest_side_px}.jpg"),
            content: None,
        }
    }

    /// The key as S3 knows it.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The digest that the content must have, where the key says it.
    pub(super) fn content_sha256(&self) -> Option<Sha256> {
        self.content
    }

    /// A key of any text, to try a server with.
    #[cfg(test)]
    pub(super) fn of_text(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            content: None,
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_agency_photo_and_size() {
        let agencies = [uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2)].map(AgencyId);
        let photos = [Sha256::of(b"one"), Sha256::of(b"two")];
        let mut keys = std::collections::HashSet::new();
        for agency in agencies {
            for photo in photos {
                let made = [
                    ObjectKey::evidence(agency, photo),
                    ObjectKey::rendition(agency, photo, RenditionSize::Large),
                    ObjectKey::rendition(agency, photo, RenditionSize::Small),
                    ObjectKey::published(agency, photo, 1, RenditionSize::Small),
                    ObjectKey::published(agency, photo, 2, RenditionSize::Small),
                    ObjectKey::published(agency, photo, 2, RenditionSize::Large),
                ];
                for key in made {
                    assert!(key.as_str().starts_with(&format!("agencies/{agency}/")));
                    assert!(keys.insert(key.to_string()));
                }
            }
        }
        assert_eq!(keys.len(), 24);
    }
}
