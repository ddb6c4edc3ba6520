//! Work that arrived whole and could not be placed: a reviewer sees why, and places, accepts or rejects it. Nothing of it is
//! ever deleted.

mod repo;
pub mod routes;
pub mod service;
pub mod settle;
mod views;
