//! Making an audit of a sound document: by itself, when its visit allows it, or by a reviewer's hand.
//!
//! Everything here happens inside the caller's transaction. Not here: what a document is worth (`arrival.rs`), what is
//! kept and acknowledged (`service.rs`).

use std::collections::HashSet;

use sea_orm::{DatabaseTransaction, Set};

use super::arrival::{self, Sound};
use super::repo;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::{audit, audit_photo, visit};
use crate::db::feed::FeedChange;
use crate::domain::audit::{TrapOutcome, far_from_location, trap_outcome};
use crate::domain::ids::{AuditId, PersonId, Sha256};
use crate::domain::sync::{self, Arrival, ByHand, Flag, QuarantineReason, Verdict, VisitFacts};
use crate::domain::visit::{VisitEvent, VisitState};
use crate::error::{Error, Result};
use crate::visits::feed::Setting;
use crate::visits::repo::Changed;

/// A document on its way to becoming an audit.
pub struct Placing<'a> {
    pub app: &'a App,
    /// Who made it.
    pub shopper: ShopperScope,
    pub sound: &'a Sound,
    pub id: AuditId,
    /// Of its submission.
    pub number: i64,
    pub received_at_ms: i64,
}

/// What became of it.
pub struct Placed {
    pub id: AuditId,
    /// Photos that have not come yet.
    pub missing: Vec<Sha256>,
    pub changes: Vec<FeedChange>,
}

