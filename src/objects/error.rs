//! What can go wrong with objects, as callers must tell it apart.

use crate::domain::ids::Sha256;

/// What can go wrong with objects.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("there is no such object")]
    NotFound,
    /// The server does not answer, or not as it should, or refuses the credentials: it may pass, try again later.
    #[error("the objects are not available: {0}")]
    Unavailable(String),
    /// Writing may be tried again when there is room; reading goes on.
    #[error("there is no room for more objects")]
    Full,
    /// The object is there, but its content is not what was put.
    #[error(
        "the object {key} is damaged: {found_bytes} bytes with digest {found}, expected {expected}"
    )]
    Corrupt {
        key: String,
        expected: Sha256,
        found: Sha256,
        found_bytes: u64,
    },
    #[error("an object of more than {object_bytes_max} bytes")]
    TooLarge { object_bytes_max: u64 },
    /// Only when the embedded server is opened.
    #[error("the folder {folder} cannot be used for objects: {source}")]
    Folder {
        folder: String,
        source: std::io::Error,
    },
}
