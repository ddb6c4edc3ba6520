//! What is in the bucket, in the order of the names' bytes, a page at a time.

use super::client::Objects;
use super::server::LIST_KEYS_MAX;
use super::{ObjectError, Trouble, error::unavailable};

/// One object as the server lists it: its name, which need not be a key of ours, and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub content_bytes: u64,
}

impl Objects {
    /// The objects whose names come after `after`, in order, some thousand of them; none when there are no more.
    pub async fn list(&self, after: &str) -> Result<Vec<Listed>, ObjectError> {
        self.calls.watch("list", self.page(after)).await
    }

    async fn page(&self, after: &str) -> Result<Vec<Listed>, ObjectError> {
        let page = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .set_max_keys((self.is_inside).then_some(LIST_KEYS_MAX))
            .set_start_after((!after.is_empty()).then(|| after.to_owned()))
            .send()
            .await
            .map_err(|error| self.failure(error))?;
        let mut listed = Vec::new();
        for object in page.contents.unwrap_or_default() {
            let (Some(name), Some(bytes)) = (object.key, object.size) else {
                return Err(unavailable(
                    Trouble::Refused,
                    "it lists an object without name or size",
                ));
            };
            let last = listed.last().map_or(after, |last: &Listed| &last.name);
            if name.as_str() <= last {
                return Err(unavailable(
                    Trouble::Refused,
                    "it does not list in the order of names",
                ));
            }
            listed.push(Listed {
                name,
                content_bytes: u64::try_from(bytes).unwrap_or_default(),
            });
        }
        if listed.is_empty() && page.is_truncated == Some(true) {
            return Err(unavailable(
                Trouble::Refused,
                "it lists nothing and says there is more",
            ));
        }
        Ok(listed)
    }
}
