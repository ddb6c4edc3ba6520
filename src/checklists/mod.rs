//! Published checklist versions: immutable, named by SHA-256.

pub mod cache;
pub mod desk;
pub mod picture_folder;
mod repo;
pub mod routes;
pub mod service;
