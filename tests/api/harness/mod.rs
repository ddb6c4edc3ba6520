//! A small agency with everybody in it, and actors who call the API as they do.

mod actor;
mod contract;
pub mod database;
mod documents;
mod line;
mod objects;
mod outside;
mod pictures;
mod world;

pub use actor::{Actor, Answer, Call, polled};
pub use contract::hold as hold_to_contract;
pub use documents::{AuditOnPhone, picture};
pub use line::{Line, Listening};
pub use objects::damage;
pub use outside::{Counts, Outside};
pub use pictures::{heic, jpeg, scene, with_camera};
pub use world::{PASSWORD, World};
