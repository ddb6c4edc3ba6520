//! The database seen directly, past the server: rows are counted here that the server may not know of.
//!
//! It goes through `psql` and `sqlite3`, so that nothing of the server's own way to its database is believed.
//! Not here: what rows mean (`judge.rs`).

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Sql {
    Sqlite(PathBuf),
    /// Its address.
    Postgres(String),
}

impl Sql {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// An id's column as 32 hex digits.
    pub fn id(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("lower(hex({column}))"),
            Self::Postgres(_) => format!("replace({column}::text, '-', '')"),
        }
    }

    /// The rows of a query, their values as text.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rows(&self, query: &str) -> anyhow::Result<Vec<Vec<String>>> {
        let mut command = match self {
            Self::Sqlite(path) => {
                let mut command = Command::new("sqlite3");
                // Only reads: this library is older than the server's.
                command.args(["-readonly", "-batch", "-cmd", ".timeout 10000"]);
                command.arg(path);
                command
            }
            Self::Postgres(url) => {
                let mut command = Command::new("psql");
                command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c"]);
                command
            }
        };
        let output = command.arg(query).stdin(Stdio::null()).output().await;
        let output = output.context("psql or sqlite3 cannot be run")?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{query}: {said}");
        let text = String::from_utf8(output.stdout)?;
        let cells = |line: &str| line.split('|').map(str::to_owned).collect();
        Ok(text.lines().map(cells).collect())
    }

    /// The first value of a query.
    ///
    /// # Errors
    /// What the database says, or that it is no number.
    pub async fn number(&self, query: &str) -> anyhow::Result<i64> {
        let rows = self.rows(query).await?;
        let cell = rows.first().and_then(|row| row.first());
        cell.and_then(|text| text.parse().ok())
            .with_context(|| format!("{query} gives no number"))
    }
}

/// A session that stays: transactions of its own, beside the server's. It ends with this value.
#[derive(Debug)]
pub struct Session {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    end: &'static str,
}

/// Nothing that is asked for looks like this.
const END: &str = "-- end of answer --";

impl Session {
    /// # Errors
    /// That the program cannot be run.
    pub fn open(sql: &Sql) -> anyhow::Result<Self> {
        let (mut command, end) = match sql {
            Sql::Sqlite(path) => {
                let mut command = Command::new("sqlite3");
                command.args(["-batch", "-cmd", ".timeout 10000"]).arg(path);
                (command, ".print")
            }
            Sql::Postgres(url) => {
                let mut command = Command::new("psql");
                command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url]);
                (command, "\\echo")
            }
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = child.stdin.take().context("no way in")?;
        let stdout = child.stdout.take().context("no way out")?;
        Ok(Self {
            _child: child,
            stdin,
            lines: BufReader::new(stdout).lines(),
            end,
        })
    }

    /// Runs statements, and returns the lines that they give.
    ///
    /// # Errors
    /// That the session ended, as it does at an error.
    pub async fn run(&mut self, statements: &str) -> anyhow::Result<Vec<String>> {
        let text = format!("{statements}\n{} '{END}'\n", self.end);
        self.stdin.write_all(text.as_bytes()).await?;
        let mut lines = Vec::new();
        loop {
            let line = self.lines.next_line().await?;
            let line = line.with_context(|| format!("the session ended at {statements}"))?;
            if line == END {
                return Ok(lines);
            }
            lines.push(line);
        }
    }
}
