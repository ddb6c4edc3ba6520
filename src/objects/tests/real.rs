//! What can only be shown with a real server on a socket: certificates, host names, addresses for browsers, unfinished
//! uploads. Ignored where none is named; the stage `objects-on-s3` of `tests/run` starts one and runs these, too.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns};
use bytes::Bytes;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::super::connection::trusting;
use super::super::{Keys, ObjectError, Objects, RemoteS3, Trouble};
use super::evidence;
use super::store::{Store, named, raw_to};

fn server() -> RemoteS3 {
    named().expect("PLAINCLOTHES_TEST_S3 names a server: see tests/tools/garage")
}

async fn trouble(server: &RemoteS3) -> Trouble {
    let objects = Objects::remote(server).await.expect("a client");
    match objects.probe().await {
        Err(ObjectError::Unavailable { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn wrong_keys_and_a_missing_bucket_are_told_apart_and_mended_without_a_restart() {
    let store = Store::new().await;
    let right = RemoteS3 {
        bucket: store.bucket.clone(),
        ..server()
    };
    let with_keys = |access_key: &str, secret_key: &str| RemoteS3 {
        keys: Some(Keys {
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
        }),
        ..right.clone()
    };
    let known = right.keys.clone().expect("keys");
    let guessed = with_keys(&known.access_key, &"0".repeat(64));
    assert_eq!(trouble(&guessed).await, Trouble::KeysRefused);
    let stranger = with_keys(&format!("GK{}", "0".repeat(24)), &known.secret_key);
    assert_eq!(trouble(&stranger).await, Trouble::KeysRefused);
    let elsewhere = RemoteS3 {
        region: "elsewhere".to_owned(),
        ..right.clone()
    };
    assert_eq!(trouble(&elsewhere).await, Trouble::OtherRegion);

    let missing = RemoteS3 {
        bucket: format!("test-{}", uuid::Uuid::new_v4().simple()),
        ..right
    };
    assert_eq!(trouble(&missing).await, Trouble::NoBucket);
    let objects = Objects::remote(&missing).await.expect("a client");
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    let put = || objects.put(&key, photo.clone(), "image/jpeg");
    let refused = put().await;
    assert!(
        matches!(
            &refused,
            Err(ObjectError::Unavailable {
                trouble: Trouble::NoBucket,
                ..
            })
        ),
        "{refused:?}"
    );
    let made = raw_to(&missing).create_bucket().bucket(&missing.bucket);
    made.send().await.expect("a bucket");
    objects.probe().await.expect("the same client finds it");
    put().await.expect("put");
}

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn an_address_gives_its_object_as_the_type_that_was_signed_until_it_expires() {
    let store = Store::new().await;
    let photo = Bytes::from_static(b"a rendition");
    let key = evidence(&photo);
    store
        .put(&key, photo.clone(), "text/html")
        .await
        .expect("put");
    let address = store.address(&key, "image/jpeg").await;
    let address = address.expect("signed").expect("a public endpoint");
    let http = reqwest::Client::new();
    let answer = http.get(&address).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["cache-control"], "private, max-age=86400");
    assert_eq!(answer.headers()["content-disposition"], "inline");
    assert_eq!(answer.bytes().await.expect("content"), photo);

    let status = async |address: String| {
        let answer = http.get(address).send().await.expect("an answer");
        answer.status().as_u16()
    };
    let as_page = address.replace("image%2Fjpeg", "text%2Fhtml");
    assert_ne!(as_page, address);
    assert_eq!(status(as_page).await, 403);
    let other = address.replace("/evidence/", "/renditions/");
    assert_eq!(status(other).await, 403);
    assert_eq!(status(address.replace("=300", "=301")).await, 403);
    let put = http.put(&address).body("damage").send().await;
    assert_eq!(put.expect("an answer").status(), 403);
    let past = PresigningConfig::builder()
        .start_time(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
        .expires_in(Duration::from_secs(300));
    let get = store.raw.get_object().bucket(&store.bucket);
    let expired = get
        .key(key.as_str())
        .presigned(past.build().expect("a time"))
        .await
        .expect("signed");
    assert!([400, 403].contains(&status(expired.uri().to_owned()).await));
    assert_eq!(store.get(&key).await.expect("get"), photo);
}

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn an_upload_in_parts_that_was_never_finished_is_found_and_given_up() {
    let store = Store::new().await;
    let key = evidence(b"a photo");
    let begun = store.raw.create_multipart_upload().bucket(&store.bucket);
    let begun = begun.key(key.as_str()).send().await.expect("begun");
    let now_ms = i64::MAX;
    let unfinished = store
        .unfinished(now_ms, Duration::ZERO)
        .await
        .expect("a list");
    let [found] = &unfinished[..] else {
        panic!("{unfinished:?}");
    };
    assert_eq!(found.key, key.as_str());
    assert_eq!(Some(&found.upload), begun.upload_id.as_ref());
    let long_ago = store
        .unfinished(found.begun_at_ms + 1000, Duration::from_secs(2))
        .await;
    assert_eq!(long_ago.expect("a list"), [], "too young");
    for _ in 0..2 {
        store
            .give_up(&found.key, &found.upload)
            .await
            .expect("it is no error to give up twice");
    }
    let left = store.unfinished(now_ms, Duration::ZERO).await;
    assert_eq!(left.expect("a list"), []);
}

/// A part that is refused (it is below the smallest size, and not the last) leaves nothing behind.
#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn an_upload_in_parts_that_fails_is_given_up_at_once() {
    let store = Store::new().await;
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    let sha256 = crate::domain::ids::Sha256::of(&photo);
    let elsewhere = super::super::ObjectKey::of_text("x".repeat(1025));
    let outcome = store
        .put_parts(&elsewhere, photo.clone(), 4, "image/jpeg", sha256)
        .await;
    assert!(outcome.is_err(), "{outcome:?}");
    // whether a server takes small parts is its own affair: what counts is that it is all or nothing
    let outcome = store
        .put_parts(&key, photo.clone(), 4, "image/jpeg", sha256)
        .await;
    match outcome {
        Ok(()) => assert_eq!(store.get(&key).await.expect("get"), photo),
        Err(_) => assert_eq!(store.names().await, Vec::<String>::new()),
    }
    let left = store.unfinished(i64::MAX, Duration::ZERO).await;
    assert_eq!(left.expect("a list"), []);
}

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let file = folder.join(name);
        std::fs::write(&file, issuer.pem()).expect("a file");
        Self { issuer, file }
    }

    /// Ends TLS for these names on a port of its own and hands what comes to `upstream`; the port.
    async fn serve(&self, names: &[&str], upstream: String) -> u16 {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(names).expect("names");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate with its key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (acceptor, upstream) = (acceptor.clone(), upstream.clone());
                tokio::spawn(async move {
                    let mut line = acceptor.accept(line).await?;
                    let mut there = TcpStream::connect(upstream).await?;
                    tokio::io::copy_bidirectional(&mut line, &mut there).await
                });
            }
        });
        port
    }
}

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn a_server_with_a_certificate_of_a_private_authority_is_trusted_by_its_file() {
    let folder = super::folder();
    let authority = Authority::new(folder.path(), "ca.pem");
    let stranger = Authority::new(folder.path(), "stranger.pem");
    let plain = server();
    let upstream = plain
        .endpoint
        .clone()
        .expect("an address")
        .replace("http://", "");
    let port = authority.serve(&["localhost"], upstream).await;
    let secure = RemoteS3 {
        endpoint: Some(format!("https://localhost:{port}")),
        ca_file: Some(authority.file.clone()),
        ..plain
    };
    let store = Store::on(secure.clone()).await;
    let photo = Bytes::from(vec![7; 9 << 20]);
    let key = evidence(&photo);
    store
        .put(&key, photo.clone(), "image/jpeg")
        .await
        .expect("put");
    assert!(store.get(&key).await.expect("get") == photo);

    let wrongly_trusting = RemoteS3 {
        ca_file: Some(stranger.file),
        ..secure.clone()
    };
    assert_eq!(trouble(&wrongly_trusting).await, Trouble::Untrusted);
    let by_number = RemoteS3 {
        endpoint: Some(format!("https://127.0.0.1:{port}")),
        ..secure
    };
    assert_eq!(trouble(&by_number).await, Trouble::Untrusted);
}

