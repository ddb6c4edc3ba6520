//! Which kinds of background work there are, and which feature does each.
//!
//! Not here: how jobs are kept, taken and tried again (`jobs/`).

use futures::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::bundles::jobs::{MakeBundle, gave_up as bundle_gave_up, make as make_bundle};
use crate::comparisons::jobs::{LookAtAudit, look_at_audit, look_at_photo};
use crate::error::{Error, Result};
use crate::jobs::{Job, Kind};
use crate::photos::jobs::{
    MakeRenditions, MovePhoto, PublishPhoto, RemakeRenditions, make_renditions, move_to_objects,
    publish, remake_renditions,
};
use crate::webhooks::jobs::{DeliverWebhook, deliver, gave_up as delivery_gave_up};
use crate::what_ifs::jobs::{ScoreWhatIf, gave_up as what_if_gave_up, score};

const TEN_MINUTES_MS: i64 = 10 * 60 * 1000;

/// What most kinds have in common; twenty attempts are a little more than two hours.
const USUAL: Kind = Kind {
    name: "",
    at_once: 2,
    attempts_max: 20,
    backoff_max_ms: TEN_MINUTES_MS,
    may_be_dropped: true,
};

/// Every kind of job that there is.
pub const KINDS: [Kind; 8] = [
    Kind {
        name: MovePhoto::KIND,
        // The bytes would stay where they are for good, and nobody would see them.
        may_be_dropped: false,
        ..USUAL
    },
    Kind {
        name: MakeRenditions::KIND,
        // The largest picture takes some 200 MiB, and requests make renditions too.
        at_once: 1,
        ..USUAL
    },
    Kind {
        name: RemakeRenditions::KIND,
        at_once: 1,
        ..USUAL
    },
    Kind {
        name: PublishPhoto::KIND,
        at_once: 1,
        ..USUAL
    },
    Kind {
        name: LookAtAudit::KIND,
        ..USUAL
    },
    Kind {
        name: ScoreWhatIf::KIND,
        at_once: 1,
        ..USUAL
    },
    Kind {
        name: MakeBundle::KIND,
        // It takes a permit for each PDF: a second one would leave none to requests.
        at_once: 1,
        ..USUAL
    },
    Kind {
        name: DeliverWebhook::KIND,
        // Receivers are slow, and cost nothing to wait for.
        at_once: 8,
        // A night and half a day.
        attempts_max: 16,
        backoff_max_ms: 4 * 60 * 60 * 1000,
        ..USUAL
    },
];

/// Does every kind of job that there is.
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
                MakeRenditions::KIND => {
                    let job: MakeRenditions = read(payload)?;
                    make_renditions(app, job).await?;
                    look_at_photo(app, job.agency, job.sha256).await
                }
                RemakeRenditions::KIND => remake_renditions(app, read(payload)?).await,
                PublishPhoto::KIND => publish(app, read(payload)?).await,
                LookAtAudit::KIND => look_at_audit(app, read(payload)?).await,
                ScoreWhatIf::KIND => score(app, read(payload)?).await,
                MakeBundle::KIND => make_bundle(app, read(payload)?).await,
                DeliverWebhook::KIND => deliver(app, read(payload)?).await,
                other => Err(Error::Internal(format!(
                    "nobody does jobs of the kind {other}"
                ))),
            }
        })
    }

    fn gave_up<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        now_ms: i64,
        kind: &'a str,
        payload: &'a str,
        why: &'a str,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match kind {
                ScoreWhatIf::KIND => what_if_gave_up(txn, now_ms, read(payload)?).await,
                MakeBundle::KIND => bundle_gave_up(txn, now_ms, read(payload)?).await,
                DeliverWebhook::KIND => delivery_gave_up(txn, read(payload)?, why).await,
                _ => Ok(()),
            }
        })
    }
}

fn read<J: DeserializeOwned>(payload: &str) -> Result<J> {
    serde_json::from_str(payload).map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_kind() {
        let document = include_str!("../docs/jobs.md");
        for kind in KINDS {
            let row = format!("\n| `{}` |", kind.name);
            assert!(
                document.contains(&row),
                "{} is not in docs/jobs.md",
                kind.name
            );
        }
    }
}
