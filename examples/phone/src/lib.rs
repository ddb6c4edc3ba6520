//! The phone's side of the sync protocol (`docs/sync.md`), for whoever builds a native client: what is kept, what is sent in
//! which order, and what is made of every answer.
//!
//! Read `plan.rs` and `round.rs` for what happens when, `wire/` for what goes over the line, `steps.rs` for what is kept of
//! the answers, `store/folder.rs` for how nothing is lost when the phone goes out.
//!
//! Not here: filling in checklists and scoring them, and when a round is run: the caller waits, by [`backoff`].

mod backoff;
mod chunk;
mod clock;
mod digest;
mod export;
mod feed;
mod kept;
mod line;
mod outbox;
mod phone;
mod plan;
mod problem;
mod round;
mod steps;
mod store;
mod traffic;
pub mod wire;

pub use backoff::backoff;
pub use chunk::Pace;
pub use clock::ServerClock;
pub use digest::sha256;
pub use feed::{Entry, Feed, Visit};
pub use line::{Answer, Ask, Line, Patience};
pub use outbox::{FinishedAudit, OutboxItem, OutboxPhoto, PhotoStanding, Standing, Trouble};
pub use phone::{HandedIn, Observer, Phone};
pub use problem::{Failure, Problem, Retry};
pub use round::{End, RoundEnd};
pub use store::{FolderStore, MemoryStore, Shelf, State, Store};
pub use traffic::{Bytes, Kind, Traffic};
