//! What objects are called. Keys are made here and nowhere else, so that no caller can reach into another agency's objects.

use std::fmt;

use uuid::Uuid;

use crate::domain::ids::{AgencyId, BundleId, Sha256};
use crate::domain::photo::RenditionSize;

/// The name of one object. Its agency comes first, so that all that an agency has stands under one prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    path: String,
    content: Option<Sha256>,
}

/// What an object is, as its key says. All digests are of the photo as it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Evidence,
    Rendition(RenditionSize),
    /// What is seen outside the agency, with parts covered, while the redactions have this version.
    Published(i32, RenditionSize),
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

    /// A piece of a bundle of PDFs, counted from 0, as one run of its job made it.
    pub fn bundle(agency: AgencyId, bundle: BundleId, run: Uuid, piece: u32) -> Self {
        Self {
            path: format!("agencies/{agency}/bundles/{bundle}/{run}/{piece:05}"),
            content: None,
        }
    }

    /// Whose piece of which bundle a name is; nothing for any other name.
    pub fn parse_bundle(name: &str) -> Option<(AgencyId, BundleId, Uuid, u32)> {
        let mut parts = name.strip_prefix("agencies/")?.split('/');
        let agency = parts.next()?.parse().ok()?;
        parts.next().filter(|kind| *kind == "bundles")?;
        let bundle = parts.next()?.parse().ok()?;
        let run = parts.next()?.parse().ok()?;
        let piece = parts.next()?.parse().ok()?;
        (Self::bundle(agency, bundle, run, piece).path == name)
            .then_some((agency, bundle, run, piece))
    }

    /// The key behind a name in a bucket, with whose it is and what; nothing for a name that is not made here.
    pub fn parse(name: &str) -> Option<(Self, AgencyId, Sha256, ObjectKind)> {
        let mut parts = name.strip_prefix("agencies/")?.split('/');
        let agency: AgencyId = parts.next()?.parse().ok()?;
        let kind = parts.next()?;
        let sha256: Sha256 = parts.next()?.parse().ok()?;
        let (key, kind) = match kind {
            "evidence" => (Self::evidence(agency, sha256), ObjectKind::Evidence),
            "renditions" => {
                let size = size_of(parts.next()?)?;
                let key = Self::rendition(agency, sha256, size);
                (key, ObjectKind::Rendition(size))
            }
            "published" => {
                let version = parts.next()?.parse().ok()?;
                let size = size_of(parts.next()?)?;
                let key = Self::published(agency, sha256, version, size);
                (key, ObjectKind::Published(version, size))
            }
            _ => return None,
        };
        // ids and digests can be written in more ways than one
        (key.path == name).then_some((key, agency, sha256, kind))
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

fn size_of(file: &str) -> Option<RenditionSize> {
    [RenditionSize::Large, RenditionSize::Small]
        .into_iter()
        .find(|size| file == format!("{}.jpg", size.longest_side_px()))
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
    fn keys_differ_by_agency_photo_and_size_and_can_be_read_again() {
        let agencies = [uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2)].map(AgencyId);
        let photos = [Sha256::of(b"one"), Sha256::of(b"two")];
        let mut keys = std::collections::HashSet::new();
        for agency in agencies {
            for photo in photos {
                let large = RenditionSize::Large;
                let small = RenditionSize::Small;
                let made = [
                    (ObjectKey::evidence(agency, photo), ObjectKind::Evidence),
                    (
                        ObjectKey::rendition(agency, photo, large),
                        ObjectKind::Rendition(large),
                    ),
                    (
                        ObjectKey::rendition(agency, photo, small),
                        ObjectKind::Rendition(small),
                    ),
                    (
                        ObjectKey::published(agency, photo, 1, small),
                        ObjectKind::Published(1, small),
                    ),
                    (
                        ObjectKey::published(agency, photo, 2, small),
                        ObjectKind::Published(2, small),
                    ),
                    (
                        ObjectKey::published(agency, photo, 2, large),
                        ObjectKind::Published(2, large),
                    ),
                ];
                for (key, kind) in made {
                    assert!(key.as_str().starts_with(&format!("agencies/{agency}/")));
                    let read = ObjectKey::parse(key.as_str());
                    assert_eq!(read, Some((key.clone(), agency, photo, kind)));
                    assert!(keys.insert(key));
                }
            }
        }
        assert_eq!(keys.len(), 24);
    }

    #[test]
    fn a_piece_of_a_bundle_is_no_photo_and_the_other_way_round() {
        let [agency, bundle, run] = [1, 2, 3].map(Uuid::from_u128);
        let (agency, bundle) = (AgencyId(agency), BundleId(bundle));
        let key = ObjectKey::bundle(agency, bundle, run, 123_456);
        assert_eq!(
            ObjectKey::parse_bundle(key.as_str()),
            Some((agency, bundle, run, 123_456))
        );
        assert_eq!(ObjectKey::parse(key.as_str()), None);
        let photo = ObjectKey::evidence(agency, Sha256::of(b"one"));
        for name in [
            photo.to_string(),
            format!("{key}/more"),
            ObjectKey::bundle(agency, bundle, run, 1)
                .as_str()
                .replace("00001", "1"),
        ] {
            assert_eq!(ObjectKey::parse_bundle(&name), None, "{name}");
        }
    }

    #[test]
    fn what_is_no_key_is_not_read_as_one() {
        let agency = AgencyId(uuid::Uuid::from_u128(1));
        let key = ObjectKey::evidence(agency, Sha256::of(b"one"));
        let upper = key
            .as_str()
            .replace(&Sha256::of(b"one").to_string(), "A".repeat(64).as_str());
        for name in [
            "",
            "readme.txt",
            "agencies/",
            &format!("agencies/{agency}/evidence/"),
            &format!("{key}/"),
            &format!("{key}/more"),
            &format!("/{key}"),
            &upper,
            &format!("agencies/{agency}/renditions/{}/640.jpg", Sha256::of(b"")),
            &format!("agencies/{agency}/published/{}/02/320.jpg", Sha256::of(b"")),
            &format!("agencies/{agency}/secrets/{}", Sha256::of(b"")),
        ] {
            assert_eq!(ObjectKey::parse(name), None, "{name}");
        }
    }
}
