//! A small agency with everybody in it, and actors who call the API as they do.

mod actor;
mod contract;
mod database;
mod documents;
mod line;
mod world;

pub use actor::{Actor, Answer};
pub use documents::{AuditOnPhone, picture};
pub use line::{Line, Listening};
pub use world::World;
