//! A bucket for one test, and damage to what is in it.

use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use plainclothes::config::S3Config;
use plainclothes::objects::ObjectKey;

use super::World;

/// A new bucket on the S3 server that `PLAINCLOTHES_TEST_S3` names in the words of `tests/tools/garage start`; without it
/// a story has the server inside the program, on a folder of its own.
pub async fn fresh() -> Option<S3Config> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which server to test on is the runner's choice"
    )]
    let line = std::env::var("PLAINCLOTHES_TEST_S3").ok()?;
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let [endpoint, region, _, access_key, secret_key] = words.try_into().unwrap();
    let s3 = S3Config {
        endpoint: Some(endpoint),
        region,
        bucket: format!("test-{}", uuid::Uuid::new_v4().simple()),
        access_key: Some(access_key),
        secret_key: Some(secret_key),
        path_style: true,
        ca_file: None,
        public_endpoint: None,
    };
    let made = raw(&s3).create_bucket().bucket(&s3.bucket).send();
    made.await.expect("the S3 server for tests answers");
    Some(s3)
}

fn raw(s3: &S3Config) -> Client {
    let (access_key, secret_key) = (s3.access_key.clone(), s3.secret_key.clone());
    let keys = Credentials::new(access_key.unwrap(), secret_key.unwrap(), None, None, "test");
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(s3.endpoint.clone().unwrap())
        .region(Region::new(s3.region.clone()))
        .credentials_provider(keys)
        .force_path_style(true);
    Client::from_conf(config.build())
}

/// Changes an object behind everybody's back: its last byte, and nothing that is noted beside it.
pub async fn damage(world: &World, key: &ObjectKey) {
    let Some(s3) = &world.app.config.s3 else {
        let file = file_of(&world.app.config.data_dir.join("objects/objects"), key);
        let mut bytes = fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        return fs::write(file, bytes).unwrap();
    };
    let client = raw(s3);
    let object = client.get_object().bucket(&s3.bucket).key(key.as_str());
    let object = object.send().await.unwrap();
    let metadata = object.metadata().cloned();
    let mut bytes = object.body.collect().await.unwrap().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let put = client.put_object().bucket(&s3.bucket).key(key.as_str());
    let put = put.set_metadata(metadata).body(bytes.into());
    put.send().await.unwrap();
}

fn file_of(folder: &Path, key: &ObjectKey) -> PathBuf {
    let name = format!("/{key}\"");
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(&name) {
            return path;
        }
    }
    panic!("there is no file of {key}");
}
