//! The life of a visit: which states there are and what leads from one to the next.
//!
//! Not here: who may do it, and what else happens with it.

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitState {
    /// Nobody has it yet.
    Open,
    Assigned,
    /// The shopper has said yes.
    Accepted,
    /// An audit has come and waits for its reviewer.
    Submitted,
    /// The reviewer wants something mended.
    Returned,
    Approved,
    Rejected,
    /// Taken back by the agency.
    Withdrawn,
}

/// What happens to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitEvent {
    Assign,
    Accept,
    Decline,
    Submit,
    Return,
    Approve,
    Reject,
    Withdraw,
}

/// An event that a visit in this state cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a visit that is {} cannot be followed by '{event:?}'", .state.as_str())]
pub struct Impossible {
    pub state: VisitState,
    pub event: VisitEvent,
}

impl VisitState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Assigned,
        Self::Accepted,
        Self::Submitted,
        Self::Returned,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The word in the table and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Accepted => "accepted",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The state after a reviewer has put work into a visit by hand; an approved visit stays approved.
    pub fn with_work_put_in(self) -> Self {
        match self {
            Self::Approved => Self::Approved,
            _ => Self::Submitted,
        }
    }

    /// The state that follows `event`.
    ///
    /// # Errors
    /// [`Impossible`] when nothing follows.
    pub fn after(self, event: VisitEvent) -> Result<Self, Impossible> {
        use VisitEvent::{Accept, Approve, Assign, Decline, Reject, Return, Submit, Withdraw};
        match (self, event) {
            (Self::Open | Self::Assigned | Self::Accepted, Assign) => Ok(Self::Assigned),
            (Self::Assigned | Self::Accepted, Accept) => Ok(Self::Accepted),
            (Self::Assigned | Self::Accepted, Decline) => Ok(Self::Open),
            // A second audit for a visit is taken and flagged; it changes nothing for one that is approved.
            (Self::Approved, Submit) => Ok(Self::Approved),
            (
                Self::Assigned | Self::Accepted | Self::Submitted | Self::Returned | Self::Rejected,
                Submit,
            ) => Ok(Self::Submitted),
            (Self::Submitted | Self::Returned, Return) => Ok(Self::Returned),
            (Self::Submitted | Self::Returned, Approve) => Ok(Self::Approved),
            (Self::Submitted | Self::Returned, Reject) => Ok(Self::Rejected),
            (Self::Open | Self::Assigned | Self::Accepted | Self::Returned, Withdraw) => {
                Ok(Self::Withdrawn)
            }
            (state, event) => Err(Impossible { state, event }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_states() {
        for state in VisitState::ALL {
            assert_eq!(VisitState::parse(state.as_str()), Some(state));
        }
        assert_eq!(VisitState::parse("lost"), None);
    }

    #[test]
    fn the_usual_way_and_a_return() {
        use VisitEvent::{Accept, Approve, Assign, Return, Submit};
        let mut state = VisitState::Open;
        for event in [Assign, Accept, Submit, Return, Submit, Approve] {
            state = state.after(event).unwrap();
        }
        assert_eq!(state, VisitState::Approved);
    }

    #[test]
    fn work_handed_in_cannot_be_withdrawn_or_given_away() {
        assert!(VisitState::Submitted.after(VisitEvent::Withdraw).is_err());
        assert!(VisitState::Submitted.after(VisitEvent::Assign).is_err());
        assert!(VisitState::Withdrawn.after(VisitEvent::Submit).is_err());
    }
}
