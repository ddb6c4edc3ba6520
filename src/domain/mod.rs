//! The rules: what an audit is worth, what a checklist may say, where a location stands.
//!
//! Nothing here reads a clock, a file, a socket or a random number, and nothing here knows a framework.

pub mod answer;
pub mod answer_text;
pub mod audit;
pub mod campaign;
pub mod checklist;
pub mod ids;
pub mod legs;
pub mod photo;
pub mod ranking;
pub mod scoring;
pub mod sync;
pub mod time;
pub mod visit;
pub mod what_if;
pub mod xlsform;
