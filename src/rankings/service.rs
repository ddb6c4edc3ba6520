//! The table of one period: sums in, statistics on a thread of their own, names beside them.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use super::groups::groups;
use super::period::Period;
pub use super::repo::Wanted;
use super::repo::{self, Among, LocationSum, SectionSum};
use super::rollup::Dimension;
use crate::accounts::Scope;
use crate::app::App;
use crate::clients::service::Located;
use crate::domain::checklist::Text;
use crate::domain::ids::{ClientId, LocationId, RegionId};
use crate::domain::ranking::{self, LocationSums, Model, Row};
use crate::error::{Error, Result};

/// Which table is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub client: ClientId,
    /// The checklist family.
    pub slug: String,
    pub period: Period,
    /// This region and all below it; all that the scope reaches when absent.
    pub region: Option<RegionId>,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    pub title: Text,
    pub visits_min: u32,
    /// Published audits that have a total.
    pub audits: i64,
    pub model: Model,
    pub lines: Vec<Line>,
}

/// One location of a table.
#[derive(Clone, Debug)]
pub struct Line {
    pub located: Located,
    pub row: Row<LocationId>,
    /// Raw means beside the total's.
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    pub balanced_micros: Option<i64>,
}

/// Ranks the locations that the scope reaches, among each other.
///
/// Reads a row for each location, dimension and day with a visit, however many visits that day had; the statistics then
/// cost by locations alone.
///
/// # Errors
/// [`Error::NotFound`] for a client or region that the scope does not reach, or a checklist that the agency does not have.
pub async fn rank(app: &App, scope: &Scope, asked: &Asked) -> Result<Table> {
    let db = app.db.reader();
    crate::clients::service::client(db, scope, asked.client).await?;
    let regions = match asked.region {
        Some(id) => Some(crate::clients::service::regions_below(db, scope, id).await?),
        None => None,
    };
    let newest = crate::checklists::service::newest(app, scope.agency, &asked.slug)
        .await?
        .ok_or(Error::NotFound)?;
    let visits_min =
        crate::campaigns::service::visits_min(db, scope, asked.client, &asked.slug).await?;
    let regions = regions.as_deref();
    let sums = |period, dimensions| async move {
        let wanted = Wanted {
            client: asked.client,
            slug: &asked.slug,
            period,
        };
        repo::by_location(db, scope, wanted, dimensions, regions).await
    };
    let now = sums(asked.period, Dimension::ALL.as_slice()).await?;
    let before = match asked.period.previous() {
        Some(previous) => sums(previous, &[Dimension::Total]).await?,
        None => Vec::new(),
    };
    // After the sums, so that every location that has some is among them.
    let located =
        crate::clients::service::locations(app, scope, Some(asked.client), asked.region).await?;
    let (now, mut means) = by_dimension(now)?;
    let (before, _) = by_dimension(before)?;
    let (now, before) = (grouped(now, &located), grouped(before, &located));
    let audits = now.iter().map(|sums| i64::from(sums.n)).sum();
    let ranking = tokio::task::spawn_blocking(move || ranking::rank(&now, &before, visits_min))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?;
    let mut located: BTreeMap<LocationId, Located> = located
        .into_iter()
        .map(|located| (located.location.id, located))
        .collect();
    let lines = ranking.rows.into_iter().filter_map(|row| {
        let mut mean = |dimension| means.remove(&(row.location, dimension));
        Some(Line {
            located: located.remove(&row.location)?,
            service_micros: mean(Dimension::Service),
            experience_micros: mean(Dimension::Experience),
            balanced_micros: mean(Dimension::Balanced),
            row,
        })
    });
    Ok(Table {
        title: newest.checklist.title.clone(),
        visits_min,
        audits,
        model: ranking.model,
        lines: lines.collect(),
    })
}

type Means = BTreeMap<(LocationId, Dimension), i64>;

/// The totals' sums, and the means of everything else.
fn by_dimension(sums: Vec<LocationSum>) -> Result<(Vec<LocationSum>, Means)> {
    let (mut totals, mut means) = (Vec::new(), Means::new());
    for sum in sums {
        match dimension(&sum.dimension)? {
            Dimension::Total => totals.push(sum),
            other => {
                means.extend(mean(sum.sum_micros, sum.n).map(|m| ((sum.location_id, other), m)));
            }
        }
    }
    Ok((totals, means))
}

