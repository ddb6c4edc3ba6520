//! Addresses under which a browser fetches one object itself, for a short time.
//!
//! Whoever has such an address has the object, and what the server says beside it: its name and the second at which it
//! was put. So it is for people of the agency, never for clients and managers, who must not learn when a shopper came.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{SharedCredentialsProvider, SharedHttpClient};
use aws_sdk_s3::presigning::PresigningConfig;

use super::client::Objects;
use super::connection::connect;
use super::error::unavailable;
use super::{ObjectError, ObjectKey, RemoteS3, Trouble};

/// Enough for a page that was opened and then looked at.
pub const ADDRESS_LIFE: Duration = Duration::from_secs(5 * 60);

/// How browsers reach the bucket.
#[derive(Debug)]
pub(super) struct Public {
    client: Client,
    origin: String,
}

impl Public {
    pub fn of(
        server: &RemoteS3,
        keys: &SharedCredentialsProvider,
        http: SharedHttpClient,
    ) -> Option<Self> {
        let endpoint = server.public_endpoint.as_ref()?.trim_end_matches('/');
        let origin = match endpoint.split_once("://") {
            Some((scheme, host)) if !server.path_style => {
                format!("{scheme}://{}.{host}", server.bucket)
            }
            _ => endpoint.to_owned(),
        };
        let server = RemoteS3 {
            endpoint: Some(endpoint.to_owned()),
            ..server.clone()
        };
        // nothing is ever sent by this client: it only signs
        let client = connect(&server, keys.clone(), http, 1);
        Some(Self { client, origin })
    }
}

impl Objects {
    /// Where browsers are sent for pictures (`https://host`); nothing when they get them from us.
    pub fn public_origin(&self) -> Option<&str> {
        self.public.as_ref().map(|public| public.origin.as_str())
    }

    /// An address of `key`, which answers a GET for [`ADDRESS_LIFE`] as `content_type` and nothing else. Nothing when
    /// browsers cannot reach the bucket. Whether there is such an object is not looked at.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`] when there are no keys to sign with.
    pub async fn address(
        &self,
        key: &ObjectKey,
        content_type: &str,
    ) -> Result<Option<String>, ObjectError> {
        let Some(public) = &self.public else {
            return Ok(None);
        };
        let life = PresigningConfig::expires_in(ADDRESS_LIFE)
            .map_err(|error| unavailable(Trouble::Refused, error))?;
        let signed = public
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .response_content_type(content_type)
            .response_content_disposition("inline")
            .response_cache_control("private, max-age=86400")
            .presigned(life)
            .await
            .map_err(|error| self.failure(error))?;
        Ok(Some(signed.uri().to_owned()))
    }
}
