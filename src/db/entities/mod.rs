//! The tables as sea-orm sees them, a file each. No behaviour lives here; the schema is made by `migrations`.

pub mod agency;
pub mod audit;
pub mod audit_photo;
pub mod campaign;
pub mod checklist_version;
pub mod client;
pub mod command;
pub mod feed;
pub mod feed_entry;
pub mod feedback;
pub mod installation;
pub mod job;
pub mod journal;
pub mod location;
pub mod outbox_report;
pub mod person;
pub mod photo;
pub mod region;
pub mod review;
pub mod role_grant;
pub mod rollup;
pub mod session;
pub mod submission;
pub mod upload;
pub mod upload_chunk;
pub mod visit;
