//! The reference pictures that a checklist file names, looked up in the folder in which it lies.
//!
//! Not here: how many a checklist may have (`domain/checklist/rules`), and where the pictures of published versions are kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use super::service::NewPicture;
use crate::domain::checklist::{PICTURE_BYTES_MAX, PictureFacts, Pictures};
use crate::domain::ids::Sha256;
use crate::domain::photo::{PhotoLimits, PhotoRefusal, sniff};

/// A phone decodes every one of them.
const PICTURE_PIXELS_MAX: u64 = 16_000_000;

/// A picture with what a checklist says of it.
type Found = (PictureFacts, NewPicture);

/// The folder of a checklist file. Nothing outside it is read, whatever a checklist names.
#[derive(Debug)]
pub struct PictureFolder {
    folder: PathBuf,
    /// By real path, so that a file is read once however often it is named.
    known: RefCell<BTreeMap<PathBuf, Result<Found, String>>>,
}

impl PictureFolder {
    /// The folder that `checklist` lies in.
    pub fn beside(checklist: &Path) -> Self {
        let folder = match checklist.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        Self {
            folder: folder.to_owned(),
            known: RefCell::default(),
        }
    }

    /// Every picture that was found, ready to be published with its checklist.
    pub fn into_pictures(self) -> Vec<NewPicture> {
        let found = self.known.into_inner().into_values().flatten();
        found.map(|(_, picture)| picture).collect()
    }

    /// Where the file really lies, symbolic links followed.
    fn inside(&self, file: &str) -> Result<PathBuf, String> {
        let named = Path::new(file);
        let plain = |component: Component<'_>| matches!(component, Component::Normal(_));
        if file.is_empty() || file.contains(['\\', '\0']) || !named.components().all(plain) {
            return Err(
                "has to be in the checklist's own folder; write it like pictures/table.jpg"
                    .to_owned(),
            );
        }
        let missing =
            |_| "is not there; it is looked for from the checklist's own folder".to_owned();
        let folder = self.folder.canonicalize().map_err(missing)?;
        let path = folder.join(named).canonicalize().map_err(missing)?;
        if path.starts_with(&folder) {
            Ok(path)
        } else {
            Err("leads out of the checklist's own folder".to_owned())
        }
    }
}

impl Pictures for PictureFolder {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        let path = self.inside(file)?;
        let mut known = self.known.borrow_mut();
        match known.entry(path).or_insert_with_key(|path| read(path)) {
            Ok((facts, _)) => Ok(facts.clone()),
            Err(refusal) => Err(refusal.clone()),
        }
    }
}

fn read(path: &Path) -> Result<Found, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err("is a folder, not a picture".to_owned());
    }
    let too_large = |bytes: u64| {
        format!("has {bytes} bytes; a reference picture has at most {PICTURE_BYTES_MAX}")
    };
    if metadata.len() > PICTURE_BYTES_MAX {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    file.take(PICTURE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let limits = PhotoLimits {
        photo_bytes_max: PICTURE_BYTES_MAX,
        photo_pixels_max: PICTURE_PIXELS_MAX,
    };
    let facts = sniff(&bytes, &limits).map_err(|refusal| match refusal {
        PhotoRefusal::NotAPicture => "is no JPEG, PNG or WebP picture, whatever its name says".to_owned(),
        PhotoRefusal::TooLarge { photo_bytes, .. } => too_large(photo_bytes),
        PhotoRefusal::TooManyPixels { width_px, height_px, .. } => format!(
            "has {width_px} × {height_px} pixels; a reference picture has at most {PICTURE_PIXELS_MAX} in all"
        ),
        PhotoRefusal::Truncated | PhotoRefusal::Damaged => "is damaged".to_owned(),
        PhotoRefusal::Unsupported => "is a moving picture, or a rare kind of JPEG; save it anew as a plain JPEG".to_owned(),
    })?;
    let media_type = facts.format.media_type().to_owned();
    let facts = PictureFacts {
        sha256: Sha256::of(&bytes),
        media_type: media_type.clone(),
        size_bytes: bytes.len() as u64,
    };
    Ok((facts, NewPicture { media_type, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0\0\0\0\0";

    fn folder() -> (tempfile::TempDir, PictureFolder) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("list/pictures")).unwrap();
        std::fs::write(folder.path().join("list/pictures/table.jpg"), PNG).unwrap();
        std::fs::write(folder.path().join("secret.png"), PNG).unwrap();
        let pictures = PictureFolder::beside(&folder.path().join("list/v1.yaml"));
        (folder, pictures)
    }

    #[test]
    fn knows_a_picture_by_its_bytes_and_not_by_its_name() {
        let (_folder, pictures) = folder();
        let facts = pictures.find("pictures/table.jpg").unwrap();
        assert_eq!(facts.media_type, "image/png");
        assert_eq!(facts.size_bytes, PNG.len() as u64);
        assert_eq!(facts.sha256, Sha256::of(PNG));
        assert_eq!(pictures.find("pictures//table.jpg"), Ok(facts));
        let found = pictures.into_pictures();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].media_type.as_str(), found[0].bytes.as_slice()),
            ("image/png", PNG)
        );
    }

    #[test]
    fn reads_nothing_outside_its_folder() {
        let (folder, pictures) = folder();
        let outside = folder.path().join("secret.png");
        for escape in [
            "../secret.png",
            "pictures/../../secret.png",
            outside.to_str().unwrap(),
            "",
            ".",
            "a\\b",
            "a\0b",
        ] {
            let refusal = pictures.find(escape).unwrap_err();
            assert!(refusal.contains("own folder"), "{escape}: {refusal}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, folder.path().join("list/link.png")).unwrap();
            assert_eq!(
                pictures.find("link.png").unwrap_err(),
                "leads out of the checklist's own folder"
            );
        }
    }

    #[test]
    fn says_why_a_file_is_no_picture() {
        let (folder, pictures) = folder();
        let list = folder.path().join("list");
        let write = |name: &str, bytes: &[u8]| std::fs::write(list.join(name), bytes).unwrap();
        write("text.jpg", b"not at all");
        write("cut.png", &PNG[..18]);
        write("large.png", &vec![0; 512 * 1024 + 1]);
        let mut wide = PNG.to_vec();
        wide[17] = 0xff;
        write("wide.png", &wide);
        for (file, wanted) in [
            ("none.jpg", "is not there"),
            ("pictures", "is a folder"),
            ("text.jpg", "is no JPEG, PNG or WebP"),
            ("cut.png", "is damaged"),
            ("large.png", "has 524289 bytes"),
            ("wide.png", "16711682 × 3 pixels"),
        ] {
            let refusal = pictures.find(file).unwrap_err();
            assert!(refusal.contains(wanted), "{file}: {refusal}");
        }
    }
}
