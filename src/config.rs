//! What an operator can set, and the only reader of the environment.
//!
//! Precedence, weakest first: the defaults here, the file named by `--config` (TOML), the environment
//! (`PLAINCLOTHES_LISTEN`, `PLAINCLOTHES_S3_ENDPOINT`, `PLAINCLOTHES_LIMITS_PHOTO_BYTES_MAX` …), flags.
//! An unknown key or an impossible value stops the start and is named.

use std::net::SocketAddr;
use std::path::PathBuf;

use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};

use crate::db::Address;

/// Everything that can be configured.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen, `host:port`.
    pub listen: SocketAddr,
    /// The address that people type; decides whether cookies are marked `Secure`.
    pub public_url: String,
    /// Where SQLite and the embedded objects lie.
    pub data_dir: PathBuf,
    /// `sqlite:///path/to.db` or `postgres://user@host/name`; SQLite in `data_dir` when absent. PostgreSQL may have
    /// several hosts, `postgres://user@one,two/name`: the one that takes writes is used.
    pub database_url: Option<String>,
    /// PostgreSQL: who owns the tables and changes the schema, when `database_url` signs in somebody with fewer rights.
    pub database_owner_url: Option<String>,
    /// PostgreSQL is reached through pgbouncer in transaction mode.
    pub database_pooled: bool,
    /// PostgreSQL connections that this node may hold.
    pub database_connections_max: u32,
    /// A real S3; the embedded objects in `data_dir` when absent.
    pub s3: Option<S3Config>,
    pub limits: Limits,
    /// Create the demo agency when the database has none.
    pub demo: bool,
    /// `text` or `json`.
    pub log_format: LogFormat,
    /// What to log, as `tracing-subscriber` filters are written.
    pub log_filter: String,
    /// A session that was not used for so long has ended.
    pub session_idle_days: u32,
    /// A session this old has ended, used or not.
    pub session_absolute_days: u32,
    /// Where figures for Prometheus are to be had, `host:port`; nowhere when absent. Clients must not reach it.
    pub metrics_listen: Option<SocketAddr>,
    /// Where traces are sent by OTLP over HTTP, as in `http://localhost:4318`; nowhere when absent.
    pub otlp_endpoint: Option<String>,
    /// Whether webhooks may go to addresses inside private networks, and by plain http.
    pub webhooks_private_addresses: bool,
    /// How long a stop waits for requests and jobs under way.
    pub shutdown_timeout_s: u32,
}

/// Where and how to reach a real S3.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// For anything but AWS itself.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    /// With `secret_key`, or neither: then keys are looked for where AWS's tools look, session tokens among them.
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    /// `http://host/bucket/key` rather than `http://bucket.host/key`.
    #[serde(default = "yes")]
    pub path_style: bool,
    /// Certificates (PEM) that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Where browsers reach the same bucket. Reviewers are then sent there for renditions, by addresses that soon expire.
    pub public_endpoint: Option<String>,
}

impl std::fmt::Debug for S3Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Config")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

impl S3Config {
    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.region.is_empty(), "s3.region has to be given");
        anyhow::ensure!(!self.bucket.is_empty(), "s3.bucket has to be given");
        anyhow::ensure!(
            self.access_key.is_some() == self.secret_key.is_some(),
            "s3.access_key and s3.secret_key have to be given both, or neither"
        );
        let endpoints = [
            ("s3.endpoint", &self.endpoint),
            ("s3.public_endpoint", &self.public_endpoint),
        ];
        for (name, endpoint) in endpoints {
            if let Some(endpoint) = endpoint {
                anyhow::ensure!(
                    is_origin(endpoint),
                    "{name} has to be a scheme and a host, as in https://s3.example.com, and not '{endpoint}'"
                );
            }
        }
        Ok(())
    }
}

