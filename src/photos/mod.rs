//! Photos: uploads by tus on content-addressed URLs, evidence in the objects, renditions for showing, and copies
//! with the redacted parts covered for everybody outside the agency.

pub mod check;
mod chunks;
mod expected;
pub mod imaging;
pub mod jobs;
pub mod likeness;
pub mod published;
pub mod repo;
pub mod routes;
pub mod service;
mod tus;
pub mod uploads;
