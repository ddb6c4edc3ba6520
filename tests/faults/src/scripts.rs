//! The project's own scripts for backups (`deploy/backup`), run as an operator runs them: with `plainclothes` on PATH and the
//! server's settings in the environment.
//!
//! Not here: when they are run (`scenarios/restores.rs`).

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use tokio::process::Command;

use crate::world::World;

/// Backups of one world's PostgreSQL.
#[derive(Debug)]
pub struct Scripts {
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Scripts {
    /// Without `renews`, the program that the scripts call leaves the epoch as it is, and says that it has renewed it.
    ///
    /// # Errors
    /// That the world has no PostgreSQL, or that a folder cannot be made.
    pub fn new(world: &World, name: &str, renews: bool) -> anyhow::Result<Self> {
        let postgres = world.postgres.as_ref().context("this is not PostgreSQL")?;
        let folder = world.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        let program = std::fs::canonicalize(&world.server.program)?;
        let lie = if renews { "" } else { "[ \"$1\" = epoch ] || " };
        let calls = format!("#!/bin/sh\n{lie}exec '{}' \"$@\"\n", program.display());
        let stand_in = folder.join("plainclothes");
        std::fs::write(&stand_in, calls)?;
        std::fs::set_permissions(&stand_in, std::fs::Permissions::from_mode(0o755))?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = path.to_string_lossy();
        let folder_text = folder.display().to_string();
        let (url, owner_url) = postgres.addresses(None);
        let mut environment = world.server.settings.clone();
        environment.extend([
            ("PATH", format!("{folder_text}:{path}")),
            ("BACKUP_DIR", format!("{folder_text}/backups")),
            ("BACKUP_DATABASE_URL", postgres.address_for_backups()),
            ("PLAINCLOTHES_DATABASE_URL", url),
            ("PLAINCLOTHES_DATABASE_OWNER_URL", owner_url),
            (
                "PLAINCLOTHES_DATA_DIR",
                world.server.data_dir().display().to_string(),
            ),
        ]);
        let folder = std::fs::canonicalize(world.given.tools.join("../../deploy/backup"))?;
        Ok(Self {
            folder,
            environment,
        })
    }

    /// Makes a dump beside the running server; its name.
    ///
    /// # Errors
    /// What the script says.
    pub async fn nightly(&self) -> anyhow::Result<String> {
        self.run("nightly", &[]).await
    }

    /// Puts a dump back into an empty database.
    ///
    /// # Errors
    /// What the script says.
    pub async fn restore(&self, dump: &str) -> anyhow::Result<()> {
        self.run("restore", &[dump]).await?;
        Ok(())
    }

    async fn run(&self, script: &str, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(self.folder.join(script));
        for (key, _) in std::env::vars_os() {
            if key.to_string_lossy().starts_with("PLAINCLOTHES_") {
                command.env_remove(key);
            }
        }
        let environment = self.environment.iter().map(|(key, value)| (key, value));
        let output = command.args(words).envs(environment).output().await?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{script}: {said}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}
