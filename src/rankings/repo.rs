//! Sums over days, read from the rollups. PostgreSQL's sum of a `BIGINT` is a `NUMERIC`, hence the casts.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QuerySelect as _, Select,
};

use super::period::Period;
use super::rollup::{Dimension, WHOLE};
use crate::accounts::Scope;
use crate::accounts::caller::locations_in;
use crate::db::DbError;
use crate::db::entities::rollup::{Column, Entity};
use crate::domain::ids::{ClientId, LocationId, RegionId};

/// Whose sums of which days.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub client: ClientId,
    pub slug: &'a str,
    pub period: Period,
}

/// Sums of one location and dimension over whole audits.
#[derive(Debug, FromQueryResult)]
pub struct LocationSum {
    pub location_id: LocationId,
    pub dimension: String,
    pub n: i64,
    pub sum_micros: i64,
    pub sum_squares: i64,
}

/// By location and dimension; without `regions` wherever the scope reaches.
pub async fn by_location(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted<'_>,
    dimensions: &[Dimension],
    regions: Option<&[RegionId]>,
) -> Result<Vec<LocationSum>, DbError> {
    let words = dimensions.iter().map(|dimension| dimension.as_str());
    let mut found = days(scope, wanted)
        .filter(Column::SectionId.eq(WHOLE))
        .filter(Column::Dimension.is_in(words));
    if let Some(regions) = regions {
        found = found.filter(Column::LocationId.in_subquery(locations_in(regions)));
    }
    Ok(found
        .select_only()
        .columns([Column::LocationId, Column::Dimension])
        .column_as(sum(Column::N), "n")
        .column_as(sum(Column::SumMicros), "sum_micros")
        .column_as(sum(Column::SumSquares), "sum_squares")
        .group_by(Column::LocationId)
        .group_by(Column::Dimension)
        .into_model()
        .all(db)
        .await?)
}

/// Which locations are taken together.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    Location(LocationId),
    Regions(&'a [RegionId]),
}

/// Sums of one section (or the whole audit) and dimension over several locations.
#[derive(Debug, FromQueryResult)]
pub struct SectionSum {
    pub section_id: String,
    pub dimension: String,
    pub locations: i64,
    pub n: i64,
    pub sum_micros: i64,
}

/// By section and dimension.
pub async fn by_section(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted<'_>,
    among: Among<'_>,
) -> Result<Vec<SectionSum>, DbError> {
    let among = match among {
        Among::Location(location) => Column::LocationId.eq(location),
        Among::Regions(regions) => Column::LocationId.in_subquery(locations_in(regions)),
    };
    Ok(days(scope, wanted)
        .filter(among)
        .select_only()
        .columns([Column::SectionId, Column::Dimension])
        .column_as(Column::LocationId.into_expr().count_distinct(), "locations")
        .column_as(sum(Column::N), "n")
        .column_as(sum(Column::SumMicros), "sum_micros")
        .group_by(Column::SectionId)
        .group_by(Column::Dimension)
        .into_model()
        .all(db)
        .await?)
}

fn days(scope: &Scope, wanted: Wanted<'_>) -> Select<Entity> {
    let (from, to) = wanted.period.local_days();
    Entity::find()
        .filter(scope.rows(Column::AgencyId, Column::ClientId, Column::LocationId))
        .filter(Column::ClientId.eq(wanted.client))
        .filter(Column::ChecklistSlug.eq(wanted.slug))
        .filter(Column::LocalDay.between(from, to))
}

fn sum(column: Column) -> Expr {
    column.into_expr().sum().cast_as("bigint")
}
