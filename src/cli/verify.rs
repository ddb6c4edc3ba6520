//! `plainclothes verify …`: is what is stored still what it was?

use std::io::{IsTerminal as _, Write as _};

use clap::Subcommand;

use crate::app::App;
use crate::audits::replay;
use crate::audits::sweep::{Which, sweep};

/// When more differ than that, something is wrong that no longer list would tell better.
const DIFFERENCES_TOLD_MAX: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compute every stored score anew, with the engine and the checklist version it was made with; ends with 1 when any differs
    Scores,
    /// Hold every audit against its photos: is it complete exactly when they are all here? Ends with 1 when any is wrong
    Completeness {
        /// Write what should have been written
        #[arg(long)]
        mend: bool,
    },
}

pub(super) async fn run(app: &App, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Scores => scores(app).await,
        Command::Completeness { mend } => completeness(app, *mend).await,
    }
}

async fn completeness(app: &App, mend: bool) -> anyhow::Result<()> {
    let swept = sweep(app, Which::All, mend).await?;
    for audit in swept.wrong.iter().take(DIFFERENCES_TOLD_MAX) {
        say!("audit {audit} was not as complete as its photos say");
    }
    let mended = if mend { ", mended" } else { "" };
    let wrong = swept.wrong.len();
    say!("{} audits looked at, {wrong} wrong{mended}", swept.audits);
    anyhow::ensure!(wrong == 0, "{wrong} audits are wrong{mended}");
    Ok(())
}

async fn scores(app: &App) -> anyhow::Result<()> {
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
