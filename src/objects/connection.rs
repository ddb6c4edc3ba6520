//! Which server, with whose keys, and how patiently it is asked.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::provider_config::ProviderConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider, SharedHttpClient,
};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::ObjectError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// 15 MiB at 2 Mbit/s.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(150);
pub(super) const ATTEMPTS_MAX: u32 = 3;
const BACKOFF_FIRST: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// A server elsewhere. The bucket must be there already: making one is the operator's decision.
#[derive(Clone)]
pub struct RemoteS3 {
    /// With scheme, as in `https://s3.example.com`; nothing means Amazon's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    /// Nothing means: wherever AWS's own tools find theirs.
    pub keys: Option<Keys>,
    /// The bucket in the path instead of the host name: what most servers but Amazon's want.
    pub path_style: bool,
    /// Certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Where browsers reach the same bucket, with scheme.
    pub public_endpoint: Option<String>,
}

/// What stands in the configuration.
#[derive(Clone)]
pub struct Keys {
    pub access_key: String,
    pub secret_key: String,
}

impl fmt::Debug for RemoteS3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteS3")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// The network. The system's certificates are trusted, or those in `ca_file` and no others.
///
/// # Errors
/// [`ObjectError::CaFile`] when it cannot be read, or holds no certificate that can be used.
pub(super) fn https(ca_file: Option<&Path>) -> Result<SharedHttpClient, ObjectError> {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let builder = aws_smithy_http_client::Builder::new().tls_provider(tls);
    let Some(file) = ca_file else {
        return Ok(builder.build_https());
    };
    Ok(builder.tls_context(trusting(file)?).build_https())
}

/// Trust in the certificates of a file. They are read here first: the client panics over one that is none.
pub(super) fn trusting(file: &Path) -> Result<TlsContext, ObjectError> {
    let refuse = |reason: String| ObjectError::CaFile {
        file: file.display().to_string(),
        reason,
    };
    let pem = std::fs::read(file).map_err(|error| refuse(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| refuse(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| refuse(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(refuse("there is no certificate in it".to_owned()));
    }
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(pem))
        .build()
        .map_err(|error| refuse(error.to_string()))
}

/// The keys of the configuration; without them, those of AWS's usual chain: environment, shared profile, web identity,
/// container, instance. What the chain finds may expire, and is then looked for again.
pub(super) async fn credentials(
    server: &RemoteS3,
) -> Result<SharedCredentialsProvider, ObjectError> {
    if let Some(keys) = &server.keys {
        return Ok(SharedCredentialsProvider::new(Credentials::new(
            &keys.access_key,
            &keys.secret_key,
            None,
            None,
            "configuration",
        )));
    }
    // the chain's own questions go to AWS, which a private CA says nothing about
    let around = ProviderConfig::without_region().with_http_client(https(None)?);
    let chain = DefaultCredentialsChain::builder()
        .configure(around)
        .region(Region::new(server.region.clone()))
        .build()
        .await;
    Ok(SharedCredentialsProvider::new(chain))
}

/// A client for `server` that sends over `http` and gives up after `attempts_max` tries, between which it waits for
/// a time that is drawn by lot and doubles.
pub(super) fn connect(
    server: &RemoteS3,
    keys: SharedCredentialsProvider,
    http: SharedHttpClient,
    attempts_max: u32,
) -> Client {
    let mut config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::new(server.region.clone()))
        .credentials_provider(keys)
        .force_path_style(server.path_style)
        // digests are sent and checked here, in a way that does not depend on what a server supports
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(attempts_max)
                .with_initial_backoff(BACKOFF_FIRST)
                .with_max_backoff(BACKOFF_MAX),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(OPERATION_TIMEOUT)
                .build(),
        );
    if let Some(endpoint) = &server.endpoint {
        config = config.endpoint_url(endpoint);
    }
    Client::from_conf(config.build())
}
