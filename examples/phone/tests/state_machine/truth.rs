//! The rules of the protocol once more, as short as they can be said: what has to become of an audit that arrives, and of the visit
//! that it is for.
//!
//! Not here: whether an audit has arrived when the line broke. That is seen, not predicted.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

/// What should be the case.
#[derive(Debug, Default)]
pub struct Truth {
    pub visits: Vec<Visit>,
    pub audits: BTreeMap<Uuid, Audit>,
    /// By shopper and SHA-256: photos that have arrived whole.
    pub photos: HashSet<(usize, String)>,
}

#[derive(Debug)]
pub struct Visit {
    pub id: Uuid,
    pub shopper: usize,
    pub state: State,
    pub newest: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Assigned,
    Submitted,
    Returned,
    Approved,
    Withdrawn,
}

#[derive(Debug)]
pub struct Audit {
    pub shopper: usize,
    pub visit: usize,
    pub supersedes: Option<Uuid>,
    pub text: Vec<u8>,
    pub photos: Vec<String>,
    /// `None` until it has arrived.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Placed,
    Quarantined(&'static str),
}

impl State {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Truth {
    /// An audit arrives for the first time.
    pub fn arrive(&mut self, id: Uuid) {
        let audit = self.audits.get_mut(&id).unwrap();
        assert_eq!(audit.outcome, None);
        let visit = &mut self.visits[audit.visit];
        let is_stale = audit.supersedes.is_some()
            && (audit.supersedes != visit.newest || visit.state == State::Approved);
        let outcome = if audit.photos.is_empty() {
            // The checklist asks for a photo of the receipt.
            Outcome::Quarantined("schema_refused")
        } else if visit.shopper != audit.shopper || visit.state == State::Withdrawn {
            Outcome::Quarantined("visit_withdrawn")
        } else if is_stale {
            Outcome::Quarantined("stale_supersedes")
        } else {
            visit.newest = Some(id);
            if visit.state != State::Approved {
                visit.state = State::Submitted;
            }
            Outcome::Placed
        };
        audit.outcome = Some(outcome);
    }

    /// Whether all its photos have arrived.
    pub fn is_whole(&self, id: Uuid) -> bool {
        let audit = &self.audits[&id];
        let here = |photo: &String| self.photos.contains(&(audit.shopper, photo.clone()));
        audit.photos.iter().all(here)
    }

    /// The visits that a shopper's phone should hold, with their states.
    pub fn visits_of(&self, shopper: usize) -> BTreeMap<Uuid, &'static str> {
        self.visits
            .iter()
            .filter(|visit| visit.shopper == shopper && visit.state != State::Withdrawn)
            .map(|visit| (visit.id, visit.state.word()))
            .collect()
    }
}
