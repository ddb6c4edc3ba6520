//! What-ifs: old audits scored with other weights into rows of their own, beside the real scores, which stay as they are.
//!
//! Not here: what a reweighting is and does (`domain/checklist/reweighting`), what it changed (`domain/what_if`).

pub mod jobs;
mod repo;
pub mod routes;
pub mod service;
mod trial;
