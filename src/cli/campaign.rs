//! `plainclothes campaign …`: which version a campaign uses from which day on.

use chrono::NaiveDate;
use clap::Subcommand;

use super::{operator, the_agency};
use crate::app::App;
use crate::campaigns::{service, versions};
use crate::checklists::service as checklists;
use crate::domain::ids::{AgencyId, CampaignId};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List campaigns with the versions that they go through
    List {
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
    /// Move a campaign to another version of its checklist from a day on; visits that a phone has keep theirs
    Move {
        /// The campaign's id
        campaign: CampaignId,
        /// The version: SHA-256, or slug@number
        #[arg(long)]
        to: String,
        /// The first local day whose visits get it, such as 2026-12-01
        #[arg(long)]
        from: NaiveDate,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
}

pub(super) async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let (Command::List { agency } | Command::Move { agency, .. }) = &command;
    let scope = operator(the_agency(app, *agency).await?);
    if let Command::Move {
        campaign, to, from, ..
    } = command
    {
        let sha256 = checklists::called(app, scope.agency, &to)
            .await
            .map_err(|error| anyhow::anyhow!("{to}: {error}"))?;
        versions::schedule(app, &scope, campaign, from, sha256).await?;
    }
    for listed in service::list(app, &scope).await? {
        let campaign = &listed.campaign;
        say!(
            "{} '{}' of {}, {} to {}",
            campaign.id,
            campaign.name,
            listed.client.name,
            campaign.starts_on,
            campaign.ends_on
        );
        for step in &listed.steps {
            let version = checklists::version(app, scope.agency, step.sha256).await?;
            let checklist = &version.compiled.checklist;
            let from = step.from_day.as_deref().unwrap_or("from the start");
            say!("  {from}: {}@{}", checklist.checklist, checklist.version);
        }
    }
    Ok(())
}
