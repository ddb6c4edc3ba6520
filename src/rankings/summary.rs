//! One location in a period: its line in the table, its sections beside the region's, its audits over time.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::period::Period;
use super::rollup::{Dimension, WHOLE};
use super::service::{self, Asked, Averages, Line, Wanted};
use crate::accounts::Scope;
use crate::app::App;
use crate::checklists::cache::Compiled;
use crate::clients::service::Located;
use crate::domain::checklist::Text;
use crate::domain::ids::LocationId;
use crate::error::{Error, Result};
use crate::reports::service::Past;

/// What is known of one location.
#[derive(Debug)]
pub struct Summary {
    pub located: Located,
    pub client_name: String,
    /// None without a scored visit.
    pub line: Option<Line>,
    /// Locations that have a place.
    pub of: usize,
    pub sections: Vec<SectionLine>,
    /// Oldest first.
    pub history: Vec<Past>,
}

/// One section of one location.
#[derive(Debug)]
pub struct SectionLine {
    pub id: String,
    pub title: Text,
    /// Audits in which it has a score.
    pub n: i64,
    pub mean_micros: Option<i64>,
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    pub region_mean_micros: Option<i64>,
}

/// Sums up a location. Its place is the one that it has in the table of all that the scope reaches of its client.
///
/// # Errors
/// [`Error::NotFound`] for a location that the scope does not reach, or a checklist that the agency does not have.
pub async fn summarise(
    app: &App,
    scope: &Scope,
    id: LocationId,
    slug: String,
    period: Period,
) -> Result<Summary> {
    let db = app.db.reader();
    let located = crate::clients::service::location(db, scope, id).await?;
    let client = crate::clients::service::client(db, scope, located.location.client_id).await?;
    let asked = Asked {
        client: client.id,
        slug,
        period,
        region: None,
    };
    let table = service::rank(app, scope, &asked).await?;
    let wanted = Wanted {
        client: client.id,
        slug: &asked.slug,
        period,
    };
    let own = service::location_averages(db, scope, wanted, id).await?;
    let region = service::region_averages(db, scope, wanted, located.region.id).await?;
    let history = crate::reports::service::history(app, scope, id, &asked.slug, period).await?;
    let versions = versions(app, scope, &asked.slug, &history).await?;
    Ok(Summary {
        client_name: client.name,
        of: table
            .lines
            .iter()
            .filter(|line| line.row.place.is_some())
            .count(),
        line: table.lines.into_iter().find(|line| line.row.location == id),
        sections: sections(&titles(&versions, &own), &own, &region),
        history,
        located,
    })
}

/// The newest version, then those that were answered, latest answer first.
async fn versions(
    app: &App,
    scope: &Scope,
    slug: &str,
    history: &[Past],
) -> Result<Vec<Arc<Compiled>>> {
    let newest = crate::checklists::service::newest(app, scope.agency, slug).await?;
    let mut versions = vec![newest.ok_or(Error::NotFound)?];
    let mut seen = BTreeSet::new();
    for past in history.iter().rev() {
        if seen.insert(past.checklist_sha256) {
            let sha256 = past.checklist_sha256;
            versions.extend(crate::checklists::service::compiled(app, scope.agency, sha256).await?);
        }
    }
    Ok(versions)
}

/// The newest version's sections; then those that only older versions have and that were scored.
fn titles(versions: &[Arc<Compiled>], own: &Averages) -> Vec<(String, Text)> {
    let mut seen = BTreeSet::new();
    let mut titles = Vec::new();
    for (age, version) in versions.iter().enumerate() {
        for section in &version.checklist.sections {
            if (age == 0 || own.n(&section.id) > 0) && seen.insert(section.id.clone()) {
                titles.push((section.id.clone(), section.title.clone()));
            }
        }
    }
    // A section whose versions lie outside the period's history is called by its id rather than hidden.
    for id in own
        .sections()
        .filter(|id| *id != WHOLE && !seen.contains(*id))
    {
        titles.push((
            id.to_owned(),
            Text([("en".to_owned(), id.to_owned())].into()),
        ));
    }
    titles
}

fn sections(titles: &[(String, Text)], own: &Averages, region: &Averages) -> Vec<SectionLine> {
    titles
        .iter()
        .map(|(id, title)| SectionLine {
            id: id.clone(),
            title: title.clone(),
            n: own.n(id),
            mean_micros: own.mean_micros(id, Dimension::Total),
            service_micros: own.mean_micros(id, Dimension::Service),
            experience_micros: own.mean_micros(id, Dimension::Experience),
            region_mean_micros: region.mean_micros(id, Dimension::Total),
        })
        .collect()
}
