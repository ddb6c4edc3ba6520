//! Photos: uploads by tus on content-addressed URLs, evidence in the objects, renditions for showing.

mod chunks;
pub mod imaging;
pub mod jobs;
pub mod repo;
pub mod routes;
pub mod service;
mod tus;
pub mod uploads;
