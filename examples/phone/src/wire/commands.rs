//! Small intents, each done once however often it is sent.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::line::Line;
use crate::problem::Failure;
use crate::traffic::Kind;

/// What a shopper wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandKind {
    #[serde(rename = "visit.accept")]
    VisitAccept,
    #[serde(rename = "visit.decline")]
    VisitDecline,
    #[serde(rename = "feedback.read")]
    FeedbackRead,
}

/// One intent; the phone makes its id, and the server does it once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command {
    pub id: Uuid,
    pub kind: CommandKind,
    /// The visit or feedback that it is about.
    pub subject: Uuid,
}

/// What became of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub id: Uuid,
    /// done or refused.
    pub outcome: String,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub detail: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Done>,
}

/// At most `commands_max` of them; answered one by one, so that a refusal stops nothing else.
///
/// # Errors
/// As the line and the server have them.
pub async fn run(line: &Line, commands: &[Command]) -> Result<Vec<Done>, Failure> {
    let body = json!({"commands": commands});
    let answer: Answer = line.post(Kind::Command, "/sync/commands", &body).await?;
    Ok(answer.results)
}
