//! The protocol, request by request: what is asked, and what is taken for an answer. Nothing here remembers anything.
//!
//! Not here: which request is made when (`plan.rs`), and what is kept of its answer (`steps.rs`).

pub mod audits;
pub mod changes;
pub mod checklists;
pub mod commands;
pub mod hello;
pub mod offer;
pub mod photos;
pub mod receipt;
pub mod session;
