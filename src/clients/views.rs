//! How clients, regions and locations look at every desk.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::service::{Located, Shopped};
use crate::campaigns::service::Family;
use crate::db::entities::region;
use crate::domain::ids::{ClientId, LocationId, RegionId};

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

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Clients {
    pub items: Vec<Client>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Regions {
    pub items: Vec<Region>,
}

/// All of them.
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
