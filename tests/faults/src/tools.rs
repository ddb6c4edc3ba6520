//! PostgreSQL, Garage and a load balancer, started and stopped by the project's own tools (`tests/tools`).
//!
//! Not here: what is asked of a database (`sql.rs`).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::Context as _;
use tokio::process::Command;

use crate::sql::{Session, Sql};

/// A throw-away PostgreSQL, fsync on; it is stopped and removed with this value.
#[derive(Debug)]
pub struct Postgres {
    tool: PathBuf,
    folder: PathBuf,
    /// For somebody who sees everything.
    pub url: String,
}

/// The database that the server is given on each PostgreSQL, and the roles there are.
const DATABASE: &str = "plainclothes";
const OWNER: &str = "plainclothes_owner";
const APPLICATION: &str = "plainclothes_app";
const BACKUP: &str = "plainclothes_backup";

/// A throw-away load balancer; it is stopped with this value.
#[derive(Debug)]
pub struct Balancer {
    tool: PathBuf,
    folder: PathBuf,
    pub url: String,
}

/// A throw-away S3 server; it is stopped and removed with this value.
#[derive(Debug)]
pub struct Garage {
    tool: PathBuf,
    folder: PathBuf,
    /// `http://127.0.0.1:port`
    pub endpoint: String,
    region: String,
    bucket: String,
    access_key: String,
    secret_key: String,
}

/// Runs a tool and returns what it prints, without the end of the line.
async fn run(tool: &Path, words: &[&str], folder: Option<&Path>) -> anyhow::Result<String> {
    let mut command = Command::new(tool);
    command.args(words).stdin(Stdio::null());
    if let Some(folder) = folder {
        command.arg(folder);
    }
    let output = command.output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    let name = tool.display();
    anyhow::ensure!(output.status.success(), "{name} {words:?}: {said}");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// For the end, where nothing can be awaited.
fn stop(tool: &Path, folder: &Path) {
    let _ = std::process::Command::new(tool)
        .arg("stop")
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

impl Postgres {
    /// # Errors
    /// What the tool says.
    pub async fn start(tools: &Path, folder: PathBuf) -> anyhow::Result<Self> {
        let tool = tools.join("postgres");
        let url = run(&tool, &["start"], Some(&folder)).await?;
        let mut session = Session::open(&Sql::Postgres(url.clone()))?;
        for statement in [
            format!("CREATE ROLE {OWNER} LOGIN;"),
            format!("CREATE ROLE {APPLICATION} LOGIN;"),
            // As deploy/postgres/init.sql has it.
            format!("CREATE ROLE {BACKUP} LOGIN BYPASSRLS REPLICATION;"),
            format!("ALTER ROLE {BACKUP} SET default_transaction_read_only = on;"),
            format!("GRANT pg_read_all_data TO {BACKUP};"),
            format!("CREATE DATABASE {DATABASE} OWNER {OWNER};"),
        ] {
            session.run(&statement).await?;
        }
        Ok(Self {
            tool,
            folder,
            url: in_our_database(&url),
        })
    }

    /// Starts a replica of it, which every commit waits for from then on.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn standby(&self, folder: PathBuf) -> anyhow::Result<Self> {
        let primary = self.folder.to_string_lossy();
        let to = folder.to_string_lossy();
        let url = run(&self.tool, &["standby", &to, &primary], None).await?;
        Ok(Self {
            tool: self.tool.clone(),
            folder,
            url: in_our_database(&url),
        })
    }

    /// Makes a replica the primary; returns the moment from which it takes writes.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn promote(&self) -> anyhow::Result<Instant> {
        run(&self.tool, &["promote"], Some(&self.folder)).await?;
        Ok(Instant::now())
    }

    /// `host:port`
    fn host(&self) -> &str {
        let (_, rest) = self.url.rsplit_once('@').unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }

    /// What a server signs in with here, or at whichever of the two is the primary, and how its tables come about.
    pub fn addresses(&self, standby: Option<&Self>) -> (String, String) {
        let mut hosts = self.host().to_owned();
        if let Some(standby) = standby {
            hosts = format!("{hosts},{}", standby.host());
        }
        (
            format!("postgres://{APPLICATION}@{hosts}/{DATABASE}"),
            format!("postgres://{OWNER}@{hosts}/{DATABASE}"),
        )
    }

    /// What backups are made with.
    pub fn address_for_backups(&self) -> String {
        format!("postgres://{BACKUP}@{}/{DATABASE}", self.host())
    }

    /// Drops the database with all that is in it, and makes an empty one in its place.
    ///
    /// # Errors
    /// What the database says.
    pub async fn empty(&self) -> anyhow::Result<()> {
        let (server, _) = self.url.rsplit_once('/').unwrap_or_default();
        let mut session = Session::open(&Sql::Postgres(format!("{server}/postgres")))?;
        for statement in [
            format!("DROP DATABASE {DATABASE} WITH (FORCE);"),
            format!("CREATE DATABASE {DATABASE} OWNER {OWNER};"),
        ] {
            session.run(&statement).await?;
        }
        Ok(())
    }

    /// `kill -9` of the postmaster and all its children.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn kill(&self) -> anyhow::Result<()> {
        run(&self.tool, &["kill"], Some(&self.folder)).await?;
        Ok(())
    }

    /// Starts it again after [`Postgres::kill`]; returns the moment from which it takes connections.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn again(&self) -> anyhow::Result<Instant> {
        run(&self.tool, &["again"], Some(&self.folder)).await?;
        Ok(Instant::now())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        stop(&self.tool, &self.folder);
    }
}

