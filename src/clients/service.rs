//! Finding clients, regions and locations, and making them.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Set};

use super::repo;
pub use super::repo::Located;
use crate::accounts::Scope;
use crate::app::App;
use crate::campaigns::service::Family;
use crate::db::DbError;
use crate::db::entities::{client, location, region};
use crate::domain::ids::{ClientId, LocationId, RegionId};
use crate::error::{Error, Result};
use crate::journal;

/// A client with the checklists that it is shopped with.
#[derive(Debug)]
pub struct Shopped {
    pub client: client::Model,
    pub checklists: Vec<Family>,
}

/// The clients that the scope reaches, by name.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, scope: &Scope) -> Result<Vec<Shopped>> {
    let clients = repo::clients(app.db.reader(), scope).await?;
    let mut families = crate::campaigns::service::families(app, scope).await?;
    Ok(clients
        .into_iter()
        .map(|client| {
            let checklists = families.remove(&client.id).unwrap_or_default();
            Shopped { client, checklists }
        })
        .collect())
}

/// One client.
///
/// # Errors
/// [`Error::NotFound`] when the scope does not reach it; the same holds below.
pub async fn client(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ClientId,
) -> Result<client::Model> {
    repo::client(db, scope, id).await?.ok_or(Error::NotFound)
}

/// Regions that the scope reaches, parents before their children.
///
/// # Errors
/// [`Error::NotFound`] for a client that the scope does not reach.
pub async fn regions(app: &App, scope: &Scope, of: Option<ClientId>) -> Result<Vec<region::Model>> {
    if let Some(id) = of {
        client(app.db.reader(), scope, id).await?;
    }
    Ok(repo::regions(app.db.reader(), scope, of).await?)
}

/// A region and all below it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn regions_below(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: RegionId,
) -> Result<Vec<RegionId>> {
    let top = repo::region(db, scope, id).await?.ok_or(Error::NotFound)?;
    Ok(repo::regions_below(db, scope, &top).await?)
}

/// Locations that the scope reaches, by name; those of one client, or in a region and below.
///
/// # Errors
/// [`Error::NotFound`] for a client or region that the scope does not reach.
pub async fn locations(
    app: &App,
    scope: &Scope,
    of: Option<ClientId>,
    within: Option<RegionId>,
) -> Result<Vec<Located>> {
    let db = app.db.reader();
    if let Some(id) = of {
        client(db, scope, id).await?;
    }
    let regions = match within {
        Some(id) => Some(regions_below(db, scope, id).await?),
        None => None,
    };
    Ok(repo::locations(db, scope, of, regions.as_deref()).await?)
}

/// Those of the named locations that the scope reaches.
///
/// # Errors
/// As the database has them.
pub async fn locations_by_id(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: impl IntoIterator<Item = LocationId> + Send,
) -> Result<BTreeMap<LocationId, Located>> {
    Ok(repo::locations_by_id(db, scope, ids).await?)
}

/// One location with its region.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn location(db: &impl ConnectionTrait, scope: &Scope, id: LocationId) -> Result<Located> {
    repo::location(db, scope, id).await?.ok_or(Error::NotFound)
}

/// A client to be made.
#[derive(Clone, Debug)]
pub struct NewClient {
    pub name: String,
    /// `#rrggbb`
    pub color: String,
    /// The language of its reports.
    pub locale: String,
}

/// Makes a client.
///
/// # Errors
/// [`Error::Malformed`] for what a client cannot be; [`Error::WrongState`] when the agency has one of that name.
pub async fn create_client(app: &App, scope: &Scope, new: NewClient) -> Result<client::Model> {
    let name = named("/name", &new.name)?;
    let is_color = new.color.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    });
    if !is_color {
        return Err(Error::refused("/color", "write it as #1f6feb"));
    }
    let row = client::ActiveModel {
        id: Set(ClientId(app.clock.new_uuid())),
        agency_id: Set(scope.agency),
        name: Set(name.clone()),
        color: Set(new.color),
        locale: Set(named("/locale", &new.locale)?),
        created_at_ms: Set(app.clock.now_ms()),
    };
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let taken = format!("there is a client '{name}' already");
            let made = repo::insert_client(txn, row)
                .await
                .map_err(|error| taken_or(error, taken))?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "client.create", &made.id, None).await?;
            Ok(made)
        })
    })
    .await
}

