//! SHA-256 as the protocol writes it: 64 hex digits as a name, base64 in headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// 64 hex digits: how documents, photos, checklists and pictures are named.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The value of `Content-Digest` (RFC 9530) for these bytes, as they go over the line.
pub fn content_digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(bytes)))
}

/// The value of tus' `Upload-Checksum` for a chunk.
pub fn upload_checksum(bytes: &[u8]) -> String {
    format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_the_rfc_writes_it() {
        // RFC 9530, B.1.
        let digest = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        assert_eq!(content_digest(b"{\"hello\": \"world\"}\n"), digest);
    }
}
