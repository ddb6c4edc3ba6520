//! Visits: who shops which location, when; and what a shopper's phone is told about it.

pub mod commands;
pub mod feed;
pub mod legs;
pub mod repo;
pub mod routes;
pub mod service;
