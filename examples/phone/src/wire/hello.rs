//! The first thing that is asked on a new line: is this the server, what does it speak, and how much does it take?

use serde::Deserialize;

use crate::line::Line;
use crate::problem::Failure;
use crate::traffic::Kind;

const SERVICE: &str = "plainclothes";
const MIB: u64 = 1024 * 1024;

/// What the server says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Hello {
    service: String,
    /// Names the database. Absent from servers that have no hello.
    #[serde(default)]
    pub epoch: Option<String>,
    /// `ed25519:` and the base64 key that receipts are signed with now.
    #[serde(default)]
    receipt_key: Option<String>,
    /// All that receipts may have been signed with. Absent from servers of which the key never changes.
    #[serde(default)]
    receipt_keys: Vec<String>,
    #[serde(default)]
    encodings: Vec<String>,
    #[serde(default)]
    pub limits: Limits,
}

/// How much the server takes at once.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub chunk_bytes_max: u64,
    pub offer_items_max: usize,
    pub commands_max: usize,
    pub feed_page_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chunk_bytes_max: 5 * MIB,
            offer_items_max: 500,
            commands_max: 200,
            feed_page_max: 500,
        }
    }
}

impl Hello {
    /// For a server of the release before hello: it reads no gzip, and its receipts cannot be checked.
    fn of_an_older_server() -> Self {
        Self {
            service: SERVICE.to_owned(),
            epoch: None,
            receipt_key: None,
            receipt_keys: Vec::new(),
            encodings: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// The keys that a receipt may be signed with: any of them will do. None when receipts cannot be checked.
    pub fn receipt_keys(&self) -> &[String] {
        if self.receipt_keys.is_empty() {
            self.receipt_key.as_slice()
        } else {
            &self.receipt_keys
        }
    }

    pub fn reads_gzip(&self) -> bool {
        self.encodings.iter().any(|coding| coding == "gzip")
    }
}

/// Needs no session.
///
/// # Errors
/// [`Failure::NoConnection`] for everything that is not a Plainclothes server, whatever it answers.
pub async fn hello(line: &Line) -> Result<Hello, Failure> {
    let hello = match line.get::<Hello>(Kind::Hello, "/sync/hello").await {
        Err(failure) if failure.status() == Some(404) => Hello::of_an_older_server(),
        other => other?,
    };
    if hello.service != SERVICE {
        return Err(Failure::NoConnection("this is another service".to_owned()));
    }
    line.set_gzip(hello.reads_gzip());
    Ok(hello)
}