fn in_our_database(url: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap_or((url, ""));
    format!("{server}/{DATABASE}")
}

impl Balancer {
    /// In front of `nodes`, each `host:port`.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn start(
        tools: &Path,
        folder: PathBuf,
        nodes: &[SocketAddr],
    ) -> anyhow::Result<Self> {
        let tool = tools.join("haproxy");
        let at = folder.to_string_lossy();
        let nodes: Vec<String> = nodes.iter().map(ToString::to_string).collect();
        let words: Vec<&str> = ["start", &at]
            .into_iter()
            .chain(nodes.iter().map(String::as_str))
            .collect();
        let url = run(&tool, &words, None).await?;
        Ok(Self { tool, folder, url })
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        stop(&self.tool, &self.folder);
    }
}

impl Garage {
    /// Whether there is one to start.
    pub async fn is_here(tools: &Path) -> bool {
        run(&tools.join("garage"), &["find"], None).await.is_ok()
    }

    /// Builds one.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn install(tools: &Path) -> anyhow::Result<()> {
        run(&tools.join("garage"), &["install"], None).await?;
        Ok(())
    }

    /// # Errors
    /// What the tool says.
    pub async fn start(tools: &Path, folder: PathBuf) -> anyhow::Result<Self> {
        let tool = tools.join("garage");
        let line = run(&tool, &["start"], Some(&folder)).await?;
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().context("garage start says too little");
        Ok(Self {
            endpoint: word()?,
            region: word()?,
            bucket: word()?,
            access_key: word()?,
            secret_key: word()?,
            tool,
            folder,
        })
    }
}

impl Garage {
    /// # Errors
    /// That the tool has printed no address.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.endpoint.trim_start_matches("http://").parse()?)
    }

    /// Takes the key's right to the bucket away, or gives it back. The server goes on.
    ///
    /// # Errors
    /// What the tool says.
    pub async fn keys_are_good(&self, good: bool) -> anyhow::Result<()> {
        let word = if good { "allow" } else { "deny" };
        run(&self.tool, &[word], Some(&self.folder)).await?;
        Ok(())
    }

    /// What a server is told to keep its objects here, by way of `url`.
    pub fn settings(&self, url: &str) -> Vec<(&'static str, String)> {
        vec![
            ("PLAINCLOTHES_S3_ENDPOINT", url.to_owned()),
            ("PLAINCLOTHES_S3_REGION", self.region.clone()),
            ("PLAINCLOTHES_S3_BUCKET", self.bucket.clone()),
            ("PLAINCLOTHES_S3_ACCESS_KEY", self.access_key.clone()),
            ("PLAINCLOTHES_S3_SECRET_KEY", self.secret_key.clone()),
        ]
    }
}

impl Drop for Garage {
    fn drop(&mut self) {
        stop(&self.tool, &self.folder);
    }
}
