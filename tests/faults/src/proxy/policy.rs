//! What a line does to those who use it: how slow and late it is, when it breaks, and what else happens on it how often.
//!
//! Not here: doing it (`exchange.rs`, `lane.rs`).

use std::time::Duration;

use super::head::Head;
use super::lane::Lane;
use crate::dice::Dice;

/// Something that happens to one exchange, a request with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request is delivered whole, its answer is swallowed, the connection ends.
    DropReply,
    /// The request is delivered twice, one after the other; the second answer is passed on.
    Duplicate,
    /// One byte of the request's body is changed.
    CorruptRequest,
    /// One byte of the answer's body is changed.
    CorruptReply,
    /// The request's body breaks off in the middle.
    CutRequest,
    /// The answer's body breaks off in the middle.
    CutReply,
    /// A page of somebody else's answers, as in a hotel: 200 and text/html.
    Portal,
    /// Nothing ever answers.
    Blackhole,
    /// This status with nothing in it, without asking the other side.
    Status(u16),
    /// UNSAFE, for a control: says 201 with a receipt of its own making, and forgets the request.
    Acknowledge,
    /// UNSAFE, for a control: changes the receipt's number in the answer, and takes away what would show it.
    Alter,
}

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Self::DropReply => "reply dropped",
            Self::Duplicate => "duplicated",
            Self::CorruptRequest => "request corrupted",
            Self::CorruptReply => "reply corrupted",
            Self::CutRequest => "request cut",
            Self::CutReply => "reply cut",
            Self::Portal => "portal",
            Self::Blackhole => "blackhole",
            Self::Status(_) => "error status",
            Self::Acknowledge => "acknowledged by the proxy",
            Self::Alter => "answer rewritten",
        }
    }
}

/// How a line is at the moment; by default it does nothing to anybody.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// One way. A new connection waits for two of these, an exchange for two more.
    pub latency: Duration,
    /// Each way, for each connection.
    pub rate_bytes_per_s: Option<u64>,
    /// Every connection ends so long after it began, wherever it stands.
    pub lifetime: Option<Duration>,
    /// Every connection breaks after so many bytes in either direction, drawn between these two.
    pub cut_after_bytes: Option<(u64, u64)>,
    /// What happens to how many of a thousand exchanges; together at most 1000.
    pub faults: Vec<(Fault, u64)>,
    /// Only exchanges of this method are meant by `faults`; all when absent.
    pub only_method: Option<&'static str>,
    /// New connections are refused, as by a machine that is away.
    pub down: bool,
}

impl Policy {
    /// Something that happens to `per_mille` of all exchanges, and nothing else.
    pub fn of(faults: &[(Fault, u64)]) -> Self {
        Self {
            faults: faults.to_vec(),
            ..Self::default()
        }
    }

    pub fn always(fault: Fault) -> Self {
        Self::of(&[(fault, 1000)])
    }

    #[must_use]
    pub fn only(self, method: &'static str) -> Self {
        Self {
            only_method: Some(method),
            ..self
        }
    }

    /// What happens to this exchange.
    pub fn draw(&self, dice: &mut Dice, request: &Head) -> Option<Fault> {
        if self
            .only_method
            .is_some_and(|only| only != request.method())
        {
            return None;
        }
        let mut drawn = dice.below(1000);
        for (fault, per_mille) in &self.faults {
            if drawn < *per_mille {
                return Some(*fault);
            }
            drawn -= per_mille;
        }
        None
    }

    /// One direction of a new connection.
    pub fn lane(&self, dice: &mut Dice) -> Lane {
        Lane {
            rate_bytes_per_s: self.rate_bytes_per_s,
            budget_bytes: self
                .cut_after_bytes
                .map(|(least, most)| dice.between(least, most)),
            meter: None,
            free_at: None,
        }
    }
}
