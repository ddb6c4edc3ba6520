//! The S3 server inside this process: requests of the S3 client are handed to it without a socket between them.
//!
//! Everything else is as with a server elsewhere, signatures included, so that there is one way to try out and to trust.

use std::io;
use std::path::Path;

use aws_sdk_s3::config::{Credentials, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http::header::{HOST, HeaderValue};
use s3s::S3;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

use super::RemoteS3;
use super::folder::Folder;
use super::server::FolderServer;

/// What the client must know of the server inside, but for its keys.
pub(super) fn server() -> RemoteS3 {
    RemoteS3 {
        endpoint: Some("http://embedded".into()),
        region: "embedded".into(),
        bucket: "plainclothes".into(),
        keys: None,
        path_style: true,
        ca_file: None,
        public_endpoint: None,
    }
}

const KEY: &str = "embedded";

/// No secret: only this process can reach the server.
pub(super) fn keys() -> Credentials {
    Credentials::new(KEY, KEY, None, None, "embedded")
}

/// Starts the server on `root` and gives what takes the place of a network.
pub(super) fn open(root: &Path) -> io::Result<SharedHttpClient> {
    let folder = Folder::open(root)?;
    Ok(serve(FolderServer::new(server().bucket, folder)))
}

/// Puts signatures and HTTP in front of `s3`.
pub(super) fn serve(s3: impl S3) -> SharedHttpClient {
    let mut builder = S3ServiceBuilder::new(s3);
    builder.set_auth(SimpleAuth::from_single(KEY, KEY));
    let connector = SharedHttpConnector::new(InProcess(builder.build()));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct InProcess(S3Service);

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = self.0.clone();
        HttpConnectorFuture::new(async move {
            let mut request = request
                .try_into_http1x()
                .map_err(|error| ConnectorError::user(error.into()))?
                .map(s3s::Body::http_body_unsync);
            // the host is signed; a client on a socket writes this header last of all
            if let Some(host) = request.uri().host().map(HeaderValue::from_str) {
                let host = host.map_err(|error| ConnectorError::user(error.into()))?;
                request.headers_mut().insert(HOST, host);
            }
            let response = service
                .call(request)
                .await
                .map_err(|error| ConnectorError::other(error.into(), None))?
                .map(SdkBody::from_body_1_x);
            HttpResponse::try_from(response)
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}
