//! Reference pictures of questions, as far as a checklist knows them: by digest, type and size.
//!
//! Not here: where their bytes lie (the `checklists` feature), and how many a question may have (`rules/pictures.rs`).

use crate::domain::ids::Sha256;

/// Bytes of one reference picture: phones fetch it before the visit, over any line.
pub const PICTURE_BYTES_MAX: u64 = 512 * 1024;

/// What a checklist says of a picture's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    pub sha256: Sha256,
    pub media_type: String,
    pub size_bytes: u64,
}

/// Looks up the files that a checklist names.
pub trait Pictures {
    /// # Errors
    /// Why there is no such picture, as the end of a sentence that begins with the file's name.
    fn find(&self, file: &str) -> Result<PictureFacts, String>;
}

/// No files at hand: every picture is refused.
#[derive(Clone, Copy, Debug)]
pub struct NoPictures;

impl Pictures for NoPictures {
    fn find(&self, _file: &str) -> Result<PictureFacts, String> {
        Err("cannot be looked up here, where only the text of the checklist is at hand".to_owned())
    }
}
