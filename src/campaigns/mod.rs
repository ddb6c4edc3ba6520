//! Campaigns: which checklist is shopped where, when, how often, for what pay.

mod repo;
pub mod routes;
pub mod service;
pub mod traps;
pub mod versions;
