//! Passwords and session tokens: how they are made and what of them is kept.
//!
//! Passwords: argon2id, 46 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet). Tokens: 256 random bits;
//! only their SHA-256 is kept, which is enough for a secret that cannot be guessed.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt as _;

use crate::app::App;
use crate::domain::ids::Sha256;
use crate::error::{Error, Result};

const MEMORY_KIB: u32 = 46 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The shortest password that is accepted. NIST SP 800-63B-4 asks for 15 without a second factor; shoppers type on phones
/// in shops. There is no check against breached passwords yet.
pub const PASSWORD_CHARACTERS_MIN: usize = 10;

/// A new session token and the digest under which it is kept.
pub fn new_token() -> (String, Sha256) {
    let random: [u8; 32] = rand::rng().random();
    let token = URL_SAFE_NO_PAD.encode(random);
    let digest = Sha256::of(token.as_bytes());
    (token, digest)
}

/// Hashes a password, off the async threads and a few at a time.
///
/// # Errors
/// [`Error::Internal`] when the hasher fails.
pub async fn hash(app: &App, password: String) -> Result<String> {
    on_blocking_thread(app, move || {
        hasher()?
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(format!("argon2: {error}")))
    })
    .await
}

/// Whether `password` belongs to `hash`. Without a hash the work is done all the same, so that the time of the
/// answer does not tell whether an account exists.
///
/// # Errors
/// [`Error::Internal`] when the hasher fails.
pub async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool> {
    on_blocking_thread(app, move || {
        let hasher = hasher()?;
        let Some(hash) = hash else {
            let _ = hasher.hash_password(password.as_bytes());
            return Ok(false);
        };
        let parsed = argon2::password_hash::phc::PasswordHash::new(&hash)
            .map_err(|error| Error::Internal(format!("argon2: {error}")))?;
        Ok(hasher.verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::Internal(format!("argon2: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn on_blocking_thread<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _permit = app
        .passwords
        .acquire()
        .await
        .map_err(|_| Error::Overloaded)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
}
