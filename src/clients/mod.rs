//! Clients, their regions and their locations: who is shopped, and where.

pub mod repo;
pub mod routes;
pub mod service;
pub mod views;
