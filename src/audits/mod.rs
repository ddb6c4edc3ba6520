//! Audits on their way in: received, checked, scored, placed or put into quarantine, and acknowledged.

pub mod arrival;
pub mod completeness;
mod own;
pub mod placing;
pub mod receipt;
pub mod replay;
pub mod repo;
pub mod routes;
pub mod service;
pub mod sweep;
