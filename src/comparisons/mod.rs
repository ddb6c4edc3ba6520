//! Photos held against the audits that name them and against one another: what a camera wrote and the audit does not bear
//! out, and the same photo, or one much like it, in another audit.
//!
//! Everything here is for reviewers. It never moves a score, never refuses work, and never reaches a client.

pub mod jobs;
mod pairs;
mod repo;
pub mod routes;
pub mod service;
pub mod views;
