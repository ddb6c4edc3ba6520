//! Clients, regions and locations at every desk.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::service::{self, Located, Shopped};
use crate::accounts::Reader;
use crate::app::App;
use crate::campaigns::service::Family;
use crate::db::entities::region;
use crate::domain::ids::{ClientId, LocationId, RegionId};
use crate::error::Result;
use crate::http::extract::Query;

/// A brand that is shopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct Client {
    pub id: ClientId,
    pub name: String,
    /// `#rrggbb`
    pub color: String,
    /// Those that it is shopped with.
    pub checklists: Vec<ChecklistFamily>,
}

/// All versions of a checklist together, called as the newest is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistFamily {
    pub slug: String,
    /// Language → title.
    pub title: BTreeMap<String, String>,
}

/// A node in a client's tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct Region {
    pub id: RegionId,
    pub client: ClientId,
    /// The region above; may be one that the caller does not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<RegionId>,
    pub name: String,
    /// 0 at the top of the client's tree.
    pub depth: i32,
}

/// One branch or helpline.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationRow {
    pub id: LocationId,
    pub client: ClientId,
    pub region: RegionId,
    pub region_name: String,
    pub name: String,
    /// What the client calls it.
    pub code: String,
    pub city: String,
    /// IANA.
    pub time_zone: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Clients {
    pub items: Vec<Client>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Regions {
    pub items: Vec<Region>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Locations {
    pub items: Vec<LocationRow>,
}

impl From<Shopped> for Client {
    fn from(Shopped { client, checklists }: Shopped) -> Self {
        let family = |Family { slug, title }| ChecklistFamily {
            slug,
            title: title.0,
        };
        Self {
            id: client.id,
            name: client.name,
            color: client.color,
            checklists: checklists.into_iter().map(family).collect(),
        }
    }
}

impl From<region::Model> for Region {
    fn from(region: region::Model) -> Self {
        Self {
            id: region.id,
            client: region.client_id,
            parent: region.parent_id,
            name: region.name,
            depth: region.depth,
        }
    }
}

impl From<Located> for LocationRow {
    fn from(Located { location, region }: Located) -> Self {
        Self {
            id: location.id,
            client: location.client_id,
            region: region.id,
            region_name: region.name,
            name: location.name,
            code: location.code,
            city: location.city,
            time_zone: location.time_zone,
        }
    }
}

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
