//! What was sent and what was acknowledged, on disk and outside the server: the judge believes this file alone.
//!
//! A line each: `sent PHONE WORK AUDIT SHA256` before the bytes leave, `acked PHONE AUDIT SHA256 RECEIPT` and
//! `photo PHONE SHA256` once the answer is here. Each line is synced before anybody goes on.
//! Not here: comparing (`judge.rs`).

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

/// A line of the ledger. Digests are 64 hex digits; phones are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    Sent {
        phone: usize,
        /// The piece of work: whatever ids it is sent under, it may be there once.
        work: String,
        audit: String,
        sha256: String,
    },
    Acked {
        phone: usize,
        audit: String,
        sha256: String,
        /// As it came, byte for byte.
        receipt: String,
    },
    /// The photo's last byte was acknowledged.
    Photo { phone: usize, sha256: String },
}

/// An open ledger; anybody may write at any time.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: Mutex<File>,
    acknowledged: AtomicU64,
}

impl Ledger {
    /// Begins an empty one.
    ///
    /// # Errors
    /// That the file cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("the ledger {} cannot be made", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            file: Mutex::new(file),
            acknowledged: AtomicU64::new(0),
        })
    }

    /// Writes a line and waits until it is on disk. Blocks.
    ///
    /// # Errors
    /// What the disk says.
    pub fn note(&self, note: &Note) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{}\n", note.line()).as_bytes())?;
        file.sync_data()?;
        if matches!(note, Note::Acked { .. }) {
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }

    /// How many receipts have been noted.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// Everything so far, read back from disk.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn read(&self) -> anyhow::Result<Vec<Note>> {
        std::fs::read_to_string(&self.path)?
            .lines()
            .map(|line| {
                Note::parse(line).with_context(|| format!("the ledger has a line '{line}'"))
            })
            .collect()
    }
}

impl Note {
    fn line(&self) -> String {
        match self {
            Self::Sent {
                phone,
                work,
                audit,
                sha256,
            } => format!("sent {phone} {work} {audit} {sha256}"),
            Self::Acked {
                phone,
                audit,
                sha256,
                receipt,
            } => format!("acked {phone} {audit} {sha256} {receipt}"),
            Self::Photo { phone, sha256 } => format!("photo {phone} {sha256}"),
        }
    }

    fn parse(line: &str) -> Option<Self> {
        let (kind, rest) = line.split_once(' ')?;
        let (phone, rest) = rest.split_once(' ')?;
        let phone = phone.parse().ok()?;
        let mut words = rest.splitn(3, ' ').map(str::to_owned);
        let mut word = || words.next();
        Some(match kind {
            "sent" => Self::Sent {
                phone,
                work: word()?,
                audit: word()?,
                sha256: word()?,
            },
            "acked" => Self::Acked {
                phone,
                audit: word()?,
                sha256: word()?,
                receipt: word()?,
            },
            "photo" => Self::Photo {
                phone,
                sha256: word()?,
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_noted() {
        let (phone, audit, sha256) = (3, "a1".to_owned(), "ab".repeat(32));
        let notes = [
            Note::Sent {
                phone,
                work: "w1".to_owned(),
                audit: audit.clone(),
                sha256: sha256.clone(),
            },
            Note::Acked {
                phone,
                audit,
                sha256: sha256.clone(),
                receipt: r#"{"a": "with spaces"}"#.to_owned(),
            },
            Note::Photo { phone, sha256 },
        ];
        let path = std::env::temp_dir().join(format!("ledger-{}", uuid::Uuid::new_v4()));
        let ledger = Ledger::open(&path).unwrap();
        for note in &notes {
            ledger.note(note).unwrap();
        }
        let read = ledger.read();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap(), notes);
    }

    #[test]
    fn a_torn_line_is_no_note() {
        assert_eq!(Note::parse("acked 3 a1 ab"), None);
        assert_eq!(Note::parse("ack"), None);
    }
}
