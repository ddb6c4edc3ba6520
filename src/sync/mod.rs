//! The pull half of the sync protocol, and the question before the push half. See `docs/sync.md`.

pub mod changes;
pub mod hello;
pub mod installation;
pub mod offer;
pub mod receipt_keys;
pub mod routes;