impl Placing<'_> {
    /// Places the document with the visit that it names, or says why that visit does not have it.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn as_its_visit_allows(
        &self,
        txn: &DatabaseTransaction,
    ) -> Result<Result<Placed, QuarantineReason>> {
        let agency = self.shopper.agency;
        let visit = crate::visits::repo::lock(txn, agency, self.sound.document.visit).await?;
        let facts = visit.as_ref().map(facts).transpose()?;
        let arrival = self.arrival(txn, visit.as_ref()).await?;
        let (flags, visit) = match (sync::place(&arrival, facts.as_ref()), visit) {
            (Verdict::Place(flags), Some(visit)) => (flags, visit),
            (Verdict::Place(_), None) => return Ok(Err(QuarantineReason::UnknownVisit)),
            (Verdict::Quarantine(reason), _) => return Ok(Err(reason)),
        };
        let supersedes = self.sound.document.supersedes;
        let Some((missing, setting)) = self.insert(txn, &visit, &flags, supersedes).await? else {
            return Ok(Err(QuarantineReason::AuditIdReused));
        };
        let state = crate::visits::service::follow(&visit, VisitEvent::Submit)?;
        let change = self.follow(txn, visit, state, setting).await?;
        Ok(Ok(Placed {
            id: self.id,
            missing,
            changes: vec![change],
        }))
    }

    /// Places the document with a visit that a reviewer has chosen, under another id when its own is taken. A visit that
    /// somebody else has stays theirs.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn by_hand(
        mut self,
        txn: &DatabaseTransaction,
        visit: visit::Model,
    ) -> Result<Placed> {
        let arrival = self.arrival(txn, Some(&visit)).await?;
        let ByHand {
            flags,
            supersedes,
            state,
        } = sync::place_by_hand(&arrival, &facts(&visit)?);
        let mut inserted = self.insert(txn, &visit, &flags, supersedes).await?;
        if inserted.is_none() {
            self.id = AuditId(self.app.clock.new_uuid());
            inserted = self.insert(txn, &visit, &flags, supersedes).await?;
        }
        let (missing, setting) =
            inserted.ok_or_else(|| Error::Internal("a new id is taken".to_owned()))?;
        let mut changes = Vec::new();
        if let Some(state) = state {
            changes.push(self.follow(txn, visit, state, setting).await?);
        }
        Ok(Placed {
            id: self.id,
            missing,
            changes,
        })
    }

    async fn arrival(
        &self,
        txn: &DatabaseTransaction,
        visit: Option<&visit::Model>,
    ) -> Result<Arrival> {
        let Sound {
            document, compiled, ..
        } = self.sound;
        Ok(Arrival {
            from: self.shopper.person,
            supersedes: document.supersedes,
            finished_at_ms: document.finished_at.timestamp_ms(),
            server_time_difference_ms: document.server_time_difference_ms,
            score_matches: self.sound.score_matches,
            trap_missed: match visit {
                Some(visit) => trap_missed(txn, self.sound, visit).await?,
                None => false,
            },
            far_from_location: far_from_location(&compiled.checklist, &document.answers),
        })
    }

    /// Inserts audit and expected photos; `None` when the id is taken. Returns which photos have not come, and what stands
    /// around the visit.
    async fn insert(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        flags: &[Flag],
        supersedes: Option<AuditId>,
    ) -> Result<Option<(Vec<Sha256>, Setting)>> {
        let named = self.named_photos(txn).await?;
        let setting = crate::visits::repo::setting(txn, visit).await?;
        let row = self.row(visit, &setting.time_zone, flags, &named, supersedes)?;
        if !repo::insert(txn, row).await? {
            return Ok(None);
        }
        let missing = missing(&named);
        // Photos that come later are looked at when they have been read.
        if missing.len() < named.len() || supersedes.is_some() {
            crate::comparisons::jobs::after_placing(txn, self.app, self.shopper.agency, self.id)
                .await?;
        }
        repo::insert_photos(txn, named).await?;
        if let Some(old) = supersedes {
            repo::supersede(txn, old, self.id).await?;
        }
        Ok(Some((missing, setting)))
    }

    /// The visit goes on to `state` with this audit as its newest, and the shopper's phone hears of it.
    async fn follow(
        &self,
        txn: &DatabaseTransaction,
        visit: visit::Model,
        state: VisitState,
        setting: Setting,
    ) -> Result<FeedChange> {
        let person: PersonId = self.shopper.person;
        let changed = Changed {
            state,
            shopper: Some(person),
            audit: Some(self.id),
            withdrawn_reason: None,
        };
        let visit = crate::visits::repo::change(txn, visit, changed).await?;
        crate::visits::feed::put_in(txn, self.app, person, &visit, setting).await
    }

    async fn named_photos(
        &self,
        txn: &DatabaseTransaction,
    ) -> Result<Vec<audit_photo::ActiveModel>> {
        let document = &self.sound.document;
        let listed: Vec<Sha256> = document.photos.iter().map(|photo| photo.sha256).collect();
        let here: HashSet<Sha256> =
            crate::photos::service::delivered(txn, self.shopper, &listed).await?;
        let mut rows = Vec::new();
        for (question, answer) in &document.answers {
            for sha256 in &answer.photos {
                let taken_at = document
                    .photos
                    .iter()
                    .find(|photo| photo.sha256 == *sha256)
                    .and_then(|photo| photo.taken_at.as_ref().map(ToString::to_string));
                rows.push(audit_photo::ActiveModel {
                    audit_id: Set(self.id),
                    question_id: Set(question.clone()),
                    position: Set(i32::try_from(rows.len()).unwrap_or(i32::MAX)),
                    agency_id: Set(self.shopper.agency),
                    person_id: Set(self.shopper.person),
                    sha256: Set(*sha256),
                    stored: Set(here.contains(sha256)),
                    waived_reason: Set(None),
                    taken_at: Set(taken_at),
                });
            }
        }
        Ok(rows)
    }

    fn row(
        &self,
        visit: &visit::Model,
        time_zone: &str,
        flags: &[Flag],
        photos: &[audit_photo::ActiveModel],
        supersedes: Option<AuditId>,
    ) -> Result<audit::ActiveModel> {
        let Sound {
            document, score, ..
        } = self.sound;
        let json = |value: serde_json::Result<String>| {
            value.map_err(|error| Error::Internal(error.to_string()))
        };
        let words: Vec<&str> = flags.iter().map(|flag| flag.as_str()).collect();
        let day = arrival::local_day(document.finished_at.timestamp_ms(), time_zone)?;
        let stored = photos.iter().filter(|row| *row.stored.as_ref()).count();
        Ok(audit::ActiveModel {
            id: Set(self.id),
            agency_id: Set(self.shopper.agency),
            client_id: Set(visit.client_id),
            location_id: Set(visit.location_id),
            campaign_id: Set(visit.campaign_id),
            visit_id: Set(visit.id),
            shopper_id: Set(self.shopper.person),
            checklist_sha256: Set(document.checklist),
            checklist_slug: Set(self.sound.compiled.checklist.checklist.clone()),
            submission_number: Set(self.number),
            supersedes: Set(supersedes),
            superseded_by: Set(None),
            // A second audit for a visit whose first is approved waits like any other for its reviewer.
            state: Set("submitted".to_owned()),
            complete: Set(stored == photos.len()),
            photos_total: Set(i32::try_from(photos.len()).unwrap_or(i32::MAX)),
            photos_stored: Set(i32::try_from(stored).unwrap_or(i32::MAX)),
            flags: Set(json(serde_json::to_string(&words))?),
            score: Set(json(serde_json::to_string(score))?),
            total_micros: Set(score.total_micros.map(i64::from)),
            service_micros: Set(score.service_micros.map(i64::from)),
            experience_micros: Set(score.experience_micros.map(i64::from)),
            balanced_micros: Set(score.balanced_micros.map(i64::from)),
            failed: Set(score.failed),
            finished_at: Set(document.finished_at.to_string()),
            received_at_ms: Set(self.received_at_ms),
            local_day: Set(day.to_string()),
            published_id: Set(None),
            published_at_ms: Set(None),
        })
    }
}

/// Only versions with traps cost a look at the campaign's keys.
async fn trap_missed(
    txn: &DatabaseTransaction,
    sound: &Sound,
    visit: &visit::Model,
) -> Result<bool> {
    let checklist = &sound.compiled.checklist;
    if !checklist.questions().any(|question| question.trap) {
        return Ok(false);
    }
    let keys =
        crate::campaigns::traps::at_location(txn, visit.campaign_id, visit.location_id).await?;
    Ok(keys
        .iter()
        .any(|key| trap_outcome(checklist, &sound.document.answers, key) == TrapOutcome::Missed))
}

fn facts(visit: &visit::Model) -> Result<VisitFacts> {
    Ok(VisitFacts {
        shopper: visit.shopper_id,
        state: crate::visits::service::state_of(visit)?,
        opens_at_ms: visit.opens_at_ms,
        closes_at_ms: visit.closes_at_ms,
        newest_audit: visit.audit_id,
    })
}

fn missing(named: &[audit_photo::ActiveModel]) -> Vec<Sha256> {
    let mut missing: Vec<Sha256> = named
        .iter()
        .filter(|row| !*row.stored.as_ref())
        .map(|row| *row.sha256.as_ref())
        .collect();
    missing.sort();
    missing.dedup();
    missing
}
