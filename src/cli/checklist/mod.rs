//! `plainclothes checklist …`: what authors and operators do with checklists.
//!
//! Not here: what a checklist may say (`domain/checklist`), how versions are kept (the `checklists` feature).

mod check;
mod diff;
mod import;
mod publish;
mod report;
mod versions;
mod what_if;

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::App;
use crate::domain::ids::AgencyId;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Files(OnFiles),
    #[command(flatten)]
    Versions(OnVersions),
}

/// What needs no installation.
#[derive(Debug, Subcommand)]
pub(super) enum OnFiles {
    /// Say everything that is wrong with checklist files; ends with 1 when something is
    Check {
        /// YAML files; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Say it as one JSON document
        #[arg(long)]
        json: bool,
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
    /// Turn a form in a spreadsheet (XLSForm) into a checklist file, and say what has no counterpart
    Import(import::Arguments),
}

/// What is done to the versions of an installation.
#[derive(Debug, Subcommand)]
pub(super) enum OnVersions {
    /// Publish checklist files for an agency; a published version never changes
    Publish {
        /// YAML files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
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
    /// Score published audits with other weights, and say what it would change; nothing that is stored changes
    WhatIf {
        /// The checklist, such as restaurant-dine-in
        checklist: String,
        /// The other weights (YAML; docs/checklists.md)
        weights: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
}

pub(super) fn on_files(command: OnFiles) -> anyhow::Result<()> {
    match command {
        OnFiles::Check { files, json } => check::run(&files, json),
        OnFiles::Diff {
            before,
            after,
            json,
        } => diff::run(&before, &after, json),
        OnFiles::Import(arguments) => import::run(&arguments),
    }
}

pub(super) async fn on_versions(app: &App, command: OnVersions) -> anyhow::Result<()> {
    match command {
        OnVersions::Publish { files, agency } => publish::run(app, &files, agency).await,
        OnVersions::List { agency } => versions::list(app, agency).await,
        OnVersions::Retire { version, agency } => versions::retire(app, &version, agency).await,
        OnVersions::WhatIf {
            checklist,
            weights,
            json,
            agency,
        } => what_if::run(app, &checklist, &weights, json, agency).await,
    }
}