/// Every name is this machine.
#[derive(Clone, Debug)]
struct Here;

impl ResolveDns for Here {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
    }
}

#[tokio::test]
#[ignore = "needs a real S3 server: tests/run starts one"]
async fn the_bucket_may_be_in_the_hosts_name() {
    let folder = super::folder();
    let authority = Authority::new(folder.path(), "ca.pem");
    let plain = server();
    let store = Store::on(plain.clone()).await;
    let upstream = plain
        .endpoint
        .clone()
        .expect("an address")
        .replace("http://", "");
    let port = authority.serve(&["*.s3.garage.localhost"], upstream).await;
    let server = RemoteS3 {
        endpoint: Some(format!("https://s3.garage.localhost:{port}")),
        public_endpoint: Some(format!("https://s3.garage.localhost:{port}")),
        bucket: store.bucket.clone(),
        path_style: false,
        ..plain
    };
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trusting(&authority.file).expect("a certificate"))
        .build_with_resolver(Here);
    let keys = server.keys.clone().expect("keys");
    let keys = Credentials::new(keys.access_key, keys.secret_key, None, None, "test");
    let objects = Objects::new(&server, SharedCredentialsProvider::new(keys), http, 1);
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    objects
        .put(&key, photo.clone(), "image/jpeg")
        .await
        .expect("put");
    assert_eq!(store.get(&key).await.expect("the other way"), photo);
    let origin = format!("https://{}.s3.garage.localhost:{port}", store.bucket);
    assert_eq!(objects.public_origin(), Some(origin.as_str()));
    let address = objects.address(&key, "image/jpeg").await;
    let address = address.expect("signed").expect("a public endpoint");
    assert!(
        address.starts_with(&format!("{origin}/agencies/")),
        "{address}"
    );
}
