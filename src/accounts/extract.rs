//! What a handler asks for to be sure of who calls: a route's role stands in its signature.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum_extra::extract::CookieJar;

use super::caller::{Caller, Scope, ShopperScope};
use super::service;
use crate::app::App;
use crate::error::{Error, Result};

/// Anybody who is signed in.
#[derive(Debug)]
pub struct SignedIn(pub Caller);
/// A shopper, with their own things.
#[derive(Debug)]
pub struct Shopper(pub ShopperScope);
/// A reviewer or an admin, with the whole agency.
#[derive(Debug)]
pub struct Reviewer(pub Scope);
/// An admin, with the whole agency.
#[derive(Debug)]
pub struct Admin(pub Scope);
/// Anybody at a desk, with the part of what is published that they may see.
#[derive(Debug)]
pub struct Reader(pub Scope);

/// The session cookie's name; the `__Host-` prefix makes browsers insist on `Secure`, which plain http cannot have.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-plainclothes"
    } else {
        "plainclothes"
    }
}

async fn caller(parts: &mut Parts, app: &App) -> Result<Caller> {
    if let Some(token) = bearer(&parts.headers) {
        return service::authenticate(app, token).await;
    }
    let jar = CookieJar::from_headers(&parts.headers);
    let cookie = jar
        .get(cookie_name(app.config.cookie_is_secure()))
        .ok_or(Error::SessionEnded)?;
    if !is_same_origin(&parts.method, &parts.headers) {
        return Err(Error::NotAllowed);
    }
    service::authenticate(app, cookie.value()).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// A cookie travels with whatever page sends the request; a write has to come from a page of ours.
fn is_same_origin(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    match headers.get("sec-fetch-site").map(|value| value.as_bytes()) {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        // Browsers without the header send Origin with every write.
        None => match (headers.get(header::ORIGIN), headers.get(header::HOST)) {
            (Some(origin), Some(host)) => origin
                .to_str()
                .ok()
                .and_then(|origin| origin.split_once("://"))
                .is_some_and(|(_, of)| of.as_bytes() == host.as_bytes()),
            (None, _) => true,
            _ => false,
        },
    }
}

macro_rules! extractors {
    ($($name:ident => $make:expr),+ $(,)?) => {$(
        impl FromRequestParts<App> for $name {
            type Rejection = Error;
            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
                let caller = caller(parts, app).await?;
                let make: fn(Caller) -> Result<Self> = $make;
                make(caller)
            }
        }
    )+};
}

extractors! {
    SignedIn => |caller| Ok(Self(caller)),
    Shopper => |caller| caller.as_shopper().map(Self),
    Reviewer => |caller| caller.as_reviewer().map(Self),
    Admin => |caller| caller.as_admin().map(Self),
    Reader => |caller| caller.as_reader().map(Self),
}