/// `http` or `https`, a host, perhaps a port, and nothing after it: a path would not be signed as servers expect.
fn is_origin(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri
                .authority()
                .is_some_and(|who| !who.as_str().contains('@'))
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
    })
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// Limits on what is taken in and given out; every one is named in the error that it causes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub audit_bytes_max: u64,
    pub photo_bytes_max: u64,
    pub photo_pixels_max: u64,
    pub photos_per_audit_max: u64,
    /// Photos are refused for the time being while the disk under SQLite has less room than this.
    pub disk_free_bytes_min: u64,
    pub chunk_bytes_max: u64,
    pub request_bytes_max: u64,
    pub feed_page_max: u64,
    pub offer_items_max: u64,
    pub commands_max: u64,
    /// A whole exported outbox.
    pub outbox_import_bytes_max: u64,
    /// One line of it: a photo in base64 has to fit.
    pub outbox_import_line_bytes_max: u64,
    pub list_page_max: u64,
    /// Audits in one bundle of PDFs.
    pub bundle_audits_max: u64,
    /// Bundles of one person that are not made yet.
    pub bundles_waiting_max: u64,
    /// Bundles of one person that are kept at the same time, those not made yet among them.
    pub bundles_kept_max: u64,
    /// Pictures that are worked on at the same time.
    pub imaging_parallel_max: u64,
    /// Passwords that are hashed at the same time; each takes 46 MiB.
    pub password_parallel_max: u64,
    /// Wrong passwords for one account before each further try has to wait.
    pub sign_in_failures_free: u64,
}

const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            audit_bytes_max: MIB,
            photo_bytes_max: 15 * MIB,
            photo_pixels_max: 50_000_000,
            photos_per_audit_max: 60,
            disk_free_bytes_min: 256 * MIB,
            chunk_bytes_max: 5 * MIB,
            request_bytes_max: MIB,
            feed_page_max: 500,
            offer_items_max: 500,
            commands_max: 200,
            outbox_import_bytes_max: 1024 * MIB,
            outbox_import_line_bytes_max: 24 * MIB,
            list_page_max: 200,
            bundle_audits_max: 500,
            bundles_waiting_max: 3,
            bundles_kept_max: 10,
            imaging_parallel_max: 2,
            password_parallel_max: 4,
            sign_in_failures_free: 5,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://localhost:8080".to_owned(),
            data_dir: PathBuf::from("./data"),
            database_url: None,
            database_owner_url: None,
            database_pooled: false,
            database_connections_max: 20,
            s3: None,
            limits: Limits::default(),
            demo: false,
            log_format: LogFormat::Text,
            log_filter: "info,sqlx=warn,sea_orm_migration=warn,aws_smithy_runtime=warn".to_owned(),
            session_idle_days: 45,
            session_absolute_days: 180,
            metrics_listen: None,
            otlp_endpoint: None,
            webhooks_private_addresses: false,
            shutdown_timeout_s: 20,
        }
    }
}

fn yes() -> bool {
    true
}

/// What was given as a flag; a flag that was not given says nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<bool>,
}

impl Config {
    /// Reads file, environment and flags over the defaults.
    ///
    /// # Errors
    /// A sentence that names the key and where it was set.
    pub fn load(file: Option<PathBuf>, flags: Flags) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            anyhow::ensure!(
                file.is_file(),
                "the configuration file {} does not exist",
                file.display()
            );
            figment = figment.merge(Toml::file_exact(file));
        }
        Self::from_figment(
            figment
                .merge(environment())
                .merge(Serialized::defaults(flags)),
        )
    }

    fn from_figment(figment: Figment) -> anyhow::Result<Self> {
        let config: Self = figment.extract().map_err(|error| {
            let all: Vec<String> = error.into_iter().map(|one| one.to_string()).collect();
            anyhow::anyhow!("the configuration cannot be used: {}", all.join("; "))
        })?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.database_url {
            anyhow::ensure!(
                ["sqlite://", "postgres://", "postgresql://"]
                    .iter()
                    .any(|p| url.starts_with(p)),
                "database_url has to begin with sqlite:// or postgres://"
            );
        }
        anyhow::ensure!(
            self.public_url.starts_with("http://") || self.public_url.starts_with("https://"),
            "public_url has to begin with http:// or https://"
        );
        if let Some(endpoint) = &self.otlp_endpoint {
            anyhow::ensure!(
                endpoint.starts_with("http://") || endpoint.starts_with("https://"),
                "otlp_endpoint has to begin with http:// or https://"
            );
        }
        anyhow::ensure!(
            self.database_connections_max >= 2,
            "database_connections_max has to be at least 2"
        );
        if let Some(s3) = &self.s3 {
            s3.check()?;
        }
        let limits = serde_json::to_value(&self.limits)?;
        for (name, value) in limits.as_object().into_iter().flatten() {
            anyhow::ensure!(value != 0, "limits.{name} has to be at least 1");
        }
        Ok(())
    }

    /// The database to open.
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            format!(
                "sqlite://{}",
                self.data_dir.join("plainclothes.db").display()
            )
        })
    }

    /// The same with how to use it.
    pub fn database(&self) -> Address {
        Address {
            url: self.database_url(),
            owner_url: self.database_owner_url.clone(),
            pooled: self.database_pooled,
            connections_max: self.database_connections_max,
        }
    }

    /// Whether the session cookie is marked `Secure` and bears the `__Host-` prefix.
    /// Plain http on a loopback name is for trying things out; browsers differ in what they allow there.
    pub fn cookie_is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// `PLAINCLOTHES_S3_ENDPOINT` is `s3.endpoint`: the groups are the only keys with a part before the underscore that is