/// A region to be made.
#[derive(Clone, Debug)]
pub struct NewRegion {
    pub client: ClientId,
    /// At the top of the client's tree when absent.
    pub parent: Option<RegionId>,
    pub name: String,
}

/// Makes a region.
///
/// # Errors
/// [`Error::NotFound`] for a client or parent that the scope does not reach; [`Error::Malformed`] for a parent that is
/// another client's.
pub async fn create_region(app: &App, scope: &Scope, new: NewRegion) -> Result<region::Model> {
    let name = named("/name", &new.name)?;
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let client = client(txn, &scope, new.client).await?;
            let parent = match new.parent {
                Some(id) => Some(
                    repo::region(txn, &scope, id)
                        .await?
                        .ok_or(Error::NotFound)?,
                ),
                None => None,
            };
            if parent
                .as_ref()
                .is_some_and(|parent| parent.client_id != client.id)
            {
                return Err(Error::refused("/parent", "belongs to another client"));
            }
            let id = RegionId(app.clock.new_uuid());
            let (above, depth) = parent.map_or((String::new(), 0), |p| (p.path, p.depth + 1));
            let row = region::ActiveModel {
                id: Set(id),
                agency_id: Set(scope.agency),
                client_id: Set(client.id),
                parent_id: Set(new.parent),
                name: Set(name),
                path: Set(format!("{above}{id}/")),
                depth: Set(depth),
            };
            let made = repo::insert_region(txn, row).await?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "region.create", &made.id, None).await?;
            Ok(made)
        })
    })
    .await
}

/// A location to be made; it belongs to its region's client.
#[derive(Clone, Debug)]
pub struct NewLocation {
    pub region: RegionId,
    pub name: String,
    /// What the client calls it; no two of a client's locations have the same.
    pub code: String,
    pub address: String,
    pub city: String,
    /// IANA: `Europe/Amsterdam`.
    pub time_zone: String,
    /// Ten-millionths of a degree.
    pub latitude_e7: Option<i64>,
    pub longitude_e7: Option<i64>,
    pub phone: Option<String>,
}

/// Makes a location.
///
/// # Errors
/// [`Error::NotFound`] for a region that the scope does not reach; [`Error::Malformed`] for what a location cannot be;
/// [`Error::WrongState`] when the client has one with that code.
pub async fn create_location(
    app: &App,
    scope: &Scope,
    new: NewLocation,
) -> Result<location::Model> {
    let (name, code) = (named("/name", &new.name)?, named("/code", &new.code)?);
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(Error::refused("/time_zone", "write it as Europe/Amsterdam"));
    }
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            let region = repo::region(txn, &scope, new.region)
                .await?
                .ok_or(Error::NotFound)?;
            let taken = format!("this client has a location with the code '{code}' already");
            let row = location::ActiveModel {
                id: Set(LocationId(app.clock.new_uuid())),
                agency_id: Set(scope.agency),
                client_id: Set(region.client_id),
                region_id: Set(region.id),
                name: Set(name),
                code: Set(code),
                address: Set(new.address),
                city: Set(new.city),
                time_zone: Set(new.time_zone),
                latitude_e7: Set(new.latitude_e7),
                longitude_e7: Set(new.longitude_e7),
                phone: Set(new.phone),
            };
            let made = repo::insert_location(txn, row)
                .await
                .map_err(|error| taken_or(error, taken))?;
            let now_ms = app.clock.now_ms();
            journal::write(txn, &scope, now_ms, "location.create", &made.id, None).await?;
            Ok(made)
        })
    })
    .await
}

fn named(pointer: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::refused(pointer, "has to say something"));
    }
    Ok(text.to_owned())
}

fn taken_or(error: DbError, taken: String) -> Error {
    match error {
        DbError::Conflict(_) => Error::WrongState(taken),
        other => other.into(),
    }
}
