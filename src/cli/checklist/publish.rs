//! `plainclothes checklist publish`: files become versions that never change.

use std::path::PathBuf;

use super::check;
use crate::app::App;
use crate::cli::{operator, the_agency};
use crate::domain::ids::AgencyId;

pub(super) async fn run(
    app: &App,
    files: &[PathBuf],
    agency: Option<AgencyId>,
) -> anyhow::Result<()> {
    let scope = operator(the_agency(app, agency).await?);
    for file in files {
        let (checklist, pictures) = check::read(file).map_err(|problems| {
            let lines: Vec<String> = problems
                .iter()
                .map(|p| format!("{}:{p}", file.display()))
                .collect();
            anyhow::anyhow!("not published:\n{}", lines.join("\n"))
        })?;
        let sha256 = crate::checklists::service::publish(app, &scope, &checklist, pictures).await?;
        say!(
            "{} version {}: {sha256}",
            checklist.checklist,
            checklist.version
        );
    }
    Ok(())
}
