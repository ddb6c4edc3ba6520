//! What is to be done with an audit that a phone hands in. Well-formed work is never refused: it is placed, or it is
//! put into quarantine with a reason.

use serde::{Deserialize, Serialize};

use super::ids::{AuditId, PersonId};
use super::visit::{VisitEvent, VisitState};

/// The versions in which phones may pull. A version that leaves this list makes its phones ask for an update.
pub const PULL_VERSIONS: [u32; 1] = [1];

/// The versions in which phones may hand in. Nothing ever leaves this list: finished work is taken for ever.
pub const PUSH_VERSIONS: [u32; 1] = [1];

/// A difference between the phone's clock and ours beyond which an audit is flagged.
pub const CLOCK_SKEW_FLAG_MS: i64 = 5 * 60 * 1000;

/// Why work cannot be placed. The words are part of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    AuditIdReused,
    UnknownChecklist,
    SchemaRefused,
    VisitWithdrawn,
    StaleSupersedes,
    UnknownVisit,
    MalformedDocument,
}

impl QuarantineReason {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditIdReused => "audit_id_reused",
            Self::UnknownChecklist => "unknown_checklist",
            Self::SchemaRefused => "schema_refused",
            Self::VisitWithdrawn => "visit_withdrawn",
            Self::StaleSupersedes => "stale_supersedes",
            Self::UnknownVisit => "unknown_visit",
            Self::MalformedDocument => "malformed_document",
        }
    }
}

/// What a reviewer should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    DuplicateVisit,
    ScoreMismatch,
    ClockSkew,
    OutsideWindow,
    TrapMissed,
    FarFromLocation,
    PlacedByHand,
}

impl Flag {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuplicateVisit => "duplicate_visit",
            Self::ScoreMismatch => "score_mismatch",
            Self::ClockSkew => "clock_skew",
            Self::OutsideWindow => "outside_window",
            Self::TrapMissed => "trap_missed",
            Self::FarFromLocation => "far_from_location",
            Self::PlacedByHand => "placed_by_hand",
        }
    }
}

/// What is known of the visit that an audit names.
#[derive(Clone, Copy, Debug)]
pub struct VisitFacts {
    pub shopper: Option<PersonId>,
    pub state: VisitState,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    /// The newest audit of this visit, if one has come.
    pub newest_audit: Option<AuditId>,
}

/// What an audit says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub from: PersonId,
    pub supersedes: Option<AuditId>,
    pub finished_at_ms: i64,
    /// Phone minus server, as the phone last knew it.
    pub server_time_difference_ms: Option<i64>,
    pub score_matches: bool,
    /// A question whose answer the agency knows was answered otherwise.
    pub trap_missed: bool,
    pub far_from_location: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Place(Vec<Flag>),
    Quarantine(QuarantineReason),
}

/// Decides where an audit goes. `visit` is `None` when the agency has no such visit.
pub fn place(arrival: &Arrival, visit: Option<&VisitFacts>) -> Verdict {
    let Some(visit) = visit else {
        return Verdict::Quarantine(QuarantineReason::UnknownVisit);
    };
    if visit.shopper != Some(arrival.from) || visit.state.after(VisitEvent::Submit).is_err() {
        return Verdict::Quarantine(QuarantineReason::VisitWithdrawn);
    }
    if arrival.supersedes.is_some()
        && (arrival.supersedes != visit.newest_audit || visit.state == VisitState::Approved)
    {
        return Verdict::Quarantine(QuarantineReason::StaleSupersedes);
    }
    Verdict::Place(doubts(arrival, visit))
}

/// How work is placed that a reviewer has taken out of quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    pub flags: Vec<Flag>,
    /// What it still corrects; a correction that has gone stale stands beside the others.
    pub supersedes: Option<AuditId>,
    /// What the visit becomes with this audit as its newest; `None` leaves a visit to the shopper who has it now.
    pub state: Option<VisitState>,
}

/// Decides how an audit goes to a visit that a reviewer has chosen. Nothing stands in the way but the audit itself.
pub fn place_by_hand(arrival: &Arrival, visit: &VisitFacts) -> ByHand {
    let is_theirs = visit.shopper.is_none_or(|shopper| shopper == arrival.from);
    let supersedes = arrival.supersedes.filter(|old| {
        is_theirs && visit.newest_audit == Some(*old) && visit.state != VisitState::Approved
    });
    let as_it_stands = Arrival {
        supersedes,
        ..*arrival
    };
    let mut flags = doubts(&as_it_stands, visit);
    flags.push(Flag::PlacedByHand);
    ByHand {
        flags,
        supersedes,
        state: is_theirs.then(|| visit.state.with_work_put_in()),
    }
}

