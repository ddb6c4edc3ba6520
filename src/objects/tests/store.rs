//! The server that a test of the contract runs against: the embedded one on a folder of the test's own, or a bucket of its
//! own on the real one that `PLAINCLOTHES_TEST_S3` names, in the words that `tests/tools/garage start` prints.

use std::ops::Deref;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use tempfile::TempDir;

use super::super::connection::{connect, https};
use super::super::{Keys, Objects, RemoteS3};

pub struct Store {
    pub objects: Objects,
    /// The S3 client itself.
    pub raw: Client,
    pub bucket: String,
    _folder: Option<TempDir>,
}

impl Deref for Store {
    type Target = Objects;
    fn deref(&self) -> &Objects {
        &self.objects
    }
}

impl Store {
    pub async fn new() -> Self {
        let Some(server) = named() else {
            let folder = super::folder();
            return Self {
                objects: super::open(&folder),
                raw: super::raw_on(&folder),
                bucket: "plainclothes".to_owned(),
                _folder: Some(folder),
            };
        };
        Self::on(server).await
    }

    /// A new bucket on a real server.
    pub async fn on(mut server: RemoteS3) -> Self {
        server.bucket = format!("test-{}", uuid::Uuid::new_v4().simple());
        let raw = raw_to(&server);
        raw.create_bucket()
            .bucket(&server.bucket)
            .send()
            .await
            .expect("a new bucket");
        Self {
            objects: Objects::remote(&server).await.expect("a client"),
            raw,
            bucket: server.bucket,
            _folder: None,
        }
    }

    pub async fn names(&self) -> Vec<String> {
        let listed = self.objects.list("").await.expect("a list");
        listed.into_iter().map(|object| object.name).collect()
    }
}

pub fn raw_to(server: &RemoteS3) -> Client {
    let keys = server.keys.clone().expect("keys of its own");
    let keys = Credentials::new(keys.access_key, keys.secret_key, None, None, "test");
    let http = https(server.ca_file.as_deref()).expect("a network");
    connect(server, SharedCredentialsProvider::new(keys), http, 1)
}

/// The real server that the environment names, if it names one.
pub fn named() -> Option<RemoteS3> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which server to test on is the runner's choice"
    )]
    let line = std::env::var("PLAINCLOTHES_TEST_S3").ok()?;
    let words: Vec<&str> = line.split(' ').collect();
    let [endpoint, region, bucket, access_key, secret_key] = words[..] else {
        panic!("PLAINCLOTHES_TEST_S3 is what tests/tools/garage start prints");
    };
    Some(RemoteS3 {
        endpoint: Some(endpoint.to_owned()),
        region: region.to_owned(),
        bucket: bucket.to_owned(),
        keys: Some(Keys {
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
        }),
        path_style: true,
        ca_file: None,
        public_endpoint: Some(endpoint.to_owned()),
    })
}
