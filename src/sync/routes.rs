//! The endpoints that a phone calls in each round: changes, offer, commands.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{changes, offer};
use crate::accounts::Shopper;
use crate::app::App;
use crate::db::entities::feed_entry;
use crate::domain::sync::PULL_VERSIONS;
use crate::error::{Error, Limit, Result};
use crate::http::extract::{Body, Query};
use crate::visits::commands::{self, Command, CommandResult};

/// From where on, and how much at a time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// As the last answer gave it; absent for everything.
    pub cursor: Option<String>,
    /// At most so many changes; 200 when absent.
    pub limit: Option<u64>,
    /// The version of the protocol that the phone speaks; 1 when absent.
    pub protocol: Option<u32>,
}

/// A page of the caller's feed.
#[derive(Serialize, ToSchema)]
pub struct Changes {
    pub epoch: String,
    /// The cursor was of no use: this is the first page of everything.
    pub reset: bool,
    pub cursor: String,
    pub more: bool,
    pub changes: Vec<Change>,
    pub check: Check,
}

/// What one entry has become. `value` is a visit or a feedback, and there when `op` is put.
#[derive(Serialize, ToSchema)]
pub struct Change {
    /// visit or feedback.
    pub kind: String,
    pub id: Uuid,
    pub rev: i64,
    /// put or del.
    pub op: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<Box<serde_json::value::RawValue>>,
    /// With del: reassigned, withdrawn, expired or access_revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a phone should hold after the last page.
#[derive(Serialize, ToSchema)]
pub struct Check {
    pub count: i64,
    /// 16 hex digits: XOR over the entries of the first 8 bytes, big endian, of SHA-256(`kind:id:rev`).
    pub sum: String,
}

const CHANGES_PER_PAGE: u64 = 200;

/// What has changed since the cursor.
#[utoipa::path(get, path = "/sync/changes", tag = "sync", params(ChangesQuery),
    responses((status = 200, body = Changes), (status = 401), (status = 426)))]
pub async fn changes(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Changes>> {
    if let Some(version) = query
        .protocol
        .filter(|version| !PULL_VERSIONS.contains(version))
    {
        return Err(Error::UpdateRequired(version));
    }
    let limit = query
        .limit
        .unwrap_or(CHANGES_PER_PAGE)
        .clamp(1, app.config.limits.feed_page_max);
    let page = changes::pull(&app, shopper, query.cursor.as_deref(), limit).await?;
    let changes = page
        .entries
        .into_iter()
        .map(change)
        .collect::<Result<_>>()?;
    Ok(Json(Changes {
        epoch: app.installation.epoch.to_string(),
        reset: page.reset,
        cursor: page.cursor,
        more: page.more,
        changes,
        check: Check {
            count: page.live_count,
            sum: format!("{:016x}", page.live_sum),
        },
    }))
}

fn change(entry: feed_entry::Model) -> Result<Change> {
    let value = entry
        .value
        .map(serde_json::value::RawValue::from_string)
        .transpose()
        .map_err(|error| Error::Internal(format!("feed entry {}: {error}", entry.entity_id)))?;
    Ok(Change {
        kind: entry.kind,
        id: entry.entity_id,
        rev: entry.rev,
        op: entry.op,
        value,
        reason: entry.reason,
    })
}

/// Say what the phone still holds; the answer says what the server lacks.
#[utoipa::path(post, path = "/sync/offer", tag = "sync", request_body = offer::OfferRequest,
    responses((status = 200, body = offer::OfferAnswer), (status = 400), (status = 401), (status = 413)))]
pub async fn offer(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Body(body): Body<offer::OfferRequest>,
) -> Result<Json<offer::OfferAnswer>> {
    within(
        "offer_items_max",
        body.items.len(),
        app.config.limits.offer_items_max,
    )?;
    Ok(Json(offer::answer(&app, shopper, body).await?))
}

fn within(name: &'static str, count: usize, most: u64) -> Result<()> {
    if count as u64 > most {
        return Err(Error::TooLarge(Limit {
            name,
            value: most,
            unit: "items",
        }));
    }
    Ok(())
}

/// Small intents of the phone.
#[derive(Deserialize, ToSchema)]
pub struct Commands {
    pub commands: Vec<Command>,
}

/// What became of them, in the same order.
#[derive(Serialize, ToSchema)]
pub struct CommandResults {
    pub results: Vec<CommandResult>,
}

/// Do small things; each is done once, however often it is sent.
#[utoipa::path(post, path = "/sync/commands", tag = "sync", request_body = Commands,
    responses((status = 200, body = CommandResults), (status = 400), (status = 401), (status = 413)))]
pub async fn commands(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Body(body): Body<Commands>,
) -> Result<Json<CommandResults>> {
    within(
        "commands_max",
        body.commands.len(),
        app.config.limits.commands_max,
    )?;
    let mut results = Vec::with_capacity(body.commands.len());
    for command in body.commands {
        results.push(commands::run(&app, shopper, command).await?);
    }
    Ok(Json(CommandResults { results }))
}
