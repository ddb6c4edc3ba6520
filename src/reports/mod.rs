//! What a client gets to see of an audit: the published one, in words, with renditions of its photos, on screen and on
//! paper.
//!
//! Nothing here ever holds the shopper: the rows read are `repo::Published`, which has no column of theirs; of the
//! document only the answers are read; the paper is made from the view alone.

pub mod file_name;
mod many;
mod paper;
pub mod pdf;
mod repo;
pub mod routes;
mod sections;
pub mod service;
pub mod views;

pub use many::{Selected, redactions, select, still_reached};
pub use paper::{Paper, print};
