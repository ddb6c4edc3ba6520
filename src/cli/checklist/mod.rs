//! `plainclothes checklist …`: what authors and operators do with checklist files.
//!
//! Not here: what a checklist may say (`domain/checklist`), how versions are kept (the `checklists` feature).

mod check;
mod publish;
mod report;
mod versions;

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::App;
use crate::domain::ids::AgencyId;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say everything that is wrong with checklist files; ends with 1 when something is
    Check {
        /// YAML files; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Say it as one JSON document
        #[arg(long)]
        json: bool,
    },
    /// List the versions of an agency
    List {
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
    /// Take a version out of use: no campaign can begin with it or move to it
    Retire {
        /// The version: SHA-256, or slug@number
        version: String,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
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
        !matches!(self, Self::Check { .. })
    }
}

/// What works on files alone.
pub(super) fn without_app(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Check { files, json } => check::run(&files, json),
        Command::Publish { .. } | Command::List { .. } | Command::Retire { .. } => {
            anyhow::bail!("this needs an installation")
        }
    }
}

/// What works on an installation.
pub(super) async fn with_app(app: &App, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Publish { files, agency } => publish::run(app, &files, agency).await,
        Command::List { agency } => versions::list(app, agency).await,
        Command::Retire { version, agency } => versions::retire(app, &version, agency).await,
        other @ Command::Check { .. } => without_app(other),
    }
}
