//! What many answers share: instants, pages, pictures, and how ids look in the OpenAPI document.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::domain::ids::{
    AgencyId, AuditId, BundleId, CampaignId, ClientId, FeedbackId, JobId, LocationId, PersonId,
    PhotoPairId, PublishedAuditId, RegionId, Sha256, VisitId, WebhookId, WhatIfId,
};
use crate::error::{Error, Result};
use crate::objects::ADDRESS_LIFE;

/// Milliseconds since 1970 as RFC 3339 in UTC with milliseconds.
pub fn instant(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// RFC 9530: the digest of the bytes as they are sent.
pub const CONTENT_DIGEST: &str = "content-digest";

/// A picture that nothing but an `img` can make use of.
pub fn picture(bytes: bytes::Bytes, kind: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// A picture that may look different the next time it is asked for, in `version`: a browser keeps it, and asks before it
/// shows it again.
pub fn changing_picture(bytes: bytes::Bytes, version: i32) -> Response {
    let mut response = picture(bytes, "image/jpeg".to_owned());
    note_version(response.headers_mut(), version);
    response
}

/// The answer to a browser that holds the version that is shown.
pub fn unchanged_picture(version: i32) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    note_version(response.headers_mut(), version);
    response
}

fn note_version(headers: &mut HeaderMap, version: i32) {
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        headers.insert(header::ETAG, tag);
    }
}

/// The version that a browser says it holds.
pub fn known_version(headers: &HeaderMap) -> Option<i32> {
    let tag = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tag = tag.trim().trim_start_matches("W/");
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// Where a picture is to be had for a short time. A browser may come back to this answer for most of it.
pub fn picture_elsewhere(address: &str) -> Response {
    let age_s = ADDRESS_LIFE.as_secs() - 60;
    let headers = [
        (header::LOCATION, address.to_owned()),
        (header::CACHE_CONTROL, format!("private, max-age={age_s}")),
    ];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of all pages together.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page with each item turned into its view.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(view).collect(),
            next: self.next,
            total: self.total,
        }
    }
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most so many items; 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

const PAGE_ITEMS: u64 = 50;

/// A window on an ordered list: `skip` items, then `take`.
///
/// Lists at the desk are short enough, and read seldom enough, for offsets; feeds and exports do not use this.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub skip: u64,
    pub take: u64,
}

impl PageQuery {
    /// The window that this query asks for, at most `items_max` long.
    ///
    /// # Errors
    /// [`Error::Malformed`] when `after` was not made here.
    pub fn window(&self, items_max: u64) -> Result<Window> {
        let take = self.limit.unwrap_or(PAGE_ITEMS).clamp(1, items_max);
        let skip = match &self.after {
            None => 0,
            Some(text) => URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .and_then(|text| text.strip_prefix("at:")?.parse::<u32>().ok())
                .map(u64::from)
                .ok_or_else(|| Error::refused("after", "take it from the page before"))?,
        };
        Ok(Window { skip, take })
    }
}

impl Window {
    /// The page that these items are, of `total` in all.
    pub fn page<T>(self, items: Vec<T>, total: u64) -> Page<T> {
        let reached = self.skip + items.len() as u64;
        let next = (reached < total && !items.is_empty())
            .then(|| URL_SAFE_NO_PAD.encode(format!("at:{reached}")));
        Page { items, next, total }
    }
}

macro_rules! id_schemas {
    ($format:expr, $($name:ident),+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).format($format).into()
            }
        }
        impl ToSchema for $name {}
    )+};
}

id_schemas!(
    Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)),
    AgencyId,
    AuditId,
    BundleId,
    CampaignId,
    ClientId,
    FeedbackId,
    JobId,
    LocationId,
    PersonId,
    PhotoPairId,
    PublishedAuditId,
    RegionId,
    VisitId,
    WebhookId,
    WhatIfId
);
id_schemas!(Some(SchemaFormat::Custom("sha256".to_owned())), Sha256);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_to_the_next_and_the_last_leads_nowhere() {
        let first = PageQuery {
            limit: Some(2),
            after: None,
        }
        .window(10)
        .unwrap();
        let page = first.page(vec!['a', 'b'], 3);
        let second = PageQuery {
            limit: Some(2),
            after: page.next,
        }
        .window(10)
        .unwrap();
        assert_eq!((second.skip, second.take), (2, 2));
        assert!(second.page(vec!['c'], 3).next.is_none());
    }

    #[test]
    fn a_foreign_after_is_refused() {
        let farther_than_any_list = URL_SAFE_NO_PAD.encode(format!("at:{}", u64::MAX));
        for after in ["!!", "", &farther_than_any_list] {
            let query = PageQuery {
                limit: None,
                after: Some(after.to_owned()),
            };
            assert!(query.window(10).is_err(), "{after}");
        }
    }
}
