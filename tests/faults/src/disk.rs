//! A disk of its own for a scenario: a file system in an image file, which can lose its power.
//!
//! Not here: the small file system in memory that fills up (`scenarios/full_disk.rs`).

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// The image is sparse: it takes what is written.
const SIZE: &str = "2G";

/// A mounted image; it is unmounted with this value.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    /// Where it is mounted.
    pub folder: PathBuf,
}

impl Disk {
    /// Makes an image, and mounts it.
    ///
    /// # Errors
    /// That it cannot be mounted here.
    pub async fn make(image: PathBuf, folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        run("truncate", &["-s", SIZE, &text(&image)]).await?;
        run("mkfs.ext4", &["-q", "-F", &text(&image)]).await?;
        let disk = Self { image, folder };
        disk.mount().await?;
        Ok(disk)
    }

    async fn mount(&self) -> anyhow::Result<()> {
        // The file system commits by itself seldom enough, so that only what somebody asked for is on the disk.
        let words = ["-o", "loop,commit=300"];
        let (image, folder) = (text(&self.image), text(&self.folder));
        run("mount", &[words[0], words[1], &image, &folder]).await
    }

    /// Brings everything that was written onto the disk.
    ///
    /// # Errors
    /// What `sync` says.
    pub async fn sync(&self) -> anyhow::Result<()> {
        run("sync", &["-f", &text(&self.folder)]).await
    }

    /// The power goes and comes back: what the system had not yet handed to the disk is gone. Everything that had files open
    /// on it has to have been killed, since nobody may hand anything over from then on.
    ///
    /// # Errors
    /// What the tools say.
    pub async fn lose_power(&self) -> anyhow::Result<()> {
        let cut = self.image.with_extension("cut");
        run("cp", &["--sparse=always", &text(&self.image), &text(&cut)]).await?;
        run("umount", &[&text(&self.folder)]).await?;
        std::fs::rename(&cut, &self.image)?;
        self.mount().await
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(&self.folder)
            .status();
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

async fn run(tool: &str, words: &[&str]) -> anyhow::Result<()> {
    let output = Command::new(tool).args(words).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{tool}: {}", said.trim());
    Ok(())
}
