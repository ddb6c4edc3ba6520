//! Rankings and locations at every desk.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::period::Period;
use super::service::{self, Asked};
use super::summary;
use super::views::{self, LocationSummary, Ranking};
use crate::accounts::Reader;
use crate::app::App;
use crate::domain::ids::{ClientId, LocationId, RegionId};
use crate::error::Result;
use crate::http::extract::{Path, Query};

/// Which table to make.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RankingQuery {
    pub client: ClientId,
    /// The slug of the checklist; all its versions count together.
    pub checklist: String,
    /// Local days, both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Only this region and all below it.
    pub region: Option<RegionId>,
}

/// Where each location stands in a period.
///
/// Places, estimates and intervals are among the locations that the caller may see (and asks for with `region`): a
/// manager of one region gets places within it. Each location is compared with those in the same region directly below
/// the lowest one that all of them share. `movement` is since the period of the same length that ends the day before.
#[utoipa::path(get, path = "/rankings", tag = "desk", params(RankingQuery),
    responses((status = 200, body = Ranking), (status = 400), (status = 404)))]
pub async fn ranking(
    State(app): State<App>,
    Reader(scope): Reader,
    Query(query): Query<RankingQuery>,
) -> Result<Json<Ranking>> {
    let asked = Asked {
        client: query.client,
        slug: query.checklist,
        period: Period::new(query.from, query.to)?,
        region: query.region,
    };
    let table = service::rank(&app, &scope, &asked).await?;
    Ok(Json(views::ranking(asked, table)))
}

/// Which period of a location to sum up.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SummaryQuery {
    /// The slug of the checklist; all its versions count together.
    pub checklist: String,
    /// Local days, both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// One location in a period. Its place is the one among all locations of its client that the caller may see.
#[utoipa::path(get, path = "/locations/{id}/summary", tag = "desk",
    params(("id" = LocationId, Path), SummaryQuery),
    responses((status = 200, body = LocationSummary), (status = 400), (status = 404)))]
pub async fn location_summary(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<LocationId>,
    Query(query): Query<SummaryQuery>,
) -> Result<Json<LocationSummary>> {
    let period = Period::new(query.from, query.to)?;
    let slug = query.checklist;
    let found = summary::summarise(&app, &scope, id, slug.clone(), period).await?;
    Ok(Json(views::summary(slug, found)))
}
