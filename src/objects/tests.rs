//! The embedded server through the real client, the client against servers that fail or lie, and what every server has
//! to keep: `contract` runs against the embedded one, or against the one that the environment names.

use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use tempfile::TempDir;

use super::connection::connect;
use super::{ObjectKey as Key, Objects, embedded};
use crate::domain::ids::{AgencyId, Sha256};

mod contract;
mod elsewhere;
mod inside;
mod keys;
mod on_disk;
mod real;
mod sources;
mod store;

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
    let keys = Credentials::new("embedded", secret_key, None, None, "test");
    connect(
        &embedded::server(),
        SharedCredentialsProvider::new(keys),
        http,
        1,
    )
}

fn raw_on(folder: &TempDir) -> Client {
    let http = embedded::open(folder.path()).expect("the folder can be used");
    raw(http, "embedded")
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
