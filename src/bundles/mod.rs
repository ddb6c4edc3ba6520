//! Bundles: the PDFs of all published audits that match, in one ZIP file, made in the background for whoever asked and
//! kept for some days.
//!
//! The file is kept as an object for each few megabytes (`pieces`), so neither making nor fetching it takes more memory than
//! one piece and one PDF, and each piece is proven like any other object. Whoever fetches it must still be allowed to see
//! every audit in it. Not here: what a PDF holds (`reports/`).

mod asking;
pub mod jobs;
mod pieces;
mod repo;
pub mod routes;
pub mod service;
pub mod views;
mod zip;