/// What a reviewer should know of an audit that is placed.
fn doubts(arrival: &Arrival, visit: &VisitFacts) -> Vec<Flag> {
    let mut flags = Vec::new();
    if arrival.supersedes.is_none() && visit.newest_audit.is_some() {
        flags.push(Flag::DuplicateVisit);
    }
    if !arrival.score_matches {
        flags.push(Flag::ScoreMismatch);
    }
    if arrival
        .server_time_difference_ms
        .is_some_and(|ms| ms.abs() > CLOCK_SKEW_FLAG_MS)
    {
        flags.push(Flag::ClockSkew);
    }
    if !(visit.opens_at_ms..=visit.closes_at_ms).contains(&arrival.finished_at_ms) {
        flags.push(Flag::OutsideWindow);
    }
    if arrival.trap_missed {
        flags.push(Flag::TrapMissed);
    }
    if arrival.far_from_location {
        flags.push(Flag::FarFromLocation);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const SHOPPER: PersonId = PersonId(Uuid::from_u128(1));
    const OTHER: PersonId = PersonId(Uuid::from_u128(2));
    const FIRST: AuditId = AuditId(Uuid::from_u128(3));
    const SECOND: AuditId = AuditId(Uuid::from_u128(4));

    fn visit() -> VisitFacts {
        VisitFacts {
            shopper: Some(SHOPPER),
            state: VisitState::Assigned,
            opens_at_ms: 100,
            closes_at_ms: 200,
            newest_audit: None,
        }
    }

    fn arrival() -> Arrival {
        Arrival {
            from: SHOPPER,
            supersedes: None,
            finished_at_ms: 150,
            server_time_difference_ms: Some(10),
            score_matches: true,
            trap_missed: false,
            far_from_location: false,
        }
    }

    #[test]
    fn an_ordinary_audit_is_placed_without_a_flag() {
        assert_eq!(place(&arrival(), Some(&visit())), Verdict::Place(vec![]));
    }

    #[test]
    fn what_cannot_be_placed_says_why() {
        use QuarantineReason::{StaleSupersedes, UnknownVisit, VisitWithdrawn};
        assert_eq!(place(&arrival(), None), Verdict::Quarantine(UnknownVisit));
        let foreign = VisitFacts {
            shopper: Some(OTHER),
            ..visit()
        };
        assert_eq!(
            place(&arrival(), Some(&foreign)),
            Verdict::Quarantine(VisitWithdrawn)
        );
        let withdrawn = VisitFacts {
            state: VisitState::Withdrawn,
            ..visit()
        };
        assert_eq!(
            place(&arrival(), Some(&withdrawn)),
            Verdict::Quarantine(VisitWithdrawn)
        );
        let stale = Arrival {
            supersedes: Some(FIRST),
            ..arrival()
        };
        let newer = VisitFacts {
            newest_audit: Some(SECOND),
            ..visit()
        };
        assert_eq!(
            place(&stale, Some(&newer)),
            Verdict::Quarantine(StaleSupersedes)
        );
    }

    #[test]
    fn everything_doubtful_is_flagged_at_once() {
        let doubtful = Arrival {
            finished_at_ms: 201,
            server_time_difference_ms: Some(-CLOCK_SKEW_FLAG_MS - 1),
            score_matches: false,
            trap_missed: true,
            far_from_location: true,
            ..arrival()
        };
        let second = VisitFacts {
            newest_audit: Some(FIRST),
            state: VisitState::Submitted,
            ..visit()
        };
        let all = vec![
            Flag::DuplicateVisit,
            Flag::ScoreMismatch,
            Flag::ClockSkew,
            Flag::OutsideWindow,
            Flag::TrapMissed,
            Flag::FarFromLocation,
        ];
        assert_eq!(place(&doubtful, Some(&second)), Verdict::Place(all));
    }

    #[test]
    fn a_correction_of_the_newest_revision_is_no_duplicate() {
        let correction = Arrival {
            supersedes: Some(FIRST),
            ..arrival()
        };
        let returned = VisitFacts {
            newest_audit: Some(FIRST),
            state: VisitState::Returned,
            ..visit()
        };
        assert_eq!(place(&correction, Some(&returned)), Verdict::Place(vec![]));
    }

    #[test]
    fn by_hand_a_withdrawn_visit_comes_back_and_anothers_stays_theirs() {
        let withdrawn = VisitFacts {
            state: VisitState::Withdrawn,
            ..visit()
        };
        let placed = place_by_hand(&arrival(), &withdrawn);
        assert_eq!(placed.state, Some(VisitState::Submitted));
        assert_eq!(placed.flags, [Flag::PlacedByHand]);
        let anothers = VisitFacts {
            shopper: Some(OTHER),
            newest_audit: Some(FIRST),
            ..visit()
        };
        let correction = Arrival {
            supersedes: Some(FIRST),
            ..arrival()
        };
        let placed = place_by_hand(&correction, &anothers);
        assert_eq!((placed.state, placed.supersedes), (None, None));
        assert_eq!(placed.flags, [Flag::DuplicateVisit, Flag::PlacedByHand]);
    }

    #[test]
    fn by_hand_a_stale_correction_stands_beside_and_a_fitting_one_supersedes() {
        let correction = Arrival {
            supersedes: Some(FIRST),
            ..arrival()
        };
        let newest = |audit, state| VisitFacts {
            newest_audit: Some(audit),
            state,
            ..visit()
        };
        let fits = place_by_hand(&correction, &newest(FIRST, VisitState::Rejected));
        assert_eq!(fits.supersedes, Some(FIRST));
        let stale = place_by_hand(&correction, &newest(SECOND, VisitState::Returned));
        assert_eq!(stale.supersedes, None);
        assert_eq!(stale.flags, [Flag::DuplicateVisit, Flag::PlacedByHand]);
        let late = place_by_hand(&correction, &newest(FIRST, VisitState::Approved));
        assert_eq!(
            (late.supersedes, late.state),
            (None, Some(VisitState::Approved))
        );
    }
}
