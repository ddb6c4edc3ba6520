//! Rankings: where each location stands in a period, from sums that are kept as audits are published.
//!
//! Everything here is *among what the caller may see*: a manager of one region gets places within that region, an
//! estimate that is shrunk to its locations, and never a figure of another. The statistics are `domain::ranking`'s.

mod groups;
mod period;
mod repo;
pub mod rollup;
pub mod routes;
pub mod service;
pub mod summary;
mod views;

pub use period::Period;
