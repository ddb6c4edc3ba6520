//! Receiving an audit: exactly once, whatever the line does.
//!
//! Everything that an arrival changes is one transaction: the raw bytes, the audit or the quarantine, the expected
//! photos, the visit, the feed, the journal, the receipt. Its COMMIT is what a 2xx means.

use std::collections::HashSet;

use sea_orm::ActiveValue::NotSet;
use sea_orm::{DatabaseTransaction, Set};

use super::arrival::{self, Examined, Sound};
use super::receipt::Receipt;
use super::repo;
use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::{audit, audit_photo, submission, visit};
use crate::db::feed::{FeedChange, publish};
use crate::domain::audit::{TrapOutcome, far_from_location, trap_outcome};
use crate::domain::ids::{AuditId, Sha256};
use crate::domain::sync::{self, Arrival, Flag, QuarantineReason, Verdict, VisitFacts};
use crate::domain::visit::VisitEvent;
use crate::error::{Error, Pointed, Result};
use crate::http::views::instant;
use crate::journal;
use crate::visits::repo::Changed;

/// What became of a submission.
#[derive(Debug)]
pub struct Received {
    /// These bytes had been here before.
    pub again: bool,
    pub quarantined: Option<(String, Vec<Pointed>)>,
    pub receipt: String,
}

/// What the server already knows of a submission.
#[derive(Debug)]
pub struct Standing {
    pub quarantined: bool,
    pub receipt: Receipt,
}

/// How these bytes stand, if they are here.
///
/// # Errors
/// As the database has them.
pub async fn standing(
    app: &App,
    shopper: ShopperScope,
    audit: AuditId,
    sha256: Sha256,
) -> Result<Option<Standing>> {
    let Some(row) = repo::submission(app.db.reader(), shopper, audit, sha256).await? else {
        return Ok(None);
    };
    let quarantined = row.outcome == repo::QUARANTINED;
    Ok(Some(Standing {
        quarantined,
        receipt: Receipt::from_text(&row.receipt)?,
    }))
}

/// Takes in the exact bytes of an audit document.
///
/// # Errors
/// [`Error::Malformed`] for what is not JSON, [`Error::TooLarge`] beyond a limit, and what the database has. Everything
/// else is kept: see [`Received`].
pub async fn receive(
    app: &App,
    shopper: ShopperScope,
    id: AuditId,
    bytes: bytes::Bytes,
) -> Result<Received> {
    let sha256 = Sha256::of(&bytes);
    if let Some(row) = repo::submission(app.db.reader(), shopper, id, sha256).await? {
        return again(row);
    }
    let examined = arrival::examine(app, shopper, id, &bytes).await?;
    let (app, db) = (app.clone(), app.db.clone());
    db.write(move |txn| {
        Box::pin(async move {
            if examined.names_photos() {
                crate::accounts::service::lock_person(txn, shopper.person).await?;
            }
            let arrived = Arrived {
                app,
                shopper,
                id,
                sha256,
                received_at_ms: 0,
            };
            arrived.settle(txn, examined, &bytes).await
        })
    })
    .await
}

fn again(row: submission::Model) -> Result<Received> {
    let quarantined = match (row.outcome.as_str(), row.reason) {
        (repo::QUARANTINED, Some(reason)) => {
            let errors = row.errors.as_deref().map(serde_json::from_str).transpose();
            Some((
                reason,
                errors
                    .map_err(|e| Error::Internal(e.to_string()))?
                    .unwrap_or_default(),
            ))
        }
        _ => None,
    };
    Ok(Received {
        again: true,
        quarantined,
        receipt: row.receipt,
    })
}

/// One submission inside its transaction.
struct Arrived {
    app: App,
    shopper: ShopperScope,
    id: AuditId,
    sha256: Sha256,
    received_at_ms: i64,
}

/// What is said of a submission and kept with it.
struct Settled {
    outcome: Result<Vec<Sha256>, (QuarantineReason, Vec<Pointed>)>,
    changes: Vec<FeedChange>,
}

impl Settled {
    fn quarantine(reason: QuarantineReason, errors: Vec<Pointed>) -> Self {
        Self {
            outcome: Err((reason, errors)),
            changes: Vec::new(),
        }
    }
}

impl Arrived {
    async fn settle(
        mut self,
        txn: &DatabaseTransaction,
        examined: Examined,
        bytes: &[u8],
    ) -> Result<Received> {
        self.received_at_ms = self.app.clock.now_ms();
        let Some(number) = repo::insert_submission(txn, self.submission(bytes)).await? else {
            let row = repo::submission(txn, self.shopper, self.id, self.sha256).await?;
            return again(row.ok_or_else(|| Error::Internal("a submission vanished".to_owned()))?);
        };
        let settled = match examined {
            Examined::Unsound { reason, errors } => Settled::quarantine(reason, errors),
            Examined::Sound(sound) => self.place(txn, *sound, number).await?,
        };
        let (state, missing) = match &settled.outcome {
            Ok(missing) if missing.is_empty() => ("complete", missing.clone()),
            Ok(missing) => ("stored", missing.clone()),
            Err(_) => ("quarantined", Vec::new()),
        };
        let receipt = self.receipt(number, state, missing)?;
        let (outcome, quarantined) = match settled.outcome {
            Ok(_) => (repo::PLACED, None),
            Err((reason, errors)) => (repo::QUARANTINED, Some((reason.as_str(), errors))),
        };
        let errors = quarantined
            .as_ref()
            .map(|(_, errors)| serde_json::to_string(errors));
        let errors = errors
            .transpose()
            .map_err(|error| Error::Internal(error.to_string()))?;
        let reason = quarantined.as_ref().map(|(reason, _)| *reason);
        repo::settle_submission(txn, number, outcome, reason, errors, receipt.clone()).await?;
        self.note(txn, outcome, reason).await?;
        publish(txn, settled.changes, self.received_at_ms).await?;
        let quarantined = quarantined.map(|(reason, errors)| (reason.to_owned(), errors));
        Ok(Received {
            again: false,
            quarantined,
            receipt,
        })
    }

