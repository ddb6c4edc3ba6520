//! Which feature does which kind of background work.
//!
//! Not here: how jobs are kept, taken and tried again (`jobs/`).

use futures::future::BoxFuture;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::photos::jobs::{MakeRenditions, MovePhoto, make_renditions, move_to_objects};
use crate::what_ifs::jobs::{ScoreWhatIf, score};

/// Every kind of job that there is.
#[derive(Clone, Copy, Debug)]
pub struct Handlers;

impl crate::jobs::Handler for Handlers {
    fn run<'a>(
        &'a self,
        app: &'a App,
        kind: &'a str,
        payload: &'a str,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match kind {
                MovePhoto::KIND => move_to_objects(app, read(payload)?).await,
                MakeRenditions::KIND => make_renditions(app, read(payload)?).await,
                ScoreWhatIf::KIND => score(app, read(payload)?).await,
                other => Err(Error::Internal(format!(
                    "nobody does jobs of the kind {other}"
                ))),
            }
        })
    }
}

fn read<J: DeserializeOwned>(payload: &str) -> Result<J> {
    serde_json::from_str(payload).map_err(|error| Error::Internal(error.to_string()))
}
