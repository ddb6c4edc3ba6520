//! The queue as an agency's admins see it: what waits, what was given up and why, and trying it again.
//!
//! Not here: how jobs are taken and run (`jobs/`).

mod repo;
pub mod routes;
pub mod service;
