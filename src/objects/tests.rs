//! The embedded server through the real client, and the client against servers that fail or lie.

use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use tempfile::TempDir;

use super::{ObjectKey as Key, Objects, embedded};
use crate::domain::ids::{AgencyId, Sha256};

mod elsewhere;
mod inside;
mod on_disk;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn open(folder: &TempDir) -> Objects {
    Objects::embedded(folder.path()).expect("the folder can be used")
}

fn key(text: &str) -> Key {
    Key::of_text(text)
}

fn evidence(content: &[u8]) -> Key {
    Key::evidence(AgencyId(uuid::Uuid::from_u128(7)), Sha256::of(content))
}

/// The S3 client itself, for what [`Objects`] does not offer.
fn raw(http: SharedHttpClient, secret_key: &str) -> Client {
    let server = embedded::server();
    let credentials = Credentials::new(server.access_key, secret_key, None, None, "test");
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(
            server
                .endpoint
                .expect("the embedded server has an endpoint"),
        )
        .region(Region::new(server.region))
        .credentials_provider(credentials)
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}

fn raw_on(folder: &TempDir) -> Client {
    let http = embedded::open(folder.path()).expect("the folder can be used");
    raw(http, &embedded::server().secret_key)
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files_under(&path),
            false => vec![path],
        })
        .collect()
}
