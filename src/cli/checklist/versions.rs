//! `plainclothes checklist list` and `retire`: the versions of an agency.

use crate::app::App;
use crate::checklists::service;
use crate::cli::{operator, the_agency};
use crate::domain::ids::AgencyId;

pub(super) async fn list(app: &App, agency: Option<AgencyId>) -> anyhow::Result<()> {
    let agency = the_agency(app, agency).await?;
    for version in service::list(app, agency).await? {
        let checklist = &version.compiled.checklist;
        let state = match version.retired_at_ms {
            Some(_) => "retired",
            None => "in use",
        };
        say!(
            "{}@{} {state} {}",
            checklist.checklist,
            checklist.version,
            version.sha256
        );
    }
    Ok(())
}

pub(super) async fn retire(app: &App, name: &str, agency: Option<AgencyId>) -> anyhow::Result<()> {
    let scope = operator(the_agency(app, agency).await?);
    let sha256 = service::called(app, scope.agency, name)
        .await
        .map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    service::retire(app, &scope, sha256).await?;
    say!("{name} is retired; publishing the same file again takes it back into use");
    Ok(())
}
