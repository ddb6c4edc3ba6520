//! Clients, regions and locations at every desk.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use super::views::{Client, Clients, LocationRow, Locations, Region, Regions};
use crate::accounts::Reader;
use crate::app::App;
use crate::domain::ids::{ClientId, RegionId};
use crate::error::Result;
use crate::http::extract::Query;

/// The clients that the caller may see, by name.
#[utoipa::path(get, path = "/clients", tag = "desk", responses((status = 200, body = Clients)))]
pub async fn clients(State(app): State<App>, Reader(scope): Reader) -> Result<Json<Clients>> {
    let items = service::list(&app, &scope)
        .await?
        .into_iter()
        .map(Client::from)
        .collect();
    Ok(Json(Clients { items }))
}

/// Whose regions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegionsQuery {
    /// All that the caller may see when absent.
    pub client: Option<ClientId>,
}

/// The regions that the caller may see, parents before their children.
#[utoipa::path(get, path = "/regions", tag = "desk", params(RegionsQuery),
    responses((status = 200, body = Regions), (status = 404)))]
pub async fn regions(
    State(app): State<App>,
    Reader(scope): Reader,
    Query(query): Query<RegionsQuery>,
) -> Result<Json<Regions>> {
    let regions = service::regions(&app, &scope, query.client).await?;
    Ok(Json(Regions {
        items: regions.into_iter().map(Region::from).collect(),
    }))
}

/// Which locations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LocationsQuery {
    /// All that the caller may see when absent.
    pub client: Option<ClientId>,
    /// This region and all below it.
    pub region: Option<RegionId>,
}

/// The locations that the caller may see, by name.
#[utoipa::path(get, path = "/locations", tag = "desk", params(LocationsQuery),
    responses((status = 200, body = Locations), (status = 404)))]
pub async fn locations(
    State(app): State<App>,
    Reader(scope): Reader,
    Query(query): Query<LocationsQuery>,
) -> Result<Json<Locations>> {
    let locations = service::locations(&app, &scope, query.client, query.region).await?;
    Ok(Json(Locations {
        items: locations.into_iter().map(LocationRow::from).collect(),
    }))
}