fn dimension(word: &str) -> Result<Dimension> {
    Dimension::parse(word)
        .ok_or_else(|| Error::Internal(format!("a rollup of the dimension '{word}'")))
}

fn grouped(sums: Vec<LocationSum>, located: &[Located]) -> Vec<LocationSums<LocationId>> {
    let paths: Vec<&str> = located
        .iter()
        .map(|located| located.region.path.as_str())
        .collect();
    let ids = located.iter().map(|located| located.location.id);
    let groups: BTreeMap<LocationId, u32> = ids.zip(groups(&paths)).collect();
    let known = |sum: LocationSum| {
        Some(LocationSums {
            location: sum.location_id,
            group: *groups.get(&sum.location_id)?,
            n: u32::try_from(sum.n).ok()?,
            sum_micros: sum.sum_micros,
            sum_sq: i128::from(sum.sum_squares),
        })
    };
    sums.into_iter().filter_map(known).collect()
}

/// Rounded half up; scores are not negative.
fn mean(sum_micros: i64, n: i64) -> Option<i64> {
    (n > 0).then(|| (2 * sum_micros + n).div_euclid(2 * n))
}

/// Means over all audits of some locations together, by section (or [`super::rollup::WHOLE`]) and dimension.
#[derive(Debug, Default)]
pub struct Averages(BTreeMap<(String, Dimension), (i64, i64)>);

impl Averages {
    fn of(sums: Vec<SectionSum>, locations_min: i64) -> Result<Self> {
        let mut averages = Self::default();
        for sum in sums
            .into_iter()
            .filter(|sum| sum.locations >= locations_min)
        {
            if let Some(mean) = mean(sum.sum_micros, sum.n) {
                let key = (sum.section_id, dimension(&sum.dimension)?);
                averages.0.insert(key, (mean, sum.n));
            }
        }
        Ok(averages)
    }

    /// `None` where nothing was scored.
    pub fn mean_micros(&self, section: &str, dimension: Dimension) -> Option<i64> {
        self.0
            .get(&(section.to_owned(), dimension))
            .map(|(mean, _)| *mean)
    }

    /// Audits in which the section has a total.
    pub fn n(&self, section: &str) -> i64 {
        self.0
            .get(&(section.to_owned(), Dimension::Total))
            .map_or(0, |(_, n)| *n)
    }

    /// Every section that has a total.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.0
            .keys()
            .filter(|(_, dimension)| *dimension == Dimension::Total)
            .map(|(section, _)| section.as_str())
    }
}

/// The means of one location.
///
/// # Errors
/// As the database has them.
pub async fn location_averages(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted<'_>,
    location: LocationId,
) -> Result<Averages> {
    Averages::of(
        repo::by_section(db, scope, wanted, Among::Location(location)).await?,
        1,
    )
}

/// The means of a region and all below it. What only one location has been scored on is left out: it would be compared
/// with itself.
///
/// # Errors
/// As the database has them; [`Error::NotFound`] for a region that the scope does not reach.
pub async fn region_averages(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted<'_>,
    region: RegionId,
) -> Result<Averages> {
    let regions = crate::clients::service::regions_below(db, scope, region).await?;
    Averages::of(
        repo::by_section(db, scope, wanted, Among::Regions(&regions)).await?,
        2,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_half_up() {
        assert_eq!(mean(5, 2), Some(3));
        assert_eq!(mean(4, 3), Some(1));
        assert_eq!(mean(0, 7), Some(0));
        assert_eq!(mean(0, 0), None);
    }

    fn section_sum(section: &str, locations: i64, n: i64) -> SectionSum {
        SectionSum {
            section_id: section.to_owned(),
            dimension: "total".to_owned(),
            locations,
            n,
            sum_micros: n * 500_000,
        }
    }

    #[test]
    fn a_region_of_one_location_is_no_comparison() {
        let sums = vec![section_sum("alone", 1, 9), section_sum("shared", 2, 4)];
        let averages = Averages::of(sums, 2).unwrap();
        assert_eq!(averages.mean_micros("alone", Dimension::Total), None);
        assert_eq!(
            averages.mean_micros("shared", Dimension::Total),
            Some(500_000)
        );
        assert_eq!(averages.mean_micros("shared", Dimension::Service), None);
        assert_eq!((averages.n("alone"), averages.n("shared")), (0, 4));
        assert_eq!(averages.sections().collect::<Vec<_>>(), ["shared"]);
    }
}
