//! Plainclothes: the sync server, phone client and desk that a mystery-shopping agency runs on.
//!
//! A tour, in the order in which to read:
//!
//! 1. [`domain`]: the rules. What a checklist may say, what answers are worth, where a location stands. Pure.
//! 2. The features, a folder for each thing that people do, each read from `routes` (translates) over `service` (acts)
//!    to `repo` (reads and writes): [`accounts`], [`clients`], [`checklists`], [`campaigns`], [`visits`], [`sync`],
//!    [`audits`], [`photos`], [`comparisons`], [`review`], [`quarantine`], [`outbox`], [`rankings`], [`reports`], [`bundles`], [`what_ifs`], [`queue`], [`webhooks`]; and the [`journal`] that all of them write.
//! 3. The plumbing, which knows a technology and no feature: [`db`], [`objects`], [`jobs`], [`http`], [`outward`].
//! 4. How it is put together: [`config`], [`clock`], [`error`], [`app`], [`handlers`], [`housekeeping`], [`backup`], [`cli`], [`demo`]; and how it is watched: [`metrics`], [`traces`].
//!
//! Dependencies point inward: routes → service → repo → `db::entities`; `domain` imports nothing of ours but itself. A
//! test reads the imports and says so when that is broken.

// The futures of the S3 client within those of a job are nested deeper than the compiler's usual limit.
#![recursion_limit = "256"]

pub mod accounts;
pub mod app;
pub mod audits;
pub mod backup;
pub mod bundles;
pub mod campaigns;
pub mod checklists;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod comparisons;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod handlers;
pub mod housekeeping;
pub mod http;
pub mod jobs;
pub mod journal;
pub mod metrics;
pub mod objects;
pub mod outbox;
pub mod outward;
pub mod photos;
pub mod quarantine;
pub mod queue;
pub mod rankings;
pub mod reports;
pub mod review;
pub mod sync;
pub mod traces;
pub mod visits;
pub mod webhooks;
pub mod what_ifs;
