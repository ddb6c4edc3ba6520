//! The objects that a bundle's file is kept in: all of one size but the last. Not here: what is in the file (`zip.rs`).

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use uuid::Uuid;

use crate::app::App;
use crate::db::entities::bundle;
use crate::domain::ids::{AgencyId, BundleId};
use crate::error::Result;
use crate::objects::{ObjectError, ObjectKey};

/// Small enough to be sent whole, and to be held for whoever fetches slowly.
pub const PIECE_BYTES: usize = 4 << 20;

/// The pieces that one run made, or was about to.
#[derive(Clone, Copy, Debug)]
pub struct Pieces {
    pub agency: AgencyId,
    pub bundle: BundleId,
    pub run: Uuid,
    pub count: u32,
}

impl Pieces {
    /// Those that a row tells of.
    pub fn of(row: &bundle::Model) -> Option<Self> {
        Some(Self {
            agency: row.agency_id,
            bundle: row.id,
            run: row.run?,
            count: u32::try_from(row.pieces).unwrap_or_default(),
        })
    }

    fn key(&self, number: u32) -> ObjectKey {
        ObjectKey::bundle(self.agency, self.bundle, self.run, number)
    }

    /// Keeps the next one.
    pub async fn put(&self, app: &App, number: u32, bytes: Bytes) -> Result<()> {
        if !app.room.is_there() {
            // Audits need what room is left.
            return Err(ObjectError::Full.into());
        }
        let key = self.key(number);
        Ok(app.objects.put(&key, bytes, "application/zip").await?)
    }

    /// Removes them all; it is no error if some are not there.
    pub async fn remove(&self, app: &App) -> Result<()> {
        for number in 0..self.count {
            app.objects.delete(&self.key(number)).await?;
        }
        Ok(())
    }

    /// One after the other, the first at once: what is missing altogether is told before anything is sent.
    pub async fn read(
        self,
        app: &App,
    ) -> Result<impl Stream<Item = Result<Bytes, ObjectError>> + Send + 'static> {
        let objects = app.objects.clone();
        let first = objects.get(&self.key(0)).await?;
        let rest = futures::stream::iter(1..self.count).then(move |number| {
            let (objects, key) = (objects.clone(), self.key(number));
            async move { objects.get(&key).await }
        });
        Ok(futures::stream::once(async { Ok(first) }).chain(rest))
    }
}
