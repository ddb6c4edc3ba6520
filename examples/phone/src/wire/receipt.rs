//! The server's signed word that it has an audit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Failure;

const ALGORITHM: &str = "ed25519:";

/// The members that matter to a phone. The receipt itself is its text, kept as it came.
#[derive(Clone, Debug, Deserialize)]
pub struct Receipt {
    pub audit: Uuid,
    /// Of the document's bytes, before any compression.
    pub sha256: String,
    pub epoch: String,
    pub number: i64,
    /// As it was on arrival: stored, complete or quarantined.
    pub state: String,
    pub photos_missing: Vec<String>,
}

/// Reads a receipt and sees to it that it is for this audit, these bytes, and of this server: signed with one of `keys`, if
/// there are any.
///
/// # Errors
/// [`Failure::Untrusted`] when none of the keys has signed it, [`Failure::Spoiled`] for what else is wrong: it acknowledges
/// nothing.
pub fn read(text: &str, audit: Uuid, sha256: &str, keys: &[String]) -> Result<Receipt, Failure> {
    let receipt: Receipt =
        serde_json::from_str(text).map_err(|_| Failure::Spoiled("no receipt".to_owned()))?;
    if receipt.audit != audit || receipt.sha256 != sha256 {
        return Err(Failure::Spoiled("a receipt for something else".to_owned()));
    }
    if !keys.is_empty() && !keys.iter().any(|key| is_signed(text, key)) {
        return Err(Failure::Untrusted);
    }
    Ok(receipt)
}

/// Whether `text` was signed with the private half of `key`: the signature is over the receipt's JSON without the member
/// `signature`, the others in the order in which they stand.
pub fn is_signed(text: &str, key: &str) -> bool {
    verified(text, key).is_some()
}

fn verified(text: &str, key: &str) -> Option<()> {
    let mut members: Map<String, Value> = serde_json::from_str(text).ok()?;
    let signature = members.shift_remove("signature")?;
    let signed = serde_json::to_string(&members).ok()?;
    let signature = Signature::from_bytes(&decoded(signature.as_str()?)?);
    let key = VerifyingKey::from_bytes(&decoded(key)?).ok()?;
    key.verify(signed.as_bytes(), &signature).ok()
}

fn decoded<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let bytes = STANDARD.decode(text.strip_prefix(ALGORITHM)?).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    const AUDIT: &str = "0199a000-0000-7000-8000-000000000001";

    /// A receipt and the key that it is signed with.
    fn signed() -> (String, String) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let unsigned = format!(
            r#"{{"audit":"{AUDIT}","sha256":"ab","epoch":"e","number":9007199254740993,"received_at":"t","state":"stored","photos_missing":["cd"]}}"#
        );
        let signature = STANDARD.encode(key.sign(unsigned.as_bytes()).to_bytes());
        let text = unsigned.replace('}', &format!(r#","signature":"ed25519:{signature}"}}"#));
        let public = STANDARD.encode(key.verifying_key().to_bytes());
        (text, format!("ed25519:{public}"))
    }

    #[test]
    fn is_the_servers_word_and_nobody_elses() {
        let (text, key) = signed();
        let key = [key];
        let audit = AUDIT.parse().unwrap();
        let receipt = read(&text, audit, "ab", &key).unwrap();
        assert_eq!(receipt.photos_missing, ["cd"]);
        for forged in [
            text.replace("stored", "complete"),
            text.replace("\"e\"", "\"f\""),
            text.replace("ed25519:", "ed25519:A"),
        ] {
            assert!(read(&forged, audit, "ab", &key).is_err(), "{forged}");
        }
        assert!(read(&text, audit, "ac", &key).is_err());
        assert!(read(&text, Uuid::nil(), "ab", &[]).is_err());
        let another = SigningKey::from_bytes(&[8; 32]).verifying_key();
        let another = format!("ed25519:{}", STANDARD.encode(another.to_bytes()));
        let [key] = key;
        let mut keys = vec![another];
        assert!(read(&text, audit, "ab", &keys).is_err());
        keys.push(key);
        assert!(read(&text, audit, "ab", &keys).is_ok());
    }
}
