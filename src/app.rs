//! What every service needs, composed once. Cheap to clone.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::{Config, S3Config};
use crate::db::{Db, Room};
use crate::jobs::Jobs;
use crate::metrics::Metrics;
use crate::objects::{Keys, Objects, RemoteS3};
use crate::outward::{Outward, Whom};
use crate::reports::pdf::PdfRenderer;
use crate::sync::installation::Installation;
use crate::sync::receipt_keys::ReceiptKeys;

/// The running program.
#[derive(Clone, Debug)]
pub struct App {
    inner: Arc<Inner>,
    pub clock: Arc<dyn Clock>,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub objects: Objects,
    pub jobs: Jobs,
    pub installation: Installation,
    pub receipt_keys: ReceiptKeys,
    pub checklists: crate::checklists::cache::Cache,
    pub pdf: PdfRenderer,
    pub metrics: Metrics,
    /// Posts to addresses that admins have named.
    pub webhooks: Outward,
    /// Picture and PDF work takes a permit, so that it never starves requests.
    pub imaging: Arc<Semaphore>,
    /// Password hashing takes a permit: each takes 46 MiB.
    pub passwords: Arc<Semaphore>,
    /// Of the disk under SQLite.
    pub room: Room,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl App {
    /// Opens database and objects, brings the schema up to date, and reads who this installation is.
    ///
    /// # Errors
    /// Whatever makes a start impossible, in words for an operator.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let db = Db::open(&config.database()).await?;
        let objects = match &config.s3 {
            Some(s3) => Objects::remote(&remote(s3)).await?,
            None => Objects::embedded(&config.data_dir.join("objects"))?,
        };
        let jobs = Jobs::new(&crate::handlers::KINDS);
        let webhooks = Outward::new(match config.webhooks_private_addresses {
            true => Whom::Anybody,
            false => Whom::PublicOnly,
        });
        let metrics = Metrics::new(&db, &objects, &jobs);
        let installation = Installation::load_or_create(&db, &*clock).await?;
        let receipt_keys = ReceiptKeys::load(&db, clock.now_ms()).await?;
        let imaging = Arc::new(Semaphore::new(config.limits.imaging_parallel_max as usize));
        let passwords = Arc::new(Semaphore::new(config.limits.password_parallel_max as usize));
        let is_here = config.database_url().starts_with("sqlite:");
        let room = Room::new(
            is_here.then(|| config.data_dir.clone()),
            config.limits.disk_free_bytes_min,
        );
        Ok(Self {
            clock,
            inner: Arc::new(Inner {
                config,
                db,
                objects,
                jobs,
                metrics,
                webhooks,
                installation,
                receipt_keys,
                checklists: crate::checklists::cache::Cache::default(),
                pdf: PdfRenderer::new()?,
                imaging,
                passwords,
                room,
            }),
        })
    }

    /// The same program, all parts shared, living at another time: what it writes is dated by `clock`.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            clock,
        }
    }
}

fn remote(s3: &S3Config) -> RemoteS3 {
    RemoteS3 {
        endpoint: s3.endpoint.clone(),
        region: s3.region.clone(),
        bucket: s3.bucket.clone(),
        keys: s3
            .access_key
            .clone()
            .zip(s3.secret_key.clone())
            .map(|(access_key, secret_key)| Keys {
                access_key,
                secret_key,
            }),
        path_style: s3.path_style,
        ca_file: s3.ca_file.clone(),
        public_endpoint: s3.public_endpoint.clone(),
    }
}
