//! HTTP as such: the router, errors as problems, headers, pages. Knows no feature, except `router.rs`, where every route
//! stands on one page.

pub mod assets;
pub mod coding;
pub mod extract;
pub mod health;
pub mod problem;
pub mod request_id;
pub mod rest_of_body;
pub mod router;
pub mod security;
pub mod serve;
pub mod views;
