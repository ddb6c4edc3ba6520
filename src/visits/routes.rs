//! Visits at the agency's desk: reviewers see them, admins make and move them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::service::{self, LOCAL_FORMAT, Listed, NewVisit};
use crate::accounts::{Admin, Reviewer};
use crate::app::App;
use crate::domain::ids::{CampaignId, LocationId, PersonId, Sha256, VisitId};
use crate::domain::visit::VisitState;
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path, Query};
use crate::http::views::{Page, PageQuery};

/// A visit at the desk.
#[derive(Serialize, ToSchema)]
pub struct VisitRow {
    pub id: VisitId,
    pub campaign: CampaignId,
    pub campaign_name: String,
    pub client_name: String,
    pub location: LocationId,
    pub location_name: String,
    pub location_city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shopper: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shopper_name: Option<String>,
    pub state: String,
    /// The version that it is filled in with.
    pub checklist_sha256: Sha256,
    /// The first leg, where this visit is the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<VisitId>,
    pub local_opens: String,
    pub local_closes: String,
    pub time_zone: String,
    pub pay_minor: i64,
    pub currency: String,
}

impl From<Listed> for VisitRow {
    fn from(listed: Listed) -> Self {
        let Listed {
            visit,
            campaign,
            client,
            location,
            shopper,
        } = listed;
        Self {
            id: visit.id,
            campaign: campaign.id,
            campaign_name: campaign.name,
            client_name: client.name,
            location: location.id,
            location_name: location.name,
            location_city: location.city,
            shopper: visit.shopper_id,
            shopper_name: shopper.map(|person| person.display_name),
            state: visit.state,
            checklist_sha256: visit.checklist_sha256,
            follows: visit.follows_visit_id,
            local_opens: visit.local_opens,
            local_closes: visit.local_closes,
            time_zone: location.time_zone,
            pay_minor: visit.pay_minor,
            currency: visit.currency,
        }
    }
}

/// Which visits to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VisitsQuery {
    /// One of the states of a visit; all when absent.
    pub state: Option<String>,
    pub shopper: Option<PersonId>,
    pub limit: Option<u64>,
    pub after: Option<String>,
}

/// Visits, latest window first.
#[utoipa::path(get, path = "/visits", tag = "review", params(VisitsQuery),
    responses((status = 200, body = Page<VisitRow>)))]
pub async fn list(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Query(query): Query<VisitsQuery>,
) -> Result<Json<Page<VisitRow>>> {
    let state = query
        .state
        .map(|word| {
            VisitState::parse(&word).ok_or_else(|| Error::refused("state", "no such state"))
        })
        .transpose()?;
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    Ok(Json(
        service::list(&app, &scope, state, query.shopper, window)
            .await?
            .map(VisitRow::from),
    ))
}

/// A visit to be made; the times are the location's own.
#[derive(Deserialize, ToSchema)]
pub struct CreateVisit {
    pub campaign: CampaignId,
    pub location: LocationId,
    pub shopper: Option<PersonId>,
    /// `2026-11-22T11:00`
    pub local_opens: String,
    pub local_closes: String,
    /// The first leg, for a checklist that follows another.
    pub follows: Option<VisitId>,
}

/// Make a visit, and assign it when a shopper is named.
#[utoipa::path(post, path = "/visits", tag = "admin", request_body = CreateVisit,
    responses((status = 201, body = VisitRow), (status = 400), (status = 404)))]
pub async fn create(
    State(app): State<App>,
    Admin(scope): Admin,
    Body(body): Body<CreateVisit>,
) -> Result<(StatusCode, Json<VisitRow>)> {
    let new = NewVisit {
        campaign: body.campaign,
        location: body.location,
        shopper: body.shopper,
        local_opens: local("/local_opens", &body.local_opens)?,
        local_closes: local("/local_closes", &body.local_closes)?,
        follows: body.follows,
    };
    let listed = service::create(&app, &scope, new).await?;
    Ok((StatusCode::CREATED, Json(listed.into())))
}

fn local(pointer: &str, text: &str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, LOCAL_FORMAT).map_err(|_| {
        Error::refused(
            pointer,
            "write it as 2026-11-22T11:00, in the location's time",
        )
    })
}

/// Who is to have the visit.
#[derive(Deserialize, ToSchema)]
pub struct AssignVisit {
    pub shopper: PersonId,
}

/// Give a visit to a shopper; whoever had it loses it.
#[utoipa::path(post, path = "/visits/{id}/assign", tag = "admin", params(("id" = VisitId, Path)),
    request_body = AssignVisit, responses((status = 200, body = VisitRow), (status = 404), (status = 409)))]
pub async fn assign(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<VisitId>,
    Body(body): Body<AssignVisit>,
) -> Result<Json<VisitRow>> {
    Ok(Json(
        service::assign(&app, &scope, id, body.shopper)
            .await?
            .into(),
    ))
}

/// Why a visit is taken back.
#[derive(Deserialize, ToSchema)]
pub struct WithdrawVisit {
    pub reason: String,
}

/// Take a visit back; work that comes for it all the same is kept in quarantine.
#[utoipa::path(post, path = "/visits/{id}/withdraw", tag = "admin", params(("id" = VisitId, Path)),
    request_body = WithdrawVisit, responses((status = 200, body = VisitRow), (status = 404), (status = 409)))]
pub async fn withdraw(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<VisitId>,
    Body(body): Body<WithdrawVisit>,
) -> Result<Json<VisitRow>> {
    Ok(Json(
        service::withdraw(&app, &scope, id, body.reason)
            .await?
            .into(),
    ))
}
