//! What should be in the bucket, read from the rows in the order of the keys, a page at a time.
//!
//! Not here: what is published with parts covered. It is made when it is asked for and not there, so nothing is missing
//! when it is not; whether such an object belongs here is asked of its photo's row.

use std::collections::VecDeque;

use super::repo;
use crate::app::App;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::RenditionSize;
use crate::error::Result;
use crate::objects::{ObjectKey, ObjectKind};

const PAGE_PHOTOS: u64 = 1000;

/// In the order of the keys: `evidence` before `renditions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Evidence,
    Renditions,
}

/// An object that a row tells of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub key: ObjectKey,
    pub kind: ObjectKind,
    pub photo: photo::Model,
}

/// Whether a row says that the object is there. Otherwise it may be: it is written before the row is.
pub(super) fn is_due(photo: &photo::Model, kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Evidence => photo.in_objects,
        ObjectKind::Rendition(_) => photo.has_renditions,
        ObjectKind::Published(..) => false,
    }
}

/// All of them, in order.
pub(super) struct Expected {
    /// From the last to the first.
    passes: Vec<(AgencyId, Pass)>,
    after: Option<Sha256>,
    page: VecDeque<Wanted>,
}

impl Expected {
    pub async fn new(app: &App) -> Result<Self> {
        let mut agencies = crate::accounts::service::agencies(app).await?;
        agencies.sort_by_key(|agency| std::cmp::Reverse(agency.to_string()));
        let passes = agencies
            .into_iter()
            .flat_map(|agency| [(agency, Pass::Renditions), (agency, Pass::Evidence)]);
        Ok(Self {
            passes: passes.collect(),
            after: None,
            page: VecDeque::new(),
        })
    }

    /// The next one, left where it is.
    pub async fn peek(&mut self, app: &App) -> Result<Option<&Wanted>> {
        while self.page.is_empty() {
            let Some((agency, pass)) = self.passes.last().copied() else {
                return Ok(None);
            };
            let photos =
                repo::photos_after(app.db.reader(), agency, self.after, PAGE_PHOTOS).await?;
            self.after = photos.last().map(|photo| photo.sha256);
            if photos.is_empty() {
                self.passes.pop();
            }
            for photo in photos {
                self.page.extend(wanted(pass, photo));
            }
        }
        Ok(self.page.front())
    }

    pub fn take(&mut self) -> Option<Wanted> {
        self.page.pop_front()
    }
}

fn wanted(pass: Pass, photo: photo::Model) -> Vec<Wanted> {
    let (agency, sha256) = (photo.agency_id, photo.sha256);
    let wanted = |key, kind| Wanted {
        key,
        kind,
        photo: photo.clone(),
    };
    match pass {
        Pass::Evidence => {
            let key = ObjectKey::evidence(agency, sha256);
            vec![wanted(key, ObjectKind::Evidence)]
        }
        // 1280 before 320, as text has it
        Pass::Renditions => [RenditionSize::Large, RenditionSize::Small]
            .map(|size| {
                let key = ObjectKey::rendition(agency, sha256, size);
                wanted(key, ObjectKind::Rendition(size))
            })
            .to_vec(),
    }
}
