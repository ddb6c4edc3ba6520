//! `plainclothes checklist …`: what authors and operators do with checklist files.
//!
//! Not here: what a checklist may say (`domain/checklist`), how versions are kept (the `checklists` feature).

mod check;
mod diff;
mod publish;

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::App;
use crate::domain::ids::AgencyId;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say everything that is wrong with checklist files; ends with 1 when something is
    Check {
        /// YAML files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Say what a shopper and what a score would notice between two versions, and whether their scores can be compared
    ///
    /// Each change stands under its section and question, after who would notice: shopper, score, both, or agency (names
    /// and marks that neither sees). Ends with 0 when there is no difference, 1 when there is, and 2 when it cannot be told,
    /// as diff(1) does.
    Diff {
        /// The older version (YAML)
        before: PathBuf,
        /// The newer version (YAML)
        after: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Publish checklist files for an agency; a published version never changes
    Publish {
        /// YAML files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
}

impl Command {
    /// Whether it works on an installation, and not on files alone.
    pub(super) fn needs_app(&self) -> bool {
        matches!(self, Self::Publish { .. })
    }
}

/// What works on files alone.
pub(super) fn without_app(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Check { files } => check::run(&files),
        Command::Diff {
            before,
            after,
            json,
        } => diff::run(&before, &after, json),
        Command::Publish { .. } => anyhow::bail!("this needs an installation"),
    }
}

/// What works on an installation.
pub(super) async fn with_app(app: &App, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Publish { files, agency } => publish::run(app, &files, agency).await,
        other => without_app(other),
    }
}
