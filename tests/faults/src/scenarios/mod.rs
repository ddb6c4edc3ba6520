//! The scenarios, one file for each promise, and what several of them do.
//!
//! Not here: the line (`proxy`), the judge, or which scenarios are run (`main.rs`).

pub mod bad_lines;
pub mod crashes;
pub mod feed;
pub mod full_disk;
pub mod hangups;
pub mod nodes;
pub mod objects_away;
pub mod phones;
pub mod power_cuts;
pub mod races;
pub mod read_only;
pub mod replays;
pub mod restores;
pub mod unsafe_lines;

use crate::api::{Answer, Api};
use crate::document::Audit;
use crate::judge::receipt;
use crate::ledger::{Ledger, Note};

/// How much is done. `Small` fits into a few minutes on two processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Size {
    Small,
    Medium,
    Large,
}

impl Size {
    pub fn pick<T>(self, small: T, medium: T, large: T) -> T {
        match self {
            Self::Small => small,
            Self::Medium => medium,
            Self::Large => large,
        }
    }
}

/// Hands in an audit once and notes what came of it; `work` is the piece of work that it is.
///
/// # Errors
/// That no whole answer came, or that the ledger cannot be written.
pub async fn hand_in(
    ledger: &Ledger,
    phone: usize,
    device: &Api,
    audit: &Audit,
    work: &str,
) -> anyhow::Result<Answer> {
    ledger.note(&Note::Sent {
        phone,
        work: work.to_owned(),
        audit: audit.id.to_string(),
        sha256: audit.sha256.clone(),
    })?;
    let answer = device.put_audit(audit).await?;
    if answer.is_taken() {
        ledger.note(&Note::Acked {
            phone,
            audit: audit.id.to_string(),
            sha256: audit.sha256.clone(),
            receipt: receipt(&answer.text()),
        })?;
    }
    Ok(answer)
}
