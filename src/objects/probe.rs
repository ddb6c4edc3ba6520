//! Does the server answer, is the bucket there, and are the keys good? Asked at the start and from then on.

use std::time::Duration;

use aws_sdk_s3::config::ProvideCredentials as _;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::watch;

use super::client::Objects;
use super::error::{chain, failure, unavailable};
use super::{ObjectError, Trouble};

/// A readiness check that waits longer is no answer either.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

const LOOK_EVERY: Duration = Duration::from_secs(15);

impl Objects {
    /// Whether the server answers, knows the bucket and accepts the credentials; the embedded one also tries to write.
    pub async fn probe(&self) -> Result<(), ObjectError> {
        self.calls.watch("probe", self.head_bucket()).await
    }

    async fn head_bucket(&self) -> Result<(), ObjectError> {
        let request = self.client.head_bucket().bucket(&self.bucket).send();
        let error = match tokio::time::timeout(PROBE_TIMEOUT, request).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => match self.failure(error) {
                ObjectError::NotFound => self.no_bucket(),
                other => other,
            },
            Err(_) => unavailable(Trouble::NoAnswer, "no answer in time"),
        };
        Err(self.explained(error).await)
    }

    /// An answer to HEAD has no body that could say what is wrong, and keys that are looked for in vain look like silence.
    async fn explained(&self, error: ObjectError) -> ObjectError {
        let ObjectError::Unavailable { trouble, .. } = &error else {
            return error;
        };
        let question = async {
            if matches!(trouble, Trouble::NoAnswer | Trouble::NoKeys)
                && let Err(missing) = self.keys.provide_credentials().await
            {
                return Some(unavailable(Trouble::NoKeys, chain(&missing)));
            }
            if matches!(trouble, Trouble::NoAnswer | Trouble::Untrusted) {
                return None;
            }
            let listed = self.client.list_objects_v2().bucket(&self.bucket);
            let refused = listed.max_keys(1).send().await.err()?;
            match self.failure(refused) {
                ObjectError::NotFound => None,
                told => Some(told),
            }
        };
        let told = tokio::time::timeout(PROBE_TIMEOUT, question).await;
        told.ok().flatten().unwrap_or(error)
    }

    pub(super) fn failure<E>(&self, error: SdkError<E, HttpResponse>) -> ObjectError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match failure(error) {
            ObjectError::Unavailable {
                trouble: Trouble::NoBucket,
                ..
            } => self.no_bucket(),
            other => other,
        }
    }

    fn no_bucket(&self) -> ObjectError {
        let detail = format_args!("there is no bucket {}", self.bucket);
        unavailable(Trouble::NoBucket, detail)
    }
}

/// Says in the log when the objects cannot be reached, and when they can again. The program runs without them meanwhile.
pub async fn watch(objects: Objects, mut stop: watch::Receiver<bool>) {
    let mut told = None;
    while !*stop.borrow() {
        let found = objects.probe().await.err().map(|error| error.to_string());
        match &found {
            Some(error) if told != found => tracing::error!(
                "{error}. Audits and photos are taken all the same, and photos wait in the database"
            ),
            None if told.is_some() => tracing::info!("the objects are available again"),
            _ => {}
        }
        told = found;
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}
