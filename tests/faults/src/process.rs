//! The real server as a process: started, killed without warning, started again on the same port and folder.
//!
//! Not here: PostgreSQL and Garage (`tools.rs`), and what the server is asked (`api.rs`).

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::process::{Child, Command};

/// The demo agency takes some ten seconds to make in a build without optimisation, more on a busy machine.
const READY_TIMEOUT: Duration = Duration::from_secs(120);
/// Longer than the server itself waits for what is under way.
const STOP_TIMEOUT: Duration = Duration::from_secs(40);
const ASKED_EVERY: Duration = Duration::from_millis(10);

/// How a server is started. The process ends with this value.
#[derive(Debug)]
pub struct Server {
    /// What is started next.
    pub program: PathBuf,
    folder: PathBuf,
    pub address: SocketAddr,
    database_url: Option<String>,
    /// Settings, as the program reads them from its environment.
    pub settings: Vec<(&'static str, String)>,
    child: Option<Child>,
}

impl Server {
    /// Not started yet. Data and the log lie in `folder`; SQLite when there is no `database_url`.
    ///
    /// # Errors
    /// That no port is free.
    pub fn new(
        program: &Path,
        folder: &Path,
        database_url: Option<String>,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address,
            database_url,
            settings: Vec::new(),
            child: None,
        })
    }

    /// Another node on the same database and the same data, not started yet.
    ///
    /// # Errors
    /// That no port is free.
    pub fn beside(&self) -> anyhow::Result<Self> {
        let mut other = Self::new(&self.program, &self.folder, self.database_url.clone())?;
        other.settings.clone_from(&self.settings);
        Ok(other)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data-dir").arg(self.data_dir());
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        // The server refuses settings that it does not know, so it is given none of ours.
        for (key, _) in std::env::vars_os() {
            if key.to_string_lossy().starts_with("PLAINCLOTHES_") {
                command.env_remove(key);
            }
        }
        command
            .envs(self.settings.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts it, and returns how long it took until it was ready.
    ///
    /// # Errors
    /// That it ended, or is not ready after two minutes.
    pub async fn start(&mut self) -> anyhow::Result<Duration> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("server.log"))?;
        let listen = self.address.to_string();
        let url = self.url();
        let words = ["serve", "--demo", "--listen", &listen, "--public-url", &url];
        let child = self
            .command(&words)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        self.child = Some(child);
        self.ready(Instant::now()).await
    }

    /// Waits until it is ready, and returns how long that is after `since`.
    ///
    /// # Errors
    /// That it ended, or is not ready after two minutes.
    pub async fn ready(&mut self, since: Instant) -> anyhow::Result<Duration> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(12))
            .build()?;
        let url = format!("{}/readyz", self.url());
        while since.elapsed() < READY_TIMEOUT {
            let answer = client.get(&url).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(since.elapsed());
            }
            if let Some(child) = &mut self.child
                && let Some(status) = child.try_wait()?
            {
                let log = self.folder.join("server.log");
                anyhow::bail!("the server ended with {status}: see {}", log.display());
            }
            tokio::time::sleep(ASKED_EVERY).await;
        }
        anyhow::bail!("the server is not ready after {READY_TIMEOUT:?}")
    }

    /// `kill -9`, and waits until the process is gone.
    ///
    /// # Errors
    /// That it was gone before.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the server was not running")?;
        anyhow::ensure!(
            child.try_wait()?.is_none(),
            "the server had ended by itself"
        );
        child.kill().await?;
        Ok(())
    }

    /// Asks it to stop, and waits until it has let what was under way end.
    ///
    /// # Errors
    /// That it was gone before, or did not stop in time.
    pub async fn stop(&mut self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        let mut child = self.child.take().context("the server was not running")?;
        let id = child.id().context("the server had ended by itself")?;
        let told = Command::new("kill").arg(id.to_string()).status().await?;
        anyhow::ensure!(told.success(), "the server cannot be told to stop");
        let status = tokio::time::timeout(STOP_TIMEOUT, child.wait()).await;
        let status = status.context("the server does not stop")??;
        anyhow::ensure!(status.success(), "the server stopped with {status}");
        Ok(began.elapsed())
    }

    /// Adds a person from the command line, which works beside a running server.
    ///
    /// # Errors
    /// What the program says.
    pub async fn add_shopper(&self, email: &str, password: &str) -> anyhow::Result<()> {
        use tokio::io::AsyncWriteExt as _;
        let words = ["person", "add", email, "--name", email, "--role", "shopper"];
        let mut child = self
            .command(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(format!("{password}\n").as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        anyhow::ensure!(
            output.status.success(),
            "{email} cannot be added: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    /// Runs the program with other words on the same data, and returns what it says.
    ///
    /// # Errors
    /// What it says when it does not succeed.
    pub async fn run(&self, words: &[&str]) -> anyhow::Result<String> {
        let output = self.command(words).output().await?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{words:?}: {said}");
        Ok(String::from_utf8(output.stdout)?)
    }

    /// `verify completeness`, beside the running server: whether it has found nothing, and what it says at last.
    ///
    /// # Errors
    /// That it cannot be run.
    pub async fn verify_completeness(&self) -> anyhow::Result<(bool, String)> {
        let output = self.command(&["verify", "completeness"]).output().await?;
        let said = String::from_utf8(output.stdout)?;
        let last = said.lines().last().unwrap_or_default().to_owned();
        // 1 is its verdict; it ends with 1 as well when it cannot look, and then it says nothing.
        anyhow::ensure!(
            !last.is_empty(),
            "verify completeness: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok((output.status.success(), last))
    }
}