/// a table. `PLAINCLOTHES_CONFIG` names the file and is read with the flags.
fn environment() -> impl Provider {
    const GROUPS: [&str; 2] = ["s3", "limits"];
    struct Named(Env);
    impl Provider for Named {
        fn metadata(&self) -> Metadata {
            Metadata::named("the environment (PLAINCLOTHES_*)")
        }
        fn data(
            &self,
        ) -> Result<figment::value::Map<Profile, figment::value::Dict>, figment::Error> {
            self.0.data()
        }
    }
    Named(
        Env::prefixed("PLAINCLOTHES_")
            .ignore(&["config"])
            .map(|key| {
                let key = key.as_str().to_ascii_lowercase();
                for group in GROUPS {
                    if let Some(rest) = key
                        .strip_prefix(group)
                        .and_then(|rest| rest.strip_prefix('_'))
                    {
                        return format!("{group}.{rest}").into();
                    }
                }
                key.into()
            }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> anyhow::Result<Config> {
        Config::from_figment(
            Figment::from(Serialized::defaults(Config::default())).merge(Toml::string(toml)),
        )
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = read("lisen = \"127.0.0.1:1\"").unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
    }

    #[test]
    fn an_impossible_value_is_named() {
        let error = read("[limits]\nphoto_bytes_max = 0")
            .unwrap_err()
            .to_string();
        assert!(error.contains("limits.photo_bytes_max"), "{error}");
        let error = read("database_url = \"mysql://x\"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("database_url"), "{error}");
        let error = read("listen = \"nowhere\"").unwrap_err().to_string();
        assert!(error.contains("listen"), "{error}");
    }

    #[test]
    fn what_is_wrong_with_the_s3_is_named() {
        let wrong = |more: &str| {
            let text = format!("[s3]\nregion = \"r\"\nbucket = \"b\"\n{more}");
            read(&text).unwrap_err().to_string()
        };
        for endpoint in [
            "s3.example.com",
            "ftp://h",
            "https://h/path",
            "https:///",
            "",
            "http://k:s@h",
        ] {
            let error = wrong(&format!("endpoint = \"{endpoint}\""));
            assert!(error.contains("s3.endpoint"), "{error}");
            let error = wrong(&format!("public_endpoint = \"{endpoint}\""));
            assert!(error.contains("s3.public_endpoint"), "{error}");
        }
        let error = wrong("access_key = \"canary\"");
        assert!(error.contains("s3.secret_key"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }

    #[test]
    fn keys_may_be_left_to_the_usual_places_and_are_never_printed() {
        let config = read("[s3]\nregion = \"r\"\nbucket = \"b\"\nendpoint = \"http://[::1]:9000\"");
        let s3 = config.unwrap().s3.unwrap();
        assert!(s3.access_key.is_none() && s3.path_style);
        let config = read(
            "[s3]\nregion = \"r\"\nbucket = \"b\"\naccess_key = \"canary\"\nsecret_key = \"canary\"",
        );
        assert!(!format!("{:?}", config.unwrap()).contains("canary"));
    }

    #[test]
    fn one_limit_can_be_set_alone() {
        let config = read("[limits]\nfeed_page_max = 3").unwrap();
        assert_eq!(config.limits.feed_page_max, 3);
        assert_eq!(
            config.limits.photo_bytes_max,
            Limits::default().photo_bytes_max
        );
    }
}
