//! What was sent and what was acknowledged, on disk and outside the server: the judge reads this file and not our memory.
//!
//! A line each: `sent PHONE AUDIT SHA256`, `acked PHONE AUDIT SHA256 NUMBER`, `photo PHONE AUDIT SHA256`. Lines are synced
//! together, at least every 100 ms.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;

const SYNCED_EVERY: Duration = Duration::from_millis(100);

/// A line of the ledger. Digests are 64 hex digits; phones are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    Sent {
        phone: usize,
        audit: String,
        sha256: String,
    },
    Acked {
        phone: usize,
        audit: String,
        sha256: String,
        number: i64,
    },
    /// The last byte of the audit's own photo was acknowledged.
    Photo {
        phone: usize,
        audit: String,
        sha256: String,
    },
}

/// Takes notes until all senders are gone.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    writer: JoinHandle<std::io::Result<()>>,
}

impl Ledger {
    /// Begins an empty ledger.
    ///
    /// # Errors
    /// That the file cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<(Self, Sender<Note>)> {
        let file = File::create(path)
            .with_context(|| format!("the ledger {} cannot be made", path.display()))?;
        let (sender, receiver) = channel();
        let writer = std::thread::spawn(move || write(file, &receiver));
        let path = path.to_owned();
        Ok((Self { path, writer }, sender))
    }

    /// Waits for the last note and reads everything back.
    ///
    /// # Errors
    /// That a note could not be kept, or read.
    pub fn close(self) -> anyhow::Result<Vec<Note>> {
        self.writer
            .join()
            .map_err(|_| anyhow::anyhow!("the ledger's writer panicked"))?
            .context("the ledger cannot be written")?;
        std::fs::read_to_string(&self.path)?
            .lines()
            .map(|line| {
                Note::parse(line).with_context(|| format!("the ledger has a line '{line}'"))
            })
            .collect()
    }
}

fn write(mut file: File, notes: &Receiver<Note>) -> std::io::Result<()> {
    let mut lines = Vec::new();
    let mut due = Instant::now() + SYNCED_EVERY;
    loop {
        let received = notes.recv_timeout(due.saturating_duration_since(Instant::now()));
        if let Ok(note) = &received {
            writeln!(lines, "{}", note.line())?;
        }
        let ended = matches!(received, Err(RecvTimeoutError::Disconnected));
        if ended || Instant::now() >= due {
            if !lines.is_empty() {
                file.write_all(&lines)?;
                file.sync_data()?;
                lines.clear();
            }
            due = Instant::now() + SYNCED_EVERY;
        }
        if ended {
            return Ok(());
        }
    }
}

impl Note {
    fn line(&self) -> String {
        match self {
            Self::Sent {
                phone,
                audit,
                sha256,
            } => format!("sent {phone} {audit} {sha256}"),
            Self::Acked {
                phone,
                audit,
                sha256,
                number,
            } => format!("acked {phone} {audit} {sha256} {number}"),
            Self::Photo {
                phone,
                audit,
                sha256,
            } => format!("photo {phone} {audit} {sha256}"),
        }
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (kind, phone) = (words.next()?, words.next()?.parse().ok()?);
        let (audit, sha256) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(match kind {
            "sent" => Self::Sent {
                phone,
                audit,
                sha256,
            },
            "acked" => Self::Acked {
                phone,
                audit,
                sha256,
                number: words.next()?.parse().ok()?,
            },
            "photo" => Self::Photo {
                phone,
                audit,
                sha256,
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
                audit: audit.clone(),
                sha256: sha256.clone(),
            },
            Note::Acked {
                phone,
                audit: audit.clone(),
                sha256: sha256.clone(),
                number: 17,
            },
            Note::Photo {
                phone,
                audit,
                sha256,
            },
        ];
        let path = std::env::temp_dir().join(format!("ledger-{}", uuid::Uuid::new_v4()));
        let (ledger, sender) = Ledger::open(&path).unwrap();
        for note in notes.clone() {
            sender.send(note).unwrap();
        }
        drop(sender);
        let read = ledger.close();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap(), notes);
    }

    #[test]
    fn a_torn_line_is_no_note() {
        assert_eq!(Note::parse("acked 3 a1 ab"), None);
        assert_eq!(Note::parse("ack"), None);
    }
}
