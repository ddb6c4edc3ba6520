//! `plainclothes checklist what-if`: what other weights would have made of published audits. Prints; stores nothing.

use std::path::Path;

use crate::app::App;
use crate::cli::{operator, the_agency};
use crate::domain::ids::AgencyId;
use crate::what_ifs::service;

pub(super) async fn run(
    app: &App,
    slug: &str,
    weights: &Path,
    json: bool,
    agency: Option<AgencyId>,
) -> anyhow::Result<()> {
    let scope = operator(the_agency(app, agency).await?);
    let yaml = std::fs::read_to_string(weights)
        .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", weights.display()))?;
    let reweighting = service::parsed(app, &scope, slug, &yaml)
        .await?
        .map_err(|problems| {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}:{problem}", weights.display()))
                .collect();
            anyhow::anyhow!("these weights cannot be used:\n{}", lines.join("\n"))
        })?;
    let summary = service::tried(app, &scope, slug, &reweighting).await?;
    if json {
        say!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        say!("{}", summary.to_string().trim_end());
    }
    Ok(())
}
