//! The outbox as a file, for when a phone cannot send it: an agency takes it in with `plainclothes outbox import`.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::clock;
use crate::phone::Phone;

const FORMAT: &str = "plainclothes-outbox-2";
const APP_VERSION: &str = concat!("plainclothes-phone ", env!("CARGO_PKG_VERSION"));

impl Phone {
    /// Writes everything that is held, a JSON object a line: who it is from, then each audit with its photos. What the
    /// server has already it finds again by its digest.
    ///
    /// # Errors
    /// That nobody has signed in yet, or as reading and writing have them.
    pub fn export(&self, mut out: impl Write) -> anyhow::Result<()> {
        let user = self
            .user()
            .ok_or_else(|| anyhow::anyhow!("nobody has ever signed in on this phone"))?;
        let exported_at = clock::now().to_rfc3339();
        let head = json!({"format": FORMAT, "user": user, "exported_at": exported_at, "app_version": APP_VERSION});
        write_line(&mut out, &head)?;
        let mut written = std::collections::HashSet::new();
        for item in self.kept.outbox() {
            let text = String::from_utf8(self.kept.text(item.audit)?)?;
            let line = json!({"audit": item.audit, "sha256": item.sha256, "text": text});
            write_line(&mut out, &line)?;
            for photo in &item.photos {
                if !written.insert(&photo.sha256) {
                    continue;
                }
                if let Some(bytes) = self.kept.photo(&photo.sha256)? {
                    let kind = crate::steps::media_type(&bytes);
                    let base64 = STANDARD.encode(bytes);
                    let line = json!({"photo": photo.sha256, "type": kind, "base64": base64});
                    write_line(&mut out, &line)?;
                }
            }
        }
        Ok(out.flush()?)
    }
}

fn write_line(out: &mut impl Write, line: &Value) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}
