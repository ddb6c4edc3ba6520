//! Sessions and people over HTTP.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Role;
use super::extract::{Admin, SignedIn, cookie_name};
use super::service::{self, Profile};
use crate::app::App;
use crate::db::entities::outbox_report;
use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId};
use crate::error::Result;
use crate::http::extract::Body;
use crate::http::views::instant;

/// What is needed to sign in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// How this device is called in the list of devices.
    #[serde(default)]
    pub device_name: String,
}

/// A new session: the token for clients without cookies, and who has signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionCreated {
    pub token: String,
    pub me: Me,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub user: PersonId,
    pub email: String,
    pub display_name: String,
    pub agency: AgencyId,
    pub agency_name: String,
    pub locale: String,
    pub grants: Vec<GrantView>,
}

/// A role and how far it reaches.
#[derive(Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    pub role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_name: Option<String>,
}

impl From<Profile> for Me {
    fn from(profile: Profile) -> Self {
        Self {
            user: profile.person.id,
            email: profile.person.email,
            display_name: profile.person.display_name,
            agency: profile.person.agency_id,
            agency_name: profile.agency_name,
            locale: profile.person.locale,
            grants: grants(profile.grants),
        }
    }
}

type NamedGrants = Vec<(
    crate::db::entities::role_grant::Model,
    Option<crate::db::entities::client::Model>,
    Option<crate::db::entities::region::Model>,
)>;

fn grants(named: NamedGrants) -> Vec<GrantView> {
    named
        .into_iter()
        .filter_map(|(grant, client, region)| {
            Some(GrantView {
                role: Role::parse(&grant.role)?,
                client: grant.client_id,
                client_name: client.map(|client| client.name),
                region: grant.region_id,
                region_name: region.map(|region| region.name),
            })
        })
        .collect()
}

/// Sign in with email and password.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = SignIn,
    responses((status = 201, body = SessionCreated), (status = 401), (status = 429)))]
pub async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    Body(body): Body<SignIn>,
) -> Result<(StatusCode, CookieJar, Json<SessionCreated>)> {
    let begun = service::sign_in(&app, &body.email, &body.password, &body.device_name).await?;
    let me = Me::from(service::profile(&app, begun.person).await?);
    let jar = jar.add(session_cookie(&app, begun.token.clone()));
    Ok((
        StatusCode::CREATED,
        jar,
        Json(SessionCreated {
            token: begun.token,
            me,
        }),
    ))
}

fn session_cookie(app: &App, token: String) -> Cookie<'static> {
    let secure = app.config.cookie_is_secure();
    let age_s = i64::from(app.config.session_absolute_days) * 24 * 60 * 60;
    let mut cookie = Cookie::new(cookie_name(secure), token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(secure);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_max_age(time::Duration::seconds(age_s));
    cookie
}

/// Who is signed in.
#[utoipa::path(get, path = "/sessions/current", tag = "sessions",
    responses((status = 200, body = Me), (status = 401)))]
pub async fn me(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<Json<Me>> {
    Ok(Json(service::profile(&app, caller.person).await?.into()))
}

/// Sign out: the session ends at once.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions",
    responses((status = 204), (status = 401)))]
pub async fn sign_out(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar)> {
    service::sign_out(&app, &caller).await?;
    let mut gone = Cookie::from(cookie_name(app.config.cookie_is_secure()));
    gone.set_path("/");
    Ok((StatusCode::NO_CONTENT, jar.remove(gone)))
}

/// Somebody who works with the agency.
#[derive(Serialize, ToSchema)]
pub struct Person {
    pub id: PersonId,
    pub display_name: String,
    pub email: String,
    pub grants: Vec<GrantView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbox: Option<OutboxReport>,
}

/// What a person's phone last said it still holds.
#[derive(Serialize, ToSchema)]
pub struct OutboxReport {
    pub audits: i64,
    pub photos: i64,
    pub photo_bytes: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
    pub reported_at: String,
}

impl From<outbox_report::Model> for OutboxReport {
    fn from(row: outbox_report::Model) -> Self {
        Self {
            audits: row.audits,
            photos: row.photos,
            photo_bytes: row.photo_bytes,
            oldest: row.oldest,
            reported_at: instant(row.reported_at_ms),
        }
    }
}

/// All people of the agency.
#[derive(Serialize, ToSchema)]
pub struct People {
    pub items: Vec<Person>,
}

/// The agency's people, with what is still on their phones.
#[utoipa::path(get, path = "/people", tag = "admin", responses((status = 200, body = People)))]
pub async fn people(State(app): State<App>, Admin(scope): Admin) -> Result<Json<People>> {
    let items = service::people(&app, &scope)
        .await?
        .into_iter()
        .map(|(profile, report)| Person {
            id: profile.person.id,
            display_name: profile.person.display_name,
            email: profile.person.email,
            grants: grants(profile.grants),
            outbox: report.map(OutboxReport::from),
        })
        .collect();
    Ok(Json(People { items }))
}