    fn submission(&self, bytes: &[u8]) -> submission::ActiveModel {
        submission::ActiveModel {
            number: NotSet,
            agency_id: Set(self.shopper.agency),
            person_id: Set(self.shopper.person),
            audit_id: Set(self.id),
            sha256: Set(self.sha256),
            body: Set(bytes.to_vec()),
            received_at_ms: Set(self.received_at_ms),
            outcome: Set(String::new()),
            reason: Set(None),
            errors: Set(None),
            receipt: Set(String::new()),
            settled_at_ms: Set(None),
            settled_outcome: Set(None),
            settled_by: Set(None),
            settled_note: Set(None),
            settled_audit_id: Set(None),
        }
    }

    fn receipt(&self, number: i64, state: &str, missing: Vec<Sha256>) -> Result<String> {
        let receipt = Receipt {
            audit: self.id,
            sha256: self.sha256,
            epoch: self.app.installation.epoch,
            number,
            received_at: instant(self.received_at_ms),
            state: state.to_owned(),
            photos_missing: missing,
            signature: String::new(),
        };
        receipt.signed(&self.app.installation)?.to_text()
    }

    async fn note(
        &self,
        txn: &DatabaseTransaction,
        outcome: &str,
        why: Option<&str>,
    ) -> Result<()> {
        let action = if outcome == repo::PLACED {
            "audit.receive"
        } else {
            "audit.quarantine"
        };
        journal::append(
            txn,
            self.shopper.agency,
            self.shopper.person,
            self.received_at_ms,
            action,
            self.id.to_string(),
            why.map(str::to_owned),
        )
        .await?;
        Ok(())
    }

    /// Places a sound document, or says why its visit does not have it.
    async fn place(&self, txn: &DatabaseTransaction, sound: Sound, number: i64) -> Result<Settled> {
        let agency = self.shopper.agency;
        let visit = crate::visits::repo::lock(txn, agency, sound.document.visit).await?;
        let facts = visit.as_ref().map(facts).transpose()?;
        let arrival = Arrival {
            from: self.shopper.person,
            supersedes: sound.document.supersedes,
            finished_at_ms: sound.document.finished_at.timestamp_ms(),
            server_time_difference_ms: sound.document.server_time_difference_ms,
            score_matches: sound.score_matches,
            trap_missed: match &visit {
                Some(visit) => trap_missed(txn, &sound, visit).await?,
                None => false,
            },
            far_from_location: far_from_location(
                &sound.compiled.checklist,
                &sound.document.answers,
            ),
        };
        let (flags, visit) = match (sync::place(&arrival, facts.as_ref()), visit) {
            (Verdict::Place(flags), Some(visit)) => (flags, visit),
            (Verdict::Place(_), None) => {
                return Ok(Settled::quarantine(
                    QuarantineReason::UnknownVisit,
                    Vec::new(),
                ));
            }
            (Verdict::Quarantine(reason), _) => return Ok(Settled::quarantine(reason, Vec::new())),
        };
        let named = self.named_photos(txn, &sound).await?;
        let setting = crate::visits::repo::setting(txn, &visit).await?;
        let row = self.row(&sound, &visit, &setting.time_zone, &flags, number, &named)?;
        if !repo::insert(txn, row).await? {
            return Ok(Settled::quarantine(
                QuarantineReason::AuditIdReused,
                Vec::new(),
            ));
        }
        let missing = missing(&named);
        repo::insert_photos(txn, named).await?;
        if let Some(old) = sound.document.supersedes {
            repo::supersede(txn, old, self.id).await?;
        }
        let changed = Changed {
            state: crate::visits::service::follow(&visit, VisitEvent::Submit)?,
            shopper: visit.shopper_id,
            audit: Some(self.id),
            withdrawn_reason: None,
        };
        let visit = crate::visits::repo::change(txn, visit, changed).await?;
        let change =
            crate::visits::feed::put_in(txn, &self.app, self.shopper.person, &visit, setting)
                .await?;
        Ok(Settled {
            outcome: Ok(missing),
            changes: vec![change],
        })
    }

    async fn named_photos(
        &self,
        txn: &DatabaseTransaction,
        sound: &Sound,
    ) -> Result<Vec<audit_photo::ActiveModel>> {
        let document = &sound.document;
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
        sound: &Sound,
        visit: &visit::Model,
        time_zone: &str,
        flags: &[Flag],
        number: i64,
        photos: &[audit_photo::ActiveModel],
    ) -> Result<audit::ActiveModel> {
        let Sound {
            document, score, ..
        } = sound;
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
            checklist_slug: Set(sound.compiled.checklist.checklist.clone()),
            submission_number: Set(number),
            supersedes: Set(document.supersedes),
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
