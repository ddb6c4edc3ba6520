//! Telling other programs what happens: addresses that admins name are posted each event, signed, at least once.
//!
//! What is told is what the client may see, and nothing else. `docs/jobs.md` says it to whoever writes a receiver.
//! Not here: how addresses are looked at before they are connected to (`outward/`).

pub mod jobs;
mod repo;
pub mod routes;
pub mod service;
mod signature;
