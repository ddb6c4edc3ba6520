//! Published checklist versions: immutable, named by SHA-256.

pub mod cache;
mod repo;
pub mod routes;
pub mod service;
