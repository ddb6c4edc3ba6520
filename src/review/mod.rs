//! What reviewers do: look at audits beside their evidence, and approve, return or reject them.

pub mod decide;
pub mod feedback;
mod queue;
pub mod routes;
pub mod service;
mod views;
