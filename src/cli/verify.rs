//! `plainclothes verify …`: is what is stored still what it was?

use std::io::{IsTerminal as _, Write as _};

use clap::Subcommand;

use crate::app::App;
use crate::audits::replay;

/// When more differ than that, something is wrong that no longer list would tell better.
const DIFFERENCES_TOLD_MAX: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compute every stored score anew, with the engine and the checklist version it was made with; ends with 1 when any differs
    Scores,
}

pub(super) async fn run(app: &App, command: &Command) -> anyhow::Result<()> {
    let Command::Scores = command;
    let total = replay::count(app).await?;
    let is_terminal = std::io::stderr().is_terminal();
    let mut told = Vec::new();
    let replayed = replay::replay(
        app,
        |difference| {
            if told.len() < DIFFERENCES_TOLD_MAX {
                told.push(difference);
            }
        },
        |done| {
            if is_terminal {
                // Only for somebody who waits; a line that cannot be written is no reason to stop.
                let _ = write!(std::io::stderr(), "\r{done} of {total} audits");
            }
        },
    )
    .await?;
    if is_terminal {
        let _ = writeln!(std::io::stderr());
    }
    for difference in told {
        say!("audit {}: {}", difference.audit, difference.what);
    }
    let engines: Vec<String> = replayed
        .engines
        .iter()
        .map(|(engine, count)| format!("{count} by engine {engine}"))
        .collect();
    say!(
        "{} audits looked at, {} the same ({}), {} different",
        replayed.audits,
        replayed.audits - replayed.differences,
        engines.join(", "),
        replayed.differences
    );
    anyhow::ensure!(
        replayed.differences == 0,
        "{} scores do not come out as they are stored",
        replayed.differences
    );
    Ok(())
}
